"""`headroom jig rehearse`: a session as an operator has it, with no hardware: boards come and go at one port, some are broken.

Each board is a device of the bench of its own. An unseen hand takes it out when its line is in the batch file, and puts in
the next one.
"""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from headroom_tools.common.errors import BadInput
from headroom_tools.common.places import ROOT
from headroom_tools.device.device import desk
from headroom_tools.jig import batch, station
from headroom_tools.jig.bench_instruments import patiently
from headroom_tools.jig.session import Plan, Session

STATION = ROOT / "tools" / "headroom_tools" / "jig" / "bench.ini"
BROKEN = ("fault lamp on", "part clamp_ppm 150000 L2", "part trip_dc_minus_ua 7000")  # of every third board, in turn
SPEED = "10"
LOOK_S = 0.3
AWAY_S = 4  # no hand takes a board out and puts another one in sooner


class Hand:
    """Puts boards into the fixture and takes them out, one after the other, until it is told to end."""

    def __init__(self, folder: Path, boards: list[str], done: Callable[[], int]) -> None:
        self.port = folder / "port"
        self.home = folder / "fixture"
        self.folder = folder
        self.boards = boards
        self.done = done
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._work, daemon=True)

    def _work(self) -> None:
        for place, broken in enumerate(self.boards):
            home = self.folder / f"board {place + 1}"
            home.mkdir(parents=True)
            self._point(self.home, home)
            with ExitStack() as held:
                running = held.enter_context(desk(home, "--baud", "0", "--speed", SPEED, "--erase"))
                if broken:
                    patiently(home, broken)
                self._point(self.port, Path(running.port))
                while self.done() <= place and not self.ended.is_set():
                    time.sleep(LOOK_S)
                self.port.unlink()
                time.sleep(AWAY_S)
            if self.ended.is_set():
                return

    @staticmethod
    def _point(link: Path, target: Path) -> None:
        link.unlink(missing_ok=True)
        link.symlink_to(target)


def rehearse(folder: Path, count: int) -> int:
    """Tests ``count`` boards, every third of them broken; returns how many came out otherwise than they should have."""
    if folder.exists() and any(folder.iterdir()):
        raise BadInput(f"--out {folder}: it is not empty: name another folder, or empty it")
    folder.mkdir(parents=True, exist_ok=True)
    boards = [BROKEN[place // 3 % len(BROKEN)] if place % 3 == 1 else "" for place in range(count)]
    lines = folder / "batch.jsonl"
    hand = Hand(folder, boards, lambda: len(batch.read(lines).boards) if lines.exists() else 0)
    place = station.load(STATION, hand.home)
    place.counter_file = folder / "counter.txt"
    hand.thread.start()
    try:
        Session(place, Plan(str(hand.port), lines, folder, boards=count)).run()
    finally:
        hand.ended.set()
        hand.thread.join()
    came = [each["outcome"] == "pass" for each in batch.read(lines).boards]
    return sum(passed is bool(broken) for passed, broken in zip(came, boards, strict=True))
