"""The work sheet: what an operator does, and every step, made from the steps themselves and from the table of limits.

As text for a terminal, and as a page that fits on one sheet of paper.
"""

from pathlib import Path

from headroom_tools.jig.limits import LIMITS
from headroom_tools.jig.worksheet import Step, collected

COMMAND = "headroom jig --port {} --station {} --boards 0"
PORT, STATION = "PORT", "FILE"
# what the screen says, or what happens: what an operator does
OPERATOR = (
    ("Begin", "Switch the station on. In a terminal: `{}`. Open `out/jig/now.html` on the screen above."),
    (
        "PUT IN A BOARD",
        "Put it in, close the fixture. The test begins by itself. With `--serial-no scan`, scan the label when you are asked.",
    ),
    (
        "TESTING",
        "Do not touch it. Where the terminal asks for a tester's reading, type it with its unit (`0.06 ohm`) and press Enter.",
    ),
    (
        "PASS",
        "Print the label that the terminal names, stick it on, take the board out. The next one begins by itself.",
    ),
    (
        "FAIL",
        "The screen says which step, what was measured and what is allowed, the likely cause and what to look at. Put the board "
        "aside with that page. A mended board is tested again from the start.",
    ),
    (
        "NOT TESTED",
        "It is not the board: its plug was not in, it was pulled off, it is another type, or it has passed already; the label "
        "was not its own; the order is none that it takes. The line says what to do. Nothing is lost.",
    ),
    ("STEPS PASS", "Only some steps were asked for: the board may not leave. Test it from the start."),
    (
        "It ends by itself",
        "The terminal's last line says why: the disk is full, an instrument is past its date or does not answer. Every board "
        "that was tested has its line in the batch file. Mend that, begin again.",
    ),
    (
        "The PC lost its power",
        "Relays may still hold: switch the fixture's supply off before you open it. Begin again; the board in it is tested from "
        "the start.",
    ),
    ("You want to stop", "Ctrl-C, at any time: the board in the fixture is NOT TESTED, and the fixture goes to rest."),
)


def operator(port: str = PORT, station: str = STATION) -> list[tuple[str, str]]:
    """What an operator does, at this station."""
    command = COMMAND.format(port, station)
    return [(when, what.replace("{}", command)) for when, what in OPERATOR]


def rows() -> list[tuple[Step, str]]:
    """Every step, with what is done in it on one line."""
    return [(step, " ".join(text.split())) for step, text in collected()]


def text(port: str = PORT, station: str = STATION) -> str:
    """For a terminal."""
    lines = [f"{when}: {what}" for when, what in operator(port, station)] + [""]
    for step, done in rows():
        lines += [f"{step.code}  {step.title}{'  (ends the test)' if step.vital else ''}", f"     {done}"]
        lines += [f"     if it fails: {step.cause}; look at: {step.look}", ""]
    lines += ["limits", ""]
    lines += [f"{name:<16} {each.allowed():<24} {each.why}" for name, each in LIMITS.items()]
    return "\n".join(lines) + "\n"


def page(port: str = PORT, station: str = STATION) -> str:
    """For a printer: one sheet of A4, for the wall beside the station."""
    import jinja2

    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    template = jinja2.Environment(loader=loader, autoescape=True).get_template("sheet.html.j2")
    points = [(when, what.split("`")) for when, what in operator(port, station)]
    return template.render(points=points, rows=rows())
