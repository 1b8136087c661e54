"""``usage`` on the console: what house and car took, told from the rings of ``headroom.serve.store.usage``."""

from headroom.serve import words
from headroom.serve.answers import calendar
from headroom.serve.store.usage import DAYS, HOURS, STEP_WH, parts
from headroom.terms.records import PHASES
from headroom.terms.refused import Refused

NOTHING = (0, 0)
MONDAY = 2  # day 0, 2020-01-01, was a Wednesday


def kwh(wh):
    """``12345`` -> ``12.35 kWh``."""
    return words.milli(wh, "kWh")


def answer(service, typed):
    """usage [hours | days]: lines for people, with fields for machines."""
    if typed not in ([], ["hours"], ["days"]):
        raise Refused("usage, usage hours, or usage days")
    charger, energy_store = service.charger, service.energy_store
    usage, told = energy_store.usage, energy_store.clock.told
    hour = usage.hour
    day = hour // 24
    if not typed:
        yield row("today", "today", usage.of_days(day, day))
        yield row("this week", "week", usage.of_days(day - (day + MONDAY) % 7, day))
        supply, car = charger.energy.wh[:PHASES], charger.energy.wh[PHASES:]
        lines, supply_wh, car_wh, before = [], 0, 0, NOTHING
        for phase in range(service.seen_phases()):
            supply_wh += supply[phase]
            car_wh += car[phase]
            shares = parts(supply_wh // STEP_WH, car_wh // STEP_WH)  # what one phase rounds away the next one gets
            house_kwh, car_kwh = kwh(shares[0] - before[0]), kwh(shares[1] - before[1])
            lines.append("L%d %s, %s" % (phase + 1, house_kwh, car_kwh))
            before = shares
        yield "in all, house and car: " + "; ".join(lines), {"span": "all", "supply_wh": supply, "car_wh": car}
    counted = False  # what lies before the first that was counted is no zero, but nothing
    if typed == ["days"]:
        for each in range(max(day - DAYS + 1, 0), day + 1):
            shares = usage.of_days(each, each)
            counted = counted or shares != NOTHING
            if counted:
                yield row(label(told, each * 86400, day - each, "d")[:10], "day", shares, each * 86400)
    else:
        for each in range(max(hour - HOURS + 1 if typed else day * 24, 0), hour + 1):
            shares = usage.of_hour(each)
            counted = shares != NOTHING or (counted if typed else each == hour)
            if counted:
                yield row(label(told, each * 3600, hour - each, "h")[:16], "hour", shares, each * 3600)
            elif each % 24 == 0:
                yield None  # a tick looks at no more than a day
    if typed and not counted:
        yield "nothing was counted yet: less than 10 Wh", None
    if not energy_store.clock.certain:
        late = "may be late since the last start" if told else "is not set: hours count from the first start"
        yield "the clock %s; time YYYY-MM-DD HH:MM sets it" % late, None
    how = "measured W"
    if not charger.readings.power_ok:
        how = "VA-based: no voltage input, reckoned with %d V" % charger.limits.mains_v
    share = "measured" if charger.readings.car_ok else "estimated from how the supply follows its offer"
    yield "%s; the car's part is %s" % (how, share), None


def label(told, begins_s, ago, unit):
    """When it began, or how long ago that is where the clock was never told."""
    return calendar.written(begins_s) if told else "%d %s ago" % (ago, unit)


def row(name, span, shares, begins_s=None):
    """A line of ``usage`` and its fields."""
    house_wh, car_wh = shares
    fields = {"span": span, "house_wh": house_wh, "car_wh": car_wh}
    if begins_s is not None:
        fields["t"] = begins_s
    return "%-16s  house %s  car %s" % (name, kwh(house_wh), kwh(car_wh)), fields
