"""What an operator sees: PASS or FAIL, values on their limits, what failed and what to look at, the label."""

import html
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from headroom_tools.jig import label, page, sheet
from headroom_tools.jig.figure import bar
from headroom_tools.jig.serials import Label, scanned


def measured(value, outcome, low=11400, high=12600):
    return {
        "name": "pilot_high", "value": value, "unit": "mV", "low": low, "high": high,
        "marginal_low": low and low + 120, "marginal_high": high and high - 120, "outcome": outcome,
        "instrument": "meter <1>", "calibrated_until": "2027-05-31", "allowed": "11 400 to 12 600 mV",
    }  # fmt: skip


def line(outcome, *steps):
    return {
        "serial": "HR-000123", "outcome": outcome, "board": "reference", "hardware": "1", "firmware": "headroom 0.1.0",
        "chip": "240ac4000001", "station": "bench", "began": "2026-11-29T08:00:00", "ended": "2026-11-29T08:01:20",
        "whole": True, "said": "", "warnings": [], "steps": list(steps),
    }  # fmt: skip


FAILED = {
    "code": 230, "title": "Pilot at +12 V", "outcome": "fail", "seconds": 0.5, "said": "measured <11 000>", "cause": "the driver",
    "look": "+12 V rail", "measurements": [measured(11000, "fail")],
}  # fmt: skip


@pytest.mark.parametrize(("outcome", "word"), [("pass", "PASS"), ("fail", "FAIL"), ("not tested", "NOT TESTED")])
def test_the_outcome_is_the_largest_thing_on_the_page(outcome, word):
    text = page.board_page(line(outcome))
    assert f"<h1>{word}</h1>" in text
    size = int(re.search(r"h1 \{ font-size: (\d+)vw", text)[1])
    assert size * len(word) * 0.7 > 60, "of the screen's width"


def test_a_test_of_some_steps_looks_otherwise_than_a_pass():
    text = page.board_page(line("pass", FAILED | {"outcome": "pass"}) | {"whole": False})
    assert "<h1>STEPS PASS</h1>" in text
    assert '<header class="pass">' not in text
    assert "before it leaves, the board is tested whole" in text
    assert "<h1>STEPS FAIL</h1>" in page.board_page(line("fail", FAILED) | {"whole": False})


def test_the_work_sheet_has_every_step_and_what_an_operator_does_at_this_station():
    text = html.unescape(sheet.page("/dev/ttyUSB0", "left.ini"))
    for step, done in sheet.rows():
        assert f"<td>{step.code}</td>" in text
        assert done.replace("`", "") in text
    for when, _ in sheet.OPERATOR:
        assert when in text
    assert "headroom jig --port /dev/ttyUSB0 --station left.ini --boards 0" in text
    for word in page.WORDS.values():
        assert word in text, "what the screen may say"


def test_what_failed_is_told_with_measured_allowed_cause_and_where_to_look():
    text = page.board_page(line("fail", FAILED))
    for said in ("230 Pilot at +12 V", "measured &lt;11 000&gt;", "likely cause: the driver", "look at: +12 V rail"):
        assert said in text
    assert "meter &lt;1&gt;, until 2027-05-31" in text


def test_marginal_values_and_instruments_near_their_date_are_told():
    step = FAILED | {"outcome": "marginal", "measurements": [measured(12590, "marginal")]}
    text = page.board_page(line("pass", step) | {"warnings": ["meter: its calibration ends in 12 days"]})
    assert "Marginal: pilot_high" in text
    assert "its calibration ends in 12 days" in text


def test_the_stations_screen_looks_again_by_itself():
    assert 'http-equiv="refresh" content="2"' in page.board_page(line("pass"), 2)
    assert "refresh" not in page.board_page(line("pass"))


def mark(svg):
    return float(re.search(r'd="M ([\d.]+) 5', svg)[1])


def lines(svg):
    return [float(x) for x in re.findall(r'<line x1="([\d.]+)"', svg)]


def test_a_value_stands_where_it_is_between_its_limits():
    low, high = lines(bar(measured(12000, "pass")))
    assert mark(bar(measured(12000, "pass"))) == pytest.approx((low + high) / 2)
    assert mark(bar(measured(11000, "fail"))) < low
    assert mark(bar(measured(14000, "fail"))) > high
    assert low < mark(bar(measured(11450, "marginal"))) < (low + high) / 2


@pytest.mark.parametrize("value", [0, 80, 100, 120, 5000, None])
def test_a_limit_on_one_side_leaves_the_other_end_open(value):
    svg = bar(measured(value, "pass", low=None, high=100))
    ET.fromstring(svg)
    assert len(lines(svg)) == 1
    if value is not None:
        assert (mark(svg) > lines(svg)[0]) == (value > 100)


def test_the_label_holds_what_a_scanner_reads():
    import segno

    wanted = Label("reference", "2", "HR-000123", "2026-11")
    svg = label.svg(wanted, "0.1.0")
    root = ET.fromstring(svg)
    assert scanned(root.findtext("{*}title")) == wanted
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", svg)}
    matrix = segno.make_qr(wanted.text(), error="m").matrix
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, bit in enumerate(row) if bit}
    for said in ("HR-000123", "reference", "built 2026-11"):
        assert said in svg


def test_a_page_that_cannot_be_written_is_told(tmp_path):
    from headroom_tools.common.errors import BadInput

    with pytest.raises(BadInput, match="no such directory"):
        page.write(Path(tmp_path / "none" / "page.html"), "text")
    with pytest.raises(BadInput, match="--out /dev/full: the disk is full: make room"):
        page.write(Path("/dev/full"), "text")
