"""The tables on the pages in tools/readme that come from the code: each between two marks, written again by `make tables`.

A page says `<!-- table: faults -->`, the table, `<!-- /table -->`; what stands between the marks is made here.
"""

import ast
import re
from collections.abc import Callable, Iterable
from importlib import import_module

from bench import host
from bench.world import car, judge

from headroom_tools.common.ending import ended
from headroom_tools.common.places import ROOT

PAGES = ROOT / "tools" / "readme"
BLOCK = re.compile(r"(<!-- table: ([a-z]+) -->\n).*?(<!-- /table -->)", re.DOTALL)


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def faults() -> str:
    """Every fault: how the lamp tells it, how the contactor opens, how it ends, what to do."""
    rows, advice = import_module("headroom.guard.faults"), import_module("headroom.serve.answers.advice").FAULTS
    ends = (
        "by itself",
        "when the car is unplugged",
        "when a person clears it",
        "in four hours, or when a person clears it",
    )
    return table(
        ("long + short flashes", "fault", "contactor opens", "it clears", "what to do"),
        (
            (
                f"{rows.long_flashes(code)} + {rows.short_flashes(code)}",
                rows.NAME[code],
                "at once" if rows.OPENS[code] == rows.NOW else "after the offer, 6 s at most",
                ends[rows.CLEARS[code]],
                advice[code][1],
            )
            for code in range(1, rows.COUNT)
        ),
    )


def doubts() -> str:
    """Everything that can be wrong with a clamp or a meter, what it costs and what to do."""
    rows = import_module("headroom.terms.meter_faults")
    advice = import_module("headroom.serve.answers.advice").ROWS
    stage = ("hold", "safe current", "pause")
    return table(
        ("word", "what is wrong", "from", "to", "what to do"),
        (
            (advice[code][0], rows.NAME[code], stage[rows.FIRST[code]], stage[rows.LAST[code]], advice[code][1])
            for code in range(1, len(rows.NAME))
        ),
    )


def rules() -> str:
    """The judge's rules: what, how long it may last, why so long, and the part of the board without which nobody can tell."""
    schema = import_module("headroom_tools.boards.board_schema").SCHEMA
    rows: list[tuple[object, ...]] = [
        (
            what,
            may_ms,
            why.replace("[std-mem]", "(from memory, unverified)"),
            schema[part].meaning if part else "every board",
        )
        for what, may_ms, why, part, _ in judge.HELD
    ]
    rows += [
        (judge.OFFER, judge.OFFER_MS, "own; Table A.6, sequence 6 allows 10 s", "every board"),
        (judge.DRAWN, judge.DRAWN_MS, "5 s to follow (Table A.6, sequence 6), and the row above", "every board"),
        (judge.UNASKED, f"asked for less than {judge.ASKED_MS}", "own: a blip is no car that asks", "every board"),
        (judge.RESTLESS, f"rested less than {judge.REST_MS}", "own", "every board"),
        (judge.SILENT, 0, "Table A.6, sequence 4", "every board"),
    ]
    return table(("what may not be", "allowed, ms", "source", "seen by"), rows)


def assumed() -> str:
    """What the exhaustive proof takes for granted, and which other proof looks there."""
    return table(
        ("not the firmware's own there", "what that assumes", "who looks at it"),
        import_module("proofs.explore").ASSUMED,
    )


def walls() -> str:
    """The walls of the house, as the functions that watch them say."""
    tree = ast.parse((ROOT / "host_tests" / "walls.py").read_text("utf-8"))
    said = {node.name: ast.get_docstring(node) or "" for node in tree.body if isinstance(node, ast.FunctionDef)}
    listed = next(
        node for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "WALLS"
    )
    names = [ast.unparse(name) for name in ast.walk(listed.value) if isinstance(name, ast.Name)]
    rows = ((f"`{name}`", re.sub(r"^Wall \d+(, again)?: ", "", said[name])) for name in names)
    return table(("check", "what must hold"), rows)


def commands() -> str:
    """The console's commands."""
    rows = import_module("headroom.serve.answers.commands").TABLE
    return table(
        ("command", "what it does"), ((f"`{name} {after}".strip() + "`", said) for name, after, said, _ in rows)
    )


def precedence() -> str:
    """Which wish counts before which."""
    rows = import_module("headroom.serve.answers.precedence").TABLE
    return table(
        ("wish", "what it does", "what does not count meanwhile", "until"),
        ((f"`{name}`" if "_" in name else name, does, ", ".join(lifts), until) for name, does, lifts, until in rows),
    )


def cars() -> str:
    """The bench's models of cars."""
    return table(("`--car`", "the car"), ((f"`{name}`", model.what) for name, model in car.MODELS.items()))


def registers() -> str:
    """The charger's own register map, as a manager reads it."""
    at, rows = 0, []
    for words, name, unit, meaning in import_module("headroom.serve.manager.registers").ROWS:
        rows.append(
            (at if words == 1 else f"{at}, {at + 1}", f"`{name}`", unit, meaning.replace("WRITE: ", "**write:** "))
        )
        at += words
    return table(("register", "name", "unit", "what it is"), rows)


def meters() -> str:
    """Every meter that is known, and how it leaves its factory."""
    names = import_module("headroom.terms.meters").CHOICES.split(" ")[1:]
    rows: list[tuple[object, ...]] = []
    for name in names:
        row = import_module("headroom.sense.meters.table").row(name)
        if row is None:
            every = "10 s" if name == "p1-10s" else "1 s"
            rows.append((f"`{name}`", "as the telegram", "115200", "none", f"1 s, each {every}"))
            continue
        parity = ("none", "odd", "even")[row.parity]
        rows.append(
            (f"`{name}`", row.phases, row.baud, parity, f"{row.old_ms / 1000:g} s, {row.pause_ms} ms between two")
        )
    return table(("meter", "phases", "baud", "parity", "its numbers are old"), rows)


def operator() -> str:
    """What an operator of the jig does."""
    from headroom_tools.jig import sheet

    return table(("the screen says, or", "what you do"), ((f"**{when}**", what) for when, what in sheet.operator()))


def steps() -> str:
    """The jig's work sheet: every step, from the steps themselves."""
    from headroom_tools.jig import sheet

    return table(
        ("step", "what", "what is done", "if it fails"),
        (
            (
                step.code,
                f"**{step.title}**" if step.vital else step.title,
                done,
                f"{step.cause}; look at: {step.look}",
            )
            for step, done in sheet.rows()
        ),
    )


def limits() -> str:
    """What the jig allows: each measurement's limits and why."""
    from headroom_tools.jig.limits import LIMITS

    return table(
        ("measurement", "allowed", "why"),
        (
            (f"`{name}`", each.allowed(), each.why.replace("[std-mem]", "(from memory, unverified)"))
            for name, each in LIMITS.items()
        ),
    )


TABLES: dict[str, Callable[[], str]] = {
    "faults": faults,
    "doubts": doubts,
    "rules": rules,
    "assumed": assumed,
    "walls": walls,
    "commands": commands,
    "cars": cars,
    "registers": registers,
    "meters": meters,
    "operator": operator,
    "steps": steps,
    "limits": limits,
    "precedence": precedence,
}


def filled(page: str) -> str:
    """The page with its tables made again."""
    return BLOCK.sub(lambda block: block[1] + TABLES[block[2]]() + block[3], page)


def main() -> None:
    """Writes the tables into their pages, and says which pages changed."""
    host.load()
    for path in sorted(PAGES.glob("*.md")):
        page = path.read_text("utf-8")
        new = filled(page)
        if new != page:
            path.write_text(new, encoding="utf-8")
        if BLOCK.search(page):
            print(f"{path.relative_to(ROOT).as_posix()}: {'written' if new != page else 'as it was'}")


if __name__ == "__main__":
    ended(main)
