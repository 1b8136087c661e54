"""``group join`` and ``group lead``: boards on a real line find each other and get numbers; and what goes wrong."""

import pytest
from bench import host
from bench.chip.terminal import Terminal
from bench.table import Table, in_turn
from bench.world.bus import Line
from bench.world.car import Random

TICK_US = 25000
NEVER_MS = 1 << 40


class Wired:
    """So many fresh boards on one line, each with a console, ticking by turns; the first has its clamps around the supply."""

    def __init__(
        self, count, breaker_ma=32000, board="reference", seed=1, settings=None, alike=False, plugged_ms=NEVER_MS
    ):
        self.line = Line(seed)
        self.module = host.load(board)
        self.terminals = [Terminal() for _ in range(count)]
        self.tables = []
        for place in range(count):
            table = Table(
                (),
                port=self.terminals[place],
                module=self.module,
                mac=b"\x24\x0a\xc4\x00\x02" + bytes([place + 1]),
                fidelity="rms",
                breaker_ma=breaker_ma if place == 0 else 16000,
                car_ma=16000,
                phases=3,
                car_phases=3,
                settings=(settings or {}).get(place, {}),
                plugged_ms=[[plugged_ms, NEVER_MS]],
                seed=place + 1,
            )
            firmware = self.module.board
            self.line.wire(table.chip, firmware.RS485_RX_PIN, f"board {place + 1}", firmware.RS485_DE_PIN)
            table.chip.leap(0 if alike else place * TICK_US // count)
            table.scan.step_ms = TICK_US // 1000
            self.tables.append(table)
        self.said = ["" for _ in self.tables]
        self.off = set()

    def live(self, ms):
        """All of them, for so long."""
        for table in in_turn(self.tables, ms):
            place = self.tables.index(table)
            if place == 0:
                for phase in range(3):
                    table.world.house_ma[phase] = 2000 + sum(each.world.car_ma(phase) for each in self.tables[1:])
            if place in self.off:
                table.chip.us += TICK_US
            else:
                table.tick()
            self.said[place] += self.terminals[place].text()
        return self.said

    def type(self, place, line, ms=1500):
        """Type a line on one; what it has said since then is in ``said``."""
        self.said[place] = ""
        self.terminals[place].send(line.encode() + b"\r")
        self.live(ms)
        return self.said[place]

    def until(self, place, text, ms=20000):
        """Live until one has said so."""
        for _ in range(ms // 250):
            if text in self.said[place]:
                return True
            self.live(250)
        return False

    def setting(self, place, name):
        return self.tables[place].charger.settings.get(name)

    def staged(self, place):
        return self.tables[place].charger.settings.staged


@pytest.fixture(autouse=True)
def drawn(monkeypatch):
    """What boards draw at random is the same each time."""
    random = Random(5)
    monkeypatch.setattr("os.urandom", lambda count: bytes(random.between(0, 255) for _ in range(count)))


def gathered(wired, order=(1, 2), line="group lead 3 32"):
    for place in order:
        wired.type(place, "group join")
    wired.type(0, line)
    return wired


def test_three_boards_are_numbered_as_they_asked_checked_and_saved_and_share():
    wired = gathered(Wired(3), (2, 1))
    assert wired.until(0, "save here and on each"), wired.said
    leader = wired.said[0]
    assert "24:0a:c4:00:02:02 joins, 16.0 A on L1 and L2 and L3" in leader
    assert "ratings together are 48.0 A, the circuit bears 32.0 A: they share" in leader
    assert "safe shares of 3 times 6.0 A are 18.0 A: they fit" in leader
    assert "number 2 is 24:0a:c4:00:02:03" in leader, "its console asked first"
    wired.live(3000)
    assert "number 3 of 3 on 32.0 A, safe share 6.0 A" in wired.said[1]
    assert [wired.setting(place, "group_no") for place in range(3)] == [0, 0, 0], "nothing runs before save"
    assert all(table.charger.guard.lease is None for table in wired.tables)
    for place in range(3):
        assert "saved: group_no" in wired.type(place, "save")
    assert [wired.setting(place, "group_no") for place in range(3)] == [1, 3, 2]
    assert [wired.setting(place, "group_clamps") for place in range(3)] == [0, 1, 1]
    wired.live(35000)
    assert "leads, shares by equal" in wired.type(0, "group")
    assert "led by number 1" in wired.type(1, "group")


def test_a_car_on_each_then_proves_its_phases():
    wired = gathered(Wired(3, breaker_ma=63000, plugged_ms=70000), line="group lead 3 63")
    assert wired.until(0, "save here and on each")
    wired.live(3000)
    for place in range(3):
        wired.type(place, "save", 3000)
    wired.live(90000)
    for place in range(3):
        wired.type(place, "calibrate car")
        assert wired.until(place, "L3 followed", 90000), (wired.said[place], wired.type(0, "group"))
        assert wired.said[place].count("by 4.0 A, expected 4.0 A: ok") == 3, wired.said[place]


def test_a_breaker_that_nobody_has_set_on_a_follower_becomes_its_own_circuits():
    wired = gathered(Wired(3, settings={2: {"breaker_ma": 6000}}))
    assert wired.until(0, "save here and on each")
    wired.live(3000)
    assert "breaker_ma: 6 A -> 16 A" in wired.said[2]
    assert "breaker_ma" not in wired.staged(1)


def test_a_waiting_board_says_nothing_until_it_is_asked():
    wired = Wired(2)
    wired.type(1, "group join")
    wired.live(10000)
    assert wired.tables[1].chip.us > 10000000
    assert not wired.line.number


def test_boards_that_answer_at_one_moment_are_heard_all_the_same():
    wired = Wired(6, alike=True)
    for place in range(1, 6):
        wired.type(place, "group join", 400)
    wired.type(0, "group lead 6 32")
    assert wired.until(0, "save here and on each", 40000), wired.said
    assert wired.line.collisions
    assert "safe shares of 6 times 6.0 A are 36.0 A: too much, so who hears no leader pauses" in wired.said[0]
    wired.live(3000)
    numbers = [wired.staged(place)["group_no"] for place in range(6)]
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]
    assert wired.staged(3).get("group_safe_ma", 0) == 0


@pytest.mark.parametrize("seed", range(1, 7))
def test_with_a_third_of_all_messages_lost_all_have_their_numbers_or_nobody_has(seed):
    wired = Wired(3, seed=seed)
    wired.line.loss_permille = 333
    gathered(wired)
    wired.until(0, "save here and on each", 40000)
    wired.live(13000)
    numbers = [wired.staged(place).get("group_no") for place in range(3)]
    assert numbers in ([1, 2, 3], [None, None, None]), wired.said
    assert numbers[0], "half a minute is enough"


def test_a_leader_that_is_stopped_before_all_can_leaves_nothing_anywhere():
    wired = gathered(Wired(3))
    assert wired.until(0, "they fit")
    wired.line.cut = ("board 3",)
    wired.terminals[0].send(b"\x1b")
    wired.live(15000)
    assert "stopped" in wired.said[0]
    assert [wired.staged(place) for place in range(3)] == [{}, {}, {}]


def test_a_board_that_goes_before_it_took_its_number_leaves_nothing_set_and_is_named():
    wired = gathered(Wired(3))
    assert wired.until(0, "they share")
    wired.line.cut = ("board 3",)
    assert wired.until(0, "24:0a:c4:00:02:03 took no number: nothing is set", 15000), wired.said
    wired.live(12000)
    assert "the leader has fallen silent before it was settled: nothing is set" in wired.said[1]
    assert [wired.staged(place) for place in range(3)] == [{}, {}, {}]


def test_who_hears_another_ask_before_it_has_asked_itself_ends_and_the_other_goes_on():
    wired = Wired(3)
    wired.type(2, "group join")
    wired.type(0, "group lead 2 32", 100)
    wired.type(1, "group lead 2 16", 100)
    assert wired.until(0, "save here and on each")
    assert "24:0a:c4:00:02:01 asks who wants to join as well: one board leads. Nothing is set here" in wired.said[1]
    assert not wired.staged(1)


def test_of_two_that_have_asked_and_come_to_hear_each_other_one_goes_on_at_most():
    wired = Wired(3)
    wired.line.cut = ("board 2",)
    wired.type(2, "group join")
    wired.type(0, "group lead 2 32", 100)
    wired.type(1, "group lead 2 16", 3000)
    wired.line.cut = ()
    wired.live(20000)
    ended = ["asks who wants to join as well: one board leads. Nothing is set here" in each for each in wired.said[:2]]
    assert any(ended)
    for place in (0, 1):
        assert bool(wired.staged(place)) != ended[place], wired.said
    assert wired.staged(2).get("group_ma", 0) in [wired.staged(place).get("group_ma", 0) for place in (0, 1)]


def test_a_board_that_hears_two_answers_neither_until_one_has_ended():
    wired = Wired(2)
    wired.type(1, "group join")
    wired.type(0, "group lead 3 32", 4000)
    gathering = wired.tables[1].charger.ports.finder
    call = bytearray(13)
    call[:5] = bytes((0, 66, 10, 0, 77))
    call[5:11] = b"second"
    gathering._heard(bytes(call), 13)
    wired.live(500)
    assert "two boards ask who wants to join: this one answers neither" in wired.said[1]
    said_ms = gathering.said_ms
    wired.live(2000)
    assert gathering.said_ms >= said_ms + 2000
    wired.live(3000)
    assert gathering.said_ms < 2000


def test_where_a_group_runs_nobody_gathers():
    settings = {place: {"bus": "group", "group_no": place + 1, "group_ma": 32000} for place in range(2)}
    settings[1] |= {"group_clamps": "cable", "idle_ma": 0}
    wired = Wired(4, settings=settings)
    wired.live(5000)
    assert "a group runs on this wire already" in wired.type(2, "group lead 2 16", 4000)
    assert "a group runs on this wire already" in wired.type(3, "group join", 4000)
    assert "this charger is number 2 of 2 already" in wired.type(1, "group join")


def test_more_boards_than_the_size_are_counted_and_nothing_is_set():
    wired = gathered(Wired(3), line="group lead 2 32")
    assert wired.until(0, "2 other boards answer: with this one that is a group of 3: group lead 3 32"), wired.said
    assert not wired.staged(0)


def test_what_save_would_refuse_on_a_board_is_told_there_and_nothing_is_set_anywhere():
    wired = gathered(Wired(3, settings={2: {"cap_w": 10000}}))
    assert wired.until(2, "cap_w: in a group only this charger's own car would keep it", 15000), wired.said
    assert wired.until(0, "24:0a:c4:00:02:03 took no number", 15000)
    wired.live(12000)
    assert [wired.staged(place) for place in range(3)] == [{}, {}, {}]


def test_a_circuit_above_the_leaders_breaker_is_refused_before_anybody_is_asked():
    wired = Wired(2)
    assert "group_ma 40 A is above breaker_ma" in wired.type(0, "group lead 2 40")
    assert not wired.line.number
    assert not wired.staged(0)


def test_without_the_pin_nobody_leads_or_joins():
    wired = Wired(2)
    for place, line in ((0, "group lead 2 32"), (1, "group join")):
        wired.type(place, "pin 1234 1234", 4000)
        wired.type(place, "lock")
        assert "unlock PIN" in wired.type(place, line)


def test_a_proposal_of_another_gathering_says_nothing():
    wired = Wired(2)
    wired.type(1, "group join")
    wired.type(0, "group lead 3 32", 4500)
    gathering, leader = (wired.tables[place].charger.ports.finder for place in (1, 0))
    board = leader.boards[0]
    board.number, leader.proposal = 2, (1, 3, 32000, 6000)
    frame = leader.out
    leader._propose(board)
    for mark in (leader.mark ^ 1, leader.mark):
        frame[4] = mark
        gathering._heard(bytes(frame), 26)
        assert bool(gathering.proposal[0]) == (mark == leader.mark)


def test_a_board_of_another_version_or_that_leases_cannot_tell_apart_is_named():
    host.load("reference")
    from headroom.serve.answers.joining import proven
    from headroom.serve.group.frames import VERSION
    from headroom.serve.group.gathering import Board
    from headroom.terms.refused import Refused

    def board(last, uid, version=VERSION):
        return Board(bytes(5) + bytes([last]), uid, version, 0, 16000, 6000, 7)

    with pytest.raises(Refused, match="speaks version 9"):
        list(proven([board(1, 1), board(2, 2, 9)], 32000))
    with pytest.raises(Refused, match="cannot be told apart"):
        list(proven([board(1, 7), board(2, 7)], 32000))
    assert [fields for _, fields in proven([board(1, 1), board(2, 2)], 32000)] == [
        {"rated_ma": 32000},
        {"leased_ma": 6000},
    ]
