"""What the options of a simulation may be: refused here, before anything is opened."""

import math

from headroom_tools.errors import BadInput
from headroom_tools.sim import Options

RANGES = (
    ("breaker_a", 6, 125, "A"),
    ("car_a", 6, 80, "A"),
    ("volts", 100, 300, "V"),
    ("hz", 50, 60, "Hz"),
    ("seed", 0, 2**30 - 1, ""),
)
MOST_KWH = 100_000


def check(options: Options) -> None:
    """BadInput for the first option that is out of its range."""
    for name, low, high, unit in RANGES:
        value = getattr(options, name)
        if not low <= value <= high:
            option = "--" + name.replace("_", "-")
            raise BadInput(f"{option} {value:g} is out of range: give {low} to {high} {unit}".rstrip())
    for option, phases in (("--phases", options.phases), ("--car-phases", options.car_phases)):
        if phases not in (1, 3):
            raise BadInput(f"{option} {phases}: a supply or a car has 1 or 3")
    if options.car_phases > options.phases:
        raise BadInput(f"--car-phases {options.car_phases} needs a supply of three phases: add --phases 3")
    need_kwh = options.need_kwh
    if need_kwh is not None and not (math.isfinite(need_kwh) and 0 < need_kwh <= MOST_KWH):
        raise BadInput(f"--need-kwh {need_kwh:g}: give what is missing until full, above 0 and up to {MOST_KWH} kWh")
