"""The parts of one board's analog front end: nominal, ideal, or as they come out of the bag.

Spreads: ESP32 reference 1000 to 1200 mV (esp-idf, ADC calibration), known to 1 % by the eFuse; clamp 3 %, burden 1 %,
bias dividers of 1 %; noise 5 to 10 LSB RMS of 0.8 mV at worst, 3 to 8 here with 100 nF at the pin (project's domain
notes 7.1, 7.2).
"""

# RMS mA in the primary: ratio error in ppm of a measured YHDC SCT-013-000 (openenergymonitor report, domain notes 7.1)
SCT_BEND = (
    (500, 14000),
    (5000, -20000),
    (10000, 0),
    (30000, 14000),
    (100000, 20000),
    (140000, -19000),
    (250000, -300000),
)


class Parts:
    """One board: public figures, nominal unless changed."""

    def __init__(self, board):
        self.vref_mv = 1100
        self.efuse_ppm = 0  # by so much too high was the reference measured when the eFuse was burnt
        self.bent_adc = True
        self.noise_mv = 3.2  # 4 LSB
        self.outlier_mv = 100
        self.bias_mv = [board.CT_BIAS_MV] * len(board.CT_PINS)
        self.clamp_ppm = [0] * len(board.CT_PINS)  # gain error of clamp and burden
        self.clamp_bend = 0  # how much of SCT_BEND the clamps have, in parts of 1024
        self.clamp_lead_mdeg = [board.CT_PHASE_MDEG] * len(board.CT_PINS)
        self.error_part = 0  # one conversion in so many raises OSError; 0: none
        self.volts_ppm = 0  # gain error of the voltage transformer and its resistors
        self.volts_lead_mdeg = 0


def ideal(board):
    """A front end without a flaw but 12 bits; half a count of noise, for no converter rests on one step for half a cycle."""
    parts = Parts(board)
    parts.bent_adc = False
    parts.noise_mv = 0.4
    parts.outlier_mv = 0
    return parts


def random(board, dice, bend=1024):
    """A board out of the bag; ``bend`` 0 gives clamps that are straight."""
    parts = Parts(board)
    parts.vref_mv = dice.between(1000, 1200)
    parts.noise_mv = dice.between(24, 64) / 10
    for channel in range(len(board.CT_PINS)):
        parts.bias_mv[channel] += dice.between(-25, 25)
        parts.clamp_ppm[channel] = dice.between(-30000, 30000) + dice.between(-10000, 10000)
        parts.clamp_lead_mdeg[channel] = dice.between(500, 4000)
    parts.clamp_bend = bend * dice.between(80, 120) // 100
    parts.volts_ppm = dice.between(-30000, 30000)
    parts.volts_lead_mdeg = dice.between(0, 330)  # ZMPT101B: at most 20 minutes of arc at 100 ohm
    parts.efuse_ppm = dice.between(-10000, 10000)
    return parts


def bend_ppm(ma):
    """Ratio error of SCT_BEND at ``ma``: straight between its points, level beyond."""
    ma = abs(ma)
    below_ma, below_ppm = SCT_BEND[0]
    if ma <= below_ma:
        return below_ppm
    for point_ma, point_ppm in SCT_BEND:
        if ma <= point_ma:
            return below_ppm + (point_ppm - below_ppm) * (ma - below_ma) // (point_ma - below_ma)
        below_ma, below_ppm = point_ma, point_ppm
    return below_ppm
