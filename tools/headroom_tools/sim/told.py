"""`--columns`: what a person tells of a trace where its header does not, or says it wrong."""

import re

from headroom_tools.common.errors import BadInput
from headroom_tools.sim.trace_formats import Told
from headroom_tools.sim.trace_numbers import UNITS
from headroom_tools.sim.trace_times import find_zone

KEYS = ("time", "l1", "l2", "l3", "unit", "decimal", "tz", "dates", "kind")
DECIMALS = {"comma": ",", ",": ",", "point": ".", "dot": ".", ".": "."}
DATES = ("ymd", "dmy", "mdy")
KINDS = {"power": "level", "current": "level", "energy": "energy", "counter": "counter"}
FORM = "give NAME=VALUE,…, such as time=Zeit,l1=Leistung,unit=kW,decimal=comma,tz=Europe/Brussels"


def read_told(text: str | None) -> Told:
    """Returns what --columns says; BadInput, with the words that are possible, where it makes no sense."""
    if text is None:
        return Told()
    said: dict[str, str] = {}
    for piece in re.split(r",(?=\s*\w+\s*=)", text):
        key, equals, value = piece.partition("=")
        key, value = key.strip().lower(), value.strip()
        if not equals or not value:
            raise BadInput(f"--columns {piece!r} tells nothing: {FORM}")
        if key not in KEYS:
            raise BadInput(f"--columns {key}={value}: there is no {key}, but {', '.join(KEYS)}")
        if key in said:
            raise BadInput(f"--columns tells {key} twice: leave one of them out")
        said[key] = value
    phases = tuple(said[key] for key in ("l1", "l2", "l3") if key in said)
    if phases != tuple(said[key] for key in ("l1", "l2", "l3")[: len(phases)] if key in said):
        raise BadInput("--columns tells a phase alone: tell l1, or l1, l2 and l3")
    unit = said.get("unit", "").lower()
    if unit and unit not in UNITS:
        raise BadInput(f"--columns unit={said['unit']}: give W, kW, A, mA, VA, kVA, Wh or kWh")
    return Told(
        time=tuple(said["time"].split("+")) if "time" in said else (),
        phases=phases,
        unit=unit,
        decimal=one_of("decimal", said, DECIMALS),
        zone=str(find_zone(said["tz"])) if "tz" in said else "",
        dates=one_of("dates", said, {each: each for each in DATES}),
        kind=one_of("kind", said, KINDS) or "",
    )


def one_of(key: str, said: dict[str, str], words: dict[str, str]) -> str | None:
    """Returns what the word for this key stands for, None if it was not told; BadInput if it is none of words."""
    if key not in said:
        return None
    word = said[key].lower()
    if word not in words:
        raise BadInput(f"--columns {key}={said[key]}: give {' or '.join(each for each in words if each.isalpha())}")
    return words[word]
