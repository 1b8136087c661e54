"""Whole-number constants that no other file reads, folded into the code that does: `X = 3` becomes `_X = const(3)`.

mpy-cross leaves nothing of such a constant but its value. Each kept one costs the chip some 40 bytes of heap: its name, its
place in the module, and the look-up wherever it is read. Lines stay where they are, for tracebacks.
"""

import ast
import io
import tokenize
from collections.abc import Iterable


def names_read(texts: Iterable[str]) -> set[str]:
    """Returns every name that some file may read of another: attributes, imported names, and whatever stands in a string."""
    read: set[str] = set()
    for text in texts:
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute):
                read.add(node.attr)
            elif isinstance(node, ast.ImportFrom):
                read.update(alias.name for alias in node.names)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                read.add(node.value)
    return read


def folded(text: str, read: set[str]) -> str:
    """Returns a file with its constants folded, save those in ``read``."""
    constants = _constants(ast.parse(text), read)
    edits = [
        (token.start, token.end, "_" + token.string)
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.NAME and token.string in constants
    ]
    for value in constants.values():
        if isinstance(value, ast.Call):
            continue
        start, end = (value.lineno, value.col_offset), (value.end_lineno or 0, value.end_col_offset or 0)
        edits += [(start, start, "const("), (end, end, ")")]
    lines = text.splitlines(keepends=True)
    for (row, column), (_, end_column), new in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + new + line[end_column:]
    return "".join(lines)


def _constants(tree: ast.Module, read: set[str]) -> dict[str, ast.expr]:
    """Name and value of each constant that is assigned once, of whole numbers on one line, and read here only."""
    bound = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    bound += [node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)]
    found: dict[str, ast.expr] = {}
    for node in tree.body:
        if not (isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)):
            continue
        name = node.targets[0].id
        one_line = node.value.lineno == node.value.end_lineno
        if name.isupper() and name not in read and bound.count(name) == 1 and one_line and _is_whole(node.value, found):
            found[name] = node.value
    return found


def _is_whole(node: ast.expr, constants: dict[str, ast.expr]) -> bool:
    if isinstance(node, ast.Constant):
        return type(node.value) is int
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.USub) and _is_whole(node.operand, constants)
    if isinstance(node, ast.BinOp):
        simple = isinstance(node.op, (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.LShift, ast.RShift, ast.BitOr))
        return simple and _is_whole(node.left, constants) and _is_whole(node.right, constants)
    if isinstance(node, ast.Call):  # const(3), at the top only
        return isinstance(node.func, ast.Name) and node.func.id == "const" and _is_whole(node.args[0], constants)
    return isinstance(node, ast.Name) and node.id in constants
