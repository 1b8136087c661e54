"""What is stored and read by nobody is left out, and nothing else."""

import ast

from headroom_tools.device.unread import leave_out

HOME = "headroom.guard.a"
PLAIN = "class A:\n    def __init__(self, n):\n        self.n = n\n        self.idle = [0] * 3\n        self.kept = 1\n"


def left(text, reader="def f(a):\n    return a.kept + a.n\n", module=HOME):
    """A module after the build has looked at it, beside another that reads some of it."""
    trees = {module: ast.parse(text), "headroom.charger": ast.parse(reader)}
    leave_out(trees, {})
    return ast.unparse(trees[module])


def test_a_store_that_nobody_reads_goes_and_what_is_read_anywhere_stays():
    assert left(PLAIN) == PLAIN.replace("        self.idle = [0] * 3\n", "").strip().replace("\n    def", "\n\n    def")


def test_what_is_asked_by_a_text_is_read():
    assert "self.idle" in left(PLAIN, "def f(a):\n    return getattr(a, 'idle') or a.kept\n")


def test_what_is_counted_on_is_read():
    assert "self.idle" in left(PLAIN + "    def more(self):\n        self.idle += 1\n")


def test_what_does_something_while_it_is_made_stays():
    for value in ("open('x')", "Pin(3)", "n.pop()", "[each for each in n]", "lambda: n"):
        assert "self.idle" in left(PLAIN.replace("[0] * 3", value)), value


def test_an_object_of_a_room_that_touches_no_world_is_not_made_for_nobody():
    other = "\nclass B:\n    pass\n"
    assert "B()" not in left(PLAIN.replace("[0] * 3", "B()") + other)
    assert "B()" in left(PLAIN.replace("[0] * 3", "B()") + other, module="headroom.sense.a")


def test_a_block_of_which_nothing_is_left_says_so():
    assert "if n:\n            pass" in left(PLAIN + "        if n:\n            self.idle = 2\n")
