"""Demo, tour, conformance, provoke and inject, a share of each, on every model of MicroPython's port that the bench plays.

The bench has one model for versions of which nothing that it plays differs (bench/chip/ports.py): each proof runs on the first
version of each. Prints a table, and each row as it ends; the exit status is 1 where one fails, and its last line is shown then.

Usage: python tools/proofs/versions.py [PROOF ...]
"""

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.chip import ports

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
VM = [str(BIN / "micropython"), "-X", "emit=native", "-X", "heapsize=16m"]
HEADROOM = str(BIN / "headroom")
# what runs, with the version behind its last word
PROOFS = {
    "demo": [HEADROOM, "sim", "--micropython="],
    "tour": [HEADROOM, "tour", "--micropython="],
    "conformance": [*VM, "tools/proofs/conformance.py", "1", "micropython="],
    "provoke": [*VM, "tools/proofs/provoke.py", "soon", "micropython="],
    "inject": [sys.executable, "tools/proofs/inject.py", "50000", "--micropython="],
}


def models() -> list[list[str]]:
    """Returns the versions, those of one model together."""
    found: dict[tuple, list[str]] = {}
    for version in ports.VERSIONS:
        found.setdefault(tuple(sorted(vars(ports.Port(version)).items())), []).append(version)
    return list(found.values())


def ran(command: list[str], version: str) -> str:
    """Runs one; returns "ok", or how it failed."""
    done = subprocess.run([*command[:-1], command[-1] + version], cwd=ROOT, capture_output=True, text=True)
    if not done.returncode:
        return "ok"
    last = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()[-1]
    return f"status {done.returncode}: {last}"


def main(wanted: list[str]) -> int:
    """Prints the table; returns the exit status."""
    unknown = [name for name in wanted if name not in PROOFS]
    if unknown:
        print(f"there is no proof {unknown[0]}: {', '.join(PROOFS)}", file=sys.stderr)
        return 2
    together = models()
    print("| proof | " + " | ".join(f"{each[0]} to {each[-1]}" for each in together) + " |")
    print("|---|" + "---|" * len(together), flush=True)
    failed = False
    for name in wanted or PROOFS:
        said = [ran(PROOFS[name], each[0]) for each in together]
        failed |= any(each != "ok" for each in said)
        print(f"| {name} | " + " | ".join(said) + " |", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
