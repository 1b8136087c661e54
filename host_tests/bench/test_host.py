"""The bench loads the firmware anew, and nothing of the last one is left in it."""

from bench import host


def test_a_firmware_that_is_loaded_piece_by_piece_runs_on_its_own_board_and_not_on_the_last_ones():
    host.load("socket")
    host.load("reference", "headroom.sense.meters.table")
    assert host.load("reference", "headroom.sense.bus", fresh=False).board.NAME == "reference"
