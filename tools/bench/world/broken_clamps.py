"""What can be wrong with a clamp and its input, by name: each swaps what the ADC sees of one phase, or of two.

Each function of FAULTS returns the signal (the chip's us -> counts) that takes the place of the whole one on a channel's
pin; ``random`` draws how bad it is. Figures without a source are chosen.
"""

from bench.world import adc, analog

OPEN_PARTS = 400  # the open secondary of a clamp of 2000 turns is some 6 kohm at 50 Hz: 400 burdens of 15 ohm
STORM_MV = 600  # outliers of interference, either way ...
STORM_PART = 4  # ... one conversion in so many
NOISE_MV = 60


def unplugged(world, channel, random):
    """The plug is out: bias and noise remain."""
    return analog.clamp(world, channel, share_ppm=0)


def ajar(world, channel, random):
    """The jaw does not close: it sees 20 to 50 % of the current."""
    return analog.clamp(world, channel, share_ppm=random.between(200000, 500000))


def no_burden(world, channel, random):
    """The clamp's output is open: it drives the input from rail to rail."""
    return analog.clamp(world, channel, share_ppm=OPEN_PARTS * 1000000)


def bias_lost(world, channel, random):
    """The bias divider's upper resistor is off: the signal swings about 0 V, and its lower half is lost."""
    kept = world.parts.bias_mv[channel]
    world.parts.bias_mv[channel] = 0
    counts = analog.clamp(world, channel)
    world.parts.bias_mv[channel] = kept
    return counts


def to_ground(world, channel, random):
    """The input is shorted to GND."""
    return lambda us: 0


def to_rail(world, channel, random):
    """The input is shorted to 3.3 V."""
    return lambda us: 4095


def clipped(world, channel, random):
    """Far more current than clamp and burden were chosen for: a sine's crests are beyond a rail from 121 A on.

    A half-wave's long side leads away from the nearer rail: it clips from some 145 A on.
    """
    least_ma = 155000 if world.shape_names[channel] == "half-wave" else 132000
    share_ppm = 1000000 * random.between(least_ma, least_ma + 18000) // _amps(world, channel)
    return analog.clamp(world, channel, share_ppm=share_ppm)


def frozen(world, channel, random):
    """The converter gives the same number for ever."""
    counts = random.between(200, 3800)
    return lambda us: counts


def error(world, channel, random):
    """Every conversion of this input fails."""

    def fails(us):
        raise OSError(-1)

    return fails


def storm(world, channel, random):
    """Interference: one conversion in STORM_PART is off by up to STORM_MV."""
    whole = world.chip.analog[world.board.CT_PINS[channel]]
    swing = STORM_MV * 1000 // world.board.ADC_UV_PER_COUNT

    def counts(us):
        seen = whole(us)
        if random.next() % STORM_PART == 0:
            seen += random.between(-swing, swing)
        return min(max(seen, 0), 4095)

    return counts


def noisy(world, channel, random):
    """A bad contact: white noise of NOISE_MV."""
    whole = world.chip.analog[world.board.CT_PINS[channel]]
    table = adc.noise(random, NOISE_MV, 0)
    place = [0]

    def counts(us):
        at = place[0] = (place[0] + 1) % len(table)
        return min(max(whole(us) + table[at] * 250 // world.board.ADC_UV_PER_COUNT, 0), 4095)

    return counts


def too_much(world, channel, random):
    """Another clamp than was set up, of far fewer turns: what it shows, no breaker would pass."""
    limit_ma = world.limit_ma * random.between(680, 720) // 100
    return analog.clamp(world, channel, share_ppm=1000000 * limit_ma // _amps(world, channel))


def _amps(world, channel):
    """mA of the phase now, at least a tenth of an ampere."""
    return max(world.house_ma[channel] + world.car_ma(channel), 100)


def swapped(world, channel, random):
    """This clamp and the next sit on each other's phase; the caller gives the next one the same."""
    return analog.clamp(world, channel, (channel + 1) % len(world.board.CT_PINS))


def backwards(world, channel, random):
    """Its arrow points to the grid."""
    return analog.clamp(world, channel, sign=-1)


FAULTS = {
    "clamp unplugged": unplugged,
    "burden missing": no_burden,
    "bias lost": bias_lost,
    "input shorted to GND": to_ground,
    "input shorted to 3.3 V": to_rail,
    "clipped at the rails": clipped,
    "frozen reading": frozen,
    "ADC fails for good": error,
    "storm of outliers": storm,
    "noisy": noisy,
    "more than the breaker passes": too_much,
    "jaw ajar, less than the car draws": ajar,
    "clamps of two phases swapped": swapped,
    "clamp on backwards": backwards,
}


def install(world, name, channel, random):
    """Break ``channel`` in the way of this name."""
    board, analog_pins = world.board, world.chip.analog
    signal = FAULTS[name](world, channel, random)
    if name.startswith("clamps"):
        other = (channel + 1) % len(board.CT_PINS)
        analog_pins[board.CT_PINS[other]] = analog.clamp(world, other, channel)
    analog_pins[board.CT_PINS[channel]] = signal
