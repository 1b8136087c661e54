"""A charger whose currents come from a meter on its bus: what it offers, and what it never exceeds."""

import sys

import pytest
from bench.chip.terminal import Terminal
from bench.table import Table
from bench.world import meters as world
from bench.world.bus import Line
from headroom.guard import faults
from headroom.terms import meter_faults

HOUSE_MA = 5000


class House:
    """A house on the bench with an SDM630, or a P1 port, in place of its clamps."""

    def __init__(self, trace, meter="sdm630", breaker_ma=25000, port=None, car_phases=1, car="plain", **settings):
        self.line = Line(2)
        bus = "none" if meter.startswith("p1") else "meter"
        wanted = dict(settings)
        wanted.update({"bus": bus, "meter": meter})
        self.table = Table(trace, port=port, fidelity="rms", breaker_ma=breaker_ma, car_phases=car_phases, car=car)
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
        table.charger.settings.parts = None
        self.set(**wanted)

    def set(self, **wanted):
        """Somebody sets these, and saves."""
        settings = self.table.charger.settings
        for name, value in wanted.items():
            settings.stage(name, str(value))
        settings.save()
        self.table.charger.apply_settings()

    def clamps_off(self):
        """They lie beside the cable: nothing, and nothing wrong with them."""

        def idle(grid_ma):
            for phase in range(3):
                grid_ma[phase] = 300

        self.table.scan.clamps = idle

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


def named(house, ms):
    """The doubts that were told within so long."""
    told = set()
    for _ in range(ms // 500):
        house.live(500)
        told.add(house.doubt)
    return told


def test_a_meter_that_jumps_is_named_and_the_offer_falls():
    house = House([(0, HOUSE_MA, 0, 0)])
    house.live(60000)
    before_ma = house.offer_ma
    told = set()
    for _ in range(3):
        house.meter.spoil = lambda register, value: value + 90 if register == 6 else value
        told |= named(house, 1000)
        house.meter.spoil = None
        told |= named(house, 4000)
    assert meter_faults.JUMPS in told
    assert house.offer_ma < before_ma


def test_a_meter_that_is_slower_than_it_says_is_named():
    house = House([(0, HOUSE_MA, 0, 0)], meter="p1")
    house.live(60000)
    assert not house.doubt
    house.meter.period_us, house.seen.every_us = 10000000, 10000000  # a port of DSMR 4 set as one of DSMR 5
    assert {meter_faults.LATE, meter_faults.NO_ANSWER} <= named(house, 60000)
    quick = House([(0, HOUSE_MA, 0, 0)])
    quick.live(60000)
    quick.seen.every_us = 6000000  # its registers are refreshed so seldom
    assert meter_faults.LATE in named(quick, 60000)


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
        ages.append(house.table.charger.ports.age_ms())
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


def test_a_meter_that_contradicted_the_clamps_and_then_dies_contradicts_nobody_after_a_minute():
    """Its cable is drawn, as who looks for the fault does: the clamps are whole, and no car may wait for a restart."""
    house = House([(0, HOUSE_MA, 0, 0)], meter_role="check")
    house.live(60000)
    plain = house.seen.supply
    house.seen.supply = lambda phase: plain(phase) + 12000
    house.live(60000)
    assert house.doubt == meter_faults.DISAGREES
    house.meter.silent = True
    house.live(30000)
    assert house.doubt == meter_faults.DISAGREES, "a cable that is loose for a moment forgives no clamp"
    house.live(180000)
    assert house.doubt == meter_faults.OK
    assert house.table.charger.verdict.closed


def test_the_console_tells_what_the_meter_says_how_old_it_is_and_how_it_is_heard():
    house = House([(0, HOUSE_MA, 0, 0)], port=Terminal())
    house.table.live(30000)
    told = house.table.port.ask(house.table, "meter")
    assert "sdm630, supply: 1." in told
    assert "L1  " in told
    assert " W  2" in told
    assert "0 refusals, 0 silences, 0 bytes that were none" in told
    assert "does not answer" not in told
    house.meter.silent = True
    house.table.live(10000)
    assert "the meter is silent (the meter does not answer): look at its wires" in house.table.port.ask(
        house.table, "meter"
    )


def test_without_a_meter_the_console_says_how_to_get_one():
    terminal = Terminal()
    table = Table([(0, HOUSE_MA, 0, 0)], port=terminal, fidelity="rms")
    table.live(3000)
    assert "no meter is read" in terminal.ask(table, "meter")


def test_a_scan_finds_address_speed_parity_and_type():
    for baud, parity, address, words in (
        (9600, 0, 1, "sdm630 or sdm72 at address 1, 9600 baud, parity none"),
        (19200, 2, 5, "sdm630 or sdm72 at address 5, 19200 baud, parity even"),
        (2400, 0, 3, "sdm630 or sdm72 at address 3, 2400 baud, parity none"),
    ):
        terminal = Terminal()
        table = Table([(0, HOUSE_MA, 0, 0)], port=terminal, fidelity="rms", plugged_ms=[])
        line = Line(3)
        board = table.module.board
        line.wire(table.chip, board.RS485_RX_PIN, "charger", board.RS485_DE_PIN)
        seen = world.Seen(lambda phase: 3000, 1000000)
        world.Eastron(line, seen, baud, parity, address)
        table.live(3000)
        assert words in terminal.ask(table, "meter scan", 120000), words
        assert table.charger.ports.bus is None  # and nothing stays behind


def test_a_scan_of_a_dead_bus_says_so_and_one_while_a_car_charges_is_refused():
    terminal = Terminal()
    table = Table([(0, HOUSE_MA, 0, 0)], port=terminal, fidelity="rms", plugged_ms=[])
    table.live(3000)
    assert "nobody answers" in terminal.ask(table, "meter scan", 200000)
    charging = Terminal()
    table = Table([(0, HOUSE_MA, 0, 0)], port=charging, fidelity="rms")
    table.live(60000)
    assert table.charger.verdict.closed
    assert "the contactor is closed" in charging.ask(table, "meter scan")


def test_a_meter_that_does_not_fit_is_refused_when_it_is_set_and_nothing_is_applied():
    terminal = Terminal()
    table = Table([(0, HOUSE_MA, 0, 0)], port=terminal, fidelity="rms")
    table.live(3000)
    assert "set bus meter" in terminal.ask(table, "set meter sdm630")
    assert "refused" in terminal.ask(table, "save") or "set bus meter" in terminal.ask(table, "save")
    assert "this board has no port for it" in terminal.ask(table, "set meter p1")
    assert "one of" in terminal.ask(table, "set meter sdm999").lower() or "no such" in terminal.ask(
        table, "set meter sdm999"
    )
    terminal.ask(table, "set bus meter")
    terminal.ask(table, "set bus_baud 9601")
    assert "bus_baud 9601: it is one of" in terminal.ask(table, "save")
    assert table.charger.ports is None


def test_a_table_is_wired_to_each_meter_that_a_run_may_be_governed_by():
    offers = {}
    for meter in ("clamps", "sdm630", "p1", "p1-10s"):
        table = Table([(0, 3000, 0, 0)], fidelity="rms", breaker_ma=25000, meter=meter)
        table.scan.step_ms = 50
        table.live(100000)
        offers[meter] = table.charger.verdict.offer_ma
        heard = table.charger.heard()
        assert (heard is None) == (meter == "clamps")
        assert heard is None or heard["readings"] > 5
    assert offers["clamps"] > offers["sdm630"] > offers["p1-10s"] > 18000  # what is kept free for a reading's age


def test_a_search_that_was_stopped_gives_the_meter_back_and_meanwhile_nothing_passes_for_its_reading():
    terminal = Terminal()
    house = House([(0, 3000, 0, 0), (100000, 22000, 0, 0)], port=terminal)
    house.clamps_off()
    house.live(60000)
    terminal.ask(house.table, "pause", 12000)
    terminal.send(b"meter scan\r")
    house.live(300)
    terminal.send(b"\x1b")
    house.live(500)
    assert "stopped" in terminal.text()
    terminal.ask(house.table, "resume", 1000)
    house.live(35000)
    assert house.table.world.t_ms > 108000
    for _ in range(120):
        house.live(1000)
        assert house.supply_ma(0) <= 25000
    assert house.doubt == meter_faults.OK
    assert house.table.charger.readings.grid_ma[0] == 22000


@pytest.mark.parametrize("ticks", range(8))  # a reading comes in one of them: the search may begin in that one
def test_while_the_bus_is_searched_its_meter_is_silent_and_a_car_that_comes_gets_the_safe_current_at_most(ticks):
    terminal = Terminal()
    house = House([(0, 20000, 0, 0)], port=terminal, resume_dwell_ms="5000")
    house.clamps_off()
    house.table.world.car.plugged = False
    house.live(20000 + 25 * ticks)
    house.meter.silent = True
    terminal.send(b"meter scan\r")
    house.live(500)
    house.table.world.car.plugged = True
    offers = []
    for _ in range(18):
        house.live(1000)
        offers.append(house.offer_ma)
    assert house.table.charger.ports.finder is not None
    assert house.doubt == meter_faults.NO_ANSWER
    assert house.table.charger.readings.grid_ma[0] == 20000, "what it said last, and not what the clamps say"
    house.live(100000)
    assert house.table.charger.ports.finder is None
    assert max([*offers, house.offer_ma]) <= 6000
    assert house.doubt == meter_faults.NO_ANSWER


def test_what_a_meter_told_is_not_known_any_more_once_it_is_taken_away():
    for role in ("supply", "car"):
        house = House([(0, 3000, 0, 0)], meter_role=role)
        house.table.world.car.plugged = False
        house.live(20000)
        assert house.table.charger.readings.power_ok == (role == "supply")
        assert house.table.charger.readings.car_ok == (role == "car")
        house.set(bus="none", meter="none")
        house.live(1000)
        assert not house.table.charger.readings.power_ok
        assert not house.table.charger.readings.car_ok


def test_a_car_meter_that_is_taken_away_while_its_car_draws_stops_no_charge_later():
    house = House([(0, 0, 0, 0)], meter_role="car")
    house.live(100000)
    assert house.table.charger.readings.car_ma > 15000
    house.set(bus="none", meter="none", household_ma="8A")
    for _ in range(60):
        house.live(1000)
    assert house.table.charger.verdict.fault == 0
    assert house.table.world.car.drawn_ma > 7500


def test_a_meter_that_sees_one_phase_leaves_the_others_unknown_and_not_empty():
    house = House([(0, 3000, 3000, 3000), (60000, 3000, 20000, 20000)], meter="p1", car_phases=3)
    house.meter.phases = 1
    house.clamps_off()
    for _ in range(180):
        house.live(1000)
        assert house.offer_ma <= 6000
    assert (house.doubt, house.table.charger.verdict.doubt_phase) == (meter_faults.STALE, 1)
    assert house.offer_ma == 0
    house.set(phases="1")
    house.live(120000)
    assert house.doubt == meter_faults.OK
    assert house.offer_ma >= 15000


def test_nobody_counts_what_a_silent_meter_said_last():
    house = House([(0, 3000, 0, 0)])
    house.live(30000)
    house.meter.silent = True
    house.live(10000)
    energy = house.table.charger.energy
    counted = [list(energy.wh), list(energy.rest_wms)]
    house.live(100000)
    assert [energy.wh, energy.rest_wms] == counted
    house.meter.silent = False
    house.live(100000)
    assert energy.supply_wh() > sum(counted[0][:3])


def test_a_reading_that_comes_in_a_window_that_ended_early_is_heard_in_the_next():
    house = House([(0, HOUSE_MA, 0, 0), (300000, 20000, 0, 0)], meter="p1-10s")
    house.live(300000)
    charger = house.table.charger
    for _ in range(800):
        house.table.scan.early = True
        house.table.tick()
        if charger.ports.new and charger.readings.grid_ma[0] > 30000:
            break
    house.table.scan.early = False
    offer_ma = house.offer_ma
    house.live(100)
    assert house.offer_ma < offer_ma - 10000


def test_what_the_meter_has_no_part_in_binds_while_it_is_silent():
    house = House([(0, 1000, 0, 0)], trust_hold_ms="60000", trust_safe_ma="32000")
    house.live(120000)
    assert house.table.world.car.drawn_ma > 20000
    house.meter.silent = True
    house.live(5000)
    assert house.doubt == meter_faults.NO_ANSWER
    house.table.charger.limits.household_ma = 8000
    house.live(7000)
    assert house.table.world.car.drawn_ma <= 8000


def test_a_generic_meter_whose_power_lies_far_from_its_current_is_read_without_it_and_named_when_it_is_set():
    house = House([(0, HOUSE_MA, 0, 0)], meter="generic")
    settings = house.table.charger.settings
    settings.stage("generic_watts", "1000")
    assert "994 registers from generic_amps" in settings.wrong()[0]
    for amps, watts in ((6, 1000), (6, 41)):
        settings.values.update({"generic_amps": amps, "generic_watts": watts})  # as an older version has stored them
        house.table.charger.apply_settings()
        house.live(10000)
        assert house.table.charger.service.mishaps == 0
        assert house.table.charger.readings.grid_ma[0] >= HOUSE_MA


def test_what_fails_in_reading_a_meter_costs_the_offer_in_stages_and_no_tick():
    house = House([(0, HOUSE_MA, 0, 0)])
    house.live(120000)
    read = house.table.charger.ports.metered.source.step
    house.table.charger.ports.metered.source.step = lambda _: [][0]
    house.live(100000)
    assert (house.doubt, house.offer_ma) == (meter_faults.STALE, 0)
    assert house.table.charger.service.mishaps > 0
    house.table.charger.ports.metered.source.step = read
    house.live(120000)
    assert house.offer_ma > 15000


def test_a_meter_that_froze_in_a_quiet_house_is_named_once_the_car_charges_and_not_before_it_moves_again():
    house = House([(0, 300, 0, 0), (60000, 20000, 0, 0)])
    house.clamps_off()
    house.table.world.car.plugged = False
    house.live(20000)
    house.seen.stuck = True
    house.live(20000)
    assert house.doubt == meter_faults.OK
    house.table.world.car.plugged = True
    house.live(90000)
    assert house.doubt == meter_faults.REPEATS
    house.live(60000)
    for _ in range(120):
        house.live(1000)
        assert (house.doubt, house.offer_ma) == (meter_faults.REPEATS, 0)
    house.seen.stuck = False
    house.live(20000)
    assert house.doubt == meter_faults.OK


def test_a_reading_grows_old_for_as_long_as_the_meter_is_silent_whatever_the_clock_wraps():
    house = House([(0, HOUSE_MA, 0, 0)])
    house.live(3000)
    metered, readings = house.table.charger.ports.metered, house.table.charger.readings
    module = sys.modules[type(metered).__module__]
    kept, now_ms = module.ticks_ms, [metered.ticked_ms]
    module.ticks_ms = lambda: now_ms[0] & 0x3FFFFFFF
    try:
        for _ in range(3 << 16):
            now_ms[0] += 3000
            metered.read(readings, hears=False)
            assert metered.age_ms >= 3000
    finally:
        module.ticks_ms = kept
    assert metered.age_ms == 1 << 20


@pytest.mark.parametrize("role", ["supply", "car"])
def test_a_meter_that_tells_no_power_has_its_energy_counted_by_its_currents(role):
    house = House([(0, HOUSE_MA, 0, 0)], meter="generic", generic_watts=65535, meter_role=role)
    if role == "car":
        house.seen.supply = lambda phase: house.table.world.car.drawn_ma if phase == 0 else 0
    told = house.seen.supply
    house.seen.supply = lambda phase: told(phase) + house.seen.round % 7  # no real supply stands still
    house.live(120000)
    charger = house.table.charger
    assert not charger.verdict.doubt
    assert charger.verdict.closed
    assert charger.energy.car_wh() > 60
    assert charger.energy.wh[0] - charger.energy.wh[3] == pytest.approx(HOUSE_MA * 230 / 30 / 1000, abs=8)
    if role == "supply":
        assert not charger.readings.power_ok, "nothing tells the direction"


@pytest.mark.parametrize("feeds_in", [False, True])
def test_currents_that_a_meter_tells_with_a_sign_are_taken_as_its_power_says(feeds_in):
    house = House([(0, -9000 if feeds_in else 9000, 0, 0)], exports="yes")
    house.meter.spoil = lambda register, value: -value if 6 <= register < 12 else value
    house.table.world.car.plugged = False
    house.live(30000)
    assert not house.doubt
    assert house.table.charger.readings.grid_ma[0] == pytest.approx(-9000 if feeds_in else 9000, abs=300)


def test_a_car_whose_meter_tells_currents_with_a_sign_is_seen_to_draw():
    house = House([(0, 0, 0, 0)], meter_role="car")
    house.seen.supply = lambda phase: house.table.world.car.drawn_ma if phase == 0 else 0
    house.meter.spoil = lambda register, value: -value if 6 <= register < 12 else value
    house.live(60000)
    assert house.table.charger.readings.car_ma == pytest.approx(house.table.world.car.drawn_ma, abs=2000)


@pytest.mark.parametrize("lost_ms", [0, 1400])
def test_no_car_is_taken_to_overdraw_for_what_its_meter_says_later_than_the_car_does_it(lost_ms):
    house = House([(0, 0, 0, 0)], car="silent", meter_role="car")
    charger, world = house.table.charger, house.table.world
    house.seen.supply = lambda phase: world.car.drawn_ma if phase == 0 else 0
    for phase_ms in (0, 300, 600, 900):
        charger.limits.household_ma = 80000
        house.live(120000 + phase_ms - world.t_ms % 1000)
        assert charger.readings.car_ma > 15000
        charger.limits.household_ma = 8000
        cut_ms = world.t_ms
        while world.t_ms < cut_ms + 10000:
            house.meter.silent = 4900 <= world.t_ms - cut_ms < 4900 + lost_ms
            house.live(25)
            assert charger.verdict.faults == 0, (phase_ms, world.t_ms - cut_ms)


@pytest.mark.parametrize("lost_ms", [0, 1400])
def test_a_car_that_does_not_follow_is_told_by_its_meter_though_that_loses_answers(lost_ms):
    house = House([(0, 0, 0, 0)], car="late", meter_role="car")
    charger, world = house.table.charger, house.table.world
    house.seen.supply = lambda phase: world.car.drawn_ma if phase == 0 else 0
    house.live(300000)
    charger.limits.household_ma = 8000
    cut_ms = world.t_ms
    while not charger.verdict.faults >> faults.OVERDRAW & 1:
        assert world.t_ms < cut_ms + 9000
        house.meter.silent = (world.t_ms - cut_ms) % 2000 < lost_ms
        house.live(25)


def test_a_car_that_is_exchanged_for_another_between_two_readings_of_a_slow_meter_is_another():
    house = House([(0, 2000, 14000, 14000)], meter="p1-10s", car_phases=3, car="one-phase")
    charger, car = house.table.charger, house.table.world.car
    house.live(240000)
    assert charger.verdict.closed
    assert charger.law.car.uses == [True, False, False]
    count = charger.ports.metered.count
    while charger.ports.metered.count == count:
        house.live(50)
    car.plugged = False
    house.live(4000)
    car.plugged, car.phases = True, 3
    for _ in range(400):
        house.live(200)
        assert max(house.supply_ma(phase) for phase in range(3)) <= 25500
        assert charger.ports.metered.count > count + 1 or charger.law.car.uses == [True] * 3
    assert charger.verdict.closed


@pytest.mark.parametrize("mw", [1, 10, 300, 1000, 1500, 7500, 1000000])
def test_a_generic_meters_power_has_the_unit_that_is_set(mw):
    house = House([(0, HOUSE_MA, 0, 0)], meter="generic", generic_mw=mw)
    house.meter.spoil = lambda register, value: value * 1000 / mw if 12 <= register < 18 else value
    house.table.world.car.plugged = False
    house.live(10000)
    assert not house.doubt
    assert house.table.charger.readings.power_w[0] == pytest.approx(HOUSE_MA * 230 / 1000, abs=10)
