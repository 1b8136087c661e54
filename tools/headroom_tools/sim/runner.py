"""Runs the bench in an interpreter of its own: the real MicroPython VM, or CPython where there is none."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from headroom_tools.common.errors import BadInput, SimulatorFailed
from headroom_tools.common.places import RUNNER
from headroom_tools.sim.stream import ENDED_EARLY

HEAP = "4m"
TURNED = 5  # the runner's status where the charger's console refused a line


def micropython() -> str | None:
    """Returns the path of the MicroPython VM, this venv's own before any other, or None."""
    own = Path(sys.executable).parent / "micropython"
    return str(own) if own.is_file() else shutil.which("micropython")


def choose_vm(wanted: str, warn: Callable[[str], None]) -> tuple[str, list[str]]:
    """Returns the interpreter that will be used (micropython or cpython) and its command; warns where it is not wanted."""
    found = micropython()
    if wanted == "micropython" and found is not None:
        return wanted, [found, "-X", "emit=native", "-X", f"heapsize={HEAP}", str(RUNNER)]
    if wanted == "micropython":
        warn("no MicroPython VM is installed here (PyPI has none for some machines): using CPython instead")
    return "cpython", [sys.executable, str(RUNNER)]


@contextmanager
def running(command: list[str], scenario: dict[str, object], workplace: Path) -> Iterator[IO[str]]:
    """Starts the runner and gives its lines; whatever happens, it is gone afterwards.

    SimulatorFailed if it complains on stderr, ends with a status, or if the reader finds fault with its lines; BadInput for a
    line that the charger's console refused.
    """
    described = workplace / "scenario.json"
    described.write_text(json.dumps(scenario))
    with (workplace / "complaints.txt").open("w+", errors="replace") as complaints:
        process = subprocess.Popen(
            [*command, str(described)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env={**os.environ, "PYTHONHASHSEED": "0"},
            start_new_session=True,
            encoding="utf-8",
            errors="replace",
        )
        assert process.stdout is not None
        failure = None
        try:
            yield process.stdout
            process.stdout.read()
            if process.wait():
                failure = f"it ended with status {process.returncode}"
        except SimulatorFailed as error:
            failure = str(error)
            if failure == ENDED_EARLY:
                process.wait()
        finally:
            process.kill()
            process.stdout.close()
            process.wait()
        complaints.seek(0)
        said = complaints.read().strip()
        if process.returncode == TURNED and said:
            raise BadInput(said.splitlines()[-1])
        if said or failure:
            raise SimulatorFailed(said.splitlines()[-1] if said else failure)
