"""Statements share a line on the chip: the program stays the same, and each line still tells where in the source it stood."""

import ast

import pytest
from headroom_tools.device.flash import modules
from headroom_tools.device.joining import joined
from headroom_tools.device.linking import File

TEXTS = {name: data.decode() for name, data in modules().items()}


def written(text, source="a.py"):
    """A file as the linker writes it, each line with its place."""
    text = ast.unparse(ast.parse(text)) + "\n"
    filled = {node.lineno for node in ast.walk(ast.parse(text)) if hasattr(node, "lineno")}
    return File(text, {number: (source, number) for number in filled})


def test_up_to_five_statements_and_a_body_with_its_head_share_a_line():
    before = """
def f(a):
    b = a
    c = b
    b += 1
    c += 1
    b += 2
    c += 2
    if c:
        a = 1
        return a
    elif b:
        pass
    else:
        b = 2
    for d in a:
        if d:
            c = d
    return c
X = 1
Y = 2

class C:

    def g(self):
        self.h()
        return 1
"""
    after = """
def f(a):
    b = a; c = b; b += 1; c += 1; b += 2
    c += 2
    if c: a = 1; return a
    elif b: pass
    else:
        b = 2
    for d in a:
        if d: c = d
    return c
X = 1
Y = 2

class C:

    def g(self): self.h(); return 1
"""
    made = joined(written(before))
    assert made.text == after[1:]
    assert made.lines[2] == ("a.py", 2)
    assert made.joined[2] == [2, 3, 4, 5, 6]
    assert made.joined[4] == [8, 9, 10]


def test_a_line_of_a_file_that_the_linker_did_not_write_stays():
    file = File("def f(a):\n    b = a\n    return b\n")
    assert joined(file) is file


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_each_file_is_the_same_program_and_no_line_of_it_is_lost(name):
    file = written(TEXTS[name], name)
    made = joined(file)
    assert ast.dump(ast.parse(made.text)) == ast.dump(ast.parse(file.text))
    found = {row for rows in made.joined.values() for row in rows} | {row for _, row in made.lines.values()}
    begins = {node.lineno for node in ast.walk(ast.parse(file.text)) if isinstance(node, ast.FunctionDef)}
    assert set(file.lines) - begins <= found
