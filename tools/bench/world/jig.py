"""The world as a test jig holds it: relays instead of a car, a finger on the button, a leak, and what its instruments see.

The board is the same; whatever the jig does happens outside of it. What a residual current module trips at is chosen inside of
what IEC 62955 (3 to 6 mA DC) and IEC 61008 (15 to 30 mA AC) allow; the project's domain notes 3.1 quote both.
"""

from bench.chip.chip import PWM_PERIOD_TENTH_US
from bench.world import parts as front_ends
from bench.world.car import Random
from bench.world.world import World

EARTH_MOHM, INSULATION_KOHM = 60, 20000  # of a good assembly: chosen, inside of 0.1 ohm and 1 Mohm
CABLE_OPEN_OHM = 100000

# what may be out of tolerance besides the analog front end's own parts: name: (part of the world, attribute)
PARTS = {
    "pilot_high_mv": ("circuit", "high_mv"),
    "pilot_low_mv": ("circuit", "low_mv"),
    "pilot_source_ohm": ("circuit", "source_ohm"),
    "pilot_stuck_mv": ("circuit", "stuck_mv"),
    "edge_us": ("circuit", "edge_us"),
    "contactor_open_ms": ("switch", "open_ms"),
    "contactor_close_ms": ("switch", "close_ms"),
    "rail_mv": (None, "rail_mv"),
    "trip_dc_plus_ua": (None, "trip_dc_plus_ua"),
    "trip_dc_minus_ua": (None, "trip_dc_minus_ua"),
    "trip_ac_ua": (None, "trip_ac_ua"),
    "earth_mohm": (None, "earth_mohm"),
    "insulation_kohm": (None, "insulation_kohm"),
    "pilot_hz": (None, "pilot_hz"),
    "duty_ppm": (None, "duty_off_ppm"),
    "ntc_c": (None, "ntc_off_c"),
    "pullup_percent": (None, "pullup_off_percent"),
    "flash_erase_us": ("chip", "flash_erase_us"),
    "tick_cpu_us": ("chip", "tick_cpu_us"),
}
# the analog front end's, of bench/world/parts.py; those with a channel have one value for each clamp
FRONT_END = ("vref_mv", "efuse_ppm", "bias_mv", "clamp_ppm", "clamp_lead_mdeg", "noise_mv", "volts_ppm")


class JigWorld(World):
    """A world with a jig around the board: set attributes, then look with ``probe``."""

    def __init__(self, chip, board, scenario, trace):
        self.pressed = False
        self.presses = []  # ms at which a person's finger goes down, and up again, in turn
        self.aux_held = False  # a relay across the contactor's auxiliary contact
        self.earth_open = False  # a relay in the protective earth
        self.leak_ua = 0
        self.leak_ac = False
        self.trip_dc_plus_ua = self.trip_dc_minus_ua = 4500
        self.trip_ac_ua = 22000
        self.earth_mohm = EARTH_MOHM
        self.insulation_kohm = INSULATION_KOHM
        self.pilot_hz = None  # what a wrong crystal would make of it
        self.duty_off_ppm = 0  # what slow edges of the driver add to the duty
        self.ntc_off_c = 0
        self.pullup_off_percent = 0  # the proximity contact's pull-up
        self.lamp_dead = self.button_dead = self.bus_dead = self.monitor_dead = False
        self.relays_dead = False  # those that take the diode out of the car, and short the pilot
        self.plug_out = False  # the jig's plug is not in
        self.pole_welded = False  # one pole, which the auxiliary contact does not tell
        self.line_open = -1  # a phase that does not reach the plug
        self.switched_ms = 0  # when the jig last switched something
        super().__init__(chip, board, scenario, trace)

    def switched(self):
        """The jig's stop-watch begins."""
        self.switched_ms = self.chip.us // 1000
        self.circuit.earth = not self.earth_open
        self.earth_lost = self.earth_open and not self.monitor_dead
        trip_ua = (
            self.trip_ac_ua if self.leak_ac else self.trip_dc_plus_ua if self.leak_ua > 0 else self.trip_dc_minus_ua
        )
        self.residual.leak = abs(self.leak_ua) >= trip_ua
        self._show_inputs()

    def _show_inputs(self):
        super()._show_inputs()
        levels, board = self.chip.levels, self.board
        if self.aux_held and self.switch.read_back_stuck is None:
            levels[board.CONTACTOR_READBACK_PIN] = board.CONTACTOR_READBACK_CLOSED_LEVEL
        if board.BUTTON_PIN is not None:
            finger = len([at_ms for at_ms in self.presses if at_ms <= self.t_ms]) % 2
            levels[board.BUTTON_PIN] = 0 if (self.pressed or finger) and not self.button_dead else 1

    def press(self, spans_ms):
        """From now on pressed for the first of these spans, let go for the second, pressed for the third."""
        at_ms = self.t_ms
        self.presses = [at_ms] + [at_ms + sum(spans_ms[: place + 1]) for place in range(len(spans_ms))]

    def pins_changed(self):
        """The bus transceiver gives back what it sends: its receiver is always on."""
        super().pins_changed()
        chip, board = self.chip, self.board
        if board.RS485_TX_PIN is not None:
            sends = chip.output(board.RS485_DE_PIN) and not self.bus_dead
            chip.levels[board.RS485_RX_PIN] = chip.output(board.RS485_TX_PIN) if sends else 1

    def duty_u16(self):
        """What drives the pilot: 0 and 65535 are steady."""
        pwm = self.chip.pwm.get(self.board.PILOT_PWM_PIN)
        return pwm[1] if pwm else 65535 * self.chip.output(self.board.PILOT_PWM_PIN)

    def probe(self):
        """What instruments see, mV, mHz, ppm and ms of the board's own time."""
        duty, pwm = self.duty_u16(), self.chip.pwm.get(self.board.PILOT_PWM_PIN)
        running = bool(pwm) and 0 < duty < 65535
        hz = 10000000000 // PWM_PERIOD_TENTH_US if self.pilot_hz is None else self.pilot_hz * 1000
        opened_ms = self.switch.opened_at_ms
        live = bool(self.contactor)
        phases = range(self.board.PHASES)
        return {
            "now_ms": self.chip.us // 1000,
            "pilot_high_mv": self.pilot_mv(True) if duty else None,
            "pilot_low_mv": self.pilot_mv(False) if duty < 65535 else None,
            "pilot_mhz": hz if running else 0,
            "pilot_ppm": duty * 1000000 // 65536 + self.duty_off_ppm if running else 1000000 if duty else 0,
            "edge_us": self.circuit.edge_us if running else None,
            "plug_mv": [
                self.volts_mv if (live and phase != self.line_open) or (self.pole_welded and not phase) else 0
                for phase in phases
            ],
            "mains_mv": self.volts_mv,
            "supply_mv": self.rail_mv,
            "lamp_mv": 0 if self.lamp_dead else 2000 * self.chip.output(self.board.LED_PIN),
            "opened_after_ms": None if live or opened_ms is None else opened_ms - self.switched_ms,
            "locked": self.lock.locked,
            "earth_mohm": self.earth_mohm,
            "insulation_kohm": self.insulation_kohm,
            "ambient_c": 25,
        }

    def state(self):
        """What the board feels of the car that the jig plays."""
        return 0 if self.plug_out else super().state()

    def draw(self, seed):
        """The board's analog front end is another one, out of the bag."""
        self.parts = front_ends.random(self.board, Random(seed))

    def fit(self, name, value, channel):
        """A part has this value; ValueError where there is none of that name."""
        if name in FRONT_END:
            now = getattr(self.parts, name)
            if isinstance(now, list):
                now[channel] = value
            else:
                setattr(self.parts, name, value)
        elif name in PARTS:
            place, attribute = PARTS[name]
            setattr(getattr(self, place) if place else self, attribute, value)
        else:
            raise ValueError("no such part")
