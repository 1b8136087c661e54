"""A garage with a fuse of its own, 32 A, behind a supply of 63 A: each phase of both is kept, whichever is the nearer."""

import pytest
from bench.site import Site

SUPPLY_MA, GARAGE_MA = 63000, 32000
OVER_MA, OWN_MS = 200, 1000
STEP_MS, STEPS_AT_MS, FALLS_AT_MS, END_MS = 50, 90000, 120000, 160000
QUIET_MA, LOUD_MA = 5000, 45000  # of the house; the louder leaves 18 A of the supply, less than the garage's fuse
THREE = {"car_ma": 16000, "car_phases": 3, "settings": {"phases": 3}}


def single(line):
    """A car of 32 A on one of the supply's phases, from 0."""
    lines = [line, (line + 1) % 3, (line + 2) % 3]
    wiring = "".join(f"l{each + 1}" for each in lines)
    return {"car_ma": 32000, "car_phases": 1, "wiring": lines, "settings": {"phases": 3, "wiring": wiring}}


class Garage(Site):
    """``over_ms`` of fuse and supply, per phase: the longest in one piece; ``cars`` of each moment."""

    def __init__(self, loud, loss_permille):
        rows = [[t_ms, *[QUIET_MA] * 3] for t_ms in (0, STEPS_AT_MS, FALLS_AT_MS)]
        rows[1][1 + loud] = LOUD_MA
        settings = {"group_ma": GARAGE_MA, "group_safe_ma": 0}
        super().__init__(rows, [THREE, single(0), single(1), THREE], SUPPLY_MA, settings, loss_permille, 3)
        self.over_ms = {}
        self.now_ms = {}

    def live(self, until_ms):
        while self.t_ms < until_ms:
            self.step(STEP_MS, False)
            for phase in range(3):
                cars_ma = self.due_ma(phase)
                for what, excess_ma in (
                    (("fuse", phase), cars_ma - GARAGE_MA),
                    (("supply", phase), self.house_ma[phase] + cars_ma - SUPPLY_MA),
                ):
                    self.now_ms[what] = self.now_ms.get(what, 0) + STEP_MS if excess_ma > OVER_MA else 0
                    self.over_ms[what] = max(self.over_ms.get(what, 0), self.now_ms[what])

    def due_ma(self, phase):
        return sum(min(self.drawn_ma(place, phase), self.offered_ma(place)) for place in range(len(self.tables)))


@pytest.mark.parametrize("loss_permille", [0, 50])
@pytest.mark.parametrize("loud", [0, 1, 2])
def test_fuse_and_supply_are_both_kept_on_each_phase_through_a_step_of_the_house_on_one(loud, loss_permille):
    garage = Garage(loud, loss_permille)
    garage.live(STEPS_AT_MS)
    fullest_ma = max(garage.due_ma(phase) for phase in range(3))
    assert GARAGE_MA - 2000 < fullest_ma <= GARAGE_MA + OVER_MA, "the fuse is the nearer"
    garage.live(FALLS_AT_MS)
    assert garage.due_ma(loud) <= SUPPLY_MA - LOUD_MA + OVER_MA, "the supply is"
    garage.live(END_MS)
    assert set(garage.over_ms) == {(what, phase) for what in ("fuse", "supply") for phase in range(3)}
    assert all(ms <= OWN_MS for ms in garage.over_ms.values()), garage.over_ms
    assert garage.over_ms["supply", loud] > 0 or loud == 2, "what was looked for can be seen"
    assert all(garage.over_ms["fuse", phase] == 0 for phase in range(3)), "the leases alone never pass the fuse"
