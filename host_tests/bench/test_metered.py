"""A charger whose currents come from a meter on its bus: what it offers, and what it never exceeds."""

from bench.table import Table
from bench.world import meters as world
from bench.world.bus import Line
from headroom.terms import meter_faults

HOUSE_MA = 5000


class House:
    """A house on the bench with an SDM630, or a P1 port, in place of its clamps."""

    def __init__(self, trace, meter="sdm630", breaker_ma=25000, **settings):
        self.line = Line(2)
        bus = "none" if meter.startswith("p1") else "meter"
        wanted = {"bus": bus, "meter": meter, **settings}
        self.table = Table(trace, fidelity="rms", breaker_ma=breaker_ma, settings={})
        table = self.table
        board, chip = table.module.board, table.chip
        if bus == "meter":
            self.line.wire(chip, board.RS485_RX_PIN, "charger", board.RS485_DE_PIN)
        else:
            board.METER_TX_PIN, board.METER_RX_PIN, board.METER_INVERTED = 5, 4, True
            self.line.wire(chip, 4, "charger").upside_down = True
        every_us = 10000000 if meter == "p1-10s" else 1000000
        self.seen = world.Seen(self.supply_ma, every_us)
        if bus == "meter":
            self.meter = world.Eastron(self.line, self.seen)
        else:
            self.meter = world.P1Port(self.line, self.seen, every_us // 1000)
        settings_of = table.charger.settings
        settings_of.parts = None
        for name, value in wanted.items():
            settings_of.stage(name, str(value))
        settings_of.save()
        table.charger.apply_settings()

    def supply_ma(self, phase):
        """What the supply carries, with its sign."""
        return self.table.world.line_ma(phase, self.table.world.car.drawn_ma)

    def live(self, ms):
        """Returns the verdict."""
        return self.table.live(ms)

    @property
    def doubt(self):
        return self.table.charger.verdict.doubt

    @property
    def offer_ma(self):
        return self.table.charger.verdict.offer_ma


def test_the_car_gets_what_the_meter_says_is_free():
    house = House([(0, HOUSE_MA, 0, 0)])
    house.live(120000)
    assert house.doubt == meter_faults.OK
    assert house.table.charger.verdict.closed
    assert 18000 <= house.offer_ma <= 20000


def test_without_a_meter_that_answers_nothing_is_offered_in_the_end():
    house = House([(0, HOUSE_MA, 0, 0)])
    house.meter.silent = True
    house.live(120000)
    assert house.doubt == meter_faults.NO_ANSWER
    assert house.offer_ma == 0


def test_a_meter_that_is_lost_costs_the_offer_in_stages_and_what_is_offered_never_rises():
    house = House([(0, HOUSE_MA, 0, 0), (130000, 15000, 0, 0)])
    house.live(120000)
    held_ma = house.offer_ma
    house.meter.silent = True
    offers = []
    for _ in range(200):
        house.live(500)
        offers.append(house.offer_ma)
    assert offers == sorted(offers, reverse=True)
    assert offers[0] <= held_ma
    assert 6000 in offers
    assert offers[-1] == 0
    house.meter.silent = False
    house.live(120000)
    assert house.doubt == meter_faults.OK
    assert 6000 <= house.offer_ma <= 10000


def test_a_meter_that_freezes_is_named_and_the_offer_falls():
    house = House([(0, HOUSE_MA, 0, 0)])
    house.live(120000)
    house.seen.stuck = True
    house.live(100000)
    assert house.doubt == meter_faults.REPEATS
    assert house.offer_ma == 0


def test_a_meter_with_its_words_the_wrong_way_round_is_named():
    house = House([(0, HOUSE_MA, 0, 0)], meter="generic", generic_form="float-swapped")
    house.live(30000)
    assert house.doubt == meter_faults.GARBLED
    house.live(90000)
    assert house.offer_ma == 0


def test_export_is_not_taken_for_load_nor_load_for_export():
    house = House([(0, -9000, 0, 0)], exports="yes")
    house.live(30000)
    assert house.table.charger.readings.grid_ma[0] < -8500
    house = House([(0, 9000, 0, 0)], exports="yes")
    house.live(30000)
    assert house.table.charger.readings.grid_ma[0] > 8500


def test_a_smart_meters_port_governs_at_one_and_at_ten_seconds():
    for meter in ("p1", "p1-10s"):
        house = House([(0, HOUSE_MA, 0, 0)], meter=meter)
        house.live(300000)
        assert house.doubt == meter_faults.OK, meter
        assert 15000 <= house.offer_ma <= 20000, meter


def test_the_age_of_a_reading_is_known():
    house = House([(0, HOUSE_MA, 0, 0)])
    house.live(2000)
    ages = []
    for _ in range(400):
        house.table.tick()
        ages.append(house.table.charger.readings.age_ms)
    assert 1000 <= min(ages) <= 1200
    assert 1200 <= max(ages) <= 1700


def test_a_clamp_that_the_meter_contradicts_is_in_doubt():
    house = House([(0, HOUSE_MA, 0, 0)], meter_role="check")
    house.live(120000)
    assert house.doubt == meter_faults.OK
    assert house.offer_ma >= 19000

    def half(grid_ma):
        grid_ma[0] //= 2

    house.table.scan.clamps = half
    house.live(60000)
    assert house.doubt in (meter_faults.DISAGREES, meter_faults.SHORT_OF_CAR)


def test_a_meter_that_only_checks_and_is_lost_costs_nothing():
    house = House([(0, HOUSE_MA, 0, 0)], meter_role="check")
    house.live(120000)
    house.meter.silent = True
    house.live(120000)
    assert house.doubt == meter_faults.OK
    assert house.offer_ma >= 19000
