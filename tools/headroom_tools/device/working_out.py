"""What a file would work out when it is read is worked out here: imported numbers, and tables made of tables.

- A whole-number constant that a file imports by its name (`from headroom.terms.standard import FOLLOW_MS`) is its number wherever
  the file reads it. An import costs the chip a place in the file's table and a look-up at each use; and the constant itself,
  which nobody reads any more, its own (folding.py).
- What a file makes of constants at its top (`zip(*FAULTS)`, `tuple([row[2] for row in DOUBTS])`) is written as what it comes to.
  The chip keeps each constant that a file's text holds for as long as the file: the rows would stay beside the columns.
"""

import ast
from typing import Any

from headroom_tools.device.folding import constants
from headroom_tools.device.packing import Values
from headroom_tools.device.walking import walk

MADE = (ast.Call, ast.ListComp, ast.GeneratorExp, ast.BinOp, ast.Subscript)
Trees = dict[str, ast.Module]


def work_out(trees: Trees) -> None:
    """Puts imported numbers where they are read, and tables where they are made."""
    known = {module: constants(tree) for module, tree in trees.items()}
    while changed := [module for module, tree in trees.items() if _imported(tree, known)]:
        known |= {module: constants(trees[module]) for module in changed}
    values = Values(trees)
    for module, tree in trees.items():
        _made(tree, values.of(module))


class Placer(ast.NodeTransformer):
    """Puts numbers in the place of names."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self.numbers = numbers

    def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: D102 (ast's name)
        return ast.copy_location(literal(self.numbers[node.id]), node) if node.id in self.numbers else node


def _imported(tree: ast.Module, known: dict[str, dict[str, int]]) -> bool:
    """Whether a file imported numbers of those that are known by their module, which stand where it read them now."""
    numbers: dict[str, int] = {}
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module in known]
    for node in imports:
        theirs = known[node.module or ""]
        numbers |= {alias.asname or alias.name: theirs[alias.name] for alias in node.names if alias.name in theirs}
    for name in _bound(tree) if numbers else ():
        numbers.pop(name, None)
    if not numbers:
        return False
    for node in imports:
        theirs = known[node.module or ""]
        node.names = [
            each for each in node.names if not (each.name in theirs and (each.asname or each.name) in numbers)
        ]
    tree.body = [node for node in tree.body if node not in imports or node.names]
    Placer(numbers).visit(tree)
    return True


def _bound(tree: ast.Module) -> set[str]:
    """What a file binds by anything but an import."""
    found: set[str] = set()
    for node in walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.ExceptHandler):
            found.add(node.name or "")
        elif isinstance(node, ast.Global | ast.Nonlocal):
            found.update(node.names)
    return found


def _made(tree: ast.Module, known: dict[str, Any]) -> None:
    """Write what the file's own tables come to, and drop what it deletes when they are made."""
    body: list[ast.stmt] = []
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        plain = [each.id for each in names if isinstance(each, ast.Name) and is_plain(known.get(each.id))]
        if isinstance(node, ast.Assign) and _is_work(node.value) and len(plain) == len(names):
            for name in plain:
                made = ast.Assign([ast.Name(name, ast.Store())], literal(known[name]))
                body.append(ast.fix_missing_locations(ast.copy_location(made, node)))
        else:
            body.append(node)
    tree.body = body
    reads = {node.id for node in walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    gone = {
        each.id
        for node in body
        if isinstance(node, ast.Delete)
        for each in node.targets
        if isinstance(each, ast.Name) and is_plain(known.get(each.id)) and each.id not in reads
    }
    tree.body = [node for node in body if not _names(node, gone)]


def _is_work(node: ast.expr) -> bool:
    """Whether an expression is more than a value; `const(3)` is one to mpy-cross, too."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "const":
        return False
    return any(isinstance(each, MADE) for each in walk(node))


def _names(node: ast.stmt, gone: set[str]) -> bool:
    """Whether a statement makes or deletes one of these and nothing else."""
    targets = node.targets if isinstance(node, ast.Assign | ast.Delete) else []
    return bool(targets) and all(isinstance(each, ast.Name) and each.id in gone for each in targets)


def is_plain(value: Any) -> bool:
    """Whether a value is one that a file can hold as it is, and that nobody can change."""
    if isinstance(value, tuple):
        return all(is_plain(each) for each in value)
    return type(value) in (int, str, bytes)


def literal(value: Any) -> ast.expr:
    """Returns the text of a value, as a tree."""
    return ast.parse(repr(value), mode="eval").body
