"""Settings: the values in force, those staged by ``set``, and their form in the store.

``stage`` checks one value, ``save`` checks them all together and puts them in force, ``undo`` drops them. Stored as lines
``name=value`` under a version; what a newer version left there and this one does not know is kept.
"""

from headroom.decide.contradictions import contradictions
from headroom.serve.settings_table import MIGRATIONS, TABLE, UNITS, VERSION

RECORD = "settings"


class Refused(Exception):
    """A person asked for what cannot be; the message says what and what to do."""


def row_of(name, table=TABLE):
    """The row of a setting; Refused for a name that is none."""
    for row in table:
        if row[0] == name:
            return row
    raise Refused("no setting '%s': help settings lists them" % name)


def shown(unit, value):
    """``25000`` in mA -> ``25 A``: the largest unit that shows it whole; a choice shows its word."""
    if isinstance(unit, tuple):
        return unit[value]
    best = None
    for name, factor in UNITS[unit]:
        if value % factor == 0 and (value or factor == 1):
            best = (name, factor)
    if best is None:
        return str(value)
    word = unit if best[1] == 1 else best[0].upper() if best[0] == "a" else best[0]
    return "%d %s" % (value // best[1], word)


def understood(row, text):
    """The value that ``text`` means for a row, as ``25A``, ``25 A``, ``25.5a``, ``25000``; Refused with what is wrong."""
    name, unit, _, low, high, _, _ = row
    text = text.strip().lower()
    if isinstance(unit, tuple):
        if text not in unit:
            raise Refused("%s: '%s' is not one of %s" % (name, text[:20], ", ".join(unit)))
        return unit.index(text)
    end = 0
    while end < len(text) and (text[end].isdigit() or text[end] == "." or (text[end] == "-" and end == 0)):
        end += 1
    number, written = text[:end], text[end:].strip()
    factor = 1
    if written:
        factors = [each for word, each in UNITS[unit] if word == written]
        if not factors:
            raise Refused("%s: '%s' is no unit for it, write %s" % (name, written[:20], example(row)))
        factor = factors[0]
    value = scaled(number, factor)
    if value is None:
        raise Refused("%s: '%s' is not a number, write %s" % (name, text[:20], example(row)))
    if not low <= value <= high:
        for _, each in UNITS[unit]:
            if not written and low <= value * each <= high:
                meant = shown(unit, value * each)
                raise Refused(
                    "%s: %s is too little; if you mean %s, write %s or %d"
                    % (name, shown(unit, value), meant, meant.replace(" ", ""), value * each)
                )
        raise Refused(
            "%s: %s is outside %s to %s, write %s"
            % (name, shown(unit, value), shown(unit, low), shown(unit, high), example(row))
        )
    return value


def example(row):
    """How a value of a row may be written."""
    unit, high = row[1], row[4]
    if not UNITS[unit]:
        return "a number like %d" % high
    return "a number with its unit like %s" % shown(unit, high).replace(" ", "")


def scaled(number, factor):
    """``25.5`` times 1000 as an integer, without floats; None when it is no number or would be cut."""
    sign = 1
    if number[:1] == "-":
        sign, number = -1, number[1:]
    whole, _, part = number.partition(".")
    if not (whole or part) or len(whole) > 9 or len(part) > 6 or not (whole + part).isdigit():
        return None
    divisor = 10 ** len(part)
    value = int(whole + part) * factor
    return None if value % divisor else sign * (value // divisor)


class Settings:
    """Values by name. ``ceilings``: name -> the board's own rating, above which a value is refused."""

    def __init__(self, ceilings=None, table=TABLE, migrations=MIGRATIONS, version=VERSION):
        self.table = table
        self.migrations = migrations
        self.version = version
        self.ceilings = ceilings or {}
        self.values = {row[0]: row[2] for row in table}
        self.staged = {}
        self.unknown = {}  # name: text, of a newer version
        self.dropped = []  # names whose stored value is not allowed: the default is in force

    def get(self, name):
        """The value in force; Refused for an unknown name."""
        row_of(name, self.table)
        return self.values[name]

    def stage(self, name, text):
        """Check ``text`` for ``name`` and stage it; returns the value understood, Refused says what is wrong."""
        value = understood(row_of(name, self.table), text)
        ceiling = self.ceilings.get(name)
        if ceiling is not None and value > ceiling:
            unit = row_of(name, self.table)[1]
            raise Refused("%s: this board is built for %s at most" % (name, shown(unit, ceiling)))
        if value == self.values[name]:
            self.staged.pop(name, None)
        else:
            self.staged[name] = value
        return value

    def save(self):
        """Put what is staged in force; Refused when it contradicts itself, and then nothing has changed."""
        together = dict(self.values)
        together.update(self.staged)
        wrong = contradictions(together)
        if wrong:
            raise Refused("; ".join(wrong))
        self.values = together
        self.staged = {}
        self.dropped = []

    def undo(self):
        """Drop what is staged."""
        self.staged = {}

    def pack(self):
        """The values in force as bytes for the store."""
        lines = ["headroom settings %d" % self.version]
        lines += ["%s=%d" % (row[0], self.values[row[0]]) for row in self.table]
        lines += ["%s=%s" % (name, self.unknown[name]) for name in sorted(self.unknown)]
        return ("\n".join(lines) + "\n").encode()

    def unpack(self, data):
        """Take over stored bytes, migrated to this version; a value that is not allowed leaves the default in force."""
        lines = data.decode().split("\n")
        version = int(lines[0].split(" ")[-1])
        self.version = max(version, self.version)
        stored = {}
        for line in lines[1:]:
            name, equals, text = line.partition("=")
            if equals:
                stored[name] = text
        for since, old, new, factor in self.migrations:
            if version < since and old in stored:
                stored[new] = str(int(stored.pop(old)) * factor)
        rows = {row[0]: row for row in self.table}
        for name in stored:
            row = rows.get(name)
            if row is None:
                self.unknown[name] = stored[name]
                continue
            value = whole(stored[name])
            if value is None or not row[3] <= value <= row[4] or value > self.ceilings.get(name, value):
                self.dropped.append(name)
            else:
                self.values[name] = value


def whole(text):
    """The integer that ``text`` is, or None."""
    try:
        return int(text)
    except ValueError:
        return None
