"""A house that steps up in the worst moment: the leader dies, or a car has just stopped by itself and nobody was told yet.

As group_day counts it: house, and of each car the lesser of what it draws and what its pilot allows, above the rating.
"""

import pytest
from bench.site import Site

RATING_MA, OVER_MA, OWN_MS = 63000, 200, 1000
TICK_MS, SETTLED_MS = 25, 75000
CAR = {"car_ma": 16000, "car_phases": 3, "settings": {"phases": 3}}
NO_CAR = {**CAR, "plugged_ms": [[1 << 40, 1 << 41]]}
LITTLE = {**CAR, "need_mwh": 200000}  # it stops by itself, some 80 s after the start


class Garage(Site):
    """``longest_ms``: the longest time over the rating in one piece."""

    def __init__(self, cars, *house):
        rows = [(t_ms, ma, ma, ma) for t_ms, ma in house]
        super().__init__(rows, cars, RATING_MA, {"group_ma": RATING_MA, "group_safe_ma": 0}, 0, 1)
        self.longest_ms = self.over_ms = 0

    def live(self, until_ms, step_ms):
        while self.t_ms < until_ms:
            self.step(step_ms, False)
            due_ma = sum(min(self.drawn_ma(place, 0), self.offered_ma(place)) for place in range(len(self.tables)))
            over = self.house_ma[0] + due_ma > RATING_MA + OVER_MA
            self.over_ms = self.over_ms + step_ms if over else 0
            self.longest_ms = max(self.longest_ms, self.over_ms)

    def leads(self):
        return self.tables[0].charger.group.leader is not None

    def offers(self):
        return [self.offered_ma(place) for place in range(len(self.tables))]


def test_a_leader_that_dies_as_the_house_steps_up_is_missed_and_all_go_to_their_least():
    house_ma = 500
    garage = Garage([NO_CAR] + [CAR] * 7, (0, house_ma), (SETTLED_MS + 500, house_ma + 14000))
    garage.live(SETTLED_MS, 100)
    charging = [offer_ma for offer_ma in garage.offers() if offer_ma]
    assert len(charging) == 7
    assert min(charging) > 8000
    garage.kill(0)
    garage.live(SETTLED_MS + 1000, TICK_MS)
    assert garage.offers() == [0] + [6000] * 7
    garage.live(SETTLED_MS + 12000, TICK_MS)
    assert garage.leads()
    assert garage.longest_ms <= OWN_MS
    assert min(garage.offers()[1:]) >= 6000, "nobody was stopped for it"


def test_a_leader_that_is_back_says_nothing_until_enough_have_answered_and_takes_from_nobody_it_has_not_heard():
    garage = Garage([NO_CAR] + [CAR] * 9, (0, 500))
    garage.live(SETTLED_MS, 100)
    charging = [place for place, offer_ma in enumerate(garage.offers()) if offer_ma]
    assert len(charging) >= 8
    garage.kill(0)
    heard = garage.bus.taps[charging[-1]]
    for _ in range(12000 // TICK_MS):
        garage.live(garage.t_ms + TICK_MS, TICK_MS)
        heard.come.clear()
        assert all(garage.offered_ma(place) for place in charging)


@pytest.mark.parametrize("after_ms", [4000, 9000, 14000])
def test_a_house_that_steps_up_soon_after_its_leader_is_back_stops_cars_for_whom_it_leaves_too_little(after_ms):
    garage = Garage([NO_CAR] + [CAR] * 9, (0, 500), (SETTLED_MS + after_ms, 20500))
    garage.live(SETTLED_MS, 100)
    garage.kill(0)
    garage.live(SETTLED_MS + 3800, TICK_MS)
    charging = [offer_ma for offer_ma in garage.offers() if offer_ma]
    assert len(charging) == 9
    garage.live(SETTLED_MS + after_ms + 8000, TICK_MS)
    assert 0 < garage.longest_ms <= OWN_MS
    assert sorted(offer_ma > 0 for offer_ma in garage.offers()) == [False] * 3 + [True] * 7, "no more than must be"


@pytest.mark.parametrize("after_ms", [0, 50, 100, 200])
def test_a_car_that_stops_as_the_house_steps_up_is_not_counted_on(after_ms):
    cars = [NO_CAR] * 29 + [CAR] * 2 + [LITTLE]
    house_ma = 20000
    garage = Garage(cars, (0, house_ma))
    garage.live(SETTLED_MS, 100)
    while garage.drawn_ma(len(cars) - 1, 0) > 1000:
        garage.live(garage.t_ms + TICK_MS, TICK_MS)
    stopped_ms = garage.t_ms
    again = Garage(cars, (0, house_ma), (stopped_ms + after_ms, house_ma + 17000))
    again.live(SETTLED_MS, 100)
    again.live(stopped_ms + 6000, TICK_MS)
    assert max(again.house_ma) > house_ma
    assert 0 < again.longest_ms <= OWN_MS // 2
