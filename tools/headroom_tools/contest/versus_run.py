"""`headroom versus` as a whole: the contest, and the files that tell of it."""

import json
from collections.abc import Callable
from contextlib import ExitStack

from headroom_tools.common.outputs import Output
from headroom_tools.contest import versus_report
from headroom_tools.contest.versus import Contest, Standings, compete, refuse


def run(contest: Contest, watch: Callable[[int, int, str], None]) -> Standings:
    """Runs the contest and writes the files asked for, all or none; watch gets (runs done, runs, what was done)."""
    refuse(contest)
    with ExitStack() as stack:
        outputs = {
            option: stack.enter_context(Output(path, option))
            for option, path in (("--json", contest.json), ("--report", contest.report))
            if path is not None and (option, str(path)) != ("--json", "-")
        }
        standings = compete(contest, watch)
        if "--json" in outputs:
            outputs["--json"].file.write(json.dumps(standings.figures(), indent=2) + "\n")
        if "--report" in outputs:
            versus_report.write(outputs["--report"].file, standings)
        for output in outputs.values():
            output.finish()
        for output in outputs.values():
            output.keep()
        return standings
