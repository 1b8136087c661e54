"""Each doubt about a clamp: its place in the table, its word, and how its answer begins and ends."""

from bench import host

host.load()
from headroom.serve.answers import advice
from headroom.terms import meter_faults
from headroom.terms.meter_faults import HOLD, PAUSE, SAFE

# code: (name of the constant, word, first answer, last answer, what a person is told)
ROWS = (
    ("OK", "fine", HOLD, HOLD, "nothing"),
    ("NOISY", "noisy", HOLD, PAUSE, "mostly noise"),
    ("FROZEN", "flat", HOLD, PAUSE, "the reading stands still"),
    ("UNPLUGGED", "flat", HOLD, SAFE, "nothing comes from the clamp"),
    ("STALE", "stale", HOLD, PAUSE, "no reading comes through"),
    ("CLIPPED", "clipped", SAFE, PAUSE, "more than it can see"),
    ("NO_BURDEN", "clipped", SAFE, PAUSE, "no burden"),
    ("NO_BIAS", "implausible", SAFE, PAUSE, "bias lost"),
    ("SHORTED", "implausible", SAFE, PAUSE, "input shorted or bias lost"),
    ("TOO_MUCH", "implausible", SAFE, PAUSE, "more than the breaker passes"),
    ("SHORT_OF_CAR", "implausible", SAFE, PAUSE, "less than the car alone draws"),
    ("WRONG_PHASE", "implausible", SAFE, PAUSE, "the car's steps show on another phase"),
    ("BACKWARDS", "implausible", SAFE, PAUSE, "it is on backwards"),
    ("OTHERS", "implausible", SAFE, PAUSE, "the car draws on the other phases"),
    ("NO_ANSWER", "silent", HOLD, PAUSE, "the meter does not answer"),
    ("REPEATS", "flat", HOLD, PAUSE, "the meter repeats itself"),
    ("LATE", "slow", HOLD, PAUSE, "the meter is slower than it says"),
    ("JUMPS", "implausible", SAFE, PAUSE, "the meter jumps"),
    ("GARBLED", "implausible", SAFE, PAUSE, "the meter says what no house draws"),
    ("DISAGREES", "implausible", SAFE, PAUSE, "clamp and meter disagree"),
)


def test_each_doubt_has_its_place_its_word_and_its_answers():
    assert len(meter_faults.NAME) == len(ROWS)
    for code, (constant, word, first, last, name) in enumerate(ROWS):
        assert getattr(meter_faults, constant) == code, constant
        told = (advice.ROWS[code][0], meter_faults.FIRST[code], meter_faults.LAST[code], meter_faults.NAME[code])
        assert told == (word, first, last, name), constant
        assert len(advice.ROWS[code][1]) > 10
    assert len(advice.ROWS) == len(ROWS)


def test_the_answers_are_three_each_harder_than_the_one_before():
    assert (meter_faults.HOLD, meter_faults.SAFE, meter_faults.PAUSE) == (0, 1, 2)


def test_what_hides_how_high_the_current_is_has_no_hold():
    for code in (
        meter_faults.CLIPPED,
        meter_faults.NO_BURDEN,
        meter_faults.NO_BIAS,
        meter_faults.SHORTED,
        meter_faults.TOO_MUCH,
    ):
        assert meter_faults.FIRST[code] == SAFE
