"""One tick: the order of the rooms is read from the charger's own ``tick``, the times from the board."""

import ast
from importlib import import_module
from typing import Any

from headroom_tools.boards import board as board_file
from headroom_tools.common.errors import SimulatorFailed
from headroom_tools.common.places import ROOT
from headroom_tools.drawings.sheet import MARGIN, Sheet

CHARGER = ROOT / "firmware" / "headroom" / "charger.py"
# what the tick calls: (room, what it does, the record that it fills or reads)
CALLS = {
    "scan.read": ("sense", "one mains cycle of samples", "Readings"),
    "inputs.read": ("sense", "contacts, button", "Readings"),
    "ports.read": ("sense", "a meter on a wire, where the settings ask for one", "Readings"),
    "law.propose": ("law", "what it would like to offer", "Proposal"),
    "car_check.bounded": ("law", "bounds that while a car proves the clamps", "Proposal"),
    "guard.judge": ("guard", "makes any proposal safe; has monitor watch", "Verdict"),
    "outputs.apply": ("act", "pilot, contactor, lock, lamp", "Verdict"),
    "watchdog.feed": ("act", "feeds the watchdog", ""),
    "ports.count": ("record", "kWh of the car, where a meter on its own line is billed", ""),
    "energy.step": ("record", "kWh of house and car", ""),
    "_grouped": ("serve", "where a group asks for it: leases in, answers out", ""),
    "serve": ("serve", "console and flash, a slice each tick", ""),
}
LOOKS = {"sense": "blue", "law": "amber", "guard": "red", "act": "teal", "record": "grey", "serve": "grey"}
SMALL = ("starts.good",)  # called once in a charger's life
LEFT, RIGHT, TOP, ROW = 20, 580, 190, 46


def calls() -> list[str]:
    """What ``Charger.tick`` calls on the charger's parts, in its order. Raises SimulatorFailed for one without words."""
    tree = ast.parse(CHARGER.read_text("utf-8"))
    charger = next(node for node in tree.body if isinstance(node, ast.ClassDef))
    tick = next(node for node in charger.body if isinstance(node, ast.FunctionDef) and node.name == "tick")
    found = []
    for node in ast.walk(tick):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name.startswith("self.") and name.removeprefix("self.") not in SMALL:
                found.append((node.lineno, name.removeprefix("self.")))
    names = [name for _, name in sorted(found)]
    unknown = sorted(set(names) - set(CALLS))
    if unknown:
        raise SimulatorFailed(f"Charger.tick calls {unknown[0]}: give it a row in drawings/tick.py, CALLS")
    return names


def draw() -> str:
    """The drawing as SVG."""
    board = board_file.load(board_file.BOARDS_DIR / "reference" / "board.py")
    names = calls()
    sheet = Sheet()
    _times(sheet, board)
    for row, name in enumerate(names):
        room, what, record = CALLS[name]
        top = TOP + ROW * row
        sheet.labelled(LEFT, top, 84, 34, room, LOOKS[room])
        sheet.said(LEFT + 100, top + 23, what, look="")
        sheet.said(RIGHT, top + 23, record, anchor="end", bold=True)
        if row:
            sheet.arrow((LEFT + 42, top - 12), (LEFT + 42, top - 1))
    sheet.lines(
        MARGIN,
        TOP + ROW * len(names) + 20,
        "Right: the record that comes out (of act: goes in), refilled each tick.",
        "The law wishes, the guard decides: whatever the law says, what leaves",
        "the guard is safe. Nothing waits in a tick. One that hangs starves the",
        "watchdog, and the chip starts again with the contactor open.",
    )
    return sheet.page(TOP + ROW * len(names) + 100, "One tick (charger.py)")


def _times(sheet: Sheet, board: Any) -> None:
    """The bar of a tick's time, to scale."""
    hz = next(row[2] for row in import_module("headroom.serve.answers.settings_table").TABLE if row[0] == "hz")
    scan_us, rest_us = 1000000 // hz, sum(board["TICK_CPU_US"][:-1])  # without a collection, now and then
    split = LEFT + (RIGHT - LEFT) * scan_us // (scan_us + rest_us)
    sheet.said(MARGIN, 62, f"{(scan_us + rest_us) / 1000:.0f} ms at {hz} Hz, again and again:")
    sheet.labelled(LEFT, 76, split - LEFT, 40, f"sense: {scan_us / 1000:g} ms", "blue")
    sheet.labelled(split, 76, RIGHT - split, 40, f"{rest_us / 1000:.0f} ms", "amber")
    sheet.said(
        RIGHT, 136, f"all the rest: {rest_us / 1000:.0f} ms, an estimate, never measured on a chip", anchor="end"
    )
    sheet.said(MARGIN, 172, "In this order:", look="", bold=True)
