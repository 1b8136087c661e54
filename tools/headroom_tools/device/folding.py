"""Whole-number constants folded into the code that reads them, before mpy-cross compiles it for the chip.

`faults.EARTH` becomes its number wherever another file reads it so; then a constant that nobody else reads, `X = 3`, becomes
`_X = const(3)`, of which mpy-cross leaves nothing but the value. Each that is kept costs the chip some 40 bytes of heap: its
name, its place in the module, and the look-up wherever it is read. Lines stay where they are, for tracebacks.
"""

import ast
import io
import operator
import re
import tokenize
from collections.abc import Iterable

from headroom_tools.device.walking import walk

OPERATORS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.FloorDiv: operator.floordiv,
    ast.LShift: operator.lshift, ast.RShift: operator.rshift, ast.BitOr: operator.or_,
}  # fmt: skip

HIDDEN = re.compile(r"(?m)(?:^|(?<=; ))(_[A-Z][A-Z0-9_]*) = const\((-?\d+)\)")
Edit = tuple[tuple[int, int], tuple[int, int], str]


def folded(texts: dict[str, str], kept: Iterable[str] = ()) -> dict[str, str]:
    """Returns the files, by their path in the package, with their constants folded; those in ``kept`` stay as they are."""
    known = {name: constants(ast.parse(text)) for name, text in texts.items()}
    modules = {name[:-3].replace("/", "."): values for name, values in known.items()}
    inlined = {name: text if name in kept else _inlined(text, modules) for name, text in texts.items()}
    read = _names_read(inlined.values())
    private = {
        name: {each: value for each, value in known[name].items() if _may_hide(each, read, known[name])}
        for name in texts
    }
    return {name: text if name in kept else _in_order(_renamed(text, private[name])) for name, text in inlined.items()}


def _may_hide(name: str, read: set[str], beside: dict[str, int]) -> bool:
    """Whether a constant is its file's own: nobody else reads it, it is not hidden already, and its new name is free."""
    return name not in read and name[0] != "_" and "_" + name not in beside


def constants(tree: ast.Module) -> dict[str, int]:
    """Returns name and value of each constant of whole numbers that is assigned once, at the top, on one line."""
    bound = [node.id for node in walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    bound += [node.arg for node in walk(tree) if isinstance(node, ast.arg)]
    found: dict[str, int] = {}
    for name, node in _assigned(tree):
        value = _value(node, found)
        if name.isupper() and bound.count(name) == 1 and value is not None:
            found[name] = value
    return found


def _assigned(tree: ast.Module) -> list[tuple[str, ast.expr]]:
    """What stands at the top as `X = value`, `X, Y = value, value` or `X, Y = range(2)`, in order, each on one line."""
    found: list[tuple[str, ast.expr]] = []
    for node in tree.body:
        if not isinstance(node, ast.Assign) or len(node.targets) != 1 or node.lineno != node.end_lineno:
            continue
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Name):
            found.append((target.id, value))
        elif isinstance(target, ast.Tuple):
            names = [each.id for each in target.elts if isinstance(each, ast.Name)]
            values = _elements(value)
            found += zip(names, values, strict=True) if len(names) == len(target.elts) == len(values) else []
    return found


def _elements(node: ast.expr) -> list[ast.expr]:
    """What a tuple or a `range(...)` of numbers is unpacked to."""
    if isinstance(node, ast.Tuple):
        return node.elts
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        bounds = [_value(each, {}) for each in node.args]
        known = [each for each in bounds if each is not None]
        return [ast.Constant(each) for each in range(*known)] if len(known) == len(bounds) else []
    return []


def _value(node: ast.expr, known: dict[str, int]) -> int | None:
    if isinstance(node, ast.Constant):
        return node.value if type(node.value) is int else None
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "const":
        return _value(node.args[0], known)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _value(node.operand, known)
        return None if value is None else -value
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        left, right = _value(node.left, known), _value(node.right, known)
        return None if left is None or right is None else int(OPERATORS[type(node.op)](left, right))
    return None


def _inlined(text: str, modules: dict[str, dict[str, int]]) -> str:
    """The file with `module.NAME` replaced by its number, for modules that it imports by name."""
    tree = ast.parse(text)
    there: dict[str, dict[str, int]] = {}
    for node in walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                there[alias.asname or alias.name] = modules.get(f"{node.module}.{alias.name}", {})
    edits: list[Edit] = []
    for node in walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and isinstance(node.ctx, ast.Load):
            value = there.get(node.value.id, {}).get(node.attr)
            if value is not None and node.lineno == node.end_lineno:
                shown = str(value) if value >= 0 else f"({value})"
                edits.append(((node.lineno, node.col_offset), (node.lineno, node.end_col_offset or 0), shown))
    return _edited(text, edits)


def _names_read(texts: Iterable[str]) -> set[str]:
    """Every name that some file may read of another: attributes, imported names, and whatever stands in a string.

    What is asked of a module that is imported whole (`board.PHASES`) is no file's of these.
    """
    read: set[str] = set()
    for text in texts:
        nodes = list(walk(ast.parse(text)))
        whole = {alias.asname or alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        for node in nodes:
            if isinstance(node, ast.Attribute):
                if not (isinstance(node.value, ast.Name) and node.value.id in whole):
                    read.add(node.attr)
            elif isinstance(node, ast.ImportFrom):
                read.update(alias.name for alias in node.names)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                read.add(node.value)
    return read


def _renamed(text: str, private: dict[str, int]) -> str:
    """The file with its private constants as mpy-cross wants them; `A, B = 1, 2` where all of them are."""
    spans: list[Edit] = []
    alone: set[str] = set()
    for node in ast.parse(text).body:
        names = [name for name, _ in _assigned(ast.Module([node], []))]
        if names and all(name in private for name in names):
            alone.update(names)
            end = (node.end_lineno or 0, node.end_col_offset or 0)
            spans.append(((node.lineno, 0), end, "; ".join(f"_{name} = const({private[name]})" for name in names)))
    edits = list(spans)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        inside = any(start <= token.start < end for start, end, _ in spans)
        if token.type == tokenize.NAME and token.string in alone and not inside:
            edits.append((token.start, token.end, "_" + token.string))
    return _edited(text, edits)


def _in_order(text: str) -> str:
    """The file with the number where a `_X = const(3)` is read above its line, as by what was inlined: the name is not kept."""
    for name, value in HIDDEN.findall(text):
        above, line, below = text.partition(f"{name} = const({value})")
        if name in above:
            text = re.sub(rf"\b{name}\b", f"({value})", above) + line + below
    return text


def _edited(text: str, edits: list[Edit]) -> str:
    lines = text.splitlines(keepends=True)
    for (row, column), (_, end_column), new in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + new + line[end_column:]
    return "".join(lines)
