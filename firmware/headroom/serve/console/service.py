"""What people meet. Console, settings, clock, journal, PIN and the store behind them, once a tick.

Order in a tick: what must be remembered, the clock, what is worth noting, one step of the store if the moment is quiet, then the
console, and what it changed. Each is a part of its own: one that fails costs the others nothing, is told once, and goes on in the
next tick where it stopped, since each changes what it owes only after it has paid.
"""

import gc
from time import ticks_diff, ticks_us

from headroom.guard import pilot, session
from headroom.guard.causes import BUSY_MAX_US
from headroom.law import boost
from headroom.record import events
from headroom.record.history import History
from headroom.serve import words
from headroom.serve.clock import Clock, lasted
from headroom.serve.console import pin
from headroom.serve.console.console import Console
from headroom.serve.loader import Commands, part
from headroom.serve.store import calibration, journal, settings
from headroom.serve.store.blackbox_store import BlackboxStore
from headroom.serve.store.energy_store import EnergyStore
from headroom.serve.store.fault_store import FaultStore
from headroom.serve.store.store import CREATE
from headroom.terms import reasons
from headroom.terms.records import PHASES
from headroom.terms.refused import Refused

KEEP_MS = 60000  # the journal is written at most this often,
KEEP_CHARGING_MS = 600000  # while a car charges this often: an erase is 50 ms in which nobody looks at the car,
URGENT_MS = 10000  # and with a fault in it this often
BOOTED_MS = 2000  # a start is remembered this soon: two starts must not share a number
APART_MS = 1000  # a contactor that does what it was told is there by then; one that is welded must not keep this from being told
PASSING = (
    reasons.WOBBLE + reasons.BY_SUN + (reasons.RISE, reasons.RESUME, reasons.INRUSH, reasons.UNFOLLOWED)
)  # figures of a moment
DIM_MS = (
    1000  # a contact that has moved is believed when it has rested so long: one that chatters must not fill the journal
)
MISHAPS_MAX = 9999
REST_MS = 1000  # ticks that take too long leave the console a step in each second,
REST_PART = 4  # and a step of it that did rests so many times as long
STALL_MAX_US = 400000  # what a call of the file system may stall the chip: a sector's erase at its slowest (W25Q32JV)
AGAIN_MS = 1000  # what found no memory to come into force reads the flash again each time it is tried
ALWAYS = 12  # parts that every charger has; then rows of serve/answers/texts.py, PARTS:
WISHES, MONTH, MANAGER = 12, 13, 14
LEAVE_MS = 3000  # before a reboot, the store has so long to finish


class Service:
    """``parts``, each once a tick, after act. ``charger``: see there what of it is for this room."""

    def __init__(self, charger, store, port, values, cause):
        self.charger = charger
        self.store = store
        self.settings = values
        self.clock = Clock()
        self.wall_s = 0  # of the clock, for the law
        self.journal = journal.Journal(self.clock)
        self.history = History()
        self.energy_store = EnergyStore(store, self.clock, charger.energy)
        self.pin = pin.Pin()
        self.pin_told = False
        self.boost = boost.Boost()
        self.charge_on = False  # a charge is under way, see answers/sessions.py
        self.charge_closed = False  # the contactor was, at the last look
        self.charge_ma = 0  # the most that the car has drawn in it
        self.charge_seen: list = []  # what is to be written down of it, and how far that is
        self.charge_work = None
        self.wishes = None  # by the clock: serve/wishes.py, where there are any
        self.month = None  # of a tariff by its peak: serve/month.py
        self.doubles = 0  # of the button that were taken up
        self.calibration = calibration.Record(store)
        self.fault_store = FaultStore(store)
        self.dimmed_s = -1  # uptime at which the grid operator's dimming began; -1: there is none
        self.dim_ms = 0  # how long its contact has said otherwise
        self.console = Console(port, Commands(self))
        self.said_ms = 0
        self.kept_ms = KEEP_MS - BOOTED_MS
        self.seen = False  # the pilot was, since the start
        self.apart_ms = 0  # how long the contactor has not been where it should be
        self.store_failed = 0
        self.writing = False  # the store wrote in this tick
        self.stall_us = 0  # and that took so long: no slowness of the tick's
        self.leaving = ""  # "reboot" or "service" once asked for
        self.leave_ms = 0
        self.rests_ms = 0  # since the console last had a step ...
        self.rest_ms = 0  # ... and for how long it leaves the others alone
        self.stale: int = False  # settings or a boost are not in the limits yet; above 1: tried again in so many ms
        self.fitting = None  # they are on their way there
        self.mishaps = 0  # parts that failed since the start,
        self.mishap_part = 0  # which one failed last,
        self.mishap_kind = None  # and the class of what it raised
        self.mishap_noted = False  # in the journal, once a start
        self.mishaps_told = 0  # by status
        self.group = None  # serve/group/member.py, where this charger is in one
        self.known = False  # this start is in the store: no other will have its number
        self.owed = False  # it is on its way there
        self.parts: tuple = (  # named in serve/answers/texts.py
            self._latched,
            self._boxed,
            self._time,
            self._hold,
            self._watch,
            self._keep,
            self._write,
            self._charge,
            self._status,
            self._talk,
            self._tidy,
            self._apply,
        )
        self._load(cause)

    def _load(self, cause):
        """Boot: what the store remembers, each part on its own, so that one that is broken costs no other."""
        data = self.store.read(settings.RECORD)
        if data is not None:
            try:
                self.settings.unpack(data)
            except ValueError:
                self.store.damaged.append(settings.RECORD)
        data = self.store.read(pin.RECORD)
        self.pin.load(data, pin.RECORD in self.store.damaged)
        self.journal.load(self.store.read(journal.RECORD))
        part("asked").follow(self)
        self.energy_store.load()
        if self.clock.told:
            part("asked").resume_time(self)
        data = self.store.read("charge")
        if data is not None:
            part("sessions").recover(self, data, cause)
        self.journal.add(events.BOOT, cause)
        if self.unreadable() or self.energy_store.lost:
            self.journal.add(events.STORE, 0)
        self.console.commands.drop()

    def fitted(self, meters):
        """Boot, once the other rooms are there: put the stored calibration and pause in force."""
        self.blackbox_store = BlackboxStore(self.store, self.charger.box)
        self.charger.hold(self.energy_store.held, False)
        part("asked").at_boot(self, self.store.read("wishes"))
        self.console.commands.drop()
        self.calibration.load(meters)
        if self.calibration.lost:
            self.journal.add(events.STORE, 0)

    def mishap(self, place, error):
        """A part failed. Raises nothing itself."""
        self.mishaps = min(self.mishaps + 1, MISHAPS_MAX)
        self.mishap_part = self._named(place)
        self.mishap_kind = type(error)
        if place < len(self.parts) and self.parts[place] == self._talk:
            self.console.failed(self.mishap_kind)

    def _named(self, place):
        """A part's row in texts.PARTS, which the journal keeps: some households' own stand behind the others in any order."""
        if not ALWAYS <= place < len(self.parts):
            return place
        step = self.parts[place]
        if self.wishes is not None and step == self.wishes.step:
            return WISHES
        return MONTH if self.month is not None and step == self.month.step else MANAGER

    def _latched(self, _):
        self.fault_store.keep(self.charger.latched())

    def _boxed(self, dt_ms):
        self.blackbox_store.step(dt_ms, self.charger.verdict.closed)

    def _time(self, dt_ms):
        self.writing = False
        self.stall_us = 0
        if self.leaving:
            self.leave_ms += dt_ms
        self.clock.step(dt_ms)
        self.pin.step(dt_ms)
        if self.boost.step(dt_ms, self.charger.verdict.session):
            self.stale = True
        self.wall_s = self.clock.wall_s()

    def _hold(self, _):
        """A pause outlives a restart: the first look at the pilot may find no car, and forget it like one that left."""
        charger, energy_store = self.charger, self.energy_store
        if charger.doubles() != self.doubles:
            self.doubles = charger.doubles()
            if not (self.boost.on() and charger.held()):  # one that was paused goes on, as it was
                self.set_boost(0 if self.boost.on() else boost.UNTIL_LEFT)
            self.journal.add(events.BOOSTED, self.boost.on())
            if charger.held():
                charger.hold(False)
        if not self.seen and pilot.A <= charger.verdict.pilot_state < pilot.E:
            self.seen = True
            charger.hold(energy_store.held, False)
        elif charger.held() != energy_store.held:
            energy_store.held = charger.held()
            energy_store.due = True

    def _watch(self, dt_ms):
        charger = self.charger
        if self.mishaps and not self.mishap_noted:
            self.journal.add(events.MISHAP, self.mishap_part)
            self.mishap_noted = True
        self.journal.watch(charger.verdict, charger.events)
        if charger.limits.dimmable:
            self._watch_dimming(dt_ms)
        self.history.follow(self.clock.uptime_s, charger.verdict)
        check = charger.checked_car()
        if check is not None:
            self._note_check(check)

    def _charge(self, _):
        """What of the charge is to be written down: a step a tick, none beside a write."""
        charger = self.charger
        verdict = charger.verdict
        closed = verdict.closed
        if closed:
            self.charge_ma = max(self.charge_ma if self.charge_on else 0, charger.drawn_ma())
        left = self.charge_on and not closed and verdict.session == session.IDLE
        if left or closed != self.charge_closed:
            clock = self.clock
            now = (clock.standard_s(), clock.certain, charger.energy.car_wh())
            self.charge_seen.append((closed, self.charge_closed, left, verdict.reason, verdict.fault) + now)
            self.charge_closed, self.charge_on = closed, not left
        if (self.charge_seen or self.charge_work) and not self.writing and not self._moving():
            work = self.charge_work or part("sessions").keep(self)
            self.charge_work = None  # one that fails is not tried again
            self.console.litter = True
            if not next(work):
                self.charge_work = work
            self.writing = True  # one look at the flash in a tick: an answer waits for the next

    def _watch_dimming(self, dt_ms):
        """The grid operator may ask for proof of when, for how long and to what the charger was dimmed (EnWG section 14a)."""
        dimmed, now_s = self.charger.readings.dimmed, self.clock.uptime_s
        if dimmed == (self.dimmed_s >= 0):
            self.dim_ms = 0
            return
        self.dim_ms += dt_ms
        if self.dim_ms >= DIM_MS:
            lasted_s = 0 if dimmed else now_s - self.dimmed_s
            self.journal.add(events.DIMMED, dimmed, 0, 0, self.charger.limits.dim_w, lasted_s)
            self.dimmed_s = now_s if dimmed else -1

    def _keep(self, dt_ms):
        """Hand the journal to the store when it is due, and notice when the store fails."""
        verdict, record = self.charger.verdict, self.journal
        apart = verdict.closed != self.charger.readings.contactor_closed
        self.apart_ms = min(self.apart_ms + dt_ms, APART_MS) if apart else 0
        if self._moving():
            return
        self.kept_ms = min(self.kept_ms + dt_ms, KEEP_CHARGING_MS)
        if self.store.failed != self.store_failed:
            if self.store.failed:
                record.add(events.STORE, self.store.failed & 0xFF)
            self.store_failed = self.store.failed
        period_ms = URGENT_MS if record.urgent else KEEP_CHARGING_MS if verdict.closed else KEEP_MS
        if record.changed and (self.kept_ms >= period_ms or self.leaving):
            self.store.put(journal.RECORD, record.data)
            self.kept_ms = 0
            record.changed = record.urgent = False
            self.owed = True

    def _moving(self):
        """True while the contactor is on its way: never a flash write then."""
        return 0 < self.apart_ms < APART_MS

    def _write(self, dt_ms):
        if self._moving():
            return
        self.energy_store.step(dt_ms)
        if self.owed and not self.store.busy():
            self.owed = False
            self.known = not self.store.failed
        if self.store.busy():
            self.writing = self.store.wait_ms <= 0
            began_us = ticks_us()
            self.store.step(dt_ms)
            self.stall_us = min(ticks_diff(ticks_us(), began_us), STALL_MAX_US)
            self.console.litter |= self.writing and self.store.state == CREATE  # a copy is there whole, or was given up

    def _talk(self, dt_ms):
        """What an answer costs must not pass for a charger that is too slow: after a long step the others come first."""
        self.rests_ms = min(self.rests_ms + dt_ms, REST_MS)
        if self.rests_ms >= (REST_MS if self.charger.readings.busy_us > BUSY_MAX_US else self.rest_ms):
            self.rests_ms = self.rest_ms = 0
            asked = not self.console.unasked()
            began_us = ticks_us() if asked else 0
            self.console.step()
            took_us = ticks_diff(ticks_us(), began_us) if asked else 0
            if took_us > BUSY_MAX_US // 2:
                self.rest_ms = min(took_us * REST_PART // 1000, REST_MS)
                self.stall_us = min(self.stall_us + took_us, STALL_MAX_US)

    def _tidy(self, _):
        if self.console.litter and self.console.quiet():
            self.console.litter = False
            self.console.commands.drop()
            gc.collect()  # here, where nothing is being measured, and not in the middle of a scan

    def _apply(self, dt_ms):
        """What was changed comes into force here only, a whole part of it in a tick."""
        if self.stale > 1:
            self.stale = max(self.stale - dt_ms, 1)
            return
        rested = not self.writing and self.stall_us <= BUSY_MAX_US // 2  # a tick that writes, or answers, reads none
        if rested and (self.stale or self.fitting):
            if not self.fitting:
                self.stale = AGAIN_MS  # until there is room for who puts them there
            work = self.fitting or part("asked").fit(self)
            self.fitting = None  # one that fails begins anew
            self.console.litter = True
            if not next(work):
                self.fitting = work

    def _note_check(self, check):
        if check.outcome:
            self.journal.add(events.CAR_CHECKED, check.outcome, 0, check.phase)
        for phase in range(len(check.found)):
            if not check.outcome and check.found[phase]:
                told = (check.found[phase], 0, phase, check.followed_ma[phase], check.instead[phase])
                self.journal.add(events.CAR_CHECKED, *told)

    def _status(self, dt_ms):
        period_ms = self.settings.values["status_ms"]
        if not period_ms:
            return
        self.said_ms += dt_ms
        if self.said_ms < period_ms:
            return
        self.said_ms = 0
        if self.console.quiet():
            self.console.tell(self.status_line(), "status", self.status_fields() if self.console.json else None)

    def ready(self):
        """Tell that the charger runs, and which."""
        self.console.tell(words.ready(self.charger.version, self.charger.board_name), "ready", {})

    def status_line(self):
        """The status in one line."""
        charger = self.charger
        told = [words.status(charger.verdict, charger.readings, self.seen_phases()) + self.when(self.clock.uptime_s)]
        return "; ".join(told + words.contrary(charger.verdict, charger.readings))

    def seen_phases(self):
        """Phases that the board has a clamp for."""
        return self.settings.ceilings.get("phases", PHASES)

    def when(self, now_s):
        """What to add to the verdict's reason: how long it must still last, or how old the reason's figures are."""
        verdict, last = self.charger.verdict, self.history.at(self.history.total - 1)
        left_ms = self.charger.left_ms()
        if left_ms > 0:
            return words.LEFT.get(verdict.reason, ", %s more") % words.seconds(left_ms + 999)
        because = [verdict.reason, verdict.phase, verdict.value, verdict.bound]
        passing = last and last[3:] == because and verdict.reason in PASSING
        return ", %s ago" % lasted(now_s - last[0]) if passing else ""

    def status_fields(self):
        """The status for machines."""
        charger = self.charger
        fields = words.status_fields(charger.verdict, charger.readings, charger.limits.mains_v)
        fields["uptime_s"] = self.clock.uptime_s
        return fields

    def unreadable(self):
        """True when stored settings could not be read, or not all of them: the lowest ratings are in force."""
        return settings.RECORD in self.store.damaged or bool(self.settings.dropped)

    def keep_calibration(self):
        """Remember the calibration in force."""
        self.calibration.remember()
        self.journal.add(events.CALIBRATED, 0)

    def set_boost(self, left_ms):
        """Begin or end a boost; see ``boost.Boost``."""
        self.boost.begin(left_ms, self.charger.verdict.session)
        self.stale = True

    def unlock(self, text):
        """True when ``text`` is the PIN; wrong tries are remembered."""
        tries = self.pin.tries
        right = self.pin.unlock(text)
        if self.pin.tries != tries:
            self.store.put(pin.RECORD, self.pin.pack())
            if not right and self.pin.wait_ms > 0:
                self.journal.add(events.LOCKED, 0, 0, 0, self.pin.tries)
        return right

    def change_pin(self, text):
        """A new PIN; Refused unless open."""
        data = self.pin.made(text)
        self.store.put(pin.RECORD, data, 2)
        self.pin.change(data)

    def leave(self, how, even_charging):
        """End the run after what waits was written; Refused while the contactor is closed."""
        if self.charger.verdict.closed and not even_charging:
            raise Refused(
                "the contactor is closed: pause, wait until it opens, and resume after the restart; or %s now cuts the charge off"
                % how
            )
        self.leaving = how
        self.energy_store.keep()
        self.leave_ms = 0

    def left(self):
        """``reboot`` or ``service`` once it is time to end the run, else an empty string."""
        if self.leaving and (self.console.quiet() and not self.store.busy() and not self.journal.changed):
            return self.leaving
        return self.leaving if self.leave_ms >= LEAVE_MS else ""
