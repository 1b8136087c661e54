"""The rms fidelity: hands decide the readings that the scan would have produced, at any step."""


class RmsScan:
    """Stands in for ``headroom.sense.scan.Scan``: a scan takes ``step_ms`` and sees the world at its end."""

    meters = ()  # there is no analog side
    power = None
    early = False  # a step is always whole

    def __init__(self, chip, world):
        self.chip = chip
        self.world = world
        self.step_ms = 25
        self.doubts = [0, 0, 0]  # what a scan would say of each clamp: rows of terms/meter_faults.py
        self.clamps = None  # a function that turns the currents into what broken clamps see of them, in place
        self.answers = True  # False: no scan is usable

    def read(self, readings, duty_u16):
        """Let one step pass and refill the analog readings."""
        world = self.world
        step_us = self.step_ms * 1000
        self.chip.leap(step_us)  # a step stands for as many ticks as fit into it
        world.advance(world.t_ms + self.step_ms)
        drawn_ma = world.car.drawn_ma
        grid_ma = readings.grid_ma
        for phase in range(3):
            grid_ma[phase] = world.line_ma(phase, drawn_ma)
        if world.board.VOLTAGE_PIN is None:
            for phase in range(3):
                if grid_ma[phase] < 0:  # export: a clamp alone tells no direction
                    grid_ma[phase] = -grid_ma[phase]
        if self.clamps is not None:
            self.clamps(grid_ma)
        if world.board.VOLTAGE_PIN is not None:
            mains_mv = readings.mains_mv = world.mains_mv()
            readings.mains_ok = readings.power_ok = True
            for phase in range(3):
                readings.power_w[phase] = grid_ma[phase] * (mains_mv // 100) // 10000
                readings.power_va[phase] = abs(readings.power_w[phase])
        readings.mains_mhz = world.mains.mhz
        readings.grid_ok = self.answers
        readings.quality[:] = self.doubts
        if world.board.PROXIMITY_PIN is not None:
            readings.proximity_ohm = world.coding_ohm()
        if world.board.CAR_CT_PIN is not None:
            readings.car_ma = drawn_ma
            readings.car_ok = True
        readings.busy_us = 0  # a step has no arithmetic
        readings.pilot_ok = True
        readings.pilot_high_mv = world.pilot_mv(duty_u16 > 0)
        readings.pilot_low_mv = world.pilot_mv(0)
