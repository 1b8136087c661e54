"""The composition root: the only module that knows all four rooms, and the tick that runs through them."""

from time import ticks_diff, ticks_ms

import board

from headroom.act import watchdog
from headroom.act.outputs import Outputs
from headroom.decide.balance import Balance
from headroom.decide.guard import Guard
from headroom.decide.records import Limits, Proposal, Readings, Verdict
from headroom.sense.inputs import Inputs
from headroom.sense.scan import Scan
from headroom.serve import words
from headroom.serve.console import Console
from headroom.serve.port import Port
from headroom.serve.settings import Settings
from headroom.version import VERSION

ELAPSED_MAX_MS = 5000  # a longer tick cannot be: the watchdog would have ended it


class Charger:
    """One charging point. ``tick`` senses, decides, acts, and serves in the time that is left."""

    def __init__(self, settings=None, scan=None, port=None):
        self.outputs = Outputs()
        self.settings = settings or Settings()
        self.limits = Limits()
        self.apply_settings()
        self.scan = scan or Scan(self.settings.get("hz"))
        self.inputs = Inputs()
        self.readings = Readings()
        self.proposal = Proposal()
        self.verdict = Verdict()
        self.law = Balance(self.limits)
        self.guard = Guard(self.limits)
        self.console = Console(
            port or Port(),
            {
                "status": self._status,
                "why": self._why,
                "get": self._get,
                "set": self._set,
                "version": self._version,
            },
        )
        self.ticked_ms = ticks_ms()
        self.said_ms = 0
        self.watchdog = watchdog.start(watchdog.TICK_MS)

    def apply_settings(self):
        """Bring the settings into the limits, never above the board's own ratings."""
        limits = self.limits
        limits.breaker_ma = min(self.settings.get("breaker_ma"), board.MAX_BREAKER_MA)
        limits.charger_ma = min(self.settings.get("charger_ma"), board.MAX_OFFER_MA)
        limits.phases = min(self.settings.get("phases"), board.PHASES)
        limits.rise_dwell_ms = self.settings.get("rise_dwell_ms")
        limits.resume_dwell_ms = self.settings.get("resume_dwell_ms")
        limits.ventilation = board.VENTILATION
        limits.temperature_stop_c = board.TEMPERATURE_STOP_C
        self.status_ms = self.settings.get("status_ms")

    def run(self):
        """Tick for ever."""
        while True:
            self.tick()

    def tick(self):
        """One bounded piece of work: sense, decide, act, serve."""
        readings = self.readings
        verdict = self.verdict
        self.scan.read(readings, self.outputs.duty_u16)
        self.inputs.read(readings)
        now_ms = ticks_ms()
        dt_ms = min(max(ticks_diff(now_ms, self.ticked_ms), 0), ELAPSED_MAX_MS)
        self.ticked_ms = now_ms
        self.law.propose(dt_ms, readings, verdict, self.proposal)
        self.guard.judge(dt_ms, readings, self.proposal, verdict)
        self.outputs.apply(verdict)
        self.watchdog.feed()
        if self.status_ms:
            self.said_ms += dt_ms
            if self.said_ms >= self.status_ms and self.console.idle():
                self.said_ms = 0
                self.console.say(words.status(verdict, readings))
        self.console.step()

    def _status(self, _):
        return words.status(self.verdict, self.readings)

    def _why(self, _):
        verdict = self.verdict
        return words.because(verdict.reason, verdict.phase, verdict.value, verdict.bound)

    def _get(self, names):
        if not names:
            return "get NAME"
        try:
            return "%s = %d" % (names[0], self.settings.get(names[0]))
        except KeyError:
            return "no setting '%s'" % names[0]

    def _set(self, pair):
        if len(pair) != 2:
            return "set NAME VALUE"
        wrong = self.settings.set(pair[0], pair[1])
        if wrong is None:
            self.apply_settings()
        return wrong or "%s = %s" % (pair[0], pair[1])

    def _version(self, _):
        return "headroom " + VERSION
