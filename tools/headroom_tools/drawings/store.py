"""The store's four steps: the real store writes to a folder, and after each step another one reads what a cut leaves."""

import shutil
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

from headroom_tools.drawings.sheet import MARGIN, SIZE, Sheet

WORDS = {
    "CREATE": ("create", "the older one"),
    "WRITE": ("write", "header, data"),
    "CLOSE": ("close", "now on flash"),
}
OLD, NEW = b"old", b"new"
LEFT, WIDE, TOP = 20, 140, 90
ROWS = (("NAME/0", "0"), ("NAME/1", "1"))


def a_store(folder: Path) -> Any:
    """The firmware's store on a folder of this PC."""
    store = import_module("headroom.serve.store.store")
    files = import_module("headroom.serve.store.files")
    return store.Store(files.Flash(), str(folder))


def steps() -> list[tuple[str, dict[str, str], str]]:
    """(step, what each file holds after it, what is read after a cut there), for a newer value put over an older one."""
    names = {getattr(import_module("headroom.serve.store.store"), name): name for name in WORDS}
    told = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "data")
        store = a_store(folder)
        for data in (b"older", OLD):
            store.put("NAME", data)
            while store.busy():
                store.step(0)
        store.put("NAME", NEW)
        while store.busy():
            name = names[store.state]
            store.step(0)
            after = Path(place, "cut")
            shutil.rmtree(after, ignore_errors=True)
            shutil.copytree(folder, after)  # what a program holds in memory is not in it, as after a power cut
            read = a_store(after).read("NAME")
            told.append((name, {path.name: held(path) for path in (after / "NAME").iterdir()}, read.decode()))
    return told


def held(path: Path) -> str:
    """What a copy holds, or that it is not whole."""
    copy = import_module("headroom.serve.store.store").unframe(path.read_bytes())
    return copy[1].decode() if copy else "not whole"


def draw() -> str:
    """The drawing as SVG."""
    sheet = Sheet()
    sheet.said(MARGIN, 62, "A newer value is put. One step, one call of the file system, each tick:")
    looks = {"older": "grey", "old": "blue", "new": "teal", "not whole": "amber"}
    for column, (name, files, read) in enumerate(steps()):
        left = LEFT + WIDE * column
        title, what = WORDS[name]
        sheet.labelled(left + 4, TOP, WIDE - 12, 38, f"{column + 1} {title}")
        sheet.said(left + WIDE // 2 - 2, TOP + 58, what, anchor="middle")
        for row, (label, file) in enumerate(ROWS):
            top = TOP + 100 + 62 * row
            sheet.said(left + 4, top - 6, label)
            if file in files:
                sheet.box(left + 4, top, WIDE - 12, 28, look=looks[files[file]], radius=4)
                sheet.text(left + WIDE // 2 - 2, top + 20, files[file], size=SIZE, anchor="middle")
            else:
                sheet.said(left + WIDE // 2 - 2, top + 20, "none", anchor="middle")
        cut = left + WIDE - 4
        sheet.wire((cut, TOP - 8), (cut, TOP + 206), look="cut")
        sheet.said(cut - 4, TOP + 224, f"cut: {read}", anchor="end", look="warn", bold=True)
    sheet.lines(
        MARGIN,
        TOP + 258,
        "Red: the power is cut there; the value that is read afterwards.",
        "Each copy has a number and a checksum; the newest whole one counts.",
        "littlefs keeps what a file held until it is closed; a PC does not.",
        "A fault, or what a person decided, is then written over NAME/1, too.",
    )
    return sheet.page(TOP + 338, "The store writes a value (serve/store/store.py)")
