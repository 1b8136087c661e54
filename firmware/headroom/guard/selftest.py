"""Self-test of the residual current module: pulse out, response, release; before each session and once a day.

Source: project's domain notes 3.2 (IEC 62955 practice: Easee between sessions and every 24 h, esp32-evse waits 500 ms,
Tinkerforge holds TEST up to 1.2 s and wants both outputs low again 1.2 s later).
"""

UNTESTED = 0
PULSE = 1  # TEST is driven, FAULT must answer
RELEASE = 2  # TEST is let go, FAULT must fall back
PASSED = 3
FAILED = 4

RESPONSE_MS = 1000
RELEASE_MS = 1500
GOOD_FOR_MS = 86400000


class SelfTest:
    """``step`` once a tick; ``phase`` tells how far it is. In PULSE and RELEASE, FAULT is an answer and not an alarm."""

    def __init__(self):
        self.phase = UNTESTED
        self.in_phase_ms = 0
        self.answered = False  # the pulse was answered, and no car has left since

    def step(self, dt_ms, allowed, answer):
        """Advance; ``allowed``: a session wants power and the contactor is open; ``answer``: the FAULT output."""
        phase = self.phase
        if self.in_phase_ms < GOOD_FOR_MS:
            self.in_phase_ms += dt_ms
        if phase == UNTESTED:
            if allowed and not answer:
                self._go(PULSE)
        elif phase == PULSE:
            if answer or not allowed:
                self.answered = answer
                self._go(RELEASE)
            elif self.in_phase_ms >= RESPONSE_MS:
                self._go(FAILED)
        elif phase == RELEASE:
            if not answer:
                self._go(PASSED if allowed and self.answered else UNTESTED)
            elif self.in_phase_ms >= RELEASE_MS:
                self._go(FAILED)
        elif phase == PASSED and allowed and self.in_phase_ms >= GOOD_FOR_MS:
            self._go(UNTESTED)

    def forget(self):
        """The next session tests anew, whatever came out of the last one."""
        self.answered = False
        if self.phase == PASSED or self.phase == FAILED:
            self._go(UNTESTED)

    def _go(self, phase):
        self.phase = phase
        self.in_phase_ms = 0
