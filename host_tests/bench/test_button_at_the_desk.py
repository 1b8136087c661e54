"""`headroom device tell button`: one press pauses and goes on, two boost, a long one is no pause."""

import pytest
from bench import deeds, orders
from bench.chip.nor import RamFiles
from bench.chip.terminal import Terminal
from bench.table import Table


class Desk:
    """A charger of 16 A with a car, and the bench that is told things."""

    def __init__(self, board="reference"):
        self.terminal = Terminal()
        self.table = Table([], port=self.terminal, files=RamFiles(), world=deeds.world, board=board)
        self.bench = deeds.Bench(self.table.world)

    def tell(self, line, ms=3000):
        answer = self.bench.hear(line)
        self.table.live(ms)
        return answer


def test_one_press_pauses_and_the_next_goes_on():
    desk = Desk()
    desk.tell("plug 16")
    desk.tell("button")
    assert desk.table.charger.held()
    desk.tell("button once")
    assert not desk.table.charger.held()


def test_two_presses_boost_and_let_a_stopped_charge_go_on_and_two_more_end_it():
    desk = Desk()
    desk.tell("plug 16")
    desk.tell("button")
    desk.tell("button twice")
    assert desk.table.charger.service.boost.on()
    assert not desk.table.charger.held()
    desk.tell("button twice")
    assert not desk.table.charger.service.boost.on()


def test_a_long_press_pauses_nothing():
    desk = Desk()
    desk.tell("plug 16")
    desk.tell("button long", 5000)
    assert not desk.table.charger.held()


def test_a_board_without_a_button_says_so():
    assert "board minimal has no BUTTON_PIN" in Desk("minimal").tell("button")


@pytest.mark.parametrize("line", ["button thrice", "button once twice", "button 200"])
def test_another_way_to_press_is_refused_with_the_form(line):
    with pytest.raises(orders.Unfit, match=r"write button \[once\|twice\|long\]"):
        orders.read(line)
