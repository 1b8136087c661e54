"""The converter's bend, from a few knots: as near to the exact curve as a count."""

import sys
from array import array

from bench.table import Table


def test_each_count_above_the_knee_comes_to_where_the_bend_of_its_chip_puts_it():
    table = Table([(0, 0, 0, 0)], plugged_ms=[])
    scan, kernel, board = sys.modules["headroom.sense.scan"], sys.modules["headroom.sense.kernel"], table.module.board
    for uv in (board.ADC_UV_PER_COUNT * 91 // 100, board.ADC_UV_PER_COUNT, board.ADC_UV_PER_COUNT * 109 // 100):
        samples = array("H", range(scan.KNEE - 1, 4096))
        kernel.straighten(samples, 0, len(samples), scan.KNEE, scan.straight_knots(uv))
        assert samples[0] == scan.KNEE - 1
        for counts in range(scan.KNEE, 4096):
            part, rest = (counts - scan.KNEE) // scan.BEND_STEP, (counts - scan.KNEE) % scan.BEND_STEP
            low_mv, high_mv = board.ADC_BEND_MV[part], board.ADC_BEND_MV[part + 1]
            bend_uv = low_mv * 1000 + (high_mv - low_mv) * 1000 * rest / scan.BEND_STEP
            tilt = (uv - board.ADC_UV_PER_COUNT) * scan.TILT_PERCENT / 100
            bend_uv += max(counts - scan.TILT_FROM, 0) * tilt
            straight = samples[counts - scan.KNEE + 1]
            assert abs(straight - min(counts - bend_uv / uv, 4095)) <= 1.1, counts
