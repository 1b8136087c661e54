"""Sharing laws on their bench: each does what its project is known for, and ours is the firmware."""

import sys
from pathlib import Path

import pytest
from bench import sharing
from bench.sessions import MIN_MA, Sessions, Stay

MINUTE_MS = 60000
THREE = (0, 1, 2)
#: of one ampere each: who shares alike
ALIKE = ["headroom", "smartevse", "openevse", "warp", "everest"]
KNOW_PHASES = ["headroom", "warp"]


def stay(from_min=0, to_min=600, need_mams=None, car_ma=32000, lines=THREE, **more):
    return Stay(from_min * MINUTE_MS, to_min * MINUTE_MS, need_mams, car_ma, lines, **more)


def lived(law, stays, minutes, breaker_ma=20000, rows=()):
    world = Sessions(rows, [[each] for each in stays], breaker_ma, law if isinstance(law, type) else sharing.kind(law))
    world.run(minutes * MINUTE_MS)
    return world


def offers(world):
    return [place.offer_ma for place in world.places]


@pytest.mark.parametrize("law", ALIKE)
def test_two_cars_alike_get_the_same(law):
    world = lived(law, [stay(), stay(1)], 12)
    one, two = offers(world)
    assert abs(one - two) <= 100
    assert 19000 <= one + two <= 20000


@pytest.mark.parametrize("law", ALIKE)
def test_a_car_that_can_take_little_leaves_the_rest_to_the_other(law):
    world = lived(law, [stay(car_ma=8000), stay(1, car_ma=16000)], 12)
    drawn = [place.drawn_ma() for place in world.places]
    assert drawn[0] <= 8000
    assert drawn[1] >= 11000


@pytest.mark.parametrize("law", KNOW_PHASES)
def test_who_knows_phases_gives_the_whole_of_each(law):
    world = lived(law, [stay(lines=(0,)), stay(1, lines=(1,))], 12)
    assert [ma // 1000 for ma in offers(world)] == [20, 20]


def test_openevse_knows_no_phases_and_halves_it():
    assert [ma // 1000 for ma in offers(lived("openevse", [stay(lines=(0,)), stay(1, lines=(1,))], 12))] == [10, 10]


def test_with_evcc_who_comes_second_gets_what_is_left():
    assert offers(lived("evcc", [stay(car_ma=16000), stay(5, car_ma=16000)], 12)) == [16000, 0]


def test_everest_leaves_the_last_of_the_tree_without_where_the_minimums_do_not_fit():
    assert offers(lived("everest", [stay(3), stay(2), stay(1), stay()], 6)) == [7000, 6500, 6500, 0]


def test_smartevse_asks_again_a_minute_after_it_refused_and_lets_in_when_there_is_room():
    world = lived("smartevse", [stay(to_min=6), stay(), stay(1), stay(2)], 5)
    assert offers(world).count(0) == 1
    world.run(10 * MINUTE_MS)
    assert offers(world)[3] >= MIN_MA


def test_warp_turns_each_quarter_of_an_hour_where_one_waits():
    world = lived("warp", [stay(), stay(), stay(), stay(1)], 60)
    assert all(place.stays[0].got_mams for place in world.places)
    assert all(place.closings >= 2 for place in world.places[:2])


def test_hass_never_looks_at_a_minimum_and_gives_back_only_a_quarter_of_an_hour_later():
    rows = [(0, 0, 0, 0), (2 * MINUTE_MS, 15000, 0, 0), (3 * MINUTE_MS, 0, 0, 0)]
    world = lived("hass", [stay(car_ma=16000)], 10, rows=rows)
    assert offers(world) == [0]
    world.run(25 * MINUTE_MS)
    assert offers(world) == [16000]


def test_ours_is_the_firmware_and_shares_by_the_order_that_is_set():
    first, second = stay(car_ma=16000), stay(5, car_ma=16000)
    world = lived("headroom-first", [first, second], 12)
    member = world.law.members[0]
    where = Path(sys.modules[type(member).__module__].__file__).resolve()
    assert where.parts[-4:] == ("headroom", "serve", "group", "member.py")
    assert "firmware" in where.parts
    assert member.leader is not None
    assert [ma // 1000 for ma in offers(world)] == [14, 6]


def test_by_need_who_must_leave_soon_goes_first():
    late, soon = stay(need_mams=10**12, car_ma=16000), stay(1, 120, need_mams=3 * 10**11, car_ma=16000)
    assert [ma // 1000 for ma in offers(lived("headroom-need", [late, soon], 12))] == [6, 14]


class Everything:
    """A law that offers all to everybody."""

    def __init__(self, world):
        self.world = world

    def step(self, _dt_ms):
        for place in self.world.places:
            place.offer_ma = place.most_ma


def test_what_cars_put_above_the_rating_is_counted_and_what_the_house_does_is_not():
    over = lived(Everything, [stay(car_ma=16000), stay(car_ma=16000)], 5)
    assert over.worst_ma == 12000
    assert 200 <= over.over_longest_ms / 1000 <= 300
    house = lived(Everything, [stay(6, car_ma=16000)], 5, rows=[(0, 30000, 0, 0)])
    assert house.over_mams == 0


def test_a_need_is_no_more_than_the_car_can_take_while_it_is_there():
    assert stay(0, 10, need_mams=10**15, car_ma=10000, lines=(0,)).asked_mams() == 10 * MINUTE_MS * 10000
    assert stay(0, 10, need_mams=1000).asked_mams() == 1000


# the schedulers of acnportal, where it is installed


def test_the_earliest_deadline_gets_all_and_round_robin_shares():
    pytest.importorskip("acnportal", reason="acnportal is not installed: .venv/bin/pip install -e '.[contest]'")
    late, soon = stay(need_mams=10**12, car_ma=16000), stay(1, 120, need_mams=10**11, car_ma=16000)
    assert [ma // 100 for ma in offers(lived("edf", [late, soon], 5, 24000))] == [79, 160]
    late, soon = stay(need_mams=10**12, car_ma=16000), stay(1, 120, need_mams=10**11, car_ma=16000)
    assert offers(lived("round-robin", [late, soon], 5, 24000)) == [12000, 12000]
