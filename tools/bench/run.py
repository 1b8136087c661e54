"""The runner: one scenario, the real firmware on a virtual chip, records of what happened on stdout.

Usage: micropython run.py SCENARIO.json, or the same with CPython. Lines: see tools/headroom_tools/sim/simulate.py.
Lines for the console that it refuses end it with status 5 and that line on stderr, before anything happened.
A breach that the judge finds ends it with status 4: one line on stderr, and two files in the working directory that
repeat it: run.py breach-SEED-MS.json.
"""

import json
import sys

sys.path.insert(0, __file__.replace("\\", "/").rsplit("/", 2)[0])

from bench.installer import Turned
from bench.metered import STEP_MS as METER_STEP_MS
from bench.table import Table
from bench.world.judge import Breach

FINE_MS, MEDIUM_MS, COARSE_MS = 25, 100, 1000
FINE_FOR = 4  # fine steps after something changed
PROGRESS_MS = 60000
TURNED = 5
PENDING = 4  # of a need: the run ended before it was delivered or its hour came; the other codes are serve/wishes.py's


def rows(path):
    """(t_ms, l1_ma, l2_ma, l3_ma) of a trace file, one at a time."""
    with open(path) as file:
        for line in file:
            yield tuple([int(word) for word in line.split()])


class Run:
    """One scenario on one chip."""

    def __init__(self, scenario):
        self.trace = scenario.pop("trace")
        self.table = Table(rows(self.trace), **scenario)
        self.duration_ms = scenario["duration_ms"]
        self.words = sys.modules["headroom.serve.words"]
        self.need = sys.modules["headroom.record.events"].NEED
        self.world = self.table.world
        self.record = None
        self.offer_ma = 0
        self.said_ms = 0
        self.needs_s = -1  # since the start: what the journal says of a need has been told up to there

    def go(self):
        """Run to the end."""
        self.report()
        if self.table.scan:
            self.go_rms()
        else:
            self.go_waveform()
        self.report_needs()
        keeper = self.table.charger.service.wishes
        if keeper is not None and keeper.wishes.need.wh and not keeper.done:
            need = keeper.wishes.need
            missing_wh = need.missing_wh(self.table.charger.energy.car_wh())
            print("N %d %d %d %d" % (self.duration_ms, PENDING, missing_wh, need.wh))
        print("Z %d" % self.duration_ms)

    def go_rms(self):
        """Fine steps when something has just changed, coarse ones while nothing moves and the breaker does not heat up.

        Fine ones too while a car is offered nothing and has not let go: the guard opens on the tick, after six seconds.
        """
        world, scan, tick = self.world, self.table.scan, self.table.charger.tick
        verdict = self.table.charger.verdict
        rival = self.table.rival
        duration_ms = self.duration_ms
        fine = FINE_FOR
        while world.t_ms < duration_ms:
            if fine > 0 or (verdict.closed and not verdict.offer_ma):
                fine = max(fine - 1, 0)
                step_ms = FINE_MS
            else:
                step_ms = MEDIUM_MS if world.moving() or world.over() else COARSE_MS
            if rival is not None:
                step_ms = min(step_ms, rival.due_ms())
            if self.table.meter is not None:
                step_ms = min(step_ms, METER_STEP_MS)
            event_ms = world.next_event_ms()
            if event_ms is not None and world.t_ms + step_ms > event_ms:
                step_ms = event_ms - world.t_ms
            scan.step_ms = max(1, min(step_ms, duration_ms - world.t_ms))
            tick()
            happened = world.happen()
            if self.report() or happened:
                fine = FINE_FOR

    def go_waveform(self):
        """Every conversion at its own microsecond."""
        self.table.tick()
        while self.world.t_ms < self.duration_ms:
            self.report()
            self.table.tick()

    def report(self):
        """Print what changed since the last call; True when the firmware changed something."""
        world = self.world
        verdict = self.table.charger.verdict
        house, drawn = world.house_ma, world.car.drawn_ma
        record = (world.letter(), world.offered_ma, world.contactor, house, drawn)
        changed = False
        if record != self.record:
            changed = self.record is None or record[:3] != self.record[:3]
            self.record = record
            fields = (
                world.t_ms,
                record[0],
                record[1],
                record[2],
                house[0],
                world.line_ma(0, drawn) - house[0],
                house[1],
                world.line_ma(1, drawn) - house[1],
                house[2],
                world.line_ma(2, drawn) - house[2],
            )
            more = " %d" % drawn if world.between else ""
            print("R %d %s %d %d %d %d %d %d %d %d" % fields + more)
        if verdict.offer_ma != self.offer_ma:
            rival = self.table.rival
            if rival is not None:
                because = rival.why
            else:
                because = self.words.because(verdict.reason, verdict.phase, verdict.value, verdict.bound)
            print("V %d %d %d %s" % (world.t_ms, self.offer_ma, verdict.offer_ma, because))
            self.offer_ma = verdict.offer_ma
            changed = True
        for when_ms, reaction_ms in world.reactions:
            print("Q %d %d" % (when_ms, reaction_ms))
        world.reactions.clear()
        if world.t_ms - self.said_ms >= PROGRESS_MS:
            self.said_ms = world.t_ms
            print("P %d" % world.t_ms)
            self.report_needs()
        return changed

    def report_needs(self):
        """Print what the journal has of the household's need since the last call."""
        service = self.table.charger.service
        if service.wishes is None:
            return
        told_s = self.needs_s
        for _, uptime_s, _, kind, code, _, _, value, bound in service.journal.records():
            if kind == self.need and uptime_s > told_s:
                print("N %d %d %d %d" % (uptime_s * 1000, code, value, bound))
                self.needs_s = uptime_s


def keep(run):
    """Write what repeats a breach; returns where it is told."""
    world = run.world
    name = "breach-%d-%d" % (world.judge.scenario["seed"], world.t_ms)
    script = json.loads(world.judge.script())
    script.update(script.pop("scenario"))
    script["trace"] = name + ".trace"
    try:
        with open(run.trace) as given, open(script["trace"], "w") as kept:
            for line in given:
                kept.write(line)
        with open(name + ".json", "w") as file:
            json.dump(script, file)
    except OSError as error:
        return "not kept here (%s); its scenario: %s" % (error, json.dumps(script))
    return "repeat it with tools/bench/run.py " + name + ".json"


def main(path):
    """Run the scenario of this file; returns the exit status."""
    with open(path) as scenario_file:
        loaded = json.load(scenario_file)
    try:
        run = Run(loaded)
    except Turned as turned:
        sys.stderr.write("%s\n" % turned)
        return TURNED
    try:
        run.go()
    except Breach as breach:
        sys.stderr.write("%s; %s\n" % (breach, keep(run)))
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
