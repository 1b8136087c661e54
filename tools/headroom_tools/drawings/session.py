"""The session's states, and what leads from one to the next. A test compares the arrows with what the real session does."""

from importlib import import_module

from headroom_tools.drawings.sheet import MARGIN, Sheet, time_of

LEFT, RIGHT, WIDE, HIGH = 150, 480, 120, 40
IN, OUT = LEFT + WIDE // 2, RIGHT - WIDE // 2  # the columns' edges that face each other
PLACES = {
    "idle": (LEFT, 80), "plugged": (LEFT, 180), "offered": (LEFT, 300), "charging": (LEFT, 430), "stopping": (LEFT, 580),
    "fault": (RIGHT, 180), "waking": (RIGHT, 300), "done": (RIGHT, 430), "paused": (RIGHT, 580),
}  # fmt: skip
FROM_ALL = ("idle", "fault", "plugged")  # every other state leads there, too: said in words below the arrows
ARROWS = {
    ("idle", "plugged"): ((LEFT, 100), (LEFT, 160)),
    ("idle", "offered"): ((LEFT - 60, 80), (60, 80), (60, 290), (LEFT - 60, 290)),
    ("plugged", "offered"): ((LEFT, 200), (LEFT, 280)),
    ("fault", "plugged"): ((OUT, 172), (IN, 172)),
    ("offered", "waking"): ((IN, 300), (OUT, 300)),
    ("waking", "plugged"): ((RIGHT, 280), (RIGHT, 244), (350, 244), (350, 190), (IN, 190)),
    ("offered", "charging"): ((LEFT, 320), (LEFT, 410)),
    ("charging", "done"): ((IN, 422), (OUT, 422)),
    ("done", "charging"): ((OUT, 438), (IN, 438)),
    ("charging", "stopping"): ((LEFT, 450), (LEFT, 560)),
    ("charging", "paused"): ((IN, 450), (OUT, 565)),
    ("done", "paused"): ((RIGHT, 450), (RIGHT, 560)),
    ("stopping", "paused"): ((IN, 580), (OUT, 580)),
    ("paused", "offered"): ((RIGHT, 600), (RIGHT, 640), (28, 640), (28, 310), (LEFT - 60, 310)),
    ("offered", "paused"): ((LEFT - 60, 310), (28, 310), (28, 640), (RIGHT, 640), (RIGHT, 600)),
}
LOOKS = {"charging": "teal", "stopping": "teal", "fault": "red", "offered": "blue", "done": "blue", "idle": "grey"}


def draw() -> str:
    """The drawing as SVG."""
    at = import_module("headroom.guard.session")
    sheet = Sheet()
    for points in ARROWS.values():
        sheet.arrow(*points)
    for name, (middle, level) in PLACES.items():
        sheet.labelled(middle - WIDE // 2, level - HIGH // 2, WIDE, HIGH, name, LOOKS.get(name, "amber"))
    between = (IN + OUT) // 2
    steady = time_of(at.STEADY_MS)
    sheet.said(LEFT + 10, 135, "a car is plugged in")
    sheet.lines(LEFT + 10, 226, "may offer, and +12 V", f"has stood for {steady}")
    sheet.said(between, 162, "cause gone", anchor="middle")
    sheet.said(between, 320, f"no answer: {time_of(at.WAKE_AFTER_MS)}", anchor="middle")
    wakes = ", ".join(str(ms // 1000) for ms in at.WAKES_MS)
    sheet.said((350 + RIGHT) // 2, 236, f"after {wakes} s", anchor="middle")
    sheet.lines(LEFT + 10, 362, f"C for {time_of(at.CLOSE_AFTER_MS)},", f"open for {time_of(at.RECLOSE_MS)} or more")
    sheet.said(between, 412, f"out of C: {time_of(at.OPEN_AFTER_MS)}", anchor="middle")
    sheet.said(between, 460, f"C: {time_of(at.CLOSE_AFTER_MS)}", anchor="middle")
    sheet.lines(LEFT - 10, 490, "nothing", "to offer, or", "polite fault", anchor="end")
    sheet.lines(LEFT + 22, 520, "out of C and", "nothing to offer")
    sheet.lines(RIGHT - 8, 492, "nothing", "to offer", anchor="end")
    sheet.said(between, 602, f"stopped, or {time_of(at.STOP_MS)}", anchor="middle")
    sheet.said(between, 632, f"to offered: may offer, +12 V for {steady}", anchor="middle")
    sheet.said(between, 660, "to paused: nothing to offer", anchor="middle")
    sheet.lines(
        MARGIN,
        694,
        "From every state: unplugged (A) leads to idle; a fault that opens now,",
        "to fault; a pilot at 0 V or -12 V that is no fault (yet), to plugged.",
        f"A polite fault under power goes through stopping: {time_of(at.STOP_MS)} at most.",
        "Green: contactor closed. Blue: current on offer, contactor open.",
    )
    return sheet.page(770, "States of a session (guard/session.py)")
