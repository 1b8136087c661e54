"""The cable's rating, told by the resistor between proximity contact and earth of a socket.

Source: IEC 61851-1 Table B.2 as quoted by EVerest (project's domain notes 2). Between two bands the lower rating
holds; outside them there is no cable, or one that nobody should trust. EVerest takes anything above 60 ohm for 63 A;
here the 63 A band ends at its own 80 ohm, the stricter of the two.
"""

NO_CABLE = 0
BROKEN = -1

# (lowest ohm, rating mA), falling; below the last one the contact is shorted. Edges are the lower rating's highest ohm
# (an in-between value takes the lower rating), e.g. 936 ohm is the highest 20 A coding: above it 13 A holds.
BANDS = (
    (4501, NO_CABLE),
    (937, 13000),
    (309, 20000),
    (141, 32000),
    (80, 63000),
)


def cable_ma(ohm):
    """Rating of the cable in mA; NO_CABLE when nothing is plugged into the socket, BROKEN for a short."""
    for lowest, rating_ma in BANDS:
        if ohm >= lowest:
            return rating_ma
    return BROKEN
