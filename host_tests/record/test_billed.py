"""What the meter on the car's line counts is what is billed, and what ``usage`` counts by."""

import pytest
from bench import host

host.load()
from headroom.record.billed import Billed
from headroom.record.energy import CAR, Energy

STRAIGHT = (0, 1, 2)


class Meter:
    phases = 3
    counts = True

    def __init__(self, wh=12345, w=(0, 0, 0)):
        self.wh = wh
        self.w = list(w)


def counted(meter, readings, lines=STRAIGHT, known=True):
    billed, energy = Billed(meter), Energy()
    for wh in readings:
        meter.wh = wh
        for _ in range(3):  # each is seen in several ticks
            billed.step(25, energy, lines, CAR, known)
    return energy.wh[CAR:]


def test_it_counts_what_the_register_goes_on_by_and_not_what_it_stands_at():
    assert sum(counted(Meter(w=(2300, 2300, 2300)), [900000, 900001, 900001, 900300])) == 300


def test_the_phases_get_their_part_and_nothing_is_lost_in_the_division():
    assert counted(Meter(w=(1000, 1000, 1000)), [1, 101]) == [34, 33, 33]
    assert counted(Meter(w=(3000, 1000, 0)), [1, 101]) == [75, 25, 0]
    assert counted(Meter(w=(0, 0, 0)), [1, 8]) == [7, 0, 0]  # it says so a moment after the car has stopped
    assert counted(Meter(w=(0, 0, 2300)), [1, 8], lines=(1, 2, 0)) == [7, 0, 0]


@pytest.mark.parametrize("readings", [[5000, 40], [5000, 5_000_000], [5000, 1 << 29, 5000], [0, 0], [0, 700]])
def test_another_meter_a_wrong_word_and_one_that_has_not_told_yet_count_nothing(readings):
    assert counted(Meter(w=(2300, 0, 0)), readings) == [0, 0, 0]


def test_after_a_leap_it_goes_on_from_there():
    assert sum(counted(Meter(w=(2300, 0, 0)), [5000, 40, 50])) == 10


def test_what_flowed_while_the_meter_was_not_believed_is_counted_when_it_is_again():
    meter, energy = Meter(1000, (2300, 0, 0)), Energy()
    billed = Billed(meter)
    for wh, known in ((1000, True), (1100, False), (1200, False), (1200, True)):
        meter.wh = wh
        billed.step(25, energy, STRAIGHT, CAR, known)
    assert energy.car_wh() == 200


def test_one_that_has_no_register_is_counted_by_its_power():
    meter, energy = Meter(0, (3600, 0, -100)), Energy()
    meter.counts = False
    billed = Billed(meter)
    for _ in range(40 * 60):
        billed.step(25, energy, STRAIGHT, CAR, True)
    assert energy.wh[CAR:] == [60, 0, 0]
