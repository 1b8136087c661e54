"""The pages that an operator sees: PASS or FAIL across the room, what was measured, and what to do about what failed."""

from pathlib import Path
from typing import Any

from headroom_tools.common.errors import BadInput
from headroom_tools.common.outputs import Output
from headroom_tools.jig import batch
from headroom_tools.jig.figure import bar
from headroom_tools.jig.measurement import short

ONLY_SOME = "STEPS "  # what was not tested whole is no board that may leave
WORDS = {"pass": "PASS", "fail": "FAIL", "not tested": "NOT TESTED", "testing": "TESTING", "empty": "PUT IN A BOARD"}


def board_page(line: dict[str, Any], refresh_s: int = 0) -> str:
    """Returns the page of a board, from its line in the batch file. ``refresh_s``: for the screen above the station."""
    import jinja2

    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    page = jinja2.Environment(loader=loader, autoescape=True).get_template("board.html.j2")
    failed = [each for each in line["steps"] if each["outcome"] == "fail"]
    rows = [(each["code"], measured) for each in line["steps"] for measured in each["measurements"]]
    marginal = [measured for _, measured in rows if measured["outcome"] == "marginal"]
    return page.render(
        line=line,
        word=word(line),
        failed=failed,
        rows=rows,
        marginal=marginal,
        bar=bar,
        short=short,
        refresh_s=refresh_s,
    )


def word(line: dict[str, Any]) -> str:
    """PASS or FAIL, said otherwise of a test of some steps."""
    some = not line["whole"] and line["outcome"] in ("pass", "fail")
    return ONLY_SOME * some + WORDS[line["outcome"]]


def write(path: Path, text: str) -> None:
    """Whole or not at all. BadInput where it cannot be written."""
    try:
        with Output(path, "--out") as output:
            output.file.write(text)
            output.keep()
    except OSError as error:
        raise BadInput(f"--out {path}: {batch.why(error)}") from None
