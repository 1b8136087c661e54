"""What a person may turn, written once: a dataclass's fields, from which come the command's options, ranges and the scenario.

    breaker_a: Annotated[float, Knob("Rating of the breaker.", "A", low=6, high=125, key="breaker_ma", factor=1000)] = 25

``takes`` gives a command the options of such a dataclass, ``check`` refuses what is out of range, ``in_scenario`` turns what has
a ``key`` into what the bench is told. To add a knob: a field, and, where the bench plays it, its key in the bench's DEFAULTS.
"""

import inspect
from collections.abc import Callable
from dataclasses import Field, dataclass, fields, is_dataclass
from enum import Enum
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import typer

from headroom_tools.common.errors import BadInput

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Knob:
    """help, metavar, option: as --help shows them; low to high unit: the range; choices: the words that are possible.

    key: the scenario's name for it, which gets the value times factor, as a whole number.
    """

    help: str
    metavar: str | None = None
    option: str = ""
    low: float | None = None
    high: float | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    key: str = ""
    factor: int = 1


def knobs(kind: type) -> dict[str, tuple[Knob, Any, Field[Any]]]:
    """Returns each field that is a knob: (the knob, its type, the field)."""
    assert is_dataclass(kind)
    hints = get_type_hints(kind, include_extras=True)
    found = {}
    for each in fields(kind):
        hint = hints[each.name]
        if get_origin(hint) is Annotated:
            plain, knob = get_args(hint)[:2]
            found[each.name] = (knob, plain, each)
    return found


def option_of(name: str, knob: Knob) -> str:
    """Returns how a person writes it."""
    return knob.option or "--" + name.replace("_", "-")


def takes(kind: type[Kind]) -> Callable[[Callable[[Kind], None]], Callable[..., None]]:
    """Gives a command, a function of one ``kind``, that dataclass's knobs as options."""

    def made(function: Callable[[Kind], None]) -> Callable[..., None]:
        table = knobs(kind)

        def command(**given: Any) -> None:
            function(kind(**{name: value_of(table[name][1], value) for name, value in given.items()}))

        parameters = []
        for name, (knob, plain, field) in table.items():
            annotation, default = as_typed(knob, plain, field.default)
            flags = (knob.option,) if knob.option else ()
            info = typer.Option(*flags, help=knob.help, metavar=knob.metavar)
            parameters.append(
                inspect.Parameter(
                    name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[annotation, info]
                )
            )
        command.__name__, command.__doc__ = function.__name__, function.__doc__
        command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        command.__annotations__ = {each.name: each.annotation for each in parameters}
        return command

    return made


def as_typed(knob: Knob, kind: Any, default: Any) -> tuple[Any, Any]:
    """Returns the type that the command line knows for a field, and its default there."""
    if knob.choices:
        words: Any = Enum("words", [(each, each) for each in knob.choices], type=str)  # type: ignore[misc]
        return words, words(default)
    if get_origin(kind) is tuple:
        member: Any = get_args(kind)[0]
        return list[member] | None, list(default) or None
    return kind, default


def value_of(kind: Any, value: Any) -> Any:
    """Returns what a field of that type holds: a word for a choice, a tuple for a list, which may be empty."""
    if get_origin(kind) is tuple:
        return tuple(value or ())
    return value.value if isinstance(value, Enum) else value


def check(given: Any) -> None:
    """BadInput for the first knob of a dataclass that is out of its range."""
    for name, (knob, _, _) in knobs(type(given)).items():
        value = getattr(given, name)
        if knob.low is None or value is None:
            continue
        for each in value if isinstance(value, tuple) else (value,):
            if not knob.low <= each <= (knob.high if knob.high is not None else each):
                span = f"give {knob.low:g} to {bound(knob.high)} {knob.unit}".rstrip()
                raise BadInput(f"{option_of(name, knob)} {each:g} is out of range: {span}")


def bound(high: float | None) -> str:
    """Returns the upper end of a range in words."""
    return "any" if high is None else f"{high:.0f}" if high == round(high) else f"{high:g}"


def in_scenario(given: Any) -> dict[str, Any]:
    """Returns what the scenario is told of a dataclass's knobs, by the scenario's names."""
    told = {}
    for name, (knob, _, _) in knobs(type(given)).items():
        value = getattr(given, name)
        if knob.key and value is not None:
            told[knob.key] = round(value * knob.factor) if isinstance(value, (int, float)) else value
    return told
