"""The meters that can be read, by name, and what one may be wired to. The place in a list is what is stored: append only."""

CHOICES = "none sdm120 sdm230 sdm630 sdm72 em112 em340 em24 abb-b23 dtsu666 orno-514 orno-516 iem3000 generic p1 p1-10s"
NONE, GENERIC, P1, P1_SLOW = 0, 13, 14, 15

ROLES = "supply check car"
SUPPLY = 0  # it measures the supply, and nothing else does
CHECK = 1  # clamps do, and it checks them
CAR = 2  # it is on the car's own line
