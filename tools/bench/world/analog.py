"""The analog world in front of the ADC: clamps, burden and bias, the pilot's divider, the NTC.

Sampled at the virtual microsecond of each conversion; the world is brought up to that instant first. A signal is a
function of the chip's microseconds that returns counts; what is wrong with it is swapped in by ``bench.world.broken_clamps``.
Amplitudes are worked out once a millisecond, so that a conversion costs one look into a table.
"""

from bench.world import adc, shapes
from bench.world.parts import Parts, bend_ppm

OK = 6  # amplitudes have so many bits below a quarter of a millivolt: 5 A is only 150 of them
FILTER_US = 10  # 1 kohm and 10 nF before a clamp's pin


class Mains:
    """The phase of the mains: where in its cycle a microsecond falls, at a frequency that may change."""

    def __init__(self, mhz):
        self.base_us = 0
        self.base_point = 0  # in 2^20ths of a point of a shape
        self.set_mhz(mhz, 0)

    def set_mhz(self, mhz, us):
        """Go on at ``mhz`` (mHz) from the chip's microsecond ``us``, without a jump."""
        if us:
            self.base_point += (us - self.base_us) * self.step
            self.base_us = us
        self.mhz = mhz
        self.step = (mhz * shapes.POINTS << 20) // 1000000000


def wire(world):
    """Connect the world's analog signals to the chip's ADC pins; ``world.parts``, ``world.mains``, ``world.shapes``."""
    chip, board = world.chip, world.board
    if world.parts is None:
        world.parts = Parts(board)
    chip.efuse_vref_mv = adc.efuse_vref_mv(world.parts.vref_mv, world.parts.efuse_ppm)
    for phase, pin in enumerate(board.CT_PINS):
        chip.analog[pin] = clamp(world, phase)
    if board.CAR_CT_PIN is not None:
        chip.analog[board.CAR_CT_PIN] = clamp(world, 0, world.lines[0], house=False)
    if board.VOLTAGE_PIN is not None:
        chip.analog[board.VOLTAGE_PIN] = voltage(world)
    chip.analog[board.PILOT_ADC_PIN] = pilot(world)
    if board.PROXIMITY_PIN is not None:
        chip.analog[board.PROXIMITY_PIN] = proximity(world)
    if board.TEMPERATURE_PIN is not None:
        mv = board.RAIL_MV * board.NTC_R25_OHM // (board.NTC_R25_OHM + board.NTC_PULLUP_OHM)  # at 25 C
        counts = adc.transfer(world.parts.vref_mv, world.parts.bent_adc)[mv * 4]
        chip.analog[board.TEMPERATURE_PIN] = lambda us: counts
    if board.RAIL_PIN is not None:
        chip.analog[board.RAIL_PIN] = rail(world)


def rail(world):
    """Counts of half the logic supply."""
    transfer = adc.transfer(world.parts.vref_mv, world.parts.bent_adc)
    return lambda us: transfer[world.rail_mv * 2]


def proximity(world):
    """Counts of the PP contact: the cable's resistor below its pull-up."""
    board = world.board
    transfer = adc.transfer(world.parts.vref_mv, world.parts.bent_adc)

    def counts(us):
        ohm = world.coding_ohm()
        return transfer[board.RAIL_MV * 4 * ohm // (ohm + board.PROXIMITY_PULLUP_OHM)]

    return counts


def clamp(world, channel, phase=None, share_ppm=1000000, sign=1, house=True):
    """Counts of one clamp: the currents of ``phase`` through clamp, burden, bias and ADC.

    share_ppm: how much of the current it sees (a jaw ajar); sign: -1 for a clamp that is on backwards; house: False for
    the clamp on the car alone.
    """
    board, parts, mains = world.board, world.parts, world.mains
    if phase is None:
        phase = channel
    transfer = adc.transfer(parts.vref_mv, parts.bent_adc)
    noise = world.noise()
    noise_length = len(noise)
    shape = world.shape(phase)
    car_shape = shapes.table("resistive")
    lag = world.lag_mdeg[phase] * (shapes.POINTS << 20) // 360000
    turn = _turn(world, phase)
    same = shape is car_shape and not lag and not turn
    bias = parts.bias_mv[channel] * 4
    lead_mdeg = parts.clamp_lead_mdeg[channel] - phase * 120000
    lead = lead_mdeg * (shapes.POINTS << 20) // 360000
    top = adc.QUARTERS - 1
    state = [-1, 0, 0, 1009 * channel]  # the millisecond of the amplitudes, house, car, place in the noise

    def amplitude(ma):
        """Across the burden, in quarters of a millivolt and FINE bits."""
        seen = ma + ma * (parts.clamp_ppm[channel] + bend_ppm(ma) * parts.clamp_bend // 1024) // 1000000
        return sign * seen * share_ppm // 1000000 * (board.CT_BURDEN_MOHM * 4 << OK) // (board.CT_TURNS * 1000)

    def counts(us):
        ms = us // 1000
        if ms != state[0]:
            world.catch_up(us)
            state[0] = ms
            house_ma, car_ma = world.house_ma[phase] if house else 0, world.car_ma(phase)
            if same:
                state[1] = amplitude(house_ma + car_ma)
            else:
                total = amplitude(abs(house_ma) + car_ma)
                whole_ma = max(abs(house_ma) + car_ma, 1)
                state[1] = total * house_ma // whole_ma
                state[2] = total * car_ma // whole_ma
        point = mains.base_point + (us - mains.base_us - FILTER_US) * mains.step + lead
        index = point - lag >> 20 & 1023
        place = state[3] = (state[3] + 1) % noise_length
        level = bias + (shape[index] * state[1] >> 13 + OK) + noise[place]
        if not same:
            level += car_shape[(point >> 20) + turn & 1023] * state[2] >> 13 + OK
        return transfer[0 if level < 0 else top if level > top else level]

    return counts


def _turn(world, phase):
    """By how many points of a shape the car's current leads its line's voltage: 30 degrees, or lags, between two lines."""
    if not world.between:
        return 0
    first, second = world.lines[:2]
    if phase not in (first, second):
        return 0
    leads = (second - first) % 3 == 1  # V1 - V2 leads V1; V1 - V3 lags it
    leads = leads == (phase == first)
    return shapes.POINTS // 12 * (1 if leads else -1)


def voltage(world):
    """Counts of the mains voltage input: L1 to N through transformer, bias and ADC."""
    board, parts, mains = world.board, world.parts, world.mains
    transfer = adc.transfer(parts.vref_mv, parts.bent_adc)
    noise = world.noise()
    noise_length = len(noise)
    shape = shapes.table(world.volts_shape)
    bias = board.VOLTAGE_BIAS_MV * 4
    lead = parts.volts_lead_mdeg * (shapes.POINTS << 20) // 360000
    ratio = board.VOLTAGE_RATIO * 1000000 // (1000000 + parts.volts_ppm)
    top = adc.QUARTERS - 1
    state = [3001, -1, 0]  # place in the noise, the millisecond of the voltage, and the voltage

    def counts(us):
        world.catch_up(us)
        if us // 1000 != state[1]:
            state[1:] = us // 1000, world.mains_mv()
        index = (mains.base_point + (us - mains.base_us - FILTER_US) * mains.step + lead) >> 20 & 1023
        place = state[0] = (state[0] + 1) % noise_length
        level = bias + (shape[index] * (state[2] * (4 << OK) // ratio) >> 13 + OK) + noise[place]
        return transfer[0 if level < 0 else top if level > top else level]

    return counts


def pilot(world):
    """Counts of the pilot behind its divider; within an edge the voltage is on its way."""
    board, chip = world.board, world.chip
    transfer = adc.transfer(world.parts.vref_mv, world.parts.bent_adc)
    noise = world.noise()
    noise_length = len(noise)
    state = [2003]

    def counts(us):
        world.catch_up(us)
        edge_us = world.circuit.edge_us
        if board.PILOT_PWM_PIN in chip.pwm:
            level, since_us = chip.pwm_level(board.PILOT_PWM_PIN, us)
        else:
            level, since_us = chip.output(board.PILOT_PWM_PIN), edge_us
        mv = world.pilot_mv(level)
        if since_us < edge_us:
            mv = (mv * since_us + world.pilot_mv(1 - level) * (edge_us - since_us)) // edge_us
        place = state[0] = (state[0] + 1) % noise_length
        quarters = board.PILOT_BIAS_MV * 4 + mv * board.PILOT_UV_PER_MV // 250 + noise[place]
        return transfer[0 if quarters < 0 else adc.QUARTERS - 1 if quarters >= adc.QUARTERS else quarters]

    return counts
