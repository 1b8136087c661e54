"""Plant each semantic mutant of planted.py into the running firmware, and see its own test notice.

Usage: python tools/proofs/plant.py [--share N] [--first K] [WORD ...]
(N, K: every N-th mutant only, from the K-th on; WORD: only rows that name it in file, reason or test)
Each test runs in a child of its own that reads the changed text in place of the file: nothing is written to disk. First all
tests named must pass on the code as it is. A row that no longer fits the code is an error: the list follows the code.
"""

import importlib.machinery
import os
import signal
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(HERE)]
import hypothesis  # noqa: F401 - what every test's start would import is here once, and not in each child
import pytest
from headroom_tools.common import arguments
from planted import MUTANTS

SECONDS_MAX = 60  # of CPU time: a mutant that takes longer hangs
QUICK = ("-x", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:hypothesispytest")
PASSED, FAILED, NOTHING = 0, 1, 3  # pytest's own; every status but the first two means that nothing was tested


class Misfit(Exception):
    """A row of the list does not fit the code; the message says which, why, and what to do."""


def found(folder, name):
    """The one file below ``folder`` that ends with ``name``: a file that moves to another room stays in the list."""
    paths = [path for path in (ROOT / folder).rglob(Path(name).name) if path.as_posix().endswith("/" + name)]
    if len(paths) != 1:
        raise Misfit(f"{len(paths)} files below {folder}/ are called {name}: name one, with its folder if need be")
    return paths[0]


def changed(row):
    """(path, source with the mutant in it) of a row."""
    name, old, new, _, _ = row
    path = found("firmware", name)
    source = path.read_text("utf-8")
    times = source.count(old)
    if times != 1:
        raise Misfit(
            f"{name} says {times} times {old!r}: let planted.py follow the code, with the text as it is now, once"
        )
    source = source.replace(old, new)
    compile(source, str(path), "exec")
    return path, source


def test_of(row):
    """The test that must notice, as pytest names it."""
    name, _, test = row[4].partition("::")
    path = found("host_tests", name)
    if f"def {test.partition('[')[0]}(" not in path.read_text("utf-8"):
        raise Misfit(f"{name} has no {test}: name in planted.py the test that notices the mutant of {row[0]}")
    return f"{path.relative_to(ROOT).as_posix()}::{test}"


def reading_instead(path, source):
    """From now on whoever imports ``path`` gets ``source``."""
    plain = importlib.machinery.SourceFileLoader.get_code

    def get_code(loader, fullname):
        if os.path.realpath(loader.path) == str(path):
            return compile(source, loader.path, "exec")
        return plain(loader, fullname)

    importlib.machinery.SourceFileLoader.get_code = get_code


def status_of(tests, path=None, source=""):
    """pytest's exit status for these tests in a child; a child that hangs has FAILED."""
    child = os.fork()
    if not child:
        status = NOTHING
        try:
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_MAX * len(tests))
            os.chdir(ROOT)
            if path:
                reading_instead(path, source)
            status = pytest.main([*QUICK, *tests])
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else FAILED


def checked(rows):
    """[(row, path, source, test)] of all rows that fit; Misfit names all that do not."""
    fitting, wrong = [], []
    for row in rows:
        try:
            fitting.append((row, *changed(row), test_of(row)))
        except (Misfit, SyntaxError) as error:
            wrong.append(str(error))
    if wrong:
        raise Misfit("\n".join(wrong))
    return fitting


def run(rows):
    """Prints every mutant that lives; returns how many."""
    alive = 0
    fitting = checked(rows)
    tests = sorted({test for *_, test in fitting})
    if tests and status_of(tests) != PASSED:
        alone = [test for test in tests if status_of([test]) != PASSED]
        which = ", ".join(alone) or "one of " + " ".join(tests) + ", and only in this order"
        raise Misfit(f"on the code as it is a test named in planted.py fails: {which}: mend that first")
    for (name, old, new, why, _), path, source, test in fitting:
        status = status_of([test], path, source)
        if status == PASSED:
            alive += 1
            print(f"LIVES {name}: {old!r} -> {new!r}: {why}; not noticed by {test}", flush=True)
        elif status != FAILED:
            raise Misfit(f"{name}: {old!r} -> {new!r}: pytest ran no test (status {status}) of {test}")
    return alive


def main():
    """Status 0 when every planted mutant was noticed, 1 when one lives, 2 when the list does not fit the code."""
    asked = arguments.parser(__doc__)
    asked.add_argument("words", metavar="WORD", nargs="*", help="only rows that name it")
    asked.add_argument("--share", type=arguments.whole(1, 10**6), default=1, help="every N-th mutant only")
    asked.add_argument("--first", type=arguments.whole(0, 10**6), default=0, help="from the K-th on")
    told = asked.parse_args()
    rows = [row for row in MUTANTS if not told.words or any(word in text for word in told.words for text in row)]
    if not rows:
        asked.error(f"no row of planted.py names {', '.join(told.words)}")
    try:
        checked(MUTANTS)
        rows = rows[told.first % told.share :: told.share]
        alive = run(rows)
    except Misfit as misfit:
        print(f"plant: {misfit}", file=sys.stderr)
        return 2
    print(f"{len(rows)} semantic mutants planted of {len(MUTANTS)}, {len(rows) - alive} noticed, {alive} live")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
