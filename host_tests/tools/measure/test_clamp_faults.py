"""A bounded share of `make clamp-faults`: one of each fault, and some sound minutes."""

import pytest
from bench import host
from headroom_tools.measure import clamp_alarms
from headroom_tools.measure.clamp_faults import SCENES, Trial, table_of, trial


@pytest.mark.parametrize("scene", range(len(SCENES)), ids=[scene.what for scene in SCENES])
def test_a_fault_reaches_the_verdict(scene):
    found = trial((scene, int(SCENES[scene].by_car)))  # at rms fidelity what only the car's steps show
    assert found.ms is not None, found.name
    if not SCENES[scene].by_car:
        assert found.ms <= 1000


def test_a_missed_fault_is_told():
    lines = table_of([Trial(0, 500, "x", 0), Trial(0, None, "not detected", 0)], 2)
    assert lines[1].removeprefix(SCENES[0].what).split()[:2] == ["2", "1"]  # injected, missed
    assert any(line.startswith("MISSED: ") for line in lines)


def test_sound_clamps_raise_no_doubt(monkeypatch):
    monkeypatch.setattr(clamp_alarms, "PIECE_MS", 30000)
    assert clamp_alarms.waveform_piece(3) == (30, [])


@pytest.mark.parametrize(
    ("car", "day"),
    [("hesitant", 7), ("hesitant", 19), ("hesitant", 23), ("hesitant", 33), ("restless", 28), ("chatters", 17)],
)
def test_a_car_that_waits_or_stops_by_itself_in_a_house_with_a_quiet_phase_is_no_clamp_off_its_cable(car, day):
    host.load()
    assert clamp_alarms.rms_stay((clamp_alarms._cars().index(car), day)) == (4800, [])
