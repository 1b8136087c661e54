"""Attributes that nobody reads are not made: a board without a lock has no ``self.lock = None`` on its chip.

Once a board's answers stand where they are read (fitting.py), much of what the start stores is asked by nobody any more. Such a
store is left out where making its value does nothing else: numbers and texts, lists of them, an object of a room that touches
no world (terms, monitor, guard, law, record). An attribute is read where any code asks anything for its name.
"""

import ast

from headroom_tools.device.walking import walk

QUIET_ROOMS = ("terms", "monitor", "guard", "law", "record")
PLAIN = (
    *(ast.Constant, ast.Name, ast.List, ast.Tuple, ast.BinOp, ast.BoolOp, ast.UnaryOp, ast.Compare, ast.IfExp),
    *(ast.Call, ast.Attribute, ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop),
)
ASKING = ("getattr", "hasattr")  # by a text; one that is computed is refused (reaching.py)
Trees = dict[str, ast.Module]


def leave_out(trees: Trees, plain: Trees) -> bool:
    """Takes the stores out that nobody reads; returns whether there were any."""
    read = _read([*trees.values(), *plain.values()])
    quiet = _quiet(trees)
    changed = False
    for module, tree in trees.items():
        makers = {alias.asname or alias.name for node in walk(tree) for alias in _taken(node) if alias.name in quiet}
        makers |= {name for name, home in quiet.items() if home == module}
        for node in walk(tree):
            for name in ("body", "orelse", "finalbody"):
                block = getattr(node, name, None)
                if isinstance(block, list):
                    kept = [each for each in block if not _idle(each, read, makers)]
                    changed |= len(kept) < len(block)
                    block[:] = kept or ([ast.copy_location(ast.Pass(), node)] if block and name == "body" else [])
    return changed


def _read(trees: list[ast.Module]) -> set[str]:
    """The names that are asked of anything, or said."""
    found: set[str] = set()
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Store):
                found.add(node.attr)
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Attribute):
                found.add(node.target.attr)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ASKING:
                found |= {str(each.value) for each in node.args[1:] if isinstance(each, ast.Constant)}
            elif isinstance(node, ast.ClassDef):  # what stands in a class is asked through its instances
                found |= {each.id for child in node.body for each in walk(child) if isinstance(each, ast.Name)}
    return found


def _quiet(trees: Trees) -> dict[str, str]:
    """The classes of the rooms that touch no world, and their modules: making one does nothing else."""
    found = {}
    for module, tree in trees.items():
        for node in tree.body if module.split(".")[1:2] and module.split(".")[1] in QUIET_ROOMS else ():
            if isinstance(node, ast.ClassDef):
                found[node.name] = module
    return found


def _taken(node: ast.AST) -> list[ast.alias]:
    return node.names if isinstance(node, ast.ImportFrom) else []


def _idle(node: ast.stmt, read: set[str], makers: set[str]) -> bool:
    """Whether a statement only stores what nobody reads."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        targets, value = [node.target], node.value
    elif isinstance(node, ast.Assign):
        targets, value = node.targets, node.value
    else:
        return False
    if not all(isinstance(each, ast.Attribute) and each.attr not in read for each in targets):
        return False
    return all(
        isinstance(each, PLAIN)
        and not (isinstance(each, ast.Call) and not (isinstance(each.func, ast.Name) and each.func.id in makers))
        for each in walk(value)
    )
