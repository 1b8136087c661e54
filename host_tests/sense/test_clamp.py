"""One clamp: a small current is averaged over its noise, and a clamp that comes off is seen all the same."""

from bench import host

host.load()
from headroom.sense import clamp

NOISE = 100 << 8  # mean square of the noise, 1/256 counts^2
SEEN = (0, 1000, 6 * 1000 * 100, 0, 100, 3000, 0)  # of a window with that noise: see kernel.inspect


def reads(sensor, squares):
    """The mA that windows of these mean squares (counts^2, noise taken out) give, one by one."""
    found = []
    for square in squares:
        sensor.look(SEEN, 1000)
        sensor.measure((square << 8) + NOISE, sensor.bias)
        found.append(sensor.ma)
    return found


def settled(square):
    """A clamp of 1 mA a count that has long read this mean square."""
    sensor = clamp.Clamp(1000, 2048)
    reads(sensor, [square] * 200)
    return sensor


def test_a_current_within_the_noise_is_averaged():
    wobble = [400 + (50 if window % 2 else -50) for window in range(100)]
    for ma in reads(settled(400), wobble):
        assert 19 <= ma <= 21


def test_a_step_beyond_the_noise_is_believed_at_once():
    assert reads(settled(400), [900])[0] == 30


def test_a_step_within_the_noise_is_followed_in_a_quarter_of_a_second():
    assert reads(settled(90), [10] * 4)[-1] >= 6
    assert reads(settled(90), [10] * 12)[-1] <= 4  # an average of 32 would still read 7
