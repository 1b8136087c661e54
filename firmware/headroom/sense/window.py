"""The sampling loop: one window of whole mains cycles, every clamp in turn, the pilot's samples in between.

Most of the time must go into conversions, so the loop is native code and touches Python only to read the clock and the
ADC. All its state lies in an array: a conversion that raises OSError leaves it whole, and ``fill`` is called again.

A pilot sample is due at an instant known beforehand (``headroom.sense.plateau``). The round of clamp conversions that
covers it stops before the conversion that would run over it, waits for the instant, and takes it. A sample is thrown
away when the clock shows afterwards that it was not taken then. A pilot that moved is not kept waiting: the window ends
when the new level has been seen twice, at most every second one. A fault input that trips ends it as well, once.
window.svg draws one window.
"""

import micropython
from micropython import const

COUNT = const(0)  # samples per channel so far
CHANNELS = const(1)
CAPACITY = const(2)  # samples per channel that fit
START_US = const(3)  # ticks_us of the first round
WINDOW_US = const(4)  # how long the window shall be; 0: it ended early
ELAPSED_US = const(5)  # when the round after the last would have begun, from START_US
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
LAST = const(21)  # and 22: the last of them
ROUND_TENTH_US = const(23)  # conversions of one round
MOVED = const(24)  # 1: the high level, the car's state, is another, and no window has told so yet
# 1: the last window ended early, so this one must not: a pilot that never rests would blind the clamps
WHOLE = const(25)
ODD = const(26)  # and 27: a sample of another level; the next one confirms it, or it was noise
PARTED = const(28)  # how many rounds so far had a pilot sample between two of their conversions ...
ROUNDS = const(29)  # ... and which: number of the round << 2 | conversions before it
PARTED_MAX = const(12)
WATCHED = const(41)  # bit n: fault input n, healthy so far, ends the window when it trips
TRIP_LEVELS = const(42)  # bit n: its level then
TRIPPED = const(43)  # 1: one did
SIZE = const(44)

WATCH_MASK = const(7)  # the fault inputs are looked at before every eighth round: once in a millisecond on three clamps

LEVEL = const(100)  # counts between two samples of one level, at most: a third of the way to the next pilot state

NO_SAMPLE = const(-5000)
TICKS_MASK = const(0x3FFFFFFF)  # the port's ticks wrap at 2^30


@micropython.viper
def take(state: ptr32, plateau: int, start: int, read_pilot, ticks_us):
    """Wait for the pilot sample that is due and take it; a late one is left out, an interrupted one thrown away."""
    earliest = state[FROM_TENTH_US + plateau]
    now = ((int(ticks_us()) - start) & TICKS_MASK) * 10
    while now < earliest:
        now = ((int(ticks_us()) - start) & TICKS_MASK) * 10
    if now > earliest + state[WIDTH_TENTH_US + plateau]:
        return
    x = int(read_pilot())
    after = ((int(ticks_us()) - start) & TICKS_MASK) * 10
    soon = earliest + (state[PERIOD_TENTH_US] << 1)
    state[FROM_TENTH_US + plateau] = earliest + state[STRIDE_TENTH_US] if state[TAKEN + plateau] else soon
    if after - now > state[LIMIT_TENTH_US]:
        return
    if state[OTHER]:
        state[PLATEAU] = 1 - plateau
    moved = x - state[LAST + plateau]
    if moved > LEVEL or moved < -LEVEL:
        moved = x - state[ODD + plateau]
        state[ODD + plateau] = x
        if moved > LEVEL or moved < -LEVEL:
            state[FROM_TENTH_US + plateau] = soon
            return
        state[TAKEN + plateau] = 1
        state[SUM + plateau] = x - moved
        state[MOVED] |= 1 - plateau
    state[ODD + plateau] = NO_SAMPLE
    state[LAST + plateau] = x
    state[TAKEN + plateau] += 1
    state[SUM + plateau] += x
    if state[MOVED] > state[WHOLE] and state[TAKEN] > 1 and (state[TAKEN + 1] > 1 or not state[OTHER]):
        state[WINDOW_US] = 0


@micropython.viper
def watch(state: ptr32, residual, earth):
    """End the window where a fault input trips: what opens the contactor does not wait for a mains cycle."""
    watched = state[WATCHED]
    levels = state[TRIP_LEVELS]
    if (watched & 1 and int(residual()) == levels & 1) or (watched & 2 and int(earth()) == levels >> 1):
        state[TRIPPED] = 1
        state[WATCHED] = 0
        state[WINDOW_US] = 0


@micropython.viper
def fill(
    count: int,
    index: int,
    samples: ptr16,
    state: ptr32,
    first,
    second,
    third,
    fourth,
    read_pilot,
    ticks_us,
    residual,
    earth,
):
    """Sample until the window is over or full, from round ``count`` = ``index`` on.

    When a round began, in us from START_US, lies at samples[round]; what ``first`` (``second`` ...) read in it at
    samples[CAPACITY * (1, 2 ...) + round]. The arguments stand in the order of their use, for viper keeps the first ones
    in registers; a list of readers would cost more than the loop.
    """
    start = state[START_US]
    channels = state[CHANNELS]
    capacity = state[CAPACITY]
    elapsed = 0
    while count < capacity:
        elapsed = (int(ticks_us()) - start) & TICKS_MASK
        if elapsed >= state[WINDOW_US]:
            break
        samples[count] = elapsed
        if count & WATCH_MASK == 0 and state[WATCHED]:
            watch(state, residual, earth)
        plateau = state[PLATEAU]
        ahead = state[FROM_TENTH_US + plateau] - elapsed * 10
        due = 9
        if ahead <= state[ROUND_TENTH_US]:
            while ahead + state[WIDTH_TENTH_US + plateau] < 0:
                ahead += state[PERIOD_TENTH_US]
            state[FROM_TENTH_US + plateau] = elapsed * 10 + ahead
            due = 0
            while ahead > state[SLOT_TENTH_US]:
                ahead -= state[SLOT_TENTH_US]
                due += 1
            if due == 0:
                take(state, plateau, start, read_pilot, ticks_us)
                samples[count] = (int(ticks_us()) - start) & TICKS_MASK
            elif state[PARTED] < PARTED_MAX:
                state[ROUNDS + state[PARTED]] = count << 2 | due
                state[PARTED] += 1
        index = count + capacity
        samples[index] = int(first())
        if channels > 1:
            if due == 1:
                take(state, plateau, start, read_pilot, ticks_us)
            index += capacity
            samples[index] = int(second())
            if channels > 2:
                if due == 2:
                    take(state, plateau, start, read_pilot, ticks_us)
                index += capacity
                samples[index] = int(third())
                if channels > 3:
                    if due == 3:
                        take(state, plateau, start, read_pilot, ticks_us)
                    index += capacity
                    samples[index] = int(fourth())
        count += 1
        state[COUNT] = count
    state[ELAPSED_US] = elapsed
