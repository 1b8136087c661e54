"""What must not come back when one copy is damaged is in both: the calibration and the PIN (faults: test_fault_store.py)."""

from bench.chip.nor import RamFiles
from bench.table import Table
from headroom.serve.console import pin
from headroom.serve.store import calibration
from headroom.serve.store.store import Store, unframe


class Meters:
    """Calibrations whose bytes are ``data``."""

    def __init__(self, data):
        self.data = data

    def pack(self):
        return self.data


def copies(files, name):
    """The data of both copies."""
    return [unframe(bytes(files.files[f"data/{name}/{slot}"]))[1] for slot in (0, 1)]


def test_a_new_calibration():
    files = RamFiles()
    store = Store(files, "data")
    record = calibration.Record(store)
    for data in (b"old", b"new"):
        record.all = Meters(data)
        record.remember()
        while store.busy():
            store.step(20)
        assert copies(files, calibration.RECORD) == [data, data]


def test_a_new_pin():
    table = Table([(0, 3000, 0, 0)], fidelity="rms", plugged_ms=[])
    for digits in ("1234", "9876"):
        table.charger.service.change_pin(digits)
        table.live(3000)
        first, second = copies(table.files, pin.RECORD)
        assert first == second == table.charger.service.pin.pack()


def test_a_fault_that_comes_while_another_is_written_is_the_one_that_is_read_after_a_power_cut():
    for steps in range(10):
        files = RamFiles()
        store = Store(files, "data")
        for faults_set in (b"weld", b"weld and leak"):
            store.put("faults", faults_set, 2)
            for _ in range(steps):
                store.step(20)
        while store.busy():
            store.step(20)
        assert Store(files, "data").read("faults") == b"weld and leak", steps


def test_a_value_that_is_put_at_any_step_of_an_older_ones_write_is_kept_in_as_many_copies_as_were_asked_for():
    for steps in range(10):
        for wanted in (1, 2):
            files = RamFiles()
            store = Store(files, "data")
            store.put("box", b"first", 2)
            while store.busy():
                store.step(20)
            store.put("box", b"older", wanted)
            for _ in range(steps):
                store.step(20)
            store.put("box", b"newer", wanted)
            while store.busy():
                store.step(20)
            assert copies(files, "box").count(b"newer") >= wanted, (steps, wanted)
            assert Store(files, "data").read("box") == b"newer"
