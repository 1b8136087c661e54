"""Which wish counts before which: every row and every pair of the table, typed at the console of a charger with a car.

Each wish also with what binds them all, in both orders of typing, and each ended in every way that its row tells.
"""

from itertools import combinations, permutations

import pytest
from bench.chip.terminal import Terminal
from bench.table import Table
from headroom.serve.answers.precedence import TABLE

HOUR_MS = 3600000
MONDAY = "2026-11-30"
PLUGGED_MS = 20000
CAR_MA = 16000
BOARD = "metered"  # knows the sun, the grid operator's contact and the button
NEAR_MA = 300


def charger(**scenario):
    """A charger of 16 A with a car from second 20 on, in a quiet house."""
    terminal = Terminal()
    house_ma = scenario.pop("house_ma", 2000)
    scenario = {
        "breaker_ma": 25000,
        "car_ma": CAR_MA,
        "plugged_ms": [[PLUGGED_MS, 1 << 40]],
        "board": BOARD,
        **scenario,
    }
    table = Table([(0, house_ma, 0, 0)], port=terminal, fidelity="rms", **scenario)
    table.chip.levels[table.module.board.BUTTON_PIN] = 1
    terminal.ask_all(table, f"time {MONDAY} 18:00")
    return table, terminal


# how each wish of the table is wished, what it alone allows of 16 A, and how `why` names it
WISHED = {
    "pause": (("pause",), 0, "stopped by hand"),
    "boost": (("boost",), CAR_MA, "the charger's own limit"),
    "slow": (("mode slow",), 6000, "mode slow"),
    "need": (("need 99kWh by 07:00",), CAR_MA, "the charger's own limit"),
    "solar": (("set exports yes", "set solar only", "save"), 0, "no sun"),
    "start delay": (("set start_delay_s 1800", "save"), 0, "a start delay by chance"),
    "timetable": (("timetable else 10A",), 10000, "the timetable"),
    "household_ma": (("set household_ma 13A", "save"), 13000, "the household's own ceiling"),
}
# where another figure turns round which of two is the lower
OTHERWISE = {
    **WISHED,
    "timetable": (("timetable 23:00-05:00 16A", "timetable else 0"), 0, "the timetable"),
    "household_ma": (("set household_ma 7A", "save"), 7000, "the household's own ceiling"),
}
NONE = (CAR_MA, "the charger's own limit")


def expected(names, wished):
    """What the table of precedence makes of these wishes: mA, and how that is named."""
    lifted = {each for name, _, lifts, _ in TABLE if name in names for each in lifts}
    count = [name for name, *_ in TABLE if name in names and name not in lifted]
    most_ma, _, why = min((wished[name][1], place, wished[name][2]) for place, name in enumerate(count))
    return most_ma, why


def wish(table, terminal, names, wished=WISHED):
    """Type them, and live until the car has what they leave; a pause needs a car that is there."""
    for name in names:
        if name != "pause":
            terminal.ask_all(table, *wished[name][0])
    table.live_by_seconds(PLUGGED_MS)
    if "pause" in names:
        terminal.ask_all(table, "pause")
    # chance may make the delay short
    table.live_by_seconds(40000 if "start delay" in names and "boost" not in names else 300000)


def sees(table, terminal, most_ma, why):
    """Whether so much is offered, and `why` says so."""
    assert abs(table.charger.verdict.offer_ma - most_ma) < NEAR_MA, terminal.ask(table, "why")
    assert why in terminal.ask_all(table, "why").split("\n")[0]


ALL = tuple(WISHED)
MANY = [*permutations(WISHED, 2), *combinations(WISHED, 1), *(ALL[first:] for first in range(6)), ALL[::-1]]


@pytest.mark.parametrize("names", MANY, ids=lambda names: " + ".join(names))
def test_of_any_wishes_in_any_order_the_one_counts_that_the_table_says(names):
    table, terminal = charger()
    wish(table, terminal, names)
    sees(table, terminal, *expected(names, WISHED))


@pytest.mark.parametrize(
    "names", [each for each in combinations(WISHED, 2) if {"timetable", "household_ma"} & set(each)]
)
def test_and_so_it_is_where_the_figures_are_the_other_way_round(names):
    table, terminal = charger()
    wish(table, terminal, names, OTHERWISE)
    if set(names) == {"start delay", "timetable"}:
        names = ("timetable",)  # a delay begins when a charge would
    sees(table, terminal, *expected(names, OTHERWISE))


def test_every_wish_of_the_table_is_tried():
    assert [row[0] for row in TABLE] == list(WISHED)
    assert all(set(lifts) <= set(WISHED) for _, _, lifts, _ in TABLE)


# ---- what binds them all: the table's last sentence


def dim(table):
    table.world.dimmed = True


# what is typed, the house, and what is done; what that leaves the car, and how it is named
BOUNDS = {
    "breaker": ((), 17000, None, 8000, "8.0 A free on L1"),
    "import limit": (("set import_ma 10A", "save"), 2000, None, 8000, "the import limit is 10.0 A"),
    "connection": (("set total_w 2300W", "save"), 2000, None, 8000, "all phases carry"),
    "tariff": (("set cap_w 2300W", "save"), 2000, None, 8000, "the tariff"),
    "grid operator": (("set dim_w 1840W", "save"), 2000, dim, 8000, "the grid operator"),
}


@pytest.mark.parametrize("bound", BOUNDS)
@pytest.mark.parametrize("name", ["none", *WISHED])
def test_no_wish_lifts_what_binds_them_all_and_a_lower_wish_counts_below_it(name, bound):
    lines, house_ma, done, bound_ma, named = BOUNDS[bound]
    table, terminal = charger(house_ma=house_ma)
    for line in lines:
        terminal.ask(table, line)
    if done:
        done(table)
    wish(table, terminal, () if name == "none" else (name,))
    most_ma, why = NONE if name == "none" else expected((name,), WISHED)
    sees(table, terminal, *((bound_ma, named) if bound_ma < most_ma else (most_ma, why)))


# ---- the sun's three modes


SUN = [
    # mode, what the roof leaves, other lines, mA, how it is named
    ("only", 9000, (), 9000, "by sun: 9.0 A of surplus"),
    ("only", 9000, ("mode slow",), 6000, "mode slow"),
    ("only", 9000, ("boost",), CAR_MA, "the charger's own limit"),
    ("only", 9000, ("need 150kWh by 07:00",), CAR_MA, "the charger's own limit"),
    ("only", 9000, ("timetable else 8A",), 8000, "the timetable"),
    ("only", 9000, ("timetable else 0",), 0, "the timetable"),
    ("minimum", -2000, (), 6000, "by sun, through a cloud"),
    ("minimum", -2000, ("timetable else 0",), 0, "the timetable"),
    ("minimum", 9000, (), 9000, "by sun: 9.0 A of surplus"),
    ("window", 9000, (), CAR_MA, "the charger's own limit"),
    ("window", 9000, ("timetable else 0",), 9000, "the timetable"),
    ("window", 9000, ("timetable else 12A",), 12000, "the timetable"),
    ("window", -2000, ("timetable else 0",), 0, "the timetable"),
    ("window", 9000, ("timetable else 0", "mode slow"), 6000, "mode slow"),
    ("window", 9000, ("timetable else 0", "set household_ma 7A", "save"), 7000, "the household's own ceiling"),
]


@pytest.mark.parametrize(("mode", "sun_ma", "lines", "most_ma", "why"), SUN)
def test_the_suns_three_modes_beside_the_other_wishes(mode, sun_ma, lines, most_ma, why):
    table, terminal = charger(house_ma=-sun_ma)
    terminal.ask_all(table, "set exports yes", f"set solar {mode}", "save", *lines)
    table.live_by_seconds(PLUGGED_MS + 300000)
    sees(table, terminal, most_ma, why)


# ---- until when


def typed(*lines):
    return lambda table, terminal: terminal.ask_all(table, *lines)


def passes(ms):
    return lambda table, _: table.live_by_seconds(ms)


AWAY_MS = 900000  # a car that leaves then comes back a minute later


def leaves(table, _):
    while table.chip.us < (AWAY_MS + 60000) * 1000:
        table.live_by_seconds(1000)


# of each row, each way in which it says that it ends; beside household_ma 13 A, which counts then
ENDS = {
    ("pause", "resume"): ((), typed("resume")),
    ("pause", "the button"): ((), lambda table, _: table.press(200)),
    ("pause", "the car leaves"): ((), leaves),
    ("boost", "the car leaves"): ((), leaves),
    ("boost", "the hours are over"): (("boost 1",), passes(HOUR_MS)),
    ("boost", "boost off"): ((), typed("boost off")),
    ("boost", "a restart"): ((), lambda table, _: table.restart()),
    ("slow", "mode normal"): ((), typed("mode normal")),
    ("need", "it is delivered"): (("timetable else 0", "need 2kWh by 07:00"), passes(HOUR_MS)),
    ("need", "its hour"): (("timetable else 0", "need 99kWh by 19:00"), passes(HOUR_MS)),
    ("solar", "set solar off"): ((), typed("set solar off", "save")),
    ("start delay", "they are over"): ((), passes(HOUR_MS // 2)),
    ("timetable", "timetable off"): ((), typed("timetable off")),
    ("household_ma", "set household_ma"): (("set household_ma 7A", "save"), typed("set household_ma 13A", "save")),
}


@pytest.mark.parametrize(("name", "ends"), ENDS)
def test_each_wish_ends_in_every_way_that_its_row_tells(name, ends):
    lines, end = ENDS[name, ends]
    table, terminal = charger(
        plugged_ms=[[PLUGGED_MS, AWAY_MS], [AWAY_MS + 60000, 1 << 40]] if end is leaves else [[PLUGGED_MS, 1 << 40]]
    )
    terminal.ask_all(table, "set household_ma 13A", "save")
    wish(table, terminal, (name,), {**WISHED, name: (lines, 0, "")} if lines else WISHED)
    before_ma = table.charger.verdict.offer_ma
    end(table, terminal)
    table.live_by_seconds(300000)
    closed = name == "need"  # then the timetable counts again: nothing
    sees(table, terminal, 0 if closed else 13000, "the timetable" if closed else "the household's own ceiling")
    assert abs(before_ma - table.charger.verdict.offer_ma) > NEAR_MA


def test_every_end_of_the_table_is_tried():
    told = {(name, each) for name, _, _, until in TABLE for each in until.replace(", or ", ", ").split(", ")}
    assert told == set(ENDS)


def test_help_tells_the_table_in_its_order():
    table, terminal = charger()
    lines = terminal.ask_all(table, "help precedence").split("\n")
    assert [line.split("  ")[0] for line in lines[:-1]] == [row[0] for row in TABLE]
