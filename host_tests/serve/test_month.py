"""A tariff by the month's peak: what the month has cost is remembered over power cuts, for as long as the month lasts."""

from bench.chip.terminal import Terminal
from bench.table import Table

MINUTE_MS = 60000
QUARTER_MS = 15 * MINUTE_MS


def charger(files=None, house_ma=2000, **scenario):
    """A house that draws so much, on one phase of 40 A, with a car."""
    terminal = Terminal()
    given = {"breaker_ma": 40000, "car_ma": 32000}
    given.update(scenario)
    return Table([(0, house_ma, 0, 0)], port=terminal, files=files, fidelity="rms", **given), terminal


def peaked():
    """A charger whose house drew 30 A for some quarters of an hour, and the files it left."""
    table, terminal = charger(house_ma=30000)
    terminal.ask_all(table, "set cap_w 2500W", "set cap_month yes", "save", "time 2026-11-30 17:55")
    table.live_by_seconds(2 * QUARTER_MS + 6 * MINUTE_MS)
    return table, terminal


def test_a_peak_of_the_house_is_what_the_car_may_use_from_then_on():
    table, terminal = peaked()
    assert "this month's highest mean: 6.9" in terminal.ask_all(table, "status")
    quiet, terminal = charger(table.files)
    quiet.live_by_seconds(5 * MINUTE_MS)
    assert quiet.charger.verdict.offer_ma < 11000, "after a power cut nobody knows the month: 2500 W"
    assert "highest mean" not in terminal.ask_all(quiet, "status")
    terminal.ask_all(quiet, "time 2026-11-30 19:00")
    quiet.live_by_seconds(5 * MINUTE_MS)
    assert 24000 < quiet.charger.verdict.offer_ma < 28000, "6.5 kW less the house's 2 A"
    assert "6.9" in terminal.ask_all(quiet, "status")


def test_a_new_month_begins_with_the_cap_that_was_set():
    table, terminal = peaked()
    quiet, terminal = charger(table.files)
    terminal.ask_all(quiet, "time 2026-11-30 23:30")
    quiet.live_by_seconds(20 * MINUTE_MS)
    assert quiet.charger.verdict.offer_ma > 24000
    quiet.live_by_seconds(15 * MINUTE_MS)
    assert quiet.charger.limits.cap[2].ma == 0
    assert quiet.charger.verdict.offer_ma < 11000
    quiet.live_by_seconds(12 * MINUTE_MS)
    assert quiet.charger.limits.cap[2].ma * 230 < 2600000, "the last quarter of November is none of December's"


def test_the_peak_of_another_month_counts_for_nothing():
    table, terminal = peaked()
    later, terminal = charger(table.files)
    terminal.ask_all(later, "time 2027-11-30 19:00")
    later.live_by_seconds(5 * MINUTE_MS)
    assert later.charger.verdict.offer_ma < 11000


def test_without_the_setting_nothing_of_it_is_kept_and_switched_off_it_ends():
    table, terminal = peaked()
    terminal.ask_all(table, "set cap_month no", "save")
    assert table.charger.limits.cap[2] is None
    plain, terminal = charger()
    assert plain.charger.service.month is None
    assert "needs cap_w" in terminal.ask_all(plain, "set cap_month yes")


def once(place, name):
    """From now on a call finds no memory, once."""
    whole = getattr(place, name)

    def wants(*given):
        setattr(place, name, whole)
        raise MemoryError

    setattr(place, name, wants)


def test_a_want_of_memory_in_the_moment_in_which_a_peak_is_read_or_written_costs_no_peak():
    table, _ = peaked()
    quiet, terminal = charger(table.files)
    once(quiet.charger.service.store, "read")
    terminal.ask_all(quiet, "time 2026-11-30 19:00")
    quiet.live_by_seconds(MINUTE_MS)
    assert quiet.charger.service.mishaps == 1
    assert "6.9" in terminal.ask_all(quiet, "status")
    month = quiet.charger.service.month
    month.peak.ma = 40000
    once(quiet.charger.service.store, "put")
    quiet.live_by_seconds(MINUTE_MS)
    again, terminal = charger(quiet.files)
    terminal.ask_all(again, "time 2026-11-30 19:05")
    again.live_by_seconds(MINUTE_MS)
    assert again.charger.service.month.peak.ma == 40000
