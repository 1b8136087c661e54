"""Generated evenings seen at one second: what switches within seconds does, every length of plateau is met, the seed decides."""

from bench.world import seconds

SUPPLIES = ((1, 20), (1, 25), (1, 40), (3, 25))


def pairs(items):
    """Each item with the one that follows."""
    return [(items[index], items[index + 1]) for index in range(len(items) - 1)]


def times_on(name, seed):
    """For how long (ms) an appliance drew the same, each time that it drew something."""
    changes = sorted(seconds.APPLIANCES[name](seconds.Random(seed)))
    return [after[0] - before[0] for before, after in pairs(changes) if before[1] > 0]


def test_the_same_seed_makes_the_same_evening_and_another_seed_another():
    assert seconds.evening(5, 3, 25) == seconds.evening(5, 3, 25)
    assert seconds.evening(5, 3, 25) != seconds.evening(6, 3, 25)


def test_rows_are_in_time_order_within_two_hours_and_never_negative():
    for phases, breaker_a in SUPPLIES:
        for seed in range(6):
            rows = seconds.evening(seed, phases, breaker_a)
            assert rows[0][0] == 0
            assert all(before[0] < after[0] for before, after in pairs(rows))
            assert rows[-1][0] < seconds.SPAN_MS
            assert min(min(row[1:]) for row in rows) >= 0


def test_a_microwave_is_on_for_seconds_and_a_hob_pulses_at_low_settings():
    assert 4000 <= max(times_on("microwave", 1)) <= 30000
    assert any(600 <= ms <= 5000 for ms in times_on("induction", 1))


def test_plateaus_of_every_length_are_met():
    met = set()
    for seed in range(40):
        for ms in times_on("unknown", seed):
            for doubling in range(10):
                if 1000 << doubling <= ms < 2000 << doubling:
                    met.add(doubling)
    assert met == set(range(10))


def test_a_calm_evening_has_fewer_steps_and_leaves_a_car_short_less_often():
    steps, short_ms = [0, 0], [0, 0]
    for seed in range(24):
        for calm in (False, True):
            rows = seconds.evening(seed, 3, 25, calm)
            steps[calm] += len(rows)
            short_ms[calm] += sum(after[0] - row[0] for row, after in pairs(rows) if max(row[1:]) > 19000)
    assert steps[True] < steps[False] * 3 // 4
    assert short_ms[True] < short_ms[False] // 2


def test_three_phases_share_the_appliances_and_most_evenings_leave_a_car_room_for_most_of_the_time():
    roomy = 0
    used = [0, 0, 0]
    for seed in range(12):
        rows = seconds.evening(seed, 3, 25)
        rows.append((seconds.SPAN_MS, 0, 0, 0))
        room_ms = 0
        for row, after in pairs(rows):
            room_ms += after[0] - row[0] if max(row[1:]) <= 19000 else 0
            for phase in range(3):
                used[phase] = max(used[phase], row[1 + phase])
        roomy += room_ms > seconds.SPAN_MS * 3 // 4
    assert min(used) > 5000
    assert roomy >= 8
