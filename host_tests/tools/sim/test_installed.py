"""What the firmware can be set to and wired as, a run can: by the console's own words and checks, and bad input is one line."""

import dataclasses
import json

import pytest
from bench.table import DEFAULTS
from headroom_tools.common.knobs import knobs, option_of
from headroom_tools.contest.campaign import Campaign
from headroom_tools.contest.jobs import House
from headroom_tools.contest.versus import Contest
from headroom_tools.sim import clairvoyant
from headroom_tools.sim.installed import Installed
from headroom_tools.sim.options import Options
from headroom_tools.sim.scenario import Scenario
from headroom_tools.sim.scoring import Scorer
from hypothesis import given
from hypothesis import strategies as st

#: on three phases, and a house that steps so that one phase is fuller than another
HOUSE = "t_s,l1_a,l2_a,l3_a\n0,2,10,4\n1200,2,10,4\n"


@pytest.fixture
def house(trace_file):
    return trace_file(HOUSE)


@pytest.fixture
def energy(headroom, house):
    """Returns a function that runs the house with these options, and returns the kWh that the car got."""

    def run(*arguments):
        outcome = headroom("sim", "--trace", house, "--phases", "3", "--json", "-", *arguments)
        assert outcome.status == 0, outcome.err
        return json.loads(outcome.out)["energy_kwh"]

    return run


def test_what_a_run_can_be_told_stands_in_one_table_and_the_bench_knows_all_of_it():
    named = {each.name for each in dataclasses.fields(Scenario)}
    assert named <= set(DEFAULTS)
    assert {knob.key for knob, _, _ in knobs(Options).values() if knob.key} <= named


def test_a_setting_is_set_as_on_the_console(energy):
    assert energy("--set", "household_ma=8A") == pytest.approx(energy() * 8 / 23, rel=0.05)
    assert energy("--set", "breaker_ma=12A", "--set", "tolerance_pct=0") == pytest.approx(energy() * 10 / 23, rel=0.05)


def test_a_settings_file_is_run_line_by_line_on_the_console(energy, tmp_path):
    mine = tmp_path / "mine.txt"
    mine.write_text("# the household's\n\nset household_ma 8A\nsave\nmode slow\n")
    assert energy("--settings", mine) == pytest.approx(energy() * 6 / 23, rel=0.05)
    mine.write_text("set household_ma 8A\nsave\nmode slow\nboost\n")
    assert energy("--settings", mine) == pytest.approx(energy(), rel=0.01)


def test_the_car_draws_on_the_phases_that_it_is_wired_to(energy):
    assert energy("--wiring", "l2") == pytest.approx(energy() * 15 / 23, rel=0.05)
    assert energy("--wiring", "l3l1l2") == pytest.approx(energy() * 21 / 23, rel=0.05)


def test_between_two_lines_of_an_it_grid_currents_add_as_vectors(energy):
    """25 A with 10 A of house at 30 degrees leaves 15.84 A, at 230 V between lines of 133 V to neutral, for 40 minutes."""
    kwh = energy("--wiring", "l1-l2", "--volts", "133", "--set", "mains_v=133")
    assert kwh == pytest.approx(15.84 * 133 * 3**0.5 / 1000 * 2 / 3, rel=0.08)


def test_a_weak_line_costs_energy_where_the_board_sees_it(energy):
    strong = energy("--board", "metered")
    assert energy("--board", "metered", "--line-ohm", "1.2") < strong * 0.9


def test_the_clock_is_told(headroom, trace_file, tmp_path):
    """A quarter's budget by the meter's own clock: what was saved before the car came may be spent within the same quarter."""
    path = trace_file("time,l1_a\n2026-01-15T18:00:00,2\n2026-01-15T18:15:00,2\n")
    said = {}
    for clock in ((), ("--clock", "trace"), ("--clock", "2026-01-15 18:01")):
        outcome = headroom(
            "sim", "--trace", path, "--plugged", "18:07-18:15", "--set", "cap_w=3kW", "--json", "-", *clock
        )
        said[clock[1:]] = json.loads(outcome.out)["energy_kwh"]
    assert said[()] < said[("trace",)]
    assert said[("trace",)] < said[("2026-01-15 18:01",)] * 1.2
    as_the_console_takes_it = headroom("sim", "--trace", path, "--clock", "2026-01-15T18:01", "--json", "-")
    assert as_the_console_takes_it.status == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--set", "breaker_ma"],
         "--set 'breaker_ma': give NAME=VALUE, such as breaker_ma=25A; headroom settings lists the names"),
        (["--set", "braker_ma=25A"], "--set braker_ma=25A: no setting 'braker_ma': breaker_ma? help settings lists them"),
        (["--set", "breaker_ma=300A"], "--set breaker_ma=300A: breaker_ma: 300 A is outside 6 A to 63 A on this board"),
        (["--set", "household_ma=7A", "--set", "min_ma=8A"],
         "--set: household_ma 7 A is below min_ma 8 A: the car could never charge"),
        (["--set", "exports=yes"],
         "--set exports=yes: exports: this board measures no voltage, so it takes what flows out for load; "
         "where panels cancel the load, set idle_ma 0"),
        (["--board", "balcony"], "no board 'balcony' in boards/: there is metered, minimal, reference, socket"),
        (["--board", "minimal", "--phases", "3"], "--board minimal sees 1 phase, and --phases is 3: choose another board"),
        (["--wiring", "l4"], "--wiring l4: give straight, or phases in the charger's order, such as l2l3l1, l2 or l1-l2"),
        (["--wiring", "l2"], "--wiring l2 needs three phases: a supply (--phases 3) and a board (--board) that have them"),
        (["--line-ohm", "1"], "--line-ohm has no effect on board reference, which measures no voltage: add --board metered"),
        (["--board", "metered", "--line-ohm", "6"], "--line-ohm 6 is out of range: give 0 to 5 ohm"),
        (["--clock", "noon"], "--clock noon: give trace, or a time such as '2026-01-15 18:30'"),
        (["--settings", "nowhere.txt"], "--settings nowhere.txt: No such file or directory"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_one_line(headroom, arguments, told):
    outcome = headroom("sim", *arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.replace("../", "").endswith(f"headroom: {told}\n")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("set household_ma 8A\n", ": household_ma is set and not saved, so not in force: end with a line save"),
        ("mode slow\nreboot now\n", ":2: reboot would end the run: leave it out"),
        ("sleep\n", ":1: no command 'sleep': help lists them"),
        ("\n# nothing\n", ": no line in it: write the console's, such as set breaker_ma 25A, and save"),
    ],
)
def test_a_settings_file_that_does_not_do_is_refused_in_one_line_with_its_place(headroom, tmp_path, lines, told):
    mine = tmp_path / "mine.txt"
    mine.write_text(lines)
    outcome = headroom("sim", "--settings", mine)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.replace("--settings ", "") == f"headroom: {mine}{told}\n"


def test_whatever_a_charger_can_be_built_as_and_told_each_command_takes():
    installed = {option_of(name, knob) for name, (knob, _, _) in knobs(Installed).items()}
    assert installed >= {
        "--set",
        "--settings",
        "--board",
        "--wiring",
        "--line-ohm",
        "--clock",
        "--solar",
        "--volts",
        "--hz",
    }
    for kind in (Options, Contest, Campaign):
        assert knobs(kind).keys() >= knobs(Installed).keys()


def test_every_run_of_a_contest_gets_all_of_it():
    given = {
        "board": "metered", "wiring": "l2l3l1", "line_ohm": 0.9, "volts": 133, "hz": 60, "solar": "6", "sky": "clear",
        "set_": ("exports=yes",), "clock": "trace", "settings": None,
    }  # fmt: skip
    assert given.keys() == knobs(Installed).keys()
    runs = [Contest(**given).job(House(None, 1), 25.0, "evcc", (), False), Campaign(**given).all_jobs()[0]]
    for run in runs:
        assert {name: getattr(run.options, name) for name in given} == given


def test_a_campaign_with_a_wiring_has_three_phases_and_one_with_a_board_of_one_clamp_has_one():
    assert {job.options.phases for job in Campaign(days=9, wiring="l2l3l1").all_jobs()} == {3}
    assert {job.options.phases for job in Campaign(days=9, board="minimal").all_jobs()} == {1}
    assert {job.options.phases for job in Campaign(days=9).all_jobs()} == {1, 3}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["campaign", "--wiring", "l2", "--board", "minimal"],
         "--wiring l2 needs three phases: a supply (--phases 3) and a board (--board) that have them"),
        (["campaign", "--solar", "FILE"], "--solar FILE: generated days have no date: give the panels' kWp, such as 6"),
        (["versus", "--solar", "FILE"], "--solar FILE: generated days have no date: give the panels' kWp, such as 6"),
        (["campaign", "--solar", "200"], "--solar 200 is out of range: give above 0 to 100 kWp"),
        (["campaign", "--volts", "20"], "--volts 20 is out of range: give 100 to 300 V"),
        (["campaign", "--any-setting", "--solar", "5"],
         "--any-setting draws boards, wirings and settings: leave out --solar"),
    ],
)  # fmt: skip
def test_what_a_contest_cannot_be_is_refused_in_one_line(headroom, trace_file, arguments, told):
    roof = str(trace_file("time,l1_w\n2026-01-15T12:00:00,3000\n"))
    outcome = headroom(*[roof if word == "FILE" else word for word in arguments])
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == f"headroom: {told.replace('FILE', roof)}\n"


SIGNED = "t_s,l1_a\n0,-4\n60,-4\n"
BLIND = (
    "what is fed in looks like load to board reference, which measures no voltage: --board metered --set exports=yes"
)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), BLIND),
        (("--board", "metered"), "the house feeds in and the charger was not told"),
        (("--board", "metered", "--set", "exports=yes"), None),
    ],
)
def test_a_house_that_feeds_in_is_named_where_the_charger_does_not_know_it(headroom, trace_file, arguments, told):
    said = headroom("sim", "--trace", trace_file(SIGNED), *arguments).err
    assert said.count("feeds in") + said.count("fed in") == (1 if told else 0)
    assert told is None or told in said


def test_a_contest_says_so_too(headroom, trace_file):
    assert BLIND in headroom("versus", "--trace", trace_file(SIGNED), "--breaker-a", "16").err
    assert BLIND in headroom("campaign", "--days", "1", "--solar", "5").err


def test_a_group_says_what_it_understood_of_a_trace_too(headroom, trace_file):
    said = headroom("sim", "--chargers", "2", "--trace", trace_file("t_s,l1_a\n0,4\n60,4\n"), "--breaker-a", "25").err
    assert "columns l1_a, A; 1 min from day 1" in said


@pytest.mark.parametrize("command", [["versus", "--days", "1"], ["campaign", "--days", "1"]])
def test_the_contests_take_them_too(headroom, command):
    outcome = headroom(*command, "--set", "breaker_ma=300A")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == "headroom: --set breaker_ma=300A: breaker_ma: 300 A is outside 6 A to 63 A on this board\n"


@given(st.integers(-20000, 30000), st.integers(6000, 40000))
def test_what_is_free_between_two_lines_fills_the_breaker_and_no_more(house_ma, breaker_ma):
    run = Scenario(
        breaker_ma=breaker_ma, phases=3, volts=133, hz=50, car_ma=32000, car_phases=1, plugged_ms=(), need_mwh=None,
        duration_ms=1, seed=0, fidelity="rms", wiring=(0, 1, 2), between=True,
    )  # fmt: skip
    free_ma = run.free_ma((house_ma, 0, 0))
    if free_ma > 0:
        load_ma = (house_ma**2 + free_ma**2 + 2 * house_ma * free_ma * 0.866) ** 0.5
        assert load_ma == pytest.approx(breaker_ma, abs=5) or free_ma == breaker_ma
    else:
        assert abs(house_ma) >= breaker_ma


def test_between_two_lines_the_clairvoyant_fills_the_breaker_and_is_never_over():
    run = Scenario(
        breaker_ma=25000, phases=3, volts=133, hz=50, car_ma=32000, car_phases=1, plugged_ms=((0, 60000),), need_mwh=None,
        duration_ms=60000, seed=0, fidelity="rms", wiring=(0, 1, 2), between=True,
    )  # fmt: skip
    scorer = Scorer(run, "typical")
    for each in clairvoyant.records([(0, 9000, 4000, 0)], run):
        assert max(house + car for house, car in zip(each.house_ma, each.car_ma, strict=True)) == pytest.approx(
            25000, abs=5
        )
        scorer.take(each)
    assert scorer.score().overload_s == 0
    assert scorer.score().share == pytest.approx(1.0)
