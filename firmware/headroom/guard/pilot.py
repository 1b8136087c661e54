"""The control pilot's code: plateau voltages to states, current to duty and back.

Source: IEC 61851-1:2017 Annex A, Tables A.4 and A.7 (numbers and their public sources in the project's domain notes).
"""

from headroom.guard.faults import PILOT_UNCLEAR

UNKNOWN = 0
A = 1
B = 2
C = 3
D = 4
E = 5
F = 6
LETTERS = "?ABCDEF"

# (state, lowest mV, highest mV) of the high plateau: the detection windows of Table A.4. Those of A and D, and the dead
# bands of 1 V between all of them, are unverified (no public source).
BANDS = (
    (A, 11000, 13000),
    (B, 8000, 10000),
    (C, 5000, 7000),
    (D, 2000, 4000),
    (E, -1000, 2000),
    (F, -13000, -10000),
)
HYSTERESIS_MV = 500  # a known state is kept this far outside its window: half of the 1 V dead band
DIODE_LOW_MAX_MV = -10000  # with a diode in the car the low plateau stays near -12 V

STEADY_HIGH_U16 = 65535  # +12 V without PWM: no current offered (X1)
STEADY_LOW_U16 = 0  # -12 V: state F, charger not available
MIN_OFFER_MA = 6000
LINE_BREAK_MA = 51000  # 85 %: first line of Table A.7 below, second above
SECOND_LINE_MIN_MA = 52500
MAX_OFFER_MA = 80000


def state_of(high_mv, previous):
    """Pilot state of a high plateau (mV); UNKNOWN between the bands, unless the previous state still holds."""
    for state, low, high in BANDS:
        if low <= high_mv <= high:
            return state
        if state == previous and low - HYSTERESIS_MV <= high_mv <= high + HYSTERESIS_MV:
            return state
    return UNKNOWN


def another_car(state, raised):
    """True when the car may be another one from here on, with ``raised`` the faults that stand.

    A was seen, or what cannot be told from it: a pilot that is off, earthed or not understood shows nobody who leaves.
    """
    return state == A or state >= E or (state == UNKNOWN and raised >> PILOT_UNCLEAR & 1 == 1)


def diode_present(low_mv):
    """True when the low plateau (mV) shows that only the positive half is loaded."""
    return low_mv <= DIODE_LOW_MAX_MV


def codable_ma(offer_ma):
    """``offer_ma`` (6 A or more) or the next lower current that has a code: none lies between 51 and 52.5 A."""
    if LINE_BREAK_MA < offer_ma < SECOND_LINE_MIN_MA:
        return LINE_BREAK_MA
    return min(offer_ma, MAX_OFFER_MA)


def duty_u16(offer_ma):
    """PWM duty (0..65535) that offers at most ``offer_ma``; below 6 A there is no code: steady +12 V.

    Rounded down, with the one division last: a code never allows more than was meant.
    """
    if offer_ma < MIN_OFFER_MA:
        return STEADY_HIGH_U16
    if offer_ma > MAX_OFFER_MA:
        offer_ma = MAX_OFFER_MA
    if offer_ma < SECOND_LINE_MIN_MA:
        return min(offer_ma, LINE_BREAK_MA) * 4369 // 4000  # 65535 / 60000
    shifted_ma = offer_ma + 160000  # duty = (offer + 160 A) / 250 A
    return (shifted_ma // 50 * 13107 + shifted_ma % 50 * 13107 // 50) // 1000  # 13107 / 50000 without passing 2^30
