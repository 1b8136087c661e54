"""Any legal charger: the same for the same number, legal on its board, and no setting is left out for good."""

import pytest
from bench import host
from headroom.serve.answers.settings_table import TABLE
from headroom_tools.contest import any_setting
from headroom_tools.contest.campaign import Campaign
from headroom_tools.sim.options import Options, check


def test_each_number_has_its_own_charger_and_keeps_it():
    chargers = [any_setting.drawn(number, 3, 25.0) for number in range(40)]
    assert chargers == [any_setting.drawn(number, 3, 25.0) for number in range(40)]
    assert len({str(each) for each in chargers}) == 40


def test_every_option_of_it_can_be():
    for number in range(60):
        phases = (1, 3)[number % 2]
        check(Options(phases=phases, car_phases=phases, **any_setting.drawn(number, phases, 25.0)))


def test_the_console_takes_all_of_it_beside_how_the_charger_is_wired():
    for number in range(300):
        phases = (1, 3)[number % 2]
        options = Options(phases=phases, car_phases=phases, **any_setting.drawn(number, phases, 25.0))
        module = host.load(options.board)
        charger = module.Settings(module.CEILINGS, None, module.PARTS)
        told = ("breaker_ma=25000", "charger_ma=32000", f"phases={options.wires(phases)}", f"wiring={options.wiring}")
        for each in (*told, *options.set_):
            charger.stage(*each.split("="))
        assert not charger.wrong(), (number, options)


def test_no_setting_that_is_not_fixed_is_never_drawn():
    found = {each.partition("=")[0] for number in range(200) for each in any_setting.drawn(number, 3, 25.0)["set_"]}
    assert {row[0] for row in TABLE} - any_setting.FIXED <= found


def test_the_campaign_runs_them(headroom):
    outcome = headroom("campaign", "--days", "2", "--any-setting", "--jobs", "1", "--seed", "1")
    assert outcome.status == 0, outcome.err
    assert len({(job.options.board, job.options.set_) for job in Campaign(days=2, any_setting=True).all_jobs()}) == 2


@pytest.mark.parametrize("told", [["--set", "mode=slow"], ["--board", "metered"]])
def test_what_it_draws_itself_cannot_be_told_beside_it(headroom, told):
    outcome = headroom("campaign", "--any-setting", *told)
    assert outcome.status == 2
    assert outcome.err == f"headroom: --any-setting draws boards, wirings and settings: leave out {told[0]}\n"
