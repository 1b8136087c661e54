"""The drawings beside the modules are those that the code makes, can be read, and tell what the code does."""

import itertools
import re
from importlib import import_module
from random import Random
from xml.etree import ElementTree

import pytest
from bench import host
from headroom_tools.common.errors import SimulatorFailed
from headroom_tools.common.places import ROOT
from headroom_tools.drawings import drawings, fallback, resume, session, sheet, store, tick
from matplotlib.font_manager import FontProperties, findfont, get_font

SVG = "{http://www.w3.org/2000/svg}"
PATHS = [f"firmware/headroom/{module}.svg" for module in drawings.DRAWINGS.values()]


@pytest.fixture
def firmware():
    host.load()


def width_of(words, size, bold):
    """In px, in the first font that the drawings ask for: matplotlib carries it."""
    font = get_font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")))
    font.set_size(size, 72)
    font.set_text(words)
    return font.get_width_height()[0] / 64


def texts(path):
    """(words, left, top, right, bottom) of every text of a drawing in the repo."""
    for text in ElementTree.fromstring((ROOT / path).read_text("utf-8")).iter(f"{SVG}text"):
        size, words = int(text.get("font-size")), text.text
        width = width_of(words, size, text.get("font-weight"))
        left = float(text.get("x")) - width * {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor")]
        baseline = float(text.get("y"))
        yield words, left, baseline - 0.75 * size, left + width, baseline + 0.15 * size


def test_the_drawings_in_the_repo_are_fresh():
    stale = [path for path, svg in drawings.drawn() if (ROOT / path).read_text("utf-8") != svg]
    assert stale == [], "run make drawings, and look at them"


def test_each_drawing_is_named_in_its_module_and_shown_on_a_page():
    pages = "".join(page.read_text("utf-8") for page in (ROOT / "tools" / "readme").glob("*.md"))
    for path in PATHS:
        module = (ROOT / path).with_suffix(".py").read_text("utf-8")
        assert path.rsplit("/", 1)[1] in module.split('"""')[1], path
        assert f"(../../{path})" in pages, path


def test_there_is_no_drawing_that_nobody_makes():
    found = {path.relative_to(ROOT).as_posix() for path in (ROOT / "firmware").rglob("*.svg")}
    assert found == set(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_no_text_lies_on_another_nor_leaves_the_sheet_nor_is_too_small_for_a_phone(path):
    boxes = list(texts(path))
    over = [
        (a[0], b[0])
        for a, b in itertools.combinations(boxes, 2)
        if a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]
    ]
    assert over == []
    assert [words for words, left, _, right, _ in boxes if left < 0 or right > sheet.WIDTH] == []
    sizes = {int(size) for size in re.findall(r'font-size="(\d+)"', (ROOT / path).read_text("utf-8"))}
    assert min(sizes) * 400 / sheet.WIDTH >= 10


def test_the_sessions_arrows_are_the_ways_that_the_session_goes(firmware):
    at, faults = import_module("headroom.guard.session"), import_module("headroom.guard.faults")
    pilot, records = import_module("headroom.guard.pilot"), import_module("headroom.terms.records")
    one = at.Session(records.Limits())
    verdict, random = records.Verdict(), Random(1)
    gone = set()
    for _ in range(60000):
        usual = random.random() < 0.5
        state = random.choice((pilot.B, pilot.C) if usual else (pilot.A, pilot.E, pilot.F, pilot.UNKNOWN))
        severity = random.choices((0, faults.NOW, faults.GRACEFULLY), (12, 1, 1))[0]
        offer_ma, may = random.choice((0, 16000, 16000)), random.random() < 0.9
        for _ in range(random.choice((1, 3, 300))):
            before = at.NAMES[one.state]
            one.step(random.choice((25, 200)), state, False, offer_ma, severity, may, may, verdict)
            gone.add((before, at.NAMES[one.state]))
            severity = 0
    ways = {(a, b) for a, b in gone if a != b}
    drawn = set(session.ARROWS) | {(a, b) for a in session.PLACES for b in session.FROM_ALL if a != b}
    assert ways == drawn
    assert {name for name, look in session.LOOKS.items() if look == "teal"} == {"charging", "stopping"}


def test_the_fallbacks_curve_is_that_of_the_trust_with_the_settings_as_they_come(firmware):
    frozen = import_module("headroom.terms.meter_faults").FROZEN
    told = dict(fallback.ceilings(frozen, 80000, 120000))
    assert told[-1000] == told[3000] == 16000
    assert told[6000] == told[60000] == 6000
    assert told[66000] == told[89000] == 0
    assert 0 < told[95000] < 16000


def test_a_changed_constant_changes_the_wait_that_is_drawn(firmware, monkeypatch):
    assert resume.wait_ms(2000, 1) == 59000
    monkeypatch.setattr(import_module("headroom.law.dwell"), "RESUME_MARGIN_MA", 2100)
    assert resume.wait_ms(2000, 1) == 20 * 60000


def test_a_cut_after_any_step_but_the_last_leaves_the_older_value(firmware):
    assert [(step, read) for step, _, read in store.steps()] == [
        ("CREATE", "old"),
        ("WRITE", "old"),
        ("CLOSE", "new"),
    ]


def test_what_the_tick_calls_has_its_row_or_is_refused(monkeypatch):
    assert tick.calls()[0] == "scan.read"
    assert tick.calls()[-1] == "watchdog.feed"
    monkeypatch.delitem(tick.CALLS, "guard.judge")
    with pytest.raises(SimulatorFailed, match=re.escape("guard.judge: give it a row in drawings/tick.py")):
        tick.calls()
