"""The files people have: small ones of each kind, made here after the real layouts, and what is read of them."""

import io

import pytest
from headroom_tools.common.errors import BadInput
from headroom_tools.sim.house import prepare
from headroom_tools.sim.told import read_told
from headroom_tools.sim.traces import Trace

SHELLY_PHASE = "{0}_total_act_energy,{0}_total_act_ret_energy,{0}_max_act_power,{0}_avg_voltage,{0}_avg_current"
SHELLY = "timestamp," + ",".join(SHELLY_PHASE.format(phase) for phase in "abc") + ",n_avg_current\n"
ECO = "{0},{0},0,0,0.1,{1},-1,2.5,230,231,229,120,240,5,6,7\n"
OPENWB = "date,bezug,einspeisung,pv,ll1,ll2,ll3,llg,speicheri\n"
EVCC = (
    "time.start,time.end,pv.PV.energy.Wh,grid.energy.Wh,grid.returnEnergy.Wh,loadpoint.Box.energy.Wh,home.energy.Wh\n"
)
ENEDIS = (
    "Identifiant PRM;Type de donnees;Date de debut;Date de fin;Grandeur physique;Grandeur metier;Etape metier;Unite\n"
    "00000000000000;Courbe de charge;01/01/2026;02/01/2026;Energie active;Consommation;Comptage Brut;W\n"
    "Horodate;Valeur\n"
)
INFLUX = (
    "#group,false,false,true,true,false,false,true,true\n"
    "#datatype,string,long,dateTime:RFC3339,dateTime:RFC3339,dateTime:RFC3339,double,string,string\n"
    "#default,_result,,,,,,,\n"
    ",result,table,_start,_stop,_time,_value,_field,_measurement\n"
)
FLUVIUS = (
    "Van (datum);Van (tijdstip);Tot (datum);Tot (tijdstip);EAN-code;Meter;Metertype;Register;Volume;Eenheid;Status\n"
    '01-02-2026;00:00:00;01-02-2026;00:15:00;="54";1;Digitale;Afname Nacht;0,230;kWh;Gevalideerd\n'
    '01-02-2026;00:00:00;01-02-2026;00:15:00;="54";1;Digitale;Injectie Nacht;0,000;kWh;Gevalideerd\n'
    '01-02-2026;00:15:00;01-02-2026;00:30:00;="54";1;Digitale;Afname Nacht;0,000;kWh;Gevalideerd\n'
    '01-02-2026;00:15:00;01-02-2026;00:30:00;="54";1;Digitale;Injectie Nacht;0,115;kWh;Gevalideerd\n'
)
HA = "entity_id,state,last_changed\n"


def read(path, columns=None, volts=230):
    with Trace(path, volts, read_told(columns)) as trace:
        return list(trace.rows()), trace


def amps(rows):
    return [tuple(round(ma / 1000, 1) for ma in row.ma) for row in rows]


def seconds(rows):
    return [(row.t_ms - rows[0].t_ms) / 1000 for row in rows]


@pytest.mark.parametrize(
    ("content", "expected", "apart_s", "known_as"),
    [
        pytest.param(
            HA
            + "sensor.power_phase_1,unavailable,2025-05-01T10:00:00.000Z\n"
            + "".join(f"sensor.power_phase_{p},{230 * p},2025-05-01T10:40:0{p}.500Z\n" for p in (1, 2, 3))
            + "sensor.power_phase_3,-460,2025-05-01T10:40:05.500Z\n",
            [(1, 2, 3), (1, 2, -2)], 2, "Home Assistant history", id="home assistant, stacked, signed",
        ),
        pytest.param(
            HA + "sensor.voltage_l1,231,2025-05-01T10:40:00Z\nsensor.grid,230,2025-05-01T10:40:00Z\n"
            "sensor.grid,unknown,2025-05-01T10:40:10Z\nsensor.grid,460,2025-05-01T10:40:20Z\n",
            [(1,), (1,), (2,)], 10, "Home Assistant history", id="home assistant, what is no load left aside",
        ),
        pytest.param(
            "statistic_id\tunit\tstart\tmin\tmax\tmean\nsensor.grid\tkW\t26.01.2024 12:00\t0\t1\t0.23\n"
            "sensor.grid\tkW\t26.01.2024 13:00\t0\t1\t2.3\n",
            [(1,), (10,)], 3600, "Home Assistant statistics", id="home assistant statistics, means",
        ),
        pytest.param(
            "statistic_id;unit;start;state;sum\n"
            + "".join(f"sensor.energy;kWh;26.01.2024 {h}:00;{1000 + 2.3 * (h - 12):.1f};{2.3 * h}\n" for h in (12, 13, 14)),
            [(10,), (10,)], 3600, "Home Assistant statistics", id="home assistant statistics, a counter",
        ),
        pytest.param(
            SHELLY + "1771180620," + ",".join(f"2.1,0,127,230,{c}" for c in (1.5, 2, 3)) + ",0.9\n"
            "1771180680," + ",".join(f"2.1,0,127,230,{c}" for c in (4, 5, 6)) + ",0.9\n",
            [(1.5, 2, 3), (4, 5, 6)], 60, "Shelly, three phases", id="shelly pro 3em",
        ),
        pytest.param(
            "Date/time UTC,Active energy Wh (A),Returned energy Wh (A),Active energy Wh (B),Returned energy Wh (B),"
            "Active energy Wh (C),Returned energy Wh (C)\n2026-01-01 00:00,38.333,0,76.667,0,0,38.333\n"
            "2026-01-01 00:10,0,0,0,0,0,0\n",
            [(1, 2, -1), (0, 0, 0)], 600, "Shelly 3EM", id="shelly 3em, Wh of each row",
        ),
        pytest.param(
            "time,Import T1 kWh,Import T2 kWh,Export T1 kWh,Export T2 kWh\n2025-06-02 20:00,8000.0,10,0,0\n"
            "2025-06-02 21:00,8002.3,10,0,0\n2025-06-02 22:00,8002.3,12.3,0,6.9\n",
            [(10,), (-20,)], 3600, "HomeWizard P1, counters", id="homewizard, counters",
        ),
        pytest.param(
            "timestamp,phase_currently_delivered_l1,phase_currently_delivered_l2,phase_currently_delivered_l3,"
            "phase_currently_returned_l1,phase_currently_returned_l2,phase_currently_returned_l3\n"
            "2026-01-01T00:00:00+01:00,0.230,0,0,0,0.460,0\n2026-01-01T00:00:10+01:00,0,0,0,0,0,2.3\n",
            [(1, -2, 0), (0, 0, -10)], 10, "DSMR-reader", id="dsmr-reader, kW",
        ),
        pytest.param(
            '"Unix timestamp","use"\n1767225600,230\n1767225610,null\n1767225620,460\n',
            [(1,), (1,), (2,)], 10, "emoncms", id="emoncms, unix time, null",
        ),
        pytest.param(
            "Time,Power L1,Power L2,Power L3\n2026-01-15 18:30:00,230 W,1.15 kW,0 W\n2026-01-15 18:30:10,460 W,2.30 kW,1 kW\n",
            [(1, 5, 0), (2, 10, 4.3)], 10, "columns", id="grafana, units in the cells",
        ),
        pytest.param(
            '"Series";"Time";"Value"\n"L1 power";"2026-01-15T18:30:00+01:00";230\n"L1 power";"2026-01-15T18:31:00+01:00";460\n',
            [(1,), (2,)], 60, "Grafana, stacked", id="grafana, series as rows",
        ),
        pytest.param(
            INFLUX + "".join(
                f",_result,{p},2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,2026-01-01T00:00:{s:02}Z,"
                f"{230 * p + s},power_l{p},meter\n"
                for p in (1, 2, 3) for s in (0, 10)
            ),
            [(1, 2, 3), (1, 2, 3)], 10, "InfluxDB", id="influxdb 2, annotated",
        ),
        pytest.param(
            "name,time,value\npower,1767225600000000000,230\npower,1767225610000000000,460\n",
            [(1,), (2,)], 10, "column", id="influxdb 1, ns",
        ),
        pytest.param(
            EVCC + "2026-08-31 00:00:00,2026-08-31 00:15:00,0,57.5,0,0,66\n"
            "2026-08-31 00:15:00,2026-08-31 00:30:00,0,0,115,0,66\n",
            [(1,), (-2,)], 900, "evcc", id="evcc",
        ),
        pytest.param(
            OPENWB + "2350,100000,500,0,0,0,0,0,0\n2355,100115,500,0,0,0,0,0,0\n0000,100115,730,0,0,0,0,0,0\n",
            [(6,), (-12,)], 300, "openWB", id="openwb, over midnight",
        ),
        pytest.param(
            "Electricity.Timestep;Time;Sum [kWh]\n"
            + "".join(f"{m};1/1/2016 12:0{m} AM;0.00{m}\n" for m in range(1, 5)),
            [(0.3,), (0.5,), (0.8,), (1,)], 60, "LoadProfileGenerator", id="loadprofilegenerator, american",
        ),
        pytest.param(
            ENEDIS + "2026-01-01T00:30:00+01:00;230\n2026-01-01T01:00:00+01:00;4600\n",
            [(1,), (20,)], 1800, "Enedis", id="enedis, below its own header",
        ),
        pytest.param(FLUVIUS, [(4,), (-2,)], 900, "Fluvius", id="fluvius, import and export stacked"),
        pytest.param("1303132929 230\n1303132935 460\n", [(1,), (2,)], 6, "UK-DALE or REDD", id="uk-dale, a channel"),
        pytest.param(
            "1363547562.6 230.5 261.2 241.9\n1363547563.6 460.1 470.0 241.8\n",
            [(1,), (2,)], 1, "UK-DALE mains", id="uk-dale, mains",
        ),
        pytest.param(ECO.format(500, 1.5) + ECO.format(500, 3), None, None, None, id="eco, a phase without a value"),
        pytest.param(
            ECO.format(500, 1.5).replace(",-1,", ",2,") + ECO.format(500, 3), [(1.5, 2, 2.5), (3, 2, 2.5)], 1, "ECO", id="eco",
        ),
        pytest.param(
            "Zeitstempel;Ladezustand [%];Netzeinspeisung [W];Netzbezug [W];Hausverbrauch [W]\n"
            "01.01.2024 00:00:00;45;0;230;300\n01.01.2024 00:15:00;43;460;0;300\n",
            [(1,), (-2,)], 900, "E3DC", id="e3dc",
        ),
        pytest.param("2026-01-15 18:30:00;230\n2026-01-15 18:30:10;460\n", [(1,), (2,)], 10, "without names", id="no header"),
        pytest.param(
            "15/01/2026\t18:30\t230\t460\t690\n15/01/2026\t18:31\t0\t0\t0\n", [(1, 2, 3), (0, 0, 0)], 60, "without names",
            id="no header, tabs, date and time apart",
        ),
        pytest.param(
            "time,import_w,export_w\n2026-01-15T18:30:00,230,0\n2026-01-15T18:30:01,0,460\n",
            [(1,), (-2,)], 1, "less export_w", id="what is taken and what is given back",
        ),
        pytest.param(
            "timestamp,activePowerL1,activePowerL2,activePowerL3\n1767225600,230,460,690\n1767225601,0,0,0\n",
            [(1, 2, 3), (0, 0, 0)], 1, "activepowerl1", id="names in one word",
        ),
        pytest.param(
            'Name,A B\nAddress,"1 MAIN ST"\n\nTYPE,DATE,START TIME,END TIME,USAGE (kWh),COST\n'
            "use,2023-01-01,23:45,23:59,0.23,$0.10\nuse,2023-01-02,00:00,00:14,0.0575,$0.10\nuse,2023-01-02,00:15,00:29,0.46,$0.1\n",
            [(4,), (1,), (8,)], 900, "usage (kwh)", id="an american utility's, below a letter head",
        ),
        pytest.param(
            "Datum und Uhrzeit;Bezug vom Netz [Wh];Verbrauch [Wh]\n[dd.MM.yyyy HH:mm];[Wh];[Wh]\n"
            "15.01.2026 18:00;57,5;600\n15.01.2026 18:15;0;80\n15.01.2026 18:30;115;80\n",
            [(1,), (0,), (2,)], 900, "bezug vom netz", id="units in a row of their own",
        ),
        pytest.param("t_s,l1_ma\n0,1500\n1,2000\n", [(1.5,), (2,)], 1, "l1_ma", id="mA"),
        pytest.param("time,l1_kw\n2026-01-15T18:30:00,0.23\n2026-01-15T18:30:10,2.3\n", [(1,), (10,)], 10, "l1_kw", id="kW"),
        pytest.param(
            "Datum;Uhrzeit;Strom L1 (A);Strom L2 (A);Strom L3 (A)\n15.01.2026;18:30:00;1,5;2;3\n15.01.2026;18:30:10;4;5;6,25\n",
            [(1.5, 2, 3), (4, 5, 6.2)], 10, "strom", id="german, date and time apart, amperes",
        ),
        pytest.param(
            "Fecha y hora;Consumo (kWh)\n15/01/2026 18:00;0,230\n15/01/2026 19:00;0,46\n15/01/2026 20:00;0,115\n",
            [(1,), (2,), (0.5,)], 3600, "consumo", id="spanish, kWh of each hour",
        ),
        pytest.param(
            "Time,Usage (W)\n1/15/2026 6:30:00 PM,230\n1/15/2026 6:30:10 PM,460\n", [(1,), (2,)], 10, "usage", id="american",
        ),
        pytest.param(
            "time,power\n2026-01-15T18:30:20Z,690\n2026-01-15T18:30:10Z,460\n2026-01-15T18:30:00Z,230\n",
            [(1,), (2,), (3,)], 10, "power", id="newest first",
        ),
        pytest.param(
            "timestamp,grid_power\n1767225600123,230\n1767225601123,460\n",
            [(1,), (2,)], 1, "grid_power", id="epoch in ms",
        ),
        pytest.param(
            "Zeit;Leistung\n46037,75;230\n46037,7506944444;460\n",
            [(1,), (2,)], 60, "leistung", id="a spreadsheet's days",
        ),
        pytest.param(
            "sep=;\nTijd;Vermogen (W)\n2026-01-15 18:30;230\n2026-01-15 18:31;460\n",
            [(1,), (2,)], 60, "vermogen", id="sep=",
        ),
    ],
)  # fmt: skip
def test_each_kind_of_file_is_recognised_by_itself(trace_file, content, expected, apart_s, known_as):
    path = trace_file(content)
    if expected is None:
        with pytest.raises(BadInput, match="not one row has a value in every current column"):
            read(path)
        return
    rows, trace = read(path)
    assert amps(rows) == [tuple(pytest.approx(each, abs=0.06) for each in row) for row in expected]
    assert [after - before for before, after in zip(seconds(rows), seconds(rows)[1:], strict=False)] == pytest.approx(
        [apart_s] * (len(rows) - 1), abs=1e-3
    )
    assert known_as in trace.layout.name


def test_the_end_of_an_enedis_mean_is_not_its_beginning(trace_file):
    rows, trace = read(trace_file(ENEDIS + "2026-01-01T00:30:00+01:00;230\n2026-01-01T01:00:00+01:00;4600\n"))
    assert trace.clock.write(rows[0].t_ms) == "2026-01-01T00:00:00"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_whatever_a_spreadsheet_writes_in(trace_file, encoding):
    content = (
        "Début;Fin;Valeur (en kW)\r\n"
        "02/03/2023 00:00:00;02/03/2023 00:30:00;0,23\r\n02/03/2023 00:30:00;02/03/2023 01:00:00;2,3\r\n"
    )
    rows, trace = read(trace_file(content.encode(encoding)))
    assert amps(rows) == [(1,), (10,)]
    assert trace.layout.name == "Enedis"


@pytest.mark.parametrize(
    "text", ["", "unavailable", "Unknown", "NaN", "null", "None", "n/a", "#N/A", "-", "?"]
)  # fmt: skip
def test_whatever_stands_for_a_missing_value_is_a_gap(trace_file, text):
    rows, _ = read(trace_file(f"t_s;l1_a\n0;1\n1;{text}\n2;3\n"))
    assert [(row.ma, row.gap) for row in rows] == [((1000,), False), ((1000,), True), ((3000,), False)]


@pytest.mark.parametrize(
    ("first", "second", "watts"),
    [
        ("1234,5", "200,0", (1234.5, 200)),
        ("1.234,5", "1.200", (1234.5, 1200)),
        ("1,234.5", "1,200", (1234.5, 1200)),
        ("1 234,5", "1\u202f200", (1234.5, 1200)),
        ("1'234.5", "88.2", (1234.5, 88.2)),
        ("1.234.567", "0", None),
        ("88.2", "1.234", (88.2, 1.234)),
        ("0.912", "1.234", (0.912, 1.234)),
        ("1.5e3", "2", (1500, 2)),
        ("\u2212230", "+230", (-230, 230)),
    ],
)
def test_numbers_in_anybodys_spelling(trace_file, first, second, watts):
    path = trace_file(
        f"time;l1_w;l2_w;l3_w\n2026-01-15T18:30:00;{first};{second};0\n2026-01-15T18:30:01;{first};{second};0\n"
    )
    if watts is None:
        with pytest.raises(BadInput, match="above 1000 A"):
            read(path)
        return
    rows, _ = read(path)
    assert rows[1].ma == (*(round(each / 230 * 1000) for each in watts), 0)


@pytest.mark.parametrize("sign", [".", ","])
def test_a_thousands_sign_that_may_be_a_decimal_one_is_refused_until_it_is_told(trace_file, sign):
    path = trace_file(f"time;l1_w\n2026-01-15T18:30:00;1{sign}234\n2026-01-15T18:30:01;200\n")
    with pytest.raises(BadInput, match=rf"line 2: '1\{sign}234' may be 1234 or 1.234: say --columns decimal="):
        read(path)
    decimal, thousands = ("point", "comma") if sign == "." else ("comma", "point")
    assert amps(read(path, f"decimal={thousands}")[0])[0] == (pytest.approx(5.4, abs=0.06),)
    assert any("thousands" in line for line in read(path, f"decimal={thousands}")[1].all_told())
    assert read(path, f"decimal={decimal}")[0][0].ma == (5,)


def test_kilowatts_cannot_be_thousands_and_so_tell_the_decimal_comma(trace_file):
    rows, _ = read(trace_file("time;l1_kw\n2026-01-15T18:30:00;4,030\n2026-01-15T18:30:01;3\n"))
    assert amps(rows) == [(17.5,), (13.0,)]


AUTUMN = "".join(f"2025-10-26 02:{minute:02},{minute}\n" for minute in (*range(30, 60), *range(60)))


def test_the_hour_after_summer_time_needs_a_zone(trace_file):
    path = trace_file("time,l1_w\n" + AUTUMN)
    with pytest.raises(BadInput, match=r"line 32: time runs backwards.*name the zone: --columns tz=Europe/Brussels"):
        read(path)
    rows, trace = read(path, "tz=Europe/Brussels")
    assert seconds(rows) == [60 * minute for minute in range(90)]
    assert trace.clock.of_day_ms(rows[0].t_ms) == (2 * 60 + 30) * 60_000
    assert trace.clock.of_day_ms(rows[-1].t_ms) == (2 * 60 + 59) * 60_000


def test_abbreviations_of_zones_tell_the_hours_apart(trace_file):
    rows, _ = read(trace_file("time,l1_w\n2025-10-26 02:59:00 CEST,1\n2025-10-26 02:00:00 CET,2\n"))
    assert seconds(rows) == [0, 60]
    with pytest.raises(BadInput, match="no known zone IST: name it with --columns tz="):
        read(trace_file("time,l1_w\n2025-10-26 02:59:00 IST,1\n"))


def test_times_with_and_without_a_zone_do_not_mix(trace_file):
    with pytest.raises(BadInput, match=r"line 3: .*some times have an offset from UTC and some have none"):
        read(trace_file("time,l1_w\n26.10.2025 02:00 CET,1\n26.10.2025 02:01,2\n"))


def test_a_run_may_begin_and_end_in_the_traces_own_form_of_time(trace_file):
    def part(content, from_text, columns=None):
        with Trace(trace_file(content), 230, read_told(columns)) as trace:
            house = prepare(trace, from_text, None, 1, io.StringIO())
            return house.clock.of_day_ms(house.start_ms) // 60_000, house.duration_ms // 1000

    german = "time;l1_w\n15.01.2026 18:30;230\n15.01.2026 18:31;460\n"
    for from_text in ("15.01.2026 18:31", "2026-01-15 18:31", "18:31"):
        assert part(german, from_text) == (18 * 60 + 31, 60)
        assert part(german, from_text, "tz=America/New_York") == (18 * 60 + 31, 60)
    assert part("timestamp,power\n1767225600,1\n1767225660,2\n", "01:01", "tz=Europe/Brussels") == (61, 60)
    assert part("timestamp,power\n1767225600,1\n1767225660,2\n", "2026-01-01 00:01") == (1, 60)


def test_emoncms_writes_local_time_and_is_followed_through_the_autumn_night(trace_file):
    rows, trace = read(trace_file('"Date-time string","use"\n"2025-10-26 02:59:00",1\n"2025-10-26 02:00:00",2\n'))
    assert seconds(rows) == [0, 60]
    assert any("set back an hour" in line for line in trace.all_told())
    for day in ("2025-09-28", "2025-10-25", "2025-10-19"):
        with pytest.raises(BadInput, match="time runs backwards"):
            read(trace_file(f'"Date-time string","use"\n"{day} 02:59:00",1\n"{day} 02:00:00",2\n'))


def test_days_and_months_are_told_apart_by_how_time_runs_on(trace_file):
    def day(order):
        rows = "".join(f"{order.format(d=d, m=2)} 12:00,1\n" for d in (3, 4, 5))
        return seconds(read(trace_file("time,l1_a\n" + rows))[0])

    assert day("{d:02}/{m:02}/2026") == day("{m:02}/{d:02}/2026") == [0, 86_400, 172_800]
    rows, trace = read(trace_file("time,l1_a\n02/03/2026 12:00,1\n"), "dates=mdy")
    assert trace.clock.wall(rows[0].t_ms).month == 2


def test_a_hole_is_a_gap(trace_file):
    content = "t_s,l1_a\n" + "".join(f"{s},3\n" for s in range(60)) + "".join(f"{72_000 + s},4\n" for s in range(60))
    rows, trace = read(trace_file(content))
    assert [row for row in rows if row.gap] == [rows[60]]
    assert (rows[60].t_ms, rows[60].ma) == (60_000, (3000,))
    assert f"{trace.path}, line 62: no row in the 20.0 hours before it: the last value holds" in trace.warnings


def test_a_counter_that_starts_anew_is_a_gap(trace_file):
    kwh = (1000, 1000.23, 1000.46, 0.0, 0.23)
    content = "time,energy_kwh\n" + "".join(f"2026-01-15T{10 + n}:00:00,{each}\n" for n, each in enumerate(kwh))
    rows, _ = read(trace_file(content), "kind=counter")
    assert [(row.ma, row.gap) for row in rows] == [
        ((1000,), False),
        ((1000,), False),
        ((1000,), True),
        ((1000,), False),
    ]


def test_blank_rows_at_the_end_of_a_sheet_and_a_repeated_header_are_left_out(trace_file):
    rows, _ = read(trace_file("time;l1_w\n2025-01-15 18:30;230\ntime;l1_w\n2025-01-15 18:31;460\n;\n;\n"))
    assert amps(rows) == [(1,), (2,)]


def test_what_no_header_tells_a_person_tells(trace_file):
    path = trace_file("Wann;A;B;Rest\n15.01.2026 18:30;0,23;0,46;x\n15.01.2026 18:31;2,3;4,6;y\n")
    with pytest.raises(BadInput, match="no known time column"):
        read(path)
    rows, _ = read(path, "time=Wann,l1=A,l2=B,unit=kW,decimal=comma,tz=Europe/Brussels")
    assert amps(rows) == [(1, 2), (10, 20)]
    assert amps(read(path, "time=1,l1=3,unit=kW")[0]) == [(2,), (20,)]


def test_a_time_alone_can_be_told_by_name_or_number_or_as_a_date_and_a_clock(trace_file):
    path = trace_file("Wann;L1 (W);t_s\n15.01.2026 18:30;230;7\n15.01.2026 18:31;460;7\n")
    for told in ("time=Wann", "time=1"):
        rows, _ = read(path, told)
        assert seconds(rows) == [0, 60], told
        assert amps(rows) == [(1,), (2,)], told
    path = trace_file("Am;Um;L1 (W)\n15.01.2026;18:30:00;230\n15.01.2026;18:30:01;460\n")
    assert amps(read(path, "time=Am+Um")[0]) == [(1,), (2,)]
    path = trace_file("15.01.2026 18:30;230\n15.01.2026 18:31;460\n")
    with pytest.raises(BadInput, match="no header is there: tell l1 as well, by number"):
        read(path, "time=1")


def test_without_a_header_a_phase_that_begins_with_no_value_is_a_phase_and_words_are_left_aside_and_told(trace_file):
    rows, _ = read(
        trace_file("2026-01-15 18:30;230;460;-\n2026-01-15 18:31;230;460;690\n2026-01-15 18:32;230;460;690\n")
    )
    assert amps(rows)[-1] == (1, 2, 3)
    rows, trace = read(trace_file("2026-01-15 18:30;230;460;sunny\n2026-01-15 18:31;230;460;rain\n"))
    assert amps(rows) == [(1,), (1,)]
    assert any("columns 3 and 4 are left aside" in line for line in trace.all_told())


def test_entities_can_be_told(trace_file):
    path = trace_file(
        HA + "".join(f"sensor.{name},{w},2026-01-15T18:30:00Z\n" for name, w in (("house", 230), ("oven", 2300)))
    )
    with pytest.raises(BadInput, match=r"several entities.*sensor.house, sensor.oven.*--columns l1=NAME"):
        read(path)
    assert amps(read(path, "l1=sensor.oven")[0]) == [(10,)]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ("unit", "--columns 'unit' tells nothing: give NAME=VALUE"),
        ("unit=HP", "--columns unit=HP: give W, kW, A"),
        ("l2=b", "--columns tells a phase alone"),
        ("colour=red", "there is no colour, but time, l1"),
        ("tz=Mars/Base", "no such time zone: give one such as Europe/Brussels"),
        ("tz=../../etc/passwd", "no such time zone"),
        ("decimal=dash", "--columns decimal=dash: give comma or point"),
        ("dates=abc", "--columns dates=abc: give ymd or dmy or mdy"),
        ("unit=W,unit=A", "--columns tells unit twice"),
        ("l1=nobody", "--columns l1=nobody: no such column; there are 't_s', 'l1_a'"),
        ("time=never", "--columns time=never: no such column; there are 't_s', 'l1_a'"),
    ],
)
def test_columns_that_make_no_sense_are_refused_with_what_would(trace_file, columns, told):
    with pytest.raises(BadInput) as error:
        read(trace_file("t_s,l1_a\n0,1\n"), columns)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04" + b"\0" * 99, "a workbook or an archive: unpack it, or save the sheet as CSV"),
        (b"\x1f\x8b\x08" + b"\0" * 99, "compressed: unpack it with gunzip"),
        (b'[{"entity_id": "sensor.x"}]\n', "JSON: export the trace as CSV"),
        (
            b'[{"t": "2026-01-12T17:00:00Z", "state": "240"}, {"t": "2026-01-12T17:01:00Z", "state": "9"}]\n',
            "JSON: export",
        ),
        (b'[\n {\n  "t": "2026-01-12T17:00:00Z"\n }\n]\n', "JSON: export"),
        (b"<html><body>\n", "an HTML page: export the trace as CSV"),
    ],
)
def test_what_is_no_csv_is_named(trace_file, content, told):
    with pytest.raises(BadInput) as error:
        read(trace_file(content))
    assert told in str(error.value)


def test_a_column_that_says_utc_is_in_utc(trace_file):
    """n3rgy.com, consumption as CSV: it was told as local time."""
    _, trace = read(
        trace_file("timestamp (UTC),energyConsumption (kWh)\n2026-07-12 17:00,0.230\n2026-07-12 17:30,0.115\n")
    )
    assert "(UTC)" in trace.findings()[0]


def test_units_that_stand_in_the_cells_are_not_called_missing(trace_file):
    rows, trace = read(
        trace_file('"Time","L1","L2"\n"2026-01-12 17:00:00","0.46 kW","230 W"\n"2026-01-12 17:01:00","0.46 kW","1 A"\n')
    )
    assert amps(rows) == [(2, 1), (2, 1)]
    assert not [each for each in trace.findings() if "is assumed" in each]
    _, bare = read(trace_file('"Time","L1"\n"2026-01-12 17:00:00","460"\n"2026-01-12 17:01:00","230 W"\n'))
    assert [each for each in bare.findings() if "is assumed" in each]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(
            "Created,Finished,Loadpoint,Identifier,Vehicle,Meter Start (kWh),Meter Stop (kWh),Energy (kWh)\n"
            "2026-01-12 17:00:00,2026-01-12 19:00:00,Garage,,Zoe,0.0,11.5,11.5\n",
            "a list of charges", id="evcc, sessions",
        ),
        pytest.param(
            "entity_id,type,unit,2026-01-12T17:00:00.000Z,2026-01-12T18:00:00.000Z\n"
            "sensor.p1_import,grid_consumption,kWh,0.4,2.6\n",
            "times stand across", id="Home Assistant, energy panel",
        ),
        pytest.param(
            "device_id,interval_start,duration,timestamp,C1_category,C1_ereal_kWh,C2_category,C2_ereal_kWh\n"
            "DD31,2026-01-12 17:00:00,300,1768237200,Grid connect,0.033,Electric vehicle,0.6\n",
            "no column that is surely the house's", id="Wattwatchers, fleet",
        ),
        pytest.param(
            "start_time_local,start_time_epoch,solar_kwh,battery_kwh,grid_kwh,total_kwh\n"
            "2026-01-13T00:00:00,1768262400,0.1,0,1.7,1.8\n",
            "no known time column", id="Charge HQ: the car's",
        ),
        pytest.param(
            "timestamp,tariff,import_kwh,export_kwh,w_avg,w_max,l1_w_avg,l1_w_max,l2_w_avg,l2_w_max,reading_count\n"
            "2026-01-12T17:00:00,2,0.0,0,400,1300,200,700,100,300,300\n",
            "no column that is surely the house's", id="a logger with means and maxima",
        ),
        pytest.param(
            "30.11.2025 00:00;1'649\n01.12.2025 00:15;0.15\n01.12.2025 00:30;0.14\n", "no known", id="EDL, no header",
        ),
    ],
)  # fmt: skip
def test_what_is_no_houses_trace_is_refused_and_says_why(trace_file, content, told):
    with pytest.raises(BadInput) as error:
        read(trace_file(content))
    assert told in str(error.value)
