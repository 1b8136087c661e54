"""The port on RS-485, on the bench's line: what it sends, what it hears, and when its driver lets go."""

from bench import host
from bench.chip import chip as chips
from bench.world.bus import Line

TICK_US = 25000


class Desk:
    """Chips with a port each, on one line."""

    def __init__(self, names, baud=9600, parity=0, micropython="1.29"):
        self.module = host.load("reference", "headroom.sense.bus")
        self.rtu = host.load("reference", "headroom.sense.rtu", fresh=False)
        self.line = Line(3)
        self.chips, self.ports, self.taps = [], [], []
        board = self.module.board
        for name in names:
            chip = chips.Chip(micropython=micropython)
            chips.attach(chip)
            self.taps.append(self.line.wire(chip, board.RS485_RX_PIN, name, board.RS485_DE_PIN))
            self.chips.append(chip)
            self.ports.append(self.module.Bus(self.module.RS485, baud, parity))

    def at(self, number):
        """Everything that the firmware does from here on is this chip's."""
        chips.attach(self.chips[number])
        return self.ports[number]

    def tick(self, ticks=1):
        """All of them live for a tick, one after the other; returns (port, frame) of all that was heard."""
        heard = []
        for _ in range(ticks):
            for number in range(len(self.ports)):
                port = self.at(number)
                self.chips[number].advance(TICK_US)
                port.step()
                while True:
                    length = port.next()
                    if not length:
                        break
                    heard.append((number, bytes(port.frame[:length])))
        return heard

    def sealed(self, data):
        buffer = bytearray(data) + bytearray(2)
        return bytes(buffer[: self.rtu.seal(buffer, len(data))])


ASK = bytes((1, 4, 0, 6, 0, 6))


def test_what_one_sends_the_others_hear():
    desk = Desk(("a", "b", "c"))
    desk.tick(2)
    assert desk.at(0).send(ASK, len(ASK))
    assert desk.tick(3) == [(1, ASK), (2, ASK)]


def test_send_returns_at_once_and_the_next_one_waits_for_the_driver():
    desk = Desk(("a", "b"))
    desk.tick(2)
    port = desk.at(0)
    before_us = desk.chips[0].us
    assert port.send(ASK, len(ASK))
    assert desk.chips[0].us - before_us < 100
    assert port.sending()
    assert not port.send(ASK, len(ASK))
    desk.tick(1)
    assert not desk.at(0).sending()


def test_the_driver_lets_go_before_the_quickest_answer():
    for baud, parity in ((2400, 0), (9600, 0), (9600, 2), (19200, 2), (115200, 0)):
        desk = Desk(("a",), baud, parity)
        desk.tick(4)
        began_us = desk.chips[0].us
        desk.at(0).send(ASK, len(ASK))
        said = desk.line.said[0]
        gap_us = max(3500000 * (11 if parity else 10) // baud, 1750)
        assert said.us - began_us < 1000
        assert len(said.data) == 8  # nothing of it was cut off
        assert said.end_us <= said.until_us < said.end_us + gap_us


def test_a_longest_frame_at_the_lowest_speed_is_held_to_its_end():
    desk = Desk(("a",), 2400, 2)
    long = bytes([0, 16] + [7] * 252)
    desk.at(0).send(long, 254)
    said = desk.line.said[0]
    assert len(said.data) == 256
    assert said.end_us <= said.until_us


def test_an_answer_in_the_same_breath_is_a_frame_of_its_own():
    desk = Desk(("a", "b"), 115200)
    desk.tick(2)
    data = desk.sealed(ASK)
    first_us = desk.line.taps[1].send(desk.chips[1].us + 100, data, 115200)
    desk.line.taps[1].send(first_us + 2000, desk.sealed((1, 4, 2, 5, 6)), 115200)
    assert desk.tick(1) == [(0, ASK), (0, bytes((1, 4, 2, 5, 6)))]


def test_wrong_speed_or_parity_gives_no_frame_and_costs_no_later_one():
    for own, baud, parity in ((0, 19200, 0), (0, 4800, 0), (2, 9600, 0), (2, 9600, 1), (1, 9600, 0), (0, 38400, 2)):
        desk = Desk(("a", "b"), 9600, own)
        desk.tick(2)
        desk.taps[1].send(desk.chips[1].us, desk.sealed(ASK), baud, parity)
        heard = desk.tick(4)
        if own and parity:
            assert heard == [
                (0, ASK)
            ]  # the chip hands on what has a wrong parity bit, and nothing else is wrong with it
        else:
            assert heard == [], (own, baud, parity)
        desk.at(1).send(ASK, len(ASK))
        assert (0, ASK) in desk.tick(4), (own, baud, parity)


def test_two_drivers_at_once_spoil_both_frames():
    desk = Desk(("a", "b", "c"))
    desk.tick(2)
    for tap in desk.taps[:2]:
        tap.send(desk.chips[2].us + 10, desk.sealed(ASK), 9600)
    assert desk.tick(4) == []
    assert desk.line.collisions > 0


def test_a_driver_that_lets_go_late_spoils_the_answer():
    desk = Desk(("a", "b"))
    desk.taps[0].late_us = 30000
    desk.tick(2)
    desk.at(0).send(ASK, len(ASK))
    desk.taps[1].send(desk.line.said[0].end_us + 5000, desk.sealed((1, 4, 2, 5, 6)), 9600)
    assert [each for each in desk.tick(4) if each[0] == 0] == []


def test_loss_noise_and_a_cut_line():
    desk = Desk(("a", "b", "c"))
    desk.tick(2)
    desk.line.cut = ("a", "c")
    desk.at(0).send(ASK, len(ASK))
    assert desk.tick(4) == [(2, ASK)]
    desk.line.cut = ()
    desk.line.loss_permille = 500
    heard = 0
    for _ in range(40):
        desk.at(0).send(ASK, len(ASK))
        heard += len(desk.tick(3))
    assert 20 < heard < 60
    desk.line.loss_permille, desk.line.noise_permille = 0, 1000
    desk.at(0).send(ASK, len(ASK))
    assert desk.tick(4) == []


def test_quiet_tells_how_long_nothing_was_heard():
    desk = Desk(("a", "b"))
    desk.tick(4)
    desk.at(1).send(ASK, len(ASK))
    desk.tick(2)
    desk.at(0)
    before_us = desk.ports[0].quiet_us()
    assert 0 < before_us < 60000
    desk.tick(4)
    desk.at(0)
    assert desk.ports[0].quiet_us() == before_us + 100000 or abs(desk.ports[0].quiet_us() - before_us - 100000) < 100
