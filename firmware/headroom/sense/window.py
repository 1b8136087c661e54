"""The sampling loop: one window of whole mains cycles, every clamp in turn, the pilot's samples in between.

Most of the time must go into conversions, so the loop is native code and touches Python only to read the clock and the
ADC. All its state lies in an array: a conversion that raises OSError leaves it whole, and ``fill`` is called again.

A pilot sample is due at an instant known beforehand (``headroom.sense.plateau``). The round of clamp conversions that
covers it stops before the conversion that would run over it, waits for the instant, and takes it. A sample is thrown
away when the clock shows afterwards that it was not taken then.
"""

import micropython
from micropython import const

COUNT = const(0)  # samples per channel so far
CHANNELS = const(1)
CAPACITY = const(2)  # samples per channel that fit
START_US = const(3)  # ticks_us of the first round
WINDOW_US = const(4)  # how long the window shall be
ELAPSED_US = const(5)  # when the last round began, from START_US
LONGEST_US = const(6)  # longest round
SLOT_TENTH_US = const(7)  # one conversion
LIMIT_TENTH_US = const(8)  # a pilot conversion that took longer was interrupted
PERIOD_TENTH_US = const(9)  # the pilot's
STRIDE_TENTH_US = const(10)  # from one sample of a plateau to the next
PLATEAU = const(11)  # whose turn it is: 0 = high or steady, 1 = low
OTHER = const(12)  # 1: the turns alternate; 0: steady level, one plateau only
FROM_TENTH_US = const(13)  # and 14: earliest instant of the next sample of the plateau, from START_US
WIDTH_TENTH_US = const(15)  # and 16: how much later will do
TAKEN = const(17)  # and 18: samples of one level, up to the last
SUM = const(19)  # and 20
LAST = const(21)  # and 22: the sample before
SIZE = const(23)

LEVEL = const(100)  # counts between two samples of one level, at most: a third of the way to the next pilot state

TICKS_MASK = const(0x3FFFFFFF)  # the port's ticks wrap at 2^30


@micropython.viper
def fill(state: ptr32, samples: ptr16, readers, read_pilot, ticks_us):
    """Sample until the window is over or full; what a round measures lies at samples[channel * CAPACITY + COUNT]."""
    channels = state[CHANNELS]
    capacity = state[CAPACITY]
    start = state[START_US]
    count = state[COUNT]
    elapsed = state[ELAPSED_US]
    while count < capacity:
        now = (int(ticks_us()) - start) & TICKS_MASK
        gap = now - elapsed
        if gap > state[LONGEST_US]:
            state[LONGEST_US] = gap
        elapsed = now
        state[ELAPSED_US] = elapsed
        if elapsed >= state[WINDOW_US]:
            break
        plateau = state[PLATEAU]
        ahead = state[FROM_TENTH_US + plateau] - elapsed * 10
        while ahead + state[WIDTH_TENTH_US + plateau] < 0:
            ahead += state[PERIOD_TENTH_US]
        state[FROM_TENTH_US + plateau] = elapsed * 10 + ahead
        due = 0
        while ahead > state[SLOT_TENTH_US] and due < channels:
            ahead -= state[SLOT_TENTH_US]
            due += 1
        channel = 0
        index = count
        while channel < channels:
            if channel == due:
                earliest = state[FROM_TENTH_US + plateau]
                now = ((int(ticks_us()) - start) & TICKS_MASK) * 10
                while now < earliest:
                    now = ((int(ticks_us()) - start) & TICKS_MASK) * 10
                if now <= earliest + state[WIDTH_TENTH_US + plateau]:
                    x = int(read_pilot())
                    after = ((int(ticks_us()) - start) & TICKS_MASK) * 10
                    state[FROM_TENTH_US + plateau] = earliest + state[STRIDE_TENTH_US]
                    if after - now <= state[LIMIT_TENTH_US]:
                        moved = x - state[LAST + plateau]
                        if moved > LEVEL or moved < -LEVEL:
                            state[TAKEN + plateau] = 0
                            state[SUM + plateau] = 0
                        state[LAST + plateau] = x
                        state[TAKEN + plateau] += 1
                        state[SUM + plateau] += x
                        if state[OTHER]:
                            state[PLATEAU] = 1 - plateau
            samples[index] = int(readers[channel]())
            index += capacity
            channel += 1
        count += 1
        state[COUNT] = count
