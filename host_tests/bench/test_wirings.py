"""Wirings that exist, on the whole firmware: rotated phases, one or two phases that are not the first, between two lines.

Told by ``wiring``, each charges like any other, and a clamp that is really open is found; untold, the advice leads to ``wiring``.
"""

from bench.chip.terminal import Terminal
from bench.table import Table
from headroom.law.car_current import SUSPECT_MS
from headroom.terms import meter_faults, wiring
from headroom.terms.standard import FOLLOW_MS

BREAKER_MA = 25000
HOUSE = (0, 3000, 2000, 4000)  # from 0 ms on
CEILINGS_MA = (16000, 8000, 12000, 7000, 14000)
STEP_MS = 15000

# (setting wiring, setting phases, phases of the car, the supply's phases that it draws on)
WIRED = (
    ("l2l3l1", 3, 1, {1}),
    ("l3l1l2", 3, 1, {2}),
    ("l2l3l1", 3, 2, {1, 2}),
    ("l1l3l2", 3, 2, {0, 2}),
    ("l3l2l1", 3, 3, {0, 1, 2}),
    ("l2", 1, 1, {1}),
    ("l2l3", 2, 2, {1, 2}),
    ("l1l3", 2, 2, {0, 2}),
    ("l1l3", 2, 1, {0}),
    ("l1-l2", 1, 1, {0, 1}),
    ("l2-l3", 1, 1, {1, 2}),
    ("l1-l3", 1, 1, {0, 2}),
)


class Wired(Table):
    """A charger wired so, and told so unless ``told`` is False; the household's ceiling moves, and the offer with it."""

    def __init__(self, name, phases, car_phases, told=True, house=None, fidelity="rms", breaker_ma=BREAKER_MA):
        choice = wiring.CHOICES.split(" ").index(name)
        settings = {"phases": phases, "wiring": name} if told else {"phases": 3}
        settings["resume_dwell_ms"] = 5000
        self.terminal = Terminal()
        super().__init__(
            house or [HOUSE],
            port=self.terminal,
            fidelity=fidelity,
            breaker_ma=breaker_ma,
            car_phases=car_phases,
            wiring=wiring.all_of(wiring.lines(choice, 3)),
            between=choice >= wiring.BETWEEN,
            settings=settings,
        )
        self.over_ms = 0

    def move(self, times=10):
        """The offer goes up and down; True when no doubt was raised meanwhile."""
        for number in range(times):
            self.charger.limits.household_ma = CEILINGS_MA[number % len(CEILINGS_MA)]
            if self.watch(STEP_MS):
                return False
        return True

    def watch(self, ms):
        """Live; the first doubt, or FINE. ``over_ms``: the longest time at a stretch with a line over by more than 0.3 A."""
        over_ms = 0
        until_us = self.chip.us + ms * 1000
        while self.chip.us < until_us:
            before_us = self.chip.us
            self.tick()
            drawn_ma = self.world.car.drawn_ma
            over = max(self.world.line_ma(phase, drawn_ma) for phase in range(3)) > BREAKER_MA + 300
            over_ms = over_ms + (self.chip.us - before_us) // 1000 if over else 0
            self.over_ms = max(self.over_ms, over_ms)
            if self.charger.verdict.doubt:
                return self.charger.verdict.doubt
        return meter_faults.OK


def test_a_wiring_that_is_told_is_no_doubt_and_the_car_charges():
    for name, phases, car_phases, lines in WIRED:
        table = Wired(name, phases, car_phases)
        assert {phase for phase in range(3) if table.world.uses(phase)} == lines, name
        assert table.move(), (name, car_phases, meter_faults.NAME[table.charger.verdict.doubt])
        table.charger.limits.household_ma = 16000
        assert not table.watch(60000), name
        assert table.world.car.drawn_ma > 13000, name
        assert table.charger.verdict.contrary == 0, name


def test_its_energy_is_booked_on_the_phases_that_it_draws_on():
    for name, phases, car_phases, lines in WIRED:
        if "-" in name:
            continue
        table = Wired(name, phases, car_phases)
        table.move()
        drawn_wh = table.world.car.taken_mams // car_phases * 230 // 3600000000
        for phase in range(3):
            expected_wh = drawn_wh if phase in lines else 0
            assert abs(table.charger.energy.wh[3 + phase] - expected_wh) <= drawn_wh // 10, (name, phase)


def test_the_fullest_of_its_phases_bounds_the_offer_and_no_other():
    for name, phases, car_phases, lines in WIRED:
        for phase in range(3):
            full = [60000, 1000, 1000, 1000]
            full[1 + phase] = 15000
            table = Wired(name, phases, car_phases, house=[(0, 1000, 1000, 1000), tuple(full)])
            table.watch(120000)
            drawn_ma = table.world.car.drawn_ma
            assert table.over_ms < 7000, (name, phase)
            if phase not in lines:
                assert drawn_ma > 22000, (name, car_phases, phase, drawn_ma)
            else:
                assert 6000 <= drawn_ma < (12000 if "-" in name else 10100), (name, car_phases, phase, drawn_ma)


def test_an_open_clamp_of_the_cars_is_found_in_every_wiring():
    for name, phases, car_phases, lines in WIRED:
        for phase in sorted(lines):
            table = Wired(name, phases, car_phases)
            table.watch(60000)
            assert not table.charger.verdict.doubt

            def falls_off(grid_ma, phase=phase):
                grid_ma[phase] = 0

            table.scan.clamps = falls_off
            assert not table.move(20), (name, car_phases, phase)
            assert table.charger.guard.fallback.phase == phase, (name, phase)


def test_untold_it_is_named_and_the_advice_leads_to_the_setting():
    for name, phases, car_phases, lines in WIRED:
        if 0 in lines or "-" in name:
            continue
        table = Wired(name, phases, car_phases, told=False)
        assert not table.move(20), name
        doubt = table.charger.verdict.doubt
        assert doubt in (meter_faults.WRONG_PHASE, meter_faults.OTHERS), (name, meter_faults.NAME[doubt])
        assert "set wiring" in table.terminal.ask(table, "why")


def test_one_that_leaves_out_l2_is_named_so_too():
    table = Wired("l1l3l2", 3, 2, told=False)
    assert not table.move(20)
    assert (table.charger.verdict.doubt, table.charger.guard.fallback.phase) == (meter_faults.OTHERS, 1)


def test_a_dead_clamp_is_still_told_from_a_wiring():
    table = Wired("straight", 3, 3, told=False)

    def falls_off(grid_ma):
        grid_ma[0] = 0

    table.scan.clamps = falls_off
    assert not table.move(20)
    assert table.charger.verdict.doubt in (meter_faults.SHORT_OF_CAR, meter_faults.UNPLUGGED)


def test_between_two_lines_the_clamps_see_the_sum_of_the_vectors_at_both_fidelities():
    for name, lines in (("l1-l2", (0, 1)), ("l2-l3", (1, 2)), ("l1-l3", (0, 2))):
        table = Wired(name, 1, 1, fidelity="waveform")
        table.watch(25000)
        drawn_ma = table.world.car.drawn_ma
        assert drawn_ma > 15000
        for phase in range(3):
            expected_ma = table.world.line_ma(phase, drawn_ma)
            assert abs(table.charger.readings.grid_ma[phase] - expected_ma) < 400, (name, phase)
            assert (expected_ma > HOUSE[1 + phase] + 9000) == (phase in lines)


def test_a_roof_that_hides_one_of_the_cars_phases_at_each_start_costs_one_reaction_of_the_car_and_no_more():
    roof_ma = -7500
    house = [(0, roof_ma), (60000, 12500), (90000, roof_ma), (240000, -3000), (270000, 500), (300000, 12500)]
    table = Wired("l2l3", 2, 2, house=[(at_ms, 500, 500, l3_ma) for at_ms, l3_ma in house], breaker_ma=16000)
    over_ms = 0
    while table.chip.us < 360000000:
        before_us = table.chip.us
        table.tick()
        far_over = table.world.line_ma(2, table.world.car.drawn_ma) > 16000 + 3000  # a car at its minimum is less
        over_ms = over_ms + (table.chip.us - before_us) // 1000 if far_over else 0
        table.over_ms = max(table.over_ms, over_ms)
    assert 1000 < table.over_ms < SUSPECT_MS + FOLLOW_MS
