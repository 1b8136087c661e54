"""What the car draws, estimated from how the supply follows the offer's own steps.

The pilot only allows; it does not command. Taking the offer for the draw makes a balancer cut twice for one overload,
or hand out the same ampere twice. Here every step of the supply is ascribed to somebody: to the car, while it has
a reason to move that way (it was offered more and has not taken it, or less and has not given it up), else to the house.
"""

STEP_MA = 400  # a smaller movement of the supply may be noise ...
QUIET_MS = 1000  # ... and is ascribed only when it has stood this long
FOLLOW_DOWN_MS = (
    6000  # a car follows a lower offer within 5 s (IEC 61851-1 Table A.6, sequence 6); then it is taken to have
)
FOLLOW_UP_MS = 60000  # taking up more is the car's own choice: cars have been seen to wait 40 s


class Draw:
    """``car_ma``: best estimate of the car's draw per phase, never above the highest offer it may be following."""

    def __init__(self):
        self.car_ma = 0
        self.level_ma = 0  # supply current at which the last step was ascribed
        self.offer_ma = 0
        self.since_ms = 0  # since the offer last changed
        self.quiet_ms = 0  # since a step was last ascribed

    def step(self, dt_ms, grid_ma, offer_ma, closed):
        """Follow one tick: ``grid_ma`` of the phase that every car uses, the offer in force, the contactor."""
        if offer_ma != self.offer_ma:
            self.offer_ma = offer_ma
            self.since_ms = 0
        elif self.since_ms < FOLLOW_UP_MS:
            self.since_ms += dt_ms
        moved_ma = grid_ma - self.level_ma
        self.quiet_ms += dt_ms
        if -STEP_MA < moved_ma < STEP_MA and self.quiet_ms < QUIET_MS:
            moved_ma = 0
        else:
            self.level_ma = grid_ma
            self.quiet_ms = 0
        if not closed:
            self.car_ma = 0
            return
        if self.car_ma > offer_ma:
            if moved_ma < 0:
                self.car_ma = max(self.car_ma + moved_ma, offer_ma)
            if self.since_ms >= FOLLOW_DOWN_MS:
                self.car_ma = offer_ma
        elif moved_ma > 0 and self.since_ms < FOLLOW_UP_MS:
            self.car_ma = min(self.car_ma + moved_ma, offer_ma)
        if self.car_ma > grid_ma:
            self.car_ma = max(grid_ma, 0)
