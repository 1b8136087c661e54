"""The figure of a group's cut: it measures each follower, whatever the group has settled at, or says that it cannot."""

import pytest
from headroom_tools.measure import group_cut

SETTLED_MS = 50000


@pytest.fixture(scope="module")
def group():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(group_cut, "SETTLED_MS", SETTLED_MS)
        yield group_cut.Group(4, 115200)


def test_a_step_overloads_each_phase_with_a_car_whatever_the_group_has_settled_at(group):
    for house_ma in (group.base_ma, [20000, 30000, 0]):
        group.base_ma = house_ma
        group.live(30000)
        settled = [table.world.offered_ma for table in group.tables]
        took = group.cut(7000)
        assert all(group.tables[place].world.offered_ma < settled[place] for place in group.followers)
        assert 0 < took["window"] <= 60000
        assert took["all"] == sum(took[name] for name in ("window", "wait", "frame", "tick")) < 150000


def test_one_that_does_not_hear_the_cut_counts_until_it_goes_to_its_least_by_itself(group):
    group.live(30000)
    group.line.cut = ("charger 4",)
    assert group.cut(7000)["all"] > 500000
    group.line.cut = ()


def test_a_group_that_has_nothing_to_give_up_gives_no_figure(monkeypatch):
    monkeypatch.setattr(group_cut, "SETTLED_MS", 5000)
    with pytest.raises(SystemExit, match="too little to be cut"):
        group_cut.Group(4, 115200).cut(7000)
