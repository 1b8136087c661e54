"""Whole firmwares on one bus: what happens when chargers, messages and cars come and go."""

import pytest
from bench.chip import chip as chips
from bench.site import Site
from bench.table import Table
from headroom.serve.answers import wish_commands

UNKNOWN = -1  # law/share.py
LIMIT_MA, SAFE_MA, HOUSE_MA = 32000, 6000, 2000
CAR = {"car_ma": 16000, "car_phases": 3, "settings": {"phases": 3}}


class Group(Site):
    """Three chargers on 32 A; ``most_ma`` is the most that their cars could draw at any time, per phase."""

    def __init__(self, count=3, loss_permille=0, house=((0, HOUSE_MA, HOUSE_MA, HOUSE_MA),), cars=None, **settings):
        settings = {"group_ma": LIMIT_MA, "group_safe_ma": SAFE_MA, **settings}
        super().__init__(house, cars or [CAR] * count, LIMIT_MA, settings, loss_permille)
        self.most_ma = 0

    def live(self, ms, step_ms=100):
        for _ in range(ms // step_ms):
            self.step(step_ms)
            for phase in range(3):
                drawn_ma = [self.drawn_ma(place, phase) for place in range(len(self.tables))]
                self.most_ma = max(self.most_ma, sum(drawn_ma))
        return self.offers()

    def offers(self):
        return [self.offered_ma(place) for place in range(len(self.tables))]

    def members(self):
        return [table.charger.group for table in self.tables]


@pytest.fixture
def group():
    site = Group()
    site.live(70000)
    return site


def alike(offers, ma):
    return all(abs(each - ma) < 100 for each in offers)


def test_three_share_what_the_house_leaves_and_none_is_told_more(group):
    assert alike(group.offers(), 10000)
    assert [member.leader is not None for member in group.members()] == [True, False, False]
    assert group.most_ma <= LIMIT_MA


def test_a_charger_in_no_group_keeps_nothing_of_one():
    site = Group(count=2, group_no=0)
    assert [table.charger.group for table in site.tables] == [None, None]
    assert [table.charger.guard.lease for table in site.tables] == [None, None]


def test_an_overload_is_cut_on_all_pilots_in_the_tick_after_it_was_seen():
    site = Group(house=((0, 2000, 2000, 2000), (80000, 8000, 2000, 2000)))
    site.live(80000)
    before = site.offers()
    site.live(50, 25)
    assert all(now < was - 1500 for now, was in zip(site.offers(), before, strict=True))


def stopped_ms(deaf_ms=-1, lasts_ms=0):
    """When each of three cars is told to stop, after the house left enough for one, in ms; nobody hears ``lasts_ms`` of that."""
    site = Group(house=((0, 2000, 2000, 2000), (80000, 22000, 2000, 2000)), group_safe_ma=0)
    site.live(80000)
    since_ms = [0, 0, 0]
    for ms in range(0, 5000, 25):
        site.bus.cut = (1, 2) if deaf_ms <= ms < deaf_ms + lasts_ms else ()
        site.step(25)
        for place, offer_ma in enumerate(site.offers()):
            since_ms[place] += 25 if offer_ma else 0
    return since_ms


def test_who_misses_the_frame_that_stops_it_hears_it_again_at_once_while_the_supply_is_over_its_rating():
    first_ms, second_ms, goes_on_ms = sorted(stopped_ms())
    assert second_ms < 1000 < goes_on_ms
    _, again_ms, _ = sorted(stopped_ms(first_ms - 25, lasts_ms=200))
    assert again_ms <= second_ms + 250, "what stops a car is said three times"
    _, asked_ms, _ = sorted(stopped_ms(first_ms - 25, lasts_ms=300))
    assert asked_ms <= second_ms + 400, "and again where an answer shows that it was missed"


def test_who_is_cut_off_falls_to_its_safe_share_and_the_others_get_the_rest(group):
    group.bus.cut = (2,)
    group.live(40000)
    offers = group.live(30000)
    assert offers[2] <= SAFE_MA
    assert alike(offers[:2], 12000)
    group.bus.cut = ()
    assert alike(group.live(60000), 10000)
    assert group.most_ma <= LIMIT_MA


@pytest.mark.parametrize(("count", "gone", "safe_ma"), [(3, 1, 0), (3, 1, SAFE_MA), (12, 5, 0)])
def test_who_is_gone_costs_the_others_nothing_while_its_leader_asks_for_it(count, gone, safe_ma):
    """Though each question to it is a fifth of a second in which nobody else is asked."""
    plain = {"car_ma": 16000, "car_phases": 1}
    cars = [{**plain, "wiring": ((place % 3), (place + 1) % 3, (place + 2) % 3)} for place in range(count)]
    for place, car in enumerate(cars):
        car["settings"] = {"phases": 1, "wiring": f"l{place % 3 + 1}"}
    site = Group(count, cars=cars, group_safe_ma=safe_ma)
    site.live(120000)
    leases = [table.charger.guard.lease for table in site.tables[: count - gone]]
    before = [lease.offer_ma(0, 6000) for lease in leases]
    assert min(before) > 7000
    site.bus.cut = tuple(range(count - gone, count))
    for _ in range(900):
        site.live(100)
        for lease, had_ma in zip(leases, before, strict=True):
            assert lease.offer_ma(0, 6000) >= had_ma - 100, site.t_ms
    assert max(site.offers()[count - gone :]) <= safe_ma


def test_who_is_heard_again_goes_on_with_its_safe_share_and_is_not_stopped():
    site = Group(count=4)
    site.live(70000)
    site.bus.cut = (3,)
    site.live(60000)
    closings = [table.world.switch.closed for table in site.tables]
    site.bus.cut = ()
    for _ in range(90):
        assert min(site.live(1000)) >= SAFE_MA
    assert [table.world.switch.closed for table in site.tables] == closings
    assert alike(site.offers(), 7500)
    assert site.most_ma <= LIMIT_MA


@pytest.mark.parametrize("silent_ms", [17000, 18000, 36000])
def test_what_a_charger_draws_that_is_gone_and_heard_again_is_counted_once(silent_ms):
    site = Group(count=4)
    site.live(70000)
    leader = site.members()[0].leader
    site.bus.cut = (3,)
    site.live(16000)
    for _ in range(silent_ms // 100 - 160):
        site.live(100)
        if not leader.ledger.hears(3):
            assert max(leader.pool.ma) <= LIMIT_MA - HOUSE_MA - SAFE_MA + 600, site.t_ms
    site.bus.cut = ()
    for _ in range(80):
        site.live(100)
        assert max(leader.pool.ma) <= LIMIT_MA - HOUSE_MA + 600, site.t_ms
    assert leader.ledger.hears(3)
    assert site.members()[0].leader is leader


def test_no_word_of_who_is_cut_off_is_waited_for(group):
    group.bus.cut = (2,)
    group.live(5000)
    assert group.members()[0].leader.told_ms < 1000


def test_a_cut_takes_back_no_stop_that_is_not_said_yet(group):
    leader = group.members()[0].leader
    leader.cut, leader.wish_ma[1] = True, 0
    leader.pool.ma[0] = 15000
    leader._cut()
    assert leader.wish_ma == [7500, 0, 7500]


def test_who_leads_asks_as_often_in_long_steps_as_in_short_ones():
    """So a group that is simulated in steps of a second loses no lease that it would not lose in truth."""
    asked = []
    for step_ms in (100, 1000):
        site = Group(count=8, loss_permille=100, group_safe_ma=0)
        site.live(30000, 50)
        before = site.bus.frames
        site.live(20000, step_ms)
        asked.append(site.bus.frames - before)
    assert abs(asked[0] - asked[1]) < asked[0] // 10


def test_half_of_a_group_leads_nobody_above_the_safe_share():
    site = Group(count=4, group_safe_ma=6000)
    site.live(70000)
    site.bus.cut = (2, 3)
    site.live(60000)
    assert max(site.live(20000)) <= SAFE_MA
    assert site.most_ma <= LIMIT_MA


def test_a_leader_that_starts_anew_stops_no_other_car(group):
    closings = [table.world.switch.closed for table in group.tables]
    group.kill(0)
    for _ in range(400):
        group.step(100)
        assert [table.world.switch.closed for table in group.tables][1:] == closings[1:]
    assert alike(group.live(60000), 10000)
    assert group.most_ma <= LIMIT_MA


def test_a_leader_that_stays_away_leaves_the_others_their_safe_shares(group):
    group.kill(0, ms=1 << 30)
    offers = group.live(60000)
    assert offers[0] == 0
    assert sum(offers) <= 3 * SAFE_MA
    assert min(offers[1:]) >= SAFE_MA
    assert group.members()[1].leader is not None, "the lowest number that lives leads, as far as the safe shares go"


def test_a_member_that_starts_anew_gets_nothing_until_nobody_counts_on_what_it_had(group):
    group.kill(2)
    group.live(20000)
    assert group.offers()[2] == 0
    assert alike(group.live(70000), 10000)
    assert group.most_ma <= LIMIT_MA


def test_a_car_at_a_member_that_starts_anew_has_waited_nobody_knows_how_long():
    group = Group(group_safe_ma=0)
    group.live(70000)
    group.kill(2)
    group.live(5000)
    share = group.members()[0].leader.share
    while not share.wants[2]:
        group.step(25)
    assert share.wait_ms[2] == UNKNOWN


def test_with_one_message_in_five_lost_all_still_get_their_share():
    site = Group(loss_permille=200)
    site.live(80000)
    assert alike(site.live(20000), 10000)
    assert site.most_ma <= LIMIT_MA
    assert site.bus.lost


def test_a_car_that_comes_gets_its_share_of_what_the_others_give_up():
    late = {**CAR, "plugged_ms": [[100000, 1 << 40]]}
    site = Group(cars=[CAR, CAR, late])
    assert alike(site.live(90000)[:2], 15000)
    assert alike(site.live(70000), 10000)
    assert site.most_ma <= LIMIT_MA


def test_one_phase_cars_on_rotated_phases_do_not_share():
    cars = [
        {"car_ma": 16000, "car_phases": 1, "wiring": (place, (place + 1) % 3, (place + 2) % 3), "settings": settings}
        for place, settings in enumerate({"phases": 1, "wiring": f"l{number}"} for number in (1, 2, 3))
    ]
    site = Group(cars=cars)
    assert alike(site.live(90000), 16000)


def test_two_boards_with_one_number_are_told(group):
    member = group.members()[1]
    twin = bytearray(bytes(member.out))
    member._status(twin, 7, False)
    twin[3] ^= 0xFF
    member.bus.come.append(bytes(twin))
    member.receive()
    assert member.twice_ms


def test_an_answer_to_another_question_than_the_last_is_none(group):
    leader, member = group.members()[0].leader, group.members()[1]
    answer = bytearray(len(member.out))
    heard_ms = list(leader.ledger.heard_ms)
    leader.asked, leader.question = 2, 9
    member._status(answer, 8, True)
    leader.answered(answer)
    assert leader.ledger.heard_ms == heard_ms
    assert leader.asked == 2
    member._status(answer, 9, True)
    leader.answered(answer)
    assert leader.ledger.heard_ms[1] == 0
    assert not leader.asked


@pytest.mark.parametrize(
    ("at", "value", "told"), [(7, 9, "version 9"), (28, 1, "another group_safe_ma"), (30, 5, "a group of 5")]
)
def test_a_member_with_other_firmware_or_settings_is_leased_nothing_and_told(group, at, value, told):
    leader, member = group.members()[0].leader, group.members()[1]
    answer = bytearray(len(member.out))
    member._status(answer, 1, True)
    answer[at] = value
    leader.asked, leader.question = 2, 1
    leader.answered(answer)
    assert told in leader.trouble[1]
    assert not leader.share.wants[1]


def test_what_fails_in_the_groups_words_is_told_and_the_lease_ends_by_itself(group):
    def broken(*_):
        raise ValueError("planted")

    charger = group.tables[1].charger
    charger.group.hear = broken
    group.bus.taps[1].member = None  # it is to hear by itself
    group.live(20000)
    assert charger.service.mishaps > 0
    assert group.offers()[1] <= SAFE_MA


def test_who_needs_its_energy_by_an_hour_comes_before_who_said_nothing():
    site = Group(count=2, group_ma=20000, house=((0, 0, 0, 0),), group_share="need")
    site.live(70000)
    assert site.offers()[0] > site.offers()[1], "nobody said anything: the first that came"
    service = site.tables[1].charger.service
    service.clock.tell(820000000)
    keeper = wish_commands.wished(service)
    keeper.wishes.need.wh, keeper.by_min = 60000, (service.clock.wall_s() // 60 + 300) % 1440
    site.live(90000)
    assert site.offers()[1] > site.offers()[0] + 4000


def test_a_leader_whose_settings_change_leads_on_with_the_next_number_of_its_frames():
    """Nobody takes a frame whose number is not newer than the last: a count from 0 would strand the group for as long."""
    site = Group(group_safe_ma=0)
    site.live(120000)
    charger = site.tables[0].charger
    for name, values in (("group_size", (4, 3)), ("group_safe_ma", (6000, 0)), ("group_no", (0, 1))):
        chips.attach(site.tables[0].chip)
        for value in values:
            charger.settings.values[name] = value
            charger.apply_settings()
        site.live(60000)
        assert alike(site.live(60000), 10000), name
    assert site.most_ma <= LIMIT_MA


def test_a_leader_that_stood_down_for_another_that_went_at_once_leads_on():
    site = Group(group_safe_ma=0, group_clamps="supply")
    site.kill(0, ms=1 << 30)
    for table in site.tables[1:]:
        table.charger.group.blind = False
    site.live(150000)
    assert alike(site.offers()[1:], 16000)
    site.dead_ms[0] = 1
    site.live(4000)
    assert site.members()[1].leader is None
    site.kill(0, ms=1 << 30)
    site.live(60000)  # it sees its own cable only, and finds its way back by halves
    assert alike(site.live(30000)[1:], 16000)


@pytest.mark.parametrize("hold_ms", [0, 20000])
def test_a_leader_whose_clamps_are_in_doubt_leaves_the_safe_shares_and_until_then_no_more_than_before(hold_ms):
    house = ((0, 2000, 2000, 2000), (100000, 14000, 14000, 14000))
    site = Group(house=house, trust_hold_ms=hold_ms)
    site.live(70000)

    def off(grid_ma):
        for phase in range(3):
            grid_ma[phase] = 0

    site.tables[0].scan.clamps = off
    site.live(5000)
    assert site.tables[0].charger.verdict.doubt
    assert alike(site.offers(), 10000) == (hold_ms > 0)
    for _ in range(20):
        assert max(site.live(5000)) <= 10000
    assert alike(site.offers(), SAFE_MA)
    site.tables[0].scan.clamps = None
    site.live(60000)
    assert max(site.tables[0].world.line_ma(phase, site.drawn_ma(0, 0)) for phase in range(3)) <= LIMIT_MA


def test_a_smaller_breaker_of_one_phase_and_the_connections_power_are_kept_for_all_members():
    for setting, most_ma in ({"breaker_l2_ma": 16000}, 16000), ({"total_w": 14000}, 14000 * 1000 // 230 // 3):
        lead = {**CAR, "settings": {"phases": 3, **setting}}
        site = Group(cars=[lead, CAR, CAR], group_safe_ma=0)
        site.live(90000)
        world = site.tables[0].world
        assert most_ma - 600 <= world.line_ma(1, world.car.drawn_ma) <= most_ma, setting


def test_who_leaves_a_group_keeps_nothing_of_its_lease_though_it_never_had_a_bus():
    table = Table([(0, 1000, 0, 0)], fidelity="rms")
    table.charger.settings.values["group_no"] = 1
    table.charger.apply_settings()
    assert table.live(40000).offer_ma == 0
    assert table.charger.group is None
    table.charger.settings.values["group_no"] = 0
    table.charger.apply_settings()
    assert table.charger.guard.lease is None
    assert table.live(90000).offer_ma > 20000
