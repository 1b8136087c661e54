"""What the settings ask of serve: the clock's rule, who keeps a start delay and a peak. Read when they come into force."""

from headroom.serve.clock import Clock
from headroom.serve.console.service import AGAIN_MS
from headroom.serve.loader import module, part


def follow(service):
    """The clock follows the rule of the settings: one that knows a summer takes the plain one's place."""
    values = service.settings.values
    if type(service.clock) is Clock:
        if not values.get("summer_min"):
            return
        clock = module("headroom.serve.summer").SummerClock(service.clock)
        service.clock = service.journal.clock = service.energy_store.clock = clock
    before_s = service.clock.standard_s()
    service.clock.follow(values)
    by_s = service.clock.standard_s() - before_s
    moved(service, by_s)
    if by_s and service.wishes:
        service.wishes.due_s = 0  # the same hour on the wall is another: it is looked up


def moved(service, by_s):
    """Winter time was put forward by so much: a charge under way began as long ago as before."""
    if by_s and service.charge_on:
        service.charge_seen.append((None, by_s, service.clock.certain))


def at_boot(service, data):
    """Boot: what is stored of timetable and need, ``data``, and what the settings ask for."""
    if data is not None:
        part("wish_commands").recall(service, data)
    for _ in _keep(service):
        pass


def fit(service):
    """What was changed comes into force, in steps, of which the last is true; what found no memory is tried again."""
    service.stale = False
    wishes = service.wishes
    try:
        yield from service.charger.applying()  # first: what finds no memory behind it keeps no rating from its place
        yield
        follow(service)
        yield
        yield from _keep(service)
    except Exception as error:
        service.stale = AGAIN_MS
        raise error
    service.stale = service.stale or service.wishes is not wishes
    yield True


def _keep(service):
    values = service.settings.values
    if values.get("start_delay_s"):
        part("wish_commands").wished(service)
    if service.month is None and values.get("cap_month"):
        month = module("headroom.serve.month").Month(service)
        service.parts += (month.step,)
        service.month = month
        yield from service.charger.applying()


def resume_time(service):
    """At boot: the time that was told has gone on through the reset, as far as the board keeps it."""
    clock = service.clock
    kept_s = service.charger.time_kept()
    if kept_s >= clock.standard_s():
        clock.resume(kept_s, True)
        clock.certain = True
        service.energy_store.due = True
