"""`make setup` tells what is missing in one line, and does nothing twice."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import setup_venv

ROOT = Path(setup_venv.ROOT)


def test_here_nothing_stands_in_the_way():
    assert setup_venv.obstacle() is None


def test_an_old_python_is_told_which_one_is_needed(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert setup_venv.obstacle() == (
        "Python 3.10 or later is needed, this is 3.9: make setup PYTHON=python3.12 names another one"
    )


def test_windows_is_told_about_wsl(monkeypatch):
    monkeypatch.setattr(setup_venv.os, "name", "nt")
    assert "install WSL" in setup_venv.obstacle()


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_missing_venv_module_is_told_with_the_package_that_has_it(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    assert "apt install python3-venv" in setup_venv.obstacle()


def test_even_a_very_old_python_can_read_the_script():
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Await, ast.MatMult, ast.Starred, ast.Nonlocal)
    tree = ast.parse((ROOT / "tools" / "setup_venv.py").read_text(encoding="utf-8"))
    assert [node for node in ast.walk(tree) if isinstance(node, newer)] == []
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert [node.name for node in functions if node.returns or node.args.kwonlyargs] == []


def test_the_venv_is_ready_for_the_pins_it_was_made_from_and_for_no_others():
    assert setup_venv.is_ready(setup_venv.fingerprint())
    assert not setup_venv.is_ready("made from other pins")


@pytest.mark.parametrize("changed", setup_venv.INPUTS)
def test_whatever_decides_about_the_venv_changes_its_fingerprint(monkeypatch, tmp_path, changed):
    for name in setup_venv.INPUTS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.setattr(setup_venv, "ROOT", str(tmp_path))
    before = setup_venv.fingerprint()
    (tmp_path / changed).write_text("changed")
    assert setup_venv.fingerprint() != before


def test_a_python_that_is_not_there_is_told_in_one_line(tmp_path):
    for name in ("Makefile", "pyproject.toml", "tools/setup_venv.py", "tools/constraints.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    told = subprocess.run(["make", "-C", tmp_path, "setup", "PYTHON=python9"], capture_output=True, text=True)
    assert told.returncode != 0
    assert told.stderr.splitlines()[0] == (
        "setup: no python9 here: install Python 3.10 or later, or make setup PYTHON=/path/to/python"
    )


def test_every_package_is_pinned_exactly_with_a_line_on_why():
    pins = re.findall(r'^    "(\S+?)",?( +# .+)?$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    pins = [(pin, why) for pin, why in pins if re.match(r"[A-Za-z][\w-]*[=<>~]", pin)]
    lines = (ROOT / "tools" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins += [tuple(line.partition(" # ")[::2]) for line in lines if line and not line.startswith("#")]
    assert len(pins) > 20
    assert [pin for pin, why in pins if "==" not in pin or not why] == []
