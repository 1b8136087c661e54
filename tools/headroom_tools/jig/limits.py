"""What is allowed: a row for each measurement, with its source. A name is stable: batches of years are compared by it.

A name that ends in a place (`.L1`, `.16A`) has the row of what stands before the dot.
"""

from headroom_tools.jig.measurement import Limit

STATES_MV = {"A": (11400, 12600), "B": (8360, 9560), "C": (5480, 6490), "D": (2620, 3250)}

LIMITS = {
    # safety
    "earth": Limit(
        "mohm", None, 100, "protective earth from inlet to plug: IEC 60335-1 27.5 allows 100 mohm [std-mem]", 0.2
    ),
    "insulation": Limit("kohm", 1000, None, "at 500 V between live parts and earth: 1 Mohm (domain notes F3)", 0.5),
    "plug_dead": Limit("V", None, 5, "open contactor: what a voltmeter catches from beside; chosen", 0.5),
    "plug_live": Limit("V", 207, 253, "closed contactor: the jig's supply, 230 V +-10 %"),
    "supply": Limit("mV", 3135, 3465, "3.3 V +-5 %: chosen, inside of the ESP32's 3.0 to 3.6 V [std-mem]"),
    "pilot_high": Limit("mV", 11400, 12600, "IEC 61851-1 Table A.1: 12 V +-0.6 V"),
    "pilot_low": Limit("mV", -12600, -11400, "the same, the low plateau"),
    "pilot_frequency": Limit("Hz", 980, 1020, "IEC 61851-1 Annex A as EVerest quotes it: 1000 Hz +-2 %"),
    "duty": Limit("%", -0.5, 0.5, "off what was offered: IEC allows 25 us, 2.5 %; peers keep 0.5 %, and so does this"),
    "edge_rise": Limit(
        "us", None, 10, "10 to 90 % with a car in state B: below 10 us, as EVerest's bring-up guide quotes it"
    ),
    "edge_fall": Limit("us", None, 13, "90 to 10 % with a car in state B: below 13 us, the same"),
    **{
        f"state_{letter}": Limit(
            "mV", low, high, "IEC 61851-1 Table A.1, what the generator shows across the car's resistor", 0.05
        )
        for letter, (low, high) in STATES_MV.items()
    },
    "pilot_reading": Limit(
        "mV",
        -360,
        360,
        "what the board reads less what the voltmeter shows: so much wider are its windows than the states",
    ),
    "rcd_dc": Limit("ms", None, 10000, "6 mA of smooth DC: IEC 62955, break within 10 s [std-mem]"),
    "rcd_ac": Limit("ms", None, 300, "30 mA of AC: IEC 61008, within 0.3 s [std-mem]"),
    "earth_loss": Limit("ms", None, 100, "contactor open after the earth is lost: as for E, sequence 12 [std-mem]"),
    "stop": Limit("ms", None, 100, "contactor open after C to B: IEC 61851-1 Table A.6, sequence 8"),
    "start": Limit("ms", None, 3000, "contactor closed after C: Table A.6, sequence 4"),
    # function
    "gain": Limit("%", -8, 8, "of clamp, burden, reference together: 3 % + 1 % + 1 % + the clamp's bend of 2 %", 0.05),
    "current": Limit("%", -1.5, 1.5, "a calibrated clamp's reading, off what flows: the bend that three points leave"),
    "quiet_phase": Limit("A", -0.5, 0.5, "what the other clamps read more than they should: they are not swapped"),
    "volts_gain": Limit("%", -5, 5, "of transformer and resistors: 3 %, reference 1 %", 0.05),
    "volts": Limit("%", -1, 1, "the calibrated reading, off the voltmeter's"),
    "lead": Limit("degrees", -1, 6, "a clamp's phase: SCT-013-000 below 4 degrees (domain notes 7.1)"),
    "temperature": Limit("K", -5, 5, "the board's NTC less the jig's thermometer; chosen"),
    "proximity": Limit("%", -15, 15, "off the resistor: the bands of the cable's codes are 25 % wide at least", 0.2),
    "lamp_lit": Limit("mV", 1000, None, "photodiode at the lamp, lit; the jig's own", 0.2),
    "lamp_dark": Limit("mV", None, 200, "the same, dark; the jig's own", 0.2),
    "flash_stall": Limit("ms", None, 400, "4 kB erased and written: W25Q32JV, 400 ms at most", 0.5),
    "tick": Limit(
        "ms", None, 14.6, "what a tick takes beside its window: the fault `charger too slow` begins at 15", 0.03
    ),
    "heap": Limit("kB", 20, None, "free after a collection; chosen"),
    "bus": Limit("errors", 0, 0, "bits that do not come back through the transceiver", 0),
}


def limit(name: str) -> Limit:
    """The row of a measurement. KeyError: it has none."""
    return LIMITS[name.partition(".")[0]]
