"""What a household that sets no wish keeps of the heap for the wishes that others may set, and for what it has of them anyway.

Usage: python -m headroom_tools.measure.wishes_cost [BOARD]. The firmware is built and measured as `heap_cost` does, once as it is
and once more for each group of CUTS, with that group taken out of the source as if nobody had ever written it. A cut that is not
found exactly once is stale: the command says so and ends. What is read only where a setting or a wish asks for it is in memory in
neither, and so costs nothing here. Counted are the empty fields in which a wish would be kept, too. Sessions and the button's
second press nobody sets and every household has: they stand apart. A group by itself may come to more or less than its part of
the whole, for tables of names grow in leaps.
"""
# ruff: noqa: E501 (what is cut stands as it does in its file)

import sys

from headroom_tools.common.ending import ended
from headroom_tools.measure import heap_cost, vm32

Cut = tuple[str, str, str]  # file, what stands there, what stood there if there were no such wish

CLOCK = "headroom/serve/clock.py"
SERVICE = "headroom/serve/console/service.py"
CHARGER = "headroom/charger.py"
ASKED = "headroom/serve/answers/asked.py"  # not in memory, but it would ask for what is not there
BALANCE = "headroom/law/balance.py"
CEILINGS = "headroom/law/ceilings.py"
DWELL = "headroom/law/dwell.py"
BREAKER = "headroom/monitor/breaker.py"
CAR = "headroom/law/car_current.py"
BUTTON = "headroom/guard/button.py"
RECORDS = "headroom/terms/records.py"
FEATURES = "headroom/features.py"  # not in memory, but what it makes is
STEPS = "headroom/monitor/step_response.py"

BY_THE_CLOCK: tuple[Cut, ...] = (
    (CLOCK, "    def wall_of(self, standard_s):\n"
     "        \"\"\"What the wall shows at a winter time.\"\"\"\n        return standard_s\n\n"
     "    standard_of = wall_of  # and the winter time at which the wall shows that: without a rule for the summer the same\n", ""),
    (CLOCK, "self.standard_of(wall_s)", "wall_s"),
    (SERVICE, "        if self.clock.told:\n            part(\"asked\").resume_time(self)\n", ""),
    (SERVICE, "        self.wishes = None  # by the clock: serve/wishes.py, where there are any\n", ""),
    (SERVICE, "        if self.wishes is not None and step == self.wishes.step:\n            return WISHES\n", ""),
    (CHARGER, "        self.readings.wall_s = self.service.wall_s\n", ""),
    (SERVICE, "        self.wall_s = 0  # of the clock, for the law\n", ""),
    (SERVICE, "        self.wall_s = self.clock.wall_s()\n", ""),
    (RECORDS, "        self.wall_s = 0  # seconds of the wall's clock since a midnight; 0: nobody has told it\n", ""),
    (CHARGER, "        return once.read(\"headroom.features\").kept_s(standard_s, time())\n", "        return standard_s\n"),
    (CHARGER, "NO_NEED_MIN if self.service.wishes is None else self.service.wishes.wishes.laxity_min", "NO_NEED_MIN"),
    (FEATURES, "        if service.wishes is not None:\n            anew.append(service.wishes.wishes)\n", ""),
    (CEILINGS, "        self.needed = 0  # 1: a need (law/wishes) says that what only saves money does not count now; 2: and is late\n", ""),
    (BALANCE, "        self.dwell.late = self.ceilings.needed > 1\n", ""),
    (DWELL, "        self.late = False  # the household's need will be\n", ""),
    (DWELL, "0 if self.late else self.rest_ms", "self.rest_ms"),
    (DWELL, "LATE_MS if self.late else RELUCTANT_MS", "RELUCTANT_MS"),
)  # fmt: skip

BY_SUN: tuple[Cut, ...] = (
    (CEILINGS, "        self.lift_ma = 0  # a timetable that leaves less gives way to so much: surplus that may be had at any time\n", ""),
    (CEILINGS, "        self.free_ma = self.beside_ma = UNBOUND_MA\n        self.lift_ma = 0\n", "        self.free_ma = UNBOUND_MA\n"),
    (BALANCE, "                if self.ceilings.reason not in reasons.BY_SUN:\n                    self.dwell.fell(offer_ma)\n",
     "                self.dwell.fell(offer_ma)\n"),
    (BALANCE, "        # the sun is followed at once where the supply has plenty left after the rise\n"
     "        room_ma = rated(self.limits) - self.ceilings.load_ma - self.limits.min_ma\n"
     "        if self.ceilings.reason in reasons.BY_SUN and COARSE_STEP_MA <= free_ma - offer_ma <= room_ma:\n"
     "            self._bound(proposal, free_ma)\n            self.lasted_ms = self.drawn_ma = 0\n            return\n", ""),
    (BALANCE, "        dawns = self.ceilings.dawns and self.ceilings.reason == reasons.NO_SUN\n", ""),
    (CEILINGS, "        self.dawns = False  # the sun would do, and is looked at for a while: that is part of a paused car's wait\n", ""),
    (BALANCE, "if dawns or (above_ma >= 0 and self.ceilings.reason not in reasons.WOBBLE):",
     "if above_ma >= 0 and self.ceilings.reason not in reasons.WOBBLE:"),
    (BALANCE, "self.dwell.may_resume(dt_ms, above_ma) and not dawns", "self.dwell.may_resume(dt_ms, above_ma)"),
    (BALANCE, "        if above_ma >= 0 and not dawns and self", "        if above_ma >= 0 and self"),
    (BALANCE, "        if above_ma >= 0 and not dawns:\n", "        if above_ma >= 0:\n"),
    (BALANCE, "self.lowest_ma < self.ceilings.free_ma and self.ceilings.reason not in reasons.BY_SUN",
     "self.lowest_ma < self.ceilings.free_ma"),
    (SERVICE, "reasons.WOBBLE + reasons.BY_SUN + (", "reasons.WOBBLE + ("),
    (STEPS, "        if self.limits.clouds is not None and self.limits.clouds.hide(self, lead_ma):\n            return False\n", ""),
    (STEPS, "        sun = self.limits.clouds is not None and self.limits.clouds.may_be(self)\n", ""),
    (STEPS, " and (followed or not sun)", ""),
    (FEATURES, "    if limits.solar:", "    if False:"),
    (FEATURES, "    limits.solar = limits.clouds = None\n", ""),
    (FEATURES, ", limits.solar, limits.clouds\n    rise_ma_s", "\n    rise_ma_s"),
    (FEATURES, ", limits.solar, limits.clouds = before", " = before"),
    (FEATURES, "    if get(\"solar\", 0) and get(\"exports\") and not boosted:\n"
     "        limits.solar = (get(\"solar\", 0), get(\"solar_sum\", 0), get(\"solar_hold_ms\", 600000))\n", ""),
    (RECORDS, "        self.solar = None  # (which surplus, how it is summed, ms of shade that a charge goes through): law/solar.py\n"
     "        self.clouds = None  # monitor/clouds.py, where the offer follows the sun\n", ""),
)  # fmt: skip

CONNECTION: tuple[Cut, ...] = (
    (FEATURES, "    limits.slow = bool(get(\"mode\")) and not boosted\n", ""),
    (FEATURES, "    if limits.slow:", "    if False:"),
    (FEATURES, "    if limits.total:", "    if False:"),
    (FEATURES, "    if limits.rise_ma_s:", "    if False:"),
    (FEATURES, "    own_ma = (get(\"breaker_l1_ma\", 0), get(\"breaker_l2_ma\", 0), get(\"breaker_l3_ma\", 0))\n"
     "    limits.own_ma = own_ma if any(own_ma) else ALIKE\n", ""),
    (FEATURES, "    limits.total = None\n", ""),
    (FEATURES, "before = limits.own_ma, limits.cap, limits.asymmetry_ma, limits.total, limits.slow",
     "before = limits.cap, limits.asymmetry_ma"),
    (FEATURES, " as error:\n        limits.own_ma, limits.cap, limits.asymmetry_ma, limits.total, limits.slow",
     " as error:\n        limits.cap, limits.asymmetry_ma"),
    (FEATURES, "    rise_ma_s = limits.rise_ma_s\n", ""),
    (FEATURES, "        limits.rise_ma_s = rise_ma_s\n", ""),
    (FEATURES, "    if get(\"total_w\", 0) or get(\"night_w\", 0):\n"
     "        limits.total = (get(\"total_w\", 0), get(\"night_w\", 0), get(\"night_from_h\", 0), get(\"night_to_h\", 8))\n", ""),
    (FEATURES, "    limits.rise_ma_s = get(\"rise_ma_s\", 0)\n", ""),
    (FEATURES, "month.peak if month is not None and get(\"cap_month\") else None)", "None)"),
    (FEATURES, "get, boosted, service.month)", "get, boosted, None)"),
    (RECORDS, "        self.slow = False  # no more than the car needs to charge: law/slow.py\n", ""),
    (RECORDS, "        self.own_ma = (0, 0, 0)  # breaker of each phase, where it is smaller; 0: as breaker_ma\n"
     "        self.total = None  # (W of the connection by day, by night, and the two hours of that): law/total.py\n"
     "        self.rise_ma_s = 0  # the offer rises no faster; 0: at once\n", ""),
    (BREAKER, ", own_ma=ALIKE)", ")"),
    (ASKED, "service.month is None and values.get(\"cap_month\")", "not values"),  # never: _keep stays a generator
    (SERVICE, "        self.month = None  # of a tariff by its peak: serve/month.py\n", ""),
    (SERVICE, "        return MONTH if self.month is not None and step == self.month.step else MANAGER\n",
     "        return MANAGER\n"),
    (CEILINGS, "smaller(rated(self.limits), self.limits.own_ma[phase])", "rated(self.limits)"),
    (CEILINGS, "                own_ma = smaller(rating_ma, limits.own_ma[phase])\n"
     "                least_ma = min(hold_ma, own_ma + hold_part * (own_ma // 100))\n", "                least_ma = hold_ma\n"),
    (CEILINGS, "        hold_part = limits.tolerance_pct if hold_ma > rating_ma else 0\n", ""),
    (CEILINGS, "car.car_ma[phase] + own_ma - load_ma\n                if own_ma < rating_ma:\n"
     "                    self.lower(free_ma, reasons.SHED, phase, load_ma, own_ma)\n                elif free_ma",
     "car.car_ma[phase] + rating_ma - load_ma\n                if free_ma"),
    (BALANCE, "        self.breaker_ma = 0  # the smallest of the phases that the car uses\n", ""),
    (BALANCE, "                self.breaker_ma = smaller(self.breaker_ma, limits.own_ma[phase])\n", ""),
    (BALANCE, "hottest, self.breaker_ma = 0, rating_ma", "hottest = 0"),
    (BALANCE, "1000 // self.breaker_ma", "1000 // limits.breaker_ma"),
    (BALANCE, "self.breaker_ma // BEARS_PART", "limits.breaker_ma // BEARS_PART"),
    (BALANCE, "heating, smaller", "heating"),
    (BALANCE, "self.power, limits.own_ma)", "self.power)"),
    (BREAKER, "self.power, limits.own_ma)", "self.power)"),
    (BREAKER, "        rated_ma = smaller(rating_ma, own_ma[phase])\n", "        rated_ma = rating_ma\n"),
    (CAR, "smaller(self.rating_ma, self.limits.own_ma[phase]) > self.step_ma[phase] // 2", "self.rating_ma > self.step_ma[phase] // 2"),
    (CAR, "smaller(self.rating_ma, self.limits.own_ma[phase]) + self.step_ma[phase]", "self.rating_ma + self.step_ma[phase]"),
)  # fmt: skip

SECOND_PRESS: tuple[Cut, ...] = (
    (BUTTON, "            if self.since_ms:\n                self.since_ms = 0\n                self.doubles += 1\n            else:\n"
     "                self.since_ms = 1\n", "            return SHORT\n"),
    (BUTTON, "        if self.since_ms and not pressed and not before_ms:\n            self.since_ms += dt_ms\n"
     "            if self.since_ms > AGAIN_MS:\n                self.since_ms = 0\n                return SHORT\n"
     "            return NOTHING\n", ""),
    (SERVICE, "        if charger.doubles() != self.doubles:\n            self.doubles = charger.doubles()\n"
     "            if not (self.boost.on() and charger.held()):  # one that was paused goes on, as it was\n"
     "                self.set_boost(0 if self.boost.on() else boost.UNTIL_LEFT)\n"
     "            self.journal.add(events.BOOSTED, self.boost.on())\n            if charger.held():\n"
     "                charger.hold(False)\n", ""),
    (SERVICE, "        self.doubles = 0  # of the button that were taken up\n", ""),
    (CHARGER, "        return self.guard.presses.doubles if self.limits.button else 0\n", "        return 0\n"),
)  # fmt: skip

SESSIONS: tuple[Cut, ...] = (
    (SERVICE, "            self._charge,\n", ""),
    (SERVICE, "        data = self.store.read(\"charge\")\n        if data is not None:\n"
     "            part(\"sessions\").recover(self, data, cause)\n", ""),
    (SERVICE, "        self.charge_on = False  # a charge is under way, see answers/sessions.py\n"
     "        self.charge_closed = False  # the contactor was, at the last look\n"
     "        self.charge_ma = 0  # the most that the car has drawn in it\n"
     "        self.charge_seen: list = []  # what is to be written down of it, and how far that is\n"
     "        self.charge_work = None\n", ""),
)  # fmt: skip

CUTS = {"timetable, need, start delay, clock": BY_THE_CLOCK, "sun": BY_SUN, "connection, slow": CONNECTION}
EVERYBODYS = {"the button's second press": SECOND_PRESS, "sessions": SESSIONS}


def cost(board: str, cuts: tuple[Cut, ...]) -> int:
    """Returns the bytes that a household keeps for what these cuts take out."""
    return heap_cost.kept(board).total - heap_cost.kept(board, True, cuts).total


def main() -> None:
    """Prints the figures."""
    board = sys.argv[1] if sys.argv[1:] else "reference"
    if vm32.node() is None:
        print(f"Heap: {vm32.MISSING}; skipped")
        return
    for title, cuts in CUTS.items():
        print(f"  {title}: {cost(board, cuts)} bytes", flush=True)
    together = sum(CUTS.values(), ())
    print(
        f"{board}: a household that sets no wish keeps {cost(board, together)} bytes for them, all together", flush=True
    )
    for title, cuts in EVERYBODYS.items():
        print(f"  every household has {title}: {cost(board, cuts)} bytes", flush=True)


if __name__ == "__main__":
    ended(main)
