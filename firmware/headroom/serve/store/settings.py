"""Settings: the values in force, those staged by ``set``, and their form in the store.

``stage`` checks one value, ``save`` checks them all together and puts them in force, ``undo`` drops them. Stored as lines
``name=value`` under a version; what a newer version left there and this one does not know is kept.
"""

from headroom.serve.loader import part
from headroom.terms.refused import Refused

RECORD = "settings"


class Settings:
    """Values by name. ``ceilings``: name -> the board's own rating, above which a value is refused; ``parts``: its optional
    parts that are fitted, None: all.
    """

    def __init__(self, ceilings=None, table=None, parts=None):
        self.own = table  # in place of the firmware's settings_table
        self.version = self.table.VERSION
        self.ceilings = ceilings or {}
        self.parts = parts
        rows = self.table.TABLE
        common = getattr(self.table, "RARE", len(rows))
        self.values = {
            row[0]: min(row[2], self.ceilings.get(row[0], row[2])) for place, row in enumerate(rows) if place < common
        }
        self.stored = False  # somebody has saved them once
        self.staged = {}
        self.unknown = {}  # name: text, of a newer version
        self.dropped = []  # names whose stored value is not allowed: the default is in force

    @property
    def table(self):
        """The module of the table, read when it is needed."""
        return self.own or part("settings_table")

    def get(self, name):
        """The value in force; Refused for an unknown name."""
        return self.values[name] if name in self.values else self.row(name)[2]

    def row(self, name):
        """The row of a setting; Refused for a name that is none."""
        return part("units").row_of(name, self.table)

    def stage(self, name, text):
        """Check ``text`` for ``name`` and stage it; returns the value understood, Refused says what is wrong."""
        units = part("units")
        row = self.row(name)
        value = units.understood(row, text, self.ceilings.get(name))
        unserved = self._unserved(row, value)
        if unserved:
            raise Refused(unserved)
        if value == self.get(name):
            self.staged.pop(name, None)
        else:
            self.staged[name] = value
        return value

    def _unserved(self, row, value):
        """Why this board cannot serve a value; empty when it can."""
        return part("board_serves").refusal(row, value, self.parts, self.ceilings.get("phases", 3))

    def checked(self):
        """The values with what is staged; Refused when they contradict each other."""
        wrong = self.wrong()
        if wrong:
            raise Refused("; ".join(wrong))
        return self._together()

    def save(self, values=None):
        """Put ``values``, or what is staged, in force: all or, where something fails, nothing."""
        self.values = values or self.checked()
        self.stored = True
        self.staged.clear()
        self.dropped.clear()

    def wrong(self):
        """What would contradict each other after ``save``, in sentences."""
        return part("contradictions").contradictions(self._together())

    def cautions(self, name):
        """What a person who sets ``name`` should know of it, in sentences."""
        rules, values = part("contradictions"), self._together()
        left = rules.unguarded(values, self.ceilings.get("phases", 3)) if name in ("phases", "wiring") else ""
        told = rules.cautions(values) if name in ("min_ma", "trust_safe_ma") else []
        return told + [each for each in (left, rules.idle(name, values)) if each]

    def _together(self):
        together = dict(self.values)
        together.update(self.staged)
        return together

    def undo(self):
        """Drop what is staged."""
        self.staged = {}

    def pack(self, values=None):
        """``values``, or those in force, as bytes for the store."""
        values = values or self.values
        lines = ["headroom settings %d" % self.version]
        lines += ["%s=%d" % (row[0], values[row[0]]) for row in self.table.TABLE if row[0] in values]
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
        for since, old, new, factor in self.table.MIGRATIONS:
            if version < since and old in stored:
                stored[new] = str(int(stored.pop(old)) * factor)
        self.stored = True
        for row in self.table.TABLE:
            name = row[0]
            if name not in stored:
                continue
            value = whole(stored.pop(name))
            fits = value is not None and row[3] <= value <= min(row[4], self.ceilings.get(name, row[4]))
            if not fits or self._unserved(row, value):
                self.dropped.append(name)
            else:
                self.values[name] = value
        self.unknown.update(stored)


def whole(text):
    """The integer that ``text`` is, or None."""
    try:
        return int(text)
    except ValueError:
        return None
