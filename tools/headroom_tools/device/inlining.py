"""What is called from one place only is written there, before the modules of a room are linked.

A function costs the chip some 60 bytes beside what it does: an object, its place in the class, its head, the call. So the source
is cut where a person would cut it, and the chip gets it whole. Written where it is called is a method with a name of its own
(`_x`, called on ``self`` once, in a class without relatives), and a function of a module that nobody else names, if all of
this holds:

- the call stands alone, is assigned or returned, or is what an `if` asks first of all, or last of all without an `else`; or the
  function is one expression;
- its returns can be put at the ends of branches: none lies in a loop, a `try` or a `with`, unless the caller returns there, too;
- it has no scope in it (a lambda, a comprehension), makes nothing global, and is no generator.

Its names give way to the caller's. Its lines stay what they are, so a crash report still tells them (explain.py).
"""

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from headroom_tools.device.walking import all_bound, children, walk

SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.FunctionDef, ast.ClassDef)
AWAY = (ast.Yield, ast.YieldFrom, ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom, ast.NamedExpr, ast.Delete)
Trees = dict[str, ast.Module]
Block = list[ast.stmt]
Node = TypeVar("Node", bound=ast.AST)


@dataclass
class Candidate:
    """A function, the list that it stands in, and the only place that names it."""

    function: ast.FunctionDef
    home: Block
    caller: ast.FunctionDef
    call: ast.Call
    method: bool


def inline(trees: Trees, plain: Trees) -> list[str]:
    """Writes what is called from one place only there; returns what that was, as module and name."""
    known = Mentioned([*trees.values(), *plain.values()])
    return [f"{module}.{name}" for module, tree in trees.items() for name in Inliner(tree, known).work()]


class Mentioned:
    """What the whole firmware says that may mean a function of some module or class."""

    def __init__(self, trees: list[ast.Module]) -> None:
        nodes = [node for tree in trees for node in walk(tree)]
        self.asked: set[str] = set()  # of anything but self, or of a module
        self.spoken: set[str] = set()  # by texts
        self.related: set[str] = set()  # classes from which others come
        for node in nodes:
            if isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id == "self"):
                self.asked.add(node.attr)
            elif isinstance(node, ast.ImportFrom):
                self.asked.update(alias.name for alias in node.names)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                self.spoken.update(node.value.replace("\t", ".").split("."))
            elif isinstance(node, ast.ClassDef):
                self.related.update(ast.unparse(base).rpartition(".")[2] for base in node.bases)

    def alone(self, name: str) -> bool:
        """Whether nobody but the function's own module or class can mean it."""
        return name not in self.asked | self.spoken


class Inliner:
    """The functions of one module."""

    def __init__(self, tree: ast.Module, known: Mentioned) -> None:
        self.tree = tree
        self.known = known
        self.refused: set[int] = set()
        self.fixed: dict[int, set[str]] = {}  # by caller: names that mean something in it, whatever is written into it

    def work(self) -> list[str]:
        """Write all that can be; returns the functions' names."""
        done: list[str] = []
        while True:
            found = [each for each in self._candidates() if id(each.function) not in self.refused]
            callers = {id(each.caller) for each in found}
            ready = [each for each in found if id(each.function) not in callers] or found  # the innermost first
            if not ready:
                return done
            for each in ready:
                if self._written(each):
                    each.home.remove(each.function)
                    done.append(each.function.name)
                else:
                    self.refused.add(id(each.function))

    def _candidates(self) -> list[Candidate]:
        found = []
        named = Counter(node.id for node in walk(self.tree) if isinstance(node, ast.Name))
        for owner in self.tree.body:
            if isinstance(owner, ast.FunctionDef) and named[owner.name] == 1 and self.known.alone(owner.name):
                found += _called(owner, self.tree.body, self.tree, False)
            elif isinstance(owner, ast.ClassDef) and not owner.bases and owner.name not in self.known.related:
                own = Counter(node.attr for node in walk(owner) if isinstance(node, ast.Attribute))
                for child in owner.body:
                    if not isinstance(child, ast.FunctionDef) or child.name[0] != "_" or child.name[:2] == "__":
                        continue
                    if own[child.name] == 1 and self.known.alone(child.name):
                        found += _called(child, owner.body, owner, True)
        return found

    def _written(self, each: Candidate) -> bool:
        """Put a function's body where it is called; False, and nothing changed, where that cannot be."""
        caller, call = each.caller, each.call
        given = _given(each)
        if caller.decorator_list or given is None:
            return False
        function = copy.deepcopy(each.function)
        if ast.get_docstring(function) is not None:
            function.body = function.body[1:] or [ast.copy_location(ast.Pass(), function.body[0])]
        bound = set().union(*(all_bound(each) for each in [function.args, *function.body])) - {"self"}
        names = [node for node in walk(function) if isinstance(node, ast.Name)]
        stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        read = {node.id for node in names} - bound - {"self"}
        if read & all_bound(caller):
            return False  # what is a module's name there would be the caller's own here
        here = {node.id for node in walk(caller) if isinstance(node, ast.Name)} | all_bound(caller)
        fixed = self.fixed.setdefault(id(caller), here) | read
        renamed: dict[str, ast.expr] = {}
        taken = set(fixed)
        for name in sorted(bound):
            value = given.get(name)
            if value is None or name in stored or not isinstance(value, ast.Name | ast.Constant):
                new = name
                while new in taken:
                    new += "_"
                taken.add(new)
                value = ast.Name(new, ast.Load())
            renamed[name] = value
        before: Block = []
        for argument in function.args.args:
            target = renamed.get(argument.arg)
            if argument.arg in given and isinstance(target, ast.Name) and target is not given[argument.arg]:
                before.append(_at(ast.Assign([ast.Name(target.id, ast.Store())], given[argument.arg]), call))
        Renamer(renamed).visit(ast.Module(function.body, []))
        only = function.body[0]
        if len(function.body) == 1 and isinstance(only, ast.Return) and only.value and not before:
            _replaced(caller, call, _at(only.value, call))
        elif not _placed(caller, call, before, function.body, taken):
            return False
        self.fixed[id(caller)] = fixed
        return True


def _called(function: ast.FunctionDef, home: Block, within: ast.AST, method: bool) -> list[Candidate]:
    """The candidate, if it can be one and its only mention is a call in another function."""
    inside = list(_nodes(function.body))
    if function.decorator_list or any(isinstance(node, (*SCOPES, *AWAY)) for node in inside):
        return []
    if any(isinstance(node, ast.Name) and node.id == "super" for node in inside):
        return []
    for caller in walk(within):
        if not isinstance(caller, ast.FunctionDef) or caller is function:
            continue
        for node in _own(caller):
            if isinstance(node, ast.Call) and _is_it(node.func, function.name, method):
                return [Candidate(function, home, caller, node, method)]
    return []


def _is_it(node: ast.expr, name: str, method: bool) -> bool:
    if method:
        return isinstance(node, ast.Attribute) and node.attr == name
    return isinstance(node, ast.Name) and node.id == name


def _own(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """What stands in a function, and in no scope within it."""
    left: list[ast.AST] = list(function.body)
    while left:
        node = left.pop()
        yield node
        if not isinstance(node, SCOPES):
            left += children(node)


def _at(made: Node, at: ast.AST) -> Node:
    """Returns a piece of code that stands where something else did, whole."""
    for node in walk(made):
        if isinstance(node, ast.expr | ast.stmt):
            ast.copy_location(node, at)
    return made


def _given(each: Candidate) -> dict[str, ast.expr] | None:
    """What each argument is given; None: it cannot be told."""
    arguments = each.function.args
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs:
        return None
    names = [argument.arg for argument in arguments.args][each.method :]
    call = each.call
    if any(isinstance(value, ast.Starred) for value in call.args) or any(word.arg is None for word in call.keywords):
        return None
    given = dict(zip(names, call.args, strict=False))
    given |= {word.arg: word.value for word in call.keywords if word.arg}
    defaults = dict(zip(reversed(names), reversed(arguments.defaults), strict=False))
    for name in names:
        if name not in given:
            if not isinstance(defaults.get(name), ast.Constant):
                return None
            given[name] = defaults[name]
    return given


class Renamer(ast.NodeTransformer):
    """Gives a function's names others."""

    def __init__(self, renamed: dict[str, ast.expr]) -> None:
        self.renamed = renamed

    def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: D102
        new = self.renamed.get(node.id)
        if new is None:
            return node
        made = copy.copy(new)
        if isinstance(made, ast.Name):
            made.ctx = node.ctx
        return ast.copy_location(made, node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.ExceptHandler:  # noqa: D102
        new = self.renamed.get(node.name or "")
        if isinstance(new, ast.Name):
            node.name = new.id
        self.generic_visit(node)
        return node


def _replaced(within: ast.AST, old: ast.expr, new: ast.expr) -> None:
    for node in walk(within):
        for name, value in ast.iter_fields(node):
            if value is old:
                setattr(node, name, new)
            elif isinstance(value, list):
                value[:] = [new if each is old else each for each in value]


def _placed(caller: ast.FunctionDef, call: ast.Call, before: Block, body: Block, taken: set[str]) -> bool:
    """Put statements in the place of the one that has the call."""
    block, place, last = _home(caller.body, call, True)
    statement = block[place]
    made: Block | None = None
    if isinstance(statement, ast.If):
        return _asked(block, place, call, before, body, taken)
    if isinstance(statement, ast.Expr) and statement.value is call:
        made = ended(body, _dropped)
        if made is None and last and not any(isinstance(node, ast.Return) and node.value for node in _nodes(body)):
            made = body
    elif isinstance(statement, ast.Return) and statement.value is call:
        made = body if _ends(body) else [*body, ast.copy_location(ast.Return(None), body[-1])]
    elif isinstance(statement, ast.Assign) and statement.value is call and len(statement.targets) == 1:
        target = statement.targets[0]
        if isinstance(target, ast.Name) or (isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name)):
            made = ended(body, lambda value, at: [_assigned(target, value, at)])
    if made is None:
        return False
    block[place : place + 1] = [*before, *made] or [ast.copy_location(ast.Pass(), statement)]
    return True


def _nodes(block: Block) -> Iterator[ast.AST]:
    return (node for each in block for node in walk(each))


def _dropped(value: ast.expr | None, at: ast.AST) -> Block:
    """What is left of a `return` where nobody wants what it returns."""
    if value is None or isinstance(value, ast.Name | ast.Constant):
        return []
    return [ast.copy_location(ast.Expr(value), at)]


def _assigned(target: ast.expr, value: ast.expr | None, at: ast.AST) -> ast.stmt:
    made = ast.Assign([_at(copy.deepcopy(target), at)], value or ast.copy_location(ast.Constant(None), at))
    return ast.copy_location(made, at)


def _asked(block: Block, place: int, call: ast.Call, before: Block, body: Block, taken: set[str]) -> bool:
    """A call that an `if` asks: first of all; or last of all, where nothing else follows from it."""
    statement = block[place]
    assert isinstance(statement, ast.If)
    test = statement.test
    name = "asked"
    while name in taken:
        name += "_"
    answer = ast.copy_location(ast.Name(name, ast.Load()), call)
    made = ended(body, lambda value, at: [_assigned(ast.Name(name, ast.Store()), value, at)])
    if made is None:
        return False
    several = test.values if isinstance(test, ast.BoolOp) else [test]
    if _bare(several[0]) is call:
        _replaced(statement, call, answer)
        block[place:place] = [*before, *made]
        return True
    if statement.orelse or not (
        isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) and _bare(several[-1]) is call
    ):
        return False
    _replaced(test, call, answer)
    inner = ast.copy_location(ast.If(test.values.pop(), statement.body, []), statement)
    statement.test = test.values[0] if len(test.values) == 1 else test
    statement.body = [*before, *made, inner]
    return True


def _bare(node: ast.expr) -> ast.expr:
    return node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) else node


def _home(block: Block, call: ast.Call, last: bool) -> tuple[Block, int, bool]:
    """The innermost block with the call, its place there, and whether nothing follows it in the function."""
    for place, statement in enumerate(block):
        if not any(node is call for node in walk(statement)):
            continue
        ends = last and place == len(block) - 1
        inner = [getattr(statement, name, None) for name in ("body", "orelse", "finalbody")]
        inner += [each.body for each in getattr(statement, "handlers", [])]
        for within in inner:
            if isinstance(within, list) and any(node is call for node in _nodes(within)):
                return _home(within, call, ends and isinstance(statement, ast.If))
        return block, place, ends
    raise AssertionError("the call is not in the function")


def _ends(block: Block) -> bool:
    """Whether a block always returns or raises."""
    last = block[-1] if block else None
    if isinstance(last, ast.If):
        return _ends(last.body) and _ends(last.orelse)
    return isinstance(last, ast.Return | ast.Raise)


def ended(block: Block, end: Callable[[ast.expr | None, ast.AST], Block], at: ast.AST | None = None) -> Block | None:
    """Returns a function's body with what ``end`` makes in the place of its returns, and at its end; None: it cannot be.

    ``at``: where an empty block stands.
    """
    made: Block = []
    for place, statement in enumerate(block):
        rest = block[place + 1 :]
        if isinstance(statement, ast.Return):
            return made + end(statement.value, statement)
        if isinstance(statement, ast.Raise):
            return [*made, statement]
        if not any(isinstance(each, ast.Return) for each in walk(statement)):
            made.append(statement)
            continue
        if not isinstance(statement, ast.If):
            return None
        if _ends(statement.body):
            ways = statement.body, [*statement.orelse, *rest]
        elif _ends(statement.orelse):
            ways = [*statement.body, *rest], statement.orelse
        elif not rest:
            ways = statement.body, statement.orelse
        else:
            return None
        one, other = (ended(way, end, statement) for way in ways)
        if one is None or other is None:
            return None
        test = statement.test
        if not one and other:
            one, other = other, []
            test = (
                test.operand
                if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
                else ast.UnaryOp(ast.Not(), test)
            )
            ast.copy_location(test, statement)
        one = one or [ast.copy_location(ast.Pass(), statement)]
        return [*made, ast.copy_location(ast.If(test, one, other), statement)]
    last = block[-1] if block else at
    return made + (end(None, last) if last is not None else [])
