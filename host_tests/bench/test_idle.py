"""Hours in which nothing happens, then a car: at waveform fidelity, for what is sampled at an instant kept meanwhile."""

from bench import idle
from bench.table import Table
from proofs.conformance import STEADY, A, B, Bench, C, duty_of

PLUGGED_WITHIN_MS = 480


def plugged(bench, before_ms):
    """(ms until a car in B has an offer, whether its PWM stayed, whether the contactor stayed open, what is said)."""
    bench.car(B, 0)
    since_us = bench.chip.us
    offered_ms, stayed, open_ = 0, True, True
    while bench.chip.us - since_us < before_ms * 1000:
        bench.table.tick()
        if duty_of(bench) not in (0, STEADY):
            offered_ms = offered_ms or (bench.chip.us - since_us) // 1000
        elif offered_ms:
            stayed = False
        open_ = open_ and not bench.world.coil
    return offered_ms, stayed, open_, bench.said()


def bench_after(idle_ms, offer_ma=16000):
    """A charger that has had a car, and then nobody for ``idle_ms``."""
    bench = Bench()
    bench.law.offer_ma = offer_ma
    bench.car(B, 1000)
    bench.car(A, 500)
    idle.live(bench.table, idle_ms)
    bench.car(A, 500)
    return bench


def test_a_car_that_comes_after_hours_is_offered_current_at_once_and_its_b_is_a_b():
    for idle_s, offer_ma in ((600, 16000), (2160, 20020), (2160, 32000)):
        offered_ms, stayed, stayed_open, said = plugged(bench_after(idle_s * 1000, offer_ma), 2000)
        assert 0 < offered_ms <= PLUGGED_WITHIN_MS, (idle_s, offered_ms, said)
        assert stayed, (idle_s, "the PWM was taken back", said)
        assert stayed_open, (idle_s, "closed on a car in B", said)


def test_it_is_charged_then():
    bench = bench_after(2160000, 20020)
    bench.car(B, 1000)
    bench.car(C, 1000)
    assert bench.world.contactor


def test_a_waveform_that_is_gone_is_not_timed_on_from_its_last_point():
    table = Table([(0, 8000, 8000, 8000)], plugged_ms=[])
    table.live(1000)
    assert table.charger.scan.cycle.known
    table.world.house_ma = (0, 0, 0)
    table.live(400)
    assert not table.charger.scan.cycle.known
