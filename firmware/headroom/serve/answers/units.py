"""Settings as people write and read them: a name's row, values with their units, and what is wrong with what was typed."""

from headroom.serve.answers import settings_table
from headroom.serve.answers.calendar import digits
from headroom.serve.answers.secrets import secret
from headroom.serve.answers.settings_table import UNITS
from headroom.terms.refused import Refused

FINE = ("mA", "mA/s", "ms", "W")  # units so small that ...
FEW = (
    1000  # ... fewer of them without a word are the next unit's: trust_safe_ma 6 is 6 A, and who means 6 mA writes 6mA
)


def row_of(name, table=settings_table):
    """The row of a setting; Refused for a name that is none."""
    at = table.NAMES.find("\n%s\n" % name)
    if at >= 0:
        return table.TABLE[table.NAMES[:at].count("\n")]
    hidden = secret(name + " ")
    near = "" if hidden else nearest(name, table.NAMES.split())
    told = ("..." if hidden else name[:20], near + "? " if near else "")
    raise Refused("no setting '%s': %shelp settings lists them" % told)


def nearest(typed, names):
    """The first of ``names`` that begins like ``typed``, or differs in one place by a letter or a swap; else an empty text."""
    typed = typed.lower()[:20]
    if len(typed) < 3:
        return ""
    for name in names:
        if name.startswith(typed) or typed.startswith(name):
            return name
    for name in names:
        if len(name) > 7 and name.partition("_")[0] in typed:  # timezone, mybreaker
            return name
    for name in names:
        at = 0
        while at < min(len(typed), len(name)) and typed[at] == name[at]:
            at += 1
        one, other = typed[at:], name[at:]
        if (
            one[1:] == other
            or one == other[1:]
            or one[1:] == other[1:]
            or one[:2] + other[2:] == other[1:2] + other[:1] + one[2:]
        ):
            return name
    return ""


def shown(unit, value):
    """``25000`` in mA -> ``25 A``, ``7400`` -> ``7.4 A``: the largest unit that shows it whole; a choice shows its word."""
    if isinstance(unit, tuple):
        return unit[value]
    if unit == "mA" and value >= 1000 and value % 1000 and value % 100 == 0:
        return "%d.%d A" % (value // 1000, value // 100 % 10)
    best = None
    for name, factor in UNITS[unit]:
        if value % factor == 0 and (value or factor == 1):
            best = (name, factor)
    if best is None:
        return str(value)
    word = unit if best[1] == 1 else {"a": "A", "kw": "kW", "a/s": "A/s"}.get(best[0], best[0])
    return "%d %s" % (value // best[1], word)


def understood(row, text, ceiling=None):
    """The value that ``text`` means for a row, as ``25A``, ``25 A``, ``25.5a``, ``25000``; Refused with what is wrong.

    ``ceiling``: the board's own rating, where it has one.
    """
    name, unit, _, low, high, _, _ = row
    where = ""
    if ceiling is not None and ceiling < high:
        high, where = ceiling, " on this board"
    text = text.strip().lower()
    if isinstance(unit, tuple):
        if text not in unit:
            raise Refused("%s: '%s' is not one of %s" % (name, text[:20], ", ".join(unit)))
        return unit.index(text)
    each = text.replace(" ", "").replace("*", "x")
    if each[1:2] == "x" and digits(each[0]):
        raise Refused("%s: '%s': write one phase's value, %s; phases says how many" % (name, text[:20], each[2:20]))
    if "," in text:
        raise Refused("%s: '%s': write a point, not a comma" % (name, text[:20]))
    end = 0
    while end < len(text) and (digits(text[end]) or text[end] == "." or (text[end] in "+-" and end == 0)):
        end += 1
    number, written = text[:end], text[end:].strip()
    if low < 0 and number[:1] == "+":
        number = number[1:]
    factor = 1
    if number and written:
        factors = [each for word, each in UNITS[unit] if word == written]
        if not factors:
            raise Refused("%s: '%s' is no unit for it, write %s" % (name, written[:20], example(unit, high)))
        factor = factors[0]
    value = scaled(number, factor)
    if value is None:
        raise Refused("%s: '%s' is no value for it, write %s" % (name, text[:20], example(unit, high)))
    few = 0 < value < FEW and unit in FINE
    if few or not low <= value <= high:
        for _, each in UNITS[unit]:
            if not written and each > 1 and low <= value * each <= high:
                meant = shown(unit, value * each)
                raise Refused(
                    "%s: %s is too little; if you mean %s, write %s or %d"
                    % (name, shown(unit, value), meant, meant.replace(" ", ""), value * each)
                )
    if not low <= value <= high:
        raise Refused(
            "%s: %s is outside %s to %s%s" % (name, shown(unit, value), shown(unit, low), shown(unit, high), where)
        )
    return value


def example(unit, high):
    """How a value of so much may be written."""
    if not UNITS[unit]:
        return "a number like %d" % high
    return "a number with its unit like %s" % shown(unit, high).replace(" ", "")


def number(text, most):
    """The number from 0 to ``most`` that plain digits write, with zeros before it or not; None when it is none."""
    if not text or not digits(text):
        return None
    text = text.lstrip("0") or "0"
    return int(text) if len(text) <= 9 and int(text) <= most else None


def scaled(number, factor):
    """``25.5`` times 1000 as an integer, without floats; None when it is no number or would be cut."""
    sign = 1
    if number[:1] == "-":
        sign, number = -1, number[1:]
    whole, _, part = number.partition(".")
    whole = whole.lstrip("0") or whole[:1]
    part = part.rstrip("0") or part[:1]
    if not (whole or part) or len(whole) > 9 or len(part) > 6 or not digits(whole + part):
        return None
    divisor = 10 ** len(part)
    value = int(whole + part) * factor
    return None if value % divisor else sign * (value // divisor)
