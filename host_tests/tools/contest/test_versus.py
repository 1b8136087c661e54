"""The contest: fair to everybody, the same for the same seed, and told as it is."""

import dataclasses
import html
import json
import os
import signal
import subprocess
import time

import pytest
from headroom_tools.common.errors import BadInput
from headroom_tools.contest import versus
from headroom_tools.contest.jobs import CLAIRVOYANT, House, Job, Outcome, work
from headroom_tools.contest.versus import Contest, compete, remarks
from headroom_tools.sim.options import Options
from headroom_tools.sim.scenario import Scenario
from headroom_tools.sim.scoring import score

STEADY = "t_s,l1_a\n0,5\n900,5\n"
#: a house that takes 17 A more every two minutes, for a minute
SEE_SAW = "t_s,l1_a\n" + "".join(f"{120 * n},3\n{120 * n + 60},20\n" for n in range(10))


def job(trace, law, own=(), series=False, house=None, **options):
    return Job(house or House(trace, None), law, own, Options(**{"plugged": "always", "seed": 1, **options}), series)


@pytest.fixture
def steady(trace_file):
    return trace_file(STEADY, "steady.csv")


@pytest.fixture
def see_saw(trace_file):
    return trace_file(SEE_SAW, "see-saw.csv")


@pytest.mark.parametrize("law", ["headroom", "openevse", "openevse-1s", "evcc", "evcc-fine"])
def test_on_a_steady_house_most_laws_give_nearly_all_and_harm_nobody(steady, law):
    outcome = work(job(steady, law))
    assert outcome.score.share > 0.9
    assert outcome.score.overload_s == 0
    assert outcome.trips == {"typical": 0, "slow": 0, "fastest": 0}


def test_on_a_steady_house_smartevse_is_over_only_until_its_set_point_is_drawn(steady):
    """It takes its set-point for the draw."""
    outcome = work(job(steady, "smartevse"))
    assert outcome.score.share > 0.9
    assert 0 < outcome.score.overload_s < 15
    assert outcome.trips["typical"] == 0


def test_on_a_steady_house_hass_stays_less_than_an_ampere_over_for_good(steady):
    """Its meters drop the fractions of an ampere."""
    score = work(job(steady, "hass")).score
    assert score.overload_s > 0.9 * score.duration_s
    assert score.overload_as < 1.2 * score.duration_s


def test_warp_gives_what_its_installers_setting_leaves(steady):
    small, large = (work(job(steady, law)).score for law in ("warp-10a", "warp"))
    assert small.share > large.share


def test_a_law_that_looks_every_half_minute_is_over_the_limit_for_longer_than_headroom(see_saw):
    ours, theirs = work(job(see_saw, "headroom")).score, work(job(see_saw, "evcc")).score
    assert ours.overload_longest_s < 10 < theirs.overload_longest_s
    assert theirs.overload_as > 3 * ours.overload_as


def test_a_fixed_current_trips_the_breaker_where_balancing_does_not(see_saw):
    assert work(job(see_saw, "fixed", breaker_a=20.0)).trips["typical"] > 0
    assert work(job(see_saw, "headroom", breaker_a=20.0)).trips["typical"] == 0


def test_the_clairvoyant_gets_exactly_what_was_possible_and_is_never_over(see_saw):
    outcome = work(job(see_saw, CLAIRVOYANT))
    assert outcome.score.share == 1
    assert outcome.score.overload_s == 0
    assert outcome.score.wait_longest_s == 0
    assert outcome.hot_openings == 0


def test_the_clairvoyant_is_the_scorers_own(scenario):
    from headroom_tools.sim.clairvoyant import records

    evening = scenario(plugged_ms=((60_000, 600_000), (700_000, 3_600_000)))
    rows = [(0, 3000, 0, 0), (50_000, 22_000, 0, 0), (120_500, 7000, 0, 0), (650_000, 1000, 0, 0)]
    assert score(records(rows, evening), evening).share == 1


def test_the_clairvoyant_stops_when_the_car_has_what_it_wants(scenario):
    from headroom_tools.sim.clairvoyant import records

    eight = scenario(volts=1000, need_mwh=8_000_000, car="taper", duration_ms=7_200_000, plugged_ms=((0, 7_200_000),))
    rows = [(0, 13_000, 0, 0), (1_000_000, 9000, 0, 0)]
    given = list(records(rows, eight))
    result = score(given, eight)
    assert result.share == 1
    assert result.energy_kwh == pytest.approx(8, abs=1e-5)
    assert [(now.from_ms, now.to_ms, now.car_ma[0]) for now in given] == [
        (0, 1_000_000, 12_000), (1_000_000, 2_050_000, 16_000), (2_050_000, 7_200_000, 0),
    ]  # fmt: skip
    full = scenario(car="full")
    assert score(records(rows, full), full).energy_kwh == 0


def test_the_clairvoyant_ends_with_the_run_whatever_the_trace_goes_on_to_tell(scenario):
    from headroom_tools.sim.clairvoyant import records

    evening = scenario(duration_ms=60_000, plugged_ms=((0, 60_000),))
    spans = [(now.from_ms, now.to_ms) for now in records([(0, 0, 0, 0), (70_000, 0, 0, 0), (80_000, 0, 0, 0)], evening)]
    assert spans == [(0, 60_000)]


def test_a_generated_day_is_run_around_the_time_the_car_is_there():
    outcome = work(job(None, "fixed", house=House(None, 3), plugged="18:00-18:30"))
    assert outcome.score.duration_s == 50 * 60
    assert outcome.start_ms == (17 * 60 + 50) * 60_000


def test_the_same_seed_gives_the_same_bytes_whatever_the_number_of_processes(headroom, tmp_path):
    written = []
    for jobs in (1, 2):
        out = tmp_path / f"{jobs}.json"
        page = tmp_path / f"{jobs}.html"
        status = headroom(
            "versus", "--days", 1, "--plugged", "18:00-18:10", "--jobs", jobs, "--json", out, "--report", page
        ).status
        assert status == 0
        written.append((out.read_bytes(), page.read_bytes()))
    assert written[0] == written[1]
    assert json.loads(written[0][0])["houses"] == ["day 0"]


def test_another_seed_makes_another_day():
    days = {house.day for seed in (0, 1) for house in Contest(days=2, seed=seed).houses()}
    assert len(days) == 4


def row(name, energy_kwh, trips=0):
    return versus.Row(
        name, energy_kwh, 10.0, {"typical": trips, "slow": 0, "fastest": trips}, 0, 1.0, 20.0, 3.0, 2.0, 1, 2, 0, 5.0
    )  # fmt: skip


def test_a_law_that_gives_more_is_told_with_what_it_costs():
    lines = remarks(
        [
            dataclasses.replace(row("Headroom", 9.0), trips={"typical": 0, "slow": 0, "fastest": 34}),
            row(versus.HEADROOM_FASTEST, 9.5),
            row("evcc", 9.9, 2),
            row("WARP", 5.0),
            row("clairvoyant", 10.0),
        ]
    )
    assert len(lines) == 1
    assert lines[0].startswith("evcc gives 10.0 % more: 2 trips on a typical breaker, 2 on the fastest legal one ")
    assert "(Headroom: 0 and 34; 0 when told of it by set breaker_curve fastest)" in lines[0]


@pytest.mark.parametrize(
    ("theirs", "why"),
    [
        ({"overload_as": 40.0, "closings": 9}, "by 2.0 times the overload"),
        ({"closings": 9, "pauses": 0}, "by 9 closings of the contactor instead of 2"),
        ({"pauses": 0, "wait_longest_s": 1.0}, "by 0 pauses instead of 1"),
        ({"wait_longest_s": 1.0}, "by waiting 1 s at most instead of 5"),
    ],
)
def test_what_gave_a_law_more_is_named(theirs, why):
    lines = remarks(
        [row("Headroom", 9.0), row(versus.HEADROOM_FASTEST, 8.0), dataclasses.replace(row("evcc", 9.9), **theirs)]
    )
    assert lines[0].startswith(f"evcc gives 10.0 % more, {why}: ")


@pytest.mark.parametrize(
    ("name", "trips", "of_the_clairvoyant", "tripped"),
    [
        ("Headroom", {"typical": 1}, {}, True),
        ("Headroom", {"slow": 1}, {}, True),
        ("Headroom", {"slow": 2}, {"slow": 2}, False),
        ("Headroom", {"slow": 2}, {"slow": 1, "typical": 9}, True),
        ("Headroom", {"fastest": 9}, {}, False),
        (versus.HEADROOM_FASTEST, {"fastest": 1}, {}, True),
        ("evcc", {"typical": 9, "slow": 9, "fastest": 9}, {}, False),
    ],
)
def test_a_trip_of_headrooms_on_the_breaker_it_was_told_of_is_an_error_unless_the_clairvoyant_has_it_too(
    scenario, name, trips, of_the_clairvoyant, tripped
):
    def run(house, of, with_trips):
        none = {"typical": 0, "slow": 0, "fastest": 0}
        return house, of, Outcome(score([], scenario()), none | with_trips, 0, 0, 0, [])

    one, other = House(None, 1), House(None, 2)
    runs = [
        run(one, name, trips),
        run(one, "clairvoyant", of_the_clairvoyant),
        run(other, name, {}),
        run(other, "clairvoyant", {"typical": 9, "slow": 9, "fastest": 9}),
    ]
    assert versus.Standings(Contest(), [versus.Supply(25.0, [], runs)]).headroom_tripped() == tripped


def test_every_law_of_the_issue_takes_part(steady):
    supply = compete(Contest(traces=(steady,), jobs=1, plugged="00:00-00:05"), lambda *_: None).supplies[0]
    names = [row.name for row in supply.rows]
    for name in (
        "Headroom",
        "SmartEVSE",
        "OpenEVSE",
        "hass-evse-load-balancer",
        "evcc",
        "WARP",
        "clairvoyant",
        "fixed",
    ):
        assert any(row.startswith(name) for row in names), name


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--days", "0"], "no house"),
        (["--days", "-1"], "--days -1"),
        (["--jobs", "-2"], "--jobs -2"),
        (["--car", "tank"], "sleeper"),
        (["--breaker-a", "3"], "--breaker-a 3"),
        (["--breaker-a", "20", "--breaker-a", "20"], "twice"),
        (["--car-phases", "3"], "--phases 3"),
        (["--plugged", "noon"], "--plugged noon"),
        (["--trace", "/nowhere.csv"], "/nowhere.csv"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_written(headroom, tmp_path, arguments, said):
    out = tmp_path / "out.json"
    outcome = headroom("versus", "--jobs", "1", *arguments, "--json", out)
    assert outcome.status == 2
    assert said in outcome.err
    assert outcome.err.startswith("headroom: ")
    assert outcome.err.count("\n") == (4 if "--trace" in arguments else 1)  # with a file that would do
    assert not out.exists()


def test_the_table_names_every_law_and_says_what_its_columns_are(headroom, steady):
    outcome = headroom("versus", "--trace", steady, "--jobs", "1", "--plugged", "00:00-00:05")
    assert outcome.status == 0
    for word in ("Headroom", "SmartEVSE", "evcc", "WARP", "share", "wait s", "fastest legal"):
        assert word in outcome.out


def test_beside_each_law_stands_which_code_was_read_its_meter_and_what_was_set(headroom, steady, tmp_path):
    page = tmp_path / "versus.html"
    said = headroom("versus", "--trace", steady, "--jobs", "1", "--plugged", "00:00-00:05", "--report", page).out
    for told in (" ".join(said.split()), " ".join(html.unescape(page.read_text()).split())):
        assert versus.LATENCY in told
        for of in versus.CONTESTANTS:
            for word in (of.name, of.told, of.source, of.meter):
                assert word in told, word


def test_a_setting_that_decides_a_row_is_a_setting_of_the_firmware_or_stands_in_the_laws_file():
    for of in versus.CONTESTANTS:
        for name, value in of.settings:
            assert f"set {name} {value}" in of.told


def test_the_page_is_whole_and_loads_nothing(headroom, steady, tmp_path):
    page = tmp_path / "versus.html"
    headroom("versus", "--trace", steady, "--jobs", "1", "--plugged", "00:00-00:05", "--report", page)
    text = page.read_text()
    own = text[: text.index("<script>")] + text[text.rindex("</script>", 0, text.index('id="data"')) :]
    assert "http://" not in own
    assert "https://" not in own
    assert own.count('class="ours"') == 3
    assert own.count("data-of=") == (own.count("<th>") - 1) * len(versus.CONTESTANTS), "a phone shows no headings"
    assert text.rstrip().endswith("</html>")


def test_a_scenario_knows_how_much_each_car_wants(scenario):
    assert scenario().wanted_mwh is None
    assert scenario(car="full").wanted_mwh == 0
    assert scenario(car="full", need_mwh=5000).wanted_mwh == 0
    assert scenario(need_mwh=5000).wanted_mwh == 5000
    assert isinstance(scenario(), Scenario)


def test_ctrl_c_ends_every_process_and_writes_nothing(headroom_process, tmp_path):
    workplace = tmp_path / "work"
    workplace.mkdir()
    page = tmp_path / "versus.html"
    running = headroom_process(
        "versus", "--days", "6", "--jobs", "2", "--report", page,
        env={**os.environ, "TMPDIR": str(workplace)}, start_new_session=True, stderr=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not list(workplace.glob("headroom-*/scenario.json")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert err == "headroom: stopped, nothing was written\n"
    assert out == ""
    assert list(workplace.glob("headroom-*")) == []
    assert not page.exists()


def law_row(name, kwh, overload_as):
    return versus.Row(name, kwh, 10.0, {}, 0, 0.0, overload_as, 0.0, 0.0, 0, 0, 0, 0.0)


def test_on_the_curve_is_who_gives_more_than_all_who_put_less_above_the_rating():
    rows = [
        law_row("late", 9.0, 50),
        law_row("worse", 8.0, 60),
        law_row("bold", 9.5, 900),
        law_row("clairvoyant", 10, 0),
    ]
    points = [(point.row.name, point.on_curve) for point in versus.curve(rows)]
    assert points == [("late", True), ("worse", False), ("bold", True)]


def test_an_evening_seen_at_one_second_is_two_hours_with_a_car_from_beginning_to_end():
    outcome = work(job(None, "headroom", house=House(None, 3, seconds=True), breaker_a=20.0))
    assert outcome.score.duration_s == 7200
    assert 0.5 < outcome.score.share < 1
    assert outcome.trips["typical"] == 0


def test_calm_is_of_evenings_seen_at_one_second():
    with pytest.raises(BadInput, match="add --seconds"):
        versus.refuse(Contest(calm=True))
    calm = Contest(seconds=True, calm=True, days=1).houses()[0]
    assert (calm.calm, calm.name) == (True, "calm evening 0")


@pytest.mark.parametrize(
    ("wrong", "told"), [({"days": 0}, "give --days N"), ({"days": 1, "plugged": "always"}, "--plugged")]
)
def test_evenings_take_nothing_without_effect(wrong, told):
    with pytest.raises(BadInput, match=told):
        versus.refuse(Contest(seconds=True, **wrong))
