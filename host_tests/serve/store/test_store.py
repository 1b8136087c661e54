"""The store finds the newest whole copy, writes one call a tick, and a bad flash never stops it."""

from bench.chip.nor import RamFiles
from headroom.serve.store.store import RETRY_MS, Store, crc32, struct


class Counting(RamFiles):
    """Counts the calls; refuses them while ``broken``."""

    def __init__(self):
        super().__init__()
        self.calls = 0
        self.broken = False

    def open(self, path, mode):
        self.calls += 1
        if self.broken:
            raise OSError(5, "EIO")
        return super().open(path, mode)


def finish(store):
    for _ in range(100):
        store.step(25)


def test_a_record_is_read_back_after_a_reset():
    files = RamFiles()
    store = Store(files)
    store.put("settings", b"one")
    finish(store)
    assert Store(files).read("settings") == b"one"
    assert Store(files).read("nothing") is None


def test_copies_are_written_in_turn_and_the_newest_counts():
    files = RamFiles()
    store = Store(files)
    for value in (b"one", b"two", b"three"):
        store.put("settings", value)
        finish(store)
    assert sorted(files.files) == ["data/settings/0", "data/settings/1"]
    assert Store(files).read("settings") == b"three"
    del files.files["data/settings/1"]
    assert Store(files).read("settings") == b"two"


def test_a_damaged_copy_is_passed_over_and_is_the_next_to_be_written():
    files = RamFiles()
    store = Store(files)
    for value in (b"one", b"two"):
        store.put("settings", value)
        finish(store)
    newest = "data/settings/0"
    for damage in (b"", b"HDRM", files.files[newest][:-1], files.files[newest] + b"x", bytes(19)):
        files.files[newest] = damage
        store = Store(files)
        assert store.read("settings") == b"one"
        assert store.damaged == []
    store.put("settings", b"three")
    finish(store)
    assert Store(files).read("settings") == b"three"
    assert files.files[newest] != damage


def test_each_changed_bit_is_noticed():
    files = RamFiles()
    store = Store(files)
    store.put("settings", b"value")
    finish(store)
    whole = files.files["data/settings/1"]
    for bit in range(8 * len(whole)):
        bad = bytearray(whole)
        bad[bit // 8] ^= 1 << bit % 8
        files.files["data/settings/1"] = bytes(bad)
        assert Store(files).read("settings") is None, bit


def test_two_copies_leave_no_older_value_behind():
    files = RamFiles()
    store = Store(files)
    store.put("settings", b"breaker 32 A", 2)
    finish(store)
    store.put("settings", b"breaker 16 A", 2)
    finish(store)
    for name in ("data/settings/0", "data/settings/1"):
        kept = dict(files.files)
        del files.files[name]
        assert Store(files).read("settings") == b"breaker 16 A"
        files.files = kept


def test_when_no_copy_is_whole_the_record_is_damaged_until_written_again():
    files = RamFiles()
    files.files["data/settings/0"] = b"rubbish"
    store = Store(files)
    assert store.read("settings") is None
    assert store.damaged == ["settings"]
    store.put("settings", b"new")
    finish(store)
    assert store.damaged == []


def test_a_first_copy_that_was_made_and_never_written_is_no_damaged_record():
    files = RamFiles()
    files.files["data/pin/1"] = b""
    store = Store(files)
    assert store.read("pin") is None
    assert store.damaged == []
    store.put("pin", b"one", 2)
    finish(store)
    assert Store(files).read("pin") == b"one"
    for others in ({"data/pin/0": b""}, {"data/pin/0": b"HDRM"}):
        files.files.update({"data/pin/1": b"", **others})
        store = Store(files)
        assert store.read("pin") is None
        assert store.damaged == ["pin"]


def test_a_step_is_one_call_of_the_file_system():
    files = Counting()
    store = Store(files)
    for name in ("settings", "journal"):
        store.read(name)
    store.put("settings", b"one", 2)
    store.put("journal", b"two")
    while store.busy():
        before = files.calls
        store.step(25)
        assert files.calls - before <= 1


def test_an_idle_store_does_nothing():
    files = Counting()
    store = Store(files)
    finish(store)
    assert files.calls == 0


def test_a_full_volume_is_told_and_tried_again_later():
    files = RamFiles()
    store = Store(files)
    store.put("journal", b"one")
    files.full = True
    finish(store)
    assert store.failed == 28
    assert store.busy()
    files.full = False
    store.step(RETRY_MS)
    finish(store)
    assert store.failed == 0
    assert Store(files).read("journal") == b"one"


class Tight(RamFiles):
    """A volume without a free block: only what is short has room, in its folder."""

    tight = True

    def open(self, path, mode):
        if mode == "wb" and self.tight and "energy" not in path:
            raise OSError(28, path)
        return super().open(path, mode)


def test_what_is_short_does_not_wait_for_what_finds_no_room_and_nothing_older_comes_after_the_newer():
    files = Tight()
    store = Store(files)
    for number in range(8):
        for name, size in (("journal", 2116), ("usage", 1021), ("energy", 102)):
            store.put(name, bytes([number]) * size)
        for _ in range(RETRY_MS // 25):
            store.step(25)
    assert Store(files).read("energy")[0] >= 5
    assert sorted(entry[0] for entry in store.queue if entry[0] != "energy") == ["journal", "usage"]
    files.tight = False
    for _ in range(3 * RETRY_MS // 25):
        store.step(25)
    assert not store.busy()
    assert {Store(files).read(name)[0] for name in ("journal", "usage", "energy")} == {7}


def test_what_is_left_of_an_older_value_that_failed_is_dropped_for_the_newer():
    files = RamFiles()
    store = Store(files)
    store.put("journal", b"1" * 2116)
    store.step(25)
    store.step(25)
    store.step(25)
    store.put("journal", b"2" * 2116)
    files.full = True
    finish(store)
    files.full = False
    store.step(RETRY_MS)
    finish(store)
    assert Store(files).read("journal")[:1] == b"2"
    assert not store.busy()


def test_a_dead_flash_is_told_and_raises_nothing():
    files = Counting()
    files.broken = True
    store = Store(files)
    assert store.read("settings") is None
    assert store.damaged == ["settings"]
    store.put("settings", b"one")
    finish(store)
    assert store.failed == 5


def test_the_newest_value_wins_while_an_older_one_is_being_written():
    files = RamFiles()
    store = Store(files)
    store.put("settings", b"one", 2)
    store.step(25)
    store.put("settings", b"two", 2)
    store.put("settings", b"three", 2)
    finish(store)
    assert Store(files).read("settings") == b"three"
    del files.files["data/settings/0"]
    assert Store(files).read("settings") == b"three"


def test_a_copy_of_another_form_is_not_taken_for_one():
    files = RamFiles()
    store = Store(files)
    store.put("settings", b"one")
    finish(store)
    other = struct.pack("<4sII", b"NEXT", 1, 3)
    files.files["data/settings/1"] = other + struct.pack("<I", crc32(b"one", crc32(other)) & 0xFFFFFFFF) + b"one"
    assert Store(files).read("settings") is None


def test_a_flash_that_fails_is_left_in_peace_for_a_minute():
    files = Counting()
    store = Store(files)
    store.read("journal")
    files.broken = True
    store.put("journal", b"one")
    store.step(25)
    before = files.calls
    for _ in range(RETRY_MS // 25):
        store.step(25)
    assert files.calls == before
    store.step(25)
    assert files.calls == before + 1


def fails_once(files, store):
    """The flash refuses one step."""
    files.broken = files.full = True
    store.step(25)
    assert store.failed
    files.full = False
    files.broken = False


def has_the_fault_soon(files, store):
    """Within a quarter of a second, far less than a failed flash is left in peace, the fault is stored."""
    for _ in range(10):
        store.step(25)
    assert Store(files).read("faults") == b"weld"


def test_a_fault_waits_for_no_journal_that_failed():
    files = Counting()
    store = Store(files)
    store.read("journal")
    store.put("journal", b"one")
    fails_once(files, store)
    store.put("faults", b"weld", 2)
    has_the_fault_soon(files, store)


def test_a_fault_that_came_while_a_journal_was_written_and_failed_is_the_next():
    files = Counting()
    store = Store(files)
    store.read("journal")
    store.put("journal", b"one")
    store.step(25)
    store.put("faults", b"weld", 2)
    fails_once(files, store)
    has_the_fault_soon(files, store)


def test_a_fault_that_fails_itself_is_left_in_peace_for_a_minute():
    files = Counting()
    store = Store(files)
    store.read("faults")
    files.broken = True
    store.put("faults", b"weld", 2)
    store.step(25)
    before = files.calls
    for _ in range(RETRY_MS // 25):
        store.step(25)
    assert files.calls == before
