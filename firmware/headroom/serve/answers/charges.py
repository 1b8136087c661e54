"""The last charges: written down so that a power cut costs none of them, and told by ``sessions``.

The one under way is a record of its own; one that has ended stands in a page of PER_PAGE, and there are PAGES of these. At the
start the last one is brought into its page, if a power cut came between. Before each the totals are written: so no reading of the
counter that stands here is ever above what the counter goes on from.
"""

import struct

from headroom.guard import faults
from headroom.serve import words
from headroom.serve.answers import calendar
from headroom.serve.store.charge import POWER_CUT, RECORD
from headroom.terms import reasons
from headroom.terms.refused import Refused

FORM = (
    "<IIIIIHHBBBB"  # number, start, end, readings at both, 10 mA, interruptions, reason, fault, whether certain, open
)
SIZE = struct.calcsize(FORM)
PER_PAGE, PAGES = 10, 6
TOLD = 50
MARK_STEP_MA = 10
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
    POWER_CUT: "the power went",
}
CSV = "number,start,end,start_wh,end_wh,wh,most_ma,interruptions,ended,clock_certain"


def packed(charge):
    """The charge under way, or the last one."""
    return struct.pack(
        FORM,
        charge.number,
        charge.start_s,
        charge.end_s,
        charge.start_wh,
        charge.end_wh,
        min(charge.most_ma // MARK_STEP_MA, 65535),
        min(charge.breaks, 65535),
        charge.reason,
        charge.fault,
        charge.sure,
        charge.open,
    )


def page_of(number):
    """The record in which it stands once it has ended."""
    return "charges%d" % (number // PER_PAGE % PAGES)


def keep(desk):
    """Write down how the charge stands: a step a tick."""
    charge, store = desk.charge, desk.store
    data, open = packed(charge), charge.open
    desk.energy_store.keep()
    store.put(RECORD, data)
    if not open:
        yield from _into_page(store, charge.number, data)


def _into_page(store, number, data):
    yield None
    name = page_of(number)
    for entry in store.queue:
        if entry[0] == name:  # one that ended just before
            page = bytearray(entry[1])
            break
    else:
        page = bytearray(store.read(name) or b"")
    yield None
    if len(page) != PER_PAGE * SIZE:
        page = bytearray(PER_PAGE * SIZE)
    place = number % PER_PAGE * SIZE
    if bytes(page[place : place + SIZE]) != data:
        page[place : place + SIZE] = data
        store.put(name, bytes(page))


def recover(desk):
    """Boot: how the last charge ended; one that was under way ended with the power."""
    charge, store = desk.charge, desk.store
    data = store.read(RECORD)
    if data is None or len(data) != SIZE:
        return
    (
        charge.number,
        charge.start_s,
        charge.end_s,
        charge.start_wh,
        charge.end_wh,
        most,
        charge.breaks,
        charge.reason,
        charge.fault,
        charge.sure,
        open,
    ) = struct.unpack(FORM, data)
    charge.most_ma = most * MARK_STEP_MA
    if open:
        charge.end_s = max(desk.clock.standard_s(), charge.start_s)
        charge.end_wh = max(desk.charger.energy.car_wh(), charge.start_wh)
        charge.reason, charge.fault = POWER_CUT, 0
        store.put(RECORD, packed(charge))
    for _ in _into_page(store, charge.number, packed(charge)):
        pass


def records(desk):
    """The last charges, oldest first, as tuples of FORM; None between the pages."""
    charge, store = desk.charge, desk.store
    last = charge.number if charge.open or not charge.number else charge.number + 1
    name, page = "", b""
    for number in range(max(last - TOLD, 1), last):
        if page_of(number) != name:
            name, page = page_of(number), b""
            newest = 0
            for entry in store.queue:
                if entry[0] == name:
                    newest, page = 1 << 30, entry[1]
            for slot in (0, 1):
                yield None
                while desk.writing:
                    yield None
                try:
                    sequence, found = store.copy(name, slot) or (0, b"")
                except OSError:
                    continue
                if sequence > newest and len(found) == PER_PAGE * SIZE:
                    newest, page = sequence, found
        place = number % PER_PAGE * SIZE
        if page:
            record = struct.unpack(FORM, page[place : place + SIZE])
            if record[0] == number:
                yield record
    if charge.open:
        yield struct.unpack(FORM, packed(charge))


def ended(reason, fault, open):
    """Why it ended, in words."""
    if open:
        return "under way"
    if fault:
        return faults.NAME[fault] if fault < faults.COUNT else "fault %d" % fault
    return ENDED.get(reason, "too little was free")


def answer(desk, typed):
    """sessions [csv]."""
    if typed not in ([], ["csv"]):
        raise Refused("sessions, or sessions csv")
    csv, told, unsure = bool(typed), 0, False
    if csv:
        yield CSV, None
    for record in records(desk):
        if record is None:
            yield None
            continue
        number, start_s, end_s, start_wh, end_wh, most, breaks, reason, fault, sure, open = record
        if open:
            end_s, end_wh = desk.clock.standard_s(), desk.charger.energy.car_wh()
        begins, ends = _when(desk, start_s), _when(desk, end_s)
        wh, most_ma, why = max(end_wh - start_wh, 0), most * MARK_STEP_MA, ended(reason, fault, open)
        certain = sure == 3 or bool(open and sure & 1 and desk.clock.certain)
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
            text = "%3d%s  %s to %s  %s  at most %s  %s%s" % (
                number,
                " " if certain else "?",
                begins[:16],
                ends[:16],
                words.milli(wh, "kWh"),
                words.amps(most_ma),
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


def _when(desk, standard_s):
    """On the wall, as the rule of summer time is today."""
    return calendar.written(desk.clock.wall_of(standard_s))
