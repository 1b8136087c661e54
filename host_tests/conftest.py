"""Puts the firmware and the bench on the path; what needs fakes is loaded through ``bench.host``. Long files come first."""

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "firmware"), str(ROOT / "tools"), str(ROOT / "host_tests")]

# Every charger loads the firmware anew: it is compiled once, also where nothing compiled may lie beside the sources.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    sys.dont_write_bytecode = False
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(ROOT / ".venv" / "pycache")

# How long an example takes tells of the machine, not of the rule.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

# A file goes to one worker as a whole: the longest first, so that none of them is what all others wait for at the end.
LONGEST = (
    "test_micropython_vm",
    "test_proofs",
    "test_flash",
    "test_device",
    "test_jig",
    "test_console_command",
    "test_calibrate_command",
    "test_versus",
    "test_tour",
    "test_fidelities_agree",
    "test_accuracy",
    "test_campaign",
    "test_clamp_faults",
)


def pytest_collection_modifyitems(items):
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(LONGEST)))
