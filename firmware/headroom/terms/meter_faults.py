"""What may be wrong with a clamp's reading: one table of named doubts, a word and a first answer for each.

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

# (word, first stage, last stage, name, what to do)
# fmt: off
DOUBTS = (
    ("fine", HOLD, HOLD, "nothing", "nothing to do"),
    ("noisy", HOLD, PAUSE, "mostly noise", "look for a loose plug of the clamp, or a strong source of interference beside it"),
    ("flat", HOLD, PAUSE, "the reading stands still", "plug the clamp in again; if it stays, the charger needs service"),
    # a car that waits draws as little as a clamp off its cable shows: the safe current tells which, a pause never would
    ("flat", HOLD, SAFE, "nothing comes from the clamp", "plug it in and close its jaw; idle_ma 0 where nothing else draws"),
    ("stale", HOLD, PAUSE, "no reading comes through", "if it returns, the charger needs service"),
    ("clipped", SAFE, PAUSE, "more than it can see", "clamp and burden too small for this supply: have them changed"),
    ("clipped", SAFE, PAUSE, "no burden", "do not touch the clamp's plug: have the charger serviced"),
    ("implausible", SAFE, PAUSE, "bias lost", "the charger needs service"),
    ("implausible", SAFE, PAUSE, "input shorted or bias lost", "look for water or damage at the clamp's plug; then service"),
    ("implausible", SAFE, PAUSE, "more than the breaker passes", "is this the clamp that was set up? then calibrate it again"),
    ("implausible", SAFE, PAUSE, "less than the car alone draws", "close the clamp's jaw around one conductor; then calibrate"),
    ("implausible", SAFE, PAUSE, "the car's steps show on another phase", "set wiring as the charger is wired, or swap clamps"),
    ("implausible", SAFE, PAUSE, "it is on backwards", "turn its arrow to the house; exports yes if panels feed in"),
    ("implausible", SAFE, PAUSE, "the car draws on the other phases",
     "set wiring if the charger is wired so; else the clamp is around another circuit"),
)
# fmt: on

WORD, FIRST, LAST, NAME, ADVICE = zip(*DOUBTS)  # noqa: B905
del DOUBTS  # the columns are all that is read: the rows would cost the chip 1 kB
