"""The modules of a room become one: every name is found there, no two meet, and each line is known by its file."""

import ast
import builtins
import symtable

import pytest
from headroom_tools.device import explain
from headroom_tools.device.flash import FIRMWARE, PLAIN, facts, module, sources, squeezed
from headroom_tools.device.lending import TAKE_BACK
from headroom_tools.device.linking import linked
from headroom_tools.device.ordering import program
from headroom_tools.measure import vm32
from headroom_tools.measure.heap_cost import firmware

TEXTS = sources()
NATIVE = {"const", "ptr8", "ptr16", "ptr32", "uint"}  # the compiler's own


@pytest.fixture(scope="module")
def made():
    """The reference board's files."""
    return squeezed(tuple(TEXTS.items()), facts("reference"))


def link(**files):
    """Files of one room, `m`, and the charger that imports what it is given as ``charger``."""
    texts = {f"headroom/m/{name}.py": text for name, text in files.items() if name != "charger"}
    texts |= {"headroom/charger.py": files["charger"], "main.py": "from headroom.charger import run\n"}
    return {name: file.text for name, file in linked(texts, ["main.py"]).items()}


def test_a_name_that_only_one_module_has_keeps_it_and_others_get_the_modules():
    made = link(
        a="LOW = ()\nx = 1\n\n\ndef step(y):\n    return x + y\n",
        b="from headroom.m import a\n\nx = 2\n\n\ndef go(y):\n    return a.step(y) + a.x + x + len(a.LOW)\n",
        charger="from headroom.m.b import go\n\nrun = go\n",
    )
    assert made["headroom/m_linked.py"] == (
        "LOW = ()\nx_a = 1\n\ndef step(y):\n    return x_a + y\nx_b = 2\n\n"
        "def go(y):\n    return step(y) + x_a + x_b + len(LOW)\n"
    )
    assert made["headroom/charger.py"] == "from headroom.m_linked import go\nrun = go\n"


def test_a_local_name_hides_a_modules_and_global_does_not():
    made = link(
        a="n = 0\n\n\ndef count(n):\n    return n\n\n\ndef up():\n    global n\n    n += 1\n    return [n for n in (n,)]\n",
        b="from headroom.m import a\n\n\ndef n(a):\n    return a.n\n\n\ndef all():\n    return a.count(a.n)\n",
        charger="from headroom.m import b\n\n\ndef run():\n    return b.n(b.all())\n",
    )
    text = made["headroom/m_linked.py"]
    assert "def count(n):\n    return n\n" in text
    assert "global n_a\n    n_a += 1" in text
    assert "def n_b(a):\n    return a.n\n" in text
    assert "def all_b():\n    return count(n_a)\n" in text
    assert "return _m.n_b(_m.all_b())" in made["headroom/charger.py"]


def test_an_argument_gets_one_letter_where_no_call_names_it_and_nothing_inside_has_the_name_too():
    made = link(
        a="def f(wide, tall, a):\n    tall += g(tall=1)\n    return [wide + b for b in (tall, a)]\n\n\n"
        "def g(tall, deep=2):\n    return lambda deep: deep + tall\n\n\n"
        "class C:\n    def m(self, other):\n        self.other = other\n",
        charger="from headroom.m.a import f\n",
    )
    assert made["headroom/m_linked.py"] == (
        "def f(c, tall, a):\n    tall += g(tall=1)\n    return [c + b for b in (tall, a)]\n\n"
        "def g(tall, deep=2):\n    return lambda deep: deep + tall\n\n"
        "class C:\n\n    def m(self, a):\n        self.other = a\n"
    )


def test_what_is_imported_under_a_condition_or_by_nobody_stays_a_file_of_its_own():
    made = link(
        a="import board\n\ny = 2\nif board.X:\n    from headroom.m.b import x\n",
        b="x = 1\n",
        c="from headroom.m import a\n\n\ndef f():\n    return a.y\n",
        charger="from headroom.m import a\n",
    )
    assert set(made) == {"main.py", "headroom/charger.py", "headroom/m_linked.py", "headroom/m/b.py", "headroom/m/c.py"}


def test_a_module_that_is_used_as_an_object_is_refused():
    with pytest.raises(ValueError, match=r"headroom/m/b.py:3: a is used as an object"):
        link(
            a="x = 1\n",
            b="from headroom.m import a\n\nkept = a\n",
            charger="from headroom.m import b\n\nrun = b.kept\n",
        )


def test_a_name_that_a_module_only_imports_is_refused_with_what_to_do():
    with pytest.raises(
        ValueError, match=r"headroom/m/b.py:3: x is not made in headroom.m.a: import it from where it is"
    ):
        link(a="from os import x\n", b="from headroom.m import a\n\ny = a.x\n", charger="from headroom.m.b import y\n")


def globals_of(table):
    """The names that a file looks up in its module, at any depth."""
    found = {each.get_name() for each in table.get_symbols() if each.is_global() or table.get_type() == "module"}
    return found.union(*(globals_of(child) for child in table.get_children()))


def names_at_top(text):
    table = symtable.symtable(text, "", "exec")
    return {each.get_name() for each in table.get_symbols() if each.is_assigned() or each.is_imported()}


def test_every_name_of_the_firmware_is_found_in_its_file(made):
    for name in made.keys() - set(PLAIN):
        known = names_at_top(made[name].text) | set(dir(builtins)) | NATIVE
        assert globals_of(symtable.symtable(made[name].text, name, "exec")) - known == set(), name


def test_every_name_that_the_firmware_takes_from_another_file_is_there(made):
    tops = {name: names_at_top(file.text) for name, file in made.items()}
    for name in made.keys() - set(PLAIN):
        tree = ast.parse(program(made[name].text))
        rooms = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module.startswith("headroom"):
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}".replace(".", "/") + ".py"
                    if whole in made:
                        rooms[alias.asname or alias.name] = tops[whole]
                    else:
                        assert alias.name in tops[node.module.replace(".", "/") + ".py"], name
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id[0] == "_":
                assert node.attr in rooms[node.value.id], (name, ast.unparse(node))


def test_each_functions_line_is_that_of_its_source(made):
    count = 0
    for name, file in made.items():
        for node in ast.walk(ast.parse(file.text)) if file.lines else ():
            if isinstance(node, ast.FunctionDef) and node.name != TAKE_BACK:
                source, line = file.lines[node.lineno]
                before = TEXTS[source].splitlines()[line - 1].split("def ")[1].split("(")[0]
                names = [*file.names.globals.items(), *file.names.attributes.items()]
                called = {new for old, new in names if old.startswith(before)} | {before}
                assert any(node.name.startswith(each) for each in called), (name, before)
                count += 1
    assert count > 300


@pytest.mark.skipif(vm32.node() is None, reason=vm32.MISSING)
def test_a_crash_report_of_the_chip_is_explained_with_the_sources_lines(made):
    name = next(name for name, file in made.items() if any(at[0].endswith("/guard.py") for at in file.lines.values()))
    names = made[name].names
    call = f"{names.globals['Guard']}.{names.attributes['clear_by_person']}(None)"
    steps = [
        "import sys\nsys.path.insert(0, '/firmware')",
        f"from {module(name)} import *",
        f"try:\n    {call}\nexcept AttributeError as error:\n    sys.print_exception(error, sys.stdout)",
    ]
    said = vm32.run(steps, firmware("reference"), bare=False)
    assert f"no attribute '{names.attributes['protect']}'" in said
    told, count = explain.explained(said, "reference")
    assert count == 1
    source = "firmware/headroom/guard/guard.py"
    lines = (FIRMWARE.parent / source).read_text("utf-8").splitlines()
    line = lines.index("        protect = self.protect", lines.index("    def clear_by_person(self):")) + 1
    there = [f"    {each.strip()}" for each in lines[line - 1 : line + 2]]
    assert told == [
        "Traceback (most recent call last):",
        '  File "<stdin>", line 2, in <module>',
        f'  File "{source}", one of lines {line}, {line + 1}, {line + 2}, in clear_by_person',
        *there,
        "AttributeError: 'NoneType' object has no attribute 'protect'",
    ]


@pytest.mark.skipif(vm32.node() is None, reason=vm32.MISSING)
def test_a_report_of_the_shelf_itself_is_explained_too():
    steps = [
        "import sys\nsys.path.insert(0, '/firmware')\nimport shelf",
        "try:\n    shelf.Shelf('nothing')\nexcept OSError as error:\n    sys.print_exception(error, sys.stdout)",
    ]
    told, count = explain.explained(vm32.run(steps, firmware("reference"), bare=False), "reference")
    assert count == 1
    assert told[2].startswith('  File "firmware/shelf.py", line ')
    assert told[2].endswith(", in __init__")
    assert told[3].startswith('    self.file = open(name, "rb")')


def test_a_report_without_a_line_of_the_firmware_is_told(headroom, tmp_path):
    report = tmp_path / "report.txt"
    report.write_text("nothing\n")
    for given, told in ((report, "no line of this firmware in that report"), (tmp_path / "none", "no such file")):
        outcome = headroom("explain", str(given))
        assert outcome.status == 2
        assert told in outcome.err
        assert outcome.err.count("\n") == 1
