"""Every car model on the whole bench with the real firmware: charged, paused for long, and not stranded afterwards."""

import pytest
from bench.world.car import MODELS
from headroom_tools.contest.jobs import House, Job, work
from headroom_tools.sim.options import Options

#: little in the house, then nothing left for the car for 12 minutes, then little again for 10
EVENING = "t_s,l1_a\n0,5\n120,22\n840,5\n1440,5\n"
LATE_MS = 1_380_000  # nine minutes after headroom came back


@pytest.mark.parametrize("model", [name for name in MODELS if name not in ("full", "restless", "chatters", "late")])
def test_a_car_charges_again_after_a_long_pause_and_no_breaker_trips(tmp_path, model):
    trace = tmp_path / "evening.csv"
    trace.write_text(EVENING)
    options = Options(car=model, plugged="00:00-00:24", seed=3)
    job = Job(House(trace, None), "headroom", (), options, series=True)
    outcome = work(job)
    drawn_ma = [car_ma for t_ms, _, car_ma in outcome.series if t_ms <= LATE_MS]
    assert max(drawn_ma) > 10000
    assert drawn_ma[-1] > 10000, "it must charge again"
    assert outcome.trips["typical"] == outcome.trips["slow"] == 0
    assert outcome.score.overload_longest_s < 12


def test_a_full_car_is_never_connected(tmp_path):
    trace = tmp_path / "evening.csv"
    trace.write_text(EVENING)
    job = Job(House(trace, None), "headroom", (), Options(car="full", plugged="always", seed=1))
    outcome = work(job)
    assert outcome.score.contactor_cycles == 0
    assert outcome.score.energy_kwh == 0
