"""headroom sim --chargers: what is refused, and how a group is scored."""

from dataclasses import replace

import pytest
from headroom_tools.common.errors import BadInput
from headroom_tools.sim import group
from headroom_tools.sim.group import Car, GroupOptions, Score, best, jain

OPTIONS = GroupOptions(chargers=2, breaker_a=32.0, phases=3, car_phases=3, car_a=16.0, plugged="always", vm="cpython")
CAR = Car(((0, 3600000),), None, 16000, 3, "plain", 0, (0, 1, 2), "")


def score_of(*lines):
    score = Score(OPTIONS, [CAR, CAR])
    for line in lines:
        score.take(line)
    return score


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"chargers": 33}, "--chargers 33"),
        ({"share": "all"}, "--share all"),
        ({"bus_loss": 1.5}, "--bus-loss 1.5"),
        ({"group_a": 40.0}, "--group-a 40"),
        ({"safe_a": 17.0}, "34 A, the group may draw 32 A"),
        ({"safe_a": 3.0}, "--safe-a 3"),
        ({"leader_dies_min": 0.1}, "--leader-dies-min"),
        ({"car_phases": 3, "phases": 1}, "--phases"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(changes, told):
    with pytest.raises(BadInput, match=told):
        group.check(replace(OPTIONS, **changes))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("place\n1\n", "names columns"),
        ("charger\n7\n", "charger 7"),
        ("charger\n1\n1\n", "has a car already"),
        ("charger,need_kwh\n1,lots\n", "need_kwh lots"),
        ("charger,car\n1,fast\n", "none of the car models"),
        ("charger,wiring\n1,l4\n", "wiring l4"),
        ("charger,phases,wiring\n1,3,l2\n", "needs so many"),
        ("charger,plugged\n1,noon\n", "noon"),
    ],
)
def test_a_bad_line_of_a_file_of_cars_is_told(tmp_path, text, told):
    file = tmp_path / "cars.csv"
    file.write_text(text)
    with pytest.raises(BadInput, match=told):
        group.simulate(replace(OPTIONS, cars=file, to="17:01"), lambda _: None, lambda *_: None)


def test_what_cars_may_draw_above_the_breaker_counts_once_a_cut_should_be_there():
    lines = ["H 0 10000 0 0", "C 0 0 C 16000 1 16000 16000 16000", "C 0 1 C 8000 1 8000 8000 8000"]
    found = score_of(*lines, "Z 500").figures()
    assert found["over_s"] == 0
    assert score_of(*lines, "Z 4000").figures()["over_s"] == 3.0


def test_what_a_car_draws_above_its_offer_is_its_own_reaction():
    score = score_of("H 0 10000 0 0", "C 0 0 C 6000 1 16000 16000 16000", "C 0 1 C 8000 1 8000 8000 8000", "Z 5000")
    assert score.figures()["over_s"] == 0
    assert score.figures()["load_over_a"] == 2.0


def test_the_wait_for_a_first_ampere_is_counted_from_the_plug():
    score = score_of("C 0 0 B 0 0 0 0 0", "C 0 1 C 6000 1 6000 6000 6000", "C 7000 0 C 6000 1 6000 6000 6000", "Z 9000")
    assert score.figures()["first_ampere_longest_s"] == 7.0


@pytest.mark.parametrize(
    ("three", "one", "free", "most"),
    [
        (32, [0, 0, 0], [30, 30, 30], 90),
        (32, [0, 0, 0], [30, 30, 6], 18),
        (16, [16, 0, 0], [20, 20, 20], 16 * 3 + 4),
        (0, [16, 16, 16], [10, 20, 30], 10 + 16 + 16),
        (32, [32, 0, 0], [32, 4, 4], 3 * 4 + 28),
    ],
)
def test_the_best_mix_of_cars_on_three_phases_and_on_one(three, one, free, most):
    assert best(three, one, free) == most


def test_nobody_could_give_a_car_more_than_it_takes_while_it_is_there():
    late = replace(CAR, plugged_ms=((1800000, 36000000),), need_mwh=20_000_000)
    score = Score(OPTIONS, [replace(CAR, need_mwh=2_000_000), late])
    score.take("Z 3600000")
    half_an_hour = 16 * 230 * 3 * 0.5 / 1000
    assert score.figures()["clairvoyant_kwh"] == pytest.approx(2 + half_an_hour, abs=0.01)


def test_jains_index():
    assert jain([1, 1, 1, 1]) == 1
    assert jain([1, 0, 0, 0]) == 0.25


def test_two_whole_firmwares_share_a_supply_and_the_report_has_a_lane_for_each(tmp_path):
    report, series = tmp_path / "out.html", tmp_path / "out.csv"
    options = replace(OPTIONS, to="17:02", report=report, series=series)
    done = group.run(options, lambda _: None, lambda *_: None)
    found = done.figures()
    assert found["mishaps"] == 0
    assert found["over_s"] == 0
    assert min(found["each_kwh"]) > 0.05
    assert "charger  2" in "\n".join(done.told())
    assert '"cars": [[' in report.read_text("utf-8")
    assert "the group leaves" in report.read_text("utf-8")
    assert series.read_text().splitlines()[0].endswith("group_l3_a,car1_a,car2_a")
