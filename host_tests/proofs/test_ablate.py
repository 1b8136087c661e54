"""The ablation switches what it says, and puts it back: a price that is printed is that of one row."""

import sys
from importlib import import_module

from bench import host

host.load()
from proofs import ablate

NAMES = ("balance", "car_current", "carcheck", "dwell", "noise_filter")


def modules():
    """Those of the law as they are loaded now: a test before this one may have loaded them anew."""
    host.load()
    return [import_module("headroom.law." + name) for name in NAMES]


def test_every_row_names_something_of_the_firmware_and_another_value():
    modules()
    for module, name, value, _ in ablate.ROWS:
        found = sys.modules["headroom." + module]
        if "." in name:
            owner, method = name.split(".")
            assert callable(getattr(getattr(found, owner), method)), name
        else:
            assert getattr(found, name) != value, name


def test_what_is_switched_off_is_off_wherever_it_was_imported_and_is_put_back():
    home = modules()
    balance, _, carcheck, dwell, _ = home
    before = {(each.__name__, name): value for each in home for name, value in vars(each).items()}
    back = ablate.switched([row for row in ablate.ROWS if row[1] in ("SETTLE_MS", "FEW")])
    assert balance.SETTLE_MS == 0
    assert balance.FEW == dwell.FEW == ablate.NEVER_MS
    assert before[carcheck.__name__, "SETTLE_MS"] == carcheck.SETTLE_MS, (
        "another constant of the same name is another constant"
    )
    for owner, name, value in back:
        setattr(owner, name, value)
    assert before == {(each.__name__, name): value for each in home for name, value in vars(each).items()}


def test_what_changes_nothing_is_told_from_what_does():
    base = ablate.Came(10**9, 10**6, 20, 900)
    assert ablate.nothing(ablate.Came(10**9 - 10**5, 10**6, 20, 950), base)
    assert not ablate.nothing(ablate.Came(10**9 - 10**7, 10**6, 20, 900), base)
    assert not ablate.nothing(ablate.Came(10**9, 2 * 10**6, 20, 900), base)
    assert not ablate.nothing(ablate.Came(10**9, 10**6, 21, 900), base)


def test_a_difference_that_one_house_makes_is_told_as_chance_and_one_that_all_make_is_not():
    houses = [ablate.Came(charged_mas=10**9) for _ in range(4)]
    one = [ablate.Came(charged_mas=8 * 10**8), *houses[1:]]
    each = [ablate.Came(charged_mas=95 * 10**7) for _ in houses]
    assert ablate.whole(one).beside(ablate.whole(houses))[0] == ablate.whole(each).beside(ablate.whole(houses))[0] == -5
    assert ablate.chance(one, houses) == "5.00"
    assert ablate.chance(each, houses) == "0.00"
    assert ablate.chance(houses[:1], houses[:1]) == "?"
