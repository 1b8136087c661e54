"""Names are exchanged for those that the chip has anyway: nothing else changes, and nobody meets another's."""

import ast
import gc

import pytest
from bench.table import Table
from headroom_tools.device import naming
from headroom_tools.device.flash import PLAIN, folded, linked, sources, squeezed
from headroom_tools.device.linking import File
from headroom_tools.device.naming import image_names, named, translated
from headroom_tools.device.ordering import program

TEXTS = sources()
DYNAMIC = ("getattr", "setattr", "hasattr", "delattr", "vars", "dir", "globals", "locals", "eval", "exec")


@pytest.fixture(scope="module")
def before():
    """The firmware's files, for any board, as they are before their names are exchanged."""
    return folded({name: file.text for name, file in linked(folded(TEXTS, PLAIN), PLAIN).items()}, PLAIN)


@pytest.fixture(scope="module")
def after():
    """And as they are then."""
    return squeezed(tuple(TEXTS.items()))


def exchange(plain="", **files):
    texts = {f"headroom/{name}.py": File(text) for name, text in files.items()}
    made = named(texts | {"main.py": File(plain)}, ["main.py"])
    return {name[9:-3]: file for name, file in made.items() if name != "main.py"}


def test_classes_that_are_no_relatives_share_names_and_relatives_do_not():
    made = exchange(
        a="class Base:\n    def __init__(self):\n        self.grid_ma = 1\n\n\n"
        "class Child(Base):\n    def rises(self):\n        self.drawn_ma = self.grid_ma\n\n\n"
        "class Other:\n    def falls(self, meter):\n        self.free_ma = meter.grid_ma\n"
    )["a"]
    new = made.names.attributes
    assert len({new[name] for name in ("grid_ma", "drawn_ma", "rises")}) == 3
    assert {new["falls"], new["free_ma"]} < {new["grid_ma"], new["drawn_ma"], new["rises"]}
    assert set(new.values()) <= set(image_names()[0])
    assert f"self.{new['free_ma']} = meter.{new['grid_ma']}" in made.text


def test_a_name_that_two_files_share_is_the_same_in_both_and_files_that_share_none_use_the_same():
    made = exchange(
        a="def amps(n):\n    return n\n\n\ndef milli(n):\n    return n\n",
        b="from headroom.a import amps\nfrom headroom import a\n\n\ndef told(n):\n    return a.milli(amps(n))\n",
        c="def shed(n):\n    return n\n",
    )
    names = {file: each.names.globals for file, each in made.items()}
    assert names["a"]["amps"] == names["b"]["amps"] != names["b"]["told"]
    assert f"from headroom.a import {names['a']['amps']}\n" in made["b"].text
    assert f"a.{names['a']['milli']}({names['a']['amps']}(n))" in made["b"].text
    assert names["c"]["shed"] in names["a"].values()


def test_a_module_that_is_handed_on_keeps_what_it_is_asked_for():
    made = exchange(
        a="def amps(n):\n    return n\n\n\ndef milli(n):\n    return n\n",
        b="def wires():\n    from headroom import a\n\n    return a\n\n\ndef told(n):\n    return wires().amps(n)\n",
    )
    assert "amps" not in made["a"].names.globals
    assert "milli" in made["a"].names.globals
    assert ".amps(" in made["b"].text


def test_a_local_name_stays_and_nothing_gets_its_name():
    made = exchange(
        a="limit = 5\n\n\ndef over(e, b):\n    limit = e + b\n    return limit\n\n\ndef far():\n    return over(1, 2)\n"
    )["a"]
    assert "limit" not in made.names.globals
    assert not {"e", "b", "limit"} & set(made.names.globals.values())
    assert f"return {made.names.globals['over']}(1, 2)" in made.text


def test_what_the_image_main_and_strings_may_mean_stays():
    made = exchange(
        plain="from headroom.a import run_it\nrun_it().begun_ms\n",
        a="class Rig:\n    def __init__(self, port):\n        self.begun_ms = self.told_ma = self.far_mv = 0\n"
        "        self.duty_u16 = port.duty_u16\n\n\ndef run_it():\n    return getattr(Rig(0), 'told_ma')\n",
    )["a"]
    assert set(made.names.attributes) == {"far_mv"}
    assert set(made.names.globals) == {"Rig"}


def test_a_module_that_is_read_by_its_name_keeps_what_it_is_asked_for():
    made = exchange(
        a="ROOM = 'headroom.part'\n\n\nclass A:\n    def answer_it(self, m):\n        self.told = m.answer_it()\n",
        part="def answer_it():\n    return within()\n\n\ndef within():\n    return 1\n",
    )
    assert set(made["part"].names.globals) == {"within"}
    assert set(made["a"].names.attributes) == {"told"}


def test_an_exceptions_attributes_and_what_no_class_of_ours_has_stay():
    made = exchange(
        a="class Bad(ValueError):\n    def why_so(self):\n        self.cause_mv = 1\n\n\ndef f(x):\n    x.far_off = 1\n"
    )
    assert made["a"].names.attributes == {}


def test_what_runs_beside_the_firmware_is_translated():
    assert translated(
        "class R:\n    def rises(self, r):\n        r.grid_ma = rises\n", {"rises": "e", "grid_ma": "b"}
    ) == ("class R:\n    def e(self, r):\n        r.b = rises\n")


def nodes(text):
    """A text's nodes, and the names in each."""
    return [
        (
            type(node),
            [
                value
                for value in (vars(node).get(key) for key in ("id", "attr", "name", "arg"))
                if isinstance(value, str)
            ],
        )
        for node in ast.walk(ast.parse(text))
    ]


def test_nothing_but_names_changes_in_the_firmware_and_each_always_to_the_same(before, after):
    for file in after.keys() - set(PLAIN):
        names = after[file].names
        called: dict[tuple[type, str], set[str]] = {}
        for (old_type, old_names), (new_type, new_names) in zip(
            nodes(before[file]), nodes(program(after[file].text)), strict=True
        ):
            assert (old_type, len(old_names)) == (new_type, len(new_names)), file
            if old_type is not ast.alias:
                for old, new in zip(old_names, new_names, strict=True):
                    called.setdefault((old_type, old), set()).add(new)
        for (kind, old), new in called.items():
            if kind is ast.Name or kind is ast.arg:
                assert len(new) == 1, (file, kind, old, new)
                assert new <= {names.globals.get(old, old), names.attributes.get(old, old)}, (file, kind, old, new)
        ours = set(names.globals.values())
        assert len(ours) == len(names.globals), f"two names of {file} became one"


def test_no_two_attributes_of_a_class_and_its_relatives_become_one(before, after):
    families: dict[str, set[str]] = {}
    sheets = naming.Naming(
        {name: before[name] for name in after.keys() - set(PLAIN)},
        {name: before[name] for name in PLAIN if name in before},
    )
    new = after["headroom/charger.py"].names.attributes
    for attribute, owners in sheets.owners(list(sheets.sheets.values())).items():
        for owner in owners:
            families.setdefault(owner, set()).add(attribute)
    assert len(families) > 40
    for family, attributes in families.items():
        assert len({new.get(each, each) for each in attributes}) == len(attributes), family


def test_no_object_of_a_running_charger_has_what_its_class_does_not_show():
    """Else another class's attribute might have its name: `charger.law.x = 1`, where only the guard has an x of its own."""
    shown = naming.Naming(TEXTS, {}).owners(list(naming.Naming(TEXTS, {}).sheets.values()))
    for board in ("reference", "socket", "metered"):
        table = Table([(0, 3000, 0, 0)], fidelity="waveform", board=board)
        table.live(3000)
        ours = [each for each in gc.get_objects() if str(type(each).__module__).startswith("headroom.")]
        assert len(ours) > 40
        for each in ours:
            families = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(each).__mro__}
            for attribute in vars(each):
                assert families & shown.get(attribute, set()), (type(each), attribute)


def test_what_the_firmware_reads_by_a_string_keeps_its_name():
    """Each place that names an attribute by a string, and why it may: a new one must be looked at."""
    seen = set()
    for text in TEXTS.values():
        for node in ast.walk(ast.parse(text)):
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if called in DYNAMIC:
                seen.add(f"{called} {ast.unparse(node.args[0]) if node.args else ''}")
            assert not isinstance(node, ast.Attribute) or node.attr not in ("__dict__", "__getattr__", "__setattr__")
    assert seen == {
        "getattr board", "dir board",  # not the firmware's: its file is for people, and stays
        "hasattr sys.modules[name]",  # take_back, of a file that lends (lending.py)
        "getattr error", "hasattr gc",  # the image's
        "getattr part(module)", "hasattr room", "delattr room",  # modules of answers, by the commands' table
        "delattr sys.modules[room]",  # a module that is read once: no attribute of the firmware's
        "getattr sys.modules.get('board')",  # main.py's, of a board whose file is for people
        "getattr self.table",  # RARE of the settings' table
    }  # fmt: skip


def test_each_command_finds_what_answers_it(after):
    table = next(
        ast.literal_eval(node.value)
        for node in ast.parse(TEXTS["headroom/serve/answers/commands.py"]).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "TABLE"
    )
    assert len(table) > 20
    for *_, answer in table:
        module, function = answer.split(".")
        tree = ast.parse(after[f"headroom/serve/answers/{module}.py"].text)
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
