"""Household days from appliances with their electrical habits: thermostats, motors' inrush, programmes.

A day runs from noon to noon, so that an evening and its night are one piece. The same seed makes the same day on every
interpreter: integers only. Power is active power at 230 V. The supply ratings and the 230 V are those of the bench; how
households use their appliances is chosen to be typical of Europe, and the tests hold it to daily energies and
cycle times that are. A motor's inrush (five to seven times its running current for 0.2 to 0.3 s, then settling) is the
usual figure for single-phase compressors without soft start; a heat pump with soft start takes twice for half a second.
"""

from bench.world.car import Random

DAY_MS = 86400000
NOON_MS = 43200000
VOLTS = 230
MINUTE_MS = 60000
HOUR_MS = 3600000
SETTLING_MS = 150  # after the inrush a motor still takes twice its running current

# Appliances of a household on a supply up to so many amperes; on three phases each has its own phase, by the seed.
SMALL = ("standby", "lights", "fridge", "kettle", "cooker", "washing")
MIDDLE = ("standby", "lights", "fridge", "kettle", "hob", "washing", "freezer", "oven", "dishwasher")
LARGE = MIDDLE + ("dryer", "boiler")
HUGE = LARGE + ("heat_pump",)
SINGLE_PHASE = ((16, SMALL), (20, MIDDLE), (25, LARGE), (40, HUGE), (125, HUGE + ("shower",)))
THREE_PHASES = ((16, LARGE), (25, HUGE), (125, HUGE + ("shower",)))


def appliances_of(phases, breaker_a):
    """Names of what a household on such a supply has."""
    for up_to_a, names in SINGLE_PHASE if phases == 1 else THREE_PHASES:
        if breaker_a <= up_to_a:
            return names
    return HUGE + ("shower",)


def day(seed, phases=1, breaker_a=25):
    """Rows (t_ms, l1_ma, l2_ma, l3_ma) of one day, as they change."""
    names = appliances_of(phases, breaker_a)
    changes = []
    for index, name in enumerate(names):
        random = Random(seed * 64 + index + 1)
        wired = _wired(name, phases, random)
        for t_ms, ma in APPLIANCES[name](random, phases):
            changes.append((t_ms, index, ma, wired))
    return _summed(changes, len(names))


def kwh(rows):
    """Energy of a day's rows."""
    ma_ms = 0
    for row, after in zip(rows, rows[1:] + [(DAY_MS, 0, 0, 0)]):
        ma_ms += (row[1] + row[2] + row[3]) * (after[0] - row[0])
    return ma_ms * VOLTS / 3600000000000


def _wired(name, phases, random):
    """Phases that an appliance hangs on."""
    if phases == 1:
        return (0,)
    if name in ("heat_pump", "shower", "boiler"):
        return (0, 1, 2)
    first = random.between(0, 2)
    return (first, (first + 1) % 3) if name in ("cooker", "hob") else (first,)


def _summed(changes, count):
    """The supply's rows: each appliance's last word, summed per phase; what happens in the same 10 ms is one row."""
    current = [0] * count
    total = [0, 0, 0]
    rows = []
    for t_ms, index, ma, wired in sorted(changes):
        t_ms = t_ms // 10 * 10
        if t_ms >= DAY_MS:
            break
        part = ma // len(wired)
        for phase in wired:
            total[phase] += part - current[index]
        current[index] = part
        if rows and rows[-1][0] == t_ms:
            rows.pop()
        row = (t_ms, total[0], total[1], total[2])
        if not rows or rows[-1][1:] != row[1:]:
            rows.append(row)
    if not rows or rows[0][0] > 0:
        rows.insert(0, (0, 0, 0, 0))
    return rows


def _ma(watts):
    return watts * 1000 // VOLTS


def _at(hour, minute=0):
    """ms since noon of a time of day."""
    return ((hour * 60 + minute) * MINUTE_MS - NOON_MS) % DAY_MS


def _between(random, low_hour, high_hour):
    """Some ms since noon between two hours of the day."""
    span_ms = (high_hour - low_hour) % 24 * HOUR_MS
    return (_at(low_hour) + random.between(0, span_ms // 1000) * 1000) % DAY_MS


def _motor(t_ms, running_ma, random, times=6, inrush_ms=250):
    """A motor starts: inrush, settling, running."""
    inrush_ms = random.between(inrush_ms - 50, inrush_ms + 50)
    return [
        (t_ms, running_ma * times),
        (t_ms + inrush_ms, running_ma * 2),
        (t_ms + inrush_ms + SETTLING_MS, running_ma),
    ]


def _thermostat(start_ms, end_ms, on_s, off_s, ma, random):
    """A heater behind a thermostat: on and off for (low, high) seconds each."""
    t_ms = start_ms
    while t_ms < end_ms:
        yield t_ms, ma
        t_ms = min(t_ms + random.between(on_s[0], on_s[1]) * 1000, end_ms)
        yield t_ms, 0
        t_ms += random.between(off_s[0], off_s[1]) * 1000


def standby(random, phases):
    """Router, clocks, chargers, circulation pump: always, a little more while people are up."""
    night_ma = random.between(300, 700)
    yield 0, night_ma + 200
    yield _at(23, 30), night_ma
    yield _at(6, 30), night_ma + 200


def lights(random, phases):
    """Lamps, television, computer: steps through the evening and a little in the morning."""
    for start_ms, end_ms, most in ((_at(16, 30), _at(23, 30), 1800), (_at(6, 30), _at(8, 0), 700)):
        t_ms = start_ms
        while t_ms < end_ms:
            yield t_ms, random.between(200, most)
            t_ms += random.between(10, 40) * MINUTE_MS
        yield end_ms, 0


def _compressor(random, on_min, off_min, ma):
    t_ms = random.between(0, off_min[1] * 60) * 1000
    while t_ms < DAY_MS:
        yield from _motor(t_ms, ma, random)
        t_ms += random.between(on_min[0] * 60, on_min[1] * 60) * 1000
        yield t_ms, 0
        t_ms += random.between(off_min[0] * 60, off_min[1] * 60) * 1000


def fridge(random, phases):
    """80 to 130 W for 10 to 18 minutes, off for 20 to 40."""
    yield from _compressor(random, (10, 18), (20, 40), _ma(random.between(80, 130)))


def freezer(random, phases):
    """90 to 150 W for 15 to 25 minutes, off for 25 to 45."""
    yield from _compressor(random, (15, 25), (25, 45), _ma(random.between(90, 150)))


def kettle(random, phases):
    """1.8 to 2.4 kW for 2 to 4 minutes, three to seven times while people are up."""
    ma = _ma(random.between(1800, 2400))
    for start_ms in sorted([_between(random, 6, 23) for _ in range(random.between(3, 7))]):
        yield start_ms, ma
        yield start_ms + random.between(120, 240) * 1000, 0


def oven(random, phases):
    """2.2 to 3 kW: ten minutes to heat up, then its thermostat for half an hour to an hour; five days in seven."""
    if random.between(1, 7) > 5:
        return
    ma = _ma(random.between(2200, 3000))
    start_ms = _between(random, 17, 19)
    hot_ms = start_ms + random.between(420, 720) * 1000
    yield start_ms, ma
    yield hot_ms, 0
    baking_ms = random.between(25, 60) * MINUTE_MS
    yield from _thermostat(hot_ms + 60000, hot_ms + baking_ms, (30, 60), (60, 120), ma, random)


def cooker(random, phases):
    """A hob of two zones."""
    return _zones(random, 2)


def hob(random, phases):
    """A hob of three zones."""
    return _zones(random, 3)


def _zones(random, most):
    """Zones of 1.2 to 2.2 kW for a meal; each its regulator: full power, then 6 to 15 s of every 20 to 45."""
    changes = []
    for low, high, chance in ((12, 13, 3), (18, 20, 7)):
        if random.between(1, 8) > chance:
            continue
        meal_ms = _between(random, low, high)
        for _ in range(random.between(1, most)):
            ma = _ma(random.between(1200, 2200))
            start_ms = meal_ms + random.between(0, 600) * 1000
            boiled_ms = start_ms + random.between(180, 420) * 1000
            end_ms = boiled_ms + random.between(8, 25) * MINUTE_MS
            changes += [(start_ms, ma), (boiled_ms, -ma)]
            for t_ms, zone_ma in _thermostat(boiled_ms + 8000, end_ms, (6, 15), (14, 30), ma, random):
                changes.append((t_ms, zone_ma if zone_ma else -ma))
    total_ma = 0
    for t_ms, ma in sorted(changes):
        total_ma += ma
        yield t_ms, total_ma


def washing(random, phases):
    """2 kW until the water is warm, the drum turning 12 s of every 20, then the spin; four days in seven."""
    if random.between(1, 7) > 4:
        return
    start_ms = _between(random, 9, 20)
    warm_ms = start_ms + random.between(10, 18) * MINUTE_MS
    drum_ma, heater_ma = _ma(250), _ma(random.between(1900, 2200))
    yield start_ms, heater_ma + drum_ma
    yield warm_ms, 0
    t_ms = warm_ms + 8000
    end_ms = warm_ms + random.between(30, 45) * MINUTE_MS
    while t_ms < end_ms:
        yield t_ms, drum_ma * 3
        yield t_ms + 200, drum_ma
        yield t_ms + 12000, 0
        t_ms += 40000
    yield from _motor(end_ms, _ma(450), random, 4)
    yield end_ms + 5 * MINUTE_MS, 0


def dishwasher(random, phases):
    """2 kW twice, for the wash and for the rinse, a pump in between; five days in seven."""
    if random.between(1, 7) > 5:
        return
    start_ms = _between(random, 19, 22)
    heater_ma, pump_ma = _ma(random.between(1900, 2100)), _ma(90)
    yield from _motor(start_ms, pump_ma, random)
    for minutes, ma in ((5, heater_ma), (15, pump_ma), (40, heater_ma), (50, pump_ma), (75, 0)):
        yield start_ms + minutes * MINUTE_MS, ma


def dryer(random, phases):
    """2.2 kW behind a thermostat and a motor of 250 W for an hour; three days in seven."""
    if random.between(1, 7) > 3:
        return
    start_ms = _between(random, 17, 22)
    end_ms = start_ms + random.between(50, 80) * MINUTE_MS
    motor_ma, heater_ma = _ma(250), _ma(2200)
    yield from _motor(start_ms, motor_ma, random)
    for t_ms, ma in _thermostat(start_ms + 5000, end_ms, (120, 300), (30, 90), heater_ma, random):
        yield t_ms, motor_ma + ma
    yield end_ms, 0


def boiler(random, phases):
    """A storage heater of 2 kW from 1 h on, for one to three hours, and for minutes after someone bathed."""
    ma = _ma(2000)
    bath_ms = _between(random, 19, 22)
    yield bath_ms, ma
    yield bath_ms + random.between(15, 35) * MINUTE_MS, 0
    yield _at(1, 0), ma
    yield _at(1, 0) + random.between(60, 180) * MINUTE_MS, 0


def heat_pump(random, phases):
    """1.5 to 2.8 kW for 15 to 40 minutes, off for 15 to 50; soft start of twice the current for half a second."""
    ma = _ma(random.between(1500, 2800))
    t_ms = random.between(0, 2400) * 1000
    while t_ms < DAY_MS:
        yield from _motor(t_ms, ma, random, 2, 500)
        t_ms += random.between(15, 40) * MINUTE_MS
        yield t_ms, 0
        t_ms += random.between(15, 50) * MINUTE_MS


def shower(random, phases):
    """An instantaneous heater of 7.2 to 9 kW, or 18 to 21 kW on three phases, for 4 to 9 minutes.

    One of 24 kW would overload a house of 35 A by itself: there it sheds the cooker by a relay of its own, not modelled.
    """
    ma = _ma(random.between(7200, 9000) if phases == 1 else random.between(18000, 21000))
    for low, high in ((6, 8), (6, 8), (20, 22)):
        if random.between(1, 3) < 3:
            start_ms = _between(random, low, high)
            yield start_ms, ma
            yield start_ms + random.between(240, 540) * 1000, 0


APPLIANCES = {
    "standby": standby,
    "lights": lights,
    "fridge": fridge,
    "freezer": freezer,
    "kettle": kettle,
    "oven": oven,
    "cooker": cooker,
    "hob": hob,
    "washing": washing,
    "dishwasher": dishwasher,
    "dryer": dryer,
    "boiler": boiler,
    "heat_pump": heat_pump,
    "shower": shower,
}
