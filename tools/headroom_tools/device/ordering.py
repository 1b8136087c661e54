"""The names that a file's functions say most, said first: mpy-cross numbers names in the order in which it meets them.

A function's code says a name by its number in the file's table, in one byte below 128 and else in two. What a file does when it
is read comes first, and would give the low numbers to what is said once. So the file begins with a line that says the most
used names and never reads one: what a file does is forgotten once it is read.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from keyword import iskeyword

from headroom_tools.device.linking import File
from headroom_tools.device.walking import all_bound, hidden_constants, walk

FIRST = "__name__ or __name__."
ONE_BYTE = 128  # numbers that take one byte,
TAKEN = 3  # of which the file's own name, its body's and `__name__` take the first
INTERNED = 10  # letters at most of a text that mpy-cross makes a name (MICROPY_ALLOC_PARSE_INTERN_STRING_LEN)


def ordered(file: File) -> File:
    """Returns a file that the linker wrote (linking.py) with such a line before it; one with few names stays as it is."""
    if not file.lines:
        return file
    tree = ast.parse(file.text)
    names = said(tree)
    if len(all_bound(tree) | set(names)) < ONE_BYTE - TAKEN:
        return file
    most = [name for name, _ in names.most_common() if name.isidentifier() and not iskeyword(name)]
    first = FIRST + ".".join(most[: ONE_BYTE - TAKEN]) + "\n"
    lines = {line + 1: source for line, source in file.lines.items()}
    return replace(
        file, text=first + file.text, lines=lines, joined={line + 1: rows for line, rows in file.joined.items()}
    )


def said(tree: ast.Module) -> Counter[str]:
    """Returns how often each name is said in a file's functions."""
    hidden = hidden_constants(tree)
    found: Counter[str] = Counter()
    for node in walk(tree):
        if isinstance(node, ast.FunctionDef):
            local = all_bound(node) - {node.name}
            found.update(name for name in _said(node) if name not in local | hidden)
            found.update(each.arg for each in node.args.args)
            found[node.name] += 1
    return found


def _said(function: ast.FunctionDef) -> Iterator[str]:
    for node in walk(ast.Module(function.body, [])):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= INTERNED:
            yield node.value
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Attribute):
            yield node.target.attr


def program(text: str) -> str:
    """Returns a file without that line."""
    return text[text.index("\n") + 1 :] if text.startswith(FIRST) else text
