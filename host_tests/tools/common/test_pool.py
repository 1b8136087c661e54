"""Work on all cores ends tidily on Ctrl-C, also while its processes are just starting."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

WORK = """
import time
from headroom_tools.common import pool

if __name__ == "__main__":
    try:
        list(pool.in_order(time.sleep, [60.0] * 4, 2))
    except KeyboardInterrupt:
        print("stopped")
"""


@pytest.mark.parametrize("late_s", [0.0, 0.02, 0.05])
def test_ctrl_c_while_the_processes_start_tells_of_no_broken_start(tmp_path, late_s):
    script = tmp_path / "work.py"
    script.write_text(WORK)
    running = subprocess.Popen(
        [sys.executable, script], start_new_session=True, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    _until_a_worker_starts(running.pid)
    time.sleep(late_s)
    os.killpg(running.pid, signal.SIGINT)
    assert running.communicate(timeout=60) == ("stopped\n", "")


def _until_a_worker_starts(pid):
    children = Path(f"/proc/{pid}/task/{pid}/children")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for child in children.read_text().split():
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                return
    raise AssertionError("no worker was started")
