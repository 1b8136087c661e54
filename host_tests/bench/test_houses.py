"""Generated household days: energies, cycles and inrush are those of real households, and the seed decides alone."""

from bench.world import houses

SUPPLIES = ((1, 16), (1, 20), (1, 25), (1, 32), (1, 40), (1, 63), (3, 16), (3, 25), (3, 35))
#: kWh a day: small flat to heat-pump house; German households use 5 to 14 kWh a day without heating (chosen bounds)
PLAUSIBLE_KWH = {16: (4, 12), 20: (6, 16), 25: (8, 30), 32: (20, 65), 40: (20, 65), 63: (20, 70)}


def pairs(items):
    """Each item with the one that follows."""
    return [(items[index], items[index + 1]) for index in range(len(items) - 1)]


def alone(name, seed, phases=1):
    """Changes (t_ms, ma) of one appliance's day."""
    return sorted(houses.APPLIANCES[name](houses.Random(seed), phases))


def test_the_same_seed_makes_the_same_day_and_another_seed_another():
    assert houses.day(5, 3, 25) == houses.day(5, 3, 25)
    assert houses.day(5, 3, 25) != houses.day(6, 3, 25)


def test_rows_are_in_time_order_from_noon_to_noon_and_never_negative():
    for phases, breaker_a in SUPPLIES:
        for seed in range(4):
            rows = houses.day(seed, phases, breaker_a)
            times = [row[0] for row in rows]
            assert times[0] == 0
            assert all(before < after for before, after in pairs(times))
            assert times[-1] < houses.DAY_MS
            assert min(min(row[1:]) for row in rows) >= 0
            assert len(rows) < 1500, "a day stays compact"


def test_a_day_uses_as_much_as_such_households_do():
    for breaker_a, (low, high) in PLAUSIBLE_KWH.items():
        for seed in range(8):
            kwh = houses.kwh(houses.day(seed, 1, breaker_a))
            assert low < kwh < high, (breaker_a, seed, kwh)


def test_a_house_is_over_its_own_supply_for_minutes_a_day_at_most():
    for phases, breaker_a in SUPPLIES:
        over_ms = 0
        for seed in range(8):
            rows = houses.day(seed, phases, breaker_a)
            for row, after in pairs(rows):
                if max(row[1:]) > breaker_a * 1000:
                    over_ms += after[0] - row[0]
        assert over_ms / 8 < 600000, (phases, breaker_a, over_ms)


def test_three_phases_share_the_appliances():
    used = [0, 0, 0]
    for seed in range(6):
        for row in houses.day(seed, 3, 25):
            for phase in range(3):
                used[phase] = max(used[phase], row[1 + phase])
    assert min(used) > 5000
    assert max(max(row[2:]) for row in houses.day(1, 1, 25)) == 0


def test_a_fridge_runs_for_minutes_and_rests_for_longer():
    changes = alone("fridge", 3)
    running_ma = min(ma for _, ma in changes if ma)
    switched = [(t_ms, ma > 0) for t_ms, ma in changes if ma == 0 or ma > running_ma * 5]
    for (t_ms, on), (next_ms, _) in pairs(switched):
        low, high = (10, 18) if on else (20, 40)
        assert low <= (next_ms - t_ms) / 60000 <= high
    assert 24 <= sum(1 for _, on in switched if on) <= 48


def test_an_inrush_is_several_times_the_running_current_and_gone_in_less_than_half_a_second():
    for name in ("fridge", "freezer"):
        changes = alone(name, 9)
        running_ma = min(ma for _, ma in changes if ma)
        for index in range(len(changes) - 2):
            (t_ms, ma), (settles_ms, settling_ma), (runs_ms, runs_ma) = changes[index : index + 3]
            if ma > running_ma * 2:
                assert ma == running_ma * 6
                assert 200 <= settles_ms - t_ms <= 300
                assert settling_ma == running_ma * 2
                assert runs_ms - t_ms < 500
                assert runs_ma == running_ma


def test_a_heat_pump_starts_softly():
    changes = alone("heat_pump", 2)
    running_ma = min(ma for _, ma in changes if ma)
    assert max(ma for _, ma in changes) == running_ma * 2


def test_an_oven_heats_up_and_then_cycles():
    changes = []
    for seed in range(1, 20):
        changes = changes or alone("oven", seed)
    on = [(t_ms, after[0] - t_ms) for (t_ms, ma), after in pairs(changes) if ma]
    assert 420000 <= on[0][1] <= 720000
    assert len(on) >= 8
    assert all(5000 <= length_ms <= 60000 for _, length_ms in on[1:])


def test_no_appliance_runs_every_day_that_should_not():
    days = 70
    for name, per_week in (("washing", 4), ("oven", 5), ("dishwasher", 5), ("dryer", 3)):
        used = sum(1 for seed in range(days) if alone(name, seed * 64 + 7))
        assert abs(used - days * per_week / 7) < days * 0.2, (name, used)


def test_a_shower_is_short_and_heavy():
    changes = []
    for seed in range(1, 20):
        changes = changes or alone("shower", seed)
    assert 31000 < changes[0][1] < 40000
    assert 240000 <= changes[1][0] - changes[0][0] <= 540000


def test_every_appliance_that_a_supply_lists_is_known():
    for phases, breaker_a in SUPPLIES:
        for name in houses.appliances_of(phases, breaker_a):
            assert name in houses.APPLIANCES
