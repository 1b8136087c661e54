"""The walls of the house, each a function that lists where it is broken. The README's architecture page draws them."""

import ast
from functools import cache
from pathlib import Path

SLOW = {"sleep", "sleep_ms", "sleep_us"}
# room: the rooms it may import, besides itself. ``serve`` sees their types and words, never the hardware's rooms.
MAY_IMPORT = {
    "terms": (),
    "sense": ("terms",),
    "monitor": ("terms",),
    "record": ("terms",),
    "guard": ("terms", "monitor", "record"),
    "law": ("terms", "monitor", "guard"),
    "act": ("terms", "guard"),
    "serve": ("terms", "monitor", "record", "guard", "law"),
}
PURE = ("terms", "monitor", "guard", "law", "record")
TICKING = (*MAY_IMPORT, "headroom/charger.py", "headroom/features.py")


def modules(root):
    """(path, name inside the package, syntax tree) of every firmware file below ``root``."""
    for path in sorted(Path(root).rglob("*.py")):
        yield path, path.relative_to(root).as_posix(), parsed(path.read_text("utf-8"))


parsed = cache(ast.parse)  # the same file is looked at by every wall, and for every breach


@cache
def imports(tree):
    """(line, full dotted name) of all that a module imports, names of ``from`` imports included."""
    return list(_imports(tree))


def _imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def room_of(name):
    """The room a file belongs to (the first folder below headroom), or its own name."""
    parts = name.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "headroom" else name


def rooms_import_only_what_lies_below(root):
    """Wall 1: each room imports itself and what MAY_IMPORT lists; only charger.py sees them all."""
    for path, name, tree in modules(root):
        room = room_of(name)
        if room not in MAY_IMPORT:
            continue
        for line, imported in imports(tree):
            parts = imported.split(".")
            other = parts[1] if parts[0] == "headroom" and len(parts) > 1 else room
            if other != room and other not in MAY_IMPORT[room]:
                yield f"{path}:{line}: {room} imports {imported}"


def no_circle_between_files_or_folders(root):
    """Wall 1, again: follow the imports of files, and of folders, and never come back."""
    names = {name[:-3].replace("/", ".").removesuffix(".__init__"): name for _, name, _ in modules(root)}
    files, folders, lines = {}, {}, {}
    for path, name, tree in modules(root):
        here = name[:-3].replace("/", ".").removesuffix(".__init__")
        for line, imported in imports(tree):
            target = imported if imported in names else imported.rpartition(".")[0]
            if target not in names or target == here:
                continue
            a, b = name.rpartition("/")[0], names[target].rpartition("/")[0]
            files.setdefault(here, set()).add(target)
            lines.setdefault((here, target), f"{path}:{line}")
            if a != b and not names[target].endswith("__init__.py"):
                folders.setdefault(a, set()).add(b)
                lines.setdefault((a, b), f"{path}:{line}")
    for graph in (files, folders):
        for a in sorted(graph):
            for b in sorted(graph[a]):
                if a in reached(graph, b):
                    yield f"{lines[a, b]}: {a} imports {b}, which comes back to it"


def reached(graph, start):
    """Every node that can be reached from ``start``, itself included."""
    seen, todo = set(), [start]
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo += graph.get(node, ())
    return seen


def rules_touch_no_world(root):
    """Wall 2: terms, monitor, guard, law and record import nothing but headroom, array and struct, and neither print nor open."""
    for path, name, tree in modules(root):
        room = room_of(name)
        if room not in PURE:
            continue
        for line, imported in imports(tree):
            if imported.split(".")[0] not in ("headroom", "array", "struct"):
                yield f"{path}:{line}: {room} imports {imported}"
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in ("print", "open", "input"):
                yield f"{path}:{node.lineno}: {room} uses {node.id}"


def hardware_stays_in_sense_and_act(root):
    """Wall 3: only sense and act (and boot.py, which must need nothing) import machine and esp32; they and charger.py board."""
    for path, name, tree in modules(root):
        room = room_of(name)
        for line, imported in imports(tree):
            top = imported.split(".")[0]
            if top in ("machine", "esp32") and room not in ("sense", "act", "boot.py"):
                yield f"{path}:{line}: {name} imports {top}"
            if top == "board" and room not in ("sense", "act", "boot.py", "headroom/charger.py"):
                yield f"{path}:{line}: {name} imports board"


def numbers_are_integers(root):
    """Wall 5: from the ADC to the pilot no float literal, no true division, no float()."""
    for path, name, tree in modules(root):
        if room_of(name) not in TICKING or room_of(name) == "serve":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                yield f"{path}:{node.lineno}: float literal {node.value}"
            if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
                yield f"{path}:{node.lineno}: true division"
            if isinstance(node, ast.Name) and node.id == "float":
                yield f"{path}:{node.lineno}: float()"


def nothing_waits_in_a_tick(root):
    """Wall 7: nothing in the rooms or the charger sleeps."""
    for path, name, tree in modules(root):
        if room_of(name) not in TICKING:
            continue
        for line, imported in imports(tree):
            if imported.split(".")[-1] in SLOW:
                yield f"{path}:{line}: {imported}"
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in SLOW:
                yield f"{path}:{node.lineno}: {node.attr}"


def readings_are_only_read(root):
    """Wall 6: what a scan saw is written by sense, and the clocks by charger.py; a finding of another room is no reading."""
    for path, name, tree in modules(root):
        if room_of(name) in ("sense", "headroom/charger.py"):
            continue
        for node in ast.walk(tree):
            written = isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, (ast.Store, ast.Del))
            if written and "readings" in chain(node)[:-1]:
                yield f"{path}:{node.lineno}: writes {'.'.join(chain(node))}"


def chain(node):
    """The names of ``a.b[0].c().d`` in their order; what is no name, a call's result or a literal, gives none."""
    if isinstance(node, ast.Attribute):
        return [*chain(node.value), node.attr]
    if isinstance(node, ast.Subscript):
        return [*chain(node.value), "[]"]
    return [node.id] if isinstance(node, ast.Name) else []


def what_the_standard_gives_a_car_stands_once(root):
    """Wall 10: the car's five seconds are a number in terms/standard.py only; whoever quotes them derives its own."""
    for path, name, _ in modules(root):
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
            value = line.partition("=")[2].partition("#")[0].strip()
            quotes = "sequence 6" in line or "to follow" in line
            if quotes and value.isdigit() and name != "headroom/terms/standard.py":
                yield f"{path}:{number}: {value} beside what terms/standard.py says"


FACE = {
    *("version", "board_name"),
    *("limits", "readings", "verdict", "energy", "events", "box"),  # records, to read
    *("applying", "held", "hold", "latched", "clear", "wait_ms", "left_ms", "tested", "check_car", "checked_car"),
    *("drawn_ma", "doubles", "time_kept"),
    *("heard", "look"),  # of a meter on a wire
}
INSIDE = ("meter", "power", "scan", "guard", "law", "dwell", "protect", "fallback", "outputs", "inputs")


def serve_sees_the_charger_through_its_face(root):
    """Wall 4: of the charger, serve touches what FACE lists; of a record one field; of other rooms' parts nothing.

    Nor may the charger go by another name, be looked into by ``getattr``, or be written to.
    """
    for path, name, tree in modules(root):
        if room_of(name) != "serve":
            continue
        known = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        for node in ast.walk(tree):
            for held in held_by(node):
                known.add(id(held))
            if not isinstance(node, (ast.Attribute, ast.Name)):
                continue
            names = chain(node)
            told = f"{path}:{node.lineno}: {'.'.join(names)}"
            behind = names[names.index("charger") + 1 :] if "charger" in names else []
            if behind and (behind[0] not in FACE or len([each for each in behind if each != "[]"]) > 2):
                yield told + " goes past the charger's face"
            if behind and not isinstance(node.ctx, ast.Load):
                yield told + " writes into the charger"
            if names and names[-1] == "charger" and isinstance(node.ctx, ast.Load) and id(node) not in known:
                yield told + " hands the charger on under another name"
            if isinstance(node, ast.Attribute) and node.attr in INSIDE and "headroom" not in names:
                yield told + " is a part of another room"


def held_by(node):
    """What an assignment gives the name ``charger`` to: ``charger = service.charger``, ``self.charger = charger``, pairs too."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return
    targets, values = [node.targets[0]], [node.value]
    if isinstance(targets[0], ast.Tuple) and isinstance(values[0], ast.Tuple):
        targets, values = targets[0].elts, values[0].elts
    for target, value in zip(targets, values, strict=False):
        if chain(target)[-1:] == ["charger"]:
            yield value


def one_source_for_both_interpreters(root):
    """Wall 8: no rule asks which interpreter it runs on, or writes what one of them cannot: a slice with a step, a bare raise."""
    for path, _, tree in modules(root):
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in ("implementation", "platform"):
                yield f"{path}:{node.lineno}: asks for sys.{node.attr}"
            if isinstance(node, ast.Slice) and node.step is not None:
                yield f"{path}:{node.lineno}: a slice with a step, which MicroPython's str refuses"
            if isinstance(node, ast.Raise) and node.exc is None:
                yield f"{path}:{node.lineno}: a bare raise, which MicroPython's native code refuses: name the error"


def firmware_does_not_know_the_bench(root):
    """Wall 8, again: firmware imports only itself, the board and what the ESP32 port has."""
    known = {
        "headroom",
        "board",
        "machine",
        "esp32",
        "micropython",
        "time",
        "sys",
        "select",
        "array",
        "os",
        "gc",
        "json",
        "vfs",
        "io",
        "shelf",
    }
    for path, name, tree in modules(root):
        for line, imported in imports(tree):
            if imported.split(".")[0] not in known | {"binascii", "struct", "hashlib"}:
                yield f"{path}:{line}: {name} imports {imported}"


def every_room_says_its_question(root):
    """Each folder's __init__.py says what the room is for and what it may import."""
    for path in sorted(Path(root).rglob("__init__.py")):
        if path.parent.name == "headroom":
            continue
        said = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        if "Imports " not in said and "imports " not in said:
            yield f"{path}:1: says no question, or nothing of its imports"


JIG_MAY_IMPORT = ("common", "boards", "device", "jig")
INSTRUMENTS = ("bench_instruments", "scpi", "by_hand")


def the_jig_sees_a_board_by_its_port_only(tools):
    """Tools: the jig imports `common`, `boards`, `device`, and neither the bench nor the firmware; its steps know no driver.

    And no other room of the tools imports the jig: only the command line does.
    """
    for path, name, tree in modules(Path(tools) / "headroom_tools"):
        room = name.split("/")[0] if "/" in name else ""
        for line, imported in imports(tree):
            parts = imported.split(".")
            told = f"{path}:{line}: {name} imports {imported}"
            if parts[0] == "headroom_tools" and parts[1] == "jig" and room not in ("jig", ""):
                yield told
            if room != "jig":
                continue
            if parts[0] in ("bench", "proofs", "headroom") or (
                parts[0] == "headroom_tools" and parts[1] not in JIG_MAY_IMPORT
            ):
                yield told
            if name.startswith("jig/steps/") and len(parts) > 2 and parts[2] in INSTRUMENTS:
                yield told


TOOLS_WALLS = (the_jig_sees_a_board_by_its_port_only,)
WALLS = (
    rooms_import_only_what_lies_below,
    no_circle_between_files_or_folders,
    rules_touch_no_world,
    hardware_stays_in_sense_and_act,
    numbers_are_integers,
    nothing_waits_in_a_tick,
    serve_sees_the_charger_through_its_face,
    readings_are_only_read,
    what_the_standard_gives_a_car_stands_once,
    one_source_for_both_interpreters,
    firmware_does_not_know_the_bench,
    every_room_says_its_question,
)
