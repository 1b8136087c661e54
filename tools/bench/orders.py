"""What a person may tell the world around a live chip: read and checked here, before anything is noted or done.

The relay on the PC reads each line for itself, and the chip's bench once more where it carries it out.
"""

FAULTS = ("contactor", "diode", "earth", "residual", "short", "weld")
MOST_WRITES = 1000000
QUOTED = 60  # characters of a line in an error


class Unfit(ValueError):
    """A line asks for what cannot be; the message says what can, and how to write it."""


def decimal(word, low, high):
    """A number in thousandths, such as mA of "12.5"; ValueError unless digits with at most one point, from low to high."""
    digits = word.replace(".", "", 1)
    if not (digits and len(word) < 12 and all(each in "0123456789" for each in digits)):
        raise ValueError
    value = float(word)
    if not low <= value <= high:
        raise ValueError
    return int(value * 1000)


def nothing(words):
    """No words."""
    if words:
        raise ValueError
    return ()


def plug(words):
    """(max_ma, phases), or () for the car that was there."""
    if not words:
        return ()
    current, phases = words if len(words) > 1 else (words[0], "1")
    return decimal(current, 6, 80), {"1": 1, "3": 3}[phases]


def house(words):
    """(l1_ma, ...), as many as were told."""
    if not 1 <= len(words) <= 3:
        raise ValueError
    return tuple([decimal(word, 0, 1000) for word in words])


def fault(words):
    """(name, happened); it happens unless told otherwise."""
    name, happened = (words[0], "on") if len(words) == 1 else words
    if name not in FAULTS:
        raise ValueError
    return name, switched([happened])[0]


def switched(words):
    """(True,) for on, (False,) for off."""
    (word,) = words
    return ({"on": True, "off": False}[word],)


def volts(words):
    """(mV,)."""
    (word,) = words
    return (decimal(word, 0, 450),)


def cut_after(words):
    """(flash writes,)."""
    (word,) = words
    if "." in word:
        raise ValueError
    return (decimal(word, 1, MOST_WRITES) // 1000,)


# name: what reads its words, and how it is written
ORDERS = {
    "cut": (nothing, "cut"),
    "cut-after": (cut_after, "cut-after N, the flash write from now that is cut, 1 to %d" % MOST_WRITES),
    "dim": (switched, "dim on|off"),
    "fault": (fault, "fault NAME [on|off], NAME one of " + ", ".join(FAULTS)),
    "house": (house, "house A [A A], on L1, L2, L3, 0 to 1000 A each"),
    "look": (nothing, "look"),
    "plug": (plug, "plug [A [PHASES]], 6 to 80 A on 1 or 3 phases"),
    "reset": (nothing, "reset"),
    "unplug": (nothing, "unplug"),
    "volts": (volts, "volts V, phase to neutral, 0 to 450 V"),
}


def read(line):
    """The name of an order, and its values as a tuple; Unfit for what cannot be."""
    words = line.split() or [""]
    name = words.pop(0)
    if name not in ORDERS:
        raise Unfit("no command '%s'; there are: %s" % (name[:QUOTED], ", ".join(sorted(ORDERS))))
    reader, usage = ORDERS[name]
    try:
        return name, reader(words)
    except (ValueError, KeyError):
        raise Unfit("'%s' is not understood: write %s" % (line[:QUOTED], usage)) from None
