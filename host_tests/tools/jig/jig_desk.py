"""What the tests of the jig with a device share: a station at a device on the desk, and the sheet run on it."""

from contextlib import contextmanager

from headroom_tools.device import device
from headroom_tools.jig import station, worksheet
from headroom_tools.jig.bench_instruments import Bench
from headroom_tools.jig.dut import Board

ROLES = ("relays", "source", "voltmeter", "rcd", "counter", "safety", "thermometer", "scope")
FIRST = {100, 110, 120, 130, 140}  # a board that was never flashed needs these


def station_text(board="reference", home="device", more=""):
    sections = [f"[{role}]\ndriver = bench\nhome = {home}" for role in ROLES]
    sections.insert(0, f"[station]\nname = bench\nboard = {board}\n{more}")
    sections += ["[order]\nbreaker_ma = 25A", "[serial]\ncounter = counter.txt\nprefix = HR-"]
    return "\n".join(sections) + "\n"


class Fixture:
    """A device in the fixture, and what the sheet finds on it."""

    def __init__(self, folder, running, board):
        self.folder = folder
        self.running = running
        self.board = board
        (folder / "station.ini").write_text(station_text(board, running.home))
        self.station = station.load(folder / "station.ini")

    def run(self, only):
        """Runs these steps; returns {code: outcome} and what was said."""
        results = worksheet.tried(Board(self.running.port), self.station, set(only), print)
        self.said = {each.step.code: each.said for each in results}
        return {each.step.code: each.outcome for each in results}

    def tell(self, *commands):
        """Break something, or mend it."""
        for command in commands:
            Bench(self.running.home, self.station.relays.instrument).tell(command)


@contextmanager
def fixture(folder, board="reference", speed="10"):
    """A device of this board in the fixture, not yet flashed."""
    with device.desk(folder / "device", "--baud", "0", "--speed", speed, "--board", board) as running:
        yield Fixture(folder, running, board)
