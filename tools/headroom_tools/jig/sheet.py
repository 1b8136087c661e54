"""The work sheet as text: made from the steps themselves and from the table of limits."""

from headroom_tools.jig.limits import LIMITS
from headroom_tools.jig.worksheet import Step, collected


def rows() -> list[tuple[Step, str]]:
    """Every step, with what is done in it on one line."""
    return [(step, " ".join(text.split())) for step, text in collected()]


def text() -> str:
    """For a terminal."""
    lines = []
    for step, done in rows():
        lines += [f"{step.code}  {step.title}{'  (ends the test)' if step.vital else ''}", f"     {done}"]
        lines += [f"     if it fails: {step.cause}; look at: {step.look}", ""]
    lines += ["limits", ""]
    lines += [f"{name:<16} {each.allowed():<24} {each.why}" for name, each in LIMITS.items()]
    return "\n".join(lines) + "\n"
