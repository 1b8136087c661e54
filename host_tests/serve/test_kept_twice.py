"""What must not come back when one copy is damaged is in both: the calibration and the PIN (faults: test_latch.py)."""

from bench.flash import RamFiles
from bench.table import Table
from headroom.serve import calibration, pin
from headroom.serve.store import Store, unframe


class Meters:
    """Calibrations whose bytes are ``data``."""

    def __init__(self, data):
        self.data = data

    def pack(self):
        return self.data


def copies(files, name):
    """The data of both copies."""
    return [unframe(bytes(files.files[f"data/{name}.{slot}"]))[1] for slot in (0, 1)]


def test_a_new_calibration():
    files = RamFiles()
    store = Store(files, "data")
    record = calibration.Record(store)
    for data in (b"old", b"new"):
        record.all = Meters(data)
        record.keep()
        while store.busy():
            store.step(20)
        assert copies(files, calibration.RECORD) == [data, data]


def test_a_new_pin():
    table = Table([(0, 3000, 0, 0)], fidelity="rms", plugged_ms=[])
    for digits in ("1234", "9876"):
        table.charger.desk.change_pin(digits)
        table.live(3000)
        first, second = copies(table.files, pin.RECORD)
        assert first == second == table.charger.desk.pin.pack()
