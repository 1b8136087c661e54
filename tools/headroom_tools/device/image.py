"""A MicroPython image with Headroom frozen in: `make image`. Its code is run where it lies in the flash, and takes little heap.

Puts the compiled modules into out/image/mpy under the names that freezing needs, checks that firmware/manifest.py finds them
all, and has MicroPython built in Espressif's container, with boards/micropython as the board's definition. An image is for all
boards of this repository: their parts are told by board.py, which `headroom flash` writes.

mpy-tool.py derives a frozen module's path from the name inside its .mpy: so that is `headroom/guard_linked.py` here, and not
`headroom.guard_linked`, by which it is called in a traceback.
"""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

from headroom_tools.common.ending import ended
from headroom_tools.common.errors import BadInput
from headroom_tools.common.places import ROOT
from headroom_tools.device.flash import FIRMWARE, crossed, sources, squeezed

MANIFEST = FIRMWARE / "manifest.py"
BOARD = ROOT / "boards" / "micropython"
OUT = ROOT / "out" / "image"
FORM = ("-march=xtensawin",)
CONTAINER = "espressif/idf:v5.5.2"  # what ports/esp32/README.md of MicroPython 1.29 recommends
SLOT = 0x180000  # bytes of an app slot in partitions.csv


def frozen() -> dict[str, bytes]:
    """Returns what is frozen, by its path: the firmware for any board, since nothing in the flash costs heap."""
    return crossed(squeezed(tuple(sources().items())), FORM, str)


def source_name(mpy: bytes) -> str:
    """Returns the name inside a .mpy: the first of its table (py/persistentcode.c: header, two counts, length and text)."""
    at, count = 4, 0
    while count < 2:
        count += mpy[at] < 0x80
        at += 1
    size = mpy[at] >> 1 if mpy[at] < 0x80 else ((mpy[at] & 0x7F) << 7 | mpy[at + 1]) >> 1
    start = at + 1 + (mpy[at] >= 0x80)
    return mpy[start : start + size].decode()


def asked(manifest: Path) -> list[tuple[str, str]]:
    """Returns what a manifest asks for, function and argument; BadInput for what this check does not know."""
    found = []
    for node in ast.parse(manifest.read_text("utf-8")).body:
        call = node.value if isinstance(node, ast.Expr) else None
        if isinstance(call, ast.Constant):
            continue
        if not isinstance(call, ast.Call) or ast.unparse(call.func) not in ("freeze", "freeze_mpy"):
            raise BadInput(f"{manifest}:{node.lineno}: only freeze(...) and freeze_mpy(...) are known here")
        found.append((ast.unparse(call.func), ast.literal_eval(call.args[0])))
    return found


def resolved(manifest: Path) -> list[str]:
    """Returns the modules that a manifest freezes of those that lie in the repository, by path; BadInput where one is wrong."""
    found: list[str] = []
    for function, path in asked(manifest):
        if "$" in path:
            continue  # a folder of MicroPython's own
        folder = (manifest.parent / path).resolve()
        there = sorted(folder.rglob("*.mpy" if function == "freeze_mpy" else "*.py"))
        if not there:
            raise BadInput(f"{manifest}: {function}({path!r}): nothing lies there: make image puts it there")
        for each in there:
            name = each.relative_to(folder).as_posix()
            inside = source_name(each.read_bytes()) if function == "freeze_mpy" else name
            if inside != name.removesuffix(".mpy") + ".py" * name.endswith(".mpy"):
                raise BadInput(f"{each}: its name is {inside}: frozen so, nobody could import it")
            found.append(name)
    return found


def written(folder: Path) -> int:
    """Puts the compiled modules there; returns their bytes."""
    shutil.rmtree(folder, ignore_errors=True)
    total = 0
    for name, data in frozen().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        total += len(data)
    return total


def accepted(micropython: Path) -> str:
    """Has a MicroPython checkout's own mpy-tool freeze all modules; returns the C source that it makes."""
    tool = micropython / "tools" / "mpy-tool.py"
    if not tool.is_file():
        raise BadInput(f"{tool}: no such file: MICROPYTHON is a checkout of MicroPython, of the version to be built")
    files = sorted(str(path) for path in (OUT / "mpy").rglob("*.mpy"))
    done = subprocess.run([sys.executable, tool, "--freeze", *files], capture_output=True, text=True)
    if done.returncode:
        raise BadInput(f"mpy-tool refuses it: {(done.stderr.strip() or done.stdout.strip()).splitlines()[-1]}")
    return done.stdout


def build(micropython: Path) -> Path:
    """Builds the image in a container; returns it."""
    engine = shutil.which("docker") or shutil.which("podman")
    if engine is None:
        raise BadInput(
            "no container here (docker or podman), and no compiler for the ESP32 comes any other way: the image was not built; "
            f"the modules lie in {(OUT / 'mpy').relative_to(ROOT)}, checked"
        )
    make = (
        "make -C /micropython/mpy-cross && make -C /micropython/ports/esp32 BOARD_DIR=/headroom/boards/micropython "
        "FROZEN_MANIFEST=/headroom/firmware/manifest.py BUILD=/headroom/out/image/build submodules all"
    )
    done = subprocess.run(
        [engine, "run", "--rm", "-v", f"{micropython.resolve()}:/micropython", "-v", f"{ROOT}:/headroom", CONTAINER,
         "bash", "-c", f"git config --global --add safe.directory '*'; {make}"]
    )  # fmt: skip
    image = OUT / "build" / "firmware.bin"
    if done.returncode or not image.is_file():
        raise BadInput("the build in the container failed: what it printed tells why")
    return image


def main() -> None:
    """Prepares, checks and, where that can be, builds; one line tells what stands in the way."""
    try:
        made()
    except BadInput as error:
        raise SystemExit(f"headroom: {error}") from None


def made() -> None:
    """Does it."""
    total = written(OUT / "mpy")
    names = resolved(MANIFEST)
    print(
        f"{len(names)} modules, {total} bytes of .mpy, each under the name that freezing needs; the manifest finds them all"
    )
    if total > SLOT:
        raise BadInput(f"that is more than an app slot of {SLOT} bytes holds")
    given = os.environ.get("MICROPYTHON")
    if not given:
        raise BadInput("make image MICROPYTHON=FOLDER builds it: a checkout of MicroPython, of the version to be built")
    print(f"mpy-tool makes {len(accepted(Path(given)))} bytes of C of them")
    print(f"{build(Path(given)).relative_to(ROOT)}: headroom flash --with-micropython writes it")


if __name__ == "__main__":
    ended(main)
