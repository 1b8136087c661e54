"""A fault that only a person clears outlives the power: whatever the moment, whatever became of one copy."""

import struct

from bench.chip.nor import RamFiles
from bench.table import Table
from headroom.guard import faults
from headroom.serve.store.fault_store import RECORD, FaultStore
from headroom.serve.store.store import Store, frame, unframe

RESIDUAL, IMPORT = 1 << faults.RESIDUAL, 1 << faults.IMPORT_LIMIT


def kept(files):
    """The set of faults in each of the two copies."""
    raw = [files.files.get(f"data/{RECORD}/{slot}") for slot in (0, 1)]
    return [struct.unpack("<I", unframe(bytes(copy))[1])[0] if copy else None for copy in raw]


def charging(files=None):
    table = Table([(0, 3000, 0, 0)], fidelity="rms", files=files)
    table.live(45000)
    assert table.charger.verdict.closed
    return table


def written(files, data, slots=(0, 1)):
    """Files that hold this record of faults."""
    for slot in slots:
        files.files[f"data/{RECORD}/{slot}"] = data
    return files


def test_both_copies_tell_the_fault_so_that_no_older_one_can_say_that_all_is_well():
    table = charging()
    table.world.residual.leak = True
    table.live(2000)
    table.world.residual.leak = False
    table.live(5000)
    assert table.charger.guard.clear_by_person() == 0
    table.live(5000)
    assert kept(table.files) == [0, 0]
    table.world.residual.leak = True
    table.live(2000)
    assert kept(table.files) == [RESIDUAL, RESIDUAL]


def test_it_is_kept_while_the_car_still_has_its_seconds_to_stop():
    table = charging()
    table.world.forced_state = 2  # a car that ignores the stop
    table.charger.guard.latch(IMPORT)
    table.live(2000)
    assert table.charger.verdict.closed
    assert kept(table.files) == [IMPORT, IMPORT]


def test_after_a_power_cut_in_these_seconds_it_stands():
    table = charging()
    table.world.forced_state = 2
    table.charger.guard.latch(IMPORT)
    table.live(2000)
    again = Table([(0, 3000, 0, 0)], fidelity="rms", files=table.files)
    again.live(60000)
    assert again.charger.verdict.faults & IMPORT
    assert not again.world.contactor


def test_without_a_record_nothing_stood_and_with_one_that_nobody_can_read_nobody_knows():
    assert FaultStore(Store(RamFiles())).load() == 0
    for data in (b"", b"HDRM" + bytes(40), frame(1, b"\x08\x00") + b"\x08\x00"):
        assert FaultStore(Store(written(RamFiles(), data))).load() is None, data


def test_a_charger_whose_memory_of_faults_is_lost_gives_no_power_until_a_person_has_looked():
    table = Table([(0, 3000, 0, 0)], fidelity="rms")
    again = Table([(0, 3000, 0, 0)], fidelity="rms", files=written(table.files, b"HDRM" + bytes(40)))
    again.live(60000)
    assert again.charger.verdict.faults == 1 << faults.FAULT_MEMORY
    assert not again.world.contactor
    again.charger.guard.clear_by_person()
    again.live(60000)
    assert again.world.contactor
