"""Going through a module's tree, some five times as fast as ast.walk: the build does it a thousand times.

In ast.walk's order, without what says only how a name is used (``ctx``), which is no piece of the program.
"""

import ast
from collections.abc import Iterator
from typing import Any

TEXTS = {
    "ctx",
    "id",
    "attr",
    "arg",
    "name",
    "module",
    "level",
    "kind",
    "type_comment",
    "asname",
}  # fields without nodes
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
