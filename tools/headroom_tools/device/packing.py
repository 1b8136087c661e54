"""Large tables of the console's answers packed into a few texts, of which the chip makes a row when somebody asks for it.

A row of seven cells costs the chip some 250 bytes as a tuple: itself, an object for each text, and what each is rounded up to.
In a text it costs its letters. The source has a plain tuple of tuples; serve/answers/packed.py makes the rows of it again.
Packed is, in a module that is read by its name, a tuple of at least ``LEAST`` rows alike that the firmware only goes through,
counts, and asks for the row of a place. A constant that is made of such a table (`[row[0] for row in TABLE].index("bus")`) is
its number, or its text.

And in any other module a tuple of texts of which somebody asks for the one of a place, or a dictionary of texts by whole numbers
that is only asked with ``.get``: they lie in one text, of which terms/texts.py makes one. Forty texts cost 1.4 kB less so.
"""

import ast
import struct
from collections.abc import Callable, Iterator
from typing import Any

from headroom_tools.device.fitting import last_name
from headroom_tools.device.reaching import Class, Program, by_name
from headroom_tools.device.walking import walk

PACKED = "headroom.serve.answers.packed"
TEXTS, HELD = "headroom.terms.texts", "Texts"
EACH = 4  # rows in a text: packed.py's
LEAST = 12
HARMLESS = {"tuple": tuple, "list": list, "bytes": bytes, "len": len, "range": range, "zip": zip, "const": int}
Trees = dict[str, ast.Module]


class Values:
    """What the constants of modules are, as far as that is plain."""

    def __init__(self, trees: Trees) -> None:
        self.trees = trees
        self.known: dict[str, dict[str, Any]] = {}

    def of(self, module: str) -> dict[str, Any]:
        """Returns the constants of a module."""
        if module not in self.known:
            found = self.known[module] = {}
            for node in self.trees[module].body if module in self.trees else ():
                if isinstance(node, ast.ImportFrom):
                    self._imported(node, found)
                elif isinstance(node, ast.Import) and node.names[0].name == "struct":
                    found["struct"] = struct
                elif isinstance(node, ast.Assign) and len(node.targets) == 1:
                    target = node.targets[0]
                    names = target.elts if isinstance(target, ast.Tuple) else [target]
                    called = [each.id for each in names if isinstance(each, ast.Name)]
                    try:
                        come_to = value(node.value, found)
                        come_to = tuple(come_to) if isinstance(target, ast.Tuple) else (come_to,)
                        found |= zip(called, come_to, strict=True)
                    except Exception:
                        for name in called:
                            found.pop(name, None)
        return self.known[module]

    def _imported(self, node: ast.ImportFrom, found: dict[str, Any]) -> None:
        for alias in node.names:
            name, whole = alias.asname or alias.name, f"{node.module}.{alias.name}"
            if whole in self.trees:
                found[name] = type(name, (), self.of(whole))
            elif node.module in self.trees and alias.name in self.of(node.module):
                found[name] = self.of(node.module)[alias.name]


def value(node: ast.expr, names: dict[str, Any]) -> Any:
    """Returns what an expression of constants is; raises where it is not one."""
    return eval(compile(ast.Expression(node), "", "eval"), {"__builtins__": HARMLESS} | names)


def pack(trees: Trees) -> None:
    """Packs what can be packed."""
    program = Program(trees)
    asked_for = by_name(program)
    if PACKED not in asked_for:
        return
    uses = otherwise_used(program)
    values = Values(trees)
    for module in sorted(asked_for):
        tree = trees[module]
        packed = False
        for node in tree.body:
            if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)):
                continue
            name = node.targets[0].id
            rows = values.of(module).get(name)
            if isinstance(rows, int | str) and any(isinstance(each, ast.comprehension) for each in walk(node.value)):
                node.value = ast.copy_location(ast.Constant(rows), node.value)
            elif isinstance(node.value, ast.Tuple) and only_gone_through(program, uses, (module, name)):
                form = form_of(rows)
                if form:
                    made = ast.parse(f"Rows({form!r}, {texts(tuple(rows or ()))!r})", mode="eval").body
                    node.value = ast.copy_location(made, node.value)
                    packed = True
        if packed:
            at = next(place for place, node in enumerate(tree.body) if not isinstance(node, ast.Expr))
            tree.body.insert(at, ast.copy_location(ast.ImportFrom(PACKED, [ast.alias("Rows")], 0), tree.body[at]))


def pack_texts(trees: Trees, program: Program, holder: ast.Module | None) -> None:
    """Packs tables of texts; ``holder``: the module that makes one of them."""
    asked_for = by_name(program)
    but_places, but_got = [[*_used(program, fine)] for fine in (_of_a_place, _got)]
    if holder is None:
        return
    for module in sorted(set(trees) - asked_for):
        tree = trees[module]
        made = []
        for node in tree.body:
            target = (
                node.target
                if isinstance(node, ast.AnnAssign)
                else node.targets[0]
                if isinstance(node, ast.Assign)
                else None
            )
            if (
                not isinstance(target, ast.Name)
                or not isinstance(node, ast.Assign | ast.AnnAssign)
                or node.value is None
            ):
                continue
            uses = but_got if isinstance(node.value, ast.Dict) else but_places
            whole = texts_of(node.value)
            if whole and only_gone_through(program, uses, (module, target.id)):
                node.value = ast.copy_location(ast.parse(f"{HELD}{whole!r}", mode="eval").body, node.value)
                made.append(node)
        if made:
            tree.body.insert(0, ast.copy_location(ast.ImportFrom(TEXTS, [ast.alias(HELD)], 0), made[0]))
            trees[TEXTS] = holder


def texts_of(node: ast.expr) -> tuple[str, bytes] | None:
    """Returns the text of all of a table's, and its numbers; None for what is no such table."""
    try:
        table = ast.literal_eval(node)
    except ValueError:
        return None
    codes = list(table) if isinstance(table, dict) else []
    texts = list(table.values()) if isinstance(table, dict) else list(table) if isinstance(table, tuple) else []
    if len(texts) < LEAST or not all(type(each) is str and "\n" not in each for each in texts):
        return None
    if not all(type(code) is int and 0 <= code < 256 for code in codes):
        return None
    return "".join(each + "\n" for each in texts), bytes(codes)


def _of_a_place(node: ast.AST) -> ast.expr | None:
    """What is asked for the one of a place."""
    return node.value if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice) else None


def _got(node: ast.AST) -> ast.expr | None:
    """What is asked with ``.get``, and for what there is where it has none."""
    asked = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get"
    return node.func.value if asked and len(node.args) == 2 else None  # type: ignore[attr-defined]


def _used(
    program: Program, fine: Callable[[ast.AST], ast.expr | None]
) -> Iterator[tuple[str, ast.Name | ast.Attribute]]:
    """The names and attributes, with their module, that are read otherwise."""
    for module, tree in program.trees.items():
        nodes = list(walk(tree))
        those = {id(fine(node)) for node in nodes}
        for node in nodes:
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load) and id(node) not in those:
                yield module, node


def form_of(rows: Any) -> str:
    """Returns the kinds of a table's fields, as packed.py wants them; "" for what is no table that can be packed."""
    if not (isinstance(rows, tuple) and len(rows) >= LEAST and all(isinstance(row, tuple) and row for row in rows)):
        return ""
    if len({len(row) for row in rows}) > 1 or len(rows[0]) < 2:
        return ""
    found = ""
    for fields in zip(*rows, strict=True):
        chosen = any(isinstance(field, tuple) for field in fields)
        kind = "w" if chosen else "i" if all(type(field) is int for field in fields) else "s"
        if kind != "i" and not all(_plain(field, chosen) for field in fields):
            return ""
        found += kind
    return found


def _plain(field: Any, chosen: bool) -> bool:
    """Whether a text, or words to choose from, stay what they are between tabs, lines and bars."""
    words = field if isinstance(field, tuple) else (field,)
    return len(words) > 0 and all(
        isinstance(each, str) and not set(each) & set("\t\n|"[: 2 + chosen]) for each in words
    )


def texts(rows: tuple[tuple[Any, ...], ...]) -> tuple[str, ...]:
    """Returns the texts of a table."""

    def cell(field: Any) -> str:
        return "".join("|" + word for word in field) if isinstance(field, tuple) else str(field)

    lines = ["\t".join(map(cell, row)) + "\n" for row in rows]
    return tuple("".join(lines[first : first + EACH]) for first in range(0, len(lines), EACH))


def otherwise_used(program: Program) -> list[tuple[str, ast.Name | ast.Attribute]]:
    """Returns the names and attributes, with their module, that are not only gone through, counted, asked for the row of a place,
    or handed on by their name.
    """
    found = []
    for module, tree in program.trees.items():
        nodes = list(walk(tree))
        fine: set[int] = set()
        for node in nodes:
            if isinstance(node, ast.For | ast.comprehension):
                either = [node.iter.body, node.iter.orelse] if isinstance(node.iter, ast.IfExp) else []
                fine |= {id(each) for each in [node.iter, *either]}
            elif isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice):
                fine.add(id(node.value))
            elif isinstance(node, ast.Call):
                fine |= {id(each) for each in node.args}
            elif isinstance(node, ast.Assign):
                fine.add(id(node.value))
            elif isinstance(node, ast.arguments):
                fine |= {id(each) for each in node.defaults}
        for node in nodes:
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load) and id(node) not in fine:
                found.append((module, node))
    return found


def only_gone_through(program: Program, uses: list[tuple[str, ast.Name | ast.Attribute]], table: Class) -> bool:
    """Whether no such use may be this table's."""
    for module, node in uses:
        if isinstance(node, ast.Name):
            if program.named(module, node.id) == table:
                return False
        elif node.attr == table[1]:
            home = program.homes[module]
            whose = home.modules.get(last_name(node.value)) or (last_name(node.value) in home.foreign and "-")
            if whose in (None, False, table[0]):
                return False
    return True
