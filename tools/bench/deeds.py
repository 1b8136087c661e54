"""What a person tells the world around a chip, carried out: orders.py has read it. On a desk (live.py) and within one process."""

import json

from bench import orders
from bench.world import adc, analog, broken_clamps, jig

HOUSE = {"breaker_ma": 25000, "need_mwh": None, "volts": 230, "hz": 50, "seed": 1, "plugged_ms": []}
HOUSE_MA = (2000, 2000, 2000)  # until somebody tells: with nothing at all the clamps are taken for ones that fell off
CAR = {"car_ma": 32000, "car_phases": 1, "car": "plain"}

# name: part of the world, its attribute, the attribute's value when broken, and when sound
FAULTS = {
    "aux": ("switch", "read_back_stuck", 0, None),
    "bus": (None, "bus_dead", True, False),
    "button": (None, "button_dead", True, False),
    "deaf": ("residual", "deaf", True, False),
    "lamp": (None, "lamp_dead", True, False),
    "line": (None, "line_open", 0, -1),
    "lock": ("lock", "jammed", True, False),
    "monitor": (None, "monitor_dead", True, False),
    "plug": (None, "plug_out", True, False),
    "pole": (None, "pole_welded", True, False),
    "relays": (None, "relays_dead", True, False),
    "residual": ("residual", "leak", True, False),
    "weld": ("switch", "welded", True, False),
    "contactor": ("switch", "dead", True, False),
    "diode": ("circuit", "diode", False, True),
    "short": ("circuit", "short_ohm", 0, None),
    "earth": ("circuit", "earth", False, True),
}


# order: what is wrong with a clamp, in bench/world/broken_clamps.py's words
CLAMPS = {
    "ajar": "jaw ajar, less than the car draws",
    "backwards": "clamp on backwards",
    "bias": "bias lost",
    "burden": "burden missing",
    "clipped": "clipped at the rails",
    "error": "ADC fails for good",
    "frozen": "frozen reading",
    "ground": "input shorted to GND",
    "noisy": "noisy",
    "rail": "input shorted to 3.3 V",
    "storm": "storm of outliers",
    "swapped": "clamps of two phases swapped",
    "unplugged": "clamp unplugged",
}
SENSORS = {
    "temperature": "TEMPERATURE_PIN",
    "proximity": "PROXIMITY_PIN",
    "rail": "RAIL_PIN",
    "voltage": "VOLTAGE_PIN",
    "pilot": "PILOT_ADC_PIN",
}
READS = {"torn": 4095, "shorted": 0}  # counts behind a pull-up, and at GND


def world(chip, board):
    """A house, a car and a jig around a chip: nothing of what the jig can do is done yet."""
    scenario = dict(HOUSE)
    scenario.update(CAR)
    made = jig.JigWorld(chip, board, scenario, [])
    made.house_ma = HOUSE_MA
    made.t_ms = chip.us // 1000
    return made


class Bench:
    """The house and the car around the chip, and the commands that change them."""

    def __init__(self, world, flash=None):
        self.chip = world.chip
        self.flash = flash
        self.world = world
        self.made = {
            name: getattr(getattr(self.world, place) if place else self.world, attribute)
            for name, (place, attribute) in jig.PARTS.items()
            if place != "chip" or hasattr(self.chip, attribute)  # those are the service's
        }
        self._wire()

    def _wire(self):
        analog.wire(self.world)
        board, off_c = self.world.board, self.world.ntc_off_c
        if board.TEMPERATURE_PIN is not None and off_c:  # near 25 degrees an NTC changes by beta / 298^2 per kelvin
            ohm = board.NTC_R25_OHM * (1000000 - off_c * (board.NTC_BETA * 1000000 // 88804)) // 1000000
            counts = adc.transfer(self.world.parts.vref_mv, self.world.parts.bent_adc)[
                board.RAIL_MV * 4 * ohm // (ohm + board.NTC_PULLUP_OHM)
            ]
            self.chip.analog[board.TEMPERATURE_PIN] = lambda us: counts
        self.whole = dict(self.chip.analog)
        self.swapped = []  # pairs of channels whose clamps sit on each other's phase

    def hear(self, line):
        """Carry one command out; returns one line."""
        try:
            name, values = orders.read(line)
            return COMMANDS[name](self, *values) or self.look()
        except orders.Unfit as unfit:
            return "error %s" % unfit

    def plug(self, *figures):
        """plug [A [PHASES]]: a car is plugged in; without figures the one that was there."""
        car = self.world.car
        if figures:
            car.max_ma, car.phases = figures
        car.plug(True)

    def unplug(self):
        """unplug: the car drives away."""
        self.world.car.plug(False)

    def house(self, *house_ma):
        """house A [A A]: what the house draws on L1, L2, L3; the phases not told go on as they were."""
        self.world.house_ma = house_ma + tuple(self.world.house_ma[len(house_ma) :])

    def fault(self, name, happened):
        """fault NAME [on|off]: one of FAULTS happens, or is mended."""
        if name in ("diode", "short") and self.world.relays_dead:
            return
        part, attribute, broken, sound = FAULTS[name]
        setattr(getattr(self.world, part) if part else self.world, attribute, broken if happened else sound)
        if name == "weld" and not happened:
            self.world.switch.left_ms = self.world.switch.open_ms  # its contacts follow the coil again

    def clamp(self, phase, what):
        """clamp L1 WHAT: a clamp is broken in one of CLAMPS' ways; ok: mended."""
        live, analog_pins = self.world, self.chip.analog
        pins = live.board.CT_PINS
        if phase >= len(pins) or (what == "swapped" and len(pins) == 1):
            raise orders.Unfit("clamp: board %s has %d" % (live.board.NAME, len(pins)))
        for pair in [each for each in self.swapped if phase in each]:  # mending one of them mends both
            self.swapped.remove(pair)
            analog_pins.update({pins[each]: self.whole[pins[each]] for each in pair})
        analog_pins[pins[phase]] = self.whole[pins[phase]]
        if what == "swapped":
            self.swapped.append((phase, (phase + 1) % len(pins)))
        if what != "ok":
            broken_clamps.install(live, CLAMPS[what], phase, live.random)

    def sensor(self, name, what):
        """sensor NAME torn|shorted|ok: an analog input has lost its sensor, or its pin is at GND."""
        pin = getattr(self.world.board, SENSORS[name])
        if pin is None:
            raise orders.Unfit("sensor: board %s has no %s" % (self.world.board.NAME, SENSORS[name]))
        counts = READS.get(what)
        self.chip.analog[pin] = self.whole[pin] if counts is None else lambda us: counts

    def wiring(self, lines, between):
        """wiring L2L3L1 or L1-L2: the supply's phases that the charger's own are on; mends the clamps."""
        live = self.world
        rest = tuple([phase for phase in range(3) if phase not in lines])
        live.lines, live.between = lines + rest, between
        live.car.phases = min(live.car.phases, 1 if between else len(lines))
        self._wire()

    def jig(self, name, value, kind=None):
        """jig RELAY POSITION, jig cable OHM, jig leak MA dc|ac: what a test jig does to the board."""
        live = self.world
        if name == "state":
            live.forced_state = None if value == "car" else "ABCD".index(value)
        elif name == "cable":
            ohm = value or jig.CABLE_OPEN_OHM
            live.cable_ohm = ohm * (100 + live.pullup_off_percent) // 100
        elif name == "leak":
            live.leak_ua, live.leak_ac = value, kind == "ac"
        else:
            setattr(live, RELAYS[name], value != orders.RELAYS[name][0])
        live.switched()

    def bag(self, seed):
        """bag SEED: another board's analog front end; a part told afterwards is put into that."""
        self.world.draw(seed)
        self._wire()

    def part(self, name, value, channel):
        """part NAME VALUE [L1]: one part has another value than it should."""
        try:
            self.world.fit(name, value, channel)
        except (ValueError, IndexError):
            raise orders.Unfit("part: there is no %s here" % name) from None
        self._wire()

    def mend(self):
        """mend: faults, parts, clamps and sensors are as they were when the board was made."""
        for name in FAULTS:
            self.fault(name, False)
        for name, value in self.made.items():
            place, attribute = jig.PARTS[name]
            setattr(getattr(self.world, place) if place else self.world, attribute, value)
        self.world.parts = None
        self._wire()

    def probe(self):
        """probe: what a jig's instruments see, as JSON."""
        return json.dumps(self.world.probe())

    def volts(self, volts_mv):
        """volts V: the supply's voltage, phase to neutral."""
        self.world.volts_mv = volts_mv

    def dim(self, closed):
        """dim on|off: the grid operator's contact."""
        board = self.world.board
        if board.DIM_PIN is None:
            raise orders.Unfit("dim: board %s has no DIM_PIN; metered has one" % board.NAME)
        self.world.dimmed = closed

    def button(self, *spans_ms):
        """button [once|twice|long]: a finger on the charger's own button."""
        board = self.world.board
        if board.BUTTON_PIN is None:
            raise orders.Unfit("button: board %s has no BUTTON_PIN; reference has one" % board.NAME)
        self.world.press(spans_ms)

    def cut_after(self, writes):
        """cut-after N: the power goes in the middle of the Nth write to the flash from now."""
        self.flash.cut_after = writes
        return "the power goes at flash write %d" % writes

    def look(self):
        """look: what a person at the wall would see, as JSON."""
        live = self.world
        return json.dumps(
            {
                "pilot": live.letter(),
                "offered_ma": live.offered_ma,
                "contactor": bool(live.contactor),
                "car_ma": live.car.drawn_ma,
                "house_ma": list(live.house_ma),
                "uptime_ms": self.chip.us // 1000,
                "longest_tick_ms": self.chip.longest_us // 1000,
            }
        )


RELAYS = {"earth": "earth_open", "aux": "aux_held", "button": "pressed"}

COMMANDS = {
    "bag": Bench.bag,
    "jig": Bench.jig,
    "mend": Bench.mend,
    "part": Bench.part,
    "probe": Bench.probe,
    "plug": Bench.plug,
    "unplug": Bench.unplug,
    "house": Bench.house,
    "fault": Bench.fault,
    "button": Bench.button,
    "clamp": Bench.clamp,
    "sensor": Bench.sensor,
    "wiring": Bench.wiring,
    "volts": Bench.volts,
    "dim": Bench.dim,
    "cut-after": Bench.cut_after,
    "look": Bench.look,
}
