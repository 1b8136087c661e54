"""The charger's own register map, as one table: from it come the answers, the page, `headroom integrate` and the tests.

Holding and input registers are the same (functions 3 and 4). Numbers of two words have the high word first, and are signed;
one that is not known is NOT_KNOWN. In the order of the registers: ``server.py`` fills them in the same.
"""

VERSION = 1  # raised when a register changes its meaning; a new one is appended
NOT_KNOWN = -0x8000  # in one word; in two 0x80000000

LIMIT, PAUSED = 3, 4  # those that a manager writes
NO_LIMIT_DA = 0xFFFF

# words, name, unit, meaning
ROWS = (
    (1, "map_version", "", "version of this map"),
    (1, "pilot_state", "", "the pilot: 0 not seen, 1 A no car, 2 B plugged, 3 C asks for power, 4 D, 5 E, 6 F"),
    (1, "closed", "", "1 while the contactor is closed"),
    (
        1,
        "limit",
        "0.1 A",
        "WRITE: the most the car may be offered; below min_ma: nothing; 65535: no limit of the manager's",
    ),
    (
        1,
        "paused",
        "",
        "WRITE: 1 stops the charge, for as long as a limit would hold, 0 lets it go on; read: 1 at the button's doing as well",
    ),
    (1, "left", "s", "how long the limit still holds without a request; 0: remote_safe_ma is in force"),
    (1, "fault", "", "number of the worst fault, 0 none: see status"),
    (1, "doubt", "", "number of what is wrong with the meter, 0 nothing"),
    (1, "reason", "", "number of what sets the offer: see why"),
    (1, "temperature", "degrees C", "inside the charger"),
    (2, "offered", "mA", "what the car is offered; 0: nothing"),
    (2, "in_force", "mA", "the limit from outside that is in force; 536870912: none"),
    (2, "supply_l1", "mA", "the supply's L1, negative: export, where that is known"),
    (2, "supply_l2", "mA", "L2"),
    (2, "supply_l3", "mA", "L3"),
    (2, "car", "mA", "what the car draws on each of its phases, where a clamp or meter of its own tells"),
    (2, "supply_energy", "Wh", "from the supply since the charger was first set up, less what went out"),
    (2, "car_energy", "Wh", "into the car since then"),
    (1, "age", "ms", "how old the supply's currents are"),
    (1, "min", "0.1 A", "the least a car charges with, min_ma"),
    (1, "max", "0.1 A", "the charger's own rating, charger_ma"),
    (1, "hold", "s", "remote_hold_ms: a limit ends so long after the last request"),
    (1, "safe", "0.1 A", "remote_safe_ma: and then this is in force"),
)


def total():
    """How many registers there are."""
    return sum([row[0] for row in ROWS])


def place(name):
    """The register of a row; -1 for none."""
    at = 0
    for row in ROWS:
        if row[1] == name:
            return at
        at += row[0]
    return -1
