"""How the charger is wired to the supply: the supply's phases in the order of the charger's own terminals, its L1 first.

A car with one phase draws on the charger's L1, one with two on L1 and L2 (IEC 62196-2: contacts of the vehicle's inlet), so
the order says where. Rotated phases are common: installers spread one-phase cars that way. On an IT grid (230 V between
lines: Norway, parts of Belgium) a car stands between two lines.
"""

# The choices of the setting ``wiring``, stored by place: append, never move. The first: as many as ``phases`` says, from L1 on.
CHOICES = "straight l1 l2 l3 l1l2 l1l3 l2l1 l2l3 l3l1 l3l2 l1l2l3 l1l3l2 l2l1l3 l2l3l1 l3l1l2 l3l2l1 l1-l2 l2-l3 l1-l3"
STRAIGHT = 0
BETWEEN = 16  # from here on: between two lines


def lines(choice, phases):
    """The phases (0..2) that the charger is wired to, in its order."""
    if choice == STRAIGHT:
        return tuple(range(phases))
    return tuple([int(each) - 1 for each in CHOICES.split(" ")[choice] if each in "123"])


def all_of(lines):
    """``lines`` and behind them those that are not wired."""
    return tuple(list(lines) + [phase for phase in range(3) if phase not in lines])


def mask(lines):
    """The same as a set: bit n is phase n."""
    return sum([1 << phase for phase in lines])
