"""What only the console's answers call is lent to its class while one of them is in memory.

A method that nobody but an answer calls stays in the source where it belongs, and goes to the chip in a file beside the answers,
`serve/answers/of_serve_console_pin`: whichever answer reaches it reads that file first. It puts the methods into their classes,
and takes them out again when the loader forgets the answers (serve/loader.py).

An answer that the charger itself reads, outside of the console (`part("sessions")`), may go on while others are forgotten: what
such a one reaches stays. So does what is named without being called, has a decorator, or asks the board, which only the start
reads.
"""

import ast
import copy
from collections.abc import Iterable

from headroom_tools.device.fitting import BOARD
from headroom_tools.device.reaching import ANSWERS as ROOM
from headroom_tools.device.reaching import PART, Place, Program, Unit, by_name, closure, reached
from headroom_tools.device.walking import all_bound, hidden_constants, walk

TAKE_BACK = "take_back"
Trees = dict[str, ast.Module]


def lend(trees: Trees, plain: Trees) -> None:
    """Moves what can be lent into modules of its own, and has the answers read them."""
    program, when = reached(trees, plain)
    answers = {module for module in by_name(program) if module.startswith(ROOM + ".")}
    told = _told(trees, answers)
    asked = answers - told
    stays = closure(
        program, when.always | when.start | _units(program, by_name(program) - asked) | _tops(program, answers)
    )
    lent: dict[str, list[Place]] = {}
    for place in sorted(closure(program, _units(program, asked)) - stays):
        if place[0] not in answers and place[1] and _can_be(program, place):
            lent.setdefault(place[0], []).append(place)
    for home, places in lent.items():
        made = f"{ROOM}.of_" + home.split(".", 1)[1].replace(".", "_")
        trees[made] = _moved(trees[home], home, places, program)
        for module in asked:
            if closure(program, _units(program, {module})) & set(places):
                _read_first(trees[module], made)


def _units(program: Program, modules: Iterable[str]) -> set[Place]:
    return {place for place in program.units if place[0] in modules}


def _tops(program: Program, modules: set[str]) -> set[Place]:
    """What these modules name when they are read."""
    found: set[Place] = set()
    for module in modules:
        unit = Unit((module, "", ""), ast.Pass())
        for each in program.top.get(module, []):
            program.look(unit, each, {})
        found |= unit.calls | unit.escapes
    return found


def _told(trees: Trees, answers: set[str]) -> set[str]:
    """The answers that other rooms read by their name."""
    found = set()
    for module, tree in trees.items():
        for node in walk(tree) if module not in answers else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == PART and node.args:
                name = node.args[0]
                if isinstance(name, ast.Constant):
                    found.add(f"{ROOM}.{name.value!s}")
    return found


def _can_be(program: Program, place: Place) -> bool:
    node = program.units[place].node
    if not isinstance(node, ast.FunctionDef) or node.decorator_list or node.name[:2] == "__":
        return False
    return not any(isinstance(each, ast.Name) and each.id == BOARD for each in walk(node))


def _moved(tree: ast.Module, home: str, places: list[Place], program: Program) -> ast.Module:
    """Take methods out of a module; returns the one that lends them."""
    body: list[ast.stmt] = []
    given: list[tuple[str, str]] = []
    used: set[str] = set()
    for _, owner, name in places:
        node = program.units[home, owner, name].node
        assert isinstance(node, ast.FunctionDef)
        within = program.classes[home, owner]
        there = ast.Assign([ast.Name(name, ast.Store())], ast.Constant(None))  # its name stays taken in the class
        within.body[within.body.index(node)] = ast.fix_missing_locations(ast.copy_location(there, node))
        bound = set().union(*(all_bound(each) for each in [node.args, *node.body]))
        used |= {owner} | {each.id for each in walk(node) if isinstance(each, ast.Name)} - bound
        node.name = f"{name}_{owner}"
        body.append(node)
        given.append((f"{owner}.{name}", node.name))
    at = body[0]
    gives = "\n".join(f"{method} = {lent}" for method, lent in given)
    takes = "\n".join(f"    {method} = None" for method, _ in given)
    made = ast.parse(f"{gives}\ndef {TAKE_BACK}():\n{takes}\n")
    whole = ast.Module([*_imports(tree, home, used), *body, *made.body], [])
    for each in whole.body:
        if each not in body:
            ast.fix_missing_locations(ast.copy_location(each, at))
    for piece in walk(whole):
        if hasattr(piece, "lineno"):
            piece.file = home.replace(".", "/") + ".py"  # type: ignore[attr-defined]
    return whole


def _imports(tree: ast.Module, home: str, used: set[str]) -> list[ast.stmt]:
    """What a module's functions name of it, and of what it imports."""
    made: list[ast.stmt] = []
    left = set(used)
    for node in tree.body:
        if isinstance(node, ast.ImportFrom | ast.Import):
            names = [alias for alias in node.names if (alias.asname or alias.name) in used]
            left -= {alias.asname or alias.name for alias in names}
            if names and isinstance(node, ast.ImportFrom):
                made.append(ast.ImportFrom(node.module, names, 0))
            elif names:
                made.append(ast.Import(names))
    hidden = hidden_constants(tree)
    for node in tree.body:
        said = {each.id for each in walk(node) if isinstance(each, ast.Name)} if isinstance(node, ast.Assign) else set()
        if said & left & hidden:
            made.append(copy.deepcopy(node))  # of which nothing is left to import
    own = sorted(left & set().union(*(all_bound(node) for node in tree.body)) - hidden)
    return [*made, *(ast.ImportFrom(home, [ast.alias(name)], 0) for name in own)]


def _read_first(tree: ast.Module, module: str) -> None:
    """Have a module read another before all else."""
    folder, _, name = module.rpartition(".")
    first = next(place for place, node in enumerate(tree.body) if not isinstance(node, ast.Expr))
    tree.body.insert(first, ast.copy_location(ast.ImportFrom(folder, [ast.alias(name)], 0), tree.body[first]))
