"""Whole firmwares on a line that carries bytes, each with a console to type on; charger 1's clamps are around the supply."""

from bench import host
from bench.chip.terminal import Terminal
from bench.table import Table, in_turn
from bench.world.bus import Line

TICK_MS = 25
LISTENS_MS = 6500
LIMIT_MA, HOUSE_MA = 32000, 2000


class Wired:
    """``boards``: what of its settings is not as in a group of all; ``supply``: whose clamps are around the supply."""

    def __init__(self, boards, supply=(0,)):
        self.line = Line()
        self.supply = supply
        self.tables, self.terminals = [], []
        self.most_ma = 0  # all cars together, at any time
        module = host.load("reference")
        for place, own in enumerate(boards):
            settings = {"bus": "group", "group_no": place + 1, "group_size": len(boards), "phases": 3}
            settings |= {"group_ma": LIMIT_MA, "group_safe_ma": 6000}
            if place not in supply:
                settings |= {"idle_ma": 0, "group_clamps": "cable"}
            self.terminals.append(Terminal())
            table = Table(
                (),
                port=self.terminals[-1],
                module=module,
                mac=b"\x24\x0a\xc4\x00\x02" + bytes([place + 1]),
                fidelity="rms",
                breaker_ma=LIMIT_MA if place in supply else 16000,
                settings=settings | own,
                seed=place + 1,
                car_ma=16000,
                car_phases=3,
                phases=3,
            )
            board = module.board
            self.line.wire(table.chip, board.RS485_RX_PIN, f"charger {place + 1}", board.RS485_DE_PIN)
            table.chip.leap(place * TICK_MS * 1000 // len(boards))
            table.scan.step_ms = TICK_MS
            self.tables.append(table)

    def live(self, ms):
        """So long for all."""
        for table in in_turn(self.tables, ms):
            if self.tables.index(table) in self.supply:
                for phase in range(3):
                    others = [each.world.car_ma(phase) for each in self.tables if each is not table]
                    table.world.house_ma[phase] = HOUSE_MA + sum(others)
            table.tick()
            self.most_ma = max(self.most_ma, sum(each.world.car_ma(0) for each in self.tables))

    def group(self):
        """What each board says to ``group``, line by line."""
        for terminal in self.terminals:
            terminal.text()
            terminal.send(b"group\r")
        self.live(LISTENS_MS)
        return [terminal.text().replace("\r", "").split("\n")[1:] for terminal in self.terminals]

    def offers(self):
        """What each pilot allows, in mA."""
        return [table.world.offered_ma for table in self.tables]
