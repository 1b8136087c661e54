"""The running firmware watches what its own tick takes: it says so beyond the budget, and a second of it is a fault."""

import pytest
from bench import host

host.load()
from headroom.guard import causes, faults
from proofs.conformance import Bench

LATE = 1 << faults.LATE


def notices(bench):
    """What ``status`` tells beside the verdict."""
    tell = host.load(entry="headroom.serve.answers.reports", fresh=False)
    return [line for line in tell.notices(bench.table.charger.service) if "beside its window" in line]


def test_it_counts_what_the_board_says_that_its_parts_take():
    bench = Bench()
    bench.charging()
    parts_us = sum(bench.table.module.board.TICK_CPU_US[:-1])
    assert abs(bench.table.charger.readings.busy_us - parts_us) < 1000
    assert parts_us < causes.BUSY_MAX_US
    assert not notices(bench)


def test_a_chip_that_becomes_too_slow_says_so_at_once_and_stops_politely_after_a_second():
    bench = Bench()
    bench.charging()
    bench.chip.cpu_hz //= 2
    bench.table.live(700)
    assert len(notices(bench)) == 1
    assert not bench.table.charger.verdict.faults & LATE
    bench.table.live(1000)
    assert bench.table.charger.verdict.faults & LATE
    assert bench.table.charger.verdict.closed, "the car has its six seconds"
    assert bench.table.charger.verdict.offer_ma == 0
    bench.table.live(6500)
    assert not bench.world.contactor


def test_a_flash_write_and_a_collection_now_and_then_are_no_lateness():
    bench = Bench()
    bench.charging()
    for _ in range(4):
        bench.table.cpu.collects = True
        bench.table.tick()
        bench.chip.us += 45000  # an erase
        bench.table.live(1000)
        assert not bench.table.charger.verdict.faults & LATE


ERASE_US = 45000  # of a sector, typical: W25Q32JV


class SlowFlash:
    """Files of which every call that writes has to wait for an erase."""

    def __init__(self, files, chip):
        self.files = files
        self.chip = chip
        self.erases = 0

    def open(self, name, mode):
        """A file; making one erases."""
        self.erased("w" in mode)
        return self.files.open(name, mode)

    def erased(self, writes):
        """The time that it takes."""
        if writes:
            self.erases += 1
            self.chip.us += ERASE_US


def saves(bench, seconds, each_ms):
    """A person who saves every so often; returns how often the flash erased meanwhile."""
    service = bench.table.charger.service
    slow = service.store.files = SlowFlash(service.store.files, bench.chip)
    for _ in range(seconds * 1000 // each_ms):
        service.store.put("settings", service.settings.pack(), 2)
        bench.table.live(each_ms)
        assert not bench.table.charger.verdict.faults & LATE
    return slow.erases


def test_saves_one_after_the_other_are_no_lateness():
    bench = Bench()
    bench.charging()
    assert saves(bench, 3, 1000) >= 3 * 2
    assert saves(bench, 5, 250) >= 30
    assert bench.table.charger.verdict.closed


def test_and_hide_none():
    bench = Bench()
    bench.charging()
    bench.chip.cpu_hz //= 2
    with pytest.raises(AssertionError):
        saves(bench, 3, 250)
    assert bench.table.charger.verdict.faults & LATE


def test_the_firmware_sets_the_clock_that_its_board_names():
    bench = Bench()
    assert bench.chip.cpu_hz == bench.table.module.board.CPU_HZ
