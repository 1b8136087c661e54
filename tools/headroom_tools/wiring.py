"""The wiring picture of a board: what an electrician and a maker join to what, made from the board's data alone.

Along the top the mains runs from the supply to the car; below it lies the board, the chip in its middle, with one row
for each GPIO in use. Clamps and small parts sit on the left, what the charger switches and protects on the right.
Wires leave the mains in the order in which they reach the board, so none has to cross another.
"""

from headroom_tools.svg_pen import Pen

WIDTH = 1830
MAINS_TOP, MAINS_PITCH = 176, 36
BOARD_LEFT, BOARD_RIGHT = 370, 1250
CHIP_LEFT, CHIP_RIGHT = 640, 980
BREAKER_X, CLAMP_X, CLAMP_PITCH, VOLTAGE_X = 105, 322, 58, 150
HOUSE_LEFT, HOUSE_RIGHT = 400, 790
SUPPLY_X, RESIDUAL_X, CONTACTOR_X, PILOT_X, CAR_LEFT = 850, 1345, 1500, 1592, 1660
GROUP_GAP = 12

E96 = tuple(
    float(value)
    for value in """1.00 1.02 1.05 1.07 1.10 1.13 1.15 1.18 1.21 1.24 1.27 1.30 1.33 1.37 1.40 1.43 1.47 1.50 1.54 1.58
    1.62 1.65 1.69 1.74 1.78 1.82 1.87 1.91 1.96 2.00 2.05 2.10 2.15 2.21 2.26 2.32 2.37 2.43 2.49 2.55 2.61 2.67 2.74
    2.80 2.87 2.94 3.01 3.09 3.16 3.24 3.32 3.40 3.48 3.57 3.65 3.74 3.83 3.92 4.02 4.12 4.22 4.32 4.42 4.53 4.64 4.75
    4.87 4.99 5.11 5.23 5.36 5.49 5.62 5.76 5.90 6.04 6.19 6.34 6.49 6.65 6.81 6.98 7.15 7.32 7.50 7.68 7.87 8.06 8.25
    8.45 8.66 8.87 9.09 9.31 9.53 9.76""".split()
)
CABLE_CODING = ((13000, "1.5 kΩ"), (20000, "680 Ω"), (32000, "220 Ω"), (63000, "100 Ω"))  # IEC 61851-1 Annex B
PILOT_SERIES_OHM = 100_000  # first resistor of the divider: the pilot sees hardly any load


def ohms(value):
    """A resistance as it is printed on a drawing."""
    for unit, size in (("MΩ", 1_000_000), ("kΩ", 1000)):
        if value >= size:
            return f"{value / size:.4g} {unit}"
    return f"{value:.4g} Ω"


def nearest_e96(value):
    """The 1 % resistor that is nearest, in ohm."""
    decade = 10.0 ** (len(str(int(value))) - 1)
    return min((step * decade for step in (*E96, 10.0)), key=lambda ohm: abs(ohm - value))


def amps(milliamps):
    return f"{milliamps / 1000:g} A"


def volts(millivolts):
    return f"{millivolts / 1000:.3g} V"


def pilot_divider_ohm(board):
    """(to the rail, to 0 V): with PILOT_SERIES_OHM they give the board's pilot gain and bias."""
    gain = board["PILOT_UV_PER_MV"] / 1000
    to_rail = board["PILOT_BIAS_MV"] / board["RAIL_MV"]
    total = 1 / (PILOT_SERIES_OHM * gain)
    return nearest_e96(1 / (total * to_rail)), nearest_e96(1 / (total * (1 - gain - to_rail)))


class Sheet:
    """The picture while it is drawn: the pen, the board, and where each terminal came to lie."""

    def __init__(self, board):
        self.board = board
        self.pen = Pen()
        self.phases = [f"L{n + 1}" for n in range(board["PHASES"])] if board["PHASES"] > 1 else ["L1"]
        self.conductors = [*self.phases, "N", "PE"]
        self.level = {name: MAINS_TOP + MAINS_PITCH * row for row, name in enumerate(self.conductors)}
        self.rail = volts(board["RAIL_MV"])
        self.pins = []
        self.terminals = {}

    def fitted(self, name):
        return self.board[name] is not None

    def pin(self, side, y, name, words, index=None):
        """A row of the chip: its GPIO, and what it does. Gives the y of the wire."""
        number = self.board[name] if index is None else self.board[name][index]
        self.pins.append((side, y, f"GPIO{number}", words))
        return y

    def terminal(self, side, y, words, key=None):
        """A screw terminal on the board's edge, named."""
        x, text_x, anchor = {
            "left": (BOARD_LEFT, BOARD_LEFT + 10, "start"),
            "right": (BOARD_RIGHT, BOARD_RIGHT - 10, "end"),
        }[side]
        self.pen.terminal(x, y)
        self.pen.text(text_x, y - 5, words, size=12, anchor=anchor, bold=True)
        self.terminals[key or words] = y

    def left_group(self, y, height, title):
        self.pen.box(BOARD_LEFT, y, 250, height, look="group")
        self.pen.text(BOARD_LEFT + 242, y + 16, title, size=12, anchor="end", look="note")

    def right_group(self, y, height, title):
        self.pen.box(BOARD_RIGHT - 250, y, 250, height, look="group")
        self.pen.text(BOARD_RIGHT - 242, y + 16, title, size=12, look="note")
