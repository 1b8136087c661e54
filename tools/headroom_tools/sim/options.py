"""What a person asks of a simulation, and what of it is out of range: refused before anything is opened."""

import math
from dataclasses import dataclass
from pathlib import Path

from bench.world.car import MODELS

from headroom_tools.common.errors import BadInput
from headroom_tools.common.places import EVENING

EVENING_PLUGGED = "18:00-07:00"
RANGES = (
    ("breaker_a", 6, 125, "A"),
    ("car_a", 6, 80, "A"),
    ("volts", 100, 300, "V"),
    ("hz", 50, 60, "Hz"),
    ("seed", 0, 2**30 - 1, ""),
)
MOST_KWH = 100_000


@dataclass(frozen=True)
class Options:
    """Named as on the command line; None is: not given."""

    trace: Path | None = None
    columns: str | None = None
    breaker_a: float = 25.0
    phases: int = 1
    volts: int = 230
    hz: int = 50
    car_a: float = 32.0
    car_phases: int = 1
    plugged: str | None = None
    need_kwh: float | None = None
    breaker_curve: str = "typical"
    fidelity: str = "rms"
    vm: str = "micropython"
    from_: str | None = None
    to: str | None = None
    series: Path | None = None
    json: Path | None = None
    report: Path | None = None
    seed: int = 0
    car: str = "plain"

    @property
    def trace_path(self) -> Path:
        """Returns the trace to read: the built-in evening if none was given."""
        return self.trace or EVENING

    @property
    def plugged_text(self) -> str:
        """Returns when the car is there: always with somebody's trace, overnight in the built-in evening."""
        if self.plugged is not None:
            return self.plugged
        return "always" if self.trace else EVENING_PLUGGED

    def outputs(self) -> list[tuple[str, Path]]:
        """Returns the files to write, each with its option."""
        named = (("--series", self.series), ("--json", self.json), ("--report", self.report))
        return [(option, path) for option, path in named if path is not None]


def check(options: Options) -> None:
    """BadInput for the first option that cannot be."""
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
    if options.car not in MODELS:
        raise BadInput(f"--car {options.car} is none of the car models: give one of {', '.join(MODELS)}")
    if options.columns is not None and options.trace is None:
        raise BadInput("--columns tells of a trace: name it with --trace")
    refuse_shared_files(options)


def refuse_shared_files(options: Options) -> None:
    """BadInput if an output would overwrite the trace or another output."""
    taken = {options.trace_path.resolve(): "the trace"}
    for option, path in options.outputs():
        place = path.resolve()
        if place in taken and not place.is_char_device():
            raise BadInput(f"{option} {path} is also {taken[place]}: name another file")
        taken[place] = f"what {option} writes"
