"""The real SCPI drivers, over the real pyvisa, against simulated instruments: pyvisa-sim and instruments.yaml."""

import datetime
import io
import math
from pathlib import Path

import pytest
from headroom_tools.common.errors import BadInput
from headroom_tools.jig import station
from headroom_tools.jig.by_hand import SHOWN, ByHand
from headroom_tools.jig.instruments import POINTS, RELAYS
from headroom_tools.jig.measurement import Instrument

HERE = Path(__file__).parent
STATION = f"""
[station]
board = reference
[relays]
driver = scpi
address = ASRL1::INSTR
backend = {HERE}/instruments.yaml@sim
pilot B = 202
pilot C = 203
pilot no diode = 205
earth open = 206
[source]
driver = scpi
address = ASRL2::INSTR
backend = {HERE}/instruments.yaml@sim
[voltmeter]
driver = scpi
address = ASRL3::INSTR
backend = {HERE}/instruments.yaml@sim
calibrated_until = 2027-05-31
pilot high = 101
pilot low = 102
lamp = 103
mains = 104
[counter]
driver = scpi
address = ASRL4::INSTR
backend = {HERE}/instruments.yaml@sim
[rcd]
driver = scpi
address = ASRL5::INSTR
backend = {HERE}/instruments.yaml@sim
[safety]
driver = scpi
address = ASRL6::INSTR
backend = {HERE}/instruments.yaml@sim
[thermometer]
driver = hand
"""


def loaded(tmp_path, text=STATION):
    path = tmp_path / "station.ini"
    path.write_text(text)
    return station.load(path)


@pytest.fixture
def there(tmp_path):
    return loaded(tmp_path)


def test_the_relays_open_the_old_position_before_they_close_the_new_one(there):
    there.relays.switch("pilot", "C")
    assert int(there.relays.wire.resource.query("CLOSED?")) == 203
    assert int(there.relays.wire.resource.query("OPENED?")) == 205
    there.relays.switch("pilot", "A")
    assert int(there.relays.wire.resource.query("CLOSED?")) == 203, "state A has no resistor"
    assert int(there.relays.wire.resource.query("OPENED?")) == 205


def test_a_position_that_the_station_has_no_channel_for_is_told(there):
    with pytest.raises(BadInput, match="no channel for 'pilot D'"):
        there.relays.switch("pilot", "D")


def test_the_source_drives_each_clamps_current(there):
    there.source.drive((5000, 2000, 10000))
    assert there.source.wire.resource.query("SOUR:CURR?").strip() == "10.000"
    assert there.source.wire.resource.query("INST:NSEL?").strip() == "3"


def test_the_voltmeter_tells_mv_or_that_there_is_nothing(there):
    assert there.voltmeter.mv("pilot high") == pytest.approx(11987.4)
    assert there.voltmeter.mv("pilot low") is None
    with pytest.raises(BadInput, match="answers 'OVLD'"):
        there.voltmeter.mv("lamp")
    with pytest.raises(BadInput, match="no channel for 'plug L1'"):
        there.voltmeter.mv("plug L1")
    assert there.voltmeter.instrument == Instrument("Keysight Technologies,34970A,SIM3,1", datetime.date(2027, 5, 31))


def test_a_question_that_the_instrument_does_not_know_is_told_in_one_line(there):
    with pytest.raises(BadInput, match=r"instrument ASRL3::INSTR.*MEAS:VOLT:DC\? \(@104\)"):
        there.voltmeter.mv("mains")


def test_the_counter_tells_frequency_duty_and_time(there):
    assert there.counter.hz() == pytest.approx(998.402)
    assert there.counter.duty_percent() == pytest.approx(53.3325)
    assert there.counter.dead_after_ms() == pytest.approx(41.2)


SCOPE = f"[scope]\ndriver = scpi\naddress = ASRL7::INSTR\nbackend = {HERE}/instruments.yaml@sim\n"


def test_the_scope_tells_the_pilots_edges_of_its_channel(tmp_path):
    """`:MEASure:RISetime? CHANnel2`: RIGOL Programming Guide, DS1000E and DS1000D series, 2010; 9.9E+37 is no measurement."""
    scope = loaded(tmp_path, STATION + SCOPE + "channel = CHAN2\ncalibrated_until = 2027-05-31\n").scope
    assert scope.edge_us("rise") == pytest.approx(7.6)
    assert scope.edge_us("fall") is None
    assert scope.instrument == Instrument("RIGOL TECHNOLOGIES,DS1102E,SIM7,00.02.01", datetime.date(2027, 5, 31))


def test_another_makers_scope_is_asked_in_its_own_words(tmp_path):
    """`:MEASure:ITEM? RTIMe,CHANnel1`: as drivers of a Rigol DS1000Z ask it."""
    there = loaded(tmp_path, STATION + SCOPE + "say rise = MEAS:ITEM? RTIM,{}\n")
    assert there.scope.edge_us("rise") == pytest.approx(8.2)
    assert there.scope.instrument in there.instruments()


def test_a_station_may_be_without_a_scope(there):
    assert there.scope is None
    assert len(there.instruments()) == 7


def test_the_rcd_tester_tells_the_time_and_takes_its_current_away(there):
    assert there.rcd.trip_ms(6, "dc", 10000) == pytest.approx(63)
    assert there.rcd.trip_ms(-6, "dc", 10000) == pytest.approx(63)
    assert there.rcd.trip_ms(6, "dc", 50) is None


def test_a_word_that_an_instrument_refuses_is_told(there):
    with pytest.raises(BadInput, match=r"refuses 'SOUR:CURR:RES 0.0300,AC': -113|instrument ASRL5::INSTR"):
        there.rcd.trip_ms(30, "ac", 1000)


def test_the_safety_tester_tells_milliohm_and_kiloohm(there):
    assert there.safety.earth_mohm() == pytest.approx(56)
    assert there.safety.insulation_kohm() == pytest.approx(21000)


def test_a_word_may_be_said_otherwise(tmp_path):
    text = STATION.replace("address = ASRL6::INSTR", "address = ASRL6::INSTR\nsay earth = MEAS:TEMP?")
    assert loaded(tmp_path, text).safety.earth_mohm() == pytest.approx(23100)


def test_an_instrument_that_does_not_answer_is_told(tmp_path):
    with pytest.raises(BadInput, match="instrument ASRL9::INSTR: does not answer"):
        loaded(tmp_path, STATION.replace("ASRL6", "ASRL9"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("board = reference", "", "names no board"),
        ("driver = hand", "driver = magic", "driver = magic: bench, scpi, or for safety and thermometer hand"),
        ("[thermometer]\ndriver = hand", "", r"no section \[thermometer\]"),
        ("calibrated_until = 2027-05-31", "calibrated_until = soon", "write it as 2027-05-31"),
        ("pilot high = 101", "pilot hihg = 101", r"\[voltmeter\] has no key 'pilot hihg'"),
        ("[station]", "[staton]", r"no section \[station\]"),
        ("address = ASRL6::INSTR", "", r"\[safety\] has no address"),
        ("instruments.yaml@sim", "none.yaml@sim", "none.yaml"),
    ],
)
def test_a_station_file_that_cannot_be_is_told(tmp_path, old, new, told):
    with pytest.raises(BadInput, match=told):
        loaded(tmp_path, STATION.replace(old, new, 1))


def test_a_station_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(BadInput, match="No such file"):
        station.load(tmp_path / "none.ini")


def test_a_tester_that_a_person_reads_asks(tmp_path):
    asked = []
    tester = ByHand(Instrument("tester"), lambda question, units: asked.append((question, units)) or 42.0)
    assert (tester.earth_mohm(), tester.insulation_kohm(), tester.celsius()) == (42, 42, 42)
    for question, units in asked:
        shown = question.rpartition("such as ")[2]
        assert SHOWN.fullmatch(shown)[2] in units, "what it asks for it takes"


@pytest.mark.parametrize(
    ("reading", "shown", "value"),
    [
        ("earth_mohm", "0,06 ohm", 60),
        ("earth_mohm", "0.15 Ω", 150),
        ("earth_mohm", "60mΩ", 60),
        ("earth_mohm", "> 2 Ohm", 2000),
        ("insulation_kohm", "20 Mohm", 20000),
        ("insulation_kohm", ">999 MΩ", 999000),
        ("insulation_kohm", "800 kohm", 800),
        ("celsius", "-3.5", -3.5),
        ("celsius", "21 C", 21),
    ],
)
def test_what_a_display_shows_is_typed_with_its_unit(monkeypatch, reading, shown, value):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{shown}\n"))
    assert math.isclose(getattr(ByHand(Instrument("tester")), reading)(), value)


@pytest.mark.parametrize("shown", ["soon", "0.15", "0.15 V", "", "20 Mohm"])
def test_an_earth_without_its_unit_is_asked_for_again(monkeypatch, capsys, shown):
    """0.15 of milliohm would pass a board of 0.15 ohm."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{shown}\n0.15 ohm\n"))
    assert ByHand(Instrument("tester")).earth_mohm() == 150
    assert "as the display shows it, with its unit: mohm, ohm" in capsys.readouterr().err


def test_a_person_who_is_not_there_is_told(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(BadInput, match="nobody typed what it shows: tester: protective earth"):
        ByHand(Instrument("tester")).earth_mohm()


def test_the_station_of_the_bench_is_whole():
    from headroom_tools.common.places import ROOT

    bench = station.load(ROOT / "tools" / "headroom_tools" / "jig" / "bench.ini")
    assert bench.board == "reference"
    assert len(RELAYS) == 5
    assert len(POINTS) == 8
