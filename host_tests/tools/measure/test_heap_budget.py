"""What each folder of the firmware may keep of the chip's heap, measured on a 32-bit VM; ready, and after a day of use."""

import pytest
from headroom_tools.measure import heap_cost, vm32

pytestmark = pytest.mark.skipif(vm32.node() is None, reason=vm32.MISSING)

# kB by folder on the board that has most of it: what it is today and a little. Who needs more makes room first.
BUDGET_KB = {
    "terms": 6.2,
    "sense": 16.9,
    "monitor": 6,
    "guard": 19.3,
    "law": 13.2,
    "record": 3.3,
    "act": 6.5,
    "serve": 30,
    "root": 3.7,
    heap_cost.MADE: 28.5,
}
KEPT_KB = {"reference": 128.8, "metered": 131.9, "minimal": 129.3, "socket": 132.5}
LARGEST_KB = 3  # a block that is free in one piece when ready
LEAST_FREE_KB = 4  # with an answer in memory, after a day of console and faults


@pytest.mark.parametrize("board", heap_cost.boards())
def test_each_folder_stays_within_its_budget(board):
    rooms = heap_cost.kept(board).rooms
    assert set(rooms) == set(BUDGET_KB), "a folder without a budget, or a budget without a folder"
    over = {room: bytes / 1000 for room, bytes in rooms.items() if bytes > BUDGET_KB[room] * 1000}
    assert over == {}


@pytest.mark.parametrize("board", heap_cost.boards())
def test_each_board_stays_within_its_budget(board):
    assert heap_cost.kept(board).total <= KEPT_KB[board] * 1000
    assert heap_cost.kept(board).largest >= LARGEST_KB * 1000


def test_a_day_of_console_and_faults_leaves_room():
    assert heap_cost.day("reference").least_free >= LEAST_FREE_KB * 1000


def test_a_kilobyte_more_is_noticed(monkeypatch):
    before = heap_cost.kept("minimal").rooms["act"]
    plain = heap_cost.without_viper

    def fatter(text, bodies):
        return plain(text, bodies) + ("EXTRA = [bytearray(1000)]\n" if "class Lamp" in text else "")

    def forget():
        heap_cost.kept.cache_clear()
        heap_cost.texts.cache_clear()

    forget()
    monkeypatch.setattr(heap_cost, "without_viper", fatter)
    try:
        assert 1000 < heap_cost.kept("minimal").rooms["act"] - before < 1300
    finally:
        forget()


def test_small_ints_have_31_bits_there_and_what_is_larger_allocates():
    count = "def allocated(n):\n    before = gc.mem_alloc()\n    n + 1\n    return gc.mem_alloc() - before"
    said = vm32.run([f"import gc\n{count}\nprint(allocated((1 << 30) - 2), allocated((1 << 30) - 1) > 0)"], {})
    assert said == "0 True\n"


def test_a_script_that_fails_is_told_with_its_traceback():
    with pytest.raises(SystemExit, match=r"the 32-bit VM: Traceback[\s\S]*ZeroDivisionError"):
        vm32.run(["1 // 0"], {})
