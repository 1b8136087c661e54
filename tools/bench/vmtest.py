"""Runs the ``test_*`` functions of files under this interpreter; how the tests run on the MicroPython VM.

Usage: micropython vmtest.py FILE ... A line per test, then ``done``; status 1 when one failed.
"""

import sys

HERE = __file__.replace("\\", "/").rsplit("/", 1)[0]
sys.path[:0] = [HERE + "/chip/fakes", HERE + "/..", HERE + "/../../firmware", HERE + "/../../boards/reference"]

from bench.world.judge import Breach  # noqa: E402 (the path comes first)


def load(path):
    """The names that a file defines; its tests are those that begin with ``test_``."""
    names = {"__name__": path, "__file__": path}
    with open(path) as file:
        exec(file.read(), names)
    return names


def tell(names, name):
    """Run one test and say how it went; returns whether it failed."""
    try:
        names[name]()
        print("ok", name)
    except (Exception, Breach) as error:
        print("FAILED", name)
        sys.print_exception(error, sys.stdout)
        return True
    return False


def run(path):
    """Run one file's tests; returns how many failed."""
    names = load(path)
    return sum([tell(names, name) for name in names if name.startswith("test_")])


if __name__ == "__main__":
    failures = 0
    for argument in sys.argv[1:]:
        failures += run(argument)
    print("done")
    sys.exit(1 if failures else 0)
