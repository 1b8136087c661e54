"""Statements joined on a line, before mpy-cross compiles a file: for each line of a function the chip keeps a byte or two.

A crash report names a line all the same, and `headroom explain` tells which lines of the source stand in it. Joined are simple
statements that follow one another, and a body of such with the `if`, `for`, `while` or `def` above it. The text says the same.
"""

import ast
from dataclasses import replace

from headroom_tools.device.linking import File
from headroom_tools.device.walking import walk

PLAIN = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Delete, ast.Pass)
ENDING = (ast.Return, ast.Raise, ast.Break, ast.Continue)
MOST = 5  # statements in a line: whoever reads a crash report looks at so many
HEADED = (ast.If, ast.For, ast.While, ast.FunctionDef)


class Page:
    """A file's lines, of which some move up to others."""

    def __init__(self, text: str) -> None:
        self.rows = text.splitlines()
        self.to: dict[int, int] = {}  # line that has moved: the one that it went to, which may have moved too

    def move(self, line: int, to: int, between: str) -> None:
        """A line goes behind another."""
        self.rows[to - 1] += between + self.rows[line - 1].strip()
        self.to[line] = to

    def look(self, node: ast.AST) -> None:
        """Join what stands in a statement."""
        for name in ("body", "orelse", "finalbody", "handlers"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block:
                plain = self._joined(block)
                headed = isinstance(node, HEADED) and not getattr(node, "decorator_list", [])
                if plain and headed and name == "body" and block[0].lineno == node.lineno + 1:  # type: ignore[attr-defined]
                    self.move(block[0].lineno, node.lineno, " ")  # type: ignore[attr-defined]

    def _joined(self, block: list[ast.stmt]) -> bool:
        """Join a block's statements; returns whether they are one line now."""
        first = count = 0
        for each in block:
            self.look(each)
            if not (isinstance(each, (*PLAIN, *ENDING)) and each.lineno == each.end_lineno):
                first = 0
            elif first and count < MOST:
                self.move(each.lineno, first, "; ")
                count += 1
            else:
                first, count = each.lineno, 1
        return first == block[0].lineno

    def home(self, line: int) -> int:
        """Returns where a line is in the end."""
        while line in self.to:
            line = self.to[line]
        return line


def joined(file: File) -> File:
    """Returns a file that the linker wrote (linking.py) with its functions' statements joined; others stay as they are."""
    if not file.lines:
        return file
    page, tree = Page(file.text), ast.parse(file.text)

    def functions(body: list[ast.stmt]) -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef):
                page.look(node)
            elif isinstance(node, ast.ClassDef):
                functions(node.body)

    functions(tree.body)
    stay = [line for line in range(1, len(page.rows) + 1) if line not in page.to]
    number = {line: place for place, line in enumerate(stay, 1)}
    lines: dict[int, tuple[str, int]] = {}
    begins = {node.lineno for node in walk(tree) if isinstance(node, ast.FunctionDef)}  # nothing fails there
    rows: dict[int, list[int]] = {}
    for line in sorted(file.lines):
        source, row = file.lines[line]
        at = number[page.home(line)]
        lines.setdefault(at, (source, row))
        if line not in begins:
            rows.setdefault(at, []).append(row)
    text = "".join(page.rows[line - 1] + "\n" for line in stay)
    return replace(file, text=text, lines=lines, joined={at: sorted(each) for at, each in rows.items()})
