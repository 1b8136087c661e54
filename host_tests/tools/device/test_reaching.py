"""What a board cannot reach is left out, what only the start needs goes when it is over, and nothing else changes."""

import ast
import re
import subprocess
import sys

import pytest
from headroom_tools.common.places import ROOT
from headroom_tools.device import fitting, linking
from headroom_tools.device.flash import FIRMWARE, PLAIN, facts
from headroom_tools.device.folding import folded

MAIN = ast.parse("from headroom.charger import Charger\n\nCharger().run()\n")
CHARGER = """
from headroom.m.a import A

class Charger:
    def __init__(self):
        self.a = A(3)
    def run(self):
        while True:
            self.a.step()
"""


def fit(board=None, charger=CHARGER, main=MAIN, **files):
    """The modules of a firmware of one room, `m`, as they are for a board; without ``board``, for any."""
    trees = {f"headroom.m.{name}": ast.parse(text) for name, text in files.items()}
    trees |= {"headroom.charger": ast.parse(charger), "headroom.started": ast.parse('"""Nothing."""')}
    trees |= {"headroom.once": ast.parse('NAME = "headroom.started"\n')}
    linking.fitted({"main.py": main}, trees, board or {})
    return {name.rpartition(".")[2]: ast.unparse(tree) for name, tree in trees.items()}


A = """
class A:
    def __init__(self, n):
        self.n = n
    def step(self):
        self.n += 1
    def spare(self):
        return self.n
"""


def test_what_nobody_calls_is_left_out_and_what_only_the_start_calls_goes_when_it_is_over():
    made = fit(a=A)
    assert "def step" in made["a"]
    assert "def spare" not in made["a"]
    assert made["started"] == (
        "from headroom import charger as m0\nm0.Charger.__init__ = None\nfrom headroom.m import a as m1\nm1.A.__init__ = None"
    )


def test_a_special_method_of_what_lives_on_stays_for_no_call_names_it():
    kept = A + "    def __getitem__(self, place):\n        return place\n"
    made = fit(a=kept)
    assert "def __getitem__" in made["a"]
    assert "__getitem__" not in made["started"]
    assert "A.__init__ = None" in made["started"]


def test_what_only_a_module_that_is_read_by_its_name_imports_stays_as_far_as_that_needs_it():
    named = "from headroom.m.deep import deep\n\ndef answer():\n    return deep()\n"
    deep = "from headroom.m.deeper import N\n\nSEEN = []\n\ndef deep():\n    SEEN.append(N)\n\ndef idle():\n    pass\n"
    charger = CHARGER.replace("self.a.step()", "self.a.step()\n            __import__('headroom.m.named')")
    made = fit(charger=charger, a=A, named=named, deep=deep, deeper="N = [1]\n", other="import os\n")
    assert made["named"] == named.strip().replace("\n\n\n", "\n\n")
    assert "def deep" in made["deep"]
    assert "SEEN = []" in made["deep"]
    assert "idle" not in made["deep"]
    assert made["deeper"] == "N = [1]"
    assert "other" not in made
    assert "headroom.m.deep" not in made["started"]


def test_a_method_that_is_handed_on_or_asked_of_something_unknown_stays():
    handed = fit(
        a=A, charger=CHARGER.replace("A(3)", "A(3)\n        self.list = [self.a.spare]\n        print(self.list)")
    )
    assert "def spare" in handed["a"]
    unknown = fit(
        a=A, charger=CHARGER.replace("self.a.step()", "self.a.step()\n            print(self.b.spare())\n    b = None")
    )
    assert "def spare" in unknown["a"]


def test_a_method_of_another_class_by_the_same_name_goes_where_the_class_can_be_told():
    other = "\n\nclass B:\n    def __init__(self):\n        self.n = 1\n    def step(self):\n        self.n = 2\n"
    made = fit(
        a=A + other, charger=CHARGER.replace("A(3)", "A(3)\n        self.b = B()").replace("import A", "import A, B")
    )
    assert made["a"].count("def step") == 1


def test_a_name_that_is_computed_is_refused():
    with pytest.raises(ValueError, match=r"headroom.m.a.A.step: getattr\(self, name\): nobody can tell"):
        fit(a=A.replace("self.n += 1", "name = 'x'\n        getattr(self, name)"))


ASKS = """
import board

class A:
    def __init__(self, n):
        self.lock = None if board.LOCK_PIN is None else board.LOCK_PIN
        self.n = n
    def step(self):
        if self.lock is not None:
            self.turn()
        if board.CABLE == 'socket':
            self.turn()
        self.n += 1
    def turn(self):
        self.n = board.LOCK_PIN
"""


def test_what_the_board_has_not_is_left_out_and_what_it_has_stays():
    without = fit({"LOCK_PIN": None, "CABLE": "tethered"}, a=ASKS)["a"]
    assert "turn" not in without
    assert "if" not in without
    for has in ({"LOCK_PIN": 5, "CABLE": "tethered"}, {"LOCK_PIN": None, "CABLE": "socket"}):
        assert "def turn" in fit(has, a=ASKS)["a"]
    assert "self.lock = board.LOCK_PIN" in fit({"LOCK_PIN": 5, "CABLE": "tethered"}, a=ASKS)["a"], (
        "numbers stay the board's"
    )


def test_an_attribute_that_somebody_else_sets_is_no_constant():
    set_outside = CHARGER.replace("self.a.step()", "self.a.lock = 7\n            self.a.step()")
    assert "def turn" in fit({"LOCK_PIN": None, "CABLE": "tethered"}, a=ASKS, charger=set_outside)["a"]


def test_a_board_file_that_was_changed_since_it_was_flashed_is_refused_at_the_start():
    source = (FIRMWARE / "headroom" / "sense" / "fitted.py").read_text("utf-8")
    trees = {
        fitting.FITTED: ast.parse(source),
        "x": ast.parse("import board\nX = board.LOCK_PIN is None\nY = board.FAN\n"),
    }
    values = facts("reference")
    answers = fitting.ask(trees, {"LOCK_PIN": None, "FAN": False})
    fitting.remember(trees, answers)
    refusal = {}
    exec(ast.unparse(trees[fitting.FITTED]).replace("import board", "board = None"), refusal)
    for changed, wrong in (
        ({}, ""),
        ({"LOCK_PIN": 5}, "LOCK_PIN"),
        ({"LOCK_PIN": 0}, "LOCK_PIN"),
        ({"FAN": True}, "FAN"),
    ):
        refusal["board"] = type("board", (), {**dict(values), "LOCK_PIN": None, "FAN": False, **changed})
        told = refusal["refusal"]()
        assert told.partition(":")[0] == wrong
        assert not wrong or "built for a board" in told


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from bench import host
host.ROOT = sys.argv[2]
host.load(sys.argv[3])
from bench import table
from proofs.conformance import Bench

plain = table.set_up


def set_up(module, scenario):  # which stages settings as an answer does: what is lent to those is lent to it
    if sys.argv[2] != sys.argv[6]:
        __import__("headroom.serve.answers.of_serve_store_settings")
    return plain(module, scenario)


table.set_up = set_up

class Port:
    typed, told = b"", b""
    def read(self):
        byte, self.typed = (self.typed[0], self.typed[1:]) if self.typed else (-1, b"")
        return byte
    def ready(self):
        return True
    def write(self, data):
        self.told += data

bench = Bench(board=sys.argv[3], car_phases=int(sys.argv[5]), car_a=16)
charger, port = bench.table.charger, Port()
charger.service.console.port = port
bench.charging()
charger.law = bench.table.module.Balance(charger.limits)
charger.started()
for line in sys.argv[4].splitlines():
    port.typed = line.encode() + b"\\r"
    bench.table.live(1500)
bench.table.live(3000)
print(port.told.decode())
print("records", {each: value for record in (charger.verdict, charger.readings, charger.proposal)
                  for each, value in vars(record).items()})
"""


def asked():
    """Every line that bench/day.py asks of the console, but for what tells the free memory."""
    body = ast.parse((ROOT / "tools" / "bench" / "day.py").read_text("utf-8")).body
    lines = next(
        node.value for node in body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "LINES"
    )
    return [line for line in ast.literal_eval(lines) if line != "version"]


def tree(folder, board):
    """A firmware for a board as files of its own, not linked."""
    texts = {path.relative_to(FIRMWARE).as_posix(): path.read_text("utf-8") for path in sorted(FIRMWARE.rglob("*.py"))}
    texts = folded(texts, PLAIN)
    names = {name[:-3].replace("/", ".").removesuffix(".__init__"): name for name in texts if name not in PLAIN}
    trees = {module: ast.parse(texts[name]) for module, name in names.items()}
    linking.fitted({name: ast.parse(texts[name]) for name in PLAIN if name in texts}, trees, dict(facts(board)))
    for module, made in trees.items():
        path = folder / "firmware" / names.get(module, module.replace(".", "/") + ".py")  # lent: no file of the source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(re.sub(r"\bconst\((-?\d+)\)", r"\1", ast.unparse(made)) + "\n", encoding="utf-8")
    for name in PLAIN:
        if name in texts:
            (folder / "firmware" / name).write_text(texts[name], encoding="utf-8")
    (folder / "boards").symlink_to(ROOT / "boards")
    return sum(len(ast.unparse(made)) for made in trees.values())


@pytest.mark.parametrize("board", ["reference", "minimal"])
def test_what_is_left_charges_answers_and_remembers_as_the_whole_does(tmp_path, board):
    tree(tmp_path, board)
    said = []
    for root in (ROOT, tmp_path):
        run = [
            sys.executable,
            "-c",
            SCRIPT,
            ROOT / "tools",
            root,
            board,
            "\n".join(asked()),
            str(dict(facts(board))["PHASES"]),
            ROOT,
        ]
        done = subprocess.run(run, capture_output=True, text=True, timeout=300)
        assert not done.returncode, done.stderr
        said.append(done.stdout)
    assert "charging C offer" in said[0]
    whole, left = (each.split("records ") for each in said)
    assert left[0] == whole[0]
    all_of_it, some = ast.literal_eval(whole[1]), ast.literal_eval(left[1])
    assert {name: all_of_it[name] for name in some} == some
    assert {"offer_ma", "reason", "grid_ma", "closed"} < set(some), "what nobody reads is left out (unread.py), no more"
    gone = (tmp_path / "firmware" / "headroom" / "started.py").read_text("utf-8")
    assert gone.count("__init__ = None") > 40
