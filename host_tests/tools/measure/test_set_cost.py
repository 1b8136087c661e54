"""A line of the console holds no tick as long as a supervisor waits, with the time that the chip takes to read and to work."""

import shutil

import pytest
from headroom_tools.measure import set_cost
from headroom_tools.sim import runner

VM, VALGRIND = runner.micropython(), shutil.which("valgrind")
# what took most at once: a meter with all that it needs, and features, in one save
LINES = ("set breaker_ma 63A", "set bus meter", "set meter sdm630", "set total_w 60000", "set rise_ma_s 1000", "save")


@pytest.mark.skipif(VM is None or VALGRIND is None, reason="needs valgrind and the MicroPython VM")
def test_settings_come_into_force_in_ticks_that_no_supervisor_notices():
    ticks = set_cost.run(VM, VALGRIND, "reference", LINES)
    read = [tick for tick in ticks if tick.reads_us and tick.thousands > 1000]
    assert {tick.line for tick in read} == set(LINES), "each was read from the flash, and counted"
    assert max(tick.took_us for tick in ticks) < 300000, sorted(ticks, key=lambda tick: tick.took_us)[-3:]
