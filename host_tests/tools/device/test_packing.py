"""Tables that only answers read are packed into texts, and read the same there; what is used otherwise stays as it is."""

import ast

import pytest
from headroom.serve.answers import advice, commands, settings_table
from headroom.serve.answers.packed import Rows
from headroom_tools.common.places import ROOT
from headroom_tools.device import packing
from headroom_tools.device.reaching import Program
from headroom_tools.measure import heap_cost, vm32

ROWS = tuple((f"name{number}", number * 7 - 5, ("no", "yes") if number % 2 else "mA", "") for number in range(20))
READS = "def answer():\n    for row in TABLE:\n        print(row[0])\n"


def packed(text=None, rows=ROWS, **others):
    """A module that is read by its name and has a table, as it is after packing; ``others`` stand beside it."""
    text = f"TABLE = {rows!r}\n{READS}" if text is None else text
    trees = {packing.PACKED: ast.parse("class Rows:\n    pass\n"), "headroom.serve.answers.a": ast.parse(text)}
    trees["headroom.charger"] = ast.parse("ROOM = 'headroom.serve.answers'\n")
    trees |= {f"headroom.serve.{name}": ast.parse(other) for name, other in others.items()}
    packing.pack(trees)
    return ast.unparse(trees["headroom.serve.answers.a"])


def test_a_packed_table_is_gone_through_counted_asked_for_a_place_and_unpacked_as_before():
    names = {}
    exec(packed().replace("def answer", "def unused"), names)
    table = names["TABLE"]
    assert type(table).__name__ == "Rows"  # a console elsewhere may have let go of the module meanwhile
    assert [tuple(row) for row in table] == list(ROWS)
    assert [tuple(table[place]) for place in range(len(table))] == list(ROWS)
    assert [row[2] for row in table] == [row[2] for row in ROWS]
    name, number, unit, empty = table[9]
    assert (name, number, unit, empty) == ROWS[9]


@pytest.mark.parametrize(
    "rows",
    [ROWS[:5], (*ROWS, ("short",)), (*ROWS, ("a\tb", 1, "x", "")), (*ROWS, ("a", "text", "x", "")), (*ROWS, ("a", 1, "|", ""))],
    ids=["few", "unlike", "a tab", "a text among numbers", "a bar among words"],
)  # fmt: skip
def test_what_would_not_read_the_same_stays(rows):
    assert "Rows" not in packed(rows=rows)


@pytest.mark.parametrize("use", ["TABLE[2:]", "TABLE + ()", "TABLE == other", "table = TABLE * 2"])
def test_a_table_that_is_used_otherwise_stays(use):
    assert "Rows" not in packed(f"TABLE = {ROWS!r}\n{READS}    {use}\n")
    assert "Rows" not in packed(b=f"def f(module):\n    {use.replace('TABLE', 'module.TABLE')}\n")
    assert "Rows" in packed(b=f"TABLE = ()\n{use}\n"), "another module's table of that name does not matter"


def test_a_number_made_of_a_table_is_that_number_and_a_cell_may_come_from_another_module():
    rows = "".join(f"({name!r}, {number}, tuple(b.WORDS.split(' ')), ''), " for name, number, _, _ in ROWS)
    text = f"from headroom.serve import b\nTABLE = ({rows})\nPLACE = [row[0] for row in TABLE].index('name7')\n"
    made = packed(text + READS, b="WORDS = 'one two'\n")
    assert "PLACE = 7" in made
    assert "|one|two" in made


def test_the_firmwares_own_tables_are_packed_and_read_as_the_source_has_them():
    files = heap_cost.texts("reference")
    for name, form, rows in (
        ("settings_table", "swiiiis", settings_table.TABLE),
        ("commands", "ssss", commands.TABLE),
        ("advice", "ss", advice.ROWS),
        ("advice", "ss", advice.FAULTS),
    ):
        tree = ast.parse(files[f"headroom/serve/answers/{name}.py"].text)
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        calls = [node.args[1] for node in calls if len(node.args) == 2 and ast.unparse(node.args[0]) == repr(form)]
        assert list(rows) in [[tuple(row) for row in Rows(form, ast.literal_eval(texts))] for texts in calls], name


def said(*lines):
    """What the reference board's console says on the 32-bit VM, packed as it is flashed."""
    clock = (ROOT / "tools" / "vm32" / "time.py").read_bytes()
    files = heap_cost.firmware("reference") | heap_cost.rig("reference") | {"time.py": clock}
    listen = "out = []\ntick = day.tick\nday.terminal.write = lambda data: out.append(bytes(data).decode())"
    steps = [heap_cost.BEGIN, "import headroom.charger, day", f"day.start({vm32.CHIP_BYTES})", "gc.collect()", listen]
    for line in lines:
        steps += [f"day.terminal.line = {line.encode()!r} + b'\\r'", ("tick", 150), "gc.collect()"]
    return ast.literal_eval(vm32.run([*steps, "print(repr(''.join(out)))"], files, bare=False))


@pytest.mark.skipif(vm32.node() is None, reason=vm32.MISSING)
def test_the_console_tells_every_row_and_finds_each_command_by_its_row():
    heard = said("help", "help settings", "help wiring", "get phasse").split("\r\n")
    for name, after, sentence, _ in commands.TABLE:
        assert f"{name:9} {after:18} {sentence}" in heard
    for row in settings_table.TABLE:
        assert f"{row[0]:16} {row[6]}" in heard
    assert f"one of {', '.join(settings_table.TABLE[12][1])}; straight unless set" in heard
    assert "no setting 'phasse': phases? help settings lists them" in heard


NAMES = tuple(f"name {number}" for number in range(20))
SAYS = {number * 3 + 1: f"%(value)s of {number}" for number in range(20)}
ASKS = "def f(place):\n    return TABLE[place]\n"


def held(text, **others):
    """A module with a table of texts, as it is after packing."""
    trees = {"headroom.serve.words": ast.parse(text), packing.PACKED: ast.parse("")}
    trees |= {f"headroom.serve.{name}": ast.parse(other) for name, other in others.items()}
    packing.pack_texts(trees, Program(trees), ast.parse("class Texts:\n    pass\n"))
    assert (packing.TEXTS in trees) == ("Texts(" in ast.unparse(trees["headroom.serve.words"]))
    return ast.unparse(trees["headroom.serve.words"])


def test_texts_of_a_place_and_of_a_number_are_those_of_the_table():
    names, says = {}, {}
    exec(held(f"TABLE = {NAMES!r}\n{ASKS}"), names)
    exec(held(f"TABLE: dict = {SAYS!r}\n\ndef f(code):\n    return TABLE.get(code, 'else')\n"), says)
    assert type(names["TABLE"]).__name__ == type(says["TABLE"]).__name__ == "Texts"
    assert tuple(names["f"](place) for place in range(len(NAMES))) == NAMES
    assert {code: says["f"](code) for code in range(256)} == {code: SAYS.get(code, "else") for code in range(256)}
    for beyond in (len(NAMES), len(NAMES) + 1, 1000):
        with pytest.raises(IndexError):
            names["f"](beyond)


@pytest.mark.parametrize(
    "text",
    [
        f"TABLE = {NAMES!r}\n{ASKS}print(len(TABLE))\n",
        f"TABLE = {NAMES!r}\n{ASKS}print(TABLE[1:])\n",
        f"TABLE = {SAYS!r}\n\ndef f(code):\n    return code in TABLE\n",
        f"TABLE = {SAYS!r}\n\ndef f(code):\n    TABLE.update(code)\n",
        f"TABLE = {NAMES[:5]!r}\n{ASKS}",
        f"TABLE = {(*NAMES, 'a line' + chr(10))!r}\n{ASKS}",
        f"TABLE = {(*NAMES, 7)!r}\n{ASKS}",
        f"TABLE = { {**SAYS, 256: 'beyond a byte'}!r}\n\ndef f(code):\n    return TABLE.get(code, '')\n",
    ],
)
def test_a_table_that_is_no_texts_or_is_used_otherwise_stays(text):
    assert "Texts(" not in held(text)


def test_so_does_one_that_another_module_goes_through():
    assert "Texts(" not in held(
        f"TABLE = {NAMES!r}\n{ASKS}", other="from headroom.serve import words\nprint(*words.TABLE)\n"
    )
