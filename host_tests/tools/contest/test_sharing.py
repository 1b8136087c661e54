"""`headroom versus --group` as a person calls it."""

import importlib.util
import json
from pathlib import Path

import pytest
from headroom_tools.common.errors import BadInput
from headroom_tools.contest import sharing
from headroom_tools.contest.sharing import Session, Task, refuse
from headroom_tools.contest.versus import Contest

HOUSE = "time,l1_a,l2_a,l3_a\n18:00,1,1,1\n18:12,1,1,1\n"
CARS = "charger,plugged,need_kwh,car_a,phases\n1,18:00-19:00,50,16,3\n2,18:01-19:00,50,16,3\n"
LAWS = 14
SCHEDULERS = 4


@pytest.fixture
def contest(tmp_path):
    (tmp_path / "house.csv").write_text(HOUSE)
    (tmp_path / "cars.csv").write_text(CARS)
    return {
        "group": True,
        "chargers": 2,
        "traces": (tmp_path / "house.csv",),
        "cars": tmp_path / "cars.csv",
        "breakers_a": (21.0,),
        "jobs": 1,
    }


def test_the_table_has_every_law_and_says_what_is_not_run(headroom, contest, tmp_path):
    report = tmp_path / "out.html"
    words = ["versus", "--group", "--chargers", "2", "--trace", contest["traces"][0], "--cars", contest["cars"]]
    done = headroom(*words, "--breaker-a", "21", "--jobs", "1", "--report", report)
    assert done.status == 0, done.err
    installed = importlib.util.find_spec("acnportal") is not None
    for heading in ("unmet kWh", "Jain", "changes", "SmartEVSE power sharing", "Headroom, need by time"):
        assert heading in done.out
    assert ("Not run, for acnportal is not installed: round robin" in done.out) == (not installed)
    assert installed or ".venv/bin/pip install" in done.out
    page = report.read_text()
    assert page.count("<tr") == 1 + LAWS - (0 if installed else SCHEDULERS)
    assert "http" not in page.replace("http://www.w3.org", "").split("<script>")[0]


def test_the_same_seed_gives_the_same_figures_whatever_the_number_of_processes(contest):
    one, two = (
        json.dumps(sharing.compete(Contest(**{**contest, "jobs": jobs}), print, quiet).figures()) for jobs in (1, 2)
    )
    assert one == two


def quiet(_done, _of, _what):
    pass


def test_what_was_not_had_is_unmet_and_what_each_got_makes_the_fairness():
    sessions = (
        Session(0, 0, 600_000, 1_000_000, 16000, (0,)),
        Session(1, 300_000, 600_000, 1_000_000, 16000, (0,)),
    )
    row = sharing.work(Task("evcc", 16.0, 2, sessions, (), 600_000, 0, False))
    asked = 600 * 16 * 230 / 3.6e6, 300 * 16 * 230 / 3.6e6
    assert row.need_kwh == pytest.approx(sum(asked), abs=0.001)
    assert row.possible_kwh == pytest.approx(asked[0])  # one phase of 16 A for ten minutes
    assert row.least == 0
    assert row.jain == pytest.approx(0.5)
    assert row.unmet == 2  # the first began some seconds late
    assert row.wait_longest_s == 300
    assert row.energy_kwh == pytest.approx(asked[0], rel=0.02)


def test_what_the_house_leaves_is_what_was_possible():
    sessions = (Session(0, 0, 600_000, None, 16000, (0, 1, 2)), Session(1, 0, 600_000, None, 16000, (1,)))
    rows = ((0, 0, 0, 0), (300_000, 20_000, 0, 0))
    task = Task("evcc", 20.0, 2, sessions, rows, 600_000, 0, False)
    first, second = 16_000 * 3 + 4_000, 16_000
    assert sharing.possible(task) == 300_000 * (first + second)


def test_generated_sessions_come_each_day_and_to_each_charger():
    house, rows = sharing.house_of(Contest(group=True, days=2), print)
    made = list(sharing.made(8, 0, house))
    assert rows == ()
    assert {session.place for session in made} == set(range(8))
    assert all(0 <= session.from_ms < session.to_ms <= house.duration_ms for session in made)
    assert len(made) == 16
    assert made == list(sharing.made(8, 0, house))
    assert made != list(sharing.made(8, 1, house))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"chargers": 1}, "--chargers 1: a group has 2 to 32"),
        ({"chargers": 33}, "--chargers 33: a group has 2 to 32"),
        ({"car": "taper"}, "--car does not go with --group"),
        ({"seconds": True}, "--seconds does not go with --group"),
        ({"days": 0}, "--days 0: give 1 or more"),
        ({"breakers_a": (20.0, 20.0)}, "names a supply twice"),
        ({"traces": (Path("a.csv"), Path("b.csv"))}, "--group takes one --trace"),
        ({"jobs": -1}, "--jobs -1"),
    ],
)
def test_what_cannot_be_is_refused(given, said):
    with pytest.raises(BadInput, match=said):
        refuse(Contest(group=True, **given))


def test_cars_and_chargers_are_of_a_group(headroom):
    done = headroom("versus", "--chargers", "3")
    assert done.status == 2
    assert done.err == "headroom: --chargers is of a contest of sharing: add --group\n"


def test_smartevse_shares_among_eight_and_that_is_said():
    standing = sharing.Standing(Contest(), 9, (), 0, (), (), ("SmartEVSE power sharing",))
    assert standing.notes() == ["Not run, for they share among fewer chargers: SmartEVSE power sharing"]
    assert sharing.sharing.kind("smartevse").most == 8
