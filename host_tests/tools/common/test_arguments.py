"""Arguments of the campaigns: what is no number in range is refused in one line."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["accuracy", "clamp_faults", "clamp_alarms"])
@pytest.mark.parametrize("typed", ["0", "many", "1e3", "99999999999999", "²"])
def test_a_campaign_refuses_what_is_no_number_of_trials(module, typed):
    done = subprocess.run(
        [sys.executable, "-m", f"headroom_tools.measure.{module}", typed], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert f"'{typed}' is no whole number from 1 to 100,000" in done.stderr
