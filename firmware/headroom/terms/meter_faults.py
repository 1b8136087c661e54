"""What may be wrong with a clamp's reading, or a meter's: one table of named doubts, and a first answer for each.

A doubt's code is its place in the table; of several the highest is told. Whatever the doubt, the answer is staged by
meter_fallback.py: hold the offer, then a safe current, then pause. A doubt that hides how high the current is has no hold.
All clear by themselves when the readings have stayed good; those that the car's own steps show stand until its steps
show the opposite, or until it is unplugged.
"""

HOLD = 0
SAFE = 1
PAUSE = 2

OK = 0
NOISY = 1
FROZEN = 2
UNPLUGGED = 3
STALE = 4
CLIPPED = 5
NO_BURDEN = 6
NO_BIAS = 7
SHORTED = 8
TOO_MUCH = 9
SHORT_OF_CAR = 10
WRONG_PHASE = 11
BACKWARDS = 12
OTHERS = 13
NO_ANSWER = 14  # from here on about a meter on a wire: sense/meters/doubts.py
REPEATS = 15
LATE = 16
JUMPS = 17
GARBLED = 18
DISAGREES = 19

# (first stage, last stage, name); the word for it, and what to do: serve/answers/advice.py
DOUBTS = (
    (HOLD, HOLD, "nothing"),
    (HOLD, PAUSE, "mostly noise"),
    (HOLD, PAUSE, "the reading stands still"),
    # a car that waits draws as little as a clamp off its cable shows: the safe current tells which, a pause never would
    (HOLD, SAFE, "nothing comes from the clamp"),
    (HOLD, PAUSE, "no reading comes through"),
    (SAFE, PAUSE, "more than it can see"),
    (SAFE, PAUSE, "no burden"),
    (SAFE, PAUSE, "bias lost"),
    (SAFE, PAUSE, "input shorted or bias lost"),
    (SAFE, PAUSE, "more than the breaker passes"),
    (SAFE, PAUSE, "less than the car alone draws"),
    (SAFE, PAUSE, "the car's steps show on another phase"),
    (SAFE, PAUSE, "it is on backwards"),
    (SAFE, PAUSE, "the car draws on the other phases"),
    (HOLD, PAUSE, "the meter does not answer"),
    (HOLD, PAUSE, "the meter repeats itself"),
    (HOLD, PAUSE, "the meter is slower than it says"),
    (SAFE, PAUSE, "the meter jumps"),
    (SAFE, PAUSE, "the meter says what no house draws"),
    (SAFE, PAUSE, "clamp and meter disagree"),
)

NAME = tuple([row[2] for row in DOUBTS])
FIRST, LAST = bytes([row[0] for row in DOUBTS]), bytes([row[1] for row in DOUBTS])
del DOUBTS  # the columns are all that is read: the rows would cost the chip 1 kB
