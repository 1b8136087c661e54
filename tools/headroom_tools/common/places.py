"""Where things are in this repo: the tools run from a clone, never from somewhere else."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
EVENING = ROOT / "tools" / "traces" / "evening.csv"
RUNNER = ROOT / "tools" / "bench" / "run.py"
VERSION = ROOT / "firmware" / "headroom" / "version.py"
