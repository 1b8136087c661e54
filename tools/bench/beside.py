"""Boards beside each other on one supply, each with a console to type on: for the tour. Wired, but told nothing yet.

As on the bench of a group (bench/site.py): charger 1 has its clamps around the supply, the other around its own cable, and the
bus carries whole frames.
"""

from bench import host, metered
from bench.chip import chip as chips
from bench.chip.terminal import Terminal
from bench.site import Bus
from bench.table import Table

STEP_MS = 50
ANSWER_MS = 2000
NEVER_MS = 1 << 40


class Boards:
    """``ask(board, line)`` types on one and lets all live on; ``live`` lets time pass. Times in ms, boards from 0."""

    def __init__(self, count, breaker_ma, car_ma=16000, plugged_ms=(), meter=metered.CLAMPS):
        self.bus = Bus(0, 1)
        self.terminals = [Terminal() for _ in range(count)]
        self.tables = []
        module = host.load("reference")
        for place in range(count):
            tap = self.bus.tap() if count > 1 else None
            from_ms = plugged_ms[place] if place < len(plugged_ms) else NEVER_MS
            table = Table(
                (),
                port=self.terminals[place],
                module=module,
                bus=tap,
                mac=b"\x24\x0a\xc4\x00\x02" + bytes([place + 1]),
                fidelity="rms",
                breaker_ma=breaker_ma if place == 0 else car_ma,
                phases=3,
                car_phases=3,
                car_ma=car_ma,
                plugged_ms=[[from_ms, NEVER_MS]],
                seed=place + 1,
            )
            if tap is not None:
                tap.member = lambda table=table: table.charger.group
            self.tables.append(table)
        if meter != metered.CLAMPS:
            metered.wire(self.tables[0], meter)
        self.house_ma = [0, 0, 0]

    def live(self, ms):
        """All of them live for so long."""
        for _ in range(ms // STEP_MS):
            drawn = [[table.world.car_ma(phase) for phase in range(3)] for table in self.tables]
            others = [sum([each[phase] for each in drawn[1:]]) for phase in range(3)]
            self.tables[0].world.house_ma = [self.house_ma[phase] + others[phase] for phase in range(3)]
            for table in self.tables:
                chips.attach(table.chip)
                table.scan.step_ms = STEP_MS
                table.tick()

    def ask(self, board, line):
        """Type a line; returns the answer without the echo."""
        self.terminals[board].text()
        self.terminals[board].send(line.encode() + b"\r")
        self.live(ANSWER_MS)
        answer = self.read(board)
        return answer[answer.find("\n") + 1 :]

    def read(self, board):
        """What a board has said since then, without the prompt."""
        return self.terminals[board].text().replace("\n> ", "\n").rstrip("> ").rstrip("\n")
