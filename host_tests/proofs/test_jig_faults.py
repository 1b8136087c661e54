"""The faults of the jig: every step that looks at hardware has one, and a row says how that went. `make jig-faults` runs them."""

import re

from headroom_tools.common.places import ROOT
from headroom_tools.jig import sheet
from proofs import jig_faults
from proofs.jig_faults import FAULTS, ON_A_CHIP, Row


def test_every_step_that_looks_at_hardware_has_a_fault_that_must_fail_it():
    steps = {step.code for step, _ in sheet.rows() if 200 <= step.code < 600}
    provoked = {step for faults in FAULTS.values() for step, _, _ in faults} | {step for step, _ in ON_A_CHIP}
    assert provoked == steps


def test_every_other_step_has_a_test_in_which_it_fails_on_a_board_that_says_so():
    folder = ROOT / "host_tests" / "tools" / "jig"
    tests = (folder / "test_steps.py").read_text() + (folder / "test_jig.py").read_text()
    there = {
        int(code)
        for code in re.findall(r"def test_step_(\d+)|AT_THE_END = \((\d+)|\{(140): \"not tested\"", tests)
        for code in code
        if code
    }
    assert there == {step.code for step, _ in sheet.rows() if not 200 <= step.code < 600}


def test_each_board_is_tried_without_a_fault_as_well():
    rows = jig_faults.rows(("metered", "minimal"))
    assert [(row.board, row.step) for row in rows] == [
        ("metered", 0),
        ("metered", 410),
        ("metered", 415),
        ("minimal", 0),
    ]


def test_a_row_is_right_when_its_step_fails_and_what_is_known_to_fail_with_it():
    row = Row("reference", 230, "part pilot_high_mv 11200", (260,))
    assert row._replace(failed=(230, 260)).right()
    assert not row._replace(failed=(230,)).right()
    assert not row._replace(failed=(260,)).right()
    assert not row._replace(failed=(230, 260, 300)).right()
    assert Row("reference", 0, "", ()).right()
    assert not Row("reference", 0, "", (), (300,)).right()


def test_a_row_is_told():
    row = Row("reference", 230, "part pilot_high_mv 11200", (260,), (230, 260), "230: too low")
    assert row.told() == "reference   230  part pilot_high_mv 11200     fails; with it: 260"
    missed = row._replace(failed=(260,))
    assert "DOES NOT FAIL; with it: 260   NOT AS KNOWN" in missed.told()


def test_a_fault_is_found_by_its_step_and_by_no_other(monkeypatch):
    monkeypatch.setattr(jig_faults, "STEPS", {210, 220, 230})
    assert jig_faults.tried(Row("reference", 220, "part insulation_kohm 500", ())).failed == (220,)
