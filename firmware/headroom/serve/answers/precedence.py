"""Which wish counts before which: one table. ``help precedence``, the page of wishes and its tests are made from it."""

# name, what it does, what does not count meanwhile, until when; of all that counts the lowest is offered
TABLE = (
    ("pause", "nothing is offered, and the plug is released",
     ("boost", "slow", "need", "solar", "start delay", "timetable", "household_ma"),
     "resume, the button, or the car leaves"),
    ("boost", "as much as the supply leaves",
     ("slow", "need", "solar", "start delay", "timetable", "household_ma"),
     "the car leaves, the hours are over, boost off, or a restart"),
    ("slow", "the car's minimum, or what it needs to begin, whenever the rest lets it charge", (), "mode normal"),
    ("need", "charges at any time, while what is missing does not fit into the timetable", ("solar", "timetable"),
     "it is delivered, or its hour"),
    ("solar", "what would be fed in; `window`: that, where the timetable leaves less", (), "set solar off"),
    ("start delay", "nothing for some minutes, by chance, when a charge would begin", (), "they are over"),
    ("timetable", "the window's ceiling, or that of all other times", (), "timetable off"),
    ("household_ma", "the most that the household allows", (), "set household_ma"),
)  # fmt: skip


def lines():
    """The table in words, the first counts before the rest."""
    for name, does, lifts, until in TABLE:
        but = "; not meanwhile: " + ", ".join(lifts) if lifts else ""
        yield "%-12s  %s%s; until %s" % (name, does, but, until)
    yield "of those that count the lowest is offered; breaker, tariff, grid operator and safety bound them all"
