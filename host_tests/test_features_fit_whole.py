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


class NoRoom:
    def __init__(self, _):
        raise MemoryError


def test_a_feature_that_finds_no_memory_costs_none_that_was_fitted(monkeypatch):
    limits = Limits()
    limits.cap, limits.rise_ma_s = (9000, 900, None), 200
    fitted: list = []
    features.fit(limits, fitted)
    before = [*fitted, "a wish"]
    fitted.append("a wish")
    plain = features.asked
    monkeypatch.setattr(features, "asked", lambda limits: [*plain(limits), NoRoom])
    with pytest.raises(MemoryError):
        features.fit(limits, fitted)
    assert fitted == before


@pytest.mark.parametrize("scarce", ["all_of", "mask"])
def test_a_wiring_that_finds_no_memory_leaves_every_rating_as_it_was(monkeypatch, scarce):
    table = Table(HOUSE, fidelity="rms")
    charger = table.charger

    plain = builtins.__import__

    def without_room(name, *rest):
        module = plain(name, *rest)
        if name == "headroom.terms.wiring":
            setattr(module, scarce, NoRoom)
        return module

    monkeypatch.setattr(builtins, "__import__", without_room)
    charger.settings.values |= {"wiring": 3, "phases": 1, "breaker_ma": 10000}
    before = dict(vars(charger.limits))
    with pytest.raises(MemoryError):
        charger.apply_settings()
    assert vars(charger.limits) == before


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
    table.live(2000)
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
    assert charger.limits.cap[2] is None
    memory.over()
    table.live(1000)
    assert charger.limits.cap[2] is charger.service.month.peak
    assert len(charger.service.parts) == parts + 1


def test_a_rating_does_not_wait_for_a_clock_that_finds_no_memory(monkeypatch):
    terminal = Terminal()
    table = Table(HOUSE, port=terminal, fidelity="rms", breaker_ma=25000)
    memory = NoMemoryFor(monkeypatch, "headroom.serve.summer")
    terminal.ask_all(
        table, "set breaker_ma 16A", "set summer_min 60", "set summer_begins 3502", "set summer_ends 10502", "save"
    )
    table.live(1000)
    assert table.charger.service.mishaps
    assert table.charger.limits.breaker_ma == 16000
    memory.over()
    table.live(1000)
    assert type(table.charger.service.clock).__name__ == "SummerClock"


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


class Scarce(list):
    """A list for which memory is short, once."""

    short = True

    def append(self, each):
        if self.short:
            self.short = False
            raise MemoryError
        super().append(each)


def test_memory_that_is_short_while_one_manager_takes_anothers_place_leaves_the_charger_one_of_them():
    """A limit that was taken away and could not be taken away again, in each tick, was a manager's no more."""
    desk = Desk()
    charger = desk.table.charger
    desk.table.live(90000)
    parts = len(charger.service.parts)
    charger.guard.offer.more = Scarce(charger.guard.offer.more)
    desk.say("set bus_address 5", "save")
    desk.table.live(3000)
    assert charger.ports.manager.address == 5
    assert desk.limits == [charger.ports.remote]
    assert len(charger.service.parts) == parts
    assert charger.verdict.offer_ma == 7000
    desk.say("set bus none", "save")
    assert desk.limits == []
    assert charger.service.mishaps <= 1


@pytest.mark.parametrize("name", ["headroom.features", "headroom.law.wishes.wishes", "headroom.serve.wishes"])
def test_a_first_wish_that_finds_no_memory_counts_once_there_is_some(name, monkeypatch):
    port = Terminal()
    table = Table(HOUSE, port=port, fidelity="rms", breaker_ma=25000)
    port.ask_all(table, "time 2026-11-30 18:00")
    short = NoMemoryFor(monkeypatch, name)
    port.ask_all(table, "timetable else 0")
    short.over()
    assert "saved" in port.ask_all(table, "timetable else 0")
    service = table.charger.service
    table.live(1000)
    assert service.wishes.wishes in table.charger.more
    assert service.parts.count(service.wishes.step) == 1
    assert table.live(20000).offer_ma == 0
