"""What a person may tell the world around a live chip: read and checked here, before anything is noted or done.

The relay on the PC reads each line for itself, and the chip's bench once more where it carries it out.
"""

FAULTS = (
    "aux", "bus", "button", "contactor", "deaf", "diode", "earth", "lamp", "line", "lock", "monitor", "plug", "pole", "relays",
    "residual", "short", "weld",
)  # fmt: skip
# what a test jig does to a board: its relays' positions; a cable's ohm, a leak's mA and kind are numbers
RELAYS = {
    "state": ("A", "B", "C", "D", "car"),
    "earth": ("closed", "open"),
    "aux": ("free", "held"),
    "button": ("free", "pressed"),
}
LEAKS = ("dc", "ac")
CLAMPS = (
    "ajar", "backwards", "bias", "burden", "clipped", "error", "frozen", "ground", "noisy", "ok", "rail", "storm",
    "swapped", "unplugged",
)  # fmt: skip
SENSORS = ("temperature", "proximity", "rail", "voltage", "pilot")
READS = ("torn", "shorted", "ok")
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
    return decimal(current, 6, 80), {"1": 1, "2": 2, "3": 3}[phases]


def house(words):
    """(l1_ma, ...), as many as were told; negative: panels feed in."""
    if not 1 <= len(words) <= 3:
        raise ValueError
    return tuple([-decimal(word[1:], 0, 1000) if word[:1] == "-" else decimal(word, 0, 1000) for word in words])


def clamp(words):
    """(phase, what is wrong with it)."""
    line, what = words
    if what not in CLAMPS:
        raise ValueError
    return {"L1": 0, "L2": 1, "L3": 2}[line.upper()], what


def sensor(words):
    """(name, what it reads like)."""
    name, what = words
    if name not in SENSORS or what not in READS:
        raise ValueError
    return name, what


def wired(words):
    """(the supply's phases in the charger's order, whether the car is between the two)."""
    (word,) = words
    between = "-" in word
    named = word.lower().split("-") if between else ["l" + each for each in word.lower().split("l")[1:]]
    lines = [("l1", "l2", "l3").index(each) for each in named]
    whole = word.lower() == ("-" if between else "").join(named)
    if not whole or len(set(lines)) < len(lines) or (between and len(lines) != 2):
        raise ValueError
    return tuple(lines), between


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


def button(words):
    """(ms pressed, ms let go, ms pressed ...)."""
    (how,) = words or ["once"]
    return PRESSES[how]


def volts(words):
    """(mV,)."""
    (word,) = words
    return (decimal(word, 0, 450),)


def jig(words):
    """(relay, position), ("cable", ohm) or ("leak", uA, kind)."""
    name, *rest = words
    if name in RELAYS:
        (position,) = rest
        if position not in RELAYS[name]:
            raise ValueError
        return name, position
    if name == "cable":
        (ohm,) = rest
        return name, decimal(ohm, 0, 100000) // 1000
    milliamps, kind = rest
    if name != "leak" or kind not in LEAKS:
        raise ValueError
    return name, (-1 if milliamps[:1] == "-" else 1) * decimal(milliamps.lstrip("-"), 0, 1000), kind


def bag(words):
    """(seed,)."""
    (word,) = words
    return (decimal(word, 0, MOST_WRITES) // 1000,)


def part(words):
    """(name, value, clamp's place); the bench knows which parts there are."""
    name, value = words[:2]
    places = {"L1": 0, "L2": 1, "L3": 2}
    place = places[words[2].upper()] if len(words) == 3 else 0
    whole = int(value)
    if len(words) > 3 or abs(whole) > 1000000000:
        raise ValueError
    return name, whole, place


def cut_after(words):
    """(flash writes,)."""
    (word,) = words
    if "." in word:
        raise ValueError
    return (decimal(word, 1, MOST_WRITES) // 1000,)


PRESSES = {"once": (200,), "twice": (150, 200, 150), "long": (3500,)}  # ms pressed, let go, pressed

# name: what reads its words, and how it is written
ORDERS = {
    "bag": (bag, "bag SEED, another board's analog parts"),
    "button": (button, "button [once|twice|long], the charger's own is pressed"),
    "clamp": (clamp, "clamp L1 WHAT, L1 to L3, WHAT one of " + ", ".join(CLAMPS)),
    "cut": (nothing, "cut"),
    "cut-after": (cut_after, "cut-after N, the flash write from now that is cut, 1 to %d" % MOST_WRITES),
    "dim": (switched, "dim on|off"),
    "fault": (fault, "fault NAME [on|off], NAME one of " + ", ".join(FAULTS)),
    "house": (house, "house A [A A], on L1, L2, L3, -1000 to 1000 A each, negative: fed in"),
    "jig": (jig, "jig state|earth|aux|button POSITION, jig cable OHM, or jig leak MA dc|ac"),
    "look": (nothing, "look"),
    "mend": (nothing, "mend"),
    "part": (part, "part NAME VALUE [L1], a part has another value than it should"),
    "plug": (plug, "plug [A [PHASES]], 6 to 80 A on 1 to 3 phases"),
    "probe": (nothing, "probe"),
    "reset": (nothing, "reset"),
    "sensor": (sensor, "sensor NAME torn|shorted|ok, NAME one of " + ", ".join(SENSORS)),
    "unplug": (nothing, "unplug"),
    "volts": (volts, "volts V, phase to neutral, 0 to 450 V"),
    "wiring": (wired, "wiring L2L3L1, the supply's phases on the charger's own, or wiring L1-L2, between two lines"),
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
