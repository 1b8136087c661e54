"""The socket lock's motor: driven for a moment, one way at a time, and again for as long as the bolt is elsewhere."""

from bench import host
from bench.table import Table

TICK_MS = 25


class Motor:
    """A lock by itself on the socket board; ``runs`` lists [towards (1 locked, 0 open), ms]."""

    def __init__(self):
        self.table = Table([(0, 0, 0, 0)], fidelity="rms", board="socket", plugged_ms=[])
        self.board, self.chip, self.world = self.table.module.board, self.table.chip, self.table.world
        self.lock = self.table.charger.outputs.lock

    def live(self, wanted, ms):
        """[[towards, ms driven], ...] while ``wanted`` holds; None stands for a motor that rests."""
        runs = []
        for _ in range(ms // TICK_MS):
            self.lock.apply(wanted, TICK_MS)
            inputs = self.chip.output(self.board.LOCK_PIN), self.chip.output(self.board.LOCK_OPEN_PIN)
            assert inputs != (1, 1)
            towards = {(1, 0): 1, (0, 1): 0, (0, 0): None}[inputs]
            if not runs or runs[-1][0] != towards:
                runs.append([towards, 0])
            runs[-1][1] += TICK_MS
            self.world.lock.step(TICK_MS)
            self.world._show_inputs()
        return runs


def test_it_is_driven_for_400_ms_and_then_left():
    motor = Motor()
    assert motor.live(True, 60000) == [[1, 400], [None, 59600]]
    assert motor.world.lock.locked == 1
    assert motor.live(False, 60000) == [[0, 400], [None, 59600]]
    assert motor.world.lock.locked == 0


def test_a_bolt_that_does_not_move_is_tried_again_after_a_rest_and_never_driven_steadily():
    motor = Motor()
    motor.world.lock.jammed = True
    runs = motor.live(True, 10000)
    driven_ms = sum([ms for towards, ms in runs if towards == 1])
    assert len([1 for towards, _ in runs if towards == 1]) >= 9
    assert driven_ms <= 4400
    assert all(ms <= 425 for towards, ms in runs if towards is not None)
    assert all(ms >= 600 for towards, ms in runs[:-1] if towards is None), runs


def test_a_bolt_that_slips_is_driven_back():
    motor = Motor()
    motor.live(True, 2000)
    motor.world.lock.locked = 0
    motor.world._show_inputs()
    assert motor.live(True, 1000)[0][0] == 1
    assert motor.world.lock.locked == 1


def test_another_wish_in_the_middle_of_a_drive_turns_it_round():
    motor = Motor()
    assert motor.live(True, 200) == [[1, 200]]
    assert motor.live(False, 2000) == [[0, 400], [None, 1600]]
    assert motor.world.lock.locked == 0
    motor.live(True, 2000)
    assert motor.live(False, 200) == [[0, 200]]
    assert motor.live(True, 2000) == [[1, 400], [None, 1600]]


def test_a_lock_without_a_position_contact_is_driven_once():
    motor = Motor()
    board = host.fakes["board"]
    assert board.LOCK_FEEDBACK_PIN is not None
    motor.lock.contact = None
    motor.world.lock.jammed = True
    assert motor.live(True, 10000) == [[1, 400], [None, 9600]]
