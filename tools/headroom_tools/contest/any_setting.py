"""Chargers that no two households have alike: board, wiring, line, panels, settings by a seed, legal by the console's checks.

Every fourth was set up with a mistake that the console takes and no promise is lost by: see MISTAKES. Left as they are: what a
supply has by nature (hz, mains_v but on an IT grid), what the campaign tells each run of itself (breaker_curve), and a breaker
set higher than it is: nobody can know that.
"""

from typing import Any

from bench import host
from bench.world.car import Random
from bench.world.solar import SKIES

from headroom_tools.sim.installed import Installed

#: setting: from where to where, where the whole range of the table would leave no charge, or no run to look at
NARROW = {
    "tolerance_pct": (0, 10),
    "household_ma": (8000, 80000),
    "cap_w": (9000, 20000),
    "asymmetry_ma": (10000, 40000),
    "min_ma": (6000, 10000),
    "rise_dwell_ms": (1000, 30000),
    "resume_dwell_ms": (30000, 300000),
    "idle_ma": (0, 300),
    "trust_hold_ms": (0, 60000),
    "trust_pause_ms": (0, 600000),
    "trust_back_ms": (1000, 60000),
    "total_w": (6000, 40000),
    "night_w": (6000, 40000),
    "rise_ma_s": (50, 3000),
    "breaker_l1_ma": (6000, 40000),
    "breaker_l2_ma": (6000, 40000),
    "breaker_l3_ma": (6000, 40000),
    "import_ma": (8000, 50000),
}
FIXED = {
    "breaker_ma", "breaker_curve", "charger_ma", "phases", "wiring", "mains_v", "hz", "status_ms", "exports", "idle_ma",
    # a wire at whose other end nobody is, and the clock's rule, which no campaign needs
    "bus", "bus_baud", "bus_parity", "bus_address", "meter", "meter_role", "meter_address", "generic_function", "generic_form",
    "generic_amps", "generic_ma", "generic_watts", "generic_mw", "remote_hold_ms", "remote_safe_ma", "group_no", "group_size",
    "group_ma", "group_safe_ma", "group_clamps", "group_share", "group_priority", "zone_min", "summer_min", "summer_begins",
    "summer_ends",
}  # fmt: skip
ONE_IN = 3  # settings that are not as they come
WRONG_ONE_IN = 4
#: what somebody set that is not so
MISTAKES = {
    "phases 1 on three": ("phases=1",),
    "breaker told too small": ("breaker_ma=10A",),
    "panels not told": ("exports=no",),
    "sun without panels": ("exports=yes", "solar=only"),
}
#: the supply's phases on a charger with three terminals, with two and with one
WIRINGS = ("straight", "l2l3l1", "l3l1l2", "l1l3l2", "l2l3", "l1l3", "l2", "l3", "l1-l2", "l2-l3", "l1-l3")


def drawn(number: int, phases: int, breaker_a: float) -> dict[str, Any]:
    """Returns the options of that number's charger on such a supply; the same for the same number."""
    return installed(number, phases, breaker_a)[0]


def mistakes(phases: int, directed: bool, options: dict[str, Any]) -> list[str]:
    """Returns which of them can be made there."""
    three = phases == 3 and options["wiring"] == "straight"
    panels = "solar" in options
    possible = (three, True, directed and panels, directed and not panels)
    return [name for name, can in zip(MISTAKES, possible, strict=True) if can]


def installed(number: int, phases: int, breaker_a: float) -> tuple[dict[str, Any], str]:
    """Returns the same, and which mistake was made; empty: none."""
    random = Random(number * 31 + 5)
    boards = ("reference", "metered") if phases == 3 else ("reference", "metered", "socket", "minimal")
    board = boards[random.between(0, len(boards) - 1)]
    wiring = WIRINGS[random.between(0, len(WIRINGS) - 1)] if phases == 3 and random.between(0, 1) else "straight"
    options: dict[str, Any] = {"board": board, "wiring": wiring, "sky": SKIES[random.between(0, len(SKIES) - 1)]}
    told = []
    if "-" in wiring:
        if board == "metered":  # it measures from a line to the neutral: refused there
            options["wiring"] = "straight"
        else:
            options["volts"] = 133
            told.append("mains_v=133")
    if board in ("metered", "socket"):
        options["line_ohm"] = random.between(50, 900) / 1000
    if random.between(0, 2) == 0:
        options["solar"] = f"{random.between(2, 12)}"
        told.append("exports=yes" if board in ("metered", "socket") else "idle_ma=0")
    if random.between(0, 1):
        options["clock"] = "trace"
    mistake = ""
    if random.between(0, WRONG_ONE_IN - 1) == 0:
        possible = mistakes(phases, board in ("metered", "socket"), options)
        mistake = possible[random.between(0, len(possible) - 1)]
        wrong = MISTAKES[mistake]
        names = [each.split("=")[0] for each in wrong]
        told = [*(each for each in told if each.split("=")[0] not in names), *wrong]
    wires = Installed(wiring=options["wiring"]).wires(phases)
    return {**options, "set_": (*told, *settings(random, wires, breaker_a, told, options))}, mistake


def settings(random: Random, wires: int, breaker_a: float, told: list[str], options: dict[str, Any]) -> list[str]:
    """Returns NAME=VALUE of settings that are not as they come; what the console would refuse beside the others is left out.

    wires: how many phases the charger is wired to.
    """
    board = options["board"]
    module = host.load(board)
    trial = module.Settings(module.CEILINGS, None, module.PARTS)
    trial.stage("breaker_ma", str(min(round(breaker_a * 1000), trial.ceilings["breaker_ma"])))
    trial.stage("charger_ma", str(trial.ceilings["charger_ma"]))
    trial.stage("phases", str(wires))
    trial.stage("wiring", options["wiring"])
    for each in told:
        trial.stage(*each.split("="))
    found = []
    for name, unit, _, low, high, _, _ in trial.table.TABLE:
        roll = random.between(0, ONE_IN - 1)
        low, high = NARROW.get(name, (low, high))
        value = random.between(low, min(high, trial.ceilings.get(name, high)))
        if roll or name in FIXED or any(each.startswith(name + "=") for each in told):
            continue
        word = unit[value] if isinstance(unit, tuple) else str(900 * (1, 2, 4)[value % 3] if name == "cap_s" else value)
        before = dict(trial.staged)
        try:
            trial.stage(name, word)
            trial.checked()
        except Exception as error:
            if type(error).__name__ != "Refused":  # the firmware is loaded anew for each board: the class, too
                raise
            trial.staged = before
            continue
        if name in trial.staged:
            found.append(f"{name}={word}")
    return found
