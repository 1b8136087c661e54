"""Keeps the wishes by the clock: tells them the time once a second, ends a need at its hour, remembers all across a power cut.

Read only in a household that has a timetable, a need or a start delay. What people type and read:
answers/wish_commands.py.
"""

from headroom.guard import session
from headroom.law.wishes.need import LATE
from headroom.law.wishes.wishes import UNCERTAIN
from headroom.record import events
from headroom.serve import words
from headroom.serve.clock import DAY_S, Clock
from headroom.serve.loader import part
from headroom.terms import reasons

MONDAY_MIN = 2880  # minute 0, 2020-01-01 00:00, was a Wednesday's
WEEK_MIN, DAY_MIN = 10080, 1440
DELIVERED, TOLD_LATE, MISSED, AFTER_ALL = range(4)  # codes of events.NEED: what became of it


def until(ma, minute):
    """The timetable's word for ``why``."""
    what = "the timetable: " + (words.amps(ma) if ma else "nothing")
    if minute < 0:
        return what + " at any time"
    day = "" if minute < DAY_MIN else part("wish_commands").DAYS[minute // DAY_MIN - 1] + " "
    return "%s until %s%02d:%02d" % (what, day, minute // 60 % 24, minute % 60)


TELLS = {
    reasons.TIMETABLE: until,
    reasons.NEED_WAITS: lambda ma, minute: (
        until(ma, minute) + ("" if ma else ", and the need waits for the next window")
    ),
    reasons.START_DELAY: lambda _, ms: "a start delay by chance: %d s more; boost skips it" % ((ms + 999) // 1000),
}


class Keeper:
    """``step`` once a tick. ``wishes``: law/wishes/wishes.py."""

    def __init__(self, service, wishes):
        self.service = service
        self.wishes = wishes
        self.by_min = 0  # minute of the day at which the need is due
        self.daily = False
        self.due_s = 0  # winter time at which it is due next; 0: not known
        self.late = self.done = False  # told to be late, or delivered
        self.here = None  # a car is; None: not looked yet
        self.at_s = -1
        self.unsaved = False
        words.MORE.update(TELLS)

    def step(self, _):
        """Once a second."""
        uptime_s = self.service.clock.uptime_s
        if uptime_s == self.at_s:
            return
        since_s = uptime_s - self.at_s if self.at_s >= 0 else 1
        self.at_s = uptime_s
        if self.unsaved and not self.service.writing:
            self.put(1)
        self.reckon(since_s)

    def reckon(self, since_s=0):
        """``since_s`` after the last time; 0: somebody has told the time or another wish, and is answered next."""
        service, clock, wishes = self.service, self.service.clock, self.wishes
        need, charger = wishes.need, service.charger
        car_wh = charger.energy.car_wh()
        here = charger.verdict.session != session.IDLE
        anew = here and self.here is False
        if service.seen:
            self.here = here
        if anew and need.wh:
            need.from_wh = car_wh
            self.begin()
        minute, left_min = UNCERTAIN, 0
        if clock.certain:
            now_s = clock.standard_s()
            minute = (clock.wall_s() // 60 + MONDAY_MIN) % WEEK_MIN
            if need.wh:
                if now_s >= self.due_s:
                    self._turn(car_wh)
                left_min = max(self.due_s - now_s, 0) // 60
            wishes.turns_min, wishes.turn_min = WEEK_MIN, 0
            if type(clock) is not Clock and clock.rule:
                wishes.turn_min = -clock.rule[0] if clock.ahead_s() else clock.rule[0]
                wishes.turns_min = min((clock.turn_s - now_s + 59) // 60, WEEK_MIN)
        wishes.delay_s = service.settings.values.get("start_delay_s", 0)
        wishes.tell(minute, left_min, car_wh, here, service.boost.on(), anew, since_s)
        if need.wh and here and minute != UNCERTAIN:
            self._tell(need.missing_wh(car_wh))

    def begin(self):
        """The need begins: nothing of it was told."""
        self.late = self.done = False
        self.unsaved = True

    def _turn(self, car_wh):
        """The need's hour has come, or is not known yet."""
        need, clock = self.wishes.need, self.service.clock
        if self.due_s:
            missing_wh = need.missing_wh(car_wh)
            if self.here and missing_wh:
                self.service.journal.add(events.NEED, MISSED, 0, 0, missing_wh, need.wh)
            need.from_wh = car_wh
            if not self.daily:
                need.wh = 0
            self.begin()
        wall_s = clock.wall_s()
        due_s = wall_s - wall_s % DAY_S + self.by_min * 60
        if due_s <= wall_s:
            due_s += DAY_S
        self.due_s = clock.standard_of(due_s)
        # in the second of the hour that comes twice, where the wall shows winter time
        if self.due_s <= clock.standard_s():
            self.due_s = due_s
        self.unsaved = True

    def _tell(self, missing_wh):
        """Once when it is delivered, once when it will be late, and once when it will not be after all."""
        need = self.wishes.need
        if not missing_wh:
            if not self.done:
                self.done = True
                self.service.journal.add(events.NEED, DELIVERED, 0, 0, 0, need.wh)
            return
        late = need.state == LATE
        if late != self.late:
            self.late = late
            code = TOLD_LATE if late else AFTER_ALL
            self.service.journal.add(events.NEED, code, 0, 0, missing_wh, max(need.done_min, 0))

    def put(self, copies):
        """Remember timetable and need."""
        wished = part("wish_commands")
        self.service.store.put(wished.RECORD, wished.packed(self), copies)
        self.unsaved = False
        self.service.console.litter = True
