"""What a person asks of a simulation, each thing once: from this table come the options of `headroom sim`, versus and campaign,
their ranges, and what the bench is told. What is out of range is refused before anything is opened.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from bench.chip import ports
from bench.metered import CLAMPS
from bench.world.breaker import CURVES
from bench.world.car import MODELS

from headroom_tools.common import knobs
from headroom_tools.common.errors import BadInput
from headroom_tools.common.knobs import Knob
from headroom_tools.common.places import EVENING
from headroom_tools.sim.installed import METER, Installed, refuse_installation

EVENING_PLUGGED = "18:00-07:00"
MOST_KWH = 100_000


@dataclass(frozen=True)
class Read:
    """What is read, and by which interpreter."""

    columns: Annotated[
        str | None,
        Knob(
            "What the trace's header does not tell: time=, l1=, l2=, l3= (a column's name or number, or an entity), unit=, "
            "decimal=comma, tz=Europe/Brussels, dates=dmy, kind=counter.",
            "NAME=VALUE,…",
        ),
    ] = None
    vm: Annotated[
        str,
        Knob("What interprets the firmware; micropython is the real VM.", choices=("micropython", "cpython")),
    ] = "micropython"


@dataclass(frozen=True)
class Bench(Read):
    """What `headroom bench` is asked for."""

    trace: Annotated[Path | None, Knob("What the house draws; without it a built-in winter evening.", "FILE")] = None


@dataclass(frozen=True)
class Rig(Installed, Read):
    """What every simulated run has: supply, car, and what interprets the firmware."""

    phases: Annotated[int, Knob("Phases of the supply, 1 or 3.", "1|3", key="phases")] = 1
    car: Annotated[str, Knob("How the car behaves; a wrong name lists the models.", "MODEL", key="car")] = "plain"
    car_a: Annotated[
        float,
        Knob("What car and cable can take, 6 to 80 A.", "A", low=6, high=80, unit="A", key="car_ma", factor=1000),
    ] = 32.0
    car_phases: Annotated[int, Knob("Phases the car charges on, 1 or 3.", "1|3")] = 1


@dataclass(frozen=True)
class Options(Rig):
    """Named as on the command line; None is: not given."""

    trace: Annotated[Path | None, Knob("What the house draws; without it a built-in winter evening.", "FILE")] = None
    micropython: Annotated[
        str, Knob("Whose port's behaviour the chip plays.", choices=ports.VERSIONS, key="micropython")
    ] = ports.NEWEST
    breaker_a: Annotated[
        float,
        Knob(
            "Rating of the supply's breaker, 6 to 125 A.", "A", low=6, high=125, unit="A", key="breaker_ma", factor=1000
        ),
    ] = 25.0
    plugged: Annotated[
        str | None,
        Knob(
            "When the car is there, daily, in the trace's own clock. "
            "Not given: always, but 18:00-07:00 in the built-in evening.",
            "always|HH:MM-HH:MM",
        ),
    ] = None
    need_kwh: Annotated[float | None, Knob("Energy until the car is full, over the whole run.", "N")] = None
    breaker_curve: Annotated[str, Knob("How soon the breaker trips.", choices=tuple(CURVES))] = "typical"
    meter: Annotated[str, METER] = CLAMPS
    fidelity: Annotated[
        str, Knob("rms for days, waveform for minutes.", choices=("rms", "waveform"), key="fidelity")
    ] = "rms"
    from_: Annotated[str | None, Knob("Begin here, in the trace's own time form; or HH:MM.", "T", option="--from")] = (
        None
    )
    to: Annotated[str | None, Knob("End here, likewise.", "T")] = None
    series: Annotated[Path | None, Knob("Write one row a second as CSV.", "OUT.csv")] = None
    json: Annotated[
        Path | None,
        Knob(
            "Write the figures as JSON; - is standard output. speed_x is rounded down to 1, 2 or 5 times a power "
            "of ten, so that the same command writes the same bytes.",
            "OUT|-",
        ),
    ] = None
    report: Annotated[Path | None, Knob("Write one self-contained page to look at.", "OUT.html")] = None
    seed: Annotated[int, Knob("The same seed gives the same run.", "N", low=0, high=2**30 - 1, key="seed")] = 0

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
        """Returns the files to write, each with its option; what goes to standard output is no file."""
        named = (("--series", self.series), ("--json", self.json), ("--report", self.report))
        return [(option, path) for option, path in named if path is not None and (option, str(path)) != ("--json", "-")]


@dataclass(frozen=True)
class Site(Options):
    """What `headroom sim` is asked for: one charger, or a group of them on one bus."""

    chargers: Annotated[int, Knob("So many whole firmwares on one bus, which share the supply; see group.md.", "N")] = 1
    share: Annotated[str | None, Knob("Who of them gets what.", "equal|priority|first|need")] = None
    bus_loss: Annotated[float | None, Knob("Part of the messages that is lost on the bus, 0 to 0.9.", "P")] = None
    cars: Annotated[
        Path | None,
        Knob("A car for each charger: charger,plugged,need_kwh,car_a,phases,car,priority,wiring.", "FILE"),
    ] = None
    group_a: Annotated[
        float | None, Knob("What the chargers may draw together, per phase; else the breaker's.", "A")
    ] = None
    safe_a: Annotated[
        float | None, Knob("What each may draw while it hears no leader; else 6 A, if that fits.", "A")
    ] = None
    leader_dies_min: Annotated[float | None, Knob("Cut the power of whoever leads each so many minutes.", "MIN")] = None

    def of_a_group(self) -> list[str]:
        """Returns the options given that only a group has."""
        names = [name for name in knobs.knobs(Site) if name not in knobs.knobs(Options) and name != "chargers"]
        return [option_of(name) for name in names if getattr(self, name) is not None]


def option_of(name: str) -> str:
    """Returns how a person writes it."""
    return knobs.option_of(name, knobs.knobs(Site)[name][0])


def check_rig(rig: Rig) -> None:
    """BadInput for the first thing about supply, car and charger that cannot be."""
    knobs.check(rig)
    for option, phases in (("--phases", rig.phases), ("--car-phases", rig.car_phases)):
        if phases not in (1, 3):
            raise BadInput(f"{option} {phases}: a supply or a car has 1 or 3")
    if rig.car_phases > rig.phases:
        raise BadInput(f"--car-phases {rig.car_phases} needs a supply of three phases: add --phases 3")
    if rig.car not in MODELS:
        raise BadInput(f"--car {rig.car} is none of the car models: give one of {', '.join(MODELS)}")
    refuse_installation(rig, rig.phases)


def check(options: Options) -> None:
    """BadInput for the first option that cannot be."""
    check_rig(options)
    need_kwh = options.need_kwh
    if need_kwh is not None and not (math.isfinite(need_kwh) and 0 < need_kwh <= MOST_KWH):
        raise BadInput(f"--need-kwh {need_kwh:g}: give what is missing until full, above 0 and up to {MOST_KWH} kWh")
    if options.meter != CLAMPS and options.fidelity != "rms":
        raise BadInput(
            f"--meter {options.meter} is played at the rms fidelity: leave out --fidelity {options.fidelity}"
        )
    if options.columns is not None and options.trace is None:
        raise BadInput("--columns tells of a trace: name it with --trace")
    refuse_shared_files(options)


def refuse_shared_files(options: Options) -> None:
    """BadInput if an output would overwrite the trace or another output."""
    taken = {options.trace_path.resolve(): "the trace"}
    if options.settings is not None:
        taken[options.settings.resolve()] = "the settings file"
    for option, path in options.outputs():
        place = path.resolve()
        if place in taken and not place.is_char_device():
            raise BadInput(f"{option} {path} is also {taken[place]}: name another file")
        taken[place] = f"what {option} writes"
