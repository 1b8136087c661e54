"""The last charges: written down so that a power cut costs none of them, and told by ``sessions``.

A charge lasts from the first time that the contactor closes until the car leaves. The one under way is a record of its own; what
has ended stands in a page of PER_PAGE, and there are PAGES of these. At the start the last one is brought into its page, if a
power cut came between. Before each the totals are written: so no reading of the counter that stands here is ever above what the
counter goes on from.
"""

import struct

from headroom.guard import faults
from headroom.serve import words
from headroom.serve.answers import calendar, texts
from headroom.serve.answers.copies import newest
from headroom.serve.clock import lasted
from headroom.terms import reasons
from headroom.terms.refused import Refused

FORM = "<IIIIIHHBBBB"
SIZE = struct.calcsize(FORM)
NUMBER, START_S, END_S, START_WH, END_WH, MOST, BREAKS, REASON, FAULT, SURE, OPEN = range(11)
# number; winter times and readings of the car's counter; highest current in 10 mA; how often it was interrupted, not by the car;
# why the contactor opened last; whether the clock was certain, bit 0 at the start, bit 1 at the end; whether it is under way
RECORD = "charge"
POWER_ON = 1  # machine.PWRON_RESET
POWER_CUT = 255  # instead of a reason
CUT_BY = 248  # and with another start than the power's: of act/starts.py so much more
PER_PAGE, PAGES = 10, 6
TOLD = 50
MARK_STEP_MA = 10
UNSET_S = 31622400  # within 2020: nobody has told the time yet, it began with the first start
ENDED = {
    reasons.NO_CAR: "unplugged",
    reasons.CAR_DONE: "the car stopped by itself",
    reasons.HELD: "stopped by hand",
    reasons.NO_METER: "the supply's current was not known",
    reasons.DOUBT: "the meter was in doubt",
    reasons.TIMETABLE: "the timetable",
    reasons.NEED_WAITS: "the timetable",
    reasons.START_DELAY: "a start delay",
    reasons.DIMMED: "the grid operator",
    reasons.TARIFF: "the tariff",
    reasons.NO_SUN: "the sun was gone",
    reasons.IMPORT: "the import limit",
    reasons.TOTAL: "the connection's power",
    reasons.ASYMMETRY: "the phases differed",
    reasons.VOLTAGE: "the line's voltage",
    reasons.REMOTE: "the manager",
    reasons.REMOTE_LOST: "the manager was silent",
    reasons.LEASED: "the group",
    reasons.TURN: "another charger's turn",
    reasons.ALONE: "the group's leader was silent",
    POWER_CUT: "the power went",
}
CSV = "number,start,end,start_wh,end_wh,wh,most_ma,interruptions,ended,clock_certain"


def page_of(number):
    """The record in which it stands once it has ended."""
    return "charges%d" % (number // PER_PAGE % PAGES)


def read(service, name):
    """A record as it waits to be written or stands on the flash, b"" for none: a copy a tick, and none in a tick that writes."""
    for entry in service.store.queue:
        if entry[0] == name:
            return entry[1]
    return (yield from newest(service, name))


def latest(service):
    """The charge under way, or the last one, as a list of FORM; None: there was none, or it cannot be read."""
    data = yield from read(service, RECORD)
    return list(struct.unpack(FORM, data)) if len(data) == SIZE else None


def keep(service):
    """Write down what was seen of the charge: a step a tick, and True when nothing is left to do."""
    seen = service.charge_seen
    while seen:
        yield None
        record = yield from latest(service)
        if record is None:
            record = [(yield from _last_number(service))] + [0] * 10
        yield None
        record = after(record, seen.pop(0), service.charge_ma)
        data = struct.pack(FORM, *record)
        service.energy_store.keep()
        service.store.put(RECORD, data)
        if not record[OPEN]:
            yield from _into_page(service, record[0], data)
    yield True


def after(record, seen, most_ma):
    """How the charge stands after what was seen: the contactor closed, or opened, or the car left."""
    record = list(record)
    if seen[0] is None:
        return moved(record, *seen[1:])
    closed, opened, left, reason, fault, now_s, certain, car_wh = seen
    if closed and not record[OPEN]:
        return [record[0] + 1, now_s, now_s, car_wh, car_wh, 0, 0, 0, 0, 1 if certain else 0, 1]
    if closed:
        return record
    if opened:
        record[REASON], record[FAULT] = reason, fault
        if not left and reason != reasons.CAR_DONE:
            record[BREAKS] += 1
        record[END_S], record[END_WH] = now_s, car_wh
        record[SURE] = record[SURE] & 1 | (2 if certain else 0)
    if left:
        record[OPEN] = 0
        # a meter on the car's line tells the last of it some seconds later
        record[END_WH] = max(record[END_WH], car_wh)
    record[MOST] = min(most_ma // MARK_STEP_MA, 65535)
    return record


def moved(record, by_s, certain):
    """The clock was put forward by so much: what is under way began as long ago as before."""
    if record[OPEN]:
        record[START_S], record[END_S] = max(record[START_S] + by_s, 0), max(record[END_S] + by_s, 0)
        record[SURE] = 1 if certain else 0
    return record


def _last_number(service):
    """The highest that stands in a page: the last record cannot be read, and nothing may be written over the others."""
    last = 0
    for number in range(0, PER_PAGE * PAGES, PER_PAGE):
        page = yield from read(service, page_of(number))
        for place in range(0, len(page) // SIZE * SIZE, SIZE):
            last = max(last, struct.unpack("<I", page[place : place + 4])[0])
    return last


def _into_page(service, number, data):
    name = page_of(number)
    page = bytearray((yield from read(service, name)))
    yield None
    if len(page) != PER_PAGE * SIZE:
        page = bytearray(PER_PAGE * SIZE)
    place = number % PER_PAGE * SIZE
    if bytes(page[place : place + SIZE]) != data:
        page[place : place + SIZE] = data
        service.store.put(name, bytes(page))


def recover(service, data, cause):
    """Boot: how the last charge, ``data``, ended; one that was under way ended with whatever made the chip start."""
    store = service.store
    if len(data) != SIZE:
        return
    record = list(struct.unpack(FORM, data))
    if record[OPEN]:
        record[END_S] = max(service.clock.standard_s(), record[START_S])
        record[END_WH] = max(service.charger.energy.car_wh(), record[START_WH])
        record[REASON] = POWER_CUT if cause == POWER_ON else CUT_BY + cause
        record[FAULT] = record[OPEN] = 0
        record[SURE] = record[SURE] & 1 | (2 if service.clock.certain else 0)  # through a reset it goes on
        store.put(RECORD, struct.pack(FORM, *record))
    for _ in _into_page(service, record[0], struct.pack(FORM, *record)):
        pass


def records(service):
    """The last charges, oldest first, as tuples of FORM; None between the pages."""
    yield None
    under_way = yield from latest(service)
    if under_way is None:
        return
    last = under_way[0] + (0 if under_way[OPEN] else 1)
    name, page = "", b""
    for number in range(max(last - TOLD, 1), last):
        if page_of(number) != name:
            name = page_of(number)
            page = yield from read(service, name)
        place = number % PER_PAGE * SIZE
        if len(page) == PER_PAGE * SIZE:
            record = struct.unpack(FORM, page[place : place + SIZE])
            if record[0] == number:
                yield record
    if under_way[OPEN]:
        under_way[MOST] = max(under_way[MOST], service.charge_ma // MARK_STEP_MA)
        yield under_way


def ended(reason, fault, open):
    """Why it ended, in words."""
    if open:
        return "under way"
    if fault:
        return faults.NAME[fault] if fault < faults.COUNT else "fault %d" % fault
    if CUT_BY < reason < POWER_CUT:
        return "cut short by " + texts.RESETS.get(reason - CUT_BY, "reset %d" % (reason - CUT_BY))
    return ENDED.get(reason, "too little was free")


def answer(service, typed):
    """sessions [csv]."""
    if typed not in ([], ["csv"]):
        raise Refused("sessions, or sessions csv")
    csv, told, unsure = bool(typed), 0, False
    if csv:
        yield CSV, None
    for record in records(service):
        if record is None:
            yield None
            continue
        number, start_s, end_s, start_wh, end_wh, most, breaks, reason, fault, sure, open = record
        if open:
            end_s, end_wh = service.clock.standard_s(), service.charger.energy.car_wh()
        begins, ends = _when(service, start_s), _when(service, end_s)
        wh, most_ma, why = max(end_wh - start_wh, 0), most * MARK_STEP_MA, ended(reason, fault, open)
        certain = sure == 3 or bool(open and sure & 1 and service.clock.certain)
        unsure = unsure or not certain
        told += 1
        if csv:
            fields = (
                number,
                begins.replace(" ", "T"),
                ends.replace(" ", "T"),
                start_wh,
                end_wh,
                wh,
                most_ma,
                breaks,
                why,
            )
            text = "%d,%s,%s,%d,%d,%d,%d,%d,%s," % fields + ("yes" if certain else "no")
        else:
            when = "%s to %s" % (begins[:16], ends[:16])
            if not certain and end_s < UNSET_S:
                when = "the clock was not set, for %s" % lasted(max(end_s - start_s, 0))
            text = "%3d%s  %s  %s  %s  %s%s" % (
                number,
                " " if certain else "?",
                when,
                words.milli(wh, "kWh"),
                "at most " + words.amps(most_ma) if most else "highest current not known",
                "%d interruption%s, " % (breaks, "" if breaks == 1 else "s") if breaks else "",
                why,
            )
        yield (
            text,
            {
                "number": number,
                "t": start_s,
                "end_t": end_s,
                "start_wh": start_wh,
                "end_wh": end_wh,
                "most_ma": most_ma,
                "breaks": breaks,
                "ended": why,
                "certain": certain,
            },
        )
    if not told and not csv:
        yield "no charge yet", None
    if unsure and not csv:
        yield "?: the clock was not certain at its start or end", None


def _when(service, standard_s):
    """On the wall, as the rule of summer time is today."""
    return calendar.written(service.clock.wall_of(standard_s))
