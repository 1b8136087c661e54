"""Mutation: change the guard's code one small thing at a time and see whether a test notices.

An own small mutator, because mutmut and cosmic-ray start pytest anew for every mutant (a second or two each, half an
hour in all) and do not know the bench's loader. Here a mutant's functions are put into the running modules, only the
tests that reach the changed line are run, the quickest first, and the first failure ends it.

Usage: python tools/proofs/mutate.py [--share N] [--tests NAME] [MODULE ...]
(N: every N-th mutant only; NAME: test_NAME.py of host_tests instead of all)
Explained survivors: tools/proofs/survivors.md, one line each: - `module: source line: what`: why.
"""

import ast
import copy
import importlib.util
import signal
import sys
import time
import types
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FOLDERS = tuple(f"/headroom/{room}/" for room in ("terms", "monitor", "guard", "record", "serve/answers"))
ROOMS = tuple(folder[1:].replace("/", ".") for folder in FOLDERS)
sys.path[:0] = [str(ROOT / "tools")]
from bench import host
from headroom_tools.common import arguments

host.load()

MODULES = (
    "blackbox", "breaker", "button", "causes", "contradictions", "events", "excursions", "faults", "step_response", "guard",
    "offer", "pilot", "protect", "proximity", "meter_faults", "retry", "selftest", "session", "meter_fallback",
)  # fmt: skip
TESTS = (
    "blackbox", "breaker", "causes", "contradictions", "excursions", "fault_rows", "step_response", "guard", "memory", "offer",
    "pilot", "protect", "meter_faults", "retry", "selftest", "session", "session_times", "meter_fallback",
)  # fmt: skip
SLOW_S = 0.5  # of CPU time; tests that take longer are left out: the mutants must be noticed by the quick ones
SECONDS_MAX = 10  # of CPU time, for a busy machine is no hang: a mutant that takes longer would meet the watchdog

COMPARE = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd, ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.Mod: ast.FloorDiv,
}  # fmt: skip


def changes(node):
    """(what, function that changes the node in place) of every small change to one node."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARE:
        other = COMPARE[type(node.ops[0])]
        yield f"{type(node.ops[0]).__name__} -> {other.__name__}", lambda n: n.ops.__setitem__(0, other())
    elif isinstance(node, ast.Compare):
        for index in range(len(node.ops)):
            other = COMPARE[type(node.ops[index])]
            yield (
                f"{type(node.ops[index]).__name__} -> {other.__name__}",
                lambda n, i=index, o=other: n.ops.__setitem__(i, o()),
            )
    elif isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in ARITHMETIC:
        other = ARITHMETIC[type(node.op)]
        yield f"{type(node.op).__name__} -> {other.__name__}", lambda n: setattr(n, "op", other())
    elif isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"-> {other.__name__}", lambda n: setattr(n, "op", other())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert)):
        yield "operator removed", lambda n: setattr(n, "op", ast.UAdd())
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} -> {not node.value}", lambda n: setattr(n, "value", not n.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        value = node.value
        for new in (value * 2, value // 2) if value > 10 else (value + 1,):
            yield f"{value} -> {new}", lambda n, v=new: setattr(n, "value", v)
    elif isinstance(node, (ast.If, ast.IfExp, ast.While)):
        for new in (True, False) if not isinstance(node, ast.While) else (False,):
            yield f"condition -> {new}", lambda n, v=new: setattr(n, "test", ast.Constant(v))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("min", "max"):
        other = "max" if node.func.id == "min" else "min"
        yield f"{node.func.id} -> {other}", lambda n: setattr(n.func, "id", other)


def mutants(source):
    """(line, what, changed syntax tree) of every mutant of a module."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    for index, node in enumerate(nodes):
        for what, change in changes(node):
            changed = copy.deepcopy(tree)
            change(list(ast.walk(changed))[index])
            yield node.lineno, what, ast.fix_missing_locations(changed)
    for index, node in enumerate(nodes):
        for name in ("body", "orelse"):
            for at, statement in enumerate(getattr(node, name, None) or () if not isinstance(node, ast.IfExp) else ()):
                inside = not isinstance(node, (ast.Module, ast.ClassDef))
                if (
                    inside
                    and isinstance(statement, (ast.Assign, ast.AugAssign, ast.Expr))
                    and not _docstring(statement)
                ):
                    changed = copy.deepcopy(tree)
                    getattr(list(ast.walk(changed))[index], name)[at] = ast.Pass(lineno=statement.lineno, col_offset=0)
                    yield statement.lineno, "statement removed", ast.fix_missing_locations(changed)


def _docstring(statement):
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


class Planted:
    """While it is entered, a module of decide is another one: functions by their code, constants by value."""

    def __init__(self, module, tree):
        self.module = module
        self.code = compile(tree, module.__file__, "exec")
        self.undo = []

    def __enter__(self):
        scratch = {"__name__": self.module.__name__, "__file__": self.module.__file__}
        exec(self.code, scratch)
        for name, new in scratch.items():
            old = vars(self.module).get(name)
            if isinstance(new, types.FunctionType):
                self._swap(old, new)
            elif isinstance(new, type) and new.__module__ == self.module.__name__:
                for key, method in vars(new).items():
                    if isinstance(method, types.FunctionType):
                        self._swap(vars(old)[key], method)
            elif isinstance(new, (int, tuple)) and not name.startswith("__") and new != old:
                self._everywhere(name, old, new)
            elif isinstance(new, list) and new != old:
                before = old[:]
                old[:] = new
                self.undo.append(lambda o=old, b=before: o.__setitem__(slice(None), b))

    def _swap(self, old, new):
        if old.__code__ is not new.__code__ and old.__code__ != new.__code__:
            before = old.__code__
            old.__code__ = new.__code__
            self.undo.append(lambda: setattr(old, "__code__", before))
        if old.__defaults__ != new.__defaults__:
            before_defaults = old.__defaults__
            old.__defaults__ = new.__defaults__
            self.undo.append(lambda: setattr(old, "__defaults__", before_defaults))

    def _everywhere(self, name, old, new):
        """A constant, here and in whatever part of the guard imported it by name; the tests keep the old one."""
        for other in [m for n, m in sys.modules.items() if n.startswith(ROOMS)]:
            mine = other is self.module
            if name in vars(other) and (mine or vars(other)[name] is old):
                setattr(other, name, new)
                self.undo.append(lambda o=other: setattr(o, name, old))

    def __exit__(self, *_):
        for undo in reversed(self.undo):
            undo()


def named(name):
    """The loaded module of a room by its own name."""
    return next(m for n, m in sys.modules.items() if n.startswith(ROOMS) and n.endswith("." + name))


def load_tests(names):
    """[(name, function)] of the guard's own tests."""
    found = []
    for name in names:
        path = next((ROOT / "host_tests").rglob(f"test_{name}.py"))
        before = dict(sys.modules)
        load, host.load = host.load, lambda *_, **__: None  # the modules are loaded; the tests must share them
        try:
            spec = importlib.util.spec_from_file_location(f"mutated_{name}", path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        finally:
            host.load = load
            sys.modules.update(before)
        found += [(f"{name}.{key}", value) for key, value in vars(module).items() if key.startswith("test_")]
    return found


def reach(tests):
    """{(file, line): [test, ...] quickest first}, from one traced run of each test."""
    lines = {}
    order = []
    for name, test in tests:
        seen = set()

        unseen = {}

        def trace(frame, event, _, seen=seen, unseen=unseen):
            code = frame.f_code
            if not any(room in code.co_filename for room in FOLDERS):
                return None
            left = unseen.get(code)
            if left is None:
                left = unseen[code] = {line for _, _, line in code.co_lines() if line}
            if not left:
                return None
            if frame.f_lineno in left:
                left.discard(frame.f_lineno)
                seen.add((Path(code.co_filename).name, frame.f_lineno))
            return trace

        started = time.process_time()
        test()
        took = time.process_time() - started
        if took > SLOW_S:
            continue
        sys.settrace(trace)
        try:
            test()
        finally:
            sys.settrace(None)
        order.append((took, name, test, seen))
    for _took, name, test, seen in sorted(order, key=lambda entry: entry[0]):
        for place in seen:
            lines.setdefault(place, []).append((name, test))
    return lines, [(name, test) for _, name, test, _ in sorted(order, key=lambda entry: entry[0])]


class TooLong(Exception):
    """The mutant hangs."""


def killer(module, tree, tests):
    """Name of the first test that notices, or None."""

    def alarm(*_):
        raise TooLong

    signal.signal(signal.SIGVTALRM, alarm)
    try:
        planted = Planted(module, tree)
        planted.__enter__()
    except Exception as error:
        return type(error).__name__
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_MAX)
    try:
        for name, test in tests:
            try:
                test()
            except TooLong:
                return "hangs"
            except Exception:
                return name
        return None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        planted.__exit__()


def explained():
    """{"module: source line: what"} of the survivors that somebody explained."""
    path = HERE / "survivors.md"
    text = path.read_text("utf-8") if path.exists() else ""
    return {line.split("`")[1] for line in text.splitlines() if line.startswith("- `")}


def run(names=MODULES, share=1, test_names=TESTS):
    """Yields (module, line, what, source line, killer or None)."""
    tests = load_tests(test_names)
    lines, everything = reach(tests)
    number = 0
    for name in names:
        module = named(name)
        source = Path(module.__file__).read_text("utf-8")
        rows = source.splitlines()
        functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
        inside = {line for node in functions for line in range(node.lineno + 1, node.end_lineno + 1)}
        for line, what, tree in mutants(source):
            number += 1
            if number % share:
                continue
            reaching = lines.get((f"{name}.py", line), []) if line in inside else everything
            if line in inside and not reaching:  # a statement over several lines is traced at some of them
                near = [lines.get((f"{name}.py", line - back), []) for back in range(1, 6)]
                reaching = next((found for found in near if found), everything)  # or it runs at the import only
            yield name, line, what, rows[line - 1].strip(), killer(module, tree, reaching)


def main():
    """Print survivors and the share that was killed; status 1 below 95 %, or when a survivor is not explained."""
    asked = arguments.parser(__doc__)
    asked.add_argument("names", metavar="MODULE", nargs="*", default=MODULES, help=", ".join(MODULES))
    asked.add_argument("--share", type=arguments.whole(1, 10**6), default=1, help="every N-th mutant only")
    asked.add_argument("--tests", choices=TESTS, help="test_NAME.py of host_tests instead of all")
    told = asked.parse_args()
    for name in set(told.names) - set(MODULES):
        asked.error(f"'{name}' is none of {', '.join(MODULES)}")
    test_names = [told.tests] if told.tests else TESTS
    known = explained()
    total = killed = unexplained = 0
    for name, line, what, row, by in run(told.names, told.share, test_names):
        total += 1
        killed += by is not None
        if by is None:
            place = f"{name}: {row}: {what}"
            fine = place in known
            unexplained += not fine
            print(f"{'explained' if fine else 'SURVIVED '} {name}:{line} `{place}`", flush=True)
    percent = 100 * killed / max(total, 1)
    print(f"{total} mutants, {killed} killed ({percent:.1f} %), {total - killed} survived, {unexplained} unexplained")
    return 1 if percent < 95 or unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
