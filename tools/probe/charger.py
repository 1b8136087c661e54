"""Runs on the chip, in pieces: the firmware's ticks, timed by part, with a car and a quiet house played to it.

A tool's file, sent by `headroom chip`; attributes of the firmware are translated to what they are called there. The contactor's
pin is never driven: something else stands in its place. Nothing is written to the flash. Where ``machine`` has ``spend`` it is
the bench's: each part's price is charged as it is passed.
"""

import gc
import sys
from array import array
from time import ticks_diff, ticks_us

import board
import machine
import micropython
from machine import ADC, WDT, Pin

AWAKE_MS = 86400000
A, B, C = 12000, 8978, 5993  # pilot, in mV
WHOLE, LOOK, SCAN, LAW, GUARD, ACT, ENERGY, SERVE = range(8)
TICKS = 160
CONVERSIONS = 400
spend = getattr(machine, "spend", None)


class Nothing:
    """In the contactor's place."""

    def value(self, level=None):
        """Is never closed."""
        return 0


def tell(name, value):
    """One figure for the PC."""
    print(repr((name, value)))


def alive():
    """For the PC, that waits."""
    sys.stdout.write("\x06")


def largest():
    """Bytes of the largest free block."""
    low, high = 0, 1 << 18
    while high - low > 64:
        middle = (low + high) // 2
        try:
            bytearray(middle)
            low = middle
        except MemoryError:
            high = middle
        gc.collect()
    return low


def started():
    """Make the charger; tells what that takes and keeps."""
    tell("port_hz", machine.freq())
    gc.collect()
    before = gc.mem_alloc()
    begun_us = ticks_us()
    __import__("shelf")  # where the firmware's modules lie, as main.py has it
    charger = __import__("headroom.charger", None, None, ("*",)).Charger()
    start_us = ticks_diff(ticks_us(), begun_us)
    WDT(timeout=AWAKE_MS)
    charger.outputs.contactor = Nothing()
    charger.service.store.step = lambda dt_ms: None
    charger.service.console.port.write = lambda data: None
    tell("start_us", start_us)
    gc.collect()
    tell("heap_kept", gc.mem_alloc() - before)
    tell("heap_free", gc.mem_free())
    tell("heap_largest", largest())
    tell("cpu_hz", machine.freq())
    tell("firmware", charger.version)
    return charger


def conversions():
    """How long each of many conversions takes, less the clock's own time."""
    read = ADC(Pin(board.CT_PINS[0]), atten=ADC.ATTN_11DB).read
    took = array("H", bytes(2 * CONVERSIONS))
    begun = ticks_us()
    for _ in range(100):
        ticks_us()
    clock = ticks_diff(ticks_us(), begun) // 100
    for number in range(CONVERSIONS):
        begun = ticks_us()
        read()
        took[number] = max(ticks_diff(ticks_us(), begun) - clock, 0)
    tell("conversion_us", list(took))


class Watch:
    """Times what a charger's tick does, and shows it a car."""

    def __init__(self, charger):
        self.charger = charger
        self.taken = [array("H", bytes(2 * TICKS)) for _ in range(8)]
        self.at = 0
        self.blind = False
        self.pilot_mv = A
        self.rounds = 0
        self.wrap()

    def timed(self, part, plain):
        """``plain``, whose time is added to the part's."""

        def call(*arguments):
            begun = ticks_us()
            if spend:
                spend(part)
            result = plain(*arguments)
            self.taken[part][self.at] += ticks_diff(ticks_us(), begun)
            return result

        return call

    def wrap(self):
        """Around each part of the tick."""
        charger, timed = self.charger, self.timed
        charger.law.propose = timed(LAW, charger.law.propose)
        charger.guard.judge = timed(GUARD, charger.guard.judge)
        charger.outputs.apply = timed(ACT, charger.outputs.apply)
        charger.energy.step = timed(ENERGY, charger.energy.step)
        charger.serve = timed(SERVE, charger.serve)
        scan, inputs, fill = charger.scan.read, charger.inputs.read, charger.scan.fill_window

        def filled(duty_u16, known):
            return fill(duty_u16, known) and not self.blind

        def scanned(readings, duty_u16):
            scan(readings, duty_u16)
            if spend:
                spend(LOOK)
                if not self.blind:
                    spend(SCAN)
            took = ticks_diff(ticks_us(), charger.scan.ended_us)
            self.taken[LOOK if self.blind else SCAN][self.at] = took
            self.rounds = charger.scan.state[0]
            self.show(readings)

        def read(readings):
            begun = ticks_us()
            inputs(readings)
            self.taken[LOOK if self.blind else SCAN][self.at] += ticks_diff(ticks_us(), begun)
            readings.contactor_closed = charger.outputs.closed
            readings.residual_fault = charger.outputs.pulse
            readings.earth_fault = readings.button = False
            readings.locked = True

        charger.scan.fill_window, charger.scan.read, charger.inputs.read = filled, scanned, read

    def show(self, readings):
        """A car at the pilot, five amperes of house, nothing broken."""
        readings.pilot_ok = readings.grid_ok = readings.temperature_ok = True
        readings.unread = 0
        readings.pilot_high_mv, readings.pilot_low_mv = self.pilot_mv, -12000
        if self.charger.outputs.duty_u16 == 65535:
            readings.pilot_low_mv = self.pilot_mv
        readings.temperature_c = 25
        readings.rail_mv = board.RAIL_MV
        readings.mains_ok = readings.power_ok = False
        readings.proximity_ohm = 220
        for phase in range(board.PHASES):
            readings.grid_ma[phase] = 5000 - 700 * phase
            readings.quality[phase] = 0

    def tick(self, number):
        """One, on a clean heap."""
        gc.collect()
        self.at = number
        for part in range(LOOK, len(self.taken)):
            self.taken[part][number] = 0
        begun = ticks_us()
        self.charger.tick()
        self.taken[WHOLE][number] = min(ticks_diff(ticks_us(), begun), 65535)
        if not number & 15:
            alive()


def ticks(charger):
    """A car is charged, and the ticks meanwhile are timed; every fourth window is thrown away, as one that ended early is."""
    watch = Watch(charger)
    charger.limits.breaker_ma, charger.limits.charger_ma = 25000, 16000
    charger.limits.resume_dwell_ms = 1000
    for pilot_mv, count in ((A, 30), (B, TICKS), (C, TICKS), (C, TICKS), (C, TICKS), (C, TICKS)):
        watch.pilot_mv = pilot_mv
        for number in range(count):
            watch.tick(number)
            if pilot_mv == C and charger.verdict.closed:
                break
    lowest = gc.mem_free()
    for number in range(TICKS):
        watch.blind = number & 3 == 3
        watch.tick(number)
        lowest = min(lowest, gc.mem_free())
    WDT(timeout=AWAKE_MS)
    tell("charging", bool(charger.verdict.closed))
    tell("state", charger.service.status_line())
    tell("rounds", watch.rounds)
    tell("heap_lowest", lowest)
    for part, name in enumerate(("whole", "look", "scan", "law", "guard", "act", "energy", "serve")):
        tell("tick_" + name, [took for took in watch.taken[part] if took])


def collections():
    """Ten, in us."""
    took = []
    for _ in range(10):
        begun = ticks_us()
        gc.collect()
        if spend:
            spend(SERVE + 1)
        took.append(ticks_diff(ticks_us(), begun))
    tell("collection_us", took)


def pilot(charger):
    """Half the time high: what is read back at the pin, and the period that its edges have."""
    charger.outputs.pilot.duty_u16(32768)
    plateaus = charger.scan.plateaus
    plateaus.period_tenth_us = 0
    for _ in range(3):
        if plateaus.date():
            break
    tell("pwm_hz", charger.outputs.pilot.freq())
    tell("pwm_period_tenth_us", plateaus.period_tenth_us)
    tell("pwm_unread", plateaus.unread)
    charger.outputs.pilot.duty_u16(0)


def nested(depth):
    """How many calls fit into one another."""
    try:
        return nested(depth + 1)
    except RuntimeError:
        return depth


def stack():
    """What is left of it."""
    tell("stack_calls", nested(0))
    tell("stack_used", micropython.stack_use())
