"""The wiring picture of a board: what an electrician and a maker join to what, made from the board's data alone.

Along the top the mains runs from the supply to the car; below it lies the board, the chip in its middle, with one row
for each GPIO in use. Wires leave the mains in the order in which they reach the board, so that none crosses another:
the leftmost clamp goes to the lowest clamp terminals, the rightmost device of the mains to the lowest on the right.
"""

from headroom_tools.boards.board import Board
from headroom_tools.boards.wiring_groups import (  # fmt: skip
    BOARD_LEFT,
    BOARD_RIGHT,
    CHIP_LEFT,
    CHIP_RIGHT,
    GROUP_GAP,
    Sheet,
    amps,
    left_groups,
    right_groups,
)

WIDTH = 1900
MAINS_LEFT, MAINS_TOP, MAINS_PITCH = 70, 176, 36
BREAKER_X, VOLTAGE_X, CLAMP_X, CLAMP_PITCH = 105, 150, 322, 58
HOUSE_LEFT, HOUSE_RIGHT = 390, 770
SUPPLY_X, RESIDUAL_X, CONTACTOR_X, PILOT_X, CAR_LEFT = 810, 1370, 1540, 1622, 1690
PIN_X = CAR_LEFT + 24
CABLE_CODING = (
    (13000, "1.5 kΩ"), (20000, "680 Ω"), (32000, "220 Ω"), (63000, "100 Ω"),
)  # IEC 61851-1 Annex B  # fmt: skip


class Mains:
    """Where each conductor runs, and what hangs below them."""

    def __init__(self, phases: list[str]) -> None:
        """Phases from the top, then N and PE."""
        self.phases = phases
        self.level = {name: MAINS_TOP + MAINS_PITCH * row for row, name in enumerate((*phases, "N", "PE"))}
        self.neutral, self.earth = self.level["N"], self.level["PE"]
        self.pilot, self.proximity = self.earth + MAINS_PITCH, self.earth + 2 * MAINS_PITCH
        self.devices = self.earth + 24


def svg(board: Board) -> str:
    """The picture as SVG text."""
    sheet = Sheet(board)
    mains = Mains(sheet.phases)
    board_top = mains.earth + 56
    bottom = _board(sheet, board_top)
    _conductors(sheet, mains)
    _supply(sheet, mains, board_top)
    _clamps(sheet, mains)
    if board["VOLTAGE_PIN"] is not None:
        _voltage_taps(sheet, mains)
    if board["RCM_FAULT_PIN"] is not None:
        _residual_module(sheet, mains)
    _contactor(sheet, mains)
    _car(sheet, mains)
    if board["LOCK_PIN"] is not None:
        _lock(sheet, mains)
    height = _notes(sheet, max(bottom, mains.proximity + 60))
    name = board["NAME"]
    sheet.pen.text(40, 48, f"Headroom board \u201c{name}\u201d: wiring", size=24, bold=True)
    sheet.pen.text(40, 74, f"Made from boards/{name}/board.py by `headroom board wiring {name}`", look="note")
    return sheet.pen.svg(WIDTH, height, f"Wiring of the Headroom board {name}")


def _board(sheet: Sheet, top: int) -> int:
    """The board, its groups and the chip; gives the y of its lower edge."""
    board, pen = sheet.board, sheet.pen
    columns = [left_groups(board), right_groups(board)]
    frame = len(pen.parts)
    bottom = 0
    for groups in columns:
        y = top + 96
        for draw in groups:
            y += draw(sheet, y) + GROUP_GAP
        bottom = max(bottom, y)
    bottom += 28
    groups_drawn, pen.parts = pen.parts[frame:], pen.parts[:frame]
    pen.box(BOARD_LEFT, top, BOARD_RIGHT - BOARD_LEFT, bottom - top, look="board", radius=10)
    pen.parts += groups_drawn
    pen.text(BOARD_LEFT + 16, top + 32, f"Board \u201c{board['NAME']}\u201d", size=17, bold=True)
    pen.text(
        BOARD_LEFT + 16,
        top + 56,
        f"offers up to {amps(board['MAX_OFFER_MA'])} on {_phases(board)}",
        look="note",
    )
    pen.text(BOARD_LEFT + 16, top + 76, f"main breaker up to {amps(board['MAX_BREAKER_MA'])}", look="note")
    _chip(sheet, top + 84, bottom - 12)
    return bottom


def _phases(board: Board) -> str:
    return "1 phase" if board["PHASES"] == 1 else f"{board['PHASES']} phases"


def _chip(sheet: Sheet, top: int, bottom: int) -> None:
    pen = sheet.pen
    middle = (CHIP_LEFT + CHIP_RIGHT) // 2
    pen.box(CHIP_LEFT, top, CHIP_RIGHT - CHIP_LEFT, bottom - top, look="chip", radius=8)
    pen.text(middle, top + 26, "ESP32-WROOM-32", size=16, anchor="middle", bold=True, look="chip-text")
    pen.text(
        middle,
        bottom - 12,
        "USB serial on GPIO1, GPIO3: console, flashing",
        size=12,
        anchor="middle",
        look="chip-note",
    )
    for side, y, gpio, words in sheet.pins:
        edge, step, anchor = (CHIP_LEFT, 1, "start") if side == "left" else (CHIP_RIGHT, -1, "end")
        pen.box(edge - 4, y - 4, 8, 8, look="terminal")
        pen.text(edge + 12 * step, y + 5, gpio, anchor=anchor, bold=True, look="chip-text")
        pen.text(edge + 76 * step, y + 5, words, size=12, anchor=anchor, look="chip-note")


def _conductors(sheet: Sheet, mains: Mains) -> None:
    pen = sheet.pen
    for name, y in mains.level.items():
        pen.text(MAINS_LEFT - 10, y + 5, name, size=15, anchor="end", bold=True)
        for left, right in ((MAINS_LEFT, HOUSE_LEFT), (HOUSE_RIGHT, PIN_X)):
            for look in (f"mains {name}", "stripe")[: 2 if name == "PE" else 1]:
                pen.wire((left, y), (right, y), look=look)


def _heading(sheet: Sheet, x: int, first: str, second: str) -> None:
    sheet.pen.text(x, MAINS_TOP - 56, first, size=14, anchor="middle", bold=True)
    sheet.pen.text(x, MAINS_TOP - 38, second, size=12, anchor="middle", look="note")


def _poles(sheet: Sheet, x: int, levels: list[int], mark: str) -> None:
    for y in levels:
        sheet.pen.pole(x, y, mark)
    if len(levels) > 1:
        sheet.pen.wire((x - 3, levels[0] - 8), (x - 3, levels[-1] - 8), look="link")


def _supply(sheet: Sheet, mains: Mains, board_top: int) -> None:
    """Main breaker, distribution board, and the board's own supply."""
    board, pen = sheet.board, sheet.pen
    _heading(sheet, BREAKER_X, "Main breaker", f"at most {amps(board['MAX_BREAKER_MA'])}")
    _poles(sheet, BREAKER_X, [mains.level[name] for name in mains.phases], "breaker")
    has_residual = board["RCM_FAULT_PIN"] is not None
    lines = (
        ("Distribution board", True),
        ("the house's other circuits branch off here", False),
        ("the charger has its own breaker,", False),
        ("rated as its cable and K1 allow,", False),
        (f"and its own RCD 30 mA of type {'A' if has_residual else 'B'}", False),
    )
    top, height = MAINS_TOP - 26, mains.earth - MAINS_TOP + 52
    pen.box(HOUSE_LEFT, top, HOUSE_RIGHT - HOUSE_LEFT, height, radius=8)
    first = top + (height - 22 * (len(lines) - 1)) // 2 + 5
    for row, (words, bold) in enumerate(lines):
        pen.text((HOUSE_LEFT + HOUSE_RIGHT) // 2, first + 22 * row, words, size=14, anchor="middle", bold=bold)
    for x, name in ((SUPPLY_X - 15, "L1"), (SUPPLY_X + 15, "N")):
        pen.dot(x, mains.level[name])
        pen.wire((x, mains.level[name]), (x, board_top + 24))
        pen.terminal(x, board_top)
    pen.text(SUPPLY_X - 27, board_top + 16, "L1", size=12, anchor="end", bold=True)
    pen.text(SUPPLY_X + 27, board_top + 16, "N", size=12, bold=True)
    pen.box(CHIP_LEFT + 40, board_top + 24, CHIP_RIGHT - CHIP_LEFT - 80, 36)
    pen.text(SUPPLY_X, board_top + 47, f"power supply: ±12 V, 5 V, {sheet.rail}", size=12, anchor="middle")


def _clamps(sheet: Sheet, mains: Mains) -> None:
    pen = sheet.pen
    count = len(mains.phases)
    _heading(
        sheet,
        CLAMP_X - CLAMP_PITCH * (count - 1) // 2,
        "Clamps" if count > 1 else "Clamp",
        "arrow to the house",
    )
    for index, phase in enumerate(mains.phases):
        x, y = CLAMP_X - CLAMP_PITCH * index, mains.level[phase]
        for wire_x, terminal in ((x + 7, "S1"), (x - 7, "S2")):
            level = sheet.terminals[f"{phase} {terminal}"]
            pen.wire((wire_x, y), (wire_x, level), (BOARD_LEFT - 6, level))
        pen.box(x - 19, y - 14, 38, 28, look="ring", radius=8)
        pen.shape(
            (x - 12, y - 3),
            (x, y - 3),
            (x, y - 8),
            (x + 13, y),
            (x, y + 8),
            (x, y + 3),
            (x - 12, y + 3),
            look="fill",
        )


def _voltage_taps(sheet: Sheet, mains: Mains) -> None:
    for x, name in ((VOLTAGE_X + 8, "L1"), (VOLTAGE_X - 8, "N")):
        level = sheet.terminals[f"sense {name}"]
        sheet.pen.dot(x, mains.level[name])
        sheet.pen.wire((x, mains.level[name]), (x, level), (BOARD_LEFT - 6, level))


def _device(sheet: Sheet, x: int, top: int, pitch: int, title: str, joined: dict[str, str]) -> None:
    """A box whose connections (label: terminal of the board) run down and left to the board."""
    pen = sheet.pen
    width = max(pitch * len(joined) + 8, 120)
    first = x - pitch * (len(joined) - 1) // 2
    for index, terminal in enumerate(joined.values()):
        level = sheet.terminals[terminal]
        pen.wire((first + pitch * index, top + 48), (first + pitch * index, level), (BOARD_RIGHT + 6, level))
    pen.box(x - width // 2, top, width, 48)
    pen.text(x, top + 19, title, size=12, anchor="middle", bold=True)
    for index, label in enumerate(joined):
        pen.text(first + pitch * index, top + 40, label, size=11, anchor="middle")


def _residual_module(sheet: Sheet, mains: Mains) -> None:
    pen = sheet.pen
    _heading(sheet, RESIDUAL_X, "RDC-DD", "all but PE go through")
    pen.wire((RESIDUAL_X, mains.neutral + 18), (RESIDUAL_X, mains.devices))
    pen.box(RESIDUAL_X - 26, MAINS_TOP - 18, 52, mains.neutral - MAINS_TOP + 36, look="ring open", radius=16)
    joined = {"+12 V": "+12 V", "GND": "RDC GND", "TEST": "TEST", "FAULT": "FAULT"}
    _device(sheet, RESIDUAL_X, mains.devices, 46, "module, IEC 62955", joined)


def _contactor(sheet: Sheet, mains: Mains) -> None:
    levels = [y for name, y in mains.level.items() if name != "PE"]
    _heading(
        sheet,
        CONTACTOR_X,
        "Contactor K1",
        f"{len(levels)} poles, {amps(sheet.board['MAX_OFFER_MA'])} or more",
    )
    _poles(sheet, CONTACTOR_X, levels, "contactor")
    sheet.pen.wire((CONTACTOR_X - 3, levels[-1] - 8), (CONTACTOR_X - 3, mains.devices), look="link")
    names = ("A1", "A2", *sheet.aux_names)
    _device(sheet, CONTACTOR_X, mains.devices, 28, "coil, auxiliary", dict(zip(names, names, strict=True)))


def _car(sheet: Sheet, mains: Mains) -> None:
    board, pen = sheet.board, sheet.pen
    socket = board["CABLE"] == "socket"
    what = "Socket, type 2" if socket else "Cable and connector"
    _heading(sheet, (CAR_LEFT + WIDTH - 20) // 2, what, f"{amps(board['MAX_OFFER_MA'])} or more")
    earth_level = sheet.terminals["pilot PE"]
    wires = [(PILOT_X + 18, mains.pilot, sheet.terminals["CP"])]
    if socket:
        wires.append((PILOT_X + 36, mains.proximity, sheet.terminals["PP"]))
    pen.box(
        CAR_LEFT,
        MAINS_TOP - 24,
        WIDTH - 20 - CAR_LEFT,
        mains.proximity - MAINS_TOP + 48,
        look="frame",
        radius=18,
    )
    pen.dot(PILOT_X, mains.earth)
    pen.wire((PILOT_X, mains.earth), (PILOT_X, earth_level), (BOARD_RIGHT + 6, earth_level))
    for x, y, level in wires:
        pen.wire((PIN_X, y), (x, y), (x, level), (BOARD_RIGHT + 6, level))
    coding = next((ohm for limit, ohm in CABLE_CODING if board["MAX_OFFER_MA"] <= limit), None)
    proximity = "PP" if socket or not coding else f"PP, {coding} to PE"
    for name, y in (*mains.level.items(), ("CP", mains.pilot), (proximity, mains.proximity)):
        pen.circle(PIN_X, y, 8)
        pen.text(PIN_X + 17, y + 5, name, size=14, bold=True)


def _lock(sheet: Sheet, mains: Mains) -> None:
    joined = {"M1": "M1", "M2": "M2"}
    if sheet.board["LOCK_FEEDBACK_PIN"] is not None:
        joined |= {"POS": "POS", "GND": "POS GND"}
    _device(sheet, (CAR_LEFT + WIDTH - 20) // 2, mains.proximity + 40, 34, "socket lock", joined)


def _notes(sheet: Sheet, bottom: int) -> int:
    """What the picture cannot show; gives the height of the whole."""
    residual = (
        "The RDC-DD reports smooth DC of 6 mA; it does not replace the RCD in the distribution board."
        if sheet.board["RCM_FAULT_PIN"] is not None
        else "No residual current module is fitted: the RCD in the distribution board must be of type B."
    )
    notes = (
        "Each clamp goes round one phase conductor only, after the main breaker and before everything else; "
        "its arrow (K to L) points to the house.",
        "Plug a clamp's wires in before closing it: an open clamp on a live conductor makes a dangerous voltage.",
        residual,
        "Mains work is for an electrician, with the supply off. Resistors 1 %. "
        "Wires that cross without a dot are not joined.",
    )
    for row, words in enumerate(notes):
        sheet.pen.text(40, bottom + 36 + 24 * row, words, size=14)
    return bottom + 36 + 24 * len(notes) + 12
