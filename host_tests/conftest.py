"""Puts the firmware and the bench on the path; what needs fakes is loaded through ``bench.host``. Says which long tests run."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT / "firmware"), str(ROOT / "tools"), str(ROOT / "host_tests")]

import long_tests

# Every charger loads the firmware anew: it is compiled once, also where nothing compiled may lie beside the sources.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    sys.dont_write_bytecode = False
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(ROOT / ".venv" / "pycache")

# How long an example takes tells of the machine, not of the rule.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_addoption(parser):
    parser.addoption(
        "--share",  # =today: without the sign the word is taken for a file
        metavar="today|K/N",
        help="of the long tests (host_tests/long_tests.py) only a share: today's twentieth, or part K of N, from 0",
    )


def pytest_configure(config):
    """Reads the share once, so that no worker reads another day from the clock than the others."""
    asked = os.environ.get("HEADROOM_SHARE") if hasattr(config, "workerinput") else config.getoption("--share")
    if not asked:
        os.environ.pop("HEADROOM_SHARE", None)
        return
    try:
        config.share = long_tests.parse(asked)
    except ValueError as bad:
        raise pytest.UsageError(str(bad)) from None
    os.environ["HEADROOM_SHARE"] = "{}/{}".format(*config.share)


def pytest_report_header(config):
    if hasattr(config, "share"):
        part, parts = config.share
        return f"long tests: part {part} of {parts} (--share={part}/{parts} repeats it; make test-whole runs all)"
    return None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """One more than there are cores: a test that waits for a device leaves its core to another."""
    return (os.cpu_count() or 1) + 1


def file_of(item):
    return item.path.relative_to(HERE).with_suffix("").as_posix()


def is_long(item):
    return long_tests.is_long(file_of(item), item.name)


def pytest_collection_modifyitems(config, items):
    """The long ones first, for a file goes to one worker as a whole: none is what all others wait for at the end."""
    items.sort(key=lambda item: not (is_long(item) or file_of(item) in long_tests.EARLY))
    if hasattr(config, "share"):
        left = [item for item in items if is_long(item) and not long_tests.is_in(item.nodeid, *config.share)]
        config.hook.pytest_deselected(items=left)
        gone = set(left)
        items[:] = [item for item in items if item not in gone]
