"""Steps 200 to 390: may a person touch it? Nothing is energised before earth and insulation are good."""

from collections.abc import Callable
from typing import Any

from headroom_tools.jig.codes import pilot, stands
from headroom_tools.jig.worksheet import Jig, step

DUTIES_A = (32, 16, 10, 6)  # falling: a lower offer waits for nothing
LEAST_MA = 6000  # that a car can take
STEP_MA = 500  # a smaller change is not worth a new duty: law/balance.py
LOOKS = 5
READ_TIMES = 4
SAVE_REST_MS = 1500  # each save erases sectors of the flash: several in a row would be a tick that is too slow


@step(
    200,
    "Plug dead without a car",
    cause="contactor welded, or its drive shorted",
    look="contactor's coil voltage: 0 V",
    vital=True,
)
def test_without_a_car_the_plug_is_dead(jig: Jig) -> None:
    """Supply on, no car."""
    for point in jig.plugs():
        jig.volts(point, f"plug_dead.{point[-2:]}")


@step(
    210,
    "Protective earth continuous",
    cause="loose screw, missing ring terminal",
    look="earth terminal, inlet to plug",
    vital=True,
)
def test_the_protective_earth_goes_through(jig: Jig) -> None:
    """Tester on inlet earth and plug earth. A tester without a line to the PC is read by you: type it with its unit."""
    jig.record("earth", jig.station.safety.earth_mohm(), jig.station.safety.instrument)


@step(
    220,
    "Insulation",
    cause="pinched lead, solder bridge, flux under the contactor",
    look="between live terminals and earth",
    vital=True,
)
def test_the_insulation_holds_at_500_v(jig: Jig) -> None:
    """Tester at 500 V, live parts together against earth."""
    jig.record("insulation", jig.station.safety.insulation_kohm(), jig.station.safety.instrument)


@step(
    225,
    "Logic supply",
    cause="the 3.3 V regulator, or a short on its rail",
    look="3.3 V beside the module",
)
def test_the_logic_supply_is_what_the_chip_needs(jig: Jig) -> None:
    """The voltmeter at 3.3 V: the board measures its own by a reference that may be off, and takes a low one for sound."""
    jig.volts("supply", "supply", 1)


@step(
    230,
    "Pilot at +12 V",
    cause="the driver's positive supply, or its output",
    look="+12 V rail; 1 kohm at the driver",
)
def test_the_pilot_stands_at_plus_12_volts(jig: Jig) -> None:
    """No car: the pilot is steady."""
    jig.board.until(_sees("A"), 2000, "the board sees state A")
    jig.volts("pilot high", "pilot_high", 1)


@step(
    240,
    "Pilot's pulses: -12 V and 1 kHz",
    cause="the driver's negative supply; a wrong crystal",
    look="-12 V rail; the module",
)
def test_the_pilots_pulses_reach_minus_12_volts_at_1_khz(jig: Jig) -> None:
    """A car in state B is offered current."""
    jig.car("B")
    jig.board.until(lambda now: now["offer_ma"] > 0, 12000, "an offer to the car")
    jig.volts("pilot low", "pilot_low", 1)
    jig.record("pilot_frequency", jig.station.counter.hz(), jig.station.counter.instrument)


@step(
    250,
    "Duty of the pilot",
    cause="slow edges: the driver, or a capacitor too large",
    look="edges on a scope, at the plug",
)
def test_the_duty_says_what_is_offered(jig: Jig) -> None:
    """32, 16, 10 and 6 A, as far as the board goes: duty = A / 0.6 %. One that measures the voltage may offer less, for it is not
    calibrated yet, and the line is not to sag.
    """
    jig.car("B")
    for amps in (each for each in DUTIES_A if each * 1000 <= jig.pins["MAX_OFFER_MA"]):
        jig.board.rest(SAVE_REST_MS)
        jig.board.tell(f"set household_ma {amps}A", "save")
        jig.record(f"duty.{amps}A", _duty_off(jig, amps), jig.station.counter.instrument)
    jig.board.rest(SAVE_REST_MS)
    jig.board.tell("set household_ma 80A", "save")


def _duty_off(jig: Jig, amps: int) -> float:
    """What the duty is off what is offered, of an offer that stood while it was measured."""
    least_ma = most_ma = amps * 1000
    if jig.pins["VOLTAGE_PIN"] is not None:
        least_ma, most_ma = LEAST_MA, most_ma + STEP_MA
    for _ in range(LOOKS):
        now = jig.board.until(_between(least_ma, most_ma), 15000, f"an offer of {amps} A")
        percent = jig.station.counter.duty_percent()
        if jig.board.measure()["offer_ma"] == now["offer_ma"]:
            return percent - float(now["offer_ma"]) / 600
    raise AssertionError(f"the offer of {amps} A does not rest")


@step(
    255,
    "Edges of the pilot",
    cause="a driver that is slow, or a capacitor too large",
    look="1 kohm and the capacitor at the pilot's output; the cable to the plug",
    by="scope",
)
def test_the_pilots_edges_are_steep(jig: Jig) -> None:
    """A car in state B is offered current; the scope's probe is at the plug. A station without a scope passes this over."""
    jig.car("B")
    jig.board.until(lambda now: now["offer_ma"] > 0, 12000, "an offer to the car")
    scope = jig.station.scope
    assert scope is not None
    jig.record("edge_rise", scope.edge_us("rise"), scope.instrument)
    jig.record("edge_fall", scope.edge_us("fall"), scope.instrument)


@step(
    260,
    "States A, B, C",
    cause="the 1 kohm of the pilot, or its divider to the chip",
    look="values of the pilot's resistors",
)
def test_the_board_sees_a_car_come_and_ask(jig: Jig) -> None:
    """The car's resistors, one after the other; what the board reads is held against the voltmeter."""
    for letter in "ABC":
        jig.car(letter)
        jig.board.until(_sees(letter), 4000, f"the board sees {letter}")
        shown = jig.volts("pilot high", f"state_{letter}", 1)
        (read,) = jig.board.means(lambda now: [now["pilot_high_mv"]], READ_TIMES)
        jig.record(f"pilot_reading.{letter}", None if shown.value is None else read - shown.value)


def _between(least_ma: int, most_ma: int) -> Callable[[dict[str, Any]], bool]:
    return lambda now: least_ma <= now["offer_ma"] <= most_ma


def _sees(letter: str) -> Callable[[dict[str, Any]], bool]:
    return lambda now: now["pilot_state"] == pilot(letter)


@step(
    270,
    "State D is refused",
    cause="the pilot's divider",
    look="values of the pilot's resistors",
    raises=("VENTILATION",),
)
def test_a_car_that_needs_ventilation_is_refused(jig: Jig) -> None:
    """No board of ours has a fan: the fault stands, and the contactor stays open."""
    jig.car("D")
    now = jig.board.until(lambda now: stands("VENTILATION", now["fault_set"]), 4000, "state D is a fault")
    assert not now["told_closed"]
    jig.volts("pilot high", "state_D", 1)


@step(
    280,
    "A car without a diode is refused",
    cause="the board cannot see the pilot's low plateau",
    look="pilot's divider and its bias",
    raises=("DIODE",),
)
def test_a_car_without_a_diode_gets_nothing(jig: Jig) -> None:
    """A resistor without the car's diode."""
    jig.car("no diode")
    now = jig.board.until(lambda now: stands("DIODE", now["fault_set"]), 12000, "the missing diode is a fault")
    assert not now["told_closed"]


@step(
    290,
    "A shorted pilot is seen",
    cause="the pilot's divider",
    look="values of the pilot's resistors",
    raises=("PILOT_SHORT",),
)
def test_a_pilot_at_earth_is_seen(jig: Jig) -> None:
    """The pilot is connected to earth."""
    jig.car("short")
    jig.board.until(lambda now: stands("PILOT_SHORT", now["fault_set"]), 4000, "the short is a fault")


@step(
    295,
    "Residual current module answers its test",
    cause="the module's TEST or FAULT lead, or the module",
    look="the leads from the chip's pins to TEST and FAULT",
    needs="RCM_TEST_PIN",
)
def test_the_module_answers_its_test(jig: Jig) -> None:
    """Before it offers anything the board tests the module; `selftest` tells how that went."""
    jig.car("B")
    jig.board.until(lambda now: now["offer_ma"] > 0 or now["fault_set"], 12000, "an offer to the car")
    said = jig.board.ask("selftest")[0]
    assert said["residual"] == "passed", said["line"]


@step(
    300,
    "Contactor closes, and its contact tells",
    cause="contactor, its drive, the supervisor, or the auxiliary contact",
    look="coil voltage while the lamp is lit; the auxiliary contact's two leads",
    after=295,
)
def test_the_contactor_closes_for_a_car_that_asks(jig: Jig) -> None:
    """A car asks for power: within 3 s the plug is live on every phase."""
    jig.car("B")
    jig.board.until(lambda now: now["offer_ma"] > 0, 12000, "an offer to the car")
    asked_ms = jig.board.measure()["lived_ms"]
    jig.car("C")
    now = jig.board.until(lambda now: now["told_closed"] and now["contactor_closed"], 6000, "the contactor closes")
    jig.record("start", now["lived_ms"] - asked_ms)
    for point in jig.plugs():
        jig.volts(point, f"plug_live.{point[-2:]}")


@step(
    310,
    "Contactor opens when the car stops asking",
    cause="a contactor that is slow or sticks; its suppressor",
    look="a diode across the coil where a varistor belongs",
    after=300,
)
def test_the_contactor_opens_within_100_ms(jig: Jig) -> None:
    """From state C to B: the counter takes the time until the plug is dead."""
    jig.charge()
    jig.car("B")
    jig.board.until(lambda now: not now["told_closed"], 2000, "the contactor opens")
    jig.board.rest(200)
    jig.record("stop", jig.station.counter.dead_after_ms(), jig.station.counter.instrument)


def _trip(jig: Jig, name: str, ma: int, kind: str, within_ms: int) -> None:
    if jig.pins["RCM_FAULT_PIN"] is None:
        return
    jig.charge()
    jig.record(name, jig.station.rcd.trip_ms(ma, kind, within_ms), jig.station.rcd.instrument)
    jig.board.until(lambda now: stands("RESIDUAL", now["fault_set"]), 2000, "residual current is a fault")


@step(
    320,
    "6 mA DC trips, one way",
    cause="residual current module, its leads, or the conductors do not all pass through it",
    look="module's plug; L1, L2, L3 and N through it, earth not",
    needs="RCM_FAULT_PIN",
    after=300,
    raises=("RESIDUAL",),
)
def test_6_ma_of_dc_opens_the_contactor(jig: Jig) -> None:
    """RCD tester at 6 mA DC while a car charges."""
    _trip(jig, "rcd_dc.plus", 6, "dc", 10000)


@step(
    321,
    "6 mA DC trips, the other way",
    cause="residual current module",
    look="another module",
    needs="RCM_FAULT_PIN",
    after=300,
    raises=("RESIDUAL",),
)
def test_6_ma_of_dc_the_other_way_opens_it_too(jig: Jig) -> None:
    """The same with the other polarity."""
    _trip(jig, "rcd_dc.minus", -6, "dc", 10000)


@step(
    322,
    "30 mA AC trips",
    cause="residual current module",
    look="another module",
    needs="RCM_FAULT_PIN",
    after=300,
    raises=("RESIDUAL",),
)
def test_30_ma_of_ac_opens_the_contactor(jig: Jig) -> None:
    """RCD tester at 30 mA AC while a car charges."""
    _trip(jig, "rcd_ac", 30, "ac", 1000)


@step(
    340,
    "Loss of earth opens the contactor",
    cause="earth monitor, or its contact's lead",
    look="the monitor's lamp; its contact",
    needs="EARTH_FAULT_PIN",
    after=300,
    raises=("EARTH",),
)
def test_a_lost_earth_opens_the_contactor(jig: Jig) -> None:
    """A relay opens the protective earth while a car charges."""
    jig.charge()
    jig.station.relays.switch("earth", "open")
    jig.board.until(lambda now: stands("EARTH", now["fault_set"]), 2000, "the lost earth is a fault")
    jig.board.rest(200)
    jig.record("earth_loss", jig.station.counter.dead_after_ms(), jig.station.counter.instrument)


@step(
    350,
    "A welded contactor is seen",
    cause="the auxiliary contact or its lead",
    look="the auxiliary contact's two leads",
    raises=("WELDED",),
)
def test_a_contact_that_stays_closed_is_seen(jig: Jig) -> None:
    """A relay holds the auxiliary contact closed: the board must take it for welded, and refuse."""
    jig.station.relays.switch("auxiliary", "held")
    jig.board.until(lambda now: stands("WELDED", now["fault_set"]), 4000, "the weld is a fault")
