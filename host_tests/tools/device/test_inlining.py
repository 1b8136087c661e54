"""What is called from one place only is written there, and does the same; what cannot be, stays a function."""

import ast

import pytest
from headroom_tools.device.inlining import inline

CLASS = """
class A:
    def step(self, x):
        {before}
        {call}
        return x + self.n
    def _f(self, {arguments}):
        {body}
"""


def written(text, **others):
    """(the module `a` with what is called once written where it is called, names of that)."""
    trees = {"a": ast.parse(text)} | {name: ast.parse(other) for name, other in others.items()}
    done = inline(trees, {})
    return ast.unparse(trees["a"]), done


def of_class(call, body, arguments="x", before="pass"):
    return CLASS.format(
        call=call.replace("\n", "\n        "),
        body=body.replace("\n", "\n        "),
        arguments=arguments,
        before=before.replace("\n", "\n        "),
    )


def results(text):
    """What a step returns for some arguments, and what it leaves in the object."""
    names = {}
    exec(text, names)
    found = []
    for n in (-2, 0, 1, 7):
        for x in (-3, 0, 2, 9):
            a = names["A"]()
            a.n = n
            try:
                found.append((a.step(x), dict(vars(a))))
            except ValueError as error:
                found.append((str(error), dict(vars(a))))
    return found


MADE = {
    "a call that stands alone": of_class("self._f(x)", "self.n += x"),
    "its return in the middle": of_class("self._f(x)", "if x > 1:\n    self.n = 5\n    return\nself.n += x"),
    "returns": of_class("self._f(x)", "if x > 5:\n    return\nif x > 0:\n    self.n = 1\nelse:\n    return\nself.n += 1"),
    "what it returns is assigned": of_class("x = self._f(x)", "if x > 1:\n    return 3\nself.n = 4\nreturn x + self.n"),
    "and where it returns nothing": of_class("self.m = self._f(x)", "if x > 1:\n    return 3"),
    "what it returns is returned": of_class("return self._f(x)", "for i in range(x):\n    if i > 2:\n        return i"),
    "an if asks it": of_class("if self._f(x):\n    self.n = 9", "if x > 1:\n    return x > 3\nself.n += 1\nreturn self.n > 1"),
    "an if asks whether not": of_class("if not self._f(x):\n    self.n = 9\nelse:\n    x = 0", "y = x * 2\nreturn y > 3"),
    "an if asks it last": of_class("if x > 0 and self._f(x):\n    self.n = 9", "y = x * 2\nself.n += 1\nreturn y > 3"),
    "an if asks it first": of_class("if self._f(x) or x > 3:\n    self.n = 9", "y = x * 2\nself.n += 1\nreturn y > 3"),
    "an elif asks it": of_class("if x > 5:\n    x = 1\nelif self._f(x):\n    self.n = 9", "self.n += 1\nreturn self.n > 1"),
    "one expression": of_class("x = max(self._f(x), 1)", "return x * 2 + self.n"),
    "a name of the caller's": of_class("self._f(x)", "y = z * 2\nself.n += y", "z", "y = x\nx = y + 1"),
    "an argument that it changes": of_class("self._f(x)", "x += 1\nself.n = x"),
    "an argument that is worked out once": of_class("self._f(self.n)", "self.n = 1\nself.n = z + z", "z"),
    "a default": of_class("self._f()", "self.n += z", "z=3"),
    "a word": of_class("self._f(z=x, y=2)", "self.n += y * 10 + z", "y, z"),
    "in a loop": of_class("for i in range(3):\n    self._f(i)", "if i == 1:\n    return\nself.n += i", "i"),
    "in a try": of_class("try:\n    self._f(x)\nexcept KeyError:\n    x = 1", "if x == 2:\n    raise ValueError\nself.n = 2"),
    "what fails": of_class("self._f(x)", "if x == 2:\n    raise ValueError('two')\nself.n = 2"),
}  # fmt: skip


@pytest.mark.parametrize("case", MADE)
def test_it_does_the_same(case):
    made, done = written(MADE[case])
    assert done == ["a._f"]
    assert "_f" not in made
    assert results(made) == results(MADE[case])


def test_its_last_returns_may_be_the_callers():
    text = """
class A:
    def step(self, x):
        self.m = 1
        self.go(x)
        return 0
    def go(self, x):
        if x:
            self._f(x)
    def _f(self, x):
        for i in range(x):
            if i > self.n:
                return
            self.m += i
"""
    made, done = written(text)
    assert done == ["a._f"]
    assert results(made) == results(text)


STAYS = {
    "returns within a loop": of_class("x = self._f(x)", "for i in range(x):\n    if i > 2:\n        return i"),
    "a scope within it": of_class("x = self._f(x)", "y = [z + x for z in range(3)]\nreturn len(y)"),
    "a while asks it": of_class("while self._f(x):\n    x -= 1", "self.n += 1\nreturn x > self.n"),
    "an if asks it in the middle": of_class("if x > 0 or self._f(x):\n    x = 1", "self.n += 1\nreturn x > self.n"),
    "called twice": of_class("self._f(x)\nself._f(x)", "self.n += x"),
    "handed on": of_class("y = self._f\ny(x)", "self.n += x"),
    "spoken of": of_class("self._f(x)\nself.m = 'a._f'", "self.n += x"),
    "a generator": of_class("for y in self._f(x):\n    x += y", "yield x"),
    "of a class with relatives": of_class("self._f(x)", "self.n += x") + "\nclass B(A):\n    pass\n",
    "decorated": of_class("self._f(x)", "self.n += x").replace("    def _f", "    @wrapped\n    def _f"),
    "a name that anybody may call": of_class("self.f(x)", "self.n += x").replace("_f", "f"),
}


@pytest.mark.parametrize("case", STAYS)
def test_it_stays(case):
    made, done = written(STAYS[case])
    assert done == []
    assert made == ast.unparse(ast.parse(STAYS[case]))


def test_another_module_that_may_mean_it_keeps_it():
    text = of_class("self._f(x)", "self.n += x")
    assert written(text, b="def f(a):\n    a._f(1)\n")[1] == []
    assert written(text, b="class B:\n    def f(self):\n        self._f(1)\n")[1] == ["a._f"], "that is B's own"


def test_a_function_of_a_module_that_nobody_else_names_is_written_where_it_is_called():
    text = "LIMIT = [3]\ndef most(x):\n    return min(x, LIMIT[0])\n\nclass A:\n    def step(self, x):\n        return most(x)\n"
    made, done = written(text)
    assert done == ["a.most"]
    assert "return min(x, LIMIT[0])" in made
    assert written(text, b="from headroom.a import most\n")[1] == []
    clash = text.replace("return most(x)", "LIMIT = [1]\n        return most(x) + LIMIT[0]")
    assert written(clash)[1] == [], "the caller has another by a name that it reads"


def test_two_that_are_written_into_one_do_not_meet():
    text = """
def low(x):
    y = x - 1
    return y
class A:
    def step(self, x):
        self._f(x)
        self._g(x)
        return 0
    def _f(self, x):
        self.n = low(x)
    def _g(self, x):
        low_ = x
        y = low_ + self.n
        self.n = y
"""
    made, done = written(text)
    assert sorted(done) == ["a._f", "a._g", "a.low"]
    assert results(made) == results(text)


def test_lines_stay_those_of_the_source():
    text = of_class("self._f(x)", "y = x\nself.n = y // 0")
    trees = {"a": ast.parse(text)}
    inline(trees, {})
    line = next(number for number, row in enumerate(text.splitlines(), 1) if "// 0" in row)
    assert [node.lineno for node in ast.walk(trees["a"]) if ast.unparse(node) == "y // 0"] == [line]
