"""Of the long tests `make test` runs a share: every test has its day, none is named that is gone, no proof is among them."""

import re
from pathlib import Path

import long_tests
import pytest

HOST_TESTS = Path(__file__).resolve().parents[1]


def test_each_row_names_tests_that_there_are():
    for file, names in long_tests.LONG.items():
        there = re.findall(r"^def (test_\w+)", (HOST_TESTS / file).with_suffix(".py").read_text("utf-8"), re.MULTILINE)
        assert set(names or there[:1]) <= set(there), file


def test_in_as_many_days_as_there_are_parts_every_long_test_has_run_once():
    nodes = [f"host_tests/test_a.py::test_{number}" for number in range(500)]
    days = [
        [node for node in nodes if long_tests.is_in(node, part, long_tests.PARTS)] for part in range(long_tests.PARTS)
    ]
    assert sorted(node for day in days for node in day) == sorted(nodes)
    assert min(len(day) for day in days) > 0


def test_the_proofs_run_every_time():
    assert [file for file in long_tests.LONG if file.startswith("proofs/")] == []


@pytest.mark.parametrize("asked", ["", "tomorrow", "3", "20/20", "-1/20", "1/0", "a/b"])
def test_what_is_no_share_is_refused(asked):
    with pytest.raises(ValueError, match="no share"):
        long_tests.parse(asked)


def test_today_is_one_of_the_parts():
    part, parts = long_tests.parse("today")
    assert 0 <= part < parts == long_tests.PARTS
