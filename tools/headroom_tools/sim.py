"""One simulation from start to end: prepares the scenario, runs the bench, scores what it says, writes what is asked for."""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from headroom_tools import house, report, stream, vm
from headroom_tools.errors import BadInput, SimulatorFailed
from headroom_tools.outputs import Output
from headroom_tools.scenario import Scenario, plugged_intervals, read_plugged
from headroom_tools.scoring import Score, Scorer
from headroom_tools.series import SeriesWriter
from headroom_tools.traces import Trace

EVENING = vm.ROOT / "tools" / "traces" / "evening.csv"
EVENING_PLUGGED = "18:00-07:00"

Watch = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Options:
    """What the person asked for, checked for range; None is: not given."""

    trace: Path | None = None
    breaker_a: float = 25.0
    phases: int = 1
    volts: int = 230
    hz: int = 50
    car_a: float = 32.0
    car_phases: int = 1
    plugged: str | None = None
    need_kwh: float | None = None
    breaker_curve: str = "typical"
    fidelity: str = "rms"
    vm: str = "micropython"
    from_: str | None = None
    to: str | None = None
    series: Path | None = None
    json: Path | None = None
    report: Path | None = None
    seed: int = 0


@dataclass(frozen=True)
class Result:
    """A finished run: its figures, and what they were measured under."""

    score: Score
    trace_gaps: int
    speed_x: float
    vm: str
    fidelity: str

    def figures(self) -> dict[str, object]:
        """Returns what `--json` promises, in its order; later keys are ours."""
        score = self.score
        return {
            "duration_s": round(score.duration_s, 3),
            "energy_kwh": round(score.energy_kwh, 4),
            "clairvoyant_kwh": round(score.clairvoyant_kwh, 4),
            "share": None if score.share is None else round(score.share, 4),
            "trips": score.trips,
            "trips_without_car": score.trips_without_car,
            "breaker_heat_peak": round(score.breaker_heat_peak, 4),
            "overload_a": round(score.overload_a, 3),
            "overload_s": round(score.overload_s, 3),
            "pauses": score.pauses,
            "contactor_cycles": score.contactor_cycles,
            "reaction_ms_max": score.reaction_ms_max,
            "trace_gaps": self.trace_gaps,
            "speed_x": round_down_125(self.speed_x),
            "vm": self.vm,
            "fidelity": self.fidelity,
            "trips_total": score.trips_total,
            "overload_longest_s": round(score.overload_longest_s, 3),
        }


def round_down_125(number: float) -> float:
    """Returns the next of ..., 0.5, 1, 2, 5, 10, 20, 50, ... at or below number, 0 for 0.

    Coarse on purpose: the same command with the same seed writes the same bytes, and no two runs take the same time.
    """
    if number <= 0:
        return 0
    exponent = 0
    while number >= 10:
        number, exponent = number / 10, exponent + 1
    while number < 1:
        number, exponent = number * 10, exponent - 1
    step = 5 if number >= 5 else 2 if number >= 2 else 1
    return step * 10**exponent if exponent >= 0 else round(step * 10.0**exponent, -exponent)


def run(options: Options, warn: Callable[[str], None], watch: Watch) -> Result:
    """Runs one simulation. warn gets one line each; watch gets (simulated ms, duration ms, the car's state) now and then.

    BadInput comes before the run begins; a file that was asked for appears only when the run was good.
    """
    with ExitStack() as stack:
        trace_path = options.trace or EVENING
        refuse_shared_files(options)
        trace = Trace(trace_path, options.volts)
        stack.callback(trace.close)
        daily = read_plugged(options.plugged or ("always" if options.trace else EVENING_PLUGGED))
        series = options.series and stack.enter_context(Output(options.series, "--series"))
        figures = options.json and stack.enter_context(Output(options.json, "--json"))
        page = options.report and stack.enter_context(Output(options.report, "--report"))
        workplace = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="headroom-")))

        with (workplace / "trace.txt").open("w") as file:
            part = house.prepare(trace, options.from_, options.to, options.phases, file)
        plugged = plugged_intervals(daily, part.clock, part.start_ms, part.duration_ms)
        if not plugged:
            trace.warnings.append(f"--plugged {options.plugged}: the car is never plugged in during this run")
        for warning in trace.warnings:
            warn(warning)
        scenario = Scenario(
            breaker_ma=round(options.breaker_a * 1000),
            phases=options.phases,
            volts=options.volts,
            hz=options.hz,
            car_ma=round(options.car_a * 1000),
            car_phases=options.car_phases,
            plugged_ms=plugged,
            need_mwh=None if options.need_kwh is None else round(options.need_kwh * 1_000_000),
            duration_ms=part.duration_ms,
            seed=options.seed,
            fidelity=options.fidelity,
        )
        scorer = Scorer(scenario, options.breaker_curve)
        collector = report.Collector(scenario, scorer) if page else None
        writer = SeriesWriter(series.file, scenario.phases) if series else None

        started = time.monotonic()
        interpreter, command = choose_vm(options.vm, warn)
        with runner(command, scenario, workplace) as lines:
            records = stream.read(lines)
            for record in report.in_pieces(records) if collector else records:
                if collector:
                    collector.take(record)
                scorer.take(record)
                if writer:
                    writer.take(record)
                if isinstance(record, stream.Segment):
                    watch(record.to_ms, scenario.duration_ms, record.state)
        seconds = time.monotonic() - started

        score = scorer.score()
        result = Result(score, part.gaps, score.duration_s / seconds, interpreter, options.fidelity)
        if figures:
            figures.file.write(json.dumps(result.figures(), indent=2) + "\n")
        if page and collector:
            about = describe(options, trace_path, part, result)
            report.write(page.file, about, scenario, collector, headlines(result))
        for output in (series, figures, page):
            if output:
                output.keep()
        return result


def refuse_shared_files(options: Options) -> None:
    """BadInput if an output would overwrite the trace or another output."""
    taken = {(options.trace or EVENING).resolve(): "the trace"}
    for option, path in (("--series", options.series), ("--json", options.json), ("--report", options.report)):
        if path is not None and path.is_char_device() is False:
            if path.resolve() in taken:
                raise BadInput(f"{option} {path} is also {taken[path.resolve()]}: name another file")
            taken[path.resolve()] = f"what {option} writes"


def choose_vm(wanted: str, warn: Callable[[str], None]) -> tuple[str, list[str]]:
    """Returns the interpreter that will be used and its command; warns where it is not the wanted one."""
    command = vm.command(wanted)
    if command is not None:
        return wanted, command
    warn("no MicroPython VM is installed here (PyPI has none for some machines): using CPython instead")
    fallback = vm.command("cpython")
    assert fallback is not None
    return "cpython", fallback


@contextmanager
def runner(command: list[str], scenario: Scenario, workplace: Path) -> Iterator[IO[str]]:
    """Starts the runner and gives its lines; whatever happens it is gone afterwards. SimulatorFailed if it complained."""
    described = workplace / "scenario.json"
    described.write_text(json.dumps(scenario.for_runner(str(workplace / "trace.txt"))))
    with (workplace / "complaints.txt").open("w+", errors="replace") as complaints:
        process = subprocess.Popen(
            [*command, str(described)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env={**os.environ, "PYTHONHASHSEED": "0"},
            start_new_session=True,
            encoding="utf-8",
            errors="replace",
        )
        assert process.stdout is not None
        failure: SimulatorFailed | None = None
        try:
            yield process.stdout
            process.stdout.read()
            status = process.wait()
            if status:
                failure = SimulatorFailed(f"it ended with status {status}")
        except SimulatorFailed as error:
            failure = error
        finally:
            process.kill()
            process.stdout.close()
            process.wait()
        complaints.seek(0)
        said = complaints.read().strip()
        if said or failure:
            raise SimulatorFailed(said.splitlines()[-1] if said else str(failure))


def describe(options: Options, trace_path: Path, part: house.House, result: Result) -> report.About:
    """Returns what the report says about the run besides its figures."""
    hours = result.score.duration_s / 3600
    length = (
        f"{hours / 24:.1f} days" if hours >= 48 else f"{hours:.1f} hours" if hours >= 1 else f"{hours * 60:.0f} minutes"
    )
    start = part.clock.label(part.start_ms)
    title = "One winter evening" if options.trace is None else f"{length} of {trace_path.name}"
    phases = "three phases" if options.phases == 3 else "one phase"
    wiring = "on three phases" if options.car_phases == 3 else "on one phase"
    return report.About(
        title=f"{title}, a {options.breaker_a:g} A supply and a {options.car_a:g} A car",
        supply=f"From {start}, {length}. Supply: {phases}, {options.volts} V, {options.breaker_curve} breaker. Car: {wiring}.",
        footer=(
            f"Made by headroom sim: the charger's real firmware on a virtual bench, {result.vm}, fidelity {result.fidelity}, "
            f"seed {options.seed}. This file loads nothing from anywhere."
        ),
        start_ms=part.start_ms,
        clock=part.clock,
    )


def headlines(result: Result) -> list[report.Headline]:
    """Returns the figures that matter most, for the table on the terminal and the top of the report."""
    score = result.score
    possible = f"of {score.clairvoyant_kwh:.2f} kWh that were possible"
    share = "–" if score.share is None else f"{score.share * 100:.1f} %"
    overload = (
        f"{score.overload_longest_s:.1f} s at a stretch, {score.overload_s:.0f} s in all"
        if score.overload_a > 0
        else "never above its rating"
    )
    own = f", {score.trips_without_car} by the house alone" if score.trips_without_car else ""
    return [
        report.Headline("Energy into the car", f"{score.energy_kwh:.2f} kWh", possible),
        report.Headline("Share of what was possible", share, "a charger that knows the future has 100 %"),
        report.Headline("Worst overload by the car", f"{score.overload_a:.1f} A", overload),
        report.Headline("Breaker heat, at most", f"{score.breaker_heat_peak * 100:.0f} %", "100 % trips"),
        report.Headline("Breaker trips", str(score.trips), f"that only the car explains{own}", score.trips == 0),
        report.Headline("Pauses", str(score.pauses), "less than 6 A were left"),
        report.Headline("Contactor closed", f"{score.contactor_cycles} ×", "operations that wear it"),
        report.Headline("Slowest reaction", f"{score.reaction_ms_max} ms", "from overload to lower offer"),
    ]
