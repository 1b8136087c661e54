"""Constants are folded where nobody else reads them, and nothing else changes."""

import ast

import pytest
from headroom_tools.flash import FIRMWARE
from headroom_tools.folding import folded, names_read

TEXTS = {path: path.read_text("utf-8") for path in sorted(FIRMWARE.rglob("*.py"))}


def test_a_constant_is_folded_with_those_it_is_made_of_and_lines_stay():
    text = "A = 3  # unit\nB = A << 2\n\n\ndef f(x):\n    return x + A + B\n"
    changed = "_A = const(3)  # unit\n_B = const(_A << 2)\n\n\ndef f(x):\n    return x + _A + _B\n"
    assert folded(text, names_read([text])) == changed


def test_a_constant_that_is_one_already_loses_its_name_only():
    assert folded("A = const(3)\nB = A + 1\n", set()) == "_A = const(3)\n_B = const(_A + 1)\n"


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
        "A = (\n    1 +\n    2\n)\n",
    ],
)
def test_whatever_is_no_plain_constant_stays(text):
    assert folded(text, set()) == text


def test_what_another_file_may_read_stays():
    read = names_read(["import m\nm.A\n", "from m import B\n", "getattr(m, 'C')\n"])
    text = "A = 1\nB = 2\nC = 3\n"
    assert folded(text, read) == text


def test_in_the_firmware_only_names_change_and_no_name_is_left_behind():
    read = names_read(TEXTS.values())
    count = 0
    for path, text in TEXTS.items():
        changed = folded(text, read)
        names = {node.id for node in ast.walk(ast.parse(changed)) if isinstance(node, ast.Name)}
        new = {name for name in names if name.startswith("_") and name[1:].isupper() and name not in text}
        assert not {name[1:] for name in new} & names, path
        undone, text = changed.replace("const(", "("), text.replace("const(", "(")
        for name in sorted(new, key=len, reverse=True):
            undone = undone.replace(name, name[1:])
        assert ast.dump(ast.parse(undone)) == ast.dump(ast.parse(text)), path
        assert changed.count("\n") == text.count("\n")
        count += len(new)
    assert count > 100
