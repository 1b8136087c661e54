"""Each setting is changed under a charging car, to its least, its most and its default, under the judge; then it is set back.

What must follow: the offer is within what the settings allow, or nothing is offered; and the car gets its current again.
"""

import pytest
from bench.chip.terminal import Terminal
from bench.table import Table
from headroom.serve.answers.settings_table import TABLE

CAR_MA = 32000
BACK_S = 300  # the longest dwell is over by then
ROWS = {row[0]: row for row in TABLE if row[0] != "status_ms"}


def written(row, value):
    """``value`` as a person would write it."""
    return row[1][value] if isinstance(row[1], tuple) else str(value)


def saves(table, row, value):
    """A person sets it and saves; what is then in force is what the judge takes for installed."""
    table.port.ask(table, f"set {row[0]} {written(row, value)}", 500)
    table.port.ask(table, "save", 1500)
    values = table.charger.settings.values
    judge = table.world.judge
    judge.installed_ma, judge.mains_v, judge.dim_w = values["charger_ma"], values["mains_v"], values["dim_w"]
    return values


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize(("board", "phases"), [("metered", 3), ("socket", 1)])
def test_a_setting_changed_under_power_is_in_force_and_can_be_set_back(board, phases, name):
    row = ROWS[name]
    table = Table(
        [(0, 3000, 3000, 3000)],
        port=Terminal(),
        board=board,
        fidelity="rms",
        car_ma=CAR_MA,
        car_phases=phases,
        breaker_ma=40000,
        settings={"rise_dwell_ms": 1000, "resume_dwell_ms": 5000},
    )
    table.live(45000)
    assert table.world.car.drawn_ma > 30000
    before = table.charger.settings.get(name)
    for value in sorted({row[3], row[4], row[2]} - {before}):
        values = saves(table, row, value)
        most_ma = min(values["charger_ma"], values["household_ma"], values["breaker_ma"])
        for _ in range(6):
            table.live(3000)
            offered_ma = table.world.offered_ma
            assert offered_ma == 0 or values["min_ma"] - 50 <= offered_ma <= most_ma, value
        saves(table, row, before)
        for _ in range(BACK_S):
            table.live(1000)
            if table.world.car.drawn_ma > 30000:
                break
        else:
            raise AssertionError((value, table.charger.service.status_line()))
