"""The modules of a room made into one, `headroom/guard_linked`, before mpy-cross compiles them for the chip.

Each module costs the chip some 150 bytes, each name that one takes from another its place in a table, and a few larger files
are quicker to write and to load than many. What stays a file of its own is found, not listed: what boot.py and main.py
import themselves (it runs before anything else can fail), what is imported only under a condition (a part that not every
board has) and what only such a part needs, and what no import reaches (the console's answers, read when somebody asks).
A name of a module keeps its name where nothing else in the room has it, and else gets the module's behind it.
"""

import ast
import builtins
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Any

from headroom_tools.device import fitting, inlining, lending, packing, reaching, unread, working_out
from headroom_tools.device.walking import all_bound, children, walk

PACKAGE = "headroom"
LINKED = "_linked"
NATIVE = {"const", "ptr8", "ptr16", "ptr32", "uint"}  # the compiler's own
BUILT_IN = set(dir(builtins)) | NATIVE
Scope = ast.FunctionDef | ast.Lambda


@dataclass(frozen=True)
class Names:
    """What a file's names are called on the chip, by what the source calls them."""

    attributes: dict[str, str] = field(default_factory=dict)  # the same in all files
    globals: dict[str, str] = field(default_factory=dict)


@dataclass
class File:
    """What is compiled, and where each of its lines stood."""

    text: str
    lines: dict[int, tuple[str, int]] = field(default_factory=dict)  # line: file in firmware/, line; empty: as it is
    names: Names = field(default_factory=Names)
    joined: dict[int, list[int]] = field(default_factory=dict)  # line: all that stand in it (joining.py)


def linked(texts: dict[str, str], plain: Iterable[str], facts: dict[str, Any] | None = None) -> dict[str, File]:
    """Returns the files, by their path in the package, with the modules of each room linked; ``plain`` stay as they are.

    ``facts``: the constants of the board that they are for; without it they are for any board, and nothing is left out.
    """
    modules = {_module(name): name for name in texts if name not in plain}
    trees = {module: ast.parse(texts[name]) for module, name in modules.items()}
    if facts is not None:
        fitted({name: ast.parse(texts[name]) for name in plain if name in texts}, trees, facts)
    modules = {module: modules.get(module, module.replace(".", "/") + ".py") for module in trees}
    own = {target for name in plain if name in texts for target in _targets(ast.parse(texts[name]), modules)}
    own |= {target for tree in trees.values() for target in _conditional(tree, modules)}
    order: list[str] = []

    def visit(module: str, seen: set[str]) -> None:
        if module in seen:
            return
        seen.add(module)
        for target in _targets(trees[module], modules):
            visit(target, seen)
        order.append(module)

    seen: set[str] = set()
    for module in sorted(own):
        visit(module, seen)
    rooms: dict[str, list[str]] = {}
    always = _always(trees, modules, [name for name in plain if name in texts], texts)
    for module in order:
        if module in always and module not in own and module.count(".") >= 2:
            rooms.setdefault(module.split(".")[1], []).append(module)
    house = House(modules, trees, rooms)
    files = {name: File(texts[name]) for name in plain if name in texts}
    for room, members in rooms.items():
        files[f"{PACKAGE}/{room}{LINKED}.py"] = house.unit(members)
    for module, name in modules.items():
        if module not in house.room_of:
            reads = any(target in house.room_of for target in _targets(trees[module], modules))
            files[name] = house.unit([module]) if reads or facts is not None else File(texts[name])
    return {name: file for name, file in files.items() if not _is_idle(name, file, files)}


def _always(trees: dict[str, ast.Module], modules: dict[str, str], plain: list[str], texts: dict[str, str]) -> set[str]:
    """The modules that every start reads: from the plain files on, by what each imports at its top."""
    todo = [target for name in plain for target in _targets(ast.parse(texts[name]), modules)]
    seen: set[str] = set()
    while todo:
        module = todo.pop()
        if module not in seen:
            seen.add(module)
            todo += _targets(ast.Module(trees[module].body, []), modules, at_top=True)
    return seen


def fitted(plain: dict[str, ast.Module], trees: dict[str, ast.Module], facts: dict[str, Any]) -> None:
    """Leaves out of the modules what a board cannot reach, and writes what can go once the charger runs."""
    working_out.work_out(trees)
    holder = trees.pop(packing.TEXTS, None)  # which nobody names yet
    answers = fitting.ask(trees, facts)
    while fitting.chosen(trees) | reaching.cut(trees, plain) | unread.leave_out(trees, plain):
        pass
    fitting.remember(trees, answers)
    packing.pack(trees)
    packing.pack_texts(trees, reaching.Program(trees), holder)
    inlining.inline(trees, plain)
    reaching.let_go(trees, plain)
    lending.lend(trees, plain)
    for tree in trees.values():
        for node in walk(tree):
            if isinstance(node, ast.ClassDef):  # 16 bytes a class, for names that nobody asks
                node.body.insert(
                    ast.get_docstring(node) is not None,
                    ast.copy_location(ast.parse("del __module__, __qualname__").body[0], node),
                )


def _is_idle(name: str, file: File, files: dict[str, File]) -> bool:
    """Whether it is a package's empty file (but for a docstring), and nothing else is left in the folder."""
    folder, _, last = name.rpartition("/")
    others = [each for each in files if each.startswith(folder + "/") and each != name]
    says_only = all(isinstance(each, ast.Expr) for each in ast.parse(file.text).body)  # its docstring
    return last == "__init__.py" and says_only and all(each.endswith("__init__.py") for each in others)


def _module(name: str) -> str:
    return name[:-3].replace("/", ".").removesuffix(".__init__")


def _imports(tree: ast.AST) -> Iterator[ast.ImportFrom]:
    return (node for node in walk(tree) if isinstance(node, ast.ImportFrom))


def _targets(tree: ast.AST, modules: dict[str, str], at_top: bool = False) -> list[str]:
    """The firmware's modules that a file imports, in order; ``at_top``: only those that it cannot be read without."""
    found = []
    top = {id(node) for node in children(tree)}
    for node in _imports(tree):
        if at_top and id(node) not in top:
            continue
        named = [f"{node.module}.{alias.name}" for alias in node.names]
        found += [each for each in named if each in modules] or [
            each for each in [node.module or ""] if each in modules
        ]
    return found


def _conditional(tree: ast.Module, modules: dict[str, str]) -> list[str]:
    """Those that it imports anywhere but at the top."""
    top = {id(node) for node in tree.body}
    inner = [node for node in _imports(tree) if id(node) not in top]
    return [target for node in inner for target in _targets(node, modules)]


def _top(tree: ast.Module) -> set[str]:
    """The names that a module itself defines: not those that it imports."""
    found: set[str] = set()

    def look(node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif not isinstance(node, ast.Lambda):
            for child in children(node):
                look(child)

    look(tree)
    return found


def _deeper(tree: ast.Module) -> set[str]:
    """The names that are bound within its functions and classes."""
    found: set[str] = set()
    for node in walk(tree):
        if isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            for child in children(node):
                found |= all_bound(child)
    return found


class House:
    """All modules, and what each name of a linked one is called in its room."""

    def __init__(self, modules: dict[str, str], trees: dict[str, ast.Module], rooms: dict[str, list[str]]) -> None:
        self.modules = modules
        self.trees = trees
        self.room_of = {module: room for room, members in rooms.items() for module in members}
        self.called: dict[tuple[str, str], str] = {}
        self.keywords = {
            node.arg for tree in trees.values() for node in walk(tree) if isinstance(node, ast.keyword) and node.arg
        }
        for members in rooms.values():
            self._name(members)

    def _name(self, members: list[str]) -> None:
        bound = {module: all_bound(self.trees[module]) for module in members}
        taken = set().union(*bound.values())
        for module in members:
            others = set().union(*(names for other, names in bound.items() if other != module))
            deeper = _deeper(self.trees[module])
            for name in sorted(_top(self.trees[module])):
                new = name
                if name in others | deeper | BUILT_IN:
                    suffix = module.rpartition(".")[2]
                    new = f"{name}_{suffix.upper() if name.isupper() else suffix}"
                    while new in taken:
                        new += "_"
                    taken.add(new)
                self.called[module, name] = new

    def unit(self, members: list[str]) -> File:
        """One file of what these modules hold."""
        imports: dict[tuple[str, str], str] = {}  # (module, name or ""): what it is called in this file
        body: list[ast.stmt] = []
        for module in members:
            renamer = Renamer(self, module, members, imports)
            for statement in self.trees[module].body:
                if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
                    kept = renamer.visit(statement)
                    body += [kept] if isinstance(kept, ast.stmt) else kept or []
        tree = ast.Module(body, [])
        for node in walk(tree):
            if isinstance(node, ast.FunctionDef):
                _shorten(node, self.keywords)
        return _written(tree)


def _shorten(function: ast.FunctionDef, keywords: set[str]) -> None:
    """Gives its arguments names of one letter where no call names them: the chip keeps each argument's name."""
    inside = list(walk(function))
    used = {node.id for node in inside if isinstance(node, ast.Name)}
    bound = [node.arg for node in inside if isinstance(node, ast.arg)]
    if any(isinstance(node, ast.Global | ast.Nonlocal) for node in inside):
        return
    letters = (letter for letter in ascii_lowercase if letter not in used and letter not in bound)
    new = {
        each.arg: next(letters, each.arg)
        for each in function.args.args
        if len(each.arg) > 1 and each.arg != "self" and each.arg not in keywords and bound.count(each.arg) == 1
    }
    for node in inside:
        if isinstance(node, ast.arg):
            node.arg = new.get(node.arg, node.arg)
        elif isinstance(node, ast.Name):
            node.id = new.get(node.id, node.id)


def _written(tree: ast.Module) -> File:
    for node in walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.copy_location(ast.Pass(), node.body[0])]
    ast.fix_missing_locations(tree)
    text = ast.unparse(tree) + "\n"
    lines: dict[int, tuple[str, int]] = {}
    for old, new in zip(walk(tree), walk(ast.parse(text)), strict=True):
        file = getattr(old, "file", None)
        if file is not None:
            line = getattr(new, "lineno", 0)
            lines[line] = min(lines.get(line, (file, 1 << 30)), (file, getattr(old, "lineno", 0)))
    return File(text, lines)


class Renamer(ast.NodeTransformer):  # its methods' names are ast's
    """Rewrites one module for the file that it becomes part of."""

    def __init__(self, house: House, module: str, members: list[str], imports: dict[tuple[str, str], str]) -> None:
        self.house = house
        self.module = module
        self.file = house.modules[module]
        self.members = members
        self.imports = imports
        self.local: list[set[str]] = []  # of the functions around
        self.aliases: dict[str, str] = {}  # what is a module of the firmware
        self.names: dict[str, str] = {}  # what a name at the top is called
        if module in house.room_of:
            self.names = {name: new for (owner, name), new in house.called.items() if owner == module}

    def visit(self, node: ast.AST) -> Any:
        """Remember where it stood."""
        if hasattr(node, "lineno"):
            node.file = getattr(node, "file", self.file)  # type: ignore[attr-defined]
        return super().visit(node)

    def _is_local(self, name: str) -> bool:
        return any(name in names for names in self.local)

    def _called(self, module: str, name: str, line: int) -> str:
        new = self.house.called.get((module, name))
        if new is None:
            raise ValueError(f"{self.file}:{line}: {name} is not made in {module}: import it from where it is")
        return new

    def _import(self, module: str, name: str, alias: str) -> list[ast.stmt]:
        """What is imported is called so from here on; the statement, unless the file has it already."""
        known = self.imports.get((module, name))
        if known is None:
            known = alias
            while known in self.imports.values() or (known != alias and known in self.names.values()):
                known += "_"
            self.imports[module, name] = known
        elif known:
            self.names[alias] = known
            return []
        self.names[alias] = known
        asname = known if known != (name or module) else None
        if name:
            return [ast.ImportFrom(module, [ast.alias(name, asname)], 0)]
        return [ast.Import([ast.alias(module, asname)])]

    def visit_Import(self, node: ast.Import) -> list[ast.stmt]:  # noqa: D102
        return [each for alias in node.names for each in self._import(alias.name, "", alias.asname or alias.name)]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> list[ast.stmt]:  # noqa: D102
        made: list[ast.stmt] = []
        for alias in node.names:
            source, called = node.module or "", alias.asname or alias.name
            whole = f"{source}.{alias.name}"
            if whole in self.house.room_of:
                self.aliases[called] = whole
                if whole not in self.members:
                    room = self.house.room_of[whole]
                    made += self._import(PACKAGE, room + LINKED, f"_{room}")
            elif source in self.house.room_of:
                new = self._called(source, alias.name, node.lineno)
                if source in self.members:
                    self.names[called] = new
                else:
                    made += self._import(f"{PACKAGE}.{self.house.room_of[source]}{LINKED}", new, called)
            else:
                made += self._import(source, alias.name, called)
        return [ast.copy_location(each, node) for each in made]

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:  # noqa: D102
        if isinstance(node.value, ast.Name) and node.value.id in self.aliases and not self._is_local(node.value.id):
            module = self.aliases[node.value.id]
            new = self._called(module, node.attr, node.lineno)
            node.value.file = self.file  # type: ignore[attr-defined]
            if module in self.members:
                return self._here(ast.Name(new, node.ctx), node)
            node.value.id, node.attr = self.names[f"_{self.house.room_of[module]}"], new
            return node
        self.generic_visit(node)
        return node

    def _here(self, made: ast.expr, node: ast.expr) -> ast.expr:
        made.file = self.file  # type: ignore[attr-defined]
        return ast.copy_location(made, node)

    def visit_Name(self, node: ast.Name) -> ast.Name:  # noqa: D102
        if not self._is_local(node.id):
            if node.id in self.aliases:
                raise ValueError(f"{self.file}:{node.lineno}: {node.id} is used as an object: it cannot be linked")
            node.id = self.names.get(node.id, node.id)
        return node

    def visit_Global(self, node: ast.Global) -> ast.Global:  # noqa: D102
        node.names = [self.names.get(name, name) for name in node.names]
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:  # noqa: D102
        if not self.local:
            node.name = self.names.get(node.name, node.name)
        node.bases = [self.visit(each) for each in node.bases]
        inner = {child.name for child in node.body if isinstance(child, ast.FunctionDef)}
        for child in node.body:
            inner |= set() if isinstance(child, ast.FunctionDef) else all_bound(child)
        made: list[ast.stmt] = []
        for child in node.body:
            if isinstance(child, ast.FunctionDef):
                self._function(child)
                child.file = self.file  # type: ignore[attr-defined]
                made.append(child)
            else:
                self.local.append(inner)
                made.append(self.visit(child))
                self.local.pop()
        node.body = made
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:  # noqa: D102
        if not self.local:
            node.name = self.names.get(node.name, node.name)
        return self._function(node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:  # noqa: D102
        self._scope(node, [node.body])
        return node

    def _function(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.decorator_list = [self.visit(each) for each in node.decorator_list]
        self._scope(node, node.body)
        return node

    def _scope(self, node: Scope, body: list[ast.stmt] | list[ast.expr]) -> None:
        arguments = node.args
        arguments.defaults = [self.visit(each) for each in arguments.defaults]
        arguments.kw_defaults = [each and self.visit(each) for each in arguments.kw_defaults]
        bound = {each.arg for each in walk(arguments) if isinstance(each, ast.arg)}
        outside: set[str] = set()
        for each in body:
            bound |= all_bound(each)
            outside |= {name for inner in walk(each) if isinstance(inner, ast.Global) for name in inner.names}
        self.local.append(bound - outside)
        made = []
        for each in body:
            kept = self.visit(each)
            made += kept if isinstance(kept, list) else [kept]
        self.local.pop()
        if isinstance(node, ast.Lambda):
            node.body = made[0]
        else:
            node.body = made
