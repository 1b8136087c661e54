"""The composition root: the only module that knows all rooms, and the tick that runs through them: charger.svg draws it."""

import gc
from time import ticks_diff, ticks_ms, time

import board

from headroom import once
from headroom.act import speed, starts, watchdog
from headroom.act.outputs import Outputs, make_safe
from headroom.guard.guard import Guard
from headroom.guard.selftest import UNTESTED
from headroom.guard.session import IDLE
from headroom.law.balance import Balance
from headroom.law.ceilings import NEVER
from headroom.record.energy import Energy
from headroom.sense.calibrations import Calibrations
from headroom.sense.inputs import Inputs
from headroom.sense.scan import Scan
from headroom.serve.console.port import Port
from headroom.serve.console.service import Service
from headroom.serve.store.files import Flash
from headroom.serve.store.settings import Settings
from headroom.serve.store.store import Store
from headroom.terms import reasons
from headroom.terms.records import NO_NEED_MIN, InForce, Limits, Proposal, Readings, Verdict
from headroom.version import VERSION

if board.SUPERVISOR_PIN is None:
    from headroom.act.overseer import oversee

UNPROPOSED_MAX_MS = 20000  # twice the slowest meter's period: what a longer silence was like, the law does not know
ELAPSED_MAX_MS = 1500  # a longer tick cannot be: the watchdog would have ended it

GROUP_PART = 255  # among the parts that may fail: serve/answers/texts.py

PARTS = [
    name for name in ("VOLTAGE_PIN", "DIM_PIN", "RS485_RX_PIN", "METER_RX_PIN") if getattr(board, name) is not None
]  # that a setting may need
CEILINGS = {"breaker_ma": board.MAX_BREAKER_MA, "charger_ma": board.MAX_OFFER_MA, "phases": board.PHASES}


class Charger:
    """One charging point. ``tick`` senses, decides, acts, and serves in the time that is left.

    ``serve`` sees of it, and nothing else (wall 4): the names ``version`` and ``board_name``, the records ``limits``,
    ``readings``, ``verdict``, ``energy``, ``events`` and ``box`` to read, and the methods ``applying`` to ``check_car``.
    """

    version = VERSION
    board_name = board.NAME

    def __init__(self, scan=None, port=None, store=None, bus=None):
        self.group = None  # this charger as a member of one, where the settings ask for it
        self.told = 0  # the last frame of this start as a leader, through all changes of the settings: guard/lease.py
        self.bus = bus  # in place of the board's
        self.ports = None  # what is wired to the serial ports beside the console's, where the settings ask for it
        self.begun = False
        self.outputs = Outputs()
        speed.full()
        self.settings = Settings(CEILINGS, None, PARTS)
        self.limits = Limits()
        self.readings = Readings()
        self.proposal = Proposal()
        self.verdict = Verdict()
        self.in_force = InForce()
        self.energy = Energy()
        self.more: list = []  # the optional ceilings of the law
        self.service = Service(self, store or Store(Flash(), "/data"), port or Port(), self.settings, starts.cause)
        self._know_board()
        self.apply_settings()
        self.scan = scan or Scan(self.settings.get("hz"))
        self.inputs = Inputs()
        self.law = Balance(self.limits)
        self.law.ceilings.more = self.more
        self.guard = Guard(self.limits)
        self.car_check = None  # while somebody proves the clamps with a car
        self.events = self.guard.events
        self.box = self.guard.blackbox
        self.guard.latch(self.service.fault_store.load())
        self.service.fitted(Calibrations(self.scan.meters, len(board.CT_PINS), self.scan.power))
        self.proposed = self.proposal  # what the guard was last told
        self.unproposed_ms = 0  # time that the law has not heard of yet
        self.new = False  # there is a reading that it has not heard of
        self.young_ms = 0
        self.begun = True
        for _ in self._plug():
            pass
        self.ticked_ms = ticks_ms()
        self.watchdog = watchdog.start(watchdog.TICK_MS)
        if board.SUPERVISOR_PIN is None:
            oversee(self)

    def _know_board(self):
        """What the board is goes into the limits, once."""
        limits = self.limits
        limits.phases = board.PHASES
        limits.ventilation = board.VENTILATION
        limits.temperature_derate_c = board.TEMPERATURE_DERATE_C
        limits.temperature_stop_c = board.TEMPERATURE_STOP_C
        limits.socket = board.CABLE == "socket"
        limits.lock = board.LOCK_FEEDBACK_PIN is not None
        limits.car_clamp = board.CAR_CT_PIN is not None
        limits.residual_test = board.RCM_TEST_PIN is not None
        limits.button = board.BUTTON_PIN is not None
        limits.rail_mv = board.RAIL_MV
        limits.dimmable = board.DIM_PIN is not None
        limits.voltage = board.VOLTAGE_PIN is not None

    def apply_settings(self):
        """Bring the settings into the limits, never above the board's own ratings."""
        for _ in self.applying():
            pass

    def applying(self):
        """The same in steps, a tick each: reading and making all at once would take longer than a supervisor waits."""
        margin = None if self.ports is None else self.ports.margin
        once.read("headroom.features").follow(self.limits, self.more, self.settings, self.service, margin)
        yield from self._plug()

    def _plug(self):
        """Meter, manager or group on a serial port, where the settings ask for one."""
        values = self.settings.values
        if self.begun and (values.get("bus") or values.get("meter") or self.ports is not None):
            yield
            self.ports = self._wires().plugged(self, self.ports)
        if self.begun and (values.get("group_no") or self.guard.lease is not None):
            yield
            from headroom import grouping

            self.group = grouping.joined(self, self.group)

    def _wires(self):
        """The module, which is read only where somebody asks for it."""
        from headroom import ports

        return ports

    def heard(self):
        """What the meter on a wire says, as numbers by name; None: there is none."""
        return None if self.ports is None else self.ports.heard()

    def look(self, begin):
        """``meter scan``, ``group join``: begin it, or see how far it is; see ports.py."""
        if self.ports is None:
            self.ports = self._wires().Ports(self.settings.get, None, self.service.mishap)
        return self.ports.look(begin, self)

    def _grouped(self, part, dt_ms):
        """What fails in the group's words ends there, and never the tick: a lease ends by itself."""
        try:
            part(dt_ms)
        except Exception as error:
            self.law.ceilings.shared_ma = NEVER
            self.service.mishap(GROUP_PART, error)

    def time_kept(self, standard_s=0):
        """The time is told: remember it through resets; or 0: how it has gone on since."""
        return once.read("headroom.features").kept_s(standard_s, time())

    def drawn_ma(self):
        """What the car draws on its fullest phase: by a clamp of its own, else by the law's estimate."""
        return self.readings.car_ma if self.readings.car_ok else max(self.proposal.car_ma)

    def doubles(self):
        """How often the button was pressed twice in a row, since the start."""
        return self.guard.presses.doubles if self.limits.button else 0

    def held(self):
        """True while a person has stopped the charge."""
        return self.guard.held

    def hold(self, held, anew=True):
        """Stop the charge until somebody lets it go on, or let it; not ``anew``: as it was before the start."""
        if anew:
            self.guard.hold(held)
        else:
            self.guard.held = held

    def latched(self):
        """The set of faults that must outlive a reset."""
        return self.guard.latched()

    def clear(self):
        """A person clears what can be cleared; the set of faults that still stand."""
        return self.guard.clear_by_person()

    def wait_ms(self, code):
        """How long a fault's cause must still stay away until it may be cleared; -1 while it is there."""
        return self.guard.protect.wait_ms(code)

    def left_ms(self):
        """How much longer what the verdict waits for must last; 0: time does not decide."""
        verdict = self.verdict
        if verdict.reason == reasons.WAIT and verdict.value >= verdict.bound:
            return self.proposal.left_ms
        return self.guard.left_ms(verdict.reason, verdict.fault)

    def tested(self):
        """How the last test of the residual current module went; unless the contactor is closed it is made anew."""
        if not self.limits.residual_test:
            return UNTESTED
        phase = self.guard.selftest.phase
        if not self.verdict.closed:
            self.guard.selftest.forget()
        return phase

    def check_car(self):
        """``calibrate car``: begin it."""
        check = self.car_check = once.read("headroom.law.carcheck").CarCheck(self.limits)
        check.start(self.verdict, self.proposal)
        return check

    def checked_car(self):
        """The check that has ended, once: whoever asked for it still has it. None: there is none."""
        check = self.car_check
        if check is None or check.running():
            return None
        self.car_check = None
        return check

    def started(self):
        """The start is over: what it alone needed goes out of memory with the next collection."""
        once.read("headroom.started")

    def run(self):
        """Tick until somebody asks to start again, or to step aside: that ends like Ctrl-C."""
        self.started()
        gc.collect()
        self.service.ready()
        while not self.service.left():
            self.tick()
        make_safe()
        starts.good()
        if self.service.left() == "reboot":
            watchdog.reset()
        raise KeyboardInterrupt

    def tick(self):
        """One bounded piece of work: sense, decide, act, serve.

        A window that ended early, for the pilot or a fault input, brings the law nothing: the guard judges at once.
        """
        readings = self.readings
        verdict, in_force = self.verdict, self.in_force
        self.scan.read(readings, self.outputs.duty_u16)
        self.inputs.read(readings)
        if self.ports is not None:
            self.ports.read(readings)
        now_ms = ticks_ms()
        dt_ms = ticks_diff(now_ms, self.ticked_ms)
        self.ticked_ms = now_ms
        readings.clock_ok = 0 <= dt_ms <= ELAPSED_MAX_MS
        if not readings.clock_ok:
            dt_ms = ELAPSED_MAX_MS if dt_ms > 0 else 0
        self.unproposed_ms = min(self.unproposed_ms + dt_ms, UNPROPOSED_MAX_MS)
        if self.group is not None:
            self._grouped(self.group.hear, dt_ms)
        # while no car is there, too: who comes between two readings of a slow meter is another one
        self.new = self.new or self.ports is None or self.ports.new or in_force.session == IDLE
        if self.new and not self.scan.early:
            self.new = False
            self.law.propose(self.unproposed_ms, readings, in_force, self.proposal)
            self.proposed = self.proposal
            if self.car_check is not None:
                self.proposed = self.car_check.bounded(self.unproposed_ms, readings, in_force, self.proposal)
            self.unproposed_ms = 0
        self.guard.judge(dt_ms, readings, self.proposed, in_force, verdict)
        self.outputs.apply(verdict, dt_ms)
        in_force.take(verdict)
        if self.group is not None:
            self._grouped(self._speak, dt_ms)
        billed = self.ports is not None and self.ports.count(dt_ms, self.energy, self.limits)
        if self.ports is None or self.ports.known:
            self.energy.step(dt_ms, readings, self.proposal, verdict.closed and not billed, self.limits)
        if self.young_ms < starts.GOOD_MS:
            self.young_ms += dt_ms
            if self.young_ms >= starts.GOOD_MS:
                starts.good()
        self.serve(dt_ms)
        self.watchdog.feed()

    def _speak(self, dt_ms):
        group = self.group
        if group is not None:
            group.may_lead = self.service.known
            group.laxity_min = NO_NEED_MIN if self.service.wishes is None else self.service.wishes.wishes.laxity_min
            group.speak(dt_ms, self.limits, self.readings, self.proposal, self.verdict)
            self.law.ceilings.shared_ma = group.shared_ma

    def serve(self, dt_ms):
        """Remember, tell and answer, in the time that is left: what fails there ends its own part, and never the tick."""
        place = 0
        for part in self.service.parts:
            try:
                part(dt_ms)
            except Exception as error:
                self.service.mishap(place, error)
            place += 1  # noqa: SIM113 (enumerate allocates)
        self.scan.stall_us = self.service.stall_us
        self.readings.wall_s = self.service.wall_s
