"""A station file: which instruments, until when they are calibrated, what is ordered, where serial numbers come from.

INI, for an electrician to read. Sections: [station], [order] with the settings that a board leaves with, [serial], and one for
each role: relays, source, voltmeter, rcd, counter, safety, thermometer, and scope where there is one, each with ``driver`` =
bench, scpi or hand.
"""

import configparser
import datetime
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headroom_tools.common.errors import BadInput
from headroom_tools.jig import bench_instruments, by_hand, scpi
from headroom_tools.jig.instruments import (
    POINTS,
    RELAYS,
    Counter,
    CurrentSource,
    RcdTester,
    Relays,
    SafetyTester,
    Scope,
    Thermometer,
    Voltmeter,
)
from headroom_tools.jig.measurement import Instrument

ROLES = ("relays", "source", "voltmeter", "rcd", "counter", "safety", "thermometer")
MORE = ("scope",)  # a station may be without
BY_HAND = ("safety", "thermometer")
KEYS = {
    "station": {"name", "board", "host_tests", "hardware"},
    "serial": {"counter", "prefix"},
}
ROLE_KEYS = {"driver", "home", "address", "backend", "calibrated_until", "name"}
CHANNEL = "CHAN1"  # of a scope whose section names none
CHANNELS = {f"{relay} {position}".lower() for relay, positions in RELAYS.items() for position in positions} | set(
    map(str.lower, POINTS)
)


@dataclass
class Station:
    """One place at which boards are tested."""

    name: str
    board: str
    relays: Relays
    source: CurrentSource
    voltmeter: Voltmeter
    rcd: RcdTester
    counter: Counter
    safety: SafetyTester
    thermometer: Thermometer
    scope: Scope | None = None
    order: dict[str, str] = field(default_factory=dict)
    counter_file: Path | None = None
    prefix: str = ""
    hardware: str = "1"
    host_tests: tuple[str, ...] = ()

    def instruments(self) -> list[Instrument]:
        """Each once."""
        there = [getattr(self, role) for role in (*ROLES, *MORE)]
        return list(dict.fromkeys(each.instrument for each in there if each is not None))


def load(path: Path, home: Path | None = None) -> Station:
    """BadInput, naming section and key, for what cannot be. ``home``: of a bench device, instead of the file's."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
    except OSError as error:
        raise BadInput(f"--station {path}: {error.strerror}") from None
    except (configparser.Error, UnicodeDecodeError) as error:
        raise BadInput(f"--station {path}: {' '.join(str(error).split())}") from None
    _refuse(path, parser)
    managers: dict[str, Any] = {}
    made: dict[str, Any] = {}
    for role in ("counter", *ROLES, *MORE):  # relays arm the counter
        if role not in made and parser.has_section(role):
            made[role] = _instrument(path, role, parser[role], home, managers, made)
    serial = parser["serial"] if parser.has_section("serial") else {}
    counter_file = serial.get("counter")
    return Station(
        name=parser["station"].get("name", path.stem),
        board=parser["station"]["board"],
        order=dict(parser["order"]) if parser.has_section("order") else {},
        counter_file=(path.parent / counter_file).resolve() if counter_file else None,
        prefix=serial.get("prefix", ""),
        hardware=parser["station"].get("hardware", "1"),
        host_tests=tuple(parser["station"].get("host_tests", "").split()),
        **made,
    )


def _refuse(path: Path, parser: configparser.ConfigParser) -> None:
    for section in ("station", *ROLES):
        if not parser.has_section(section):
            raise BadInput(f"--station {path}: no section [{section}]")
    for section in parser.sections():
        if section not in (*KEYS, *ROLES, *MORE, "order"):
            raise BadInput(
                f"--station {path}: no such section [{section}]; there are: station, order, serial, {', '.join((*ROLES, *MORE))}"
            )
        for key in parser[section]:
            known = section == "order" or key in KEYS.get(
                section,
                ROLE_KEYS | ({"channel"} if section in MORE else CHANNELS) | {f"say {word}" for word in scpi.WORDS},
            )
            if not known:
                raise BadInput(f"--station {path}: [{section}] has no key '{key}'")
    if "board" not in parser["station"]:
        raise BadInput(f"--station {path}: [station] names no board")


def _instrument(
    path: Path,
    role: str,
    section: configparser.SectionProxy,
    home: Path | None,
    managers: dict[str, Any],
    made: dict[str, Any],
) -> Any:
    driver = section.get("driver", "")
    until = _date(path, role, section.get("calibrated_until"))
    if driver == "bench":
        folder = home or (path.parent / section.get("home", "")).resolve()
        return bench_instruments.Bench(folder, Instrument(section.get("name", "bench"), until))
    if driver == "hand" and role in BY_HAND:
        return by_hand.ByHand(Instrument(section.get("name", f"{role}, read by a person"), until))
    if driver != "scpi":
        raise BadInput(
            f"--station {path}: [{role}] driver = {driver or 'nothing'}: bench, scpi, or for {' and '.join(BY_HAND)} hand"
        )
    if "address" not in section:
        raise BadInput(f"--station {path}: [{role}] has no address")
    words = {key.removeprefix("say "): value for key, value in section.items() if key.startswith("say ")}
    wire = scpi.Wire(_manager(path, section.get("backend", "@py"), managers), section["address"], words)
    instrument = Instrument(section.get("name", wire.identity), until)
    names = {name.lower(): name for name in (*(f"{r} {p}" for r, ps in RELAYS.items() for p in ps), *POINTS)}
    channels = {names[key]: value for key, value in section.items() if key in names}
    if role == "relays":
        counter = made["counter"] if isinstance(made["counter"], scpi.ScpiCounter) else None
        return scpi.ScpiRelays(wire, instrument, channels, counter)
    if role == "voltmeter":
        return scpi.ScpiVoltmeter(wire, instrument, channels)
    if role == "scope":
        return scpi.ScpiScope(wire, instrument, section.get("channel", CHANNEL))
    plain: dict[str, Any] = {"source": scpi.ScpiSource, "rcd": scpi.ScpiRcdTester, "counter": scpi.ScpiCounter}
    return plain.get(role, scpi.ScpiTester)(wire, instrument)


def _manager(path: Path, backend: str, managers: dict[str, Any]) -> Any:
    """One of pyvisa's for each backend; a file of pyvisa-sim is named from the station file's folder."""
    if backend not in managers:
        try:
            import pyvisa
        except ImportError:
            raise BadInput("pyvisa is not installed: .venv/bin/pip install -e '.[jig]', then the same again") from None
        file, at, kind = backend.rpartition("@")
        try:
            managers[backend] = pyvisa.ResourceManager((str(path.parent / file) if file else "") + at + kind)
        except Exception as error:
            why = (str(error).splitlines() or [type(error).__name__])[0][:80]
            raise BadInput(f"--station {path}: pyvisa cannot use the backend '{backend}' ({why})") from None
    return managers[backend]


def _date(path: Path, role: str, text: str | None) -> datetime.date | None:
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"--station {path}: [{role}] calibrated_until = {text}: write it as 2027-05-31") from None
