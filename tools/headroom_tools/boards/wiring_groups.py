"""The circuits on the board, one function each: what stands between a GPIO and its screw terminals.

Each function draws its group at a height, tells the sheet its GPIOs and terminals, and gives its own height.
"""

from collections.abc import Callable
from typing import TypeAlias

from headroom_tools.boards.board import Board
from headroom_tools.common.svg_pen import Pen

BOARD_LEFT, BOARD_RIGHT = 370, 1250
CHIP_LEFT, CHIP_RIGHT = 640, 980
GROUP_WIDTH, GROUP_GAP = 250, 12

E96 = tuple(round(10 ** (step / 96), 2) for step in range(96))  # IEC 60063
PILOT_SERIES_OHM = 100_000  # first resistor of the divider: the pilot sees hardly any load


def ohms(value: float) -> str:
    """A resistance as it is printed on a drawing."""
    for unit, size in (("MΩ", 1_000_000), ("kΩ", 1000)):
        if value >= size:
            return f"{value / size:.4g} {unit}"
    return f"{value:.4g} Ω"


def nearest_e96(value: float) -> float:
    """The 1 % resistor that is nearest, in ohm."""
    decade = 10.0 ** (len(str(int(value))) - 1)
    return min((step * decade for step in (*E96, 10.0)), key=lambda ohm: abs(ohm - value))


def amps(milliamps: int) -> str:
    """A current as it is printed on a drawing."""
    return f"{milliamps / 1000:g} A"


def volts(millivolts: int) -> str:
    """A voltage as it is printed on a drawing."""
    return f"{millivolts / 1000:.3g} V"


def pilot_divider_ohm(board: Board) -> tuple[float, float]:
    """(to the rail, to 0 V): with PILOT_SERIES_OHM they give the board's pilot gain and bias."""
    gain = board["PILOT_UV_PER_MV"] / 1000
    to_rail = board["PILOT_BIAS_MV"] / board["RAIL_MV"]
    total = 1 / (PILOT_SERIES_OHM * gain)
    return nearest_e96(1 / (total * to_rail)), nearest_e96(1 / (total * (1 - gain - to_rail)))


class Sheet:
    """The picture while it is drawn: the pen, the board, and where each terminal came to lie."""

    def __init__(self, board: Board) -> None:
        """An empty sheet."""
        self.board = board
        self.pen = Pen()
        self.phases = [f"L{n + 1}" for n in range(board["PHASES"])]
        closes_low = board["CONTACTOR_READBACK_CLOSED_LEVEL"] == 0
        self.aux_names = ("13", "14") if closes_low else ("21", "22")  # EN 50012: make or break contact
        self.rail = volts(board["RAIL_MV"])
        self.pins: list[tuple[str, int, str, str]] = []
        self.terminals: dict[str, int] = {}

    def pin(self, side: str, y: int, name: str, words: str, index: int | None = None) -> None:
        """A row of the chip: its GPIO, and what it does."""
        number = self.board[name] if index is None else self.board[name][index]
        self.pins.append((side, y, f"GPIO{number}", words))

    def terminal(self, side: str, y: int, words: str, key: str | None = None) -> None:
        """A screw terminal on the board's edge, named."""
        x, text_x, anchor = {
            "left": (BOARD_LEFT, BOARD_LEFT + 18, "start"),
            "right": (BOARD_RIGHT, BOARD_RIGHT - 18, "end"),
        }[side]
        self.pen.terminal(x, y)
        self.pen.text(text_x, y - 5, words, size=12, anchor=anchor, bold=True)
        self.terminals[key or words] = y

    def group(self, side: str, y: int, height: int, title: str) -> None:
        """The frame of one circuit."""
        if side == "left":
            self.pen.box(BOARD_LEFT + 14, y, GROUP_WIDTH - 14, height, look="group")
            self.pen.text(BOARD_LEFT + GROUP_WIDTH - 8, y + 16, title, size=12, anchor="end", look="note")
        else:
            self.pen.box(BOARD_RIGHT - GROUP_WIDTH, y, GROUP_WIDTH - 14, height, look="group")
            self.pen.text(BOARD_RIGHT - GROUP_WIDTH + 8, y + 16, title, size=12, look="note")

    def ground_terminal(self, side: str, y: int, words: str = "GND", key: str | None = None) -> None:
        """A terminal that is the board's 0 V."""
        inner = BOARD_LEFT + 64 if side == "left" else BOARD_RIGHT - 64
        self.pen.wire((BOARD_LEFT if side == "left" else BOARD_RIGHT, y), (inner, y))
        self.pen.ground(inner, y)
        self.terminal(side, y, words, key)


Group: TypeAlias = Callable[[Sheet, int], int]


def _clamp_group(index: int) -> Group:
    def draw(sheet: Sheet, y: int) -> int:
        pen, phase = sheet.pen, sheet.phases[index]
        high, low = y + 34, y + 74
        sheet.group("left", y, 92, f"Clamp {phase}, {sheet.board['CT_TURNS']} turns")
        pen.wire((BOARD_LEFT, high), (CHIP_LEFT, high))
        pen.wire((BOARD_LEFT, low), (500, low))
        pen.resistor_down(432, high, low, ohms(sheet.board["CT_BURDEN_MOHM"] / 1000))
        pen.text(507, low + 4, f"{volts(sheet.board['CT_BIAS_MV'])} bias", size=12)
        pen.capacitor_down(604, high, "100 nF")
        sheet.pin("left", high, "CT_PINS", f"clamp {phase}", index)
        sheet.terminal("left", high, "S1", f"{phase} S1")
        sheet.terminal("left", low, "S2", f"{phase} S2")
        return 92

    return draw


def _car_clamp_group(sheet: Sheet, y: int) -> int:
    pen, board = sheet.pen, sheet.board
    high, low = y + 44, y + 84
    sheet.group("right", y, 102, "Clamp on the car's current")
    pen.wire((CHIP_RIGHT, high), (BOARD_RIGHT, high))
    pen.wire((1120, low), (BOARD_RIGHT, low))
    pen.resistor_down(1150, high, low, ohms(board["CT_BURDEN_MOHM"] / 1000))
    pen.text(1113, low + 4, f"{volts(board['CT_BIAS_MV'])} bias", size=12, anchor="end")
    sheet.pin("right", high, "CAR_CT_PIN", "car's clamp")
    for level, words in ((high, "S1"), (low, "S2")):
        sheet.terminal("right", level, words, f"car {words}")
        pen.wire((BOARD_RIGHT + 6, level), (BOARD_RIGHT + 40, level))
    pen.text(BOARD_RIGHT + 50, high + 14, f"Clamp, {board['CT_TURNS']} turns", bold=True)
    pen.text(BOARD_RIGHT + 50, high + 34, "round L1 after the contactor", size=12, look="note")
    return 102


def _voltage_group(sheet: Sheet, y: int) -> int:
    pen = sheet.pen
    high, low = y + 34, y + 74
    sheet.group("left", y, 92, "Mains voltage")
    pen.wire((BOARD_LEFT, high), (CHIP_LEFT, high))
    pen.wire((BOARD_LEFT, low), (520, low))
    pen.box(420, y + 24, 80, 60)
    pen.text(460, y + 50, "isolated", size=12, anchor="middle")
    pen.text(460, y + 68, f"{sheet.board['VOLTAGE_RATIO']} : 1", size=12, anchor="middle")
    pen.text(527, low + 4, f"{volts(sheet.board['VOLTAGE_BIAS_MV'])} bias", size=12)
    sheet.pin("left", high, "VOLTAGE_PIN", "voltage L1")
    sheet.terminal("left", high, "L1", "sense L1")
    sheet.terminal("left", low, "N", "sense N")
    return 92


def _temperature_group(sheet: Sheet, y: int) -> int:
    level = y + 74
    sheet.group("left", y, 132, "Temperature")
    sheet.pen.wire((BOARD_LEFT, level), (CHIP_LEFT, level))
    sheet.pen.pull_up(470, level, sheet.rail, ohms(sheet.board["NTC_PULLUP_OHM"]))
    sheet.pen.capacitor_down(604, level, "100 nF")
    sheet.pin("left", level, "TEMPERATURE_PIN", "temperature")
    sheet.terminal("left", level, "NTC")
    sheet.ground_terminal("left", level + 40, key="NTC GND")
    left = _left_device(sheet, level, level + 40)
    sheet.pen.resistor_down(left, level, level + 40)
    sheet.pen.wire((left - 14, level + 34), (left - 6, level + 34), (left + 12, level + 8))
    _left_words(
        sheet,
        level,
        f"NTC {ohms(sheet.board['NTC_R25_OHM'])}, B {sheet.board['NTC_BETA']}",
        "beside the contactor",
    )
    return 132


def _rail_group(sheet: Sheet, y: int) -> int:
    pen = sheet.pen
    level = y + 46
    sheet.group("left", y, 98, "Logic supply")
    pen.text(BOARD_LEFT + 22, level + 4, sheet.rail, size=12)
    pen.wire((BOARD_LEFT + 62, level), (CHIP_LEFT, level))
    pen.resistor_across(450, level, "10 kΩ")
    pen.dot(490, level)
    pen.resistor_down(490, level, level + 36, "10 kΩ")
    pen.ground(490, level + 36)
    pen.capacitor_down(604, level, "100 nF")
    sheet.pin("left", level, "RAIL_PIN", "logic supply")
    return 98


def _button_group(sheet: Sheet, y: int) -> int:
    high, low = y + 34, y + 74
    sheet.group("left", y, 92, "Button")
    sheet.pen.wire((BOARD_LEFT, high), (CHIP_LEFT, high))
    sheet.pen.text(BOARD_LEFT + GROUP_WIDTH - 8, high + 20, "pull-up in the chip", size=12, anchor="end")
    sheet.pin("left", high, "BUTTON_PIN", "button")
    sheet.terminal("left", high, "BTN")
    sheet.ground_terminal("left", low, key="BTN GND")
    sheet.pen.contact_down(_left_device(sheet, high, low), high, low)
    _left_words(sheet, high, "Button", "normally open")
    return 92


def _led_group(sheet: Sheet, y: int) -> int:
    high, low = y + 34, y + 74
    sheet.group("left", y, 92, "Lamp")
    sheet.pen.wire((BOARD_LEFT, high), (CHIP_LEFT, high))
    sheet.pen.resistor_across(510, high, "330 Ω")
    sheet.pin("left", high, "LED_PIN", "lamp")
    sheet.terminal("left", high, "LED")
    sheet.ground_terminal("left", low, key="LED GND")
    left = _left_device(sheet, high, low)
    sheet.pen.wire((left, high), (left, high + 12))
    sheet.pen.wire((left, high + 27), (left, low))
    sheet.pen.shape((left - 9, high + 12), (left + 9, high + 12), (left, high + 27))
    sheet.pen.wire((left - 9, high + 27), (left + 9, high + 27))
    _left_words(sheet, high, "LED", "anode to LED")
    return 92


def _left_device(sheet: Sheet, high: int, low: int) -> int:
    """Wires out to a small part left of the board; gives the x where it stands."""
    x = BOARD_LEFT - 60
    for level in (high, low):
        sheet.pen.wire((BOARD_LEFT - 6, level), (x, level))
    return x


def _left_words(sheet: Sheet, high: int, first: str, second: str) -> None:
    sheet.pen.text(BOARD_LEFT - 88, high + 16, first, anchor="end", bold=True)
    sheet.pen.text(BOARD_LEFT - 88, high + 34, second, size=12, anchor="end", look="note")


def _bias_group(name: str) -> Group:
    def draw(sheet: Sheet, y: int) -> int:
        pen, bias_mv = sheet.pen, sheet.board[name]
        level = y + 46
        to_rail = nearest_e96(10_000 * (sheet.board["RAIL_MV"] - bias_mv) / bias_mv)
        sheet.group("left", y, 98, f"Bias {volts(bias_mv)}")
        pen.text(BOARD_LEFT + 22, level + 4, sheet.rail, size=12)
        pen.wire((BOARD_LEFT + 62, level), (600, level), (600, level + 12))
        pen.ground(600, level + 12)
        pen.resistor_across(460, level, ohms(to_rail))
        pen.resistor_across(562, level, "10 kΩ")
        pen.dot(512, level)
        pen.capacitor_down(512, level, "10 µF")
        return 98

    return draw


def _residual_group(sheet: Sheet, y: int) -> int:
    pen = sheet.pen
    supply, ground, test, fault = y + 34, y + 62, y + 92, y + 164
    sheet.group("right", y, 182, "Residual current")
    pen.wire((1186, supply), (BOARD_RIGHT, supply))
    pen.text(1180, supply + 4, "from the supply", size=12, anchor="end")
    pen.wire((CHIP_RIGHT, test), (1030, test))
    pen.wire((1104, test), (BOARD_RIGHT, test))
    pen.box(1030, test - 12, 74, 24)
    pen.text(1067, test + 4, "driver", size=12, anchor="middle")
    pen.wire((CHIP_RIGHT, fault), (BOARD_RIGHT, fault))
    pen.pull_up(1142, fault, sheet.rail, "10 kΩ")
    sheet.pin("right", test, "RCM_TEST_PIN", "RDC-DD test")
    sheet.pin("right", fault, "RCM_FAULT_PIN", "RDC-DD fault")
    sheet.terminal("right", supply, "+12 V")
    sheet.ground_terminal("right", ground, key="RDC GND")
    sheet.terminal("right", test, "TEST")
    sheet.terminal("right", fault, "FAULT")
    return 182


def _contact_group(sheet: Sheet, y: int, title: str, terminal: str, name: str, role: str, what: str, when: str) -> int:
    """A contact to GND outside the board, against a pull-up on it."""
    level, ground = y + 68, y + 96
    sheet.group("right", y, 112, title)
    sheet.pen.wire((CHIP_RIGHT, level), (BOARD_RIGHT, level))
    sheet.pen.pull_up(1166, level, sheet.rail, "10 kΩ")
    sheet.pin("right", level, name, role)
    sheet.terminal("right", level, terminal)
    sheet.ground_terminal("right", ground, key=f"{terminal} GND")
    for each in (level, ground):
        sheet.pen.wire((BOARD_RIGHT + 6, each), (BOARD_RIGHT + 40, each))
    sheet.pen.text(BOARD_RIGHT + 50, level + 4, what, bold=True)
    sheet.pen.text(BOARD_RIGHT + 50, level + 24, when, size=12, look="note")
    return 112


def _earth_group(sheet: Sheet, y: int) -> int:
    when = f"contact {'opens' if sheet.board['EARTH_FAULT_LEVEL'] == 1 else 'closes'} on a fault"
    what = "Monitor of earth or open PEN"
    return _contact_group(sheet, y, "Earth monitor", "EM", "EARTH_FAULT_PIN", "earth fault", what, when)


def _dim_group(sheet: Sheet, y: int) -> int:
    when = f"{'open' if sheet.board['DIM_LEVEL'] == 1 else 'closed'}: dimmed"
    return _contact_group(sheet, y, "Grid operator", "DIM", "DIM_PIN", "dim", "Grid operator's contact", when)


def _contactor_group(sheet: Sheet, y: int) -> int:
    pen = sheet.pen
    supervised = sheet.board["SUPERVISOR_PIN"] is not None
    height = 232 if supervised else 200
    coil, coil_n, aux, aux_n = y + 44, y + 76, y + height - 50, y + height - 18
    sheet.group("right", y, height, "Contactor")
    left, width = (1094, 90) if supervised else (1030, 100)
    if supervised:
        _supervisor(sheet, coil, y + 108)
    else:
        pen.wire((CHIP_RIGHT, coil), (BOARD_RIGHT, coil))
    pen.wire((1120, coil_n), (BOARD_RIGHT, coil_n))
    pen.box(left, y + 28, width, 62)
    pen.text(left + width // 2, y + 56, "relay, puts", size=12, anchor="middle")
    pen.text(left + width // 2, y + 74, "L1-N on K1", size=12, anchor="middle")
    pen.wire((CHIP_RIGHT, aux), (BOARD_RIGHT, aux))
    pen.pull_up(1166, aux, sheet.rail, "10 kΩ")
    sheet.pin("right", coil, "CONTACTOR_PIN", "contactor")
    sheet.pin("right", aux, "CONTACTOR_READBACK_PIN", "read-back")
    sheet.terminal("right", coil, "A1")
    sheet.terminal("right", coil_n, "A2")
    sheet.terminal("right", aux, sheet.aux_names[0])
    sheet.ground_terminal("right", aux_n, sheet.aux_names[1])
    return height


def _supervisor(sheet: Sheet, coil: int, edges: int) -> None:
    """Monostable and flip-flop between the chip and the relay."""
    pen = sheet.pen
    pen.wire((CHIP_RIGHT, coil), (1004, coil))
    pen.wire((1072, coil), (BOARD_RIGHT, coil))
    pen.wire((CHIP_RIGHT, edges), (1004, edges))
    pen.box(1004, coil - 16, 68, 92)
    pen.text(1038, coil + 4, "74HC74", size=12, anchor="middle")
    pen.text(1038, coil + 28, "74HC123", size=12, anchor="middle")
    pen.text(1038, coil + 46, f"{sheet.board['SUPERVISOR_MS']} ms", size=12, anchor="middle")
    sheet.pin("right", edges, "SUPERVISOR_PIN", "supervisor")


def _pilot_group(sheet: Sheet, y: int) -> int:
    pen = sheet.pen
    earth, pilot, sample = y + 34, y + 84, y + 144
    to_rail, to_ground = pilot_divider_ohm(sheet.board)
    sheet.group("right", y, 226, "Control pilot")
    pen.text(1168, earth + 6, "0 V of the board is PE", size=12, anchor="end")
    sheet.ground_terminal("right", earth, "PE", "pilot PE")
    pen.wire((CHIP_RIGHT, pilot), (BOARD_RIGHT, pilot))
    pen.shape((1036, pilot - 16), (1036, pilot + 16), (1070, pilot))
    pen.text(1046, pilot - 20, "±12 V", size=12, anchor="middle")
    pen.resistor_across(1140, pilot, "1 kΩ")
    pen.dot(1195, pilot)
    pen.wire((1195, pilot), (1195, sample), (CHIP_RIGHT, sample))
    pen.resistor_across(1156, sample, ohms(PILOT_SERIES_OHM))
    for x, value, foot in ((1022, to_rail, "rail"), (1100, to_ground, "ground")):
        pen.dot(x, sample)
        pen.resistor_down(x, sample, sample + 52, ohms(value))
        if foot == "rail":
            pen.wire((x - 10, sample + 52), (x + 10, sample + 52))
            pen.text(x, sample + 68, sheet.rail, size=12, anchor="middle")
        else:
            pen.ground(x, sample + 52)
    sheet.pin("right", pilot, "PILOT_PWM_PIN", "pilot PWM")
    sheet.pin("right", sample, "PILOT_ADC_PIN", "pilot level")
    sheet.terminal("right", pilot, "CP")
    return 226


def _proximity_group(sheet: Sheet, y: int) -> int:
    level = y + 78
    sheet.group("right", y, 96, "Proximity")
    sheet.pen.wire((CHIP_RIGHT, level), (BOARD_RIGHT, level))
    sheet.pen.pull_up(1150, level, sheet.rail, ohms(sheet.board["PROXIMITY_PULLUP_OHM"]))
    sheet.pin("right", level, "PROXIMITY_PIN", "proximity")
    sheet.terminal("right", level, "PP")
    return 96


def _lock_group(sheet: Sheet, y: int) -> int:
    pen = sheet.pen
    close, open_, feedback = y + 44, y + 76, y + 150
    sheet.group("right", y, 200, "Socket lock")
    for level in (close, open_):
        pen.wire((CHIP_RIGHT, level), (BOARD_RIGHT, level))
    pen.box(1030, y + 28, 100, 62)
    pen.text(1080, y + 64, "H bridge", size=12, anchor="middle")
    sheet.pin("right", close, "LOCK_PIN", "lock")
    sheet.pin("right", open_, "LOCK_OPEN_PIN", "unlock")
    sheet.terminal("right", close, "M1")
    sheet.terminal("right", open_, "M2")
    if sheet.board["LOCK_FEEDBACK_PIN"] is None:
        return 200
    pen.wire((CHIP_RIGHT, feedback), (BOARD_RIGHT, feedback))
    pen.pull_up(1166, feedback, sheet.rail, "10 kΩ")
    sheet.pin("right", feedback, "LOCK_FEEDBACK_PIN", "lock position")
    sheet.terminal("right", feedback, "POS")
    sheet.ground_terminal("right", feedback + 32, key="POS GND")
    return 200


def _rs485_group(sheet: Sheet, y: int) -> int:
    pen = sheet.pen
    rows = (
        ("RS485_TX_PIN", "RS-485 TX", "A"),
        ("RS485_RX_PIN", "RS-485 RX", "B"),
        ("RS485_DE_PIN", "RS-485 DE", None),
    )
    sheet.group("right", y, 132, "RS-485")
    for row, (name, words, terminal) in enumerate(rows):
        level = y + 44 + 32 * row
        pen.wire((CHIP_RIGHT, level), (1060, level))
        sheet.pin("right", level, name, words)
        if terminal:
            pen.wire((1150, level), (BOARD_RIGHT, level))
            sheet.terminal("right", level, terminal)
        else:
            sheet.ground_terminal("right", level, key="RS-485 GND")
        pen.wire((BOARD_RIGHT + 6, level), (BOARD_RIGHT + 40, level))
    pen.box(1052, y + 28, 100, 92)
    pen.text(1102, y + 80, "transceiver", size=12, anchor="middle")
    pen.text(BOARD_RIGHT + 50, y + 64, "Meter or another charger", bold=True)
    pen.text(BOARD_RIGHT + 50, y + 84, "twisted pair, 120 Ω at both ends", size=12, look="note")
    return 132


def left_groups(board: Board) -> list[Group]:
    """What lies left of the chip, from the top."""
    clamps = [_clamp_group(index) for index in range(board["PHASES"])]
    fitted = [
        group
        for name, group in (
            ("VOLTAGE_PIN", _voltage_group),
            ("TEMPERATURE_PIN", _temperature_group),
            ("RAIL_PIN", _rail_group),
            ("BUTTON_PIN", _button_group),
            ("LED_PIN", _led_group),
        )
        if board[name] is not None
    ]
    own_bias = board["VOLTAGE_PIN"] is not None and board["VOLTAGE_BIAS_MV"] != board["CT_BIAS_MV"]
    biases = ["CT_BIAS_MV", "VOLTAGE_BIAS_MV"] if own_bias else ["CT_BIAS_MV"]
    return [*clamps, *fitted, *(_bias_group(name) for name in biases)]


def right_groups(board: Board) -> list[Group]:
    """What lies right of the chip, from the top."""
    return [
        group
        for name, group in (
            ("RCM_FAULT_PIN", _residual_group),
            ("CONTACTOR_PIN", _contactor_group),
            ("PILOT_PWM_PIN", _pilot_group),
            ("PROXIMITY_PIN", _proximity_group),
            ("LOCK_PIN", _lock_group),
            ("EARTH_FAULT_PIN", _earth_group),
            ("DIM_PIN", _dim_group),
            ("CAR_CT_PIN", _car_clamp_group),
            ("RS485_TX_PIN", _rs485_group),
        )
        if board[name] is not None
    ]
