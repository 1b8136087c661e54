"""Boards out of the bag, over the whole range of the chip's reference: each charges a car of 16 A."""

from bench import host
from bench.table import Table
from bench.world import parts
from bench.world.car import Random

VREFS_MV = (1000, 1030, 1179, 1200, 0)  # 0: as it comes
FASTER = {"resume_dwell_ms": 5000}


def out_of_the_bag(seed, vref_mv):
    """A board's parts."""
    made = parts.random(host.load(entry="board"), Random(seed))
    made.vref_mv = vref_mv or made.vref_mv
    return made


def test_every_board_out_of_the_bag_charges():
    for seed in range(1, 6):
        made = out_of_the_bag(seed, VREFS_MV[seed % len(VREFS_MV)])
        table = Table([(0, 1000, 1000, 1000)], parts=made, seed=seed, car_ma=16000, settings=FASTER)
        while table.world.car.drawn_ma < 15000 and table.chip.us < 60000000:
            table.tick()
        assert table.world.car.drawn_ma >= 15000
        assert not table.charger.verdict.fault
