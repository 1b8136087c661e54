"""The runner of a group: several whole firmwares on one supply and one virtual bus, records of what happened on stdout.

Usage: micropython run_site.py SCENARIO.json, or the same with CPython. The scenario: rows (a file of t_ms and three currents),
cars (each a scenario's keys), breaker_ma, settings, loss_permille, kill_every_ms, kill_ms, duration_ms, seed. Lines:

H t_ms l1_ma l2_ma l3_ma                          what the house draws, until the next H
C t_ms place state offered_ma closed l1_ma l2_ma l3_ma   a charger, likewise
V t_ms place from_ma to_ma reason in words        its offer changed
L t_ms place|-1                                   who leads
K t_ms place                                      its power was cut
B t_ms frames lost bytes mishaps longest_wait_ms  the bus, and what went wrong, at the end
P t_ms                                            progress
Z t_ms                                            the end
"""

import json
import sys

sys.path.insert(0, __file__.replace("\\", "/").rsplit("/", 2)[0])

from bench.run import COARSE_MS, FINE_FOR, FINE_MS, MEDIUM_MS, PROGRESS_MS, rows
from bench.site import Site
from bench.world.judge import Breach

RAMP_MS = (
    250  # while cars follow, and the supply is within its rating: a cut after a step of the house is looked at finely
)


class Run:
    """One scenario."""

    def __init__(self, scenario):
        self.scenario = scenario
        self.site = Site(
            rows(scenario["rows"]),
            scenario["cars"],
            scenario["breaker_ma"],
            scenario["settings"],
            scenario["loss_permille"],
            scenario["seed"],
            volts=scenario["volts"],
        )
        self.words = sys.modules["headroom.serve.words"]
        self.count = len(scenario["cars"])
        self.house = None
        self.records = [None] * self.count
        self.offers = [0] * self.count
        self.leads = -2
        self.said_ms = 0
        self.wait_ms = 0
        self.kill_ms = scenario["kill_every_ms"] or 1 << 40
        self.ticked = range(self.count)  # in the last step

    def go(self):
        """Run to the end."""
        site, duration_ms = self.site, self.scenario["duration_ms"]
        fine = FINE_FOR
        self.report()
        while site.t_ms < duration_ms:
            if fine > 0:
                fine -= 1
                step_ms = FINE_MS
            else:
                step_ms = self.step_ms()
            event_ms = site.next_event_ms()
            for due_ms in (duration_ms, self.kill_ms, event_ms):
                if due_ms is not None and site.t_ms < due_ms < site.t_ms + step_ms:
                    step_ms = due_ms - site.t_ms
            self.ticked = site.step(step_ms, False)
            if site.t_ms >= self.kill_ms:
                self.kill_ms += self.scenario["kill_every_ms"]
                self.kill()
                fine = FINE_FOR
            if self.report() or (event_ms is not None and event_ms <= site.t_ms):
                fine = FINE_FOR
        bus = site.bus
        mishaps = sum(table.charger.service.mishaps for table in site.tables)
        print("B %d %d %d %d %d %d" % (site.t_ms, bus.frames, bus.lost, bus.bytes, mishaps, self.wait_ms))
        print("Z %d" % duration_ms)

    def kill(self):
        """Whoever leads loses its power."""
        place = max(self.leads, 0)
        if self.site.dead_ms[place] <= 0:
            print("K %d %d" % (self.site.t_ms, place))
            self.site.kill(place, self.scenario["kill_ms"])

    def step_ms(self):
        """How long nothing happens that has to be looked at sooner."""
        site = self.site
        world = site.tables[0].world
        if self.leads < 0 or any(ms > 0 for ms in site.dead_ms):
            return MEDIUM_MS
        for phase in range(3):
            if world.line_ma(phase, world.car.drawn_ma) > site.breaker_ma + 100:
                return FINE_MS  # sharing out anew is a part of it each tick
        return RAMP_MS if any(table.world.moving() for table in site.tables) else COARSE_MS

    def report(self):
        """Print what changed; True when a charge began or ended somewhere."""
        site, t_ms = self.site, self.site.t_ms
        changed = False
        if site.house_ma != self.house:
            self.house = site.house_ma
            print("H %d %d %d %d" % ((t_ms,) + tuple(self.house)))
        leads = -1
        for place in self.ticked:
            table = site.tables[place]
            world, charger = table.world, table.charger
            dead = site.dead_ms[place] > 0
            drawn = tuple([site.drawn_ma(place, phase) for phase in range(3)])
            record = (world.letter(), world.offered_ma, world.contactor, drawn)
            if record != self.records[place]:
                before, self.records[place] = self.records[place], record
                changed = changed or before is None or (before[0], before[2]) != (record[0], record[2])
                print("C %d %d %s %d %d %d %d %d" % ((t_ms, place) + record[:3] + drawn))
            verdict = charger.verdict
            offer_ma = 0 if dead else verdict.offer_ma
            if offer_ma != self.offers[place]:
                because = (
                    "its power is gone"
                    if dead
                    else self.words.because(verdict.reason, verdict.phase, verdict.value, verdict.bound)
                )
                print("V %d %d %d %d %s" % (t_ms, place, self.offers[place], offer_ma, because))
                changed = changed or not offer_ma or not self.offers[place]
                self.offers[place] = offer_ma
            world.reactions.clear()
        for place in range(self.count):  # the last one that believes it
            group = site.tables[place].charger.group
            if group is not None and group.leader is not None and site.dead_ms[place] <= 0:
                leads = place
                self.wait_ms = max(self.wait_ms, group.leader.share.longest_ms)
        if leads != self.leads:
            self.leads = leads
            print("L %d %d" % (t_ms, leads))
        if t_ms - self.said_ms >= PROGRESS_MS:
            self.said_ms = t_ms
            print("P %d" % t_ms)
        return changed


def main(path):
    """Run the scenario of this file; returns the exit status."""
    with open(path) as file:
        scenario = json.load(file)
    try:
        Run(scenario).go()
    except Breach as breach:
        sys.stderr.write("%s\n" % breach)
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
