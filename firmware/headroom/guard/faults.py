"""The faults: one table that a person can read aloud.

Each row says what the fault is called, how the contactor opens, how the fault clears, how long its cause must last
before it counts and be gone before it clears, and how often it may clear so before it stays. What a person can do about it
stands in serve/answers/advice.py.
What repeats too often is a defect of the car, the cable or the charger, or a night of storms: its repeats are its chances, and
then it has one an hour, for no count may strand a car at night. What the surroundings do (voltage, heat, meter, a house that
overloads its breaker) repeats ALWAYS. A hand is needed where life is at stake only: an earth that was lost for the fourth time
may be gone when somebody touches the car, so it waits until that is unplugged. An import limit is a contract: its lock-out ends
after the four hours that EREC G100 gives to premises without a householder (project's domain notes 6.1), and a householder may
end it sooner. A contactor that falls off has its chances too: a dip of the mains lets go of its coil, and so does a supervisor
after one slow tick. So has a diode that was missed in two windows: the pilot's -12 V sags with the mains, and nothing closes
until the diode shows. Where the offer may be the cause, the next one is a smaller one (retry.py), so an overdraw has as many
chances as the offer has halves.
A fault's code is its place in the table and is stored in the charger's memory: append rows, never move one.
Times: IEC 61851-1 Table A.6 and the practice of other chargers (project's domain notes 1.4, 1.5, 3 and 4). Unverified:
the 3 s for a car that needs ventilation, the 100 ms of a pilot at earth, and that a weld allows no new charge.
"""

from headroom.terms.standard import FOLLOW_MS

NOW = 1  # the contactor opens in this tick, under load if need be
GRACEFULLY = 2  # the offer is withdrawn first and the car has its 6 s to stop drawing

BY_ITSELF = 0  # clears when the cause has been gone for its time; after too many repeats, for an hour, or on unplugging
ON_UNPLUG = 1  # clears when the car is unplugged and the cause is gone; after too many repeats, by a person only
BY_PERSON = 2  # stays, across resets too, until a person clears it
BY_TIME = 3  # the same, or until its cause has been gone for its time; a reset begins that anew

ALWAYS = 1 << 20  # repeats without end

NONE = 0
PILOT_UNCLEAR = 1
DIODE = 2
RESIDUAL = 3
WELDED = 4
NOT_CLOSING = 5
HOT = 6
VENTILATION = 7
PILOT_SHORT = 8
PILOT_STUCK = 9
READBACK = 10
RESIDUAL_TEST = 11
EARTH = 12
UNDERVOLTAGE = 13
OVERVOLTAGE = 14
OVERDRAW = 15
RAIL = 16
CLOCK = 17
ADC_FROZEN = 18
PROXIMITY = 19
LOCK = 20
TEMPERATURE_SENSOR = 21
BREAKER = 22
FAULT_MEMORY = 23
IMPORT_LIMIT = 24
METER = 25
LATE = 26
OVERVOLTAGE_NEAR = 27

# (name, opens, clears, ms until it counts, ms gone until it clears, repeats)
FAULTS = (
    ("none", NOW, BY_ITSELF, 0, 0, ALWAYS),
    ("pilot not understood", NOW, BY_ITSELF, 60, 5000, 5),
    ("no diode in the car", NOW, BY_ITSELF, 40, 30000, 3),
    ("residual current", NOW, BY_PERSON, 0, 1000, 0),
    ("contactor welded", NOW, BY_PERSON, 200, 1000, 0),
    ("contactor does not close", NOW, BY_ITSELF, 200, 30000, 3),
    ("charger too hot", GRACEFULLY, BY_ITSELF, 1000, 60000, ALWAYS),
    ("car needs ventilation", NOW, ON_UNPLUG, 300, 1000, ALWAYS),
    ("pilot shorted to earth", NOW, BY_ITSELF, 0, 30000, 3),
    ("pilot voltage stuck", NOW, BY_ITSELF, 100, 5000, 3),
    ("contactor moved by itself", NOW, BY_ITSELF, 50, 30000, 3),
    ("residual current self-test failed", NOW, ON_UNPLUG, 0, 1000, 2),
    ("protective earth lost", NOW, BY_ITSELF, 0, 60000, 3),
    ("supply voltage too low", NOW, BY_ITSELF, 4000, 60000, ALWAYS),
    ("supply voltage too high", NOW, BY_ITSELF, 4000, 60000, ALWAYS),
    ("car draws more than offered", GRACEFULLY, BY_ITSELF, FOLLOW_MS + 1000, 60000, 3),
    ("charger's own supply sags", NOW, BY_ITSELF, 50, 30000, 3),
    ("clock jumped", NOW, BY_ITSELF, 0, 5000, 5),
    ("measuring input frozen", NOW, BY_ITSELF, 50, 30000, 3),
    ("cable coding not understood", NOW, ON_UNPLUG, 50, 1000, ALWAYS),
    ("socket lock does not hold", NOW, ON_UNPLUG, 2000, 1000, 5),
    ("temperature sensor failed", GRACEFULLY, BY_ITSELF, 2000, 60000, 3),
    ("supply breaker would not wait", NOW, BY_ITSELF, 0, 10000, ALWAYS),
    ("memory of faults lost", NOW, BY_PERSON, 0, 0, 0),
    ("import limit exceeded too often", GRACEFULLY, BY_TIME, 0, 14400000, 0),
    ("supply meter in doubt", GRACEFULLY, BY_ITSELF, 0, 1000, ALWAYS),
    ("charger too slow", GRACEFULLY, BY_ITSELF, 1000, 60000, 3),
    ("supply voltage at its upper limit", NOW, BY_ITSELF, 4000, 60000, ALWAYS),
)  # fmt: skip

COUNT = len(FAULTS)
NAME, OPENS, CLEARS, AFTER_MS, GONE_MS, REPEATS = zip(*FAULTS)  # noqa: B905
del FAULTS  # the columns are all that is read: the rows would cost the chip 1.4 kB

# The order in which a person is told, worst first: where several stand, the lamp shows the first of these.
TOLD = (
    WELDED, EARTH, OVERVOLTAGE, RESIDUAL, RESIDUAL_TEST, FAULT_MEMORY, NOT_CLOSING, READBACK, PILOT_SHORT, DIODE,
    PROXIMITY, LOCK, VENTILATION, OVERDRAW, IMPORT_LIMIT, BREAKER, METER, UNDERVOLTAGE, OVERVOLTAGE_NEAR, RAIL, CLOCK, LATE,
    ADC_FROZEN, PILOT_STUCK, HOT, TEMPERATURE_SENSOR, PILOT_UNCLEAR,
)  # fmt: skip


def _mask(column, value):
    mask = 0
    for code in range(1, COUNT):
        if column[code] == value:
            mask |= 1 << code
    return mask


OPENS_NOW = _mask(OPENS, NOW)


def worst(raised):
    """The code to tell first of a set of faults (bit n = fault n); NONE for an empty set."""
    if raised:
        for code in TOLD:
            if raised >> code & 1:
                return code
    return NONE


def long_flashes(code):
    """Long flashes of the lamp for a fault; with the short ones they name its row."""
    return code // 5 + 1


def short_flashes(code):
    """Short flashes that follow."""
    return code % 5 + 1
