"""A board that its hardware cannot carry is refused: one broken board a row, the line it names, and what it says."""

import pytest
from headroom_tools.boards import board as board_file
from headroom_tools.boards import board_commands as boards
from headroom_tools.boards.board_rules import on_the_device
from headroom_tools.boards.board_schema import SCHEMA
from headroom_tools.common.errors import BadInput
from hypothesis import given
from hypothesis import strategies as st

REFERENCE = (board_file.BOARDS_DIR / "reference" / "board.py").read_text(encoding="utf-8")
LINES = REFERENCE.splitlines()


def line_of(name):
    """Where the reference board sets this name, counted as an editor counts."""
    return next(number for number, line in enumerate(LINES, 1) if line.startswith(f"{name} ="))


def changed(values):
    """The reference board with these names set otherwise, each on its own line."""
    lines = list(LINES)
    for name, value in values.items():
        lines[line_of(name) - 1] = f"{name} = {value}"
    return "\n".join(lines) + "\n"


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes the text as boards/reference/board.py of a repository of its own; gives the path."""
    monkeypatch.setattr(board_file, "BOARDS_DIR", tmp_path / "boards")
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "boards" / "reference" / "board.py"
    path.parent.mkdir(parents=True)

    def write(text):
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


FREE_QUIET = "choose one of 4, 26"
REFUSED_PINS = [
    # a signal for the ADC needs ADC1
    ("CT_PINS", "(32, 4, 34)", "GPIO4 is an ADC2 pin, which cannot be read while Wi-Fi is on; choose 33"),
    ("PILOT_ADC_PIN", "14", "GPIO14 is an ADC2 pin, which cannot be read while Wi-Fi is on; choose 35"),
    ("TEMPERATURE_PIN", "19", "GPIO19 is not an ADC pin; choose 36"),
    # the pilot has no capacitor to hide the glitch of GPIO36 and GPIO39, the temperature has
    ("PILOT_ADC_PIN", "39", "GPIO39 is pulled low for 80 ns whenever the ADC powers up (errata 3.11), and the pilot's "
     "fast edges allow no capacitor that would hide it; choose 35"),
    # these levels are the chip's, not ours, until boot.py runs
    ("CONTACTOR_PIN", "0", "GPIO0 is a strapping pin: low at reset starts the ROM loader, and the chip pulls it up "
     f"until then; {FREE_QUIET}"),
    ("CONTACTOR_PIN", "2", "GPIO2 is a strapping pin: high at reset keeps the ROM loader from starting, so the chip "
     f"could not be flashed; {FREE_QUIET}"),
    ("CONTACTOR_PIN", "5", "GPIO5 is a strapping pin: its level at reset sets the SDIO timing, and the chip pulls it "
     f"up until then; {FREE_QUIET}"),
    ("CONTACTOR_PIN", "12", "GPIO12 is a strapping pin: high at reset selects 1.8 V for the flash, and the chip does "
     f"not start; {FREE_QUIET}"),
    ("CONTACTOR_PIN", "15", "GPIO15 is a strapping pin: its level at reset sets the boot messages, and the chip pulls "
     f"it up until then; {FREE_QUIET}"),
    ("CONTACTOR_PIN", "14", "GPIO14 is pulled up by the chip from reset (JTAG TMS) until our boot.py runs: what it "
     f"drives could be on by then; {FREE_QUIET}"),
    ("CONTACTOR_READBACK_PIN", "12", "GPIO12 is a strapping pin: high at reset selects 1.8 V for the flash, and the "
     "chip does not start; choose one of 4, 27"),
    # not every GPIO is one
    ("CONTACTOR_PIN", "34", f"GPIO34 is input only: it cannot drive anything; {FREE_QUIET}"),
    ("LED_PIN", "36", "GPIO36 is input only: it cannot drive anything; choose one of 0, 2, 4, 5, 12, 15, 23"),
    ("BUTTON_PIN", "39", "GPIO39 is without a pull in the chip: a broken wire would read as anything; "
     "choose one of 4, 13"),
    ("RCM_FAULT_PIN", "39", "GPIO39 is without a pull in the chip: a broken wire would read as anything; "
     "choose one of 4, 22"),
    ("CONTACTOR_PIN", "6", f"GPIO6 is wired to the module's flash; {FREE_QUIET}"),
    ("CONTACTOR_PIN", "11", f"GPIO11 is wired to the module's flash; {FREE_QUIET}"),
    ("CONTACTOR_PIN", "1", f"GPIO1 is UART0 TX, the console and the flashing port; {FREE_QUIET}"),
    ("CONTACTOR_PIN", "3", f"GPIO3 is UART0 RX, the console and the flashing port; {FREE_QUIET}"),
    ("CONTACTOR_PIN", "20", f"GPIO20 is a pin this chip does not have; {FREE_QUIET}"),
    ("CONTACTOR_PIN", "40", f"GPIO40 is a pin this chip does not have; {FREE_QUIET}"),
    ("CONTACTOR_PIN", "-1", f"GPIO-1 is a pin this chip does not have; {FREE_QUIET}"),
    ("TEMPERATURE_PIN", "37", "GPIO37 is not brought out of the module; choose 36"),
]  # fmt: skip

REFUSED_VALUES = [
    ("CONTACTOR_PIN", "None", "write a whole number (contactor driver: high closes)"),
    ("CONTACTOR_PIN", "'26'", "write a whole number (contactor driver: high closes)"),
    ("CONTACTOR_PIN", "True", "write a whole number (contactor driver: high closes)"),
    ("BUTTON_PIN", "[13]", "write a whole number or None (button to GND, pulled up in the chip)"),
    ("CT_PINS", "32", "write a tuple of pins such as (32,) (current clamps, L1 first, one for each phase)"),
    ("CT_PINS", "(32, 33, 'x')", "write a tuple of pins such as (32,)"),
    ("VENTILATION", "0", "write True or False (True where a fan contact allows state D)"),
    ("MAX_OFFER_MA", "5999", "out of range 6000 to 80000 (most it may offer: contactor, cable, terminals)"),
    ("MAX_OFFER_MA", "32.5", "write a whole number (most it may offer: contactor, cable, terminals)"),
    ("CT_BIAS_MV", "100",
     "out of range 725 to 1875 (mean level of the clamp inputs, mid-way in the ADC's straight part)"),
    ("CONTACTOR_OPEN_MS", "80", "out of range 1 to 50 (coil off to current broken; its half of IEC 61851-1's 100 ms)"),
    ("PHASES", "2", "write 1 or 3"),
    ("CABLE", "'loose'", "write 'tethered' or 'socket'"),
    ("CHIP", "'esp8266'", "write 'esp32'"),
    ("NAME", "'other'", "the folder is 'reference'; make them the same"),
]  # fmt: skip

REFUSED_TOGETHER = [
    # what was set, the name that is blamed, what is said of it
    ({"CONTACTOR_PIN": 23}, "LED_PIN",
     "LED_PIN: GPIO23 is already CONTACTOR_PIN; choose one of 0, 2, 4, 5, 12, 15, 26"),
    ({"CT_PINS": (32, 32, 34)}, "CT_PINS", "CT_PINS: GPIO32 is already CT_PINS; choose 33"),
    ({"CT_PINS": "(32,)"}, "CT_PINS", "CT_PINS holds 1 clamps for PHASES = 3: give one for each phase"),
    ({"CT_BURDEN_MOHM": 22000}, "CT_BURDEN_MOHM",
     "CT_BURDEN_MOHM = 22000: with CT_BIAS_MV = 1280 it leaves the ADC's straight 150 to 2450 mV at 72.6 A, 115 % of "
     "MAX_BREAKER_MA, and a clipped overload looks smaller than it is; it must see 160 %: choose at most 15853, or "
     "MAX_BREAKER_MA at most 45399"),
    ({"CT_BURDEN_MOHM": 33000}, "CT_BURDEN_MOHM",
     "CT_BURDEN_MOHM = 33000: with CT_BIAS_MV = 1280 it leaves the ADC's straight 150 to 2450 mV at 48.4 A, 76 % of "
     "MAX_BREAKER_MA, and a clipped overload looks smaller than it is; it must see 160 %: choose at most 15853, or "
     "MAX_BREAKER_MA at most 30266"),
    ({"CT_BIAS_MV": 1650}, "CT_BURDEN_MOHM",
     "CT_BURDEN_MOHM = 15000: with CT_BIAS_MV = 1650 it leaves the ADC's straight 150 to 2450 mV at 75.4 A, 119 % of "
     "MAX_BREAKER_MA, and a clipped overload looks smaller than it is; it must see 160 %: choose at most 11223, or "
     "MAX_BREAKER_MA at most 47140"),
    ({"ADC_BEND_MV": (5, 25)}, "ADC_BEND_MV",
     "ADC_BEND_MV = (5, 25): write 6 figures that rise from 0 or more, each less than 206 mV above the one before: "
     "the ADC's curve never turns back"),
    ({"ADC_BEND_MV": (305, 205, 125, 65, 25, 5)}, "ADC_BEND_MV",
     "ADC_BEND_MV = (305, 205, 125, 65, 25, 5): write 6 figures that rise from 0 or more, each less than 206 mV above "
     "the one before: the ADC's curve never turns back"),
    ({"TICK_CPU_US": (1, 2, 3)}, "TICK_CPU_US",
     "TICK_CPU_US = (1, 2, 3): write 7 figures from 1 to 100000: the inputs, scan, law, guard, energy and serve of one "
     "tick, and a collection"),
    ({"CPU_HZ": 200000000}, "CPU_HZ",
     "CPU_HZ = 200000000: write 80000000 or 160000000 or 240000000"),
    ({"PILOT_UV_PER_MV": 120}, "PILOT_UV_PER_MV",
     "PILOT_UV_PER_MV = 120: +-12.6 V of pilot swings 1512 mV about PILOT_BIAS_MV, where the ADC has 1150 mV of "
     "straight range: choose at most 91"),
    ({"PILOT_BIAS_MV": 1650}, "PILOT_UV_PER_MV",
     "PILOT_UV_PER_MV = 85: +-12.6 V of pilot swings 1071 mV about PILOT_BIAS_MV, where the ADC has 800 mV of "
     "straight range: choose at most 63"),
    ({"VOLTAGE_PIN": 39, "RAIL_PIN": None, "VOLTAGE_RATIO": 300}, "VOLTAGE_RATIO",
     "VOLTAGE_RATIO = 300: 276 V clips the ADC: choose at least 346"),
    ({"TEMPERATURE_STOP_C": 65}, "TEMPERATURE_STOP_C",
     "TEMPERATURE_STOP_C = 65: not above TEMPERATURE_DERATE_C = 65; raise it or lower the other"),
    ({"NTC_PULLUP_OHM": 40000}, "NTC_PULLUP_OHM",
     "NTC_PULLUP_OHM = 40000: TEMPERATURE_STOP_C = 75 reads 119 mV, outside the ADC's straight 150 to 2450 mV; "
     "choose a value near the NTC's at that temperature"),
    ({"MAX_OFFER_MA": 64000}, "MAX_OFFER_MA",
     "MAX_OFFER_MA = 64000: above MAX_BREAKER_MA = 63000, more than its clamps can watch; lower it"),
    ({"RCM_TEST_PIN": None}, "RCM_TEST_PIN",
     "RCM_TEST_PIN = None, but RCM_FAULT_PIN is fitted: a residual current module is tested before each session; "
     "give it a pin or set RCM_FAULT_PIN = None"),
    ({"RS485_DE_PIN": None}, "RS485_DE_PIN",
     "RS485_DE_PIN = None, but RS485_RX_PIN is fitted: RS-485 needs TX, RX and DE; "
     "give it a pin or set RS485_RX_PIN = None"),
    ({"CABLE": "'socket'"}, "PROXIMITY_PIN",
     "PROXIMITY_PIN = None: a socket must read the cable's rating; give it a pin or CABLE = 'tethered'"),
    ({"LOCK_PIN": 4, "LOCK_OPEN_PIN": 19, "EARTH_FAULT_PIN": None},
     "LOCK_PIN", "LOCK_PIN = 4: a tethered cable has no lock; write None"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "reason"), REFUSED_PINS + REFUSED_VALUES)
def test_one_wrong_value(write, name, value, reason):
    board = board_file.load(write(changed({name: value})))
    assert boards.problems(board) == [f"boards/reference/board.py:{line_of(name)}: {name} = {board[name]!r}: {reason}"]


@pytest.mark.parametrize(("values", "blamed", "text"), REFUSED_TOGETHER)
def test_values_that_do_not_go_together(write, values, blamed, text):
    board = board_file.load(write(changed(values)))
    assert boards.problems(board) == [f"boards/reference/board.py:{line_of(blamed)}: {text}"]


@pytest.mark.parametrize("pin", ["CONTACTOR_PIN", "LOCK_PIN", "LOCK_OPEN_PIN"])
@pytest.mark.parametrize("gpio", [0, 2, 5, 12, 14, 15])
def test_what_switches_power_is_off_while_the_chip_starts(pin, gpio):
    assert boards.pin_refusal(pin, gpio)


def test_a_lamp_may_sit_on_a_strapping_pin():
    assert boards.pin_refusal("LED_PIN", 2) is None


@pytest.mark.parametrize(("burden_mohm", "good"), [(15853, True), (15854, False)])
def test_the_largest_burden_is_the_same_for_the_check_and_for_the_device(write, burden_mohm, good):
    board = board_file.load(write(changed({"CT_BURDEN_MOHM": burden_mohm})))
    assert (boards.problems(board) == []) == good
    assert (on_the_device(board.values)["refusal"]() == "") == good


def test_a_misspelt_name_is_told_with_the_nearest_that_is_missing(write):
    found = boards.problems(board_file.load(write(REFERENCE.replace("\nLED_PIN =", "\nLED_PINN ="))))
    assert found == [
        "boards/reference/board.py:1: LED_PIN is missing: lamp: high lights; add it",
        f"boards/reference/board.py:{line_of('LED_PIN')}: LED_PINN is not a name the firmware reads: "
        "did you mean LED_PIN?",
    ]


def test_every_problem_is_told_at_once_in_the_order_of_the_file(write):
    found = boards.problems(board_file.load(write(changed({"LED_PIN": 36, "CT_PINS": (4, 33, 34)}))))
    assert [line.split(":")[1] for line in found] == [str(line_of("CT_PINS")), str(line_of("LED_PIN"))]


UNREADABLE = [
    ("NAME = ", "1: not Python: invalid syntax"),
    ("NAME = 'x'\nimport machine\n", "2: not a setting: a board file holds only lines like LED_PIN = 23"),
    ("A = B = 1\n", "1: not a setting: a board file holds only lines like LED_PIN = 23"),
    ("LED_PIN = 2\nLED_PIN = 4\n", "2: LED_PIN is set a second time (first on line 1): keep one"),
    ("LED_PIN = open('/etc/passwd')\n",
     "1: LED_PIN is not a plain value: write the number, text, tuple or None itself"),
    ("MAX_OFFER_MA = 32 * 1000\n",
     "1: MAX_OFFER_MA is not a plain value: write the number, text, tuple or None itself"),
    (b"NAME = '\xff'\n", "1: not Python: "),
    (b"\x00", "1: not Python"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), UNREADABLE)
def test_a_file_that_is_no_board(write, text, told):
    with pytest.raises(BadInput) as refusal:
        board_file.load(write(text))
    assert str(refusal.value).startswith(f"boards/reference/board.py:{told}")
    assert "\n" not in str(refusal.value)


@given(
    name=st.sampled_from([*SCHEMA, "OTHER"]),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.tuples(inner) | st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    ),
)
def test_whatever_stands_there_is_judged_in_lines(name, value):
    values = {**board_file.load(board_file.BOARDS_DIR / "reference" / "board.py").values, name: value}
    found = boards.problems(board_file.Board(board_file.BOARDS_DIR / "reference" / "board.py", values, {}))
    assert all("\n" not in line for line in found)
