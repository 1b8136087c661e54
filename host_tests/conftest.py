"""Puts the firmware and the bench on the path; what needs fakes is loaded through ``bench.host``."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "firmware"), str(ROOT / "tools"), str(ROOT / "host_tests")]
