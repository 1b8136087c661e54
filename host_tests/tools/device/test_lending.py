"""What only answers call is lent to its class while one of them is in memory, and nothing that may go on without them."""

import ast

import pytest
from headroom_tools.device import linking
from headroom_tools.measure import heap_cost, vm32

LOADER = """
ROOM = "headroom.serve.answers"

def module(name):
    return __import__(name, None, None, ("*",))

def part(name):
    return module(ROOM + "." + name)
"""
A = """
from headroom.serve.limits import LEAST, MOST

_STEP = const(3)

class A:
    def __init__(self, n):
        self.n = n
    def step(self):
        self.n += 1
    def asked(self, x):
        return self.least(x) + _STEP
    def least(self, x):
        return min(self.n, x, MOST[0])
    def kept(self):
        return self.n
    def begins(self):
        return LEAST[0]
"""
LIMITS = "MOST = [9]\nLEAST = [1]\n"
CHARGER = """
from headroom.serve.a import A
from headroom.serve.loader import part

class Charger:
    def __init__(self):
        self.a = A(3)
    def run(self):
        while True:
            self.a.step()
            self.work = part("sessions").keep(self.a)
"""
ANSWER = "def answer(service):\n    yield service.a.asked(3)\n"
SESSIONS = "def keep(a):\n    yield a.kept()\n"


def lent(a=A, answer=ANSWER, sessions=SESSIONS, charger=CHARGER):
    """The modules, by name, as they are for a board."""
    trees = {"headroom.charger": charger, "headroom.serve.loader": LOADER, "headroom.serve.a": a}
    trees |= {
        "headroom.serve.limits": LIMITS,
        "headroom.started": '"""Nothing."""',
        "headroom.once": 'NAME = "headroom.started"\n',
    }
    trees |= {"headroom.serve.answers.reports": answer, "headroom.serve.answers.sessions": sessions}
    made = {name: ast.parse(text) for name, text in trees.items()}
    main = ast.parse("from headroom.charger import Charger\n\nCharger().run()\n")
    linking.fitted({"main.py": main}, made, {})
    return {name: ast.unparse(tree) for name, tree in made.items()}


def test_a_method_that_only_an_answer_calls_goes_into_a_file_that_the_answer_reads_first():
    made = lent()
    assert "def asked" not in made["headroom.serve.a"]
    assert "asked = None" in made["headroom.serve.a"], "else another attribute might get its name (naming.py)"
    assert "def step" in made["headroom.serve.a"]
    assert made["headroom.serve.answers.reports"].startswith("from headroom.serve.answers import of_serve_a\n")
    assert "of_serve_a" not in made["headroom.serve.answers.sessions"]
    given = made["headroom.serve.answers.of_serve_a"]
    assert "A.asked = asked_A" in given
    assert "A.least = least_A" in given
    assert given.endswith("def take_back():\n    A.asked = None\n    A.least = None")


def test_what_it_names_comes_from_where_it_is_and_a_hidden_constant_with_it():
    given = lent()["headroom.serve.answers.of_serve_a"]
    assert "from headroom.serve.a import A" in given
    assert "from headroom.serve.limits import MOST" in given
    assert "_STEP = const(3)" in given


def test_what_an_answer_calls_that_the_charger_itself_reads_stays():
    assert "def kept" in lent(answer=ANSWER + "    yield service.a.kept()\n")["headroom.serve.a"]
    asked = lent(sessions=SESSIONS + "    yield a.asked(1)\n")
    assert "def asked" in asked["headroom.serve.a"]


def test_what_runs_without_anybody_asking_stays_and_what_the_start_calls():
    always = lent(charger=CHARGER.replace("self.a.step()", "self.a.step()\n            self.a.asked(4)"))
    assert "def asked" in always["headroom.serve.a"]
    start = lent(charger=CHARGER.replace("A(3)", "A(3)\n        self.a.asked(4)"))
    assert "def asked" in start["headroom.serve.a"]


def test_what_only_the_start_needs_goes_all_the_same():
    assert "A.__init__ = None" in lent()["headroom.started"]


@pytest.mark.skipif(vm32.node() is None, reason=vm32.MISSING)
def test_on_the_chip_it_is_there_while_an_answer_is_and_not_after():
    files = heap_cost.firmware("reference") | heap_cost.rig("reference")
    texts = heap_cost.texts("reference")
    given = texts["headroom/serve/answers/of_serve_console_pin.py"].text
    names = texts["headroom/charger.py"].names
    method = names.attributes.get("is_open", "is_open")
    pin, commands, drop = (names.attributes.get(each, each) for each in ("pin", "commands", "drop"))
    console = names.attributes.get("console", "console")
    assert f".{method} = " in given
    steps = [
        heap_cost.BEGIN,
        "import headroom.charger, heap",
        "made = heap.make()",
        f"print(made.service.{pin}.{method})",
        "import headroom.serve.answers.charger_commands",
        f"print(made.service.{pin}.{method}())",
        f"made.service.{console}.{commands}.{drop}()",
        f"print(made.service.{pin}.{method})",
    ]
    for place in (3, 7):
        steps[place] = f"try:\n    {steps[place]}\nexcept AttributeError:\n    print(None)"
    said = vm32.run(steps, files, 2 * vm32.CHIP_BYTES, bare=False).splitlines()
    assert said[-3:] in (["None", "True", "None"], ["None", "False", "None"])
