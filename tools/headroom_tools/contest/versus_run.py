"""`headroom versus` as a whole: the contest, and the files that tell of it."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from typing import IO, Protocol, TypeVar

from headroom_tools.common.outputs import Output
from headroom_tools.contest import sharing, sharing_report, versus_report
from headroom_tools.contest.versus import Contest, Standings, compete, refuse

Watch = Callable[[int, int, str], None]


class Told(Protocol):
    """What came out of a contest."""

    def figures(self) -> dict[str, object]:
        """Returns what JSON gets."""


Came = TypeVar("Came", bound=Told)


def run(contest: Contest, watch: Watch) -> Standings:
    """Runs the contest and writes the files asked for, all or none; watch gets (runs done, runs, what was done)."""
    refuse(contest)
    return written(contest, lambda: compete(contest, watch), versus_report.write)


def share(contest: Contest, warn: Callable[[str], None], watch: Watch) -> sharing.Standing:
    """The same of sharing laws, `--group`."""
    sharing.refuse(contest)
    return written(contest, lambda: sharing.compete(contest, warn, watch), sharing_report.write)


def written(contest: Contest, ran: Callable[[], Came], page: Callable[[IO[str], Came], None]) -> Came:
    """Returns what ran came to, once the files tell of it."""
    with ExitStack() as stack:
        outputs = {
            option: stack.enter_context(Output(path, option))
            for option, path in (("--json", contest.json), ("--report", contest.report))
            if path is not None and (option, str(path)) != ("--json", "-")
        }
        standings = ran()
        if "--json" in outputs:
            outputs["--json"].file.write(json.dumps(standings.figures(), indent=2) + "\n")
        if "--report" in outputs:
            page(outputs["--report"].file, standings)
        for output in outputs.values():
            output.finish()
        for output in outputs.values():
            output.keep()
        return standings
