"""One simulation from start to end: prepares the scenario, runs the bench, scores what it says, writes what is asked for."""

import json
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from headroom_tools.common.outputs import Output
from headroom_tools.sim import report, runner, stream
from headroom_tools.sim.house import House
from headroom_tools.sim.options import Options, check
from headroom_tools.sim.results import Result, headlines, why_over
from headroom_tools.sim.scenario import Scenario
from headroom_tools.sim.scoring import Scorer
from headroom_tools.sim.series import SeriesWriter
from headroom_tools.sim.set_up import Warn, set_up

Watch = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Run:
    """A run that went well: what it was, what came out, and what a picture of it needs."""

    options: Options
    house: House
    scenario: Scenario
    collector: report.Collector
    result: Result


def run(options: Options, warn: Warn, watch: Watch) -> Result:
    """Runs one simulation and writes the files asked for: all of them, or none if anything goes wrong.

    warn gets one line each; watch gets (simulated ms, duration ms, the pilot's state) now and then. BadInput comes
    before the run begins.
    """
    check(options)
    with ExitStack() as stack:
        outputs = {option: stack.enter_context(Output(path, option)) for option, path in options.outputs()}
        series = outputs.get("--series")
        done = simulate(options, warn, watch, series.file if series else None)
        if "--json" in outputs:
            outputs["--json"].file.write(json.dumps(done.result.figures(), indent=2) + "\n")
        if "--report" in outputs:
            house = done.house
            when = done.result.needs, lambda t_ms: house.clock.label(house.start_ms + t_ms)
            figures = headlines(done.result.score, *when)
            report.write(outputs["--report"].file, about(done), done.scenario, done.collector, figures)
        for output in outputs.values():
            output.finish()
        for output in outputs.values():
            output.keep()
        return done.result


def simulate(options: Options, warn: Warn, watch: Watch, series: IO[str] | None = None) -> Run:
    """Runs one simulation; a row a second goes to series if it is given."""
    with tempfile.TemporaryDirectory(prefix="headroom-") as folder:
        trace_file = Path(folder) / "trace.txt"
        house, scenario = set_up(options, trace_file, warn)
        scorer = Scorer(scenario, options.breaker_curve)
        collector = report.Collector(scenario, scorer)
        needs: list[stream.Need] = []
        takers = [collector.take, scorer.take]
        if series is not None:
            takers.append(SeriesWriter(series, scenario.phases).take)

        started = time.monotonic()
        vm, command = runner.choose_vm(options.vm, warn)
        with runner.running(command, scenario.for_runner(str(trace_file)), Path(folder)) as lines:
            for record in report.in_pieces(stream.read(lines)):
                for take in takers:
                    take(record)
                if isinstance(record, stream.Need):
                    needs.append(record)
                if isinstance(record, stream.Segment):
                    watch(record.to_ms, scenario.duration_ms, record.state)
        speed_x = scenario.duration_ms / 1000 / (time.monotonic() - started)
        told = tuple((house.clock.label(house.start_ms + need.t_ms), need) for need in needs)
        result = Result(scorer.score(), house.gaps, speed_x, vm, options.fidelity, told)
        return Run(options, house, scenario, collector, result)


def about(done: Run) -> report.About:
    """Returns what the report says about the run besides its figures."""
    options, house, result = done.options, done.house, done.result
    hours = result.score.duration_s / 3600
    length = (
        f"{hours / 24:.1f} days" if hours >= 48 else f"{hours:.1f} hours" if hours >= 1 else f"{hours * 60:.0f} minutes"
    )
    title = "One winter evening" if options.trace is None else f"{length} of {options.trace.name}"
    phases = "three phases" if options.phases == 3 else "one phase"
    wiring = "on three phases" if options.car_phases == 3 else "on one phase"
    return report.About(
        title=f"{title}, a {options.breaker_a:g} A supply and a {options.car_a:g} A car",
        supply=f"From {house.clock.label(house.start_ms)}, {length}. Supply: {phases}, {options.volts} V, "
        f"{options.breaker_curve} breaker. Car: {wiring}.",
        footer=f"Made by headroom sim: the charger's real firmware on a virtual bench, {result.vm}, "
        f"fidelity {result.fidelity}, seed {options.seed}. This file loads nothing from anywhere.",
        start_ms=house.start_ms,
        clock=house.clock,
        why_over=why_over(result.score, options.breaker_a),
    )
