"""Several chargers on one supply: each a whole firmware on a chip of its own, with a car, on one virtual bus.

One interpreter loads the firmware once; which chip its fakes act on is said before each tick. The clamps of charger 1 are
around the supply, those of the others around their own cable. At rms fidelity the bus carries frames, not bytes: one that is not
lost arrives at once, and its answer comes back in the same step; what that takes in truth is measured on the bus of bench/world.
"""

from bench import host
from bench.chip import chip as chips
from bench.table import Table
from bench.world.car import Random

NOTHING_MA = (0, 0, 0)
QUIET_MS = 1000  # a charger at which nothing moves is looked at as often as one alone (run.py's coarse step)
SILENT_MS = 200  # without a word of its leader's, then as often as the others
FINE_STEPS = 4  # after something changed
LEADER_MS = (
    100  # who leads ticks this often: a question that is lost costs it some 120 ms, as in truth, and not a longer tick
)


class Bus:
    """A line that loses so many of 1000 frames, on the way to each listener for itself; ``cut``: the places behind a break."""

    def __init__(self, loss_permille, seed):
        self.loss_permille = loss_permille
        self.random = Random(seed)
        self.taps = []
        self.cut = ()
        self.frames = self.lost = self.bytes = 0

    def tap(self):
        """A new transceiver on it."""
        self.taps.append(Tap(self, len(self.taps)))
        return self.taps[-1]


class Tap:
    """What sense/bus.py's Bus is to the firmware."""

    def __init__(self, line, place):
        self.line = line
        self.place = place
        self.frame = bytearray(256)
        self.come = []
        self.rtu = self  # whole frames come
        self.torn = self.frames = 0
        self.member = None  # of the group, once it is there
        self.alive = True
        self.lived_ms = 0  # by its charger: within a step some are behind

    def step(self):
        """Nothing to do."""

    def sending(self):
        """It is gone at once."""
        return False

    def send(self, frame, length, answer=False):
        """To all, but for what is lost; who is asked answers, and an ``answer`` waits for its hearer's next tick."""
        line = self.line
        line.frames += 1
        line.bytes += length + 2
        data = bytes(frame[:length])
        for tap in line.taps:
            if tap is self or not tap.alive or (tap.place in line.cut) != (self.place in line.cut):
                continue
            if line.random.next() % 1000 < line.loss_permille:
                line.lost += 1
                continue
            tap.come.append(data)
            member = tap.member() if tap.member else None
            if member is not None and not answer:
                member.receive()
                if not member.lease.quiet_ms:
                    member.lease.quiet_ms = tap.lived_ms - self.lived_ms  # its next tick brings what it is behind
                if member.owed and tap.send(member.out, member.owed, True):
                    member.owed = 0
        return True

    def next(self):
        """The length of the next frame."""
        if not self.come:
            return 0
        data = self.come.pop(0)
        self.frame[: len(data)] = data
        return len(data)


class Site:
    """``step`` lets so many ms pass for all; ``kill`` resets one. ``cars``: a scenario's keys for each charger."""

    def __init__(self, rows, cars, breaker_ma, settings, loss_permille=0, seed=1, board="reference", volts=230):
        self.rows = iter(rows)
        self.next_row = next(self.rows, None)
        self.house_ma = NOTHING_MA
        self.breaker_ma = breaker_ma
        self.bus = Bus(loss_permille, seed)
        self.module = host.load(board)
        self.tables = []
        for place, car in enumerate(cars):
            tap = self.bus.tap()
            mine = {"bus": "group", "group_no": place + 1, "group_size": len(cars)}
            mine.update(settings)
            own_ma = breaker_ma if place == 0 else min(max(car["car_ma"], 6000), breaker_ma)
            if place:
                mine["idle_ma"] = 0  # a cable carries nothing without its car
                mine["group_clamps"] = "cable"
            mine.update(car.get("settings", {}))
            scenario = {
                "board": board,
                "fidelity": "rms",
                "breaker_ma": own_ma,
                "phases": 3,
                "volts": volts,
                "seed": seed + place,
            }
            scenario.update(car)
            scenario["settings"] = mine
            mac = b"\x24\x0a\xc4\x00\x01" + bytes([place + 1])
            table = Table((), module=self.module, bus=tap, mac=mac, **scenario)
            tap.member = lambda table=table: table.charger.group
            table.world.limit_ma = own_ma
            self.tables.append(table)
        self.dead_ms = [0] * len(cars)
        self.lag_ms = [0] * len(cars)  # that the world has yet to pass for each
        self.fine = [FINE_STEPS] * len(cars)
        self.seen = [None] * len(cars)  # what each one's lease allowed
        self.t_ms = 0
        self._load()

    def next_event_ms(self):
        """When something comes from outside."""
        events = [] if self.next_row is None else [self.next_row[0]]
        for table in self.tables:
            event_ms = table.world.next_event_ms()
            if event_ms is not None:
                events.append(event_ms)
        return min(events) if events else None

    def step(self, ms, all_tick=True):
        """``ms`` pass. A tick of each that lives, or of each at which something moves; the others' comes within QUIET_MS.

        Returns the places of those that had one.
        """
        ticked = []
        for place, table in enumerate(self.tables):
            if self.lag_ms[place] and self.lag_ms[place] + ms > QUIET_MS:
                self._pass(place)  # a longer tick would be a clock that jumps
            self.lag_ms[place] += ms
            if self.dead_ms[place] > 0:
                self.dead_ms[place] -= ms
                self._pass(place)
                ticked.append(place)
                if self.dead_ms[place] <= 0:
                    self.bus.taps[place].alive = True
                    self._revive(place)
            elif all_tick or self._due(place, table):
                self._pass(place)
                ticked.append(place)
        self.t_ms += ms
        while self.next_row is not None and self.next_row[0] <= self.t_ms:
            self.house_ma = self.next_row[1:4]
            self.next_row = next(self.rows, None)
        self._load()
        return ticked

    def _due(self, place, table):
        """True when something moves here, was leased, or ends; who leads sees the supply, which always moves."""
        group = table.charger.group
        if group is None or group.leader is not None or table.world.moving():
            return True
        lease = group.lease
        allowed = (lease.offer_ma(group.uses, 0), lease.left_ms > 0)
        if allowed != self.seen[place]:
            self.seen[place] = allowed
            self.fine[place] = FINE_STEPS
        if self.fine[place] > 0:
            self.fine[place] -= 1
            return True
        event_ms = table.world.next_event_ms()
        if event_ms is not None and event_ms <= table.world.t_ms + self.lag_ms[place]:
            self.fine[place] = FINE_STEPS
            return True
        if lease.quiet_ms + self.lag_ms[place] >= SILENT_MS:
            return True
        return self.lag_ms[place] >= min(QUIET_MS, lease.left_ms or QUIET_MS, lease.held_ms or QUIET_MS)

    def _pass(self, place):
        """What one lags behind passes for it."""
        ms = self.lag_ms[place]
        self.lag_ms[place] = 0
        group = self.tables[place].charger.group
        while ms > LEADER_MS and group is not None and group.leader is not None:
            self._tick(place, LEADER_MS)
            ms -= LEADER_MS
        self._tick(place, ms)

    def _tick(self, place, ms):
        """One tick of it, after so many ms."""
        table = self.tables[place]
        chips.attach(table.chip)
        self.bus.taps[place].lived_ms += ms
        if self.dead_ms[place] > 0 or not self.bus.taps[place].alive:
            table.chip.us += ms * 1000
            table.world.advance(table.world.t_ms + ms)
            table.world.happen()
            return
        offer_ma = table.world.offered_ma
        table.scan.step_ms = ms
        table.tick()
        if table.world.offered_ma != offer_ma:
            self.fine[place] = FINE_STEPS

    def kill(self, place, ms=chips.BOOT_MS, kind=chips.PWRON_RESET):
        """The power of one is gone for so long."""
        table = self.tables[place]
        table.chip.hard_reset(kind)
        self.dead_ms[place] = ms
        self.bus.taps[place].alive = False
        self.bus.taps[place].come.clear()

    def _revive(self, place):
        table = self.tables[place]
        table.chip.revive()
        host.load(table.scenario["board"], "boot", fresh=False)
        table.restart()

    def drawn_ma(self, place, phase):
        """What the car at ``place`` draws on a phase of the supply."""
        return self.tables[place].world.car_ma(phase)

    def offered_ma(self, place):
        """What its pilot allows, with the contactor closed."""
        world = self.tables[place].world
        return world.offered_ma if world.contactor else 0

    def _load(self):
        """What the clamps of charger 1 carry beside its own car."""
        load_ma = list(self.house_ma)
        for table in self.tables[1:]:
            world = table.world
            if world.car.drawn_ma:
                for phase in range(3):
                    load_ma[phase] += world.car_ma(phase)
        self.tables[0].world.house_ma = load_ma
