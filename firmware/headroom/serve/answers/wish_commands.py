"""``timetable`` and ``need`` on the console: read, checked, told back in words, and packed for the store.

Each command is a generator of (line of text, fields for machines); ``service`` is what it works on, ``typed`` what followed it.
"""

import struct

from headroom.guard import session
from headroom.serve import words
from headroom.serve.answers import calendar, settings_commands
from headroom.serve.answers.units import digits, scaled
from headroom.serve.loader import module
from headroom.terms.refused import Refused

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
EVERY = 127
RECORD = "wishes"
NO_EFFECT = "so it bounds nothing yet: timetable else 0 keeps the car waiting for the windows"
ALL_MA, DAY_MIN, WINDOWS_MAX = 80000, 1440, 8  # law/wishes/timetable.py, which is not read for a household without one
LIFTED, LATE = 2, 3  # law/wishes/need.py
TOLD_WH = 100  # less than this delivered is not worth a line
SUN_TOO = 3  # of the setting ``solar``: window, law/solar.py
FORMAT = 1
HEAD = "<BBiiiIH"  # format, DAILY, the timetable's other times, the need in Wh, the counter when it began, due, by
WINDOW = "<BHHi"
DAILY = 1
NEED_MAX_WH = 200000
TIMES = "timetable mo-fr 23:30-05:30 32A, then timetable else 0; timetable mo-fr 23:30-05:30 off; timetable off"
GOES_ON = "%s of it are delivered: it goes on with the count of the need before; need off first, and it counts from now"
NEEDS = "need 20kWh by 07:00, need 20kWh by 07:00 daily, or need off"


def packed(keeper):
    """Timetable and need as bytes."""
    wishes, need = keeper.wishes, keeper.wishes.need
    marks = DAILY if keeper.daily else 0
    data = struct.pack(
        HEAD, FORMAT, marks, wishes.timetable.else_ma, need.wh, need.from_wh, keeper.due_s, keeper.by_min
    )
    for window in wishes.timetable.windows:
        data += struct.pack(WINDOW, *window)
    return data


def wished(service):
    """What keeps the wishes by the clock: read from the flash when the first is wished, and stays."""
    if service.wishes is None:
        wishes = module("headroom.law.wishes.wishes").Wishes(service.charger.limits)
        service.wishes = module("headroom.serve.wishes").Keeper(service, wishes)
        service.parts += (service.wishes.step,)
        service.charger.apply_settings()
    return service.wishes


def recall(service, data):
    """Boot: what is stored, ``data``, is wished."""
    if not unpack(wished(service), data):
        service.store.damaged.append(RECORD)


def unpack(keeper, data):
    """Take what ``packed`` gave; False, and nothing changed, when it is something else."""
    head, size = struct.calcsize(HEAD), struct.calcsize(WINDOW)
    if len(data) < head or (len(data) - head) % size or data[0] != FORMAT:
        return False
    _, marks, else_ma, need_wh, from_wh, due_s, by_min = struct.unpack(HEAD, data[:head])
    places = range(head, len(data), size)
    wishes = keeper.wishes
    wishes.timetable.windows = [struct.unpack(WINDOW, data[place : place + size]) for place in places]
    wishes.timetable.else_ma = else_ma
    wishes.need.wh, wishes.need.from_wh = need_wh, from_wh
    keeper.daily, keeper.due_s, keeper.by_min = bool(marks & DAILY), due_s, by_min
    return True


# ---- reading


def days(text):
    """The set of days of ``mo-fr``, ``sa,su``, ``daily``; None when it is none."""
    if text in ("daily", "every"):
        return EVERY
    found = 0
    for each in text.split(","):
        first, _, last = each.partition("-")
        last = last or first
        if first not in DAYS or last not in DAYS:
            return None
        day = DAYS.index(first)
        found |= 1 << day
        while DAYS[day] != last:
            day = (day + 1) % 7
            found |= 1 << day
    return found


def minute(text):
    """The minute of the day of ``HH:MM`` or a whole hour, up to 24:00; None when it is none."""
    hours, colon, minutes = text.partition(":")
    if not colon:
        minutes = "00"
    if not (1 <= len(hours) <= 2 and len(minutes) == 2 and digits(hours + minutes)):
        return None
    found = int(hours) * 60 + int(minutes)
    return found if int(minutes) < 60 and found <= DAY_MIN else None


def ceiling(service, text):
    """A ceiling in mA of ``32A``, ``32`` (A, as nobody means mA here), ``0`` or ``all``."""
    if text == "all":
        return ALL_MA
    factor = 1000
    number = text
    if text.endswith("ma"):
        factor, number = 1, text[:-2]
    elif text.endswith("a"):
        number = text[:-1]
    value = scaled(number, factor)
    if value is None or not 0 <= value <= ALL_MA:
        raise Refused("'%s' is no current: write 32A, 0, or all" % text[:12])
    least = service.settings.get("min_ma")
    if 0 < value < least:
        raise Refused(
            "%s is below min_ma %s, with which a car charges: write 0, or more" % (words.amps(value), words.amps(least))
        )
    return value


def window(service, typed):
    """The window of ``mo-fr 23:30-05:30 32A``, or of ``23:30-05:30 32A`` every day."""
    typed = " ".join(typed).replace(" - ", "-").split(" ")  # 23:30 - 05:30
    if digits(typed[0][:1]):
        typed = ["daily"] + typed
    if len(typed) != 3:
        raise Refused(TIMES)
    on = days(typed[0])
    if on is None:
        raise Refused("'%s' are no days: write mo-fr, sa,su or daily" % typed[0][:20])
    begins, _, ends = typed[1].partition("-")
    from_min, to_min = minute(begins), minute(ends)
    if from_min is None or to_min is None or from_min == DAY_MIN:
        raise Refused("'%s' is no time of day: write 23:30-05:30" % typed[1][:20])
    length = (to_min - from_min) % DAY_MIN
    if not length:
        if from_min or to_min != DAY_MIN:
            raise Refused("%s ends when it begins; for a whole day write 00:00-24:00" % typed[1])
        length = DAY_MIN
    return on, from_min, length, 0 if typed[2] == "off" else ceiling(service, typed[2])


# ---- telling


def of_days(on):
    """``Monday to Friday``-like, in the letters that are typed: ``mo-fr``, ``sa,su``, ``every day``."""
    if on == EVERY:
        return "every day"
    runs: list = []
    for day in range(7):
        if not on >> day & 1:
            continue
        if runs and runs[-1][1] == day - 1:
            runs[-1][1] = day
        else:
            runs.append([day, day])
    return ",".join([DAYS[a] if a == b else "%s-%s" % (DAYS[a], DAYS[b]) for a, b in runs])


def clock(of_day):
    """``05:30``."""
    of_day = of_day if of_day == DAY_MIN else of_day % DAY_MIN
    return "%02d:%02d" % (of_day // 60, of_day % 60)


def at_most(ma):
    """A ceiling in words."""
    return "no ceiling" if ma >= ALL_MA else "at most %s" % words.amps(ma) if ma else "nothing"


def in_words(each):
    """A window in one clause."""
    on, from_min, length, ma = each
    ends = from_min + length
    night = " of the next day" if ends > DAY_MIN else ""
    return "%s from %s to %s%s: %s" % (of_days(on), clock(from_min), clock(ends), night, at_most(ma))


def lines(service):
    """The whole timetable."""
    wishes = service.wishes and service.wishes.wishes
    if not wishes or (not wishes.timetable.windows and wishes.timetable.else_ma == ALL_MA):
        yield "no timetable: the car may charge at any time", None
        return
    for each in wishes.timetable.windows:
        yield in_words(each), {"days": each[0], "from_min": each[1], "length_min": each[2], "most_ma": each[3]}
    else_ma = wishes.timetable.else_ma
    sun = ", or what would be fed in" if else_ma < ALL_MA and service.settings.get("solar") == SUN_TOO else ""
    yield "at all other times: " + at_most(else_ma) + sun, {"most_ma": else_ma}
    if min([else_ma] + [each[3] for each in wishes.timetable.windows]) >= service.charger.limits.charger_ma:
        yield NO_EFFECT, {"notice": NO_EFFECT}
    yield from _unsure(service)


def _unsure(service):
    if not service.clock.certain:
        yield "the clock is not certain: until time YYYY-MM-DD HH:MM tells it, the car may charge at any time", None


def timetable(service, typed):
    """timetable [DAYS HH:MM-HH:MM AMPS | else AMPS | off]."""
    if not typed:
        yield from lines(service)
        return
    typed = [each.lower() for each in typed]
    if typed[-1] in ("a", "ma") and len(typed) > 2:  # 32 A
        typed[-2:] = [typed[-2] + typed[-1]]
    table = wished(service).wishes.timetable
    if typed == ["off"]:
        table.windows, table.else_ma = [], ALL_MA
    elif typed[0] == "else":
        if len(typed) != 2:
            raise Refused("timetable else AMPS, like timetable else 0")
        table.else_ma = ceiling(service, typed[1])
    else:
        new = window(service, typed)
        there = [each for each in table.windows if each[:3] == new[:3]]
        if typed[-1] == "off" and not there:
            raise Refused("there is no such window: timetable lists them")
        other = [each for each in table.windows if each not in there]
        if typed[-1] != "off":
            table.windows, before = other, table.windows
            clash = table.overlap(new)
            if clash or len(other) == WINDOWS_MAX:
                table.windows = before
                raise Refused("it overlaps " + in_words(clash) if clash else "%d windows are the most" % WINDOWS_MAX)
            other = other + [new]
        table.windows = other
    yield from _keep(service)
    yield from lines(service)


def _keep(service):
    keeper = service.wishes
    keeper.wishes.renewed()
    keeper.reckon()
    keeper.put(2)
    stored = yield from settings_commands.kept(service.store, (RECORD,))
    yield "saved" if stored else "in force" + settings_commands.NOT_SAVED, {"stored": stored}


def need(service, typed):
    """need [ENERGY by HH:MM [daily] | off]."""
    typed = [each.lower() for each in typed]
    if typed:
        kept, got_wh = wished(service), 0
        if typed == ["off"]:
            kept.wishes.need.wh = 0
            kept.due_s = 0
        else:
            got_wh = _set(service, kept, [each for each in typed if each != "daily"], "daily" in typed)
        kept.begin()
        yield from _keep(service)
        if got_wh >= TOLD_WH:
            yield GOES_ON % words.milli(got_wh, "kWh"), {"delivered_wh": got_wh}
    yield told(service)
    yield from _unsure(service)


def _set(service, keeper, typed, daily):
    """Wish it; returns what is delivered of it: one that is not yet there goes on with its count, whatever of it is changed."""
    if len(typed) == 4 and typed[1] == "kwh":
        typed = [typed[0] + typed[1]] + typed[2:]
    if len(typed) != 3 or typed[1] != "by":
        raise Refused(NEEDS)
    wh = scaled(typed[0][:-3], 1000) if typed[0].endswith("kwh") else None
    by_min = minute(typed[2])
    if wh is None or not 0 < wh <= NEED_MAX_WH:
        full = "how full the car is, no charger is told: " if typed[0] == "full" or typed[0].endswith("%") else ""
        raise Refused("'%s' is no energy up to 200 kWh: %s%s" % (typed[0][:12], full, NEEDS))
    if by_min is None:
        raise Refused("'%s' is no time of day: %s" % (typed[2][:12], NEEDS))
    if not service.clock.told:
        raise Refused("the clock is not set: time YYYY-MM-DD HH:MM sets it")
    wishes_need, car_wh = keeper.wishes.need, service.charger.energy.car_wh()
    if service.charger.verdict.session == session.IDLE or not (wishes_need.wh and wishes_need.missing_wh(car_wh)):
        wishes_need.from_wh = car_wh
    wishes_need.wh, wishes_need.state = wh, LIFTED
    wishes_need.done_min, wishes_need.pace_ws = -1, 0  # what another need got says nothing of this one
    keeper.by_min, keeper.daily, keeper.due_s = by_min % DAY_MIN, daily, 0
    return car_wh - wishes_need.from_wh


def told(service):
    """The need in one line, and its fields."""
    keeper = service.wishes
    if not keeper or not keeper.wishes.need.wh:
        return "no need", None
    wishes_need = keeper.wishes.need
    missing_wh = wishes_need.missing_wh(service.charger.energy.car_wh())
    text = "need %s by %s%s" % (
        words.milli(wishes_need.wh, "kWh"),
        clock(keeper.by_min),
        ", daily" if keeper.daily else "",
    )
    return text + ": " + _state(service, keeper, missing_wh), {"need_wh": wishes_need.wh, "missing_wh": missing_wh}


def _state(service, keeper, missing_wh):
    wishes, now = keeper.wishes, service.clock
    wishes_need, timetable = wishes.need, wishes.timetable
    here = service.charger.verdict.session != session.IDLE
    if here and not missing_wh:
        return "delivered"
    missing = "%s missing" % words.milli(missing_wh, "kWh") if here else "counted from when a car is plugged in"
    if not now.certain:
        return missing + (", and the clock is not certain: it does not wait" if here else "")
    paused = here and service.charger.held()
    if wishes_need.state == LATE:
        missing += ", which cannot be in time" if here else "; one that came now could not be in time"
        missing += _done(now, wishes, missing_wh)
        return missing + (" if it went on now; it is paused by hand" if paused else "")
    if paused:
        return missing + ", and the charge is paused by hand"
    if not here:
        return missing
    if wishes_need.state == LIFTED:
        if not wishes.draws.ma:
            return missing + "; it looks what the car draws"
        return (
            missing
            + _done(now, wishes, missing_wh)
            + "; the windows alone do not suffice, so it does not wait for them"
        )
    fits = "; it fits into the timetable" if timetable.windows or timetable.else_ma < ALL_MA else ""
    return missing + _done(now, wishes, missing_wh) + fits


def _done(now, wishes, missing_wh):
    """The hour at which it will be; while the car has drawn nothing, when any car could have got it."""
    if wishes.need.done_min > 0:
        return ", done by " + _hour(now, wishes.need.done_min)
    if wishes.need.state != LATE:
        return ""
    return ", not before " + _hour(now, missing_wh * 60 // max(wishes.most_w(), 1))


def _hour(now, in_min):
    """The hour so many minutes from now, with its day when that is beyond the next 24 h."""
    at = calendar.written(now.wall_of(now.standard_s() + in_min * 60))
    return at[11:16] if in_min < DAY_MIN else at[:16]


def notices(service):
    """What status and why add."""
    keeper = service.wishes
    if keeper.wishes.need.wh:
        yield told(service)[0]
    if not service.clock.certain and (keeper.wishes.timetable.windows or keeper.wishes.need.wh):
        yield "the clock is not certain: timetable and need wait for time YYYY-MM-DD HH:MM, and the car may charge"


def happened(code, _reason, _phase, value, bound):
    """A need in the journal."""
    if code == 0:
        return "need delivered: %s" % words.milli(bound, "kWh")
    if code == 2:
        return "need not delivered in time: %s missing of %s" % (words.milli(value, "kWh"), words.milli(bound, "kWh"))
    missing = "%s missing" % words.milli(value, "kWh")
    if bound:  # 0: while the car has drawn nothing, nobody knows
        missing += ", done in %d:%02d h" % (bound // 60, bound % 60)
    return ("the need will be late: " if code == 1 else "the need will be in time after all: ") + missing
