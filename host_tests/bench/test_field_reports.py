"""What people reported of other chargers, played on this one: each test names the report; tools/readme/field.md has the table."""

from bench.chip.terminal import Terminal
from bench.table import Table

STEP_MS = 25
AS_SOON = {"resume_dwell_ms": 5000}


class House(Table):
    """Three phases, and what a person beside it would note down."""

    def __init__(self, house, **scenario):
        settings = dict(AS_SOON)
        settings.update(scenario.pop("settings", {}))
        scenario["fidelity"] = scenario.get("fidelity", "rms")
        self.terminal = Terminal()
        super().__init__(house, port=self.terminal, settings=settings, **scenario)
        self.longest_ms = self.closings = self.faults = self.most_ma = 0
        self.opened_at_ma = []

    def watch(self, seconds, each=lambda ms: None):
        """Live; ``longest_ms``: on end above the rating with a car that draws, from 0.3 A on."""
        over_ms = 0
        for ms in range(0, seconds * 1000, STEP_MS):
            each(ms)
            self.scan.step_ms = STEP_MS
            drawn_ma, closed = self.world.car.drawn_ma, self.world.contactor
            self.tick()
            over = max([self.world.line_ma(phase, self.world.car.drawn_ma) for phase in range(3)])
            over_ms = over_ms + STEP_MS if over > self.scenario["breaker_ma"] + 300 and self.world.car.drawn_ma else 0
            self.longest_ms = max(self.longest_ms, over_ms)
            self.faults |= self.charger.verdict.faults
            self.most_ma = max(self.most_ma, self.charger.verdict.offer_ma)
            self.closings += self.world.contactor and not closed
            if closed and not self.world.contactor:
                self.opened_at_ma.append(drawn_ma)
        return self

    def says(self, *lines):
        for line in lines:
            self.scan.step_ms = STEP_MS
            said = self.terminal.ask(self, line)
        return said


def test_evcc_29532_another_phase_over_its_rating_does_not_stop_a_car_that_is_not_on_it():
    house = House([(0, 2000, 2000, 2000), (60000, 2000, 2000, 27000)], car_ma=16000, settings={"phases": 3}).watch(360)
    assert house.charger.verdict.offer_ma == 16000
    assert house.opened_at_ma == []
    assert not house.faults


def test_evcc_22770_breakers_that_differ_from_phase_to_phase():
    own = {"phases": 3, "breaker_l2_ma": 25000, "breaker_l3_ma": 20000}
    house = House([(0, 10000, 6000, 12000)], breaker_ma=32000, car_ma=16000, car_phases=3, settings=own).watch(90)
    assert house.world.car.drawn_ma == 7999  # what L3 has left of its 20 A


def test_evcc_13867_a_car_that_takes_less_than_the_least_is_not_stopped_again_and_again():
    house = House([(0, 500, 500, 500)], breaker_ma=10000, car_ma=5000).watch(1200)
    assert (house.closings, house.opened_at_ma, house.longest_ms) == (1, [], 0)
    assert house.world.car.drawn_ma == 5000


def test_evcc_26380_switched_on_it_offers_what_is_free_and_not_more_for_a_while():
    house = House([(0, 3200, 0, 0)], breaker_ma=10000, car_ma=16000).watch(40)
    for line in ("mode slow", "pause", "resume", "boost"):
        house.says(line)
        house.watch(30)
    assert house.most_ma <= 6900
    assert house.longest_ms == 0
    assert 6500 < house.world.car.drawn_ma <= 6800


def test_everest_762_an_offer_that_changes_every_three_seconds_is_no_overdraw_of_a_slow_car():
    house = House([(0, 2000, 0, 0)], board="socket", car="silent").watch(60)

    def restless(ms):
        house.world.house_ma = (2000 + ms // 3000 * 3700 % 15000, 0, 0)

    house.watch(300, restless)
    assert not house.faults
    assert house.opened_at_ma == []
    assert house.longest_ms < 6000


def test_open_evse_102_a_pause_opens_the_contactor_when_the_car_has_stopped():
    house = House([(0, 2000, 0, 0)], board="socket", car="silent").watch(60)
    assert house.world.car.drawn_ma > 20000
    house.says("pause")
    house.watch(10)
    assert house.opened_at_ma == [0]


def test_openwb_2487_after_an_interruption_the_offer_is_that_of_all_phases_that_the_car_uses():
    evening = [(0, 2000, 2000, 2000), (90000, 2000, 22000, 2000), (120000, 2000, 16000, 2000)]
    house = House(evening, car_ma=16000, car_phases=3, settings={"phases": 3}).watch(115)
    house.most_ma = 0
    house.watch(180)
    assert house.most_ma == 9000
    assert house.world.car.drawn_ma == 8999
    assert house.longest_ms < 6000


def test_openeo_27_a_car_that_draws_thirty_of_its_ten_amperes_is_stopped_where_a_clamp_sees_it():
    house = House([(0, 2000, 0, 0)], board="socket", breaker_ma=40000, car_ma=30000, settings={"charger_ma": 10000})
    car = house.world.car
    told_ma = car._target_ma
    car._target_ma = lambda: 30000 if told_ma() else 0
    house.watch(60)
    assert not house.world.contactor
    assert "car draws more than offered" in house.says("status")


def test_smartevse_281_a_charge_by_sun_ends_after_its_ten_minutes_and_not_after_one():
    noon = [(0, -12000, 0, 0), (120000, 500, 0, 0)]
    house = House(noon, board="metered", car_ma=16000, settings={"phases": 1, "exports": "yes", "solar": "only"}).watch(
        120
    )
    assert house.world.car.drawn_ma > 10000
    house.watch(540)
    assert house.world.contactor
    house.watch(120)
    assert not house.world.contactor


def test_smartevse_71_three_phases_over_their_rating_stop_a_car_on_three():
    house = House(
        [(0, 2000, 2000, 2000), (60000, 28000, 28000, 28000)], car_ma=16000, car_phases=3, settings={"phases": 3}
    )
    house.watch(80)
    assert not house.world.contactor
    assert house.longest_ms < 6000


def test_smartevse_19_a_car_that_waits_before_it_draws_finds_an_offer_that_is_free_when_it_does():
    """There the offer grew while nobody drew, and 18 A came on a supply of 10 A."""
    evening = [(0, 3000, 0, 0), (30000, 1000, 0, 0), (45000, 3900, 0, 0), (55000, 1000, 0, 0), (75000, 2500, 0, 0)]
    house = House(evening, breaker_ma=10000, car_ma=18000, car="hesitant", seed=3).watch(20)
    assert house.world.contactor
    assert house.world.car.drawn_ma == 0
    house.watch(160)
    assert 7300 < house.world.car.drawn_ma <= 7500
    assert house.most_ma <= 9000
    assert house.longest_ms < 6000
