"""One wrong word at the set-up, on the whole firmware: what is measured is guarded all the same, and the word is named."""

from bench.chip.terminal import Terminal
from bench.table import Table

BREAKER_MA = 25000
EVENING = [(0, 2000, 9000, 3000), (60000, 2000, 16000, 3000), (120000, 2000, 9000, 3000), (180000, 2000, 17000, 3000)]


class House(Table):
    """A house of three phases with a three-phase car of 22 A, and a console."""

    def __init__(self, house=EVENING, **scenario):
        self.terminal = Terminal()
        told = {"breaker_ma": BREAKER_MA, "car_ma": 22000, "car_phases": 3, "fidelity": "rms"}
        told.update(scenario)
        super().__init__(house, port=self.terminal, **told)
        self.over_ms = 0

    def watch(self, seconds):
        """Live; ``over_ms``: the longest time at a stretch with a phase over its rating by more than 0.3 A."""
        over_ms = 0
        for _ in range(seconds * 40):
            self.tick()
            over = max(self.world.line_ma(phase, self.world.car.drawn_ma) for phase in range(3)) > BREAKER_MA + 300
            over_ms = over_ms + 25 if over else 0
            self.over_ms = max(self.over_ms, over_ms)
        return self

    def says(self, line):
        if self.scan:
            self.scan.step_ms = 25
        return self.terminal.ask(self, line)


def test_a_charger_set_to_one_phase_too_few_never_leaves_another_one_overloaded():
    house = House(settings={"phases": 1}).watch(240)
    assert house.over_ms < 7000  # 5 s for the car, a second and the window
    assert house.world.car.drawn_ma >= 6000


def test_it_says_so_in_status_why_log_and_the_status_line():
    house = House(settings={"phases": 1}).watch(240)
    wrong = "phases or wiring is wrong: the car draws on L2 and L3"
    assert wrong in house.says("status").split("\n")[0]
    assert wrong + ": set wiring or phases" in house.says("status")
    assert wrong in house.says("why")
    assert "phases and wiring contradicts what is measured" in house.says("log")


def test_what_moves_with_the_car_is_the_cars_in_usage():
    house = House(settings={"phases": 1}).watch(240)
    wh = house.charger.energy.wh
    drawn_wh = house.world.car.taken_mams // 3 * 230 // 3600000000
    for phase in range(3):
        assert abs(wh[3 + phase] - drawn_wh) <= drawn_wh // 10, (phase, wh, drawn_wh)


def test_a_charger_that_is_wired_to_one_phase_indeed_is_told_nothing_and_waits_for_no_other():
    house = House([(0, 2000, 22000, 3000)], car_phases=1, settings={"phases": 1}).watch(120)
    assert house.world.car.drawn_ma > 20000
    assert house.charger.verdict.contrary == 0


def test_the_words_end_when_the_setting_is_right():
    house = House(settings={"phases": 1}).watch(240)
    house.says("set phases 3")
    house.says("save")
    house.watch(180)
    assert "wrong" not in house.says("status")
    assert "phases and wiring agrees with what is measured again" in house.says("log")


def test_set_phases_says_what_is_left_out():
    told = House(plugged_ms=[], car_phases=3).says("set phases 1")
    assert "not wired then: L2 and L3" in told


def test_a_breaker_set_far_below_what_the_house_draws_is_named_within_the_day():
    house = House([(0, 16000, 2000, 2000)], plugged_ms=[], settings={"breaker_ma": 10000})
    house.scan.step_ms = 1000
    house.live(700000)
    assert "breaker_ma is below what the house alone draws" in house.says("status")
    right = House([(0, 16000, 2000, 2000)], plugged_ms=[], settings={"breaker_ma": 16000})
    right.scan.step_ms = 1000
    right.live(700000)
    assert right.charger.verdict.contrary == 0


def test_what_the_car_draws_is_not_the_houses():
    house = House([(0, 4000, 4000, 4000)])
    house.watch(30)
    house.scan.step_ms = 1000
    house.live(700000)
    assert house.charger.verdict.contrary == 0


def test_a_wrong_frequency_is_named_and_measured_right_all_the_same():
    house = House([(0, 4000, 4000, 4000)], fidelity="waveform", hz=60, mains_mhz=50000, plugged_ms=[])
    house.live(15000)
    assert "hz is wrong: the mains have 50" in house.says("why")


def test_a_voltage_that_was_never_what_mains_v_says_is_named_and_a_broken_neutral_is_not():
    wrong = House([(0, 4000, 4000, 4000)], board="metered", settings={"mains_v": 120}, plugged_ms=[])
    wrong.live(20000)
    assert "V are measured: set mains_v" in wrong.says("status")
    broken = House([(0, 4000, 4000, 4000)], board="metered", plugged_ms=[])
    broken.live(20000)
    broken.world.volts_mv = 300000
    broken.live(20000)
    assert "mains_v" not in broken.says("status")


def test_a_minimum_above_the_safe_current_says_what_that_costs():
    house = House(plugged_ms=[])
    told = "min_ma 8 A is above trust_safe_ma 6 A"
    assert told in house.says("set min_ma 8A")
    house.says("save")
    assert told in house.says("status")


def test_an_import_limit_above_the_breaker_is_refused():
    house = House(plugged_ms=[])
    house.says("set import_ma 40A")
    assert "import_ma 40 A is above breaker_ma: it would limit nothing" in house.says("save")


def test_a_charger_rating_above_the_cables_is_told_as_the_cable():
    house = House([(0, 2000, 2000, 2000)], board="socket", car_phases=1, car_ma=32000)
    house.world.cable_ohm = 680
    house.watch(60)
    assert "the cable's rating, 20.0 A" in house.says("why")
