"""The firmware's own names exchanged for names that MicroPython's image has in its flash, before mpy-cross compiles it.

A name that the image does not know costs the chip its letters and 7 bytes, and all of them together a table that is doubled
in one piece. What nobody outside a file, or outside a class and its relatives, can mean gets a name from
`micropython_names.txt`; two files, or two classes that are no relatives, use the same. Lines stay where they are.

Kept is what somebody may mean who is not seen here: whatever the image, boot.py, main.py or a string says, and what a module
that is read by its name is asked for.
"""

import ast
import builtins
import itertools
import keyword
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from string import ascii_lowercase

from headroom_tools.device.linking import NATIVE, PACKAGE, File, Names, all_bound
from headroom_tools.device.walking import children, walk

LIST = Path(__file__).with_name("micropython_names.txt")
SPOKEN = re.compile(r"[\w.]+")  # a string that may be a name, or several
CELLS = re.compile(r"[\t\n|]")  # between those of a packed table (packing.py)
# looked for by MicroPython itself in an object of the firmware's: generators, streams, exceptions
PROTOCOLS = {"send", "throw", "close", "read", "readinto", "write", "ioctl", "seek", "flush", "args", "value", "errno"}

Unit = tuple[str, str]  # of a module's name: the module that makes it, and what the source calls it
Edit = tuple[int, int, int, str]  # line, first byte, byte behind it, new


@cache
def image_names() -> tuple[list[str], set[str]]:
    """Returns the names that every image has in its flash, the shortest first, and all that some version knows."""
    given, known = (part.split() for part in re.sub(r"#.*", "", LIST.read_text("utf-8")).split("---"))
    return sorted(given, key=lambda name: (len(name), name)), {*given, *known}


def fallback() -> Iterator[str]:
    """The shortest names, for when the image has no more."""
    for length in itertools.count(1):
        yield from ("".join(letters) for letters in itertools.product(ascii_lowercase, repeat=length))


@dataclass
class Sheet:
    """One file: what it binds, and what it says."""

    module: str
    tree: ast.Module
    own: dict[str, str] = field(default_factory=dict)  # what it calls modules of the firmware
    handed: set[str] = field(default_factory=set)  # modules of the firmware that it hands on as they are
    origin: dict[str, Unit] = field(default_factory=dict)  # what it takes from one: name here, where it is made
    foreign: set[str] = field(default_factory=set)  # names of modules that are not the firmware's
    top: set[str] = field(default_factory=set)
    deeper: set[str] = field(default_factory=set)
    fixed: set[str] = field(default_factory=set)  # bound where no edit would reach
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)

    def said(self) -> set[str]:
        """Returns what its strings may name: all parts of each that is one word, or words with points between."""
        said = [node.value for node in walk(self.tree) if isinstance(node, ast.Constant)]
        texts = [each for text in said if isinstance(text, str) for each in CELLS.split(text)]
        whole = [text for text in texts if SPOKEN.fullmatch(text)]
        return {part for text in whole for part in text.split(".")}

    def loose(self) -> set[str]:
        """Returns the attributes that it asks of anything but a module that it knows."""
        return {node.attr for node in walk(self.tree) if isinstance(node, ast.Attribute) and not self.whose(node)}

    def whose(self, node: ast.Attribute) -> str:
        """Returns the module of which an attribute is read, "-" for one that is not the firmware's, "" for an object."""
        name = node.value.id if isinstance(node.value, ast.Name) else ""
        return self.own.get(name, "-" if name in self.foreign else "")


def read(name: str, text: str, modules: set[str]) -> Sheet:
    """Returns a file's sheet; ``modules`` are all of the firmware's."""
    sheet = Sheet(name[:-3].replace("/", ".").removesuffix(".__init__"), ast.parse(text))
    doubtful: set[str] = set()

    def look(node: ast.AST, inside: bool) -> None:
        for child in children(node):
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                (sheet.deeper if inside else sheet.top).add(child.name)
                if isinstance(child, ast.ClassDef) and not inside:
                    sheet.classes[child.name] = child
                look(child, True)
                continue
            if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store | ast.Del):
                (sheet.deeper if inside else sheet.top).add(child.id)
                doubtful.add(child.id)
            elif isinstance(child, ast.arg):
                sheet.deeper.add(child.arg)
                doubtful.add(child.arg)
            elif isinstance(child, ast.ExceptHandler) and child.name:
                sheet.fixed.add(child.name)
                doubtful.add(child.name)
            elif isinstance(child, ast.Global | ast.Nonlocal):
                sheet.fixed.update(child.names)
            elif isinstance(child, ast.Import):
                sheet.foreign.update(alias.asname or alias.name for alias in child.names)
                sheet.fixed.update(alias.asname or alias.name for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                for alias in child.names:
                    take(child.module or "", alias, inside)
            look(
                child,
                inside or isinstance(child, ast.Lambda | ast.ListComp | ast.GeneratorExp | ast.DictComp | ast.SetComp),
            )

    def take(source: str, alias: ast.alias, inside: bool) -> None:
        name = alias.asname or alias.name
        whole = f"{source}.{alias.name}"
        if whole in modules:
            sheet.own[name] = whole
            sheet.fixed.add(name)
        elif source in modules:
            sheet.origin[name] = (source, alias.name)
            (sheet.deeper if inside else sheet.top).add(name)
        else:
            sheet.fixed.add(name)

    look(sheet.tree, False)
    asked = {id(node.value) for node in walk(sheet.tree) if isinstance(node, ast.Attribute)}
    for node in walk(sheet.tree):
        if isinstance(node, ast.Name) and id(node) not in asked and node.id in sheet.own:
            sheet.handed.add(sheet.own[node.id])
    for each in doubtful:  # the name of a module, and of something else too: what is asked of it stays
        sheet.own.pop(each, None)
        sheet.foreign.discard(each)
    return sheet


class Naming:
    """What every name of the firmware is called on the chip."""

    def __init__(self, texts: dict[str, str], plain: dict[str, str]) -> None:
        modules = {name[:-3].replace("/", ".").removesuffix(".__init__") for name in texts}
        self.sheets = {name: read(name, text, modules) for name, text in texts.items()}
        self.by_module = {sheet.module: sheet for sheet in self.sheets.values()}
        self.given, self.known = image_names()
        outside = [read(name, text, modules) for name, text in plain.items()]
        self.kept = set(self.known)
        for sheet in outside:
            self.kept |= sheet.said() | sheet.top | sheet.fixed
            self.kept |= {node.attr for node in walk(sheet.tree) if isinstance(node, ast.Attribute)}
        sheets = list(self.sheets.values())
        self.spoken = set().union(*(sheet.said() for sheet in sheets))
        self.loose = set().union(*(sheet.loose() for sheet in sheets))
        self.by_name = self._by_name(sheets)
        self.attributes = self._attributes(sheets)
        self.globals = self._globals(sheets)

    def _by_name(self, sheets: list[Sheet]) -> set[str]:
        """The names of modules that are read by their name, or handed on, as far as somebody may ask such a module for them."""
        rooms = {
            node.value
            for sheet in sheets
            for node in walk(sheet.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(PACKAGE + ".")
        }
        rooms |= set().union(*(sheet.handed for sheet in sheets))
        read = [sheet for sheet in sheets if any((sheet.module + ".").startswith(room + ".") for room in rooms)]
        made = set().union(*(sheet.top for sheet in read))
        return made & (self.loose | self.spoken)

    def _families(self, sheets: list[Sheet]) -> dict[tuple[str, str], str]:
        """Each class's oldest ancestor in the firmware; "" where that has one outside of it."""
        found: dict[tuple[str, str], str] = {}

        def family(module: str, name: str) -> str:
            module, name = self.unit(module, name)
            made = self.by_module[module].classes.get(name) if module in self.by_module else None
            if made is None:
                return ""
            if not made.bases:
                return f"{module}.{name}"
            base = made.bases[0]
            known = len(made.bases) == 1 and isinstance(base, ast.Name)
            return family(module, base.id) if known and isinstance(base, ast.Name) else ""

        for sheet in sheets:
            for name in sheet.classes:
                found[sheet.module, name] = family(sheet.module, name)
        return found

    def owners(self, sheets: list[Sheet]) -> dict[str, set[str]]:
        """Returns the families of classes that have an attribute."""
        families, found = self._families(sheets), dict[str, set[str]]()
        for sheet in sheets:
            for name, node in sheet.classes.items():
                for attribute in class_level(node) | set_on_self(node):
                    found.setdefault(attribute, set()).add(families[sheet.module, name])
        return found

    def _attributes(self, sheets: list[Sheet]) -> dict[str, str]:
        owners = self.owners(sheets)
        hidden = set().union(*(_shaded(sheet) for sheet in sheets))
        kept = self.kept | self.spoken | self.by_name | hidden
        free = {
            name: whose for name, whose in owners.items() if name not in kept and "" not in whose and name[:2] != "__"
        }
        stay = (self.loose | set(owners)) - set(free)
        taken: dict[str, set[str]] = {}
        made: dict[str, str] = {}
        for name in sorted(free, key=lambda name: (-len(free[name]), name)):
            used = set().union(*(taken.get(each, set()) for each in free[name]))
            made[name] = self._next(used | stay | PROTOCOLS)
            for each in free[name]:
                taken.setdefault(each, set()).add(made[name])
        return made

    def unit(self, module: str, name: str) -> Unit:
        """Returns where a name of a module is made."""
        while module in self.by_module and name in self.by_module[module].origin:
            module, name = self.by_module[module].origin[name]
        return module, name

    def _globals(self, sheets: list[Sheet]) -> dict[Unit, str]:
        within: dict[Unit, list[Sheet]] = {}
        for sheet in sheets:
            for name in sorted(sheet.top):
                owner, there = self.unit(sheet.module, name)
                within.setdefault((owner, name) if there == name else (sheet.module, name), []).append(sheet)
        free = {
            unit: files
            for unit, files in within.items()
            if unit[1] not in self.kept | self.by_name
            and unit[1][:2] != "__"
            and not any(unit[1] in sheet.deeper | sheet.fixed | hidden_constants(sheet.tree) for sheet in files)
        }
        said = {sheet.module: _identifiers(sheet.tree) for sheet in sheets}
        taken = {
            sheet.module: said[sheet.module] - {unit[1] for unit, files in free.items() if sheet in files}
            for sheet in sheets
        }
        made: dict[Unit, str] = {}
        for unit in sorted(free, key=lambda unit: (-len(free[unit]), unit)):
            used = set().union(*(taken[sheet.module] for sheet in free[unit]))
            made[unit] = self._next(used | set(dir(builtins)) | NATIVE)
            for sheet in free[unit]:
                taken[sheet.module].add(made[unit])
        return made

    def _next(self, taken: set[str]) -> str:
        return next(
            name
            for name in itertools.chain(self.given, fallback())
            if name not in taken and not keyword.iskeyword(name)
        )

    def names(self, sheet: Sheet) -> Names:
        """Returns what a file's names are called."""
        found = {}
        for name in sheet.top:
            module, made = self.unit(sheet.module, name)
            new = self.globals.get((module, made) if made == name else (sheet.module, name))
            if new is not None:
                found[name] = new
        return Names(self.attributes, found)

    def written(self, name: str, text: str) -> tuple[str, Names]:
        """Returns a file with its names exchanged."""
        sheet = self.sheets[name]
        names = self.names(sheet)
        return edited(text, self._edits(sheet, names, text.splitlines())), names

    def _edits(self, sheet: Sheet, names: Names, lines: list[str]) -> Iterator[Edit]:
        for node in walk(sheet.tree):
            if isinstance(node, ast.Name) and node.id in names.globals:
                yield node.lineno, node.col_offset, node.col_offset + len(node.id), names.globals[node.id]
            elif isinstance(node, ast.Attribute):
                whose = sheet.whose(node)
                new = None
                if not whose:
                    new = names.attributes.get(node.attr)
                elif whose in self.by_module:
                    new = self.globals.get(self.unit(whose, node.attr))
                if new is not None:
                    end = node.end_col_offset or 0
                    yield node.end_lineno or 0, end - len(node.attr), end, new
            elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("__"):
                yield from self._imports(sheet, names, node)
            elif isinstance(node, ast.ClassDef):
                yield from _class_edits(node, names, lines)
        for top in functions_and_classes(sheet.tree):
            if top.name in names.globals:
                yield _at_name(top, names.globals[top.name], lines)

    def _imports(self, sheet: Sheet, names: Names, node: ast.ImportFrom) -> Iterator[Edit]:
        for alias in node.names:
            here = alias.asname or alias.name
            if here not in sheet.origin:
                continue
            made = self.globals.get(self.unit(node.module or "", alias.name), alias.name)
            new = names.globals.get(here, here)
            shown = made if made == new else f"{made} as {new}"
            yield alias.lineno, alias.col_offset, alias.end_col_offset or 0, shown


def functions_and_classes(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Those that stand at the top of a file, conditions aside."""
    for child in children(tree):
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            yield child
        elif isinstance(child, ast.stmt | ast.ExceptHandler):
            yield from functions_and_classes(child)


def class_level(node: ast.ClassDef) -> set[str]:
    """Returns a class's methods and what else its body binds."""
    found = set()
    for child in node.body:
        found |= {child.name} if isinstance(child, ast.FunctionDef) else all_bound(child)
    return found


def set_on_self(node: ast.ClassDef) -> set[str]:
    """Returns the attributes that its methods set on ``self``."""
    return {
        each.attr
        for each in walk(node)
        if isinstance(each, ast.Attribute)
        and isinstance(each.ctx, ast.Store)
        and isinstance(each.value, ast.Name)
        and each.value.id == "self"
    }


def _class_edits(node: ast.ClassDef, names: Names, lines: list[str]) -> Iterator[Edit]:
    level = class_level(node)
    for child in node.body:
        if isinstance(child, ast.FunctionDef):
            if child.name in names.attributes:
                yield _at_name(child, names.attributes[child.name], lines)
            continue
        for each in walk(child):
            if isinstance(each, ast.Name) and each.id in level and each.id in names.attributes:
                yield each.lineno, each.col_offset, each.col_offset + len(each.id), names.attributes[each.id]


def _shaded(sheet: Sheet) -> set[str]:
    """Attributes that a method's decorator or default names, or a class within a class: no edit reaches them."""
    found: set[str] = set()
    for node in walk(sheet.tree):
        if isinstance(node, ast.ClassDef):
            level = class_level(node)
            for child in node.body:
                if isinstance(child, ast.FunctionDef):
                    outer = [*child.decorator_list, *child.args.defaults, *filter(None, child.args.kw_defaults)]
                    said = [each for part in outer for each in walk(part)]
                    found |= {each.id for each in said if isinstance(each, ast.Name)} & level
            if node not in sheet.classes.values():
                found |= level | set_on_self(node)
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


def _identifiers(tree: ast.Module) -> set[str]:
    """Every name that a file binds or reads, at any depth."""
    read = {node.id for node in walk(tree) if isinstance(node, ast.Name)}
    return read | all_bound(tree) | {name for node in walk(tree) if isinstance(node, ast.Global) for name in node.names}


def _at_name(node: ast.FunctionDef | ast.ClassDef, new: str, lines: list[str]) -> Edit:
    head = lines[node.lineno - 1].encode()
    start = head.index(node.name.encode(), node.col_offset + len("def"))
    return node.lineno, start, start + len(node.name), new


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Returns a text with the edits made."""
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    for row, first, last, new in sorted(set(edits), reverse=True):
        line = lines[row - 1]
        lines[row - 1] = line[:first] + new.encode() + line[last:]
    return b"".join(lines).decode()


def named(files: dict[str, File], plain: Iterable[str]) -> dict[str, File]:
    """Returns the files, by their path in the package, with their names exchanged; those in ``plain`` stay as they are."""
    outside = {name: file.text for name, file in files.items() if name in plain}
    naming = Naming({name: file.text for name, file in files.items() if name not in plain}, outside)
    made = {}
    for name, file in files.items():
        made[name] = file
        if name not in plain:
            text, names = naming.written(name, file.text)
            made[name] = replace(file, text=text, names=names)
    return made


def translated(text: str, attributes: dict[str, str]) -> str:
    """Returns a rig's file that reads and sets the firmware's attributes by what they are called on the chip."""
    lines = text.splitlines()
    edits: list[Edit] = []
    names = Names(attributes, {})
    for node in walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and node.attr in attributes:
            end = node.end_col_offset or 0
            edits.append((node.end_lineno or 0, end - len(node.attr), end, attributes[node.attr]))
        elif isinstance(node, ast.ClassDef):
            edits += _class_edits(node, names, lines)
    return edited(text, edits)
