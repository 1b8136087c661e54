"""What act does to the pins, and in which order: never power before the offer, never an offer cut after the power."""

from bench.table import Table


class Pins:
    """The outputs of a fresh charger; ``told`` lists what changed on contactor, pilot and TEST, in order."""

    def __init__(self):
        self.table = Table([(0, 0, 0, 0)], fidelity="rms", plugged_ms=[])
        self.chip, self.board = self.table.chip, self.table.module.board
        self.outputs, self.verdict = self.table.charger.outputs, self.table.charger.verdict
        self.before = self.now()
        self.told = []
        self.chip.on_pin = self.changed

    def now(self):
        """{name: level or duty}."""
        chip, board = self.chip, self.board
        return {
            "contactor": chip.output(board.CONTACTOR_PIN),
            "duty": chip.pwm[board.PILOT_PWM_PIN][1],
            "test": chip.output(board.RCM_TEST_PIN),
        }

    def changed(self):
        """A pin was written."""
        now = self.now()
        self.told += [(name, now[name]) for name in ("contactor", "duty", "test") if now[name] != self.before[name]]
        self.before = now

    def apply(self, **verdict):
        """Carry a verdict out; returns what changed, in order."""
        self.told = []
        for name, value in verdict.items():
            setattr(self.verdict, name, value)
        self.outputs.apply(self.verdict, 25)
        return self.told


def test_on_the_way_up_the_offer_is_out_first_and_on_the_way_down_the_contactor_opens_first():
    pins = Pins()
    pins.apply(closed=False, duty_u16=65535, residual_pulse=False)
    assert pins.apply(closed=True, duty_u16=17476) == [("duty", 17476), ("contactor", 1)]
    assert pins.apply(duty_u16=6553) == [("duty", 6553)]
    assert pins.apply(closed=False, duty_u16=0) == [("contactor", 0), ("duty", 0)]


def test_the_residual_current_modules_test_is_driven_as_long_as_its_pulse():
    pins = Pins()
    pins.apply(closed=False, duty_u16=65535, residual_pulse=False)
    assert pins.apply(residual_pulse=True) == [("test", 1)]
    assert pins.apply(residual_pulse=True) == []
    assert pins.apply(residual_pulse=False) == [("test", 0)]


def test_what_did_not_change_is_not_written_again():
    pins = Pins()
    pins.outputs.supervisor = None  # that one wants an edge each time
    pins.apply(closed=True, duty_u16=17476, residual_pulse=False)
    writes = [0]

    def count():
        writes[0] += 1

    pins.chip.on_pin = count
    pins.outputs.lamp.step = lambda verdict, dt_ms: pins.outputs.lit
    for _ in range(100):
        pins.apply(closed=True, duty_u16=17476)
    assert writes == [0]


def test_a_charger_that_is_made_starts_with_everything_off():
    pins = Pins()
    assert pins.now() == {"contactor": 0, "duty": 0, "test": 0}


def test_and_off_whatever_level_the_pins_had_before():
    pins = Pins()
    for name in ("CONTACTOR_PIN", "RCM_TEST_PIN", "LED_PIN"):
        pins.chip.levels[getattr(pins.board, name)] = 1
    type(pins.outputs)()
    assert pins.now() == {"contactor": 0, "duty": 0, "test": 0}
