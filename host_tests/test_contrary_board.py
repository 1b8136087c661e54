"""On a board on which every value is another one, everything works and is measured right: nothing is hard-wired."""

from functools import cache
from pathlib import Path

import pytest
from bench import host
from bench.table import Table
from headroom.guard import faults, session
from headroom.terms.records import Limits
from headroom_tools.boards import board_commands as boards
from headroom_tools.boards.board import load
from headroom_tools.boards.board_schema import SCHEMA

PATH = Path(__file__).resolve().parent / "contrary" / "board.py"
FOLDER = "../host_tests/contrary"  # from boards/
# Two choices only, or the chip's own: these are what they are on some other board
SHARED = {"CHIP", "PHASES", "CABLE", "ADC_ZERO_MV", "ADC_BEND_MV", "RAIL_PIN", "CONTACTOR_READBACK_PIN"}
SHARED |= {"RS485_TX_PIN", "RS485_RX_PIN", "RS485_DE_PIN", "METER_TX_PIN", "METER_RX_PIN", "METER_DE_PIN"}

HOUSE_MA, CAR_MA = 4000, 13000


def table(fidelity="rms", **scenario):
    """A charger on the contrary board, set up for a 13 A car."""
    return Table(
        [(0, HOUSE_MA, 0, 0)],
        board=FOLDER,
        fidelity=fidelity,
        car_ma=CAR_MA,
        settings={"breaker_ma": 32000, "resume_dwell_ms": 5000, **scenario.pop("settings", {})},
        **scenario,
    )


@cache
def charging():
    """One at which a car charges, with every conversion simulated; read only."""
    at_it = table("waveform")
    at_it.world.rail_mv = at_it.module.board.RAIL_MV
    at_it.live(12000)
    return at_it


def test_the_check_accepts_it():
    assert boards.problems(load(PATH)) == []


def test_every_value_is_another_than_on_any_other_board():
    contrary = load(PATH).values
    others = {name: load(boards.board_path(name)).values for name in boards.names()}
    for name in set(SCHEMA) - SHARED:
        for other, values in others.items():
            assert contrary[name] != values[name], (
                f"{name} is {contrary[name]} on {other} and in host_tests/contrary/board.py: give the latter another value"
            )


def test_the_charger_itself_refuses_a_burden_with_which_these_clamps_and_this_bias_would_clip():
    fitted = host.load(FOLDER, entry="headroom.sense.fitted")
    assert fitted.refusal() == ""
    host.fakes["board"].CT_BURDEN_MOHM = 18600
    assert "clips at 158 %" in fitted.refusal()


def test_a_setting_above_its_own_ratings_is_refused():
    contrary = load(PATH).values
    assert {
        "breaker_ma": contrary["MAX_BREAKER_MA"],
        "charger_ma": contrary["MAX_OFFER_MA"],
        "phases": contrary["PHASES"],
    } == table().module.CEILINGS


def test_a_car_charges_there_with_all_that_the_circuit_gives():
    verdict = charging().charger.verdict
    assert (verdict.closed, verdict.faults, verdict.doubt) == (True, 0, 0)
    assert verdict.offer_ma == CAR_MA
    assert charging().world.car.drawn_ma > CAR_MA - 200


def test_what_it_measures_is_right():
    readings = charging().charger.readings
    drawn_ma = charging().world.car.drawn_ma
    for what, seen, true, within in (
        ("grid_ma", readings.grid_ma[0], HOUSE_MA + drawn_ma, 500),
        ("car_ma", readings.car_ma, drawn_ma, 500),
        ("mains_mv", readings.mains_mv, charging().world.mains_mv(), 5000),
        ("power_w", readings.power_w[0], (HOUSE_MA + drawn_ma) * charging().world.mains_mv() // 1000000, 150),
        ("temperature_c", readings.temperature_c, 25, 2),
        ("proximity_ohm", readings.proximity_ohm, 220, 5),
        ("pilot_low_mv", readings.pilot_low_mv, -12000, 300),
        ("pilot_high_mv", readings.pilot_high_mv, 6000, 300),
    ):
        assert abs(seen - true) <= within, (what, seen, true)


def test_every_input_reads_what_is_so():
    live = table()
    world, readings = live.world, live.charger.readings
    live.live(20000)
    assert live.charger.verdict.closed
    assert (readings.contactor_closed, readings.locked) == (True, True)
    said = (readings.residual_fault, readings.earth_fault, readings.dimmed, readings.button)
    assert said == (False, False, False, False)
    world.residual.leak = world.earth_lost = world.dimmed = True
    live.live(1000)
    assert (readings.residual_fault, readings.earth_fault, readings.dimmed) == (True, True, True)
    assert readings.contactor_closed is False


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        ("residual.leak", faults.RESIDUAL),
        ("earth_lost", faults.EARTH),
        ("switch.dropped", faults.READBACK),
        ("switch.read_back_stuck", faults.READBACK),
    ],
)
def test_what_must_open_the_contactor_does(happens, code):
    live = table()
    live.live(20000)
    assert live.charger.verdict.closed
    place, _, attribute = happens.rpartition(".")
    part = getattr(live.world, place) if place else live.world
    setattr(part, attribute, 0 if attribute == "read_back_stuck" else True)
    live.live(300)
    assert live.charger.verdict.faults >> code & 1
    assert not live.charger.verdict.closed
    assert not live.chip.output(live.module.board.CONTACTOR_PIN)


def test_the_dimming_contact_of_its_own_polarity_dims():
    live = table(settings={"dim_w": 1900})
    live.live(20000)
    assert live.charger.verdict.offer_ma == CAR_MA
    live.world.dimmed = True
    live.live(7000)
    assert live.charger.verdict.offer_ma == 1900 * 1000 // 230


def hot(celsius):
    """The verdict of a charger of the contrary board that has been so hot for ten seconds."""
    live = table()
    live.live(20000)
    live.charger.scan.read_on = live.charger.scan.read

    def read(readings, duty_u16):
        live.charger.scan.read_on(readings, duty_u16)
        readings.temperature_c = celsius

    live.charger.scan.read = read
    return live.live(10000)


def test_it_derates_and_stops_at_its_own_temperatures():
    board = load(PATH).values
    derate_c, stop_c = board["TEMPERATURE_DERATE_C"], board["TEMPERATURE_STOP_C"]
    assert stop_c < Limits().temperature_stop_c
    assert hot(derate_c).offer_ma == CAR_MA
    assert hot(derate_c + 3).offer_ma == 6000 + (CAR_MA - 6000) * (stop_c - derate_c - 3) // (stop_c - derate_c)
    assert not hot(stop_c - 1).faults
    verdict = hot(stop_c)
    assert verdict.faults == 1 << faults.HOT
    assert verdict.session in (session.STOPPING, session.FAULT)


def test_state_d_charges_where_a_fan_contact_is():
    live = table(plugged_ms=[])
    live.world.forced_state = 1
    live.live(15000)
    live.world.forced_state = 3
    assert live.live(3000).closed
