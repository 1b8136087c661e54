"""The rms fidelity is cut where it should be: at waveform fidelity the same firmware takes the same decisions."""

import csv
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from bench import idle
from bench.table import Table

ROOT = Path(__file__).resolve().parent.parent.parent.parent
WEEK = ROOT.parent / "shared" / "data" / "household-7days.csv"
MINUTES = int(os.environ.get("AGREE_MINUTES", "2"))  # make agree takes ten
IDLE_S = (600,) if MINUTES == 2 else (60, 537, 600, 1074, 2160, 23580, 31140)
NEAR_MS = 300  # of a visit's events: a window, a look more
NEAR_S = 6  # around a change of the offer the two may differ: windows, noise, the car's own time


def series(tmp_path, fidelity, *arguments):
    """Rows of ``headroom sim --series``."""
    out = tmp_path / f"{fidelity}.csv"
    command = [Path(sys.executable).parent / "headroom", "sim", "--fidelity", fidelity, "--series", out, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    with out.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def states(rows):
    """The pilot letters in their order, each once."""
    letters = [row["state"] for row in rows]
    return [letter for before, letter in zip([None, *letters], letters, strict=False) if letter != before]


def changing(rows):
    """Seconds near a change of the offer by more than 1 A."""
    offers = [float(row["offered_a"]) for row in rows]
    changed = [second for second in range(1, len(offers)) if abs(offers[second] - offers[second - 1]) > 1]
    return {near for second in changed for near in range(second - NEAR_S, second + NEAR_S + 1)}


def agree(rms, waveform):
    assert len(rms) == len(waveform)
    assert states(rms) == states(waveform)
    near = changing(rms) | changing(waveform)
    compared = 0
    for second, (coarse, fine) in enumerate(zip(rms, waveform, strict=False)):
        if second not in near:
            compared += 1
            assert abs(float(coarse["offered_a"]) - float(fine["offered_a"])) <= 1, second
    assert compared > len(rms) // 2, "hardly a second was compared"


def most_eventful(minutes):
    """First and last time of that many minutes of the week, those in which the house changes most."""
    with WEEK.open(encoding="utf-8") as file:
        rows = [(row["Datetime"], row["Global_intensity"]) for row in csv.DictReader(file)]
    amps = [float(value) if value not in ("", "?") else 0.0 for _, value in rows]
    moved = [abs(after - before) for before, after in pairwise(amps)]
    start = max(range(len(moved) - minutes), key=lambda first: sum(moved[first : first + minutes - 1]))
    return rows[start][0], rows[start + minutes][0]


def test_two_minutes_of_the_built_in_evening(tmp_path):
    span = ("--from", "18:10", "--to", "18:12")
    agree(series(tmp_path, "rms", *span), series(tmp_path, "waveform", *span))


@pytest.mark.skipif(not WEEK.exists(), reason="needs ../shared/data/household-7days.csv")
def test_the_most_eventful_minutes_of_a_real_week(tmp_path):
    start, end = most_eventful(MINUTES)
    span = ("--trace", WEEK, "--from", start, "--to", end)
    agree(series(tmp_path, "rms", *span), series(tmp_path, "waveform", *span))


def pass_idly(table, idle_s):
    """Nothing happens for so long."""
    if table.scan is None:
        idle.live(table, idle_s * 1000)
    else:
        table.scan.step_ms = 1000
        table.live(idle_s * 1000)
        table.scan.step_ms = 25


def visits(fidelity, idle_s):
    """[(ms, state, offered mA, contactor closed)] of a second car's visit, so long after the first one's."""
    table = Table([(0, 4000, 4000, 4000)], fidelity=fidelity, plugged_ms=[], car_ma=16000)
    world, seen = table.world, []
    pass_idly(table, 60)
    world.car.plug(True)
    table.live(4000)
    assert world.contactor
    world.car.plug(False)
    table.live(1000)
    pass_idly(table, idle_s)
    world.car.plug(True)
    since_ms = table.chip.us // 1000
    while table.chip.us // 1000 < since_ms + 6000:
        table.tick()
        row = (world.letter(), world.offered_ma, world.contactor)
        if not seen or seen[-1][1:] != row:
            seen.append((table.chip.us // 1000 - since_ms, *row))
    return seen


@pytest.mark.parametrize("idle_s", IDLE_S)
def test_a_car_that_comes_after_hours_without_one(idle_s):
    rms, waveform = visits("rms", idle_s), visits("waveform", idle_s)
    assert [(row[1], row[3]) for row in rms] == [(row[1], row[3]) for row in waveform]
    assert (rms[-1][1], rms[-1][3]) == ("C", 1)
    for coarse, fine in zip(rms, waveform, strict=True):
        assert abs(coarse[0] - fine[0]) <= NEAR_MS, (coarse, fine)
        assert abs(coarse[2] - fine[2]) <= 1000, (coarse, fine)
