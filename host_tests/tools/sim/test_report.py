"""The page to look at: whole, self-contained, bounded, and with no peak lost."""

import io
import json
import re
from dataclasses import replace
from html import unescape

import pytest
from headroom_tools.sim import report
from headroom_tools.sim.clocks import Clock, WallClock
from headroom_tools.sim.results import Headline, why_over
from headroom_tools.sim.scoring import Scorer
from headroom_tools.sim.stream import Change, Segment
from hypothesis import given
from hypothesis import strategies as st


def collected(scenario, records):
    scorer = Scorer(scenario, "typical")
    collector = report.Collector(scenario, scorer)
    for record in report.in_pieces(records):
        collector.take(record)
        scorer.take(record)
    return collector


def page(scenario, records, clock=None, why=""):
    about = report.About("A title", "A supply", "A footer", 64_800_000, clock or Clock(), why)
    file = io.StringIO()
    report.write(file, about, scenario, collected(scenario, records), [Headline("Energy", "3 kWh", "of 4")])
    return file.getvalue()


RECORDS = [
    Segment(0, 60_000, "B", 0, False, (5000, 0, 0), (0, 0, 0)),
    Change(60_000, 0, 16_000, "headroom back: <16 A & more>"),
    Segment(60_000, 120_000, "C", 16_000, True, (5000, 0, 0), (16_000, 0, 0)),
    Change(120_000, 16_000, 0, "rise on L1: 31.2 A > 25 A"),
    Segment(120_000, 180_000, "C", 0, True, (24_000, 0, 0), (0, 0, 0)),
]


def test_the_page_loads_nothing_from_anywhere(scenario):
    html = page(scenario(), RECORDS)
    own = html.replace(report.plotly_js(), "")
    assert len(own) < len(html) - 1_000_000
    assert re.findall(r"(?:src|href|url|import|fetch)\s*[=(]", own) == []
    assert "http" not in own


def test_nothing_can_end_the_scripts_early(scenario):
    html = page(scenario(), RECORDS)
    assert html.count("</script>") == html.count("<script") == 3


def test_every_change_is_in_the_table_with_its_reason_escaped(scenario):
    html = page(scenario(), RECORDS)
    assert "headroom back: &lt;16 A &amp; more&gt;" in html
    assert "<td>day 1, 18:01:00</td>" in html
    assert "2 changes." in html


def test_the_script_gets_what_happened(scenario):
    html = page(scenario(), RECORDS)
    data = json.loads(re.search(r'id="data">(.*?)</script>', html, re.DOTALL)[1])
    assert data["zero_ms"] == 64_800_000
    assert data["dated"] is False
    assert data["limit_ma"] == 25_000
    assert data["t"][0] == 0
    assert data["t"][-1] == 180_000
    assert max(data["car"][0]) == 16_000
    assert max(data["offered"]) == 16_000
    assert [mark[:3] for mark in data["marks"]] == [[60_000, 0, 16_000], [120_000, 16_000, 0]]
    assert len(data["t"]) == len(data["heat"]) == len(data["house"][0])


def test_times_are_the_wall_clocks_where_the_trace_has_them(scenario):
    clock = WallClock()
    clock.read("2026-01-15T00:00:00+02:00")
    html = page(scenario(), RECORDS, clock)
    assert "<td>Thu 01 Jan, 20:01:00</td>" in html


def test_the_same_run_gives_the_same_bytes(scenario):
    assert page(scenario(), RECORDS) == page(scenario(), RECORDS)


def test_three_phases_have_their_columns(scenario):
    three = scenario(phases=3, car_phases=3)
    records = [Segment(0, 1000, "C", 16_000, True, (1000, 2000, 3000), (16_000, 16_000, 16_000))]
    data = json.loads(re.search(r'id="data">(.*?)</script>', page(three, records), re.DOTALL)[1])
    assert [column[0] for column in data["house"]] == [1000, 2000, 3000]
    assert [column[0] for column in data["car"]] == [16_000] * 3


def test_of_too_many_changes_pauses_and_the_largest_stay_and_the_rest_is_counted(scenario, monkeypatch):
    monkeypatch.setattr(report, "MAX_TABLE", 3)
    changes = [Change(t, 10_000, 10_000 + 1000 * t, f"small {t}") for t in range(1, 10)]
    pause = Change(20, 6000, 0, "a pause")
    html = page(scenario(), [*RECORDS[:1], *changes, pause])
    assert re.findall(r"small \d|a pause", html.split('id="data"')[0].split("<tbody>")[1]) == [
        "small 8",
        "small 9",
        "a pause",
    ]
    assert "The 3 largest; 7 smaller changes are left out." in html


@pytest.mark.parametrize(
    ("longest_s", "trips", "said", "not_said"),
    [
        (
            4.2,
            0,
            "Up to 44 A on a 25 A supply, 4.2 s at a stretch: a car may take five seconds to follow",
            "at its minimum",
        ),
        (
            4.2,
            0,
            "the house does not wait for it. A breaker bears that: this one came to 61 % of what trips it.",
            "tripped",
        ),
        (300.0, 0, "longer than that is the house's next step, or a car at its minimum", "tripped"),
        (300.0, 2, "longer than that is the house's next step", "bears"),
    ],
)
def test_why_the_supply_was_over_its_rating_stands_in_a_sentence(scenario, longest_s, trips, said, not_said):
    score = replace(
        Scorer(scenario(), "typical").score(),
        overload_a=19.1, overload_longest_s=longest_s, breaker_heat_peak=0.61, trips=trips,
    )  # fmt: skip
    why = why_over(score, 25.0)
    assert said in why
    assert not_said not in why
    assert why in unescape(page(scenario(), RECORDS, why=why))
    assert why_over(replace(score, overload_a=0.0), 25.0) == ""


def test_trips_are_marked(scenario):
    records = [Segment(0, 60_000, "C", 32_000, True, (25_000, 0, 0), (32_000, 0, 0))]
    data = json.loads(re.search(r'id="data">(.*?)</script>', page(scenario(), records), re.DOTALL)[1])
    assert len(data["trips"]) > 1


def test_long_segments_are_cut_so_that_the_heat_between_is_seen():
    pieces = list(report.in_pieces([Segment(0, 25_000, "A", 0, False, (1, 0, 0), (0, 0, 0))]))
    assert [(piece.from_ms, piece.to_ms) for piece in pieces] == [(0, 10_000), (10_000, 20_000), (20_000, 25_000)]


@given(st.lists(st.tuples(st.integers(1, 5000), st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=400))
def test_thinning_keeps_every_peak_the_order_and_the_limit(steps):
    limit = 5
    thinned = report.Thinned(limit)
    t_ms, points = 0, []
    for step_ms, first, second in steps:
        t_ms += step_ms
        points.append((t_ms, first, second))
        thinned.add(points[-1])
    kept = thinned.all()
    assert set(kept) <= set(points)
    assert kept == sorted(kept)
    assert len(kept) <= limit
    for figure in (1, 2):
        assert min(point[figure] for point in kept) == min(point[figure] for point in points)
        assert max(point[figure] for point in kept) == max(point[figure] for point in points)


def test_few_points_are_all_kept():
    thinned = report.Thinned(10)
    for t_ms in range(10):
        thinned.add((t_ms, t_ms % 3))
    assert thinned.all() == [(t_ms, t_ms % 3) for t_ms in range(10)]


@pytest.mark.parametrize(
    "figure", ["zero_ms", "dated", "limit_ma", "car_ma", "t", "house", "car", "offered", "heat", "marks", "trips"]
)
def test_the_page_uses_every_figure_it_is_given(scenario, figure):
    script = page(scenario(), RECORDS).rsplit("<script>", 1)[1]
    assert re.search(rf"\brun\.{figure}\b", script)


def test_a_change_that_the_report_does_not_show_is_none(scenario):
    records = [
        Segment(0, 60_000, "C", 13_460, True, (0, 0, 0), (13_000, 0, 0)),
        Change(60_000, 13_460, 13_540, "headroom back"),
        Segment(60_000, 120_000, "C", 13_540, True, (0, 0, 0), (13_000, 0, 0)),
        Change(120_000, 13_540, 13_640, "headroom back again"),
    ]
    html = page(scenario(), records)
    assert "1 changes." in html
    assert '<td class="number">13.5 A</td><td class="number up">13.6 A</td><td>headroom back again</td>' in html
