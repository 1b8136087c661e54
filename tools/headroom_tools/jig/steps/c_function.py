"""Steps 400 to 590: does it measure, show and listen as it should?"""

from headroom_tools.jig.codes import stands
from headroom_tools.jig.instruments import RELAYS
from headroom_tools.jig.worksheet import PROMPT, REST_MA, Jig, step

CALIBRATE_MA = (5000, 10000, 20000)
CHECK_MA = 15000
PHASE_MA = 10000
MEANS = 6
FLASH = """
import time
times = []
for _ in range(4):
    begun = time.ticks_us()
    with open('/jig.tmp', 'wb') as file:
        file.write(bytes(4096))
    times.append(time.ticks_diff(time.ticks_us(), begun))
import os
os.remove('/jig.tmp')
print(max(times))
"""
BUS = """
from machine import Pin
send, hear, drive = Pin({tx}, Pin.OUT, value=1), Pin({rx}, Pin.IN), Pin({de}, Pin.OUT, value=1)
wrong = 0
for bit in (0, 1, 1, 0, 1, 0, 0, 1) * 4:
    send.value(bit)
    wrong += hear.value() != bit
drive.value(0)
send.value(0)
wrong += hear.value() != 1
print(wrong)
"""


def _currents(jig: Jig, place: int, ma: int) -> tuple[int, ...]:
    return tuple(ma if each == place else REST_MA for each in range(len(jig.pins["CT_PINS"])))


@step(
    400,
    "Clamps calibrated",
    cause="burden resistor, a clamp of another ratio, two clamps swapped, a bias divider",
    look="burden and bias at the clamp's plug; which clamp is on which lead",
)
def test_each_clamp_reads_what_flows_once_it_is_calibrated(jig: Jig) -> None:
    """The current source drives 5, 10 and 20 A through all clamps; the board is calibrated and keeps that. Then 15 A through one
    clamp after the other must be read as such, by this clamp and no other.
    """
    source = jig.station.source
    jig.board.tell("calibrate reset", "save")
    clamps = range(len(jig.pins["CT_PINS"]))
    for ma in CALIBRATE_MA:
        source.drive((ma,) * len(clamps))
        jig.board.rest(500)
        for line in (f"L{place + 1}" for place in clamps):
            said = jig.board.ask(f"calibrate {line} {ma / 1000:g}")[-1]
            jig.record(f"gain.{line}.{ma // 1000}A", said["gain_ppm"] / 10000, source.instrument)
    jig.board.tell("save")
    for place in clamps:
        source.drive(_currents(jig, place, CHECK_MA))
        jig.board.rest(500)
        read = jig.board.means(lambda now: now["supply_ma"], MEANS)
        for other in clamps:
            if other == place:
                off = (read[other] - CHECK_MA) * 100 / CHECK_MA
                jig.record(f"current.L{other + 1}", off, source.instrument)
            else:
                off = (read[other] - REST_MA) / 1000
                jig.record(f"quiet_phase.L{other + 1}.{place + 1}", off, source.instrument)


@step(
    410,
    "Voltage input calibrated",
    cause="voltage transformer or its resistors",
    look="ZMPT101B and the resistors beside it",
    needs="VOLTAGE_PIN",
)
def test_the_voltage_input_reads_the_mains(jig: Jig) -> None:
    """`calibrate V` with what the voltmeter shows."""
    mains_mv = jig.station.voltmeter.mv("mains") or 0
    jig.board.tell("calibrate reset V", "save")
    said = jig.board.ask(f"calibrate V {mains_mv / 1000:.1f}")[-1]
    jig.record("volts_gain", said["gain_ppm"] / 10000, jig.station.voltmeter.instrument)
    jig.board.tell("save")
    jig.board.rest(500)
    (read,) = jig.board.means(lambda now: [now["mains_mv"]], MEANS)
    jig.record("volts", (read - mains_mv) * 100 / mains_mv if mains_mv else None, jig.station.voltmeter.instrument)


@step(
    415,
    "Clamps' phase calibrated",
    cause="a clamp the wrong way round, or of another kind",
    look="the arrow on the clamp; its type",
    needs="VOLTAGE_PIN",
)
def test_each_clamps_phase_is_measured(jig: Jig) -> None:
    """The source drives 10 A in phase with the mains through every clamp; the board keeps by how much each leads."""
    jig.station.source.drive((PHASE_MA,) * len(jig.pins["CT_PINS"]))
    jig.board.rest(1000)
    for said in jig.board.ask("calibrate phase"):
        if "meter" in said:
            lead = said["lead_mdeg"] / 1000 if "lead_mdeg" in said else None
            jig.record(f"lead.{said['meter']}", lead, jig.station.source.instrument)
    jig.board.tell("save")


@step(
    420,
    "Temperature sensor",
    cause="NTC torn off, of another value, or its pull-up",
    look="10 kohm across the NTC at 25 degrees",
    needs="TEMPERATURE_PIN",
)
def test_the_temperature_is_the_rooms(jig: Jig) -> None:
    """The board rested in the room: its sensor against the thermometer."""
    read = jig.board.measure()["temperature_c"]
    thermometer = jig.station.thermometer
    jig.record("temperature", read - thermometer.celsius(), thermometer.instrument)


@step(430, "Lamp", cause="LED the wrong way round, its resistor", look="LED", after=300)
def test_the_lamp_lights_while_a_car_charges_and_not_without(jig: Jig) -> None:
    """A photodiode sees the lamp: dark without a car, steady while one charges."""
    jig.volts("lamp", "lamp_dark", 1)
    jig.charge()
    jig.board.rest(200)
    jig.volts("lamp", "lamp_lit", 1)


@step(440, "Button", cause="button or its lead", look="button", needs="BUTTON_PIN")
def test_the_button_is_felt(jig: Jig) -> None:
    """A solenoid presses it for a moment."""
    jig.station.relays.switch("button", "pressed")
    jig.board.until(lambda now: now["button"], 2000, "the board feels the button")
    jig.station.relays.switch("button", "free")
    jig.board.until(lambda now: not now["button"], 2000, "the board feels it let go")
    jig.board.tell("resume")


@step(
    450,
    "Proximity codes",
    cause="the pull-up at the proximity contact",
    look="1 kohm at the proximity contact",
    needs="PROXIMITY_PIN",
)
def test_each_cables_code_is_read(jig: Jig) -> None:
    """The cable's resistors, one after the other."""
    for position in RELAYS["cable"][1:]:
        jig.station.relays.switch("cable", position)
        jig.board.rest(800)
        (read,) = jig.board.means(lambda now: [now["proximity_ohm"]], MEANS)
        ohm = int(position)
        jig.record(f"proximity.{ohm}", (read - ohm) * 100 / ohm, jig.station.relays.instrument)


@step(
    460,
    "Socket lock",
    cause="the lock's motor, its driver, or its position contact",
    look="both leads of the motor; the contact",
    needs="LOCK_PIN",
)
def test_the_lock_holds_while_a_car_charges_and_lets_go(jig: Jig) -> None:
    """A car with a cable of 32 A charges: the bolt is out; when it leaves, the bolt is in."""
    jig.car("B")
    jig.board.until(lambda now: now["told_locked"] and now["locked"], 6000, "the lock holds")
    now = jig.charge()
    assert not stands("LOCK", now["fault_set"])
    jig.car("A")
    jig.board.until(lambda now: not now["locked"], 6000, "the lock lets go")


@step(
    500,
    "Tick and memory",
    cause="a slow module, a wrong clock, or a part of the firmware gone wrong",
    look="status on the console; CPU clock",
)
def test_a_tick_has_time_left_and_memory_is_free(jig: Jig) -> None:
    """What the firmware needs of each tick, and what is free of its heap."""
    jig.board.rest(3000)
    jig.record("tick", jig.board.measure()["busy_us"] / 1000)
    jig.record("heap", jig.board.ask("version")[0]["free_bytes"] / 1000)


@step(
    510,
    "Flash writes in time",
    cause="a worn or slow flash chip",
    look="another module",
    leaves=PROMPT,
)
def test_a_flash_write_stalls_the_chip_no_longer_than_it_may(jig: Jig) -> None:
    """The firmware is stopped; four files of 4 kB are written, the slowest counts."""
    jig.record("flash_stall", int(jig.board.execute(FLASH)) / 1000)


@step(
    520,
    "Bus transceiver",
    cause="RS-485 transceiver, or one of its three leads",
    look="the transceiver's receiver is on while it sends",
    leaves=PROMPT,
    needs="RS485_TX_PIN",
)
def test_what_is_sent_on_the_bus_comes_back(jig: Jig) -> None:
    """The firmware is stopped; 32 bits go out and have to be heard, and with the driver off the bus rests high."""
    pins = {"tx": jig.pins["RS485_TX_PIN"], "rx": jig.pins["RS485_RX_PIN"], "de": jig.pins["RS485_DE_PIN"]}
    jig.record("bus", int(jig.board.execute(BUS.format(**pins))))
