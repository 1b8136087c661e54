"""`make quick`: format, lint, types and the tests of the pages and of the rooms touched since the last commit; a minute.

Touched is what git shows as changed or new; where nothing is, what the last commit changed. The long tests
(host_tests/long_tests.py) are left to `make test`, unless their file was touched itself.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "host_tests")]
BIN = Path(sys.executable).parent

# where a file lies: the folder of its tests; what follows the first names the folders below it
ROOMS = (
    ("firmware/headroom/", "host_tests/"),
    ("tools/headroom_tools/", "host_tests/tools/"),
    ("tools/bench/", "host_tests/bench"),
    ("tools/proofs/", "host_tests/proofs"),
    ("boards/", "host_tests/tools/boards"),
)
ALWAYS = ["host_tests/test_walls.py", "host_tests/tools/test_pages.py"]
CHECKS = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy", "tools/headroom_tools"),
)


def touched() -> list[str]:
    """Returns the files changed or new since the last commit, or those of the last commit."""

    def git(*arguments: str) -> list[str]:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True).stdout.splitlines()

    now = git("diff", "--name-only", "HEAD") + git("ls-files", "--others", "--exclude-standard")
    return now or git("diff", "--name-only", "HEAD~1", "HEAD")


def rooms(files: list[str]) -> list[str]:
    """Returns the tests of the rooms that the files lie in, as pytest wants them named: the deepest folder there is."""
    found = set(ALWAYS)
    for file in files:
        if file.startswith("host_tests/") and file.rpartition("/")[2].startswith("test_"):
            found.add(file)
            continue
        for start, folder in ROOMS:
            if file.startswith(start):
                place = Path(folder) if not folder.endswith("/") else Path(folder + file[len(start) :]).parent
                while not (ROOT / place).is_dir():
                    place = place.parent
                found.add(place.as_posix() if place.as_posix() not in ("host_tests", "host_tests/tools") else ALWAYS[0])
    return sorted(each for each in found if (ROOT / each).exists())


def main() -> int:
    """Runs the checks, then the tests; the first that fails ends it, and its status is this program's."""
    from long_tests import LONG

    files = touched()
    tests = rooms(files)
    later = [
        f"--ignore-glob=*/{name}.py"
        for name, tests in LONG.items()
        if tests is None and not any(name in file for file in files)
    ]
    print("quick:", " ".join(tests), flush=True)
    commands = [*CHECKS, ("pytest", "-n", "auto", "--dist", "loadfile", *later, *tests)]
    for program, *arguments in commands:
        status = subprocess.call([str(BIN / program), *arguments], cwd=ROOT)
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
