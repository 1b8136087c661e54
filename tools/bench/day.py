"""A day of console and faults, for what it does to the heap: the 32-bit VM imports it with bench/heap.py.

As little as can be stands beside the firmware, so that the heap is the firmware's own. A car comes and goes each hour, the
house loads the supply, each fault that an input or the pilot can show comes and goes, settings are saved, and every answer
is asked for. Hours in which nothing happens are left out: a steady tick allocates nothing.
"""

import gc
import time

import board
import heap
from heap import levels as pins

LINES = ("help", "status", "why", "log 50", "log offers", "log box", "get", "help settings", "usage", "usage hours", "usage days",
         "version", "selftest", "calibrate", "mode", "boost", "time", "clear", "pause", "resume", "nosuch", "json on",
         '{"id": 1, "do": "status"}', '{"id": "x", "do": "get"}', "json off", "set rise_dwell_ms 2100", "save")  # fmt: skip
HIGH_MV = {"A": 12000, "B": 8978, "C": 5993, "E": 0}
NEARLY_FULL = (
    4000  # bytes free when garbage is collected after a tick; the chip does it in the middle, when there are none
)
TICK_MS, LONG_MS = 25, 1000


class Scan:
    """Readings as hands make them; the real one's buffers stay."""

    early = False  # every window is whole

    def __init__(self):
        self.car = "A"
        self.house_ma = 2000

    def read(self, readings, duty_u16):
        """Refill the analog part."""
        drawn_ma = 15500 if pins[board.CONTACTOR_PIN] and self.car == "C" else 0
        for phase in range(3):
            readings.grid_ma[phase] = self.house_ma + drawn_ma
        readings.grid_ok = readings.pilot_ok = readings.car_ok = readings.mains_ok = readings.power_ok = True
        readings.car_ma = drawn_ma
        readings.mains_mv = 230000
        readings.proximity_ohm = 220
        readings.pilot_high_mv = HIGH_MV[self.car] if duty_u16 else -12000
        readings.pilot_low_mv = -12000


class Terminal:
    """Types a line, and counts what comes back."""

    line = b""
    told = 0

    def read(self):
        """The next byte, or -1."""
        if not self.line:
            return -1
        byte = self.line[0]
        self.line = self.line[1:]
        return byte

    def ready(self):
        """It takes everything."""
        return True

    def write(self, data):
        """It came."""
        self.told += len(data)


scan, terminal = Scan(), Terminal()
charger = total = None
inputs = [name for name in ("RCM_FAULT", "EARTH_FAULT", "DIM") if getattr(board, name + "_PIN") is not None]
broken = ""  # the input that shows a fault


def start(total_bytes):
    """The charger on a heap of so many bytes."""
    global charger, total
    total = total_bytes
    pins[board.CONTACTOR_PIN] = 0
    charger = heap.make(terminal)
    scan.buffers = charger.scan
    charger.scan = scan
    heap.started(charger)


def tick(ms=TICK_MS):
    """One, with the inputs as the world has them."""
    time.stands_at_ms += ms
    closed = board.CONTACTOR_READBACK_CLOSED_LEVEL
    pins[board.CONTACTOR_READBACK_PIN] = closed if pins[board.CONTACTOR_PIN] else 1 - closed
    for name in inputs:
        level = getattr(board, name + "_LEVEL")
        tested = name == "RCM_FAULT" and board.RCM_TEST_PIN is not None and pins.get(board.RCM_TEST_PIN)
        pins[getattr(board, name + "_PIN")] = level if tested or name == broken else 1 - level
    for name in ("BUTTON_PIN", "LOCK_FEEDBACK_PIN"):
        if getattr(board, name) is not None:
            pins[getattr(board, name)] = 1 if name == "BUTTON_PIN" else not pins.get(board.LOCK_PIN)
    charger.tick()
    if gc.mem_alloc() > total - NEARLY_FULL:
        gc.collect()


def slow():
    """A tick that stands for many."""
    tick(LONG_MS)


def hour(number):
    """What is different in this hour."""
    global broken
    scan.car = "ABC"[number % 3]
    scan.house_ma = (2000, 9000, 24000, 40000)[number % 4]
    broken = (inputs + ["", ""])[number % (len(inputs) + 2)]
    if number % 5 == 4:
        scan.car = "E"


def ask(number):
    """Type a line."""
    terminal.line = LINES[number % len(LINES)].encode() + b"\r"
