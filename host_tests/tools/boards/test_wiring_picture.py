"""The wiring picture is the board's data, and an electrician can read it: nothing missing, nothing on top of a word."""

import itertools
import re
from xml.etree import ElementTree

import pytest
from headroom_tools.boards import board as board_file
from headroom_tools.boards import board_commands as boards
from headroom_tools.boards import wiring
from headroom_tools.boards.wiring_groups import PILOT_SERIES_OHM, nearest_e96, pilot_divider_ohm

SVG = "{http://www.w3.org/2000/svg}"
GLYPH_EM = 0.62  # DejaVu Sans, mean width of a character; bold is wider
BOLD_EM = 0.68

SOCKET = {
    "CABLE": "socket", "PROXIMITY_PIN": 39, "LOCK_PIN": 4, "LOCK_OPEN_PIN": 19, "LOCK_FEEDBACK_PIN": 14,
    "EARTH_FAULT_PIN": None, "SUPERVISOR_PIN": 18, "RS485_TX_PIN": None, "RS485_RX_PIN": None, "RS485_DE_PIN": None,
    "RAIL_PIN": None, "VOLTAGE_PIN": 36, "VOLTAGE_BIAS_MV": 1300, "TEMPERATURE_PIN": None, "CONTACTOR_READBACK_CLOSED_LEVEL": 1,
}  # fmt: skip
BARE = {
    "BUTTON_PIN": None, "RCM_FAULT_PIN": None, "RCM_TEST_PIN": None, "RS485_TX_PIN": None, "RS485_RX_PIN": None,
    "RS485_DE_PIN": None, "EARTH_FAULT_PIN": None, "SUPERVISOR_PIN": None,
}  # fmt: skip
CASES = {
    "reference": ("reference", {}),
    "minimal": ("minimal", {}),
    "socket": ("socket", {}),
    "socket with everything": ("reference", SOCKET),
    "socket without lock contact": ("reference", {**SOCKET, "LOCK_FEEDBACK_PIN": None}),
    "three phases, nothing optional": ("reference", BARE),
    "one phase with temperature": ("minimal", {"TEMPERATURE_PIN": 36}),
    "big numbers": ("reference", {"MAX_OFFER_MA": 62500, "CT_BURDEN_MOHM": 12345, "NTC_R25_OHM": 104500}),
}


@pytest.fixture(params=CASES)
def board(request):
    name, values = CASES[request.param]
    loaded = board_file.load(board_file.BOARDS_DIR / name / "board.py")
    loaded.values.update(values)
    assert boards.problems(loaded) == []
    return loaded


def texts(root):
    """(words, left, top, right, bottom) of every text, a little generous."""
    for text in root.iter(f"{SVG}text"):
        size = int(text.get("font-size"))
        width = len(text.text) * size * (BOLD_EM if text.get("font-weight") else GLYPH_EM)
        left = float(text.get("x")) - width * {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor")]
        baseline = float(text.get("y"))
        yield text.text, left, baseline - 0.75 * size, left + width, baseline + 0.15 * size


def segments(root, look=""):
    """Every straight piece of every line, or of those of one look: (left, top, right, bottom)."""
    for path in root.iter(f"{SVG}path"):
        if " A " in path.get("d") or look not in path.get("class"):
            continue
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.get("d"))]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        for (x1, y1), (x2, y2) in itertools.pairwise(points):
            yield min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("name", boards.names())
def test_the_picture_in_the_repository_is_what_the_data_makes(name):
    path = board_file.BOARDS_DIR / name
    assert (path / "wiring.svg").read_bytes() == wiring.svg(board_file.load(path / "board.py")).encode()


def test_every_pin_in_use_is_drawn_and_no_other(board):
    root = ElementTree.fromstring(wiring.svg(board))
    drawn = sorted(int(words[4:]) for words, *_ in texts(root) if re.fullmatch(r"GPIO\d+", words))
    assert drawn == sorted(pin for _, pin in board.fitted())


PARTS = {
    "RCM_FAULT_PIN": "RDC-DD",
    "TEMPERATURE_PIN": "Temperature",
    "BUTTON_PIN": "Button",
    "RS485_TX_PIN": "RS-485",
    "VOLTAGE_PIN": "Mains voltage",
    "RAIL_PIN": "Logic supply",
    "PROXIMITY_PIN": "Proximity",
    "LOCK_PIN": "Socket lock",
    "EARTH_FAULT_PIN": "Earth monitor",
    "CAR_CT_PIN": "Clamp on the car's current",
}


def test_only_what_is_fitted_is_drawn(board):
    words = {words for words, *_ in texts(ElementTree.fromstring(wiring.svg(board)))}
    assert {name for name, title in PARTS.items() if title in words} == {
        name for name in PARTS if board[name] is not None
    }


def test_no_text_lies_on_another(board):
    boxes = list(texts(ElementTree.fromstring(wiring.svg(board))))
    clashes = [(a[0], b[0]) for a, b in itertools.combinations(boxes, 2) if overlap(a[1:], b[1:])]
    assert clashes == []


def test_no_line_crosses_a_text(board):
    root = ElementTree.fromstring(wiring.svg(board))
    crossed = {words for words, *box in texts(root) for line in segments(root) if overlap(box, line)}
    assert crossed == set()


def test_below_the_mains_no_wire_crosses_another(board):
    root = ElementTree.fromstring(wiring.svg(board))
    lowest_conductor = max(bottom for _, _, _, bottom in segments(root, "mains"))
    wires = [wire for wire in segments(root, "wire") if wire[3] > lowest_conductor]
    across = [wire for wire in wires if wire[1] == wire[3]]
    down = [wire for wire in wires if wire[0] == wire[2]]
    crossings = [
        (x, y) for left, y, right, _ in across for x, top, _, bottom in down if left < x < right and top < y < bottom
    ]
    assert crossings == []


def test_everything_is_on_the_paper(board):
    root = ElementTree.fromstring(wiring.svg(board))
    width, height = int(root.get("width")), int(root.get("height"))
    outside = [
        words
        for words, left, top, right, bottom in texts(root)
        if not (left >= 0 and right <= width and top >= 0 and bottom <= height)
    ]
    assert outside == []


def test_the_pilot_divider_drawn_is_the_one_the_firmware_counts_on(board):
    to_rail, to_ground = pilot_divider_ohm(board)
    total = 1 / PILOT_SERIES_OHM + 1 / to_rail + 1 / to_ground
    assert 1000 / PILOT_SERIES_OHM / total == pytest.approx(board["PILOT_UV_PER_MV"], rel=0.02)
    assert board["RAIL_MV"] / to_rail / total == pytest.approx(board["PILOT_BIAS_MV"], rel=0.02)


@pytest.mark.parametrize(("ohm", "standard"), [(15781, 15800), (10000, 10000), (21597, 21500), (99, 100), (995, 1000)])
def test_nearest_standard_resistor(ohm, standard):
    assert nearest_e96(ohm) == pytest.approx(standard)
