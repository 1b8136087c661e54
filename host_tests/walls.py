"""The walls of the house (shared/design.md), each a function that lists where it is broken."""

import ast
from pathlib import Path

ROOMS = ("sense", "decide", "act", "serve")
SLOW = {"sleep", "sleep_ms", "sleep_us"}


def modules(root):
    """(path, name inside the package, syntax tree) of every firmware file below ``root``."""
    for path in sorted(Path(root).rglob("*.py")):
        yield path, path.relative_to(root).as_posix(), ast.parse(path.read_text("utf-8"))


def imports(tree):
    """(line, full dotted name) of all that a module imports, names of ``from`` imports included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def room_of(name):
    """The room a file belongs to: sense, decide, act, serve, or its own name."""
    parts = name.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "headroom" else name


def decide_is_pure(root):
    """Wall 1: decide imports nothing but decide, and neither prints nor opens."""
    for path, name, tree in modules(root):
        if room_of(name) != "decide":
            continue
        for line, imported in imports(tree):
            if not imported.startswith("headroom.decide"):
                yield f"{path}:{line}: decide imports {imported}"
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in ("print", "open", "input"):
                yield f"{path}:{node.lineno}: decide uses {node.id}"


def hardware_stays_in_sense_and_act(root):
    """Wall 2: only sense and act (and boot.py, which must need nothing) import machine; they and charger.py board."""
    for path, name, tree in modules(root):
        room = room_of(name)
        for line, imported in imports(tree):
            top = imported.split(".")[0]
            if top == "machine" and room not in ("sense", "act", "boot.py"):
                yield f"{path}:{line}: {name} imports machine"
            if top == "board" and room not in ("sense", "act", "boot.py", "headroom/charger.py"):
                yield f"{path}:{line}: {name} imports board"


def rooms_do_not_import_sideways(root):
    """Wall 3: rooms see decide's types at most; only charger.py sees them all, and only it sees serve."""
    for path, name, tree in modules(root):
        room = room_of(name)
        if room not in ROOMS:
            continue
        allowed = {room} | ({"decide"} if room in ("serve", "act", "sense") else set())
        for line, imported in imports(tree):
            parts = imported.split(".")
            if (
                parts[0] == "headroom"
                and len(parts) > 1
                and parts[1] in (*ROOMS, "charger")
                and parts[1] not in allowed
            ):
                yield f"{path}:{line}: {room} imports {imported}"


def numbers_are_integers(root):
    """Wall 4: from the ADC to the pilot no float literal, no true division, no float()."""
    for path, name, tree in modules(root):
        if room_of(name) not in ("sense", "decide", "act", "headroom/charger.py"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                yield f"{path}:{node.lineno}: float literal {node.value}"
            if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
                yield f"{path}:{node.lineno}: true division"
            if isinstance(node, ast.Name) and node.id == "float":
                yield f"{path}:{node.lineno}: float()"


def nothing_waits_in_a_tick(root):
    """Wall 6: nothing in the rooms or the charger sleeps."""
    for path, name, tree in modules(root):
        if room_of(name) not in (*ROOMS, "headroom/charger.py"):
            continue
        for line, imported in imports(tree):
            if imported.split(".")[-1] in SLOW:
                yield f"{path}:{line}: {imported}"
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in SLOW:
                yield f"{path}:{node.lineno}: {node.attr}"


def one_source_for_both_interpreters(root):
    """Wall 7: no rule asks which interpreter it runs on."""
    for path, _, tree in modules(root):
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in ("implementation", "platform"):
                yield f"{path}:{node.lineno}: asks for sys.{node.attr}"


def firmware_does_not_know_the_bench(root):
    """Wall 8: firmware imports only itself, the board and what the ESP32 port has."""
    known = {
        "headroom",
        "board",
        "machine",
        "micropython",
        "time",
        "sys",
        "select",
        "array",
        "os",
        "gc",
        "json",
        "vfs",
    }
    for path, name, tree in modules(root):
        for line, imported in imports(tree):
            if imported.split(".")[0] not in known | {"binascii", "struct", "hashlib"}:
                yield f"{path}:{line}: {name} imports {imported}"


WALLS = (
    decide_is_pure,
    hardware_stays_in_sense_and_act,
    rooms_do_not_import_sideways,
    numbers_are_integers,
    nothing_waits_in_a_tick,
    one_source_for_both_interpreters,
    firmware_does_not_know_the_bench,
)
