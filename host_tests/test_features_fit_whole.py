"""What the settings ask for takes the place of what was there when it is whole: memory may be short for any part of it."""

import builtins
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


class NoMemoryFor:
    """Of these modules, until it is over: who imports one finds no memory."""

    def __init__(self, monkeypatch, *names):
        self.names = names
        plain = builtins.__import__

        def scarce(name, *rest):
            if name in self.names:
                raise MemoryError
            return plain(name, *rest)

        monkeypatch.setattr(builtins, "__import__", scarce)

    def over(self):
        self.names = ()


SUNNY = [(0, -9000, -9000, -9000)]
SUN = {"exports": "yes", "solar": "only", "total_w": 20000, "asymmetry_ma": 20000}
# lines for the console, what they ask for that finds no memory, and what is fitted once there is some
CHANGES = (
    (("boost",), "headroom.law.total", ["Dimming", "Asymmetry", "Line", "Total"]),
    (
        ("set solar off", "set total_w 0", "set asymmetry_ma 0", "set rise_ma_s 300", "save"),
        "headroom.law.gentle",
        ["Dimming", "Line", "Gentle"],
    ),
    (
        ("set mode slow", "save"),
        "headroom.serve.answers.said",
        ["Slow", "Solar", "Dimming", "Asymmetry", "Line", "Total"],
    ),
)


@pytest.mark.parametrize(("lines", "scarce", "then"), CHANGES, ids=[change[1].rpartition(".")[2] for change in CHANGES])
def test_settings_that_find_no_memory_leave_the_charge_as_it_is_until_there_is_some(lines, scarce, then, monkeypatch):
    """What is fitted never meets limits that are not its own: a charge by sun ended in the tick that had no sun set any more."""
    terminal = Terminal()
    table = Table(SUNNY, port=terminal, board="metered", fidelity="rms", car_phases=3, breaker_ma=63000, settings=SUN)
    terminal.ask_all(table, "timetable else 10A")
    table.live(90000)
    charger = table.charger
    offered_ma, before = charger.verdict.offer_ma, list(charger.more)
    assert 6000 < offered_ma <= 9000
    memory = NoMemoryFor(monkeypatch, scarce)
    terminal.ask_all(table, *lines)
    for _ in range(20):
        assert abs(table.live(1000).offer_ma - offered_ma) < 500
        assert charger.more == before
    assert charger.service.mishaps
    memory.over()
    table.live(2000)
    assert [type(each).__name__ for each in charger.more] == [*then, "Wishes"]
    mishaps = charger.service.mishaps
    table.live(5000)
    assert charger.service.mishaps == mishaps


def test_a_meter_that_finds_no_memory_for_what_is_set_anew_keeps_the_price_of_its_age(monkeypatch):
    terminal = Terminal()
    table = Table(HOUSE, port=terminal, fidelity="rms", breaker_ma=25000, meter="p1")
    table.live(30000)
    charger = table.charger
    margin, dwell_ms = charger.ports.margin, charger.limits.rise_dwell_ms
    assert charger.more[-1] is margin
    memory = NoMemoryFor(monkeypatch, "headroom.sense.meters.metered")
    terminal.ask_all(table, "set meter p1-10s", "save")
    table.live(5000)
    assert charger.service.mishaps
    assert charger.more[-1] is margin
    assert charger.limits.rise_dwell_ms == dwell_ms
    memory.over()
    table.live(1000)
    assert [type(each).__name__ for each in charger.more].count("Age") == 1
    assert charger.more[-1] is charger.ports.margin is not margin
    assert charger.limits.rise_dwell_ms > dwell_ms


def test_a_peak_that_finds_no_memory_is_kept_as_soon_as_there_is_some(monkeypatch):
    terminal = Terminal()
    table = Table(HOUSE, port=terminal, fidelity="rms", breaker_ma=25000)
    charger = table.charger
    parts = len(charger.service.parts)
    memory = NoMemoryFor(monkeypatch, "headroom.serve.month")
    terminal.ask_all(table, "set cap_w 9000", "set cap_month yes", "save")
    table.live(3000)
    assert charger.service.mishaps
    assert charger.limits.peak is None
    memory.over()
    table.live(1000)
    assert charger.limits.peak is charger.service.month.peak
    assert len(charger.service.parts) == parts + 1


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
