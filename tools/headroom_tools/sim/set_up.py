"""From what a person asks for to the run that the bench is given: the house on file, and the scenario."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from headroom_tools.common.knobs import in_scenario
from headroom_tools.sim.clocks import Clock
from headroom_tools.sim.installed import CLOCK_FORM, STRAIGHT, unseen_export
from headroom_tools.sim.options import Options
from headroom_tools.sim.roof import put_on
from headroom_tools.sim.scenario import Intervals, Scenario, plugged_intervals, read_plugged

if TYPE_CHECKING:
    from headroom_tools.sim.house import House

MONDAY = datetime(2026, 1, 5)

Warn = Callable[[str], None]


def set_up(options: Options, trace_file: Path, warn: Warn) -> tuple["House", Scenario]:
    """Writes what the house draws to trace_file and returns what is known of the run before it begins."""
    from headroom_tools.sim.house import prepare
    from headroom_tools.sim.told import read_told
    from headroom_tools.sim.traces import Trace

    daily = read_plugged(options.plugged_text)
    told = read_told(options.columns)
    with Trace(options.trace_path, options.volts, told) as trace, trace_file.open("w") as file:
        house = prepare(trace, options.from_, options.to, options.phases, file)
    roof_on(options, trace_file, house.clock, house.start_ms, house.duration_ms)
    plugged = plugged_intervals(daily, house.clock, house.start_ms, house.duration_ms)
    if not plugged:
        trace.warnings.append(f"--plugged {options.plugged_text}: the car is never plugged in during this run")
    for warning in trace.all_told() if options.trace else trace.warnings:
        warn(warning)
    if feeds_in(trace_file):
        unseen = unseen_export(options)
        if unseen is not None:
            warn(unseen)
    started = at_start(options.clock, house.clock, house.start_ms)
    return house, scenario_of(options, plugged, house.duration_ms, started)


def roof_on(options: Options, trace_file: Path, clock: Clock, start_ms: int, duration_ms: int) -> None:
    """Puts the panels on, where there are any."""
    if options.solar is not None:
        place = trace_file, clock, start_ms, duration_ms
        put_on(options.solar, options.sky, options.seed, options.volts, options.phases, *place)


def feeds_in(trace_file: Path) -> bool:
    """Tells whether what the runner reads has export in it: a current below zero."""
    with trace_file.open() as file:
        return any("-" in line for line in file)


def at_start(wanted: str | None, clock: Clock, start_ms: int) -> str | None:
    """Returns what a charger that shall know the time is told when the run begins; a trace without dates begins on a Monday."""
    if wanted != "trace":
        return wanted
    since = datetime(1970, 1, 1) if clock.dated else MONDAY
    return (since + timedelta(milliseconds=clock.wall_ms(start_ms))).strftime(CLOCK_FORM)


def scenario_of(options: Options, plugged_ms: Intervals, duration_ms: int, clock: str | None) -> Scenario:
    """Returns the run that these options describe; clock: what the charger is told as the time."""
    told = options.told(clock)
    wires = options.wires(options.car_phases)
    wired = (("phases", wires), ("wiring", options.wiring)) if options.wiring != STRAIGHT else ()
    return Scenario(
        **in_scenario(options),
        car_phases=min(options.car_phases, wires),
        plugged_ms=plugged_ms,
        need_mwh=None if options.need_kwh is None else round(options.need_kwh * 1_000_000),
        duration_ms=duration_ms,
        settings=(("breaker_curve", options.breaker_curve), *wired),
        told=told,
        roof=options.solar is not None,
        each=any(line.split()[:3] == ["set", "solar_sum", "each"] for _, line in told),
        wiring=options.lines,
        between=options.between,
    )
