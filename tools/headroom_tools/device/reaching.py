"""What of the firmware is reached, and when: the build leaves out what nobody calls, and lets go of what only the start calls.

A rule for whoever adds to the firmware: nothing. What runs is found from main.py on, by following calls. A method that is
asked of something whose class cannot be told is any method of that name, of whatever class. What is not called where it is
named (a callback, a row of a table), what stands in a nested function and what waits in a generator may run at any time.

- Reached by nobody: left out, with the modules that nobody imports then.
- Reached only until ``Charger.run`` begins: `__init__` of what is made once, tables that are read once. The build writes
  headroom/started.py, which ``run`` reads first of all: it deletes them.
- Reached only by what is read by its name: stays. That is what a text names whole: a module ("headroom.sense.fitted"), or a
  folder ("headroom.serve.answers") with all that lies in it.
"""

import ast
import builtins
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from headroom_tools.device.fitting import RECORDS, called, last_name
from headroom_tools.device.walking import children, walk, with_class

PACKAGE = "headroom"
MAIN = (
    "headroom.charger",
    "Charger",
    "run",
)  # main.py makes one of this class, and calls this of it: the start is over
STARTED = "headroom.started"
ANSWERS, PART = "headroom.serve.answers", "part"  # of serve/loader.py: reads a module of that room
WHOLE = {
    "getattr",
    "next",
    "max",
    "min",
    "iter",
    "eval",
    "exec",
    "__import__",
    "super",
}  # builtins that give what they are given
FILL = {"append", "extend", "insert", "add", "update", "setdefault"}
ANY = "*"  # a method of whatever class
PLAIN_BUILTINS = set(dir(builtins)) - WHOLE

Place = tuple[str, str, str]  # module, class or "", name
Class = tuple[str, str]  # module, name
Types = frozenset[Class] | None  # None: cannot be told
Locals = dict[str, list[ast.expr | None]]  # what a function's own names are assigned; None: not told


@dataclass
class Unit:
    """A function, a method or a name at the top of a module."""

    place: Place
    node: ast.AST
    calls: set[Place] = field(default_factory=set)
    escapes: set[Place] = field(default_factory=set)  # named, and not called there
    later: bool = False  # a generator: its body runs whenever somebody asks

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All that it is made of."""
        return list(walk(self.node))


@dataclass
class Home:
    """One module."""

    tree: ast.Module
    modules: dict[str, str] = field(default_factory=dict)  # name here: module of the firmware
    origin: dict[str, Class] = field(default_factory=dict)  # name here: module and name there
    foreign: set[str] = field(default_factory=set)


class Program:
    """All modules, what each function may call, and what types its names have, as far as that is plain."""

    def __init__(self, trees: dict[str, ast.Module]) -> None:
        self.trees = trees
        self.nodes = {module: list(walk(tree)) for module, tree in trees.items()}
        self.homes = {module: self._home(tree, self.nodes[module]) for module, tree in trees.items()}
        self.units: dict[Place, Unit] = {}
        self.classes: dict[Class, ast.ClassDef] = {}
        self.top: dict[str, list[ast.stmt]] = {}  # what a module does when it is imported
        for module, tree in trees.items():
            self._collect(module, tree.body)
        self.bases = {each: self._bases(*each) for each in self.classes}
        self.families: dict[Class, set[Class]] = {}
        self.methods: dict[str, list[Place]] = {}
        for place in self.units:
            if place[1]:
                self.methods.setdefault(place[2], []).append(place)
        self.records = {called(name): (module, name) for module, name in self.classes if module == RECORDS}
        self.loose: set[str] = set()
        self.stores: dict[tuple[Class, str], list[tuple[Unit, ast.expr | None]]] = {}
        self.sites: dict[Place, list[tuple[Unit, ast.Call]]] = {}
        self.handed: set[Place] = set()
        self.locals: dict[Place, Locals] = {}
        self.filled = {name for nodes in self.nodes.values() for name in _filled(nodes)}
        self.known: dict[tuple[Class, str], Types] = {}
        self.given: dict[tuple[Place, str], Types] = {}
        self._find_stores()
        self._find_sites()
        for unit in self.units.values():
            self._follow(unit)

    def _home(self, tree: ast.Module, nodes: list[ast.AST]) -> Home:
        home = Home(tree)
        for node in nodes:
            if isinstance(node, ast.Import):
                home.foreign |= {alias.asname or alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    name, whole = alias.asname or alias.name, f"{node.module}.{alias.name}"
                    if whole in self.trees:
                        home.modules[name] = whole
                    elif node.module in self.trees:
                        home.origin[name] = (node.module or "", alias.name)
                    else:
                        home.foreign.add(name)
        return home

    def _collect(self, module: str, body: list[ast.stmt]) -> None:
        doing = self.top.setdefault(module, [])
        for node in body:
            if isinstance(node, ast.FunctionDef):
                self._unit((module, "", node.name), node)
            elif isinstance(node, ast.ClassDef):
                self.classes[module, node.name] = node
                self._unit((module, "", node.name), node)
                for child in node.body:
                    if isinstance(child, ast.FunctionDef):
                        self._unit((module, node.name, child.name), child)
            else:
                doing.append(node)  # whole, with what is defined in it under a condition
                for each in walk(node):
                    if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                        self._unit((module, "", each.id), ast.Pass())  # what makes it runs with the module
                    elif isinstance(each, ast.FunctionDef | ast.ClassDef):
                        self._unit((module, "", each.name), ast.Pass())

    def _unit(self, place: Place, node: ast.AST) -> None:
        self.units.setdefault(place, Unit(place, node))

    def _bases(self, module: str, name: str) -> list[Class]:
        found = []
        for base in self.classes[module, name].bases:
            known = self.named(module, base.id) if isinstance(base, ast.Name) else None
            found += [known] if known in self.classes and known else []
        return found

    def named(self, module: str, name: str) -> Class | None:
        """Returns where a name at the top of a module is made."""
        home = self.homes[module]
        if name in home.origin:
            return self.named(*home.origin[name]) or home.origin[name]
        return (module, name) if (module, "", name) in self.units else None

    def family(self, each: Class) -> set[Class]:
        """Returns a class, those that it comes from and those that come from it."""
        if each not in self.families:
            self.families[each] = self._family(each)
        return self.families[each]

    def _family(self, each: Class) -> set[Class]:
        up, down = {each}, {each}
        while True:
            more = {base for one in up for base in self.bases.get(one, [])}
            less = {one for one, bases in self.bases.items() if down & set(bases)}
            if more <= up and less <= down:
                return up | down
            up |= more
            down |= less

    def _find_stores(self) -> None:
        """What a class's own methods put into its attributes; what others may set is loose: of a record, what begins as None."""
        for tree in self.trees.values():
            for owner, node in with_class(tree):
                if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
                    own = owner and isinstance(node.value, ast.Name) and node.value.id == "self"
                    if not own and last_name(node.value) not in self.records:
                        self.loose.add(node.attr)
        for unit in self.units.values():
            module, owner, _ = unit.place
            alone: dict[int, ast.expr] = {}
            for node in unit.nodes if owner else ():
                if isinstance(node, ast.Assign):
                    alone |= {id(target): node.value for target in node.targets}
            for node in unit.nodes if owner else ():
                if (
                    isinstance(node, ast.Attribute)
                    and isinstance(node.ctx, ast.Store)
                    and last_name(node.value) == "self"
                ):
                    value = alone.get(id(node))
                    self.stores.setdefault(((module, owner), node.attr), []).append((unit, value))
                    if module == RECORDS and isinstance(value, ast.Constant) and value.value is None:
                        self.loose.add(node.attr)

    def _find_sites(self) -> None:
        """Where functions and classes are called, and which of them are handed on without being called."""
        tops = [Unit((module, "", ""), ast.Module(doing, [])) for module, doing in self.top.items()]
        for unit in [*self.units.values(), *tops]:
            parts = [unit.node]
            if isinstance(unit.node, ast.ClassDef):
                parts = [child for child in unit.node.body if not isinstance(child, ast.FunctionDef)]
            local = self._local(unit)
            called: set[int] = set()
            for node in (each for part in parts for each in walk(part)):
                if isinstance(node, ast.Call):
                    called.add(id(node.func))
                if isinstance(node, ast.Name) and (node.id in local or not isinstance(node.ctx, ast.Load)):
                    continue
                if isinstance(node, ast.Name | ast.Attribute) and id(node) not in called:
                    self.handed.add(self._place(unit.place[0], node) or (ANY, ANY, last_name(node)))
                elif isinstance(node, ast.Call):
                    place = self._place(unit.place[0], node.func) or (ANY, ANY, last_name(node.func))
                    if place and not (isinstance(node.func, ast.Name) and node.func.id in local):
                        self.sites.setdefault(place, []).append((unit, node))

    def _local(self, unit: Unit) -> Locals:
        if unit.place not in self.locals:
            self.locals[unit.place] = _locals(unit.nodes) if isinstance(unit.node, ast.FunctionDef) else {}
        return self.locals[unit.place]

    def attribute(self, owner: Class, name: str) -> Types:
        """Returns the classes of what an attribute of a class may hold."""
        key = (owner, name)
        if key not in self.known:
            self.known[key] = None  # while it is being found out
            self.known[key] = self._union(
                [None if value is None else self.type(unit, value) for unit, value in self.stores.get(key, [])]
            )
        return None if name in self.loose else self.known[key]

    def argument(self, unit: Unit, name: str) -> Types:
        """Returns the classes of what a function, or a class's `__init__`, is given: of all its calls together."""
        module, owner, method = unit.place
        made = method == "__init__"
        place: Place = (module, "", owner) if made else (ANY, ANY, method) if owner else unit.place
        given = unit.node.args.args[bool(owner) :] if isinstance(unit.node, ast.FunctionDef) else []
        names = [each.arg for each in given]
        child = any((module, owner) in bases for bases in self.bases.values())
        if place in self.handed or place not in self.sites or (made and child) or name not in names:
            return None  # who reads the module by its name may call it, too
        if (unit.place, name) not in self.given:
            self.given[unit.place, name] = None
            self.given[unit.place, name] = self._union(
                [self._given(unit, names.index(name), len(names), name, *site) for site in self.sites.get(place, [])]
            )
        return self.given[unit.place, name]

    def _given(self, unit: Unit, place: int, count: int, name: str, where: Unit, call: ast.Call) -> Types:
        if any(isinstance(each, ast.Starred) for each in call.args) or any(each.arg is None for each in call.keywords):
            return None
        if place < len(call.args):
            return self.type(where, call.args[place])
        for each in call.keywords:
            if each.arg == name:
                return self.type(where, each.value)
        assert isinstance(unit.node, ast.FunctionDef)
        defaults = unit.node.args.defaults
        at = place - (count - len(defaults))
        return self.type(unit, defaults[at]) if 0 <= at < len(defaults) else None

    def _union(self, each: list[Types]) -> Types:
        found: frozenset[Class] = frozenset()
        for types in each:
            if types is None:
                return None
            found |= types
        return found

    def _place(self, module: str, node: ast.expr) -> Place | None:
        """What a name, or an attribute of a module, stands for at the top."""
        if isinstance(node, ast.Name):
            known = self.named(module, node.id)
            return (known[0], "", known[1]) if known else None
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in self.homes[module].modules
        ):
            known = self.named(self.homes[module].modules[node.value.id], node.attr)
            return (known[0], "", known[1]) if known else None
        return None

    def type(self, unit: Unit, node: ast.expr) -> Types:
        """Returns the firmware's classes that an expression in a function may be an instance of."""
        module, owner, _ = unit.place
        local = self._local(unit)
        if isinstance(
            node, ast.Constant | ast.List | ast.Dict | ast.Tuple | ast.ListComp | ast.Compare | ast.JoinedStr
        ):
            return frozenset()
        if isinstance(node, ast.IfExp):
            return self._union([self.type(unit, node.body), self.type(unit, node.orelse)])
        if isinstance(node, ast.BoolOp):
            return self._union([self.type(unit, each) for each in node.values])
        if last_name(node) in self.records:
            return frozenset(self.family(self.records[last_name(node)]))
        if isinstance(node, ast.Name):
            if node.id == "self" and owner:
                return frozenset(self.family((module, owner)))
            given = local.get(node.id, [None, None])
            if given == [None]:
                return self.argument(unit, node.id)
            return self._local_type(unit, node.id, given)
        if isinstance(node, ast.Subscript):
            return self.element(unit, node.value)
        if isinstance(node, ast.Attribute):
            whose = self.type(unit, node.value)
            having = [each for each in whose or () if (each, node.attr) in self.stores]
            return self._union([self.attribute(each, node.attr) for each in having]) if having else None
        if isinstance(node, ast.Call) and not (isinstance(node.func, ast.Name) and node.func.id in local):
            called = self._place(module, node.func)
            if called is not None and (called[0], called[2]) in self.classes and not called[1]:
                return frozenset({(called[0], called[2])})
            if isinstance(node.func, ast.Name) and called is None and node.func.id in PLAIN_BUILTINS:
                return frozenset()
        return None

    def element(self, unit: Unit, node: ast.expr) -> Types:
        """Returns the firmware's classes that what lies in a container may be an instance of."""
        if isinstance(node, ast.List | ast.Tuple):
            return self._union([self.type(unit, each) for each in node.elts])
        if isinstance(node, ast.ListComp):
            return self.type(unit, node.elt)
        if isinstance(node, ast.Constant):
            return frozenset()
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("range", "bytearray", "bytes")
        ):
            return frozenset()
        if isinstance(node, ast.Attribute) and node.attr not in self.loose | self.filled:
            having = [self.stores.get((each, node.attr), []) for each in self.type(unit, node.value) or ()]
            given = [
                self.element(where, value) if value is not None else None for found in having for where, value in found
            ]
            return self._union(given) if given else None
        return None

    def _local_type(self, unit: Unit, name: str, given: list[ast.expr | None]) -> Types:
        key = ((unit.place[0], unit.place[1] + "." + unit.place[2]), name)
        if key not in self.known:
            self.known[key] = None
            self.known[key] = self._union([None if each is None else self.type(unit, each) for each in given])
        return self.known[key]

    def _follow(self, unit: Unit) -> None:
        """Find what a unit names, and what of it is called there."""
        node = unit.node
        if isinstance(node, ast.ClassDef):
            parts: list[ast.AST] = [
                *node.bases,
                *(child for child in node.body if not isinstance(child, ast.FunctionDef)),
            ]
        else:
            parts = [node]
        local = self._local(unit)
        unit.later = isinstance(node, ast.FunctionDef) and any(
            isinstance(each, ast.Yield | ast.YieldFrom) for each in unit.nodes
        )
        for part in parts:
            self.look(unit, part, local, isinstance(part, ast.FunctionDef))

    def look(self, unit: Unit, node: ast.AST, local: Locals, outermost: bool = False) -> None:
        """Add what a piece of code names to a unit."""
        called: set[int] = set()
        asked: set[int] = set()  # names of which an attribute is asked

        def go(each: ast.AST, nested: bool) -> None:
            if isinstance(each, ast.Attribute):
                asked.add(id(each.value))
            if isinstance(each, ast.Name) and id(each) not in asked and each.id not in local:
                unit.escapes |= self.whole(unit.place[0], each.id)
            if isinstance(each, ast.Call):
                called.add(id(each.func))
                if isinstance(each.func, ast.Name) and each.func.id in ("getattr", "setattr"):
                    self._by_name(unit, each)
            if isinstance(each, ast.Attribute | ast.Name) and (isinstance(each, ast.Attribute) or each.id not in local):
                to = unit.calls if id(each) in called and not nested else unit.escapes
                to |= self.meant(unit, each, local)
            for child in children(each):
                go(child, nested or isinstance(child, ast.FunctionDef | ast.Lambda))

        go(node, False)

    def whole(self, module: str, name: str) -> set[Place]:
        """Returns all that a module has, where its name is handed on as a whole."""
        meant = self.homes[module].modules.get(name)
        return {place for place in self.units if place[0] == meant and not place[1]} if meant else set()

    def _by_name(self, unit: Unit, call: ast.Call) -> None:
        """What is asked for by a text that is computed must be a foreign module's, or an answer's."""
        whose, name = call.args[0], call.args[1]
        if isinstance(name, ast.Constant) and ast.unparse(call.func) == "getattr":
            unit.escapes |= set(self.methods.get(str(name.value), []))
            return
        outside = isinstance(whose, ast.Name) and whose.id in self.homes[unit.place[0]].foreign
        answer = isinstance(whose, ast.Call) and ast.unparse(whose.func) == "part"
        if not outside and not answer:
            raise ValueError(f"{'.'.join(unit.place)}: {ast.unparse(call)}: nobody can tell what that reads")

    def meant(self, unit: Unit, node: ast.Attribute | ast.Name, local: Locals) -> set[Place]:
        """Returns the units that a name or an attribute may mean."""
        module = unit.place[0]
        at_top = self._place(module, node)
        if at_top is not None:
            return {at_top}
        if isinstance(node, ast.Name):
            return set()
        home = self.homes[module]
        if last_name(node.value) in (home.foreign | set(home.modules)) - set(local) and isinstance(
            node.value, ast.Name
        ):
            return set()
        there = read_by_name(node.value)
        if there and there in self.trees:
            return {place for place in [(there, "", node.attr)] if place in self.units}
        types = self.type(unit, node.value)
        if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "super" and unit.place[1]:
            types = frozenset({(module, unit.place[1])})
        if types is None:
            return set(self.methods.get(node.attr, []))
        return {
            (home, name, node.attr)
            for each in types
            for home, name in self.family(each)
            if (home, name, node.attr) in self.units
        }


def read_by_name(node: ast.expr) -> str:
    """Returns the module that a call gives which names it: ``part("sessions")``, ``once.read("headroom.features")``; or ""."""
    if not isinstance(node, ast.Call) or len(node.args) != 1 or not isinstance(node.args[0], ast.Constant):
        return ""
    name = str(node.args[0].value)
    return {PART: f"{ANSWERS}.{name}", "module": name, "read": name}.get(last_name(node.func), "")


def _filled(nodes: list[ast.AST]) -> Iterator[str]:
    """What containers are called into which something is put after they were made."""
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FILL:
            yield last_name(node.func.value)
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            yield last_name(node.value)
        elif isinstance(node, ast.AugAssign):
            yield last_name(node.target)


def _locals(function: list[ast.AST]) -> dict[str, list[ast.expr | None]]:
    """What a function's own names are assigned; None for what is not told: an argument, a loop's variable."""
    found: dict[str, list[ast.expr | None]] = {}
    told: set[int] = set()
    outside = {name for each in function if isinstance(each, ast.Global) for name in each.names}
    for each in function:
        if isinstance(each, ast.arg):
            found.setdefault(each.arg, []).append(None)
        elif isinstance(each, ast.Assign):
            pairs = [(target, each.value) for target in each.targets]
            for target, value in pairs:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(value)
                    told.add(id(target))
                elif (
                    isinstance(target, ast.Tuple)
                    and isinstance(value, ast.Tuple)
                    and len(target.elts) == len(value.elts)
                ):
                    for one, given in zip(target.elts, value.elts, strict=True):
                        if isinstance(one, ast.Name):
                            found.setdefault(one.id, []).append(given)
                            told.add(id(one))
    for each in function:
        if isinstance(each, ast.For | ast.comprehension) and isinstance(each.target, ast.Name):
            found.setdefault(each.target.id, []).append(ast.Subscript(each.iter, ast.Constant(0)))  # one of them
            told.add(id(each.target))
    for each in function:
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store) and id(each) not in told:
            found.setdefault(each.id, []).append(None)
        elif isinstance(each, ast.ExceptHandler | ast.FunctionDef) and each.name and each is not function[0]:
            found.setdefault(each.name, []).append(None)
    return {name: given for name, given in found.items() if name not in outside}


@dataclass
class Reached:
    """When each unit may run."""

    always: set[Place]
    start: set[Place]
    answers: set[Place]

    def dead(self, program: Program) -> set[Place]:
        """Returns what nobody reaches."""
        return set(program.units) - self.always - self.start - self.answers

    def only_start(self) -> set[Place]:
        """Returns what is not needed any more once the charger runs."""
        return self.start - self.always - self.answers

    def only_answers(self) -> set[Place]:
        """Returns what is needed while somebody asks."""
        return self.answers - self.always - self.start


def reached(trees: dict[str, ast.Module], plain: dict[str, ast.Module]) -> tuple[Program, Reached]:
    """Follows the calls from main.py on, and from the answers."""
    program = Program({**trees, "": ast.Module([each for tree in plain.values() for each in tree.body], [])})
    imported, asked_for = _imported(program, [""]), by_name(program)
    with_them = asked_for | _imported(program, asked_for) - imported
    charger: Place = (MAIN[0], "", MAIN[1])
    main, loads, asked = (Unit(("", "", ""), ast.Pass()) for _ in range(3))
    for module, doing in program.top.items():
        into = main if not module else asked if module in with_them else loads
        if into is loads and module not in imported:
            continue
        unit = Unit((module, "", ""), ast.Pass())
        for each in doing:
            program.look(unit, each, {})
        into.calls |= unit.calls
        into.escapes |= unit.escapes
    own = {place for place in program.units if place[0] == ""}
    start = closure(program, {charger, *loads.calls, *loads.escapes})
    waits = {place for place in start if program.units[place].later}
    waits |= {place for place in start if place[2][:2] == "__" and place[2] != "__init__"}  # of what lives on
    waits = waits.union(loads.escapes, *(program.units[place].escapes for place in start))
    always = closure(program, (own | main.calls | main.escapes | {MAIN} | waits) - {charger})
    answers = {place for place in program.units if place[0] in asked_for} | asked.calls | asked.escapes
    return program, Reached(always, start, closure(program, answers))


def by_name(program: Program) -> set[str]:
    """Returns the modules that are read by their name: a text says it, or that of the folder in which they lie."""
    texts = {
        node.value
        for nodes in program.nodes.values()
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(PACKAGE + ".")
    }
    return {module for module in program.trees if module in texts or module.rpartition(".")[0] in texts}


def _imported(program: Program, roots: Iterable[str]) -> set[str]:
    """The modules that are imported, from these on ("" is main.py); those that are read by their name are none of them."""
    found: set[str] = set()

    def visit(tree: ast.AST) -> None:
        for node in walk(tree):
            if isinstance(node, ast.ImportFrom):
                for name in (node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)):
                    if name in program.trees and name not in found:
                        found.add(name)
                        visit(program.trees[name])

    for root in roots:
        visit(program.trees[root])
    return found


def closure(program: Program, roots: set[Place]) -> set[Place]:
    """Returns what is reached from these: a class brings its special methods, and what it comes from."""
    found: set[Place] = set()
    left = list(roots)
    while left:
        place = left.pop()
        if place in found or place not in program.units:
            continue
        found.add(place)
        left += program.units[place].calls | program.units[place].escapes
        each = (place[0], place[2])
        if not place[1] and each in program.classes:
            left += _special(program, each)
    return found


def _special(program: Program, each: Class) -> list[Place]:
    """What a class that is used brings along: all methods, where one that it comes from is not the firmware's."""
    node = program.classes[each]
    foreign = len(program.bases[each]) < len(node.bases)
    found = [
        (*each, child.name)
        for child in node.body
        if isinstance(child, ast.FunctionDef) and (foreign or child.name.startswith("__"))
    ]
    for base in program.bases[each]:
        found += [(base[0], "", base[1]), *_special(program, base)]
    return found


def cut(trees: dict[str, ast.Module], plain: dict[str, ast.Module]) -> bool:
    """Takes out what nobody reaches; returns whether there was anything."""
    program, when = reached(trees, plain)
    dead = when.dead(program)
    changed = False
    for module, tree in trees.items():
        kept = [each for each in tree.body if not _is_dead(module, each, dead)]
        changed |= len(kept) < len(tree.body)
        tree.body = kept
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                inner = [each for each in node.body if (module, node.name, getattr(each, "name", "")) not in dead]
                changed |= len(inner) < len(node.body)
                node.body = inner or [ast.copy_location(ast.Pass(), node)]
        changed |= _idle_imports(tree, program.homes[module])
    asked_for = by_name(program)
    imported = asked_for | _imported(program, ["", *asked_for])
    for module in list(trees):
        if module not in imported and any(not isinstance(each, ast.Expr) for each in trees[module].body):
            del trees[module]
            changed = True
    return changed


def _is_dead(module: str, node: ast.stmt, dead: set[Place]) -> bool:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return (module, "", node.name) in dead
    if not isinstance(node, ast.Assign):
        return False
    harmless = all(
        isinstance(each.func, ast.Name) and each.func.id in dir(builtins)
        for each in walk(node.value)
        if isinstance(each, ast.Call)
    )
    stored = [each for target in node.targets for each in walk(target) if not isinstance(each, ast.Tuple | ast.Store)]
    return harmless and all(isinstance(each, ast.Name) and (module, "", each.id) in dead for each in stored)


def _idle_imports(tree: ast.Module, home: Home) -> bool:
    """Takes out what a file imports of the firmware and does not use; returns whether there was anything."""
    used = {node.id for node in walk(tree) if isinstance(node, ast.Name)}
    changed = False
    for node in walk(tree):
        for name in ("body", "orelse"):
            block = getattr(node, name, None)
            for each in block if isinstance(block, list) else []:
                if isinstance(each, ast.ImportFrom):
                    kept = [one for one in each.names if (one.asname or one.name) in used | home.foreign]
                    changed |= len(kept) < len(each.names)
                    each.names = kept
            if isinstance(block, list):
                block[:] = [each for each in block if not (isinstance(each, ast.ImportFrom) and not each.names)]
    return changed


def let_go(trees: dict[str, ast.Module], plain: dict[str, ast.Module]) -> None:
    """Writes into headroom/started.py what only the start needs."""
    if STARTED not in trees:
        return
    program, when = reached(trees, plain)
    rows: dict[str, list[str]] = {}
    for module, owner, name in sorted(when.only_start()):
        node = program.units[module, owner, name].node
        if isinstance(node, ast.FunctionDef) or (module, name) in _tables(trees[module], module):
            said = f"m.{owner}.{name} = None" if owner else f"del m.{name}"  # a class keeps what is deleted: py/map.c
            rows.setdefault(module, []).append(said)
    lines = []
    for number, (module, names) in enumerate(rows.items()):
        folder, _, last = module.rpartition(".")
        lines.append(f"from {folder} import {last} as m{number}")
        lines += [said.replace("m.", f"m{number}.", 1) for said in names]
    trees[STARTED] = ast.parse("\n".join(lines))


def _tables(tree: ast.Module, module: str) -> set[Class]:
    """The names at the top that hold more than a number."""
    large = ast.Tuple | ast.List | ast.Dict | ast.Call | ast.ListComp | ast.DictComp
    return {
        (module, each.id)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, large)
        for target in node.targets
        for each in walk(target)
        if isinstance(each, ast.Name)
    }
