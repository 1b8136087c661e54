"""The small physical world behind the pins: mains, house loads, contactor, pilot circuit, car.

Currents in mA RMS per phase; time is the chip's. What the ADC sees of it at waveform fidelity is in ``bench.world.analog``.
"""

from bench.world import adc, shapes
from bench.world.analog import Mains
from bench.world.car import Car, Random
from bench.world.contactor import Contactor, Supervisor
from bench.world.judge import Judge
from bench.world.lock import Lock
from bench.world.pilot_circuit import PilotCircuit
from bench.world.residual import ResidualModule

BETWEEN_COS = 866  # per mille: cosine of 30 degrees
# IEC TR 60725, reference impedance of a low-voltage supply: 0.24 ohm in the phase, 0.16 in the neutral [std-mem]
LINE_MOHM = 400
NO_CABLE_OHM = 100000
NEUTRAL_PERCENT = 40


def offered_ma(duty_u16):
    """What a car understands of a duty: IEC 61851-1 Table A.8, the car's side."""
    permille = duty_u16 * 1000 // 65536
    if permille < 80 or permille > 970:
        return 0
    if permille < 100:
        return 6000
    if permille <= 850:
        return duty_u16 * 60000 // 65536
    return min(duty_u16 * 250000 // 65536 - 160000, 80000)


class World:
    """Everything outside the chip. ``trace`` yields (t_ms, l1_ma, l2_ma, l3_ma); ``plugged_ms``: (from, to) pairs."""

    def __init__(self, chip, board, scenario, trace):
        self.chip = chip
        self.board = board
        self.limit_ma = scenario["breaker_ma"]
        self.trace = iter(trace)
        self.house_ma = [0, 0, 0]
        self.next_row = next(self.trace, None)
        self.plugs = [(t_ms, plugged) for pair in scenario["plugged_ms"] for t_ms, plugged in zip(pair, (True, False))]
        need_mwh = scenario["need_mwh"]
        need_mams = None if need_mwh is None else need_mwh * 3600000 // scenario["volts"]
        self.random = Random(scenario["seed"])
        self.car = Car(scenario["car_ma"], scenario["car_phases"], need_mams, self.random, scenario["car"])
        self.lines = scenario.get("wiring", (0, 1, 2))  # the supply's phases on the car's L1, L2, L3 ...
        self.between = scenario.get("between", False)  # ... or the two lines that it is wired between
        self.t_ms = 0
        self.coil = 0
        self.contactor = 0
        self.switch = Contactor(board.CONTACTOR_CLOSE_MS, board.CONTACTOR_OPEN_MS)
        self.supervisor = None if board.SUPERVISOR_PIN is None else Supervisor(board.SUPERVISOR_MS)
        self.circuit = PilotCircuit()
        self.residual = ResidualModule()
        self.lock = Lock()
        self.judge = Judge(self, scenario)
        self.ventilated = board.VENTILATION
        self.dimmed = False  # by the grid operator
        self.cable_ohm = 220  # the coding of the cable in a socket
        self.earth_lost = False  # what the earth monitor says
        self.forced_state = None  # a script plays the car's side of the pilot: 0 to 3 for A to D
        self.script = []  # (chip's us, function), in order: what a script wants to happen then
        self.offered_ma = 0
        self.pilot_alive = False  # not held at -12 V
        self.fenced_ma = 0  # the offer when the world was last looked at
        self.answered_ma = 0  # the most by which the supply was over since it is
        self.reaction_from_ms = -1
        self.reactions = []  # (when, how long) of overloads answered since the list was last emptied
        self.hz = scenario["hz"]
        self.parts = scenario.get("parts")  # of the analog front end; None: nominal
        self.noise_made = None
        self.mains = Mains(scenario.get("mains_mhz", self.hz * 1000))
        self.rail_mv = 3300  # logic supply
        self.volts_mv = scenario["volts"] * 1000  # at the transformer: without load
        self.line_mohm = scenario.get("line_mohm", LINE_MOHM)  # phase and neutral, from there to the charger
        self.volts_shape = "resistive"
        self.lag_mdeg = [0, 0, 0]  # the house's current behind its voltage
        self.shape_names = scenario.get("shapes", ("resistive",) * 3)
        chip.on_pin = self.pins_changed
        chip.on_leap = None if self.supervisor is None else self.supervisor.leap
        self.pins_changed()
        self._show_inputs()
        self.happen()

    def next_event_ms(self):
        """When the trace or the plug changes next; None when nothing is to come."""
        row_ms = self.next_row[0] if self.next_row else None
        plug_ms = self.plugs[0][0] if self.plugs else None
        if row_ms is None or plug_ms is None:
            return plug_ms if row_ms is None else row_ms
        return min(row_ms, plug_ms)

    def moving(self):
        """True while something changes without the trace or the firmware changing it."""
        return self.switch.moving() or self.residual.moving() or self.car.moving()

    def over(self):
        """True while the car takes part in an overload of the supply."""
        return self.excess_ma(self.car.drawn_ma) > 100

    def excess_ma(self, drawn_ma):
        """By how much the supply's fullest phase is over while the car draws so much of it."""
        excess_ma = 0
        if drawn_ma:
            for place in range(2 if self.between else self.car.phases):
                excess_ma = max(excess_ma, self.line_ma(self.lines[place], drawn_ma) - self.limit_ma)
        return excess_ma

    def uses(self, phase):
        """True when the car is wired to, and draws on, ``phase`` of the supply."""
        lines, wires = self.lines, 2 if self.between else self.car.phases
        return lines[0] == phase or (wires > 1 and lines[1] == phase) or (wires > 2 and lines[2] == phase)

    def line_ma(self, phase, drawn_ma):
        """What a phase of the supply carries while the car draws so much on each of its own.

        Between two lines of an IT grid the car's current is a third of a right angle from a resistive house's on either of
        them (geometry: V12 leads V1 by 30 degrees): the sum is the vectors'.
        """
        house_ma = self.house_ma[phase]
        if not drawn_ma or not self.uses(phase):
            return house_ma
        if not self.between:
            return house_ma + drawn_ma
        return int((house_ma * house_ma + drawn_ma * drawn_ma + 2 * house_ma * drawn_ma * BETWEEN_COS // 1000) ** 0.5)

    def advance(self, to_ms):
        """Live up to ``to_ms``: contactor and car."""
        dt_ms = to_ms - self.t_ms
        self.t_ms = to_ms
        self._step_switch(dt_ms)
        self.residual.step(dt_ms)
        self.lock.step(dt_ms)
        self._show_inputs()
        self.car.step(dt_ms, self.offered_ma, self.contactor, self.pilot_alive)
        self.judge.step(dt_ms)

    def happen(self):
        """What is due by now from outside: a row of the trace, the plug. True when there was something."""
        event = False
        while self.next_row is not None and self.next_row[0] <= self.t_ms:
            self.house_ma = self.next_row[1:4]
            self.next_row = next(self.trace, None)
            event = True
        while self.plugs and self.plugs[0][0] <= self.t_ms:
            self.car.plug(self.plugs.pop(0)[1])
            event = True
        self._watch_reaction()
        return event

    def car_ma(self, phase):
        """What the car draws on ``phase`` (0..2)."""
        return self.car.drawn_ma if self.uses(phase) else 0

    def mains_mv(self):
        """The voltage of L1 to N at the charger: the line drops what flows in L1, and in the neutral as far as it is in phase."""
        one_ma = self.house_ma[0] + self.car_ma(0)
        others_ma = self.house_ma[1] + self.car_ma(1) + self.house_ma[2] + self.car_ma(2)
        neutral_ma = one_ma - others_ma // 2
        dropping_ma = (one_ma * (100 - NEUTRAL_PERCENT) + neutral_ma * NEUTRAL_PERCENT) // 100
        return max(self.volts_mv - dropping_ma * self.line_mohm // 1000, 0)

    def pilot_mv(self, high):
        """Voltage of the pilot's high (or low) plateau behind 1 kOhm."""
        return self.circuit.mv(1 if high else 0, self.state())

    def state(self):
        """What the car shows, 0 to 3 for A to D."""
        return self.car.state() if self.forced_state is None else self.forced_state

    def coding_ohm(self):
        """What PP shows: a cable comes and goes with its car, both at once (chosen: the hardest); a script has it in hand."""
        return self.cable_ohm if self.car.plugged or self.forced_state is not None else NO_CABLE_OHM

    def letter(self):
        """The pilot state as a meter at the socket would name it."""
        if not self.pilot_alive:
            return "F"
        return "ABCD"[self.state()]

    def pins_changed(self):
        """The firmware changed a pin."""
        chip = self.chip
        coil = chip.output(self.board.CONTACTOR_PIN)
        if self.supervisor is not None:
            coil = self.supervisor.pins(chip.output(self.board.SUPERVISOR_PIN), coil, chip.us)
        if self.board.RCM_TEST_PIN is not None:
            self.residual.drive(chip.output(self.board.RCM_TEST_PIN))
        if self.board.LOCK_PIN is not None:
            self.lock.drive(chip.output(self.board.LOCK_PIN), chip.output(self.board.LOCK_OPEN_PIN))
        pwm = chip.pwm.get(self.board.PILOT_PWM_PIN)
        self.offered_ma = offered_ma(pwm[1]) if pwm else 0
        self.pilot_alive = pwm[1] > 0 if pwm else chip.output(self.board.PILOT_PWM_PIN) == 1
        if coil != self.coil:
            self.coil = coil
            self.switch.drive(coil)
            self.judge.coil(coil)
        if self.reaction_from_ms >= 0 and (self.offered_ma < self.fenced_ma or not coil):
            self.reactions.append((self.t_ms, chip.us // 1000 - self.reaction_from_ms))
            self.reaction_from_ms = -1

    def _step_switch(self, dt_ms):
        supervisor = self.supervisor
        if supervisor is not None and supervisor.ends_by(self.t_ms * 1000):
            late_ms = min(max(self.t_ms - supervisor.until_us // 1000, 0), dt_ms)
            self.switch.step(dt_ms - late_ms, self.t_ms - late_ms)
            dt_ms = late_ms
            supervisor.set = self.coil = 0
            self.switch.drive(0)
            self.judge.coil(0)
        self.switch.step(dt_ms, self.t_ms)
        self.contactor = self.switch.closed

    def _show_inputs(self):
        """Bring the input pins up to what is wired to them."""
        levels, board = self.chip.levels, self.board
        closed = board.CONTACTOR_READBACK_CLOSED_LEVEL
        levels[board.CONTACTOR_READBACK_PIN] = closed if self.switch.read_back() else 1 - closed
        if board.RCM_FAULT_PIN is not None:
            tripped = board.RCM_FAULT_LEVEL
            levels[board.RCM_FAULT_PIN] = tripped if self.residual.tripped else 1 - tripped
        if board.DIM_PIN is not None:
            levels[board.DIM_PIN] = board.DIM_LEVEL if self.dimmed else 1 - board.DIM_LEVEL
        if board.EARTH_FAULT_PIN is not None:
            lost = board.EARTH_FAULT_LEVEL
            levels[board.EARTH_FAULT_PIN] = lost if self.earth_lost else 1 - lost
        if board.LOCK_FEEDBACK_PIN is not None:
            levels[board.LOCK_FEEDBACK_PIN] = 1 - self.lock.locked

    def _watch_reaction(self):
        """An overload that begins, or grows, starts the stop-watch; one that is gone by itself stops it.

        What the car draws above its offer is answered already: it only has yet to follow.
        """
        excess_ma = self.excess_ma(min(self.car.drawn_ma, self.offered_ma))
        if excess_ma <= 200:
            self.reaction_from_ms = -1
            self.answered_ma = 0
        elif self.reaction_from_ms >= 0:
            self.answered_ma = max(self.answered_ma, excess_ma)
        elif excess_ma > self.answered_ma + 200:
            self.reaction_from_ms = self.t_ms
            self.answered_ma = excess_ma
        self.fenced_ma = self.offered_ma

    def shape(self, phase):
        """One cycle of the house's current on ``phase``."""
        return shapes.table(self.shape_names[phase])

    def noise(self):
        """The round of noise that all the ADC's channels go through, each from a place of its own."""
        if self.noise_made is None:
            self.noise_made = adc.noise(self.random, self.parts.noise_mv, self.parts.outlier_mv)
        return self.noise_made

    def catch_up(self, us):
        """Live up to the chip's microsecond ``us``: called by whatever is sampled."""
        if us // 1000 > self.t_ms:
            self.advance(us // 1000)
            self.happen()
        while self.script and self.script[0][0] <= us:
            self.script.pop(0)[1]()
