"""A board's own firmware: what depends on parts that it has not is left out, before the modules of a room are linked.

The rule, for whoever writes firmware: ask the board with ``board.X is None`` or ``is not None`` (a part), ``board.X == "word"``
or ``board.X`` (a yes or no). The build knows the answer, takes the branch, and follows it: an attribute that the whole
firmware only ever sets to one constant (``self.lock = None``, ``limits.lock = False``) is that constant wherever it is read.
What is then called by nobody is left out (reaching.py). Numbers of pins and of the electronics are read from the device's
board.py as ever. ASKED, in sense/fitted.py, holds the answers: a board.py that would answer otherwise is refused at the start.

Whose an attribute is, is told by its class's own ``self``; and a record of terms/records.py is called by its name everywhere:
``limits.lock`` is that of ``Limits``. A store through any other name counts for every class that has the attribute.
"""

import ast
import re
from dataclasses import dataclass, field
from typing import Any

from headroom_tools.device.walking import walk, with_class

BOARD = "board"
RECORDS = "headroom.terms.records"
FITTED, ASKED = "headroom.sense.fitted", "ASKED"
Trees = dict[str, ast.Module]
Answer = tuple[str, str, Any]  # constant of the board, how it is compared, with what


def constant(node: ast.AST) -> bool:
    """Whether a node is a constant whose value may stand for it anywhere."""
    return isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool | int | str))


class Asker(ast.NodeTransformer):
    """Answers what is asked of the board."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        self.answers: dict[str, Any] = {}  # name: its value where that was asked for, else None or ... for any but None

    def _asked(self, node: ast.expr) -> str | None:
        named = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == BOARD
        return node.attr if named and isinstance(node, ast.Attribute) and node.attr in self.facts else None

    def visit_Compare(self, node: ast.Compare) -> ast.expr:  # noqa: D102 (ast's name)
        name = self._asked(node.left)
        other, operation = node.comparators[0], node.ops[0]
        if name is None or len(node.ops) != 1 or not isinstance(other, ast.Constant):
            self.generic_visit(node)
            return node
        value = self.facts[name]
        if other.value is None and isinstance(operation, ast.Is | ast.IsNot):
            self.answers.setdefault(name, None if value is None else ...)
            return ast.copy_location(ast.Constant((value is None) == isinstance(operation, ast.Is)), node)
        if isinstance(other.value, str) and isinstance(operation, ast.Eq | ast.NotEq):
            self.answers[name] = value
            return ast.copy_location(ast.Constant((value == other.value) == isinstance(operation, ast.Eq)), node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:  # noqa: D102
        name = self._asked(node)
        if name is not None and isinstance(self.facts[name], bool) and isinstance(node.ctx, ast.Load):
            self.answers[name] = self.facts[name]
            return ast.copy_location(ast.Constant(self.facts[name]), node)
        self.generic_visit(node)
        return node


class Chooser(ast.NodeTransformer):
    """Takes the branch of which the answer is known."""

    def __init__(self) -> None:
        self.changed = False

    def _made(self, new: Any, old: ast.AST) -> Any:
        self.changed = True
        return ast.copy_location(new, old) if isinstance(new, ast.AST) else new

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:  # noqa: D102
        self.generic_visit(node)
        if isinstance(node.op, ast.Not) and constant(node.operand):
            return self._made(ast.Constant(not node.operand.value), node)  # type: ignore[attr-defined]
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:  # noqa: D102
        self.generic_visit(node)
        ends = isinstance(node.op, ast.Or)
        kept: list[ast.expr] = []
        for place, each in enumerate(node.values):
            last = place == len(node.values) - 1
            if isinstance(each, ast.Constant) and constant(each) and not last and bool(each.value) != ends:
                continue
            kept.append(each)
            if isinstance(each, ast.Constant) and constant(each) and bool(each.value) == ends:
                break
        if len(kept) < len(node.values):
            return self._made(kept[0] if len(kept) == 1 else ast.BoolOp(node.op, kept), node)
        return node

    def visit_Compare(self, node: ast.Compare) -> Any:  # noqa: D102
        self.generic_visit(node)
        one, other = node.left, node.comparators[0]
        if len(node.ops) == 1 and isinstance(one, ast.Constant) and isinstance(other, ast.Constant):
            if isinstance(node.ops[0], ast.Is | ast.IsNot) and (one.value is None or other.value is None):
                return self._made(ast.Constant((one.value is other.value) == isinstance(node.ops[0], ast.Is)), node)
            if isinstance(node.ops[0], ast.Eq | ast.NotEq):
                return self._made(ast.Constant((one.value == other.value) == isinstance(node.ops[0], ast.Eq)), node)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> Any:  # noqa: D102
        self.generic_visit(node)
        if isinstance(node.test, ast.Constant) and constant(node.test):
            return self._made(node.body if node.test.value else node.orelse, node)
        return node

    def visit_If(self, node: ast.If) -> Any:  # noqa: D102
        self.generic_visit(node)
        if isinstance(node.test, ast.Constant) and constant(node.test):
            self.changed = True
            return node.body if node.test.value else node.orelse
        if not node.body:  # its branch has gone
            self.changed = True
            return (
                [ast.copy_location(ast.If(ast.UnaryOp(ast.Not(), node.test), node.orelse, []), node)]
                if node.orelse
                else (ast.copy_location(ast.Expr(node.test), node))
            )
        return node


def _refilled(tree: ast.Module) -> None:
    """What must hold a statement and holds none any more says `pass`; what stands behind a `return` goes."""
    for node in walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if not isinstance(block, list):
                continue
            for place, each in enumerate(block[:-1]):
                if isinstance(each, ast.Return | ast.Raise | ast.Continue | ast.Break):
                    del block[place + 1 :]
                    break
            if name == "body" and not block and not isinstance(node, ast.Module):
                block.append(ast.copy_location(ast.Pass(), node))


@dataclass
class Owned:
    """What is known of the attributes of classes."""

    records: dict[str, str]  # what they are called: class
    values: dict[tuple[str, str], set[Any]] = field(
        default_factory=dict
    )  # (class, attribute): what is stored; ... anything
    holds: dict[tuple[str, str], set[str]] = field(default_factory=dict)  # of which classes that is, "" of others
    loose: set[str] = field(default_factory=set)  # stored through a name that tells no class, or called, or a method's

    def whose(self, receiver: ast.expr, inside: str) -> str:
        """Returns the class of what an attribute is asked of, or ""."""
        if isinstance(receiver, ast.Name):
            return inside if receiver.id == "self" else self.records.get(receiver.id, "")
        if not isinstance(receiver, ast.Attribute):
            return ""
        known = self.records.get(receiver.attr)
        if known or ast.unparse(receiver.value) != "self" or receiver.attr in self.loose:
            return known or ""
        held = self.holds.get((inside, receiver.attr), {""})
        return next(iter(held)) if len(held) == 1 else ""

    def only(self, owner: str, attribute: str) -> ast.Constant | None:
        """Returns the constant that this attribute always is, or None."""
        stored = self.values.get((owner, attribute), set())
        if attribute in self.loose or len(stored) != 1 or ... in stored:
            return None
        return ast.Constant(next(iter(stored))[1])


def _classes(trees: Trees) -> dict[str, str]:
    """The classes without relatives whose name no other has, and their modules."""
    found: dict[str, list[str]] = {}
    related: set[str] = set()
    for module, tree in trees.items():
        for node in walk(tree):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(module)
                bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
                related |= bases | ({node.name} if bases else set())
    return {name: there[0] for name, there in found.items() if len(there) == 1 and name not in related}


def last_name(node: ast.AST) -> str:
    """Returns the last name of `a.b.c`, or ""."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def called(name: str) -> str:
    """Returns what a record of a class is called: ``InForce``, in_force."""
    return re.sub("(?<!^)(?=[A-Z])", "_", name).lower()


def _whole(tree: ast.Module) -> dict[int, ast.expr]:
    """What is assigned to a target alone, by the target's identity."""
    found: dict[int, ast.expr] = {}
    for node in walk(tree):
        if isinstance(node, ast.Assign):
            found |= {id(target): node.value for target in node.targets}
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            found[id(node.target)] = node.value
    return found


def owned(trees: Trees) -> Owned:
    """Returns what is stored in the classes' attributes."""
    classes = _classes(trees)
    records = [node.name for node in walk(trees.get(RECORDS, ast.Module([], []))) if isinstance(node, ast.ClassDef)]
    known = Owned({called(name): name for name in records})
    for tree in trees.values():
        whole = _whole(tree)
        for inside, node in with_class(tree):
            if not isinstance(node, ast.Attribute) or isinstance(node.ctx, ast.Load):
                continue
            owner, value = known.whose(node.value, inside), whole.get(id(node))
            if owner not in classes:
                known.loose |= set() if owner else {node.attr}
                continue
            plain = isinstance(value, ast.Constant) and constant(value)
            stored = (type(value.value), value.value) if plain and isinstance(value, ast.Constant) else ...
            known.values.setdefault((owner, node.attr), set()).add(stored)
            held = value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else ""
            known.holds.setdefault((owner, node.attr), set()).add(held if held in classes else "")
        for node in walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                known.loose.add(node.func.attr)
            elif isinstance(node, ast.ClassDef):
                for child in node.body:
                    if isinstance(child, ast.FunctionDef):
                        known.loose.add(child.name)
                    else:
                        known.loose |= {each.id for each in walk(child) if isinstance(each, ast.Name)}
    return known


class Reader(ast.NodeTransformer):
    """Puts an attribute's only value where it is read."""

    def __init__(self, known: Owned) -> None:
        self.known = known
        self.inside = ""
        self.changed = False

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:  # noqa: D102
        before, self.inside = self.inside, node.name
        self.generic_visit(node)
        self.inside = before
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:  # noqa: D102
        self.generic_visit(node)
        owner = self.known.whose(node.value, self.inside)
        if owner and isinstance(node.ctx, ast.Load):
            value = self.known.only(owner, node.attr)
            if value is not None:
                self.changed = True
                return ast.copy_location(value, node)
        return node


def ask(trees: Trees, facts: dict[str, Any]) -> dict[str, Any]:
    """Puts the board's answers into the trees; returns what was asked."""
    asker = Asker(facts)
    for module, tree in trees.items():
        if module != FITTED:
            asker.visit(tree)
    return asker.answers


def chosen(trees: Trees) -> bool:
    """Takes the branches that are known; returns whether anything changed."""
    reader, chooser = Reader(owned(trees)), Chooser()
    for tree in trees.values():
        reader.visit(tree)
        chooser.visit(tree)
        _refilled(tree)
    return reader.changed or chooser.changed


def remember(trees: Trees, answers: dict[str, Any]) -> None:
    """Writes what was asked of the board where the start compares it with the device's own board.py."""
    for node in trees[FITTED].body if FITTED in trees else ():
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == ASKED:
            rows = repr(tuple(sorted(answers.items()))).replace("Ellipsis", "...")
            node.value = ast.parse(rows, mode="eval").body
            for each in walk(node.value):
                ast.copy_location(each, node)
