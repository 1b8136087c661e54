"""Constants are folded where that changes nothing, and nothing else changes."""

import ast

import pytest
from headroom_tools.device.flash import FIRMWARE, PLAIN
from headroom_tools.device.folding import constants, folded

TEXTS = {path.relative_to(FIRMWARE).as_posix(): path.read_text("utf-8") for path in sorted(FIRMWARE.rglob("*.py"))}


def fold(text, **others):
    return folded({"m.py": text, **{f"{name}.py": other for name, other in others.items()}})


def test_a_constant_is_folded_with_those_it_is_made_of_and_lines_stay():
    text = "A = 3  # unit\nB = A << 2\n\n\ndef f(x):\n    return x + A + B\n"
    changed = "_A = const(3)  # unit\n_B = const(12)\n\n\ndef f(x):\n    return x + _A + _B\n"
    assert fold(text)["m.py"] == changed


def test_a_constant_that_is_one_already_loses_its_name_only():
    assert fold("A = const(3)\nB = A + 1\n")["m.py"] == "_A = const(3)\n_B = const(4)\n"


def test_where_a_constant_is_read_above_its_line_the_number_stands_since_mpy_cross_keeps_no_such_name():
    text = "def f():\n    return A + AB\n\n\nA = 3\nAB = -4\n"
    assert fold(text)["m.py"] == "def f():\n    return (3) + (-4)\n\n\n_A = const(3)\n_AB = const(-4)\n"


def test_constants_of_one_line_are_folded_together_or_not_at_all():
    assert fold("A, B = 1, 2\n")["m.py"] == "_A = const(1); _B = const(2)\n"
    assert fold("A, B = range(2)\n")["m.py"] == "_A = const(0); _B = const(1)\n"
    assert fold("A, B = range(n)\n")["m.py"] == "A, B = range(n)\n"
    assert fold("A, B = 1, 2\n", n="x.A\n")["m.py"] == "A, B = 1, 2\n"


def test_another_file_that_reads_it_of_the_module_gets_the_number():
    pack = folded({"p/m.py": "A = -3\nB = 4\n", "n.py": "from p import m\n\nx = m.A + m.B * m.c\n"})
    assert pack == {"p/m.py": "_A = const(-3)\n_B = const(4)\n", "n.py": "from p import m\n\nx = (-3) + 4 * m.c\n"}


def test_a_file_that_stays_as_it_is_finds_what_it_reads():
    texts = {"p/m.py": "A = 1\n", "main.py": "from p import m\n\nB = m.A\n"}
    assert folded(texts, ["main.py"]) == texts


@pytest.mark.parametrize(
    "text",
    [
        "A = 'text'\n",
        "A = (1, 2)\n",
        "A = 1.5\n",
        "A = True\n",
        "A = B = 1\n",
        "A = f()\n",
        "A = 1\nA = 2\n",
        "A = 1\n\n\ndef f():\n    global A\n    A = 2\n",
        "A = 1\n\n\ndef f(A):\n    return A\n",
        "lower = 1\n",
        "A, B = f()\n",
        "A = (\n    1 +\n    2\n)\n",
    ],
)
def test_whatever_is_no_plain_constant_stays(text):
    assert fold(text)["m.py"] == text


@pytest.mark.parametrize("reader", ["x.A\n", "from m import A\n", "getattr(m, 'A')\n"])
def test_what_another_file_may_read_otherwise_stays(reader):
    assert fold("A = 1\n", n=reader)["m.py"] == "A = 1\n"


class Values(ast.NodeTransformer):
    """Every constant and every read of one as its number: what is left is what the code does."""

    def __init__(self, modules, own):
        self.modules = modules
        self.own = own

    def visit_Attribute(self, node):
        self.generic_visit(node)
        value = self.modules.get(getattr(node.value, "id", None), {}).get(node.attr)
        return node if value is None or isinstance(node.ctx, ast.Store) else ast.Constant(value)

    def visit_Name(self, node):
        name = node.id[1:] if node.id[:1] == "_" and node.id[1:] in self.own else node.id
        return ast.Constant(self.own[name]) if name in self.own else node

    def visit_Assign(self, node):
        names = [each.strip("(), ").lstrip("_") for each in ast.unparse(node.targets[0]).split(",")]
        return None if set(names) <= set(self.own) else self.generic_visit(node)

    def visit_UnaryOp(self, node):
        plain = isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant)
        return ast.Constant(-node.operand.value) if plain else self.generic_visit(node)


def test_the_firmware_does_the_same_with_its_constants_folded():
    known = {name: constants(ast.parse(text)) for name, text in TEXTS.items()}
    modules = {}
    for name, values in known.items():
        modules.setdefault(name[:-3].rpartition("/")[2], {}).update(values)
    count = 0
    for name, changed in folded(TEXTS, PLAIN).items():
        before, after = (
            ast.dump(Values(modules, known[name]).visit(ast.parse(text))) for text in (TEXTS[name], changed)
        )
        assert before == after, name
        assert changed.count("\n") == TEXTS[name].count("\n")
        count += changed.count("const(") - TEXTS[name].count("const(")
    assert count > 200
