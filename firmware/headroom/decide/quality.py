"""What a meter says about its own reading: one word per phase, and the causes the words stand for."""

FINE = 0
CLIPPED = 1  # the signal hit a rail: the true current is higher than the reading
FLAT = 2  # nothing moves: no signal where there must be one, or a converter that repeats itself
NOISY = 3  # mostly noise
IMPLAUSIBLE = 4  # a reading that cannot be: no bias, more than the fuse passes, the wrong direction
STALE = 5  # no usable window for too long
WORDS = ("fine", "clipped", "flat", "noisy", "implausible", "stale")
