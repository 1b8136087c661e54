"""The names a board has, and which GPIO may carry which: the one table behind the check, `headroom board names` and
the wiring picture.

The device reads every name unasked, so every board has them all; None means "not fitted".
"""

from typing import NamedTuple

from headroom_tools.boards import esp32_pins

BIAS_MV = range(725, 1876)  # the middle half of the ADC's straight part

SUPERVISOR_MS = range(300, 1001)  # a tick in which the flash tidies a folder up takes some 280 ms

ANALOG, OUTPUT, INPUT = "analog pin", "output pin", "input pin"


class Name(NamedTuple):
    """One row of the schema: `allowed` is a range, a tuple of choices, or what kind of pin it is."""

    type: type
    allowed: range | tuple[object, ...] | str | None
    meaning: str
    optional: bool = False


SCHEMA = {
    "NAME": Name(str, None, "the name of the board's folder"),
    "CHIP": Name(str, ("esp32",), "the chip, as its pin table is called here"),
    "PHASES": Name(int, (1, 3), "supply phases it can see"),
    "CT_PINS": Name(tuple, ANALOG, "current clamps, L1 first, one for each phase"),
    "CAR_CT_PIN": Name(int, ANALOG, "current clamp on L1 of the car alone, of the kind of CT_PINS", True),
    "PILOT_ADC_PIN": Name(int, ANALOG, "control pilot behind its divider"),
    "VOLTAGE_PIN": Name(int, ANALOG, "mains voltage L1 to N behind an isolating transformer", True),
    "TEMPERATURE_PIN": Name(int, ANALOG, "NTC beside the contactor", True),
    "PROXIMITY_PIN": Name(int, ANALOG, "PP contact of a socket", True),
    "RAIL_PIN": Name(int, ANALOG, "logic supply RAIL_MV, halved by two equal resistors", True),
    "PILOT_PWM_PIN": Name(int, OUTPUT, "pilot driver: high = +12 V, low = -12 V"),
    "CONTACTOR_PIN": Name(int, OUTPUT, "contactor driver: high closes"),
    "CONTACTOR_READBACK_PIN": Name(int, INPUT, "auxiliary contact of the contactor"),
    "CONTACTOR_READBACK_CLOSED_LEVEL": Name(int, range(2), "level read while the contactor is closed"),
    "CONTACTOR_CLOSE_MS": Name(int, range(1, 101), "coil on to main contacts closed, datasheet"),
    "CONTACTOR_OPEN_MS": Name(int, range(1, 51), "coil off to current broken; its half of IEC 61851-1's 100 ms"),
    "SUPERVISOR_PIN": Name(int, OUTPUT, "supervisor of the contactor's drive: an edge for each completed tick", True),
    "SUPERVISOR_MS": Name(int, SUPERVISOR_MS, "the supervisor opens the contactor so long after the last edge"),
    "LED_PIN": Name(int, OUTPUT, "lamp: high lights"),
    "BUTTON_PIN": Name(int, INPUT, "button to GND, pulled up in the chip", True),
    "RCM_FAULT_PIN": Name(int, INPUT, "FAULT output of the residual current module (RDC-DD)", True),
    "RCM_FAULT_LEVEL": Name(int, range(2), "level of FAULT when tripped"),
    "RCM_TEST_PIN": Name(int, OUTPUT, "TEST input of the residual current module: high runs its self-test", True),
    "EARTH_FAULT_PIN": Name(int, INPUT, "contact of a monitor of the protective earth, or of an open PEN", True),
    "EARTH_FAULT_LEVEL": Name(int, range(2), "level of that contact when the earth is lost"),
    "DIM_PIN": Name(int, INPUT, "the grid operator's dimming contact", True),
    "DIM_LEVEL": Name(int, range(2), "level of that contact while the charger is dimmed"),
    "LOCK_PIN": Name(int, OUTPUT, "socket lock, drive towards locked", True),
    "LOCK_OPEN_PIN": Name(int, OUTPUT, "socket lock, drive towards open", True),
    "LOCK_FEEDBACK_PIN": Name(int, INPUT, "socket lock, position contact to GND", True),
    "RS485_TX_PIN": Name(int, OUTPUT, "RS-485 transceiver DI", True),
    "RS485_RX_PIN": Name(int, INPUT, "RS-485 transceiver RO", True),
    "RS485_DE_PIN": Name(int, OUTPUT, "RS-485 transceiver DE and /RE: high drives the bus", True),
    "METER_TX_PIN": Name(int, OUTPUT, "a meter's port: data request of P1 (a UART rests high), or a transceiver's DI", True),
    "METER_RX_PIN": Name(int, INPUT, "a meter's port: data of P1, or a transceiver's RO", True),
    "METER_DE_PIN": Name(int, OUTPUT, "a meter's port: DE and /RE of a transceiver; none for P1", True),
    "METER_INVERTED": Name(bool, None, "True where P1's data comes upside down, as it leaves the meter"),
    "ADC_ZERO_MV": Name(int, range(301), "ADC straight line: millivolts at count 0"),
    "ADC_UV_PER_COUNT": Name(int, range(600, 1001), "ADC straight line: microvolts a count"),
    "ADC_BEND_MV": Name(tuple, None, "millivolts that line reads too high at 2816, 3072, 3328, 3584, 3840, 4096 counts"),
    "CT_TURNS": Name(int, range(100, 10001), "turns of the clamp, primary through once"),
    "CT_BURDEN_MOHM": Name(int, range(100, 200001), "burden resistor across the clamp, milliohm"),
    "CT_BIAS_MV": Name(int, BIAS_MV, "mean level of the clamp inputs, mid-way in the ADC's straight part"),
    "CT_PHASE_MDEG": Name(int, range(-10000, 10001), "clamp output leads the current by this, millidegrees at 50 Hz"),
    "VOLTAGE_BIAS_MV": Name(int, BIAS_MV, "mean level of the voltage input, mid-way in the ADC's straight part"),
    "VOLTAGE_RATIO": Name(int, range(100, 2001), "millivolts of mains for a millivolt at the ADC"),
    "PILOT_BIAS_MV": Name(int, BIAS_MV, "ADC level at 0 V of pilot, mid-way in the ADC's straight part"),
    "PILOT_UV_PER_MV": Name(int, range(40, 201), "ADC microvolts for a millivolt of pilot; less would drown in noise"),
    "PROXIMITY_PULLUP_OHM": Name(int, range(300, 5001), "PP pull-up to RAIL_MV"),
    "RAIL_MV": Name(int, range(3000, 3601), "logic supply, on which pull-ups and bias dividers hang"),
    "NTC_R25_OHM": Name(int, range(1000, 200001), "NTC at 25 C"),
    "NTC_BETA": Name(int, range(2000, 6001), "NTC beta, kelvin"),
    "NTC_PULLUP_OHM": Name(int, range(500, 200001), "NTC pull-up to RAIL_MV"),
    "MAX_OFFER_MA": Name(int, range(6000, 80001), "most it may offer: contactor, cable, terminals"),
    "MAX_BREAKER_MA": Name(int, range(6000, 200001), "largest supply breaker its clamps can watch"),
    "CABLE": Name(str, ("tethered", "socket"), "how the car is joined"),
    "VENTILATION": Name(bool, None, "True where a fan contact allows state D"),
    "TEMPERATURE_DERATE_C": Name(int, range(30, 101), "offer falls from here"),
    "TEMPERATURE_STOP_C": Name(int, range(30, 111), "charging stops here"),
    "ADC_READ_US": Name(int, range(5, 1001), "one conversion with its driver"),
    "ADC_SAMPLE_US": Name(int, range(1, 1001), "from the call to the instant at which the input is sampled"),
    "CPU_HZ": Name(int, (80000000, 160000000, 240000000), "the CPU's clock, which the firmware sets"),
    "TICK_CPU_US": Name(tuple, None, "CPU time: inputs, scan, law, guard, energy, serve of one tick; a collection"),
}  # fmt: skip

PIN_NAMES = [name for name, row in SCHEMA.items() if row.allowed in (ANALOG, OUTPUT, INPUT)]


def _pins(*kinds: str) -> set[str]:
    return {name for name in PIN_NAMES if SCHEMA[name].allowed in kinds}


SWITCHES_POWER = {"CONTACTOR_PIN", "LOCK_PIN", "LOCK_OPEN_PIN"}
DRIVEN_BOTH_WAYS = {"RS485_RX_PIN", "METER_RX_PIN"}
HELD_LOW = {"LED_PIN"}  # at reset, by the lamp itself: its diode to GND, or the base of its driver
HELD_HIGH = {"RS485_TX_PIN", "METER_TX_PIN"}  # by the pull-up of a transceiver's DI, where it has one

PIN_REFUSALS: tuple[tuple[set[str], dict[int, str]], ...] = (
    (set(PIN_NAMES), esp32_pins.TAKEN),
    (
        _pins(ANALOG),
        dict.fromkeys(esp32_pins.ADC2, "an ADC2 pin, which cannot be read while Wi-Fi is on"),
    ),
    (
        _pins(ANALOG),
        dict.fromkeys(set(esp32_pins.GPIO) - set(esp32_pins.ADC1), "not an ADC pin"),
    ),
    (
        _pins(OUTPUT),
        dict.fromkeys(esp32_pins.INPUT_ONLY, "input only: it cannot drive anything"),
    ),
    (
        _pins(INPUT) - DRIVEN_BOTH_WAYS,
        dict.fromkeys(esp32_pins.INPUT_ONLY, "without a pull in the chip: a broken wire would read as anything"),
    ),
    (set(PIN_NAMES) - HELD_LOW - HELD_HIGH, esp32_pins.STRAPPING),
    (HELD_LOW, {pin: esp32_pins.STRAPPING[pin] for pin in esp32_pins.STARTS_HIGH}),
    (HELD_HIGH, {pin: esp32_pins.STRAPPING[pin] for pin in esp32_pins.STARTS_LOW}),
    (SWITCHES_POWER, esp32_pins.PULLED_UP_FROM_RESET),
    ({"PILOT_ADC_PIN"}, esp32_pins.PULSED_LOW),
)


def pin_refusal(name: str, pin: int) -> str | None:
    """Why this GPIO cannot be this name's, in words that follow "GPIOn is"; None if it can."""
    if pin not in esp32_pins.GPIO:
        return "a pin this chip does not have"
    for refused_names, reasons in PIN_REFUSALS:
        if name in refused_names and pin in reasons:
            return reasons[pin]
    return None
