"""What the car draws, estimated from how the supply follows the offer's own steps.

The pilot only allows; it does not command. Taking the offer for the draw makes a balancer cut twice for one overload,
or hand out the same ampere twice. Here every step of the supply is ascribed to somebody: to the car, while it has
a reason to move that way (it was offered more and has not taken it, or less and has not given it up), else to the house.
On several phases a car moves all of its phases together and the house seldom does: only what they have in common is the car's.
Through an open contactor nothing is drawn, so each closing starts from certainty, and shows which phases the car uses.
"""

from headroom.law.noise_filter import STEP_MA
from headroom.monitor.breaker import smaller
from headroom.terms.standard import FOLLOW_MS

QUIET_MS = 1000  # a movement within the noise is ascribed when it has stood this long
FOLLOW_DOWN_MS = FOLLOW_MS + 1000  # by then a car is taken to have followed
REACT_MS = 250  # no car follows sooner: what moves before is the house's
FOLLOW_UP_MS = 60000  # taking up more is the car's own choice: cars have been seen to wait 40 s
SETTLED_MS = 8000  # but one that has begun and moved no further for this long has what it wants
LEAP_MA_MS = 30  # a car that was seen to rise gently never leaps: 20 A/s is a fast one (chosen; the bench's fastest)
RAMP_MA = 150  # rising by this much within QUIET_MS it has not settled: 30 s from 6 to 10 A
ARRIVED_MA = 250  # so little left of a fall is not on its way: the house rose by it (chosen: half a coarse step)
SHOWN_MA = 3000  # a car that draws this much ...
SHOWN_MS = 2000  # ... and has stood so long has shown which phases it uses
SUSPECT_MS = 1000  # so long over its rating, a phase that the car does not use may be used after all ...
ACQUIT_MS = 600000  # ... and is not suspected again for so long: the house alone may overload it each minute
UNSURE_MS = 60000  # ... or for so long, where the house moved in the same seconds
FOLLOWED_MS = FOLLOW_MS  # after a step of the offer a suspect has moved with the car's other phases, or it is none


class CarCurrent:
    """``car_ma``: the car's draw per phase, ``uses``: whether the car is known to use the phase or must be taken to."""

    def __init__(self, phases, limits, step_ma=None):
        self.limits = limits
        self.step_ma = step_ma or [STEP_MA] * phases  # what is no noise, per phase: as ``NoiseFilter`` measures it
        self.car_ma = [0] * phases
        self.uses = [True] * phases
        self.level_ma = [0] * phases  # supply current at which the last step was ascribed
        self.offer_ma = self.rating_ma = 0
        self.most_ma = 0  # the car's draw on the phase where it draws most
        self.fell_ma = 0  # how far it was seen to fall since the offer last changed
        self.since_ms = 0  # since the offer last changed
        self.still_ms = 0  # since the car last moved
        self.due_ms = 0  # since the car has had a reason to move the way it has to go
        self.quiet_ms = 0  # since a step was last ascribed
        self.settled = False  # the car has done what the last change of the offer lets it do
        self.alike = (
            False  # what moves now moves alike on the car's phases: it may have been about to follow the offer before
        )
        self.shown = False  # since the contactor closed the car has shown its phases
        self.leapt = False  # and rose by more at once than LEAP_MA_MS
        self.gentle = False  # this car has risen without a leap: one that comes later is the house's
        self.suspect_ms = 0  # how long a phase that the car does not use has been over its rating
        self.suspects = 0  # bit n: phase n is taken to be used, and has not shown it
        self.rest_ma = [0] * phases  # supply current when the car was last at rest, or a phase suspected
        self.open_ma = [0] * phases  # and while the contactor was last open
        self.strange = 0  # bit n: phase n is not wired, and the car has not yet shown whether it draws there

    def forget(self, wired=7):
        """The car was unplugged: the next one may use other phases of those that are ``wired``, a set."""
        for phase in range(len(self.uses)):
            self.uses[phase] = bool(wired >> phase & 1)
        self.strange = ~wired
        self.gentle = False
        self.suspect_ms = self.suspects = 0

    def step(self, dt_ms, grid_ma, phases, offer_ma, closed, rating_ma):
        """Follow one tick: the supply per phase, the phases wired, the offer in force, the contactor, the supply's rating."""
        self.rating_ma = rating_ma
        if offer_ma != self.offer_ma:
            self._expect(offer_ma)
        self.since_ms = min(self.since_ms + dt_ms, FOLLOW_UP_MS)
        self.still_ms = min(self.still_ms + dt_ms, FOLLOW_UP_MS)
        self.due_ms = min(self.due_ms + dt_ms, FOLLOW_UP_MS)
        if self.suspects and self.since_ms >= FOLLOWED_MS > self.since_ms - dt_ms:
            self._acquit(grid_ma, phases, closed)
            self._rests(grid_ma)
        if not closed:
            self._open(grid_ma, phases)
            return
        self.quiet_ms += dt_ms
        if self.quiet_ms >= QUIET_MS or self._stepped(grid_ma, phases):
            self._ascribe(dt_ms, grid_ma, phases)
            self.quiet_ms = 0
        self._settle()
        self._bound(grid_ma, phases)
        self._suspect(dt_ms, grid_ma, phases)
        if not self.shown and self.most_ma >= SHOWN_MA and self.still_ms >= SHOWN_MS:
            self._learn_phases(grid_ma, phases)

    def uses_mask(self):
        """Bit n is set when the car uses, or may use, phase n."""
        return (1 if self.uses[0] else 0) | (2 if self.uses[1] else 0) | (4 if self.uses[2] else 0)

    def phases_used(self, phases):
        """How many of the ``phases`` wired the car uses, or may use."""
        used = 0
        for phase in range(phases):
            if self.uses[phase]:
                used += 1
        return used

    def _expect(self, offer_ma):
        """The offer moves: a car at rest, or on its way the other way, needs time to react."""
        if self.settled or self.offer_ma == 0:
            self._rests(self.level_ma)
        turns = offer_ma <= self.most_ma <= self.offer_ma or self.offer_ma <= self.most_ma <= offer_ma
        if self.settled or turns:
            self.due_ms = 0
        self.offer_ma = offer_ma
        self.since_ms = self.still_ms = self.fell_ma = 0
        self.settled = False

    def _open(self, grid_ma, phases):
        for phase in range(phases):
            self.car_ma[phase] = 0
            self.level_ma[phase] = self.open_ma[phase] = grid_ma[phase]
        self.most_ma = self.still_ms = 0
        self.shown = self.settled = self.leapt = False

    def _stepped(self, grid_ma, phases):
        for phase in range(phases):
            if abs(grid_ma[phase] - self.level_ma[phase]) >= self.step_ma[phase]:
                return True
        return False

    def _ascribe(self, dt_ms, grid_ma, phases):
        """Give what moved since the last time to the car as far as it has a reason to move so; the rest is the house's."""
        self.alike = False
        common_ma = self._common_ma(grid_ma, phases) if self.shown else 0
        fell_ma = self.fell_ma
        for phase in range(phases):
            moved_ma = grid_ma[phase] - self.level_ma[phase]
            rest_ma = moved_ma - common_ma
            if common_ma and self.uses[phase] and self.quiet_ms < QUIET_MS and abs(rest_ma) < 2 * self.step_ma[phase]:
                self.level_ma[phase] += common_ma  # this phase is ahead, or late: its next step has the rest
            else:
                self.level_ma[phase] = grid_ma[phase]
            if not self.uses[phase]:
                self._joins(phase, moved_ma, common_ma)
            elif not self.settled:
                self._take(dt_ms, phase, common_ma if self.shown else moved_ma, fell_ma)

    def _common_ma(self, grid_ma, phases):
        """The movement that all phases in use have in common, 0 when they disagree on its direction.

        Of three, two that fall alike while the car has to are the car's, whatever the house does on the third.
        """
        least_ma = most_ma = sum_ma = used = 0
        for phase in range(phases):
            if self.uses[phase] and not self.suspects >> phase & 1:
                moved_ma = grid_ma[phase] - self.level_ma[phase]
                least_ma = min(least_ma, moved_ma) if used else moved_ma
                most_ma = max(most_ma, moved_ma) if used else moved_ma
                sum_ma += moved_ma
                used += 1
        middle_ma = sum_ma - least_ma - most_ma
        if used == 3 and middle_ma < 0 and self.offer_ma < self.most_ma and middle_ma - least_ma < self.step_ma[0]:
            self.alike = True
            return middle_ma
        if least_ma > 0:
            return least_ma
        return most_ma if most_ma < 0 else 0

    def _take(self, dt_ms, phase, moved_ma, fell_ma):
        """The car's part of a movement: on its way to the offer; what is far more than it has to go is the house's."""
        car_ma = self.car_ma[phase]
        to_go_ma = self.offer_ma - car_ma
        if abs(moved_ma) > (1 if moved_ma > 0 else 2) * abs(to_go_ma) + self.step_ma[phase]:
            return
        if moved_ma < 0 and to_go_ma < 0 and (self.alike or self.due_ms >= REACT_MS):
            self.car_ma[phase] = max(car_ma + moved_ma, self.offer_ma)
            self.fell_ma = max(self.fell_ma, fell_ma - moved_ma)
        elif moved_ma > 0 and to_go_ma > 0 and self.due_ms >= REACT_MS and not self._over(phase):
            if moved_ma > LEAP_MA_MS * dt_ms + self.step_ma[phase]:
                self.leapt = True
                if self.gentle:
                    return
            self.car_ma[phase] = min(car_ma + moved_ma, self.offer_ma)
            if moved_ma >= RAMP_MA:
                self.still_ms = 0

    def _over(self, phase):
        """No offer takes the supply above its rating: the rise that does is the house's."""
        return self.level_ma[phase] - smaller(self.rating_ma, self.limits.own_ma[phase]) > self.step_ma[phase] // 2

    def _joins(self, phase, moved_ma, common_ma):
        """A phase that moves as those in use do is in use after all: some cars take up another one above 8 A."""
        if self.settled or abs(common_ma) < SHOWN_MA // 2:
            return
        if moved_ma >= common_ma // 2 > 0 or moved_ma <= common_ma // 2 < 0:
            self.uses[phase] = True
            self.car_ma[phase] = self.most_ma

    def _suspect(self, dt_ms, grid_ma, phases):
        """A phase over its rating carries the car until it shows otherwise, whatever was learnt: a car may take up another
        phase unseen.
        """
        over = False
        for phase in range(phases):
            if not self.uses[phase] and self._is_over(phase, grid_ma):
                over = True
                if self.suspect_ms >= SUSPECT_MS:
                    self._rests(grid_ma)
                    self.suspects |= 1 << phase
                    self.uses[phase] = True
                    self.car_ma[phase] = self.most_ma
        if over and self.suspect_ms >= SUSPECT_MS:
            self.suspect_ms = -ACQUIT_MS
        elif over or self.suspect_ms < 0:
            self.suspect_ms += dt_ms
        else:
            self.suspect_ms = 0

    def _is_over(self, phase, grid_ma):
        return grid_ma[phase] > smaller(self.rating_ma, self.limits.own_ma[phase]) + self.step_ma[phase]

    def _rests(self, grid_ma):
        for phase in range(len(self.rest_ma)):
            self.rest_ma[phase] = grid_ma[phase]

    def _acquit(self, grid_ma, phases, closed):
        """The car has followed since it was at rest: a suspect that did not move with the other phases is not used.

        Nor is one that moved by more or less when the contactor opened: there is no second look before it closes again.
        One that did is looked for at once where a start hides it: a roof fed in there what the car began with.
        """
        moved_ma = SHOWN_MA // 2 - 1
        for phase in range(phases):
            if self.uses[phase] and not self.suspects >> phase & 1:
                moved_ma = max(moved_ma, abs(grid_ma[phase] - self.rest_ma[phase]))
        for phase in range(phases):
            own_ma = abs(grid_ma[phase] - self.rest_ma[phase])
            alike = own_ma > moved_ma // 4 if closed else abs(own_ma - moved_ma) <= moved_ma // 4
            if self.suspects >> phase & 1 and moved_ma >= SHOWN_MA // 2:
                if abs(own_ma - moved_ma) <= moved_ma // 4:
                    self.suspect_ms = 0
                elif not alike:
                    self.suspects &= ~(1 << phase)
                    self.uses[phase] = False
                    self.car_ma[phase] = 0
                    if own_ma > moved_ma // 4:
                        self.suspect_ms = max(self.suspect_ms, -UNSURE_MS)

    def _settle(self):
        if self.most_ma > self.offer_ma:
            arrived = self.fell_ma > 0 and self.most_ma - self.offer_ma < ARRIVED_MA
            self.settled = arrived or self.since_ms >= FOLLOW_DOWN_MS
        elif self.most_ma:
            self.settled = self.still_ms >= SETTLED_MS
        else:
            self.settled = self.since_ms >= FOLLOW_UP_MS

    def _bound(self, grid_ma, phases):
        """Once it has followed, no car draws more than is offered; nor, where nothing is fed in, more than the supply carries."""
        most_ma, self.most_ma = self.most_ma, 0
        for phase in range(phases):
            car_ma = most_ma if self.shown and self.suspects >> phase & 1 else self.car_ma[phase]
            if self.settled and car_ma > self.offer_ma:
                car_ma = self.offer_ma
            if not self.limits.exports:  # else what the supply carries may be less than what the car draws
                car_ma = min(car_ma, grid_ma[phase])
            self.car_ma[phase] = car_ma = max(car_ma, 0)
            self.most_ma = max(self.most_ma, car_ma)

    def wire(self, wired):
        """These phases are wired from now on: what was not until now may carry the car, and what is no more still may."""
        for phase in range(len(self.uses)):
            self.uses[phase] = self.uses[phase] or bool(wired >> phase & 1)

    def _learn_phases(self, grid_ma, phases):
        """Which phases rose with the car since the contactor closed; what is between yes and no stays as it was.

        A car draws the same on all of its phases: what one has above the least of them was the house's. One that is not
        wired is learnt like any other, where it rose by as much.
        """
        least_ma = self.most_ma
        for car_ma in self.car_ma:
            if car_ma >= self.most_ma // 2:
                least_ma = min(least_ma, car_ma)
        for phase in range(len(self.uses)):
            if self.car_ma[phase] >= self.most_ma // 2:
                self.uses[phase] = True
                self.car_ma[phase] = least_ma
            elif self.car_ma[phase] <= self.most_ma // 4:
                self.uses[phase] = False
                self.car_ma[phase] = 0
        for phase in range(phases):
            off_ma = grid_ma[phase] - self.open_ma[phase] - least_ma
            if self.strange >> phase & 1 and not self.uses[phase] and abs(off_ma) <= least_ma // 4:
                self.uses[phase] = True
                self.car_ma[phase] = least_ma
        self.strange = 0
        self.shown = True
        self.suspects = 0
        self.gentle = self.gentle or not self.leapt
