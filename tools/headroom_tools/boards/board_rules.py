"""What must hold between a board's values: pins shared by nobody, parts that come together, signals that fit the ADC.

Each rule takes a board and yields (name to blame, one sentence with what to do); RELATIONS tells which names it needs.
"""

import builtins
import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

from headroom_tools.boards import esp32_pins
from headroom_tools.boards.board import Board
from headroom_tools.boards.board_schema import PIN_NAMES, pin_refusal
from headroom_tools.common.places import ROOT

Problems = Iterator[tuple[str, str]]

FITTED = ROOT / "firmware" / "headroom" / "sense" / "fitted.py"


def on_the_device(values: dict[str, Any]) -> dict[str, Any]:
    """Returns the names of the firmware's own judge of a board, which imports these values as `board`."""
    board = SimpleNamespace(**values)
    names: dict[str, Any] = {"__builtins__": {**vars(builtins), "__import__": lambda *_: board}}
    exec(compile(FITTED.read_bytes(), FITTED, "exec"), names)
    return names


FACTS = on_the_device({})
ADC_LINEAR_MV: tuple[int, int] = (FACTS["LOW_MV"], FACTS["HIGH_MV"])
CLAMP_ROOM_PERCENT = FACTS["ROOM_PERCENT"]

SCAN_CHANNELS = 4  # waveforms in one window
BEND_FIGURES, BEND_STEP = 6, 256  # at 2816, 3072 ... 4096 counts
TICK_PARTS, TICK_PART_MAX_US = 7, 100000
PILOT_PEAK_MV = 12600  # IEC 61851-1 Table A.1, 12 V + 5 %
MAINS_PEAK_MV = 390000  # 230 V + 20 %

TOGETHER = {
    "RCM_FAULT_PIN": ("RCM_TEST_PIN", "a residual current module is tested before each session"),
    "LOCK_PIN": ("LOCK_OPEN_PIN", "a lock that closes must open"),
    "RS485_TX_PIN": ("RS485_RX_PIN", "RS-485 needs TX, RX and DE"),
    "RS485_RX_PIN": ("RS485_DE_PIN", "RS-485 needs TX, RX and DE"),
    "METER_TX_PIN": ("METER_RX_PIN", "a UART without a pin of its own for TX would take the flash's"),
}


def choices(board: Board, name: str) -> str:
    """The GPIOs that could be this name's on this board, in words."""
    used = {pin for _, pin in board.fitted() if isinstance(pin, int)}
    free = [str(pin) for pin in esp32_pins.GPIO if pin not in used and not pin_refusal(name, pin)]
    if not free:
        return "no pin that could do it is left free"
    return f"choose {'one of ' * (len(free) > 1)}{', '.join(free)}"


def _shared_pins(board: Board) -> Problems:
    owners: dict[int, str] = {}
    for name, pin in board.fitted():
        if pin in owners:
            yield name, f"{name}: GPIO{pin} is already {owners[pin]}; {choices(board, name)}"
        owners.setdefault(pin, name)


def _folder_is_name(board: Board) -> Problems:
    folder = board.path.resolve().parent.name
    if board["NAME"] != folder:
        yield "NAME", f"NAME = {board['NAME']!r}: the folder is {folder!r}; make them the same"


def _clamp_each_phase(board: Board) -> Problems:
    if len(board["CT_PINS"]) != board["PHASES"]:
        yield (
            "CT_PINS",
            f"CT_PINS holds {len(board['CT_PINS'])} clamps for PHASES = {board['PHASES']}: give one for each phase",
        )


def _channels_fit(board: Board) -> Problems:
    channels = len(board["CT_PINS"]) + sum(board[name] is not None for name in ("CAR_CT_PIN", "VOLTAGE_PIN"))
    if channels > SCAN_CHANNELS:
        yield (
            "CAR_CT_PIN",
            f"CAR_CT_PIN = {board['CAR_CT_PIN']}: with CT_PINS and VOLTAGE_PIN that is {channels} waveforms, and the scan "
            f"has time for {SCAN_CHANNELS}; write None here or for VOLTAGE_PIN",
        )


def _parts_together(board: Board) -> Problems:
    for one, (other, why) in TOGETHER.items():
        if (board[one] is None) != (board[other] is None):
            lone, absent = (one, other) if board[other] is None else (other, one)
            yield absent, f"{absent} = None, but {lone} is fitted: {why}; give it a pin or set {lone} = None"


def _cable_contacts(board: Board) -> Problems:
    if board["CABLE"] == "socket" and board["PROXIMITY_PIN"] is None:
        yield (
            "PROXIMITY_PIN",
            "PROXIMITY_PIN = None: a socket must read the cable's rating; give it a pin or CABLE = 'tethered'",
        )
    if board["CABLE"] == "tethered" and board["LOCK_PIN"] is not None:
        yield "LOCK_PIN", f"LOCK_PIN = {board['LOCK_PIN']}: a tethered cable has no lock; write None"


def adc_room_mv(bias_mv: int) -> int:
    """How far a signal may swing about its bias and stay in the ADC's straight part."""
    low, high = ADC_LINEAR_MV
    return min(bias_mv - low, high - bias_mv)


def clamp_clips_ma(board: Board) -> int:
    """The sine current, in mA RMS, at which a clamp's input leaves the ADC's straight part."""
    clips_ma: int = on_the_device(board.values)["clips_ma"]()
    return clips_ma


def _clamp_has_room(board: Board) -> Problems:
    clips_ma = clamp_clips_ma(board)
    breaker_ma = board["MAX_BREAKER_MA"]
    if clips_ma * 100 < CLAMP_ROOM_PERCENT * breaker_ma:
        burden_mohm = board["CT_BURDEN_MOHM"] * clips_ma * 100 // (CLAMP_ROOM_PERCENT * breaker_ma)
        yield (
            "CT_BURDEN_MOHM",
            f"CT_BURDEN_MOHM = {board['CT_BURDEN_MOHM']}: with CT_BIAS_MV = {board['CT_BIAS_MV']} it leaves the ADC's "
            f"straight {ADC_LINEAR_MV[0]} to {ADC_LINEAR_MV[1]} mV at {clips_ma / 1000:.1f} A, "
            f"{clips_ma * 100 // breaker_ma} % of MAX_BREAKER_MA, and a clipped overload looks smaller than it is; "
            f"it must see {CLAMP_ROOM_PERCENT} %: choose at most {burden_mohm}, "
            f"or MAX_BREAKER_MA at most {clips_ma * 100 // CLAMP_ROOM_PERCENT}",
        )


def _bend_is_a_curve(board: Board) -> Problems:
    bend = board["ADC_BEND_MV"]
    step_mv = BEND_STEP * board["ADC_UV_PER_COUNT"] // 1000
    rises = all(0 <= more - less < step_mv for less, more in pairwise(bend)) and bend[0] >= 0 if bend else False
    if len(bend) != BEND_FIGURES or not rises:
        yield (
            "ADC_BEND_MV",
            f"ADC_BEND_MV = {bend}: write {BEND_FIGURES} figures that rise from 0 or more, each less than {step_mv} mV "
            "above the one before: the ADC's curve never turns back",
        )


def _each_part_has_its_price(board: Board) -> Problems:
    parts = board["TICK_CPU_US"]
    if len(parts) != TICK_PARTS or not all(1 <= us <= TICK_PART_MAX_US for us in parts):
        yield (
            "TICK_CPU_US",
            f"TICK_CPU_US = {parts}: write {TICK_PARTS} figures from 1 to {TICK_PART_MAX_US}: the inputs, scan, law, "
            "guard, energy and serve of one tick, and a collection",
        )


def _pilot_has_room(board: Board) -> Problems:
    gain = board["PILOT_UV_PER_MV"]
    room_mv = adc_room_mv(board["PILOT_BIAS_MV"])
    if PILOT_PEAK_MV * gain > room_mv * 1000:
        yield (
            "PILOT_UV_PER_MV",
            f"PILOT_UV_PER_MV = {gain}: +-12.6 V of pilot swings {PILOT_PEAK_MV * gain // 1000} mV about "
            f"PILOT_BIAS_MV, where the ADC has {room_mv} mV of straight range: "
            f"choose at most {room_mv * 1000 // PILOT_PEAK_MV}",
        )


def _voltage_has_room(board: Board) -> Problems:
    room_mv = adc_room_mv(board["VOLTAGE_BIAS_MV"])
    if board["VOLTAGE_PIN"] is not None and room_mv * board["VOLTAGE_RATIO"] < MAINS_PEAK_MV:
        yield (
            "VOLTAGE_RATIO",
            f"VOLTAGE_RATIO = {board['VOLTAGE_RATIO']}: 276 V clips the ADC: "
            f"choose at least {math.ceil(MAINS_PEAK_MV / room_mv)}",
        )


def ntc_mv(board: Board, celsius: int) -> float:
    """ADC level at this temperature: the NTC's beta formula behind its pull-up."""
    ntc_ohm = board["NTC_R25_OHM"] * math.exp(board["NTC_BETA"] * (1 / (celsius + 273.15) - 1 / 298.15))
    level_mv: float = board["RAIL_MV"] * ntc_ohm / (ntc_ohm + board["NTC_PULLUP_OHM"])
    return level_mv


def _temperatures_in_order(board: Board) -> Problems:
    derate_c, stop_c = board["TEMPERATURE_DERATE_C"], board["TEMPERATURE_STOP_C"]
    if derate_c >= stop_c:
        yield (
            "TEMPERATURE_STOP_C",
            f"TEMPERATURE_STOP_C = {stop_c}: not above TEMPERATURE_DERATE_C = {derate_c}; raise it or lower the other",
        )


def _ntc_is_readable(board: Board) -> Problems:
    low_mv, high_mv = ADC_LINEAR_MV
    for name in ("TEMPERATURE_DERATE_C", "TEMPERATURE_STOP_C"):
        level_mv = ntc_mv(board, board[name])
        if board["TEMPERATURE_PIN"] is not None and not low_mv <= level_mv <= high_mv:
            yield (
                "NTC_PULLUP_OHM",
                f"NTC_PULLUP_OHM = {board['NTC_PULLUP_OHM']}: {name} = {board[name]} reads {level_mv:.0f} mV, outside "
                f"the ADC's straight {low_mv} to {high_mv} mV; choose a value near the NTC's at that temperature",
            )


def _offer_below_breaker(board: Board) -> Problems:
    if board["MAX_OFFER_MA"] > board["MAX_BREAKER_MA"]:
        yield (
            "MAX_OFFER_MA",
            f"MAX_OFFER_MA = {board['MAX_OFFER_MA']}: above MAX_BREAKER_MA = {board['MAX_BREAKER_MA']}, "
            "more than its clamps can watch; lower it",
        )


RELATIONS: tuple[tuple[tuple[str, ...], Callable[[Board], Problems]], ...] = (
    (("NAME",), _folder_is_name),
    (("CT_PINS", "PHASES"), _clamp_each_phase),
    (("CT_PINS", "CAR_CT_PIN", "VOLTAGE_PIN"), _channels_fit),
    (tuple(PIN_NAMES), _shared_pins),
    (tuple({*TOGETHER, *(other for other, _ in TOGETHER.values())}), _parts_together),
    (("CABLE", "PROXIMITY_PIN", "LOCK_PIN"), _cable_contacts),
    (("CT_BURDEN_MOHM", "CT_BIAS_MV", "CT_TURNS", "MAX_BREAKER_MA"), _clamp_has_room),
    (("ADC_BEND_MV", "ADC_UV_PER_COUNT"), _bend_is_a_curve),
    (("TICK_CPU_US",), _each_part_has_its_price),
    (("PILOT_UV_PER_MV", "PILOT_BIAS_MV"), _pilot_has_room),
    (("VOLTAGE_PIN", "VOLTAGE_BIAS_MV", "VOLTAGE_RATIO"), _voltage_has_room),
    (("TEMPERATURE_DERATE_C", "TEMPERATURE_STOP_C"), _temperatures_in_order),
    (
        ("TEMPERATURE_PIN", "TEMPERATURE_DERATE_C", "TEMPERATURE_STOP_C",
         "NTC_R25_OHM", "NTC_BETA", "NTC_PULLUP_OHM", "RAIL_MV"),
        _ntc_is_readable,
    ),
    (("MAX_OFFER_MA", "MAX_BREAKER_MA"), _offer_below_breaker),
)  # fmt: skip
