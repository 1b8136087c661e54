"""``help`` on the console: from the table of commands and the table of settings."""

from headroom.serve.commands import TABLE, names
from headroom.serve.settings_table import WHO
from headroom.serve.units import shown


def help_about(desk, typed):
    """help [COMMAND | settings | SETTING]."""
    if not typed:
        for name, after, sentence, _ in TABLE:
            yield "%-9s %-18s %s" % (name, after, sentence), None
    elif typed[0] == "settings":
        for row in desk.settings.table.TABLE:
            yield "%-16s %s" % (row[0], row[6]), None
    elif typed[0] in names():
        for name, after, sentence, _ in TABLE:
            if name == typed[0]:
                yield "%s %s: %s" % (name, after, sentence), None
    else:
        row = desk.settings.row(typed[0])
        name, unit, default, low, high, who, sentence = row
        yield "%s: %s" % (name, sentence), None
        if isinstance(unit, tuple):
            yield "one of %s; %s unless set" % (", ".join(unit), unit[default]), None
        else:
            span = (shown(unit, low), shown(unit, high), shown(unit, default))
            yield "%s to %s; %s unless set" % span, None
        yield "the %s changes it" % WHO[who], None
