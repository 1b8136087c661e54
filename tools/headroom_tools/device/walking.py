"""Going through a module's tree, faster than ast.walk: the build does it hundreds of times.

In ast.walk's order, without what says only how a name is used (``ctx``), which is no piece of the program.
"""

import ast
from collections.abc import Iterator
from typing import Any

# fields that hold no nodes
TEXTS = {"ctx", "id", "attr", "arg", "name", "module", "level", "kind", "type_comment", "asname"}
ONLY_TEXTS = (ast.Constant, ast.Global, ast.alias)
NO_NODES = (str, int, type(None))
_fields: dict[type, tuple[str, ...]] = {}


def _fields_of(kind: type[ast.AST]) -> tuple[str, ...]:
    found = () if issubclass(kind, ONLY_TEXTS) else tuple(each for each in kind._fields if each not in TEXTS)
    return _fields.setdefault(kind, found)


def children(node: ast.AST) -> list[ast.AST]:
    """Returns the nodes that stand directly in this one, in the source's order."""
    kind = node.__class__
    found: list[ast.AST] = []
    for name in _fields[kind] if kind in _fields else _fields_of(kind):
        value: Any = getattr(node, name, None)
        if value.__class__ is list:
            found += [each for each in value if each.__class__ not in NO_NODES]
        elif value.__class__ not in NO_NODES:
            found.append(value)
    return found


def walk(tree: ast.AST) -> Iterator[ast.AST]:
    """Yields this node and all below it, a node before what stands in it."""
    found = [tree]
    for node in found:
        found += children(node)
        yield node


def with_class(node: ast.AST, inside: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Yields all that stands in it, each with the class that it stands in, or "": a node, then what stands in that."""
    for child in children(node):
        yield inside, child
        yield from with_class(child, child.name if isinstance(child, ast.ClassDef) else inside)


def all_bound(tree: ast.AST) -> set[str]:
    """Every name that is bound somewhere in it, at the top or deeper."""
    found: set[str] = set()
    for node in walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
    return found


def hidden_constants(tree: ast.Module) -> set[str]:
    """Returns the constants of which mpy-cross leaves nothing but the value: `_X = const(3)`."""
    return {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "const"
        for target in node.targets
        if isinstance(target, ast.Name) and target.id[0] == "_"
    }
