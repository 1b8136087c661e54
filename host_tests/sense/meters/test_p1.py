"""P1 telegrams: Dutch, Flemish, at 1 and 10 s, whole, torn and spoilt."""

from bench import host
from bench.chip import chip as chips
from bench.world import meters as world
from bench.world.bus import Line

RX, TX = 4, 5


class Desk:
    """A chip whose METER port is wired to a smart meter."""

    def __init__(self, period_ms=1000, kind="dutch", phases=3):
        module = host.load("reference", "headroom.sense.meters.p1")
        board = module.bus.board
        board.METER_RX_PIN, board.METER_TX_PIN, board.METER_INVERTED = RX, TX, True
        self.chip = chips.Chip()
        chips.attach(self.chip)
        self.line = Line(1)
        tap = self.line.wire(self.chip, RX, "charger")
        tap.upside_down = True
        self.ma = [6512, 987, 12345]
        self.seen = world.Seen(lambda phase: self.ma[phase], 1000000)
        self.port = world.P1Port(self.line, self.seen, period_ms, kind, phases)
        self.p1 = module.P1("METER", period_ms == 10000)

    def live(self, ms, tick_ms=25):
        """Returns how many telegrams came."""
        came, until_us = 0, self.chip.us + ms * 1000
        while self.chip.us < until_us:
            self.chip.advance(tick_ms * 1000)
            came += self.p1.step(self.chip.us // 1000)
        return came


def test_a_telegram_is_as_long_as_they_are_and_takes_as_long():
    data = world.telegram([1000] * 3, [230] * 3, [230000] * 3)
    assert 700 <= len(data) <= 1100


def test_each_second_a_telegram_is_there():
    desk = Desk()
    assert desk.live(10500) == 10
    assert desk.p1.known
    assert desk.p1.torn == 0
    assert desk.p1.phases == 3


def test_whole_amperes_are_taken_for_half_an_ampere_more_or_what_power_says():
    desk = Desk()
    desk.live(2500)
    assert desk.p1.mv[0] in range(229500, 230500)
    for phase in range(3):
        assert abs(desk.p1.w[phase] - desk.seen.w[phase]) <= 1
        known_ma = abs(desk.p1.w[phase]) * 10000 // (desk.p1.mv[phase] // 100)
        whole_ma = desk.ma[phase] // 1000 * 1000
        assert desk.p1.ma[phase] == max(whole_ma + 500 if whole_ma else 0, known_ma)
        assert desk.p1.ma[phase] >= desk.ma[phase] - 60


def test_decimals_are_taken_as_they_are():
    for kind, off_ma in (("flemish", 5), ("tenths", 50)):
        desk = Desk(kind=kind)
        desk.live(2500)
        for phase in range(3):
            assert abs(desk.p1.ma[phase] - desk.ma[phase]) <= 2 * off_ma, kind


def test_export_shows_in_the_power_and_not_in_the_current():
    desk = Desk(kind="flemish")
    desk.ma = [-8000, 1000, 0]
    desk.live(2500)
    assert desk.p1.w[0] < -1700
    assert 7900 < desk.p1.ma[0] < 8100


def test_energy_is_the_sum_of_both_tariffs():
    desk = Desk()
    desk.live(2500)
    assert desk.p1.wh == 1234567 + 100000


def test_a_meter_with_one_phase_has_one():
    desk = Desk(phases=1)
    desk.live(2500)
    assert desk.p1.phases == 1
    assert desk.p1.known


def test_a_spoilt_byte_anywhere_costs_its_telegram_and_no_other():
    for place in (3, 40, 200, 500, 690):
        desk = Desk()
        desk.live(2500)
        desk.port.spoil = lambda data, place=place: data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :]
        assert desk.live(3000) == 0, place
        desk.port.spoil = None
        assert desk.live(3000) >= 2, place


def test_half_a_telegram_costs_itself_and_at_most_the_next():
    desk = Desk()
    desk.live(2500)
    desk.port.spoil = lambda data: data[:300]
    assert desk.live(3000) == 0
    desk.port.spoil = None
    assert desk.live(3100) >= 2


def test_a_telegram_without_a_crc_is_none():
    desk = Desk()
    desk.port.spoil = lambda data: data[:-6] + b"\r\n"
    assert desk.live(5000) == 0


def test_a_stall_of_a_flash_write_loses_no_telegram():
    desk = Desk()
    assert desk.live(10500, tick_ms=75) == 10


def test_a_line_that_never_ends_is_no_telegram_and_no_crash():
    desk = Desk()
    desk.port.spoil = lambda data: b"A" * 1100
    assert desk.live(5000) == 0
    desk.port.spoil = None
    assert desk.live(4000) >= 2
