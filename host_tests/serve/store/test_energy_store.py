"""Energy and clock across a power cut, hours and days in their rings, and what `usage` says of them."""

import json

import pytest
from bench.chip.nor import RamFiles
from bench.chip.terminal import Terminal
from bench.table import Table
from headroom.record.energy import CAR, Energy
from headroom.serve.answers.calendar import parsed
from headroom.serve.answers.usage import kwh
from headroom.serve.clock import Clock
from headroom.serve.store import energy_store, usage
from headroom.serve.store.energy_store import EnergyStore
from headroom.serve.store.store import Store
from headroom.serve.store.usage import DAYS, HOURS, Usage
from hypothesis import given
from hypothesis import strategies as st

NOON = parsed("2026-11-24 12:00")  # a Tuesday
HOUR_MS = 3600000


class Life:
    """A ledger with its store, from power-on to power-off."""

    def __init__(self, files):
        self.store = Store(files)
        self.clock = Clock()
        self.energy = Energy()
        self.energy_store = EnergyStore(self.store, self.clock, self.energy)
        self.energy_store.load()

    def live(self, ms, supply_w=2000, car_w=1000, step_ms=1000):
        for _ in range(ms // step_ms):
            self.clock.step(step_ms)
            self.energy.add(0, step_ms, supply_w * 1000)
            self.energy.add(CAR, step_ms, car_w * 1000)
            self.energy_store.step(step_ms)
            self.store.step(step_ms)
        return self

    def house_wh(self, ago):
        return self.energy_store.usage.of_hour(self.energy_store.usage.hour - ago)[0]


def charging(files=None, terminal=None, **scenario):
    table = Table([(0, 2000, 0, 0)], port=terminal, files=files, fidelity="rms", **scenario)
    table.scan.step_ms = 100
    return table


def test_a_power_cut_at_any_moment_costs_a_minute_at_most():
    life = Life(files := RamFiles())
    life.live(7 * 60000 + 17000)
    for _ in range(130):
        life.live(1000, supply_w=36000)
        again = Life(files).energy
        lost_wms = (life.energy.wh[0] - again.wh[0]) * 3600000 + life.energy.rest_wms[0] - again.rest_wms[0]
        assert 0 <= lost_wms <= 36000 * (60000 + 5000)
        assert again.wh[0] >= 233


def test_a_power_cut_while_a_car_charges_costs_no_more():
    table = charging()
    table.live(120000)
    assert table.charger.verdict.closed
    car_wh = []
    for second in range(130):
        table.live(1000)
        car_wh.append(table.charger.energy.car_wh())
        kept = Energy()
        EnergyStore(Store(table.files), Clock(), kept).load()
        assert second < 62 or kept.car_wh() >= car_wh[second - 62] - 1
    assert car_wh[-1] - car_wh[0] > 100


def test_totals_go_on_from_where_they_were_in_every_part():
    life = Life(files := RamFiles()).live(HOUR_MS + 61234)
    life.energy_store.keep()
    while life.store.busy():
        life.store.step(1000)
    again = Life(files)
    assert (again.energy.wh, again.energy.rest_wms) == (life.energy.wh, life.energy.rest_wms)
    assert again.clock.reckoned_s() == life.clock.reckoned_s()


def test_the_first_hours_share_outlives_a_cut_too():
    life = Life(files := RamFiles()).live(30 * 60000)
    assert 480 <= Life(files).house_wh(0) <= life.house_wh(0) <= 500


def test_a_charger_that_is_told_to_reboot_loses_no_more_than_the_last_seconds():
    terminal = Terminal()
    table = charging(terminal=terminal)
    table.live(100000)
    terminal.ask(table, "reboot now", 200)
    while not table.charger.service.left():
        table.tick()
    kept = charging(files=table.files).charger.energy
    assert 0 <= table.charger.energy.supply_wh() - kept.supply_wh() <= 3


def test_each_hour_and_day_has_its_own_share_and_together_they_are_the_total():
    life = Life(RamFiles())
    life.energy_store.set_clock(NOON)
    for hour in range(30):
        life.live(HOUR_MS, supply_w=2000 + 100 * hour)
    rings = life.energy_store.usage
    assert life.house_wh(1) == 1000 + 100 * 29
    assert life.house_wh(30) == 1000
    assert rings.of_hour(rings.hour - 1)[1] == 1000
    day = NOON // 86400
    assert rings.of_days(day, day + 1) == (life.energy.supply_wh() - life.energy.car_wh(), life.energy.car_wh())
    assert rings.of_days(day, day)[1] == 12000


@given(st.lists(st.integers(0, 45000), min_size=1, max_size=60))
def test_what_one_hour_rounds_away_the_next_one_gets(shares):
    energy = Energy()
    rings = Usage(energy)
    for hour, wh in enumerate(shares):
        rings.turn(hour) if hour else None
        energy.wh[0] += wh
    total = sum(rings.of_hour(hour)[0] for hour in range(len(shares)))
    assert 0 <= sum(shares) - total < usage.STEP_WH


def test_the_rings_forget_the_oldest_and_a_month_without_power_leaves_empty_hours():
    life = Life(files := RamFiles())
    life.energy_store.set_clock(NOON)
    life.live(3 * HOUR_MS)
    again = Life(files)
    again.energy_store.set_clock(NOON + 3 * 3600 + 30 * 86400)
    again.live(60000)
    rings = again.energy_store.usage
    assert [rings.of_hour(rings.hour - ago) for ago in range(1, HOURS)] == [(0, 0)] * (HOURS - 1)
    day = NOON // 86400
    assert 2970 <= rings.of_days(day, day)[0] <= 3000
    again = Life(files)
    again.energy_store.set_clock(NOON + (DAYS + 1) * 86400)
    again.live(60000)
    rings = again.energy_store.usage
    assert rings.of_days(day + 2, day + DAYS + 1)[0] < 3000


def test_a_cut_between_totals_and_rings_moves_a_share_to_the_hour_before_and_loses_nothing():
    life = Life(files := RamFiles())
    life.energy_store.set_clock(NOON)
    life.live(HOUR_MS - 1000)
    kept = {name: data for name, data in files.files.items() if "usage" in name}
    life.live(120000)
    files.files = {name: data for name, data in files.files.items() if "usage" not in name} | kept
    again = Life(files).live(60000)
    assert (
        again.house_wh(1) + again.house_wh(0) == again.energy.supply_wh() // 10 * 10 - again.energy.car_wh() // 10 * 10
    )


def test_a_clock_that_was_never_told_counts_hours_all_the_same_and_moves_them_when_it_is():
    life = Life(files := RamFiles()).live(2 * HOUR_MS)
    life = Life(files).live(HOUR_MS)
    assert life.clock.wall_s() == 0
    assert not life.clock.told
    before = [life.house_wh(ago) for ago in range(4)]
    assert before[1] > 900
    life.energy_store.set_clock(NOON)
    assert life.energy_store.usage.hour == NOON // 3600
    assert [life.house_wh(ago) for ago in range(4)] == before
    life.energy_store.set_clock(NOON - 3600)
    assert [life.house_wh(ago) for ago in range(4)] == before


@pytest.mark.parametrize("days", [1, 30, 24 * 365])
def test_a_date_that_is_typed_wrong_and_put_right_costs_no_hour_of_what_was_used(days):
    life = Life(RamFiles())
    life.energy_store.set_clock(NOON)
    life.live(3 * HOUR_MS)
    before = [life.house_wh(ago) for ago in range(HOURS)]
    assert before[1:4] == [1000] * 3
    now_s = life.clock.wall_s()
    life.energy_store.set_clock(now_s + days * 86400)
    life.live(60000)
    life.energy_store.set_clock(now_s + 60)
    after = [life.house_wh(ago) for ago in range(HOURS)]
    assert after[1:] == before[1:]
    assert life.energy_store.usage.hour == now_s // 3600


def test_after_a_reset_the_clock_goes_on_from_the_last_minute_but_is_not_certain():
    life = Life(files := RamFiles())
    life.energy_store.set_clock(NOON)
    life.live(150000)
    again = Life(files)
    assert NOON + 90 <= again.clock.reckoned_s() <= NOON + 150
    assert again.clock.told
    assert again.clock.wall_s() == 0


def test_the_console_says_so():
    terminal = Terminal()
    table = charging(terminal=terminal)
    assert terminal.ask(table, "time").startswith("not set, up")
    assert "clock is not set" in terminal.ask(table, "usage")
    terminal.ask(table, "time 2026-11-24 12:00")
    table.live(70000)
    assert "clock" not in terminal.ask(table, "usage")
    again = charging(files=table.files, terminal=terminal)
    assert terminal.ask(again, "time").startswith("2026-11-24 12:0")
    assert "not certain since the start" in terminal.ask(again, "time")
    assert "may be late" in terminal.ask(again, "usage")


def test_usage_tells_today_this_week_in_all_and_per_hour_and_how_it_is_reckoned():
    terminal = Terminal()
    table = charging(terminal=terminal)
    terminal.ask(table, "time 2026-11-24 12:00")
    table.live(2 * HOUR_MS)
    lines = terminal.ask(table, "usage").split("\n")
    assert [line.split("  ")[0].strip() for line in lines[:2]] == ["today", "this week"]
    assert lines[0].split()[2] == lines[1].split()[3] == "0.92"
    assert lines[2].startswith("in all, house and car: L1 0.92 kWh, ")
    assert "2026-11-24 12:00  house 0.46 kWh" in lines[3]
    assert lines[-1].startswith("VA-based: no voltage input, reckoned with 230 V; the car's part is estimated")
    assert terminal.ask(table, "usage x") == "usage, usage hours, or usage days"


def test_usage_of_hours_and_days_begins_with_the_first_that_was_counted():
    terminal = Terminal()
    table = charging(terminal=terminal, plugged_ms=[])
    energy_store, wh = table.charger.service.energy_store, table.charger.energy.wh

    def told(line):
        *rows, how = terminal.ask(table, line, 20000).split("\n")
        assert how.startswith("VA-based")
        return rows

    terminal.ask(table, "time 2026-11-24 12:00")
    for line in ("usage hours", "usage days"):
        assert told(line) == ["nothing was counted yet: less than 10 Wh"]
    assert told("usage")[-1] == "2026-11-24 12:00  house 0.00 kWh  car 0.00 kWh"
    wh[0] += 500
    for hours in (1, 4):
        energy_store.usage.turn(NOON // 3600 + hours)
        wh[0] += 20
    energy_store.clock.tell(NOON + 4 * 3600)
    shown = [(12, "0.50"), (13, "0.02"), (14, "0.00"), (15, "0.00")]
    assert told("usage hours")[:-1] == [f"2026-11-24 {at}:00  house {kwh} kWh  car 0.00 kWh" for at, kwh in shown]
    assert told("usage days")[0].startswith("2026-11-24        house 0.5")
    assert [line[11:13] for line in told("usage") if line[:2] == "20"] == ["12", "13", "16"]
    wh[0] += 500
    for hours in range(5, 60 * 24):
        energy_store.usage.turn(NOON // 3600 + hours)
        wh[0] += 10
    energy_store.clock.tell(NOON + (60 * 24 - 1) * 3600)
    assert len(told("usage hours")) == HOURS
    assert len(told("usage days")) == DAYS


def test_on_the_first_day_the_phases_add_up_to_today():
    for wh, today, phases in (
        (
            [77, 0, 0, 39, 0, 0],
            "house 0.04 kWh  car 0.03 kWh",
            "L1 0.04 kWh, 0.03 kWh; L2 0.00 kWh, 0.00 kWh; L3 0.00 kWh, 0.00 kWh",
        ),
        (
            [48, 9, 9, 19, 9, 9],
            "house 0.03 kWh  car 0.03 kWh",
            "L1 0.03 kWh, 0.01 kWh; L2 0.00 kWh, 0.01 kWh; L3 0.00 kWh, 0.01 kWh",
        ),
    ):
        terminal = Terminal()
        table = charging(terminal=terminal, plugged_ms=[])
        table.charger.energy.wh[:] = wh
        lines = terminal.ask(table, "usage", 1000).split("\n")
        assert lines[0].split("  house ")[1] == today[6:]
        assert lines[2] == "in all, house and car: " + phases


def test_a_clamp_on_the_car_counts_each_start_once():
    table = charging(board="socket", settings={"resume_dwell_ms": 5000})
    table.live(60000)
    wh = table.charger.energy.wh
    assert wh[CAR] > 50
    assert wh[CAR + 1 :] == [0, 0]
    assert wh[0] - wh[CAR] <= 8


def test_usage_for_machines():
    terminal = Terminal()
    table = charging(terminal=terminal)
    table.live(600000)
    terminal.ask(table, "json on")
    terminal.send(b'{"id": 1, "do": "usage"}\r')
    table.live(5000)
    said = [json.loads(line) for line in terminal.text().split("\n") if line.startswith("{")]
    spans = [line.get("span") for line in said if "span" in line]
    assert spans == ["today", "week", "all", "hour"]
    assert 0 <= table.charger.energy.wh[0] - said[2]["supply_wh"][0] < 20
    assert said[-1]["ok"] is True


def test_what_cannot_be_read_is_told_and_counted_anew():
    for name, words in ((energy_store.TOTALS, "energy totals"), (energy_store.RINGS, "usage of the last hours")):
        terminal = Terminal()
        table = charging()
        table.live(HOUR_MS + 60000)
        for slot in (0, 1):
            table.files.files[f"data/{name}.{slot}"] = b"HDRM" + bytes(20)
        again = charging(files=table.files, terminal=terminal)
        assert words + (
            " and days" if name == energy_store.RINGS else ""
        ) + " cannot be read: counted anew" in terminal.ask(again, "why")
        assert "why tells which part" in terminal.ask(again, "log")
        assert again.charger.service.energy_store.usage.open()[0] < 10
        assert (again.charger.energy.supply_wh() > 0) == (name == energy_store.RINGS)


def test_hours_go_on_though_the_power_went_between_the_two_records_that_a_new_time_writes():
    life = Life(files := RamFiles()).live(3 * HOUR_MS)
    life.energy_store.set_clock(NOON)
    life.energy_store.step(0)
    while energy_store.RINGS in [entry[0] for entry in life.store.queue]:
        life.store.step(1000)
    assert energy_store.TOTALS in [entry[0] for entry in life.store.queue], "the power goes between the two"
    again = Life(files)
    assert again.energy_store.usage.hour == again.clock.reckoned_s() // 3600
    again.live(HOUR_MS)
    assert again.house_wh(1) >= 900
    assert again.house_wh(2) == 1000


def test_energy_in_words():
    assert [kwh(wh) for wh in (0, 4, 5, 12345, -12345)] == [
        "0.00 kWh",
        "0.00 kWh",
        "0.01 kWh",
        "12.35 kWh",
        "-12.35 kWh",
    ]


def test_the_records_are_as_long_as_wear_and_power_cut_reckon():
    life = Life(files := RamFiles()).live(HOUR_MS + 60000)
    assert len(files.files["data/energy.1"]) == 16 + energy_store.LENGTH <= 128, (
        "longer than littlefs keeps in metadata"
    )
    assert len(life.energy_store.usage.pack()) == usage.LENGTH
