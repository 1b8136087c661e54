"""An ESP32's ADC at 11 dB: a straight line, dead near 0 V, bent towards the top, noisy.

The curve is three small formulas fitted by hand to the published one (esp-idf, esp_adc_cal_esp32.c: line and correction
at reference voltages of 1000 and 1200 mV); the dead zone is that of esp-idf issue 164 (first code at 123 mV).
"""

from array import array

QUARTERS = 3300 * 4  # levels of the input, in quarters of a millivolt
NOMINAL_VREF_MV = 1100
ZERO_MV = 142
DEAD_MV = 123
DEAD_COUNTS = 128
KNEE = 2880
EFUSE_STEP_MV = 7
NOISE_LENGTH = 4093  # prime: the noise does not fall into step with the mains


def volts_mv(counts, vref_mv=NOMINAL_VREF_MV, bent=True):
    """The input in mV that gives ``counts`` on a chip of this reference voltage."""
    mv = ZERO_MV + counts * vref_mv * 196602 / 65536 / 4096
    if not bent:
        return mv
    if counts < DEAD_COUNTS:
        return mv - (ZERO_MV - DEAD_MV) * (1 - counts / DEAD_COUNTS)
    if counts > KNEE:
        x = (counts - KNEE) / 64
        return mv - 9 * min(x, 1) - 3.6 * x - 0.63 * x * x - 0.125 * x * (vref_mv - NOMINAL_VREF_MV)
    return mv


def efuse_vref_mv(vref_mv, off_ppm=0):
    """What the eFuse holds of a reference measured ``off_ppm`` too high: 1100 mV and up to 15 steps of 7 mV (esp-idf)."""
    steps = (vref_mv * (1000000 + off_ppm) // 1000000 - NOMINAL_VREF_MV + EFUSE_STEP_MV // 2) // EFUSE_STEP_MV
    return NOMINAL_VREF_MV + EFUSE_STEP_MV * min(max(steps, -15), 15)


def calibrated_mv(counts, efuse_mv):
    """Counts in whole mV as esp-idf's line has them, with its roundings."""
    return ZERO_MV + (efuse_mv * 196602 // 4096 * counts + 32768 >> 16)


_made = {}


def transfer(vref_mv=NOMINAL_VREF_MV, bent=True):
    """Counts for every quarter of a millivolt from 0 to 3300."""
    key = (vref_mv, bent)
    if key not in _made:
        table = array("H", bytearray(2 * QUARTERS))
        counts = 0
        next_quarter = volts_mv(0.5, vref_mv, bent) * 4
        for quarter in range(QUARTERS):
            while quarter >= next_quarter and counts < 4095:
                counts += 1
                next_quarter = volts_mv(counts + 0.5, vref_mv, bent) * 4
            table[quarter] = counts
        _made.clear()  # a campaign goes through hundreds of chips
        _made[key] = table
    return _made[key]


def noise(random, sigma_mv, outlier_mv):
    """A round of noise in quarters of a millivolt: nearly Gaussian, with one outlier up and one down."""
    table = array("h", bytearray(2 * NOISE_LENGTH))
    scale = int(sigma_mv * 4 * 1024 / 591)  # four uniform ones: sigma = 1024 * sqrt(4 / 12)
    for place in range(NOISE_LENGTH):
        bits = random.next()
        more = random.next()
        total = (bits & 1023) + (bits >> 10 & 1023) + (more & 1023) + (more >> 10 & 1023) - 2046
        table[place] = total * scale >> 10
    table[random.next() % NOISE_LENGTH] += int(outlier_mv * 4)
    table[random.next() % NOISE_LENGTH] -= int(outlier_mv * 4)
    return table
