"""The analog world in front of the ADC: clamps, burden and bias, the pilot's divider, the NTC.

Sampled at the virtual microsecond of each conversion; the world is brought up to that instant first.
"""

from math import pi, sin

SINE = [int(32767 * sin(2 * pi * i / 1024)) for i in range(1024)]
NTC_25C_COUNTS = 1872  # half of 3.3 V
EDGE_US = 8  # the pilot's edges with a cable and a car attached


def wire(world):
    """Connect the world's analog signals to the chip's ADC pins."""
    chip, board = world.chip, world.board
    for phase, pin in enumerate(board.CT_PINS):
        chip.analog[pin] = clamp(world, phase)
    chip.analog[board.PILOT_ADC_PIN] = pilot(world)
    if board.TEMPERATURE_PIN is not None:
        chip.analog[board.TEMPERATURE_PIN] = lambda us: NTC_25C_COUNTS


def clamp(world, phase):
    """Counts of one clamp: sine of the total current through burden, bias and ADC, some LSB of noise."""
    board = world.board
    zero = (board.CT_BIAS_MV - board.ADC_ZERO_MV) * 1000 // board.ADC_UV_PER_COUNT
    ua_per_count = board.ADC_UV_PER_COUNT * board.CT_TURNS * 1000 // board.CT_BURDEN_MOHM
    shift = phase * 1024 // 3
    period_us_256th = 256000000 // world.hz
    noise = world.random

    def counts(us):
        world.catch_up(us)
        peak = (world.house_ma[phase] + world.car_ma(phase)) * 1414 // ua_per_count
        value = zero + (SINE[((us << 18) // period_us_256th - shift) & 1023] * peak >> 15) + (noise.next() & 7) - 3
        return min(max(value, 0), 4095)

    return counts


def pilot(world):
    """Counts of the pilot behind its divider; within an edge the voltage is on its way."""
    board, chip = world.board, world.chip

    def counts(us):
        world.catch_up(us)
        if board.PILOT_PWM_PIN in chip.pwm:
            level, since_us = chip.pwm_level(board.PILOT_PWM_PIN, us)
        else:
            level, since_us = chip.output(board.PILOT_PWM_PIN), EDGE_US
        mv = world.pilot_mv(level)
        if since_us < EDGE_US:
            mv = (mv * since_us + world.pilot_mv(1 - level) * (EDGE_US - since_us)) // EDGE_US
        adc_mv = board.PILOT_BIAS_MV + mv * board.PILOT_UV_PER_MV // 1000
        return (adc_mv - board.ADC_ZERO_MV) * 1000 // board.ADC_UV_PER_COUNT + (world.random.next() & 7) - 3

    return counts
