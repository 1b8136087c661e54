"""A meter on a wire in place of the clamps: wired to a chip before its firmware starts, and set up as an installer would.

What is played is in bench/world/meters.py: an SDM630 on Modbus, and a smart meter's P1 port, quick and slow. The bench's steps
are then no longer than STEP_MS: the firmware asks and hears once a tick.
"""

import sys

from bench.world import meters
from bench.world.bus import Line

CLAMPS = "clamps"
NAMES = (CLAMPS, "sdm630", "p1", "p1-10s")
STEP_MS = 50
RX, TX = 4, 5  # of a port that no board has yet
QUICK_MS, SLOW_MS = 1000, 10000


def port(module, name):
    """Give the board the port that this meter needs, before a charger is made of the firmware ``module``."""
    if name.startswith("p1"):
        module.PARTS.append("METER_RX_PIN")
        for board in (
            module.board,
            sys.modules.get("board", module.board),
        ):  # the VM reads what comes late with another
            board.METER_TX_PIN, board.METER_RX_PIN, board.METER_INVERTED = TX, RX, True


def settings(name):
    """What an installer sets for it."""
    if name == CLAMPS:
        return {}
    return {"meter": name, "bus": "none" if name.startswith("p1") else "meter"}


def wire(table, name):
    """Join chip and meter; returns what plays the meter."""
    world, board, line = table.world, table.module.board, Line(2)
    every_ms = SLOW_MS if name == "p1-10s" else QUICK_MS

    def supply(phase):
        return world.line_ma(phase, world.car.drawn_ma)

    seen = meters.Seen(supply, every_ms * 1000, table.scenario["volts"] * 1000)
    if name.startswith("p1"):
        line.wire(table.chip, RX, "charger").upside_down = True
        return meters.P1Port(line, seen, every_ms)
    line.wire(table.chip, board.RS485_RX_PIN, "charger", board.RS485_DE_PIN)
    return meters.Eastron(line, seen)
