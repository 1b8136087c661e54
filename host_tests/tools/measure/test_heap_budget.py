"""What each folder of the firmware may keep of the chip's heap, measured on a 32-bit VM; ready, and after a day of use."""

import pytest
from headroom_tools.measure import heap_cost, vm32, wishes_cost
from headroom_tools.sim import runner

pytestmark = pytest.mark.skipif(vm32.node() is None, reason=vm32.MISSING)

# kB by folder on the board that has most of it: what it is today and a little. Who needs more makes room first.
BUDGET_KB = {
    "terms": 4.6,
    "sense": 14.8,
    "monitor": 7.1,
    "guard": 14.5,
    "law": 9.1,
    "record": 4.1,
    "act": 5.4,
    "serve": 24.4,  # or sense: whoever is read when the VM's table of names grows by 2.3 kB
    "root": 5.7,  # 0.9 of it the shelf
    heap_cost.MADE: 19.2,
}
KEPT_KB = {"reference": 95.5, "metered": 101.6, "minimal": 93.1, "socket": 102.6}
LARGEST_KB = {
    "reference": 5,
    "metered": 5.3,
    "minimal": 4.7,
    "socket": 5.3,
}  # a block that is free in one piece when ready, where nothing was collected during the start
WISHES_BYTES = 1024
LEAST_FREE_KB = 24.5  # with an answer in memory, after a day of console and faults
# which boards have nothing of a part: its source is not in what they are sent
WITHOUT = {
    "guard/button.py": {"minimal"},
    "guard/selftest.py": {"minimal"},
    "sense/slow.py": {"minimal"},
    "act/lock.py": {"reference", "metered", "minimal"},
    "act/overseer.py": {"reference", "metered"},
    "guard/proximity.py": {"reference", "metered", "minimal"},
    "law/dimming.py": {"reference", "minimal", "socket"},
    "law/line.py": {"reference", "minimal"},
    "sense/power.py": {"reference", "minimal"},
}
# what a household that asks for it keeps of it
PARTS_KB = {"law/tariff.py": 1.64, "law/asymmetry.py": 0.8, "law/total.py": 0.82, "law/gentle.py": 0.7}


def over(board):
    """What of a board is beyond its budget, in kB."""
    kept = heap_cost.kept(board)
    assert set(kept.rooms) == set(BUDGET_KB), "a folder without a budget, or a budget without a folder"
    found = {room: bytes / 1000 for room, bytes in kept.rooms.items() if bytes > BUDGET_KB[room] * 1000}
    if kept.total > KEPT_KB[board] * 1000:
        found["in all"] = kept.total / 1000
    if kept.largest < LARGEST_KB[board] * 1000:
        found["largest block"] = kept.largest / 1000
    return found


def test_the_reference_boards_folders_stay_within_their_budgets_and_so_does_it():
    assert over("reference") == {}


@pytest.mark.parametrize("board", heap_cost.boards()[1:])
def test_each_other_boards_folders_stay_within_their_budgets_and_so_does_it(board):
    assert over(board) == {}


def test_a_household_that_sets_no_wish_keeps_no_more_than_a_kilobyte_for_them():
    assert wishes_cost.cost("reference", sum(wishes_cost.CUTS.values(), ())) <= WISHES_BYTES


def test_a_day_of_console_and_faults_leaves_room():
    assert heap_cost.day("reference").least_free >= LEAST_FREE_KB * 1000


@pytest.mark.skipif(runner.micropython() is None, reason="needs the MicroPython VM")
def test_what_is_free_when_ready_lies_together_for_the_start_collects_as_it_goes():
    vm = runner.micropython()
    free, largest = heap_cost.in_one_piece(vm, heap_cost.start_bytes())
    assert largest >= free * 80 // 100
    free, largest = heap_cost.in_one_piece(vm, -1)
    assert largest < free * 60 // 100, "the start leaves no garbage between what stays: main.py need not collect"


WIRED = (
    "ports",
    "grouping",
    "gathering",
    "guard.lease",
    "guard.ledger",
    "guard.remote",
    "law.pool",
    "law.share",
    "law.age",
)
WIRED += ("sense.bus", "sense.rtu", "sense.client", "sense.meters", "serve.group", "serve.manager", "record.billed")


@pytest.mark.parametrize("board", ["minimal", "socket"])
def test_a_board_without_a_bus_keeps_no_module_of_bus_meter_group_or_manager(board):
    files = {name.removesuffix(".py").replace("/", ".") for name in heap_cost.texts(board)}
    wired = {name for name in files if name.removeprefix("headroom.").startswith(WIRED)}
    assert len(wired) > 20, "each is a file of its own, so it would show"
    assert not wired & set(heap_cost.kept(board).parts)


@pytest.mark.parametrize("part", WITHOUT)
def test_a_board_without_a_part_is_sent_nothing_of_it(part):
    having = {board for board in heap_cost.boards() if f"headroom/{part}" in sources(board)}
    assert having == set(heap_cost.boards()) - WITHOUT[part]


def sources(board):
    """The files of the source that something of what a board is sent comes from."""
    return {source for file in heap_cost.texts(board).values() for source, _ in file.lines.values()}


@pytest.mark.parametrize("part", PARTS_KB)
def test_a_part_that_a_setting_asks_for_is_read_only_then_and_stays_within_its_budget(part):
    name = "headroom." + part[:-3].replace("/", ".")
    assert name not in heap_cost.kept("reference").parts
    assert 0 < heap_cost.costs("reference", name) <= PARTS_KB[part] * 1000


def test_what_an_object_keeps_is_noticed():
    line = "        self.flash = 0  # which flash of the code it is at\n"
    fatter = heap_cost.kept(
        "minimal", cuts=(("headroom/act/lamp.py", line, f"{line}        self.spare = bytearray(4000)\n"),)
    )
    assert 3800 < fatter.total - heap_cost.kept("minimal").total < 4300


def test_small_ints_have_31_bits_there_and_what_is_larger_allocates():
    count = "def allocated(n):\n    before = gc.mem_alloc()\n    n + 1\n    return gc.mem_alloc() - before"
    said = vm32.run([f"import gc\n{count}\nprint(allocated((1 << 30) - 2), allocated((1 << 30) - 1) > 0)"], {})
    assert said == "0 True\n"


def test_a_script_that_fails_is_told_with_its_traceback():
    with pytest.raises(SystemExit, match=r"the 32-bit VM: Traceback[\s\S]*ZeroDivisionError"):
        vm32.run(["1 // 0"], {})
