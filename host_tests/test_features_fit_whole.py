"""What the settings ask for takes the place of what was there when it is whole: memory may be short for any part of it."""

import sys

import pytest
from bench.chip.terminal import Terminal
from bench.table import Table
from bench.world.bus import Line
from headroom import features
from headroom.terms.records import Limits

HOUSE = [(0, 3000, 0, 0)]


def test_a_feature_that_finds_no_memory_costs_none_that_was_fitted(monkeypatch):
    class Broken:
        def __init__(self, _):
            raise MemoryError

    limits = Limits()
    limits.cap_w, limits.rise_ma_s = 9000, 200
    fitted: list = []
    features.fit(limits, fitted)
    before = [*fitted, "a wish"]
    fitted.append("a wish")
    plain = features.asked
    monkeypatch.setattr(features, "asked", lambda limits: [*plain(limits), Broken])
    with pytest.raises(MemoryError):
        features.fit(limits, fitted)
    assert fitted == before


class Desk:
    """A charger whose RS-485 port a manager has, by its console."""

    def __init__(self):
        self.terminal = Terminal()
        self.table = Table(HOUSE, port=self.terminal, fidelity="rms", breaker_ma=25000)
        table = self.table
        board = table.module.board
        Line(4).wire(table.chip, board.RS485_RX_PIN, "charger", board.RS485_DE_PIN)
        self.say("set bus manager", "set remote_safe_ma 7A", "save")

    def say(self, *lines):
        return self.terminal.ask_all(self.table, *lines)

    @property
    def limits(self):
        """The ceilings from outside that the guard asks."""
        return self.table.charger.guard.offer.more


def test_a_manager_for_whom_memory_is_short_keeps_its_old_place_and_gets_the_new_one_once():
    desk = Desk()
    charger = desk.table.charger
    desk.table.live(90000)
    assert charger.verdict.offer_ma == 7000
    server = sys.modules["headroom.serve.manager.server"]
    kept, server.Manager = server.Manager, lambda *_: [][0]
    ports, parts = charger.ports, len(charger.service.parts)
    desk.say("set bus_address 5", "save")
    for _ in range(20):
        desk.table.live(1000)
        assert charger.ports is ports
        assert desk.limits == [ports.remote]
        assert charger.verdict.offer_ma == 7000
    assert charger.service.mishaps
    server.Manager = kept
    desk.table.live(2000)
    assert charger.ports.manager.address == 5
    assert desk.limits == [charger.ports.remote]
    assert len(charger.service.parts) == parts
    desk.say("set bus none", "save")
    assert desk.limits == []
    assert len(charger.service.parts) == parts - 1
