"""Where the CPU's time of a tick goes: the board's figures, charged on the chip's clock as the firmware passes each part.

The board file says how its figures were found. A window that ended early is not worked out, so of the scan only the look
at pilot and inputs is paid. A collection falls into the time of serve, where alone something is made: now and then, and
when a proof asks for one. The figures hold at ``CPU_HZ``: a chip whose clock was never set is that much slower.
"""

COLLECTS_EVERY = 211  # ticks, some six seconds: a guess; a prime, so that no rhythm of the firmware's meets it always


class Cpu:
    """Charges a charger's parts, ``percent`` of the board's figures; ``collects``: the next tick's serve pays a collection."""

    def __init__(self, chip, charger, board, percent=100):
        self.chip = chip
        self.hz = board.CPU_HZ
        self.ticks = 0
        self.collects = False
        look_us, scan_us, law_us, guard_us, energy_us, serve_us, self.collection_us = [
            us * percent // 100 for us in board.TICK_CPU_US
        ]
        self.serve_us = serve_us
        self._scan(charger.scan, look_us, scan_us)
        spend = self.spend
        judge, step, serve = charger.guard.judge, charger.energy.step, charger.serve

        def guard(dt_ms, readings, proposal, in_force, verdict):
            heard = charger.unproposed_ms == 0  # the law was, whichever it is
            spend(law_us + guard_us if heard else guard_us)
            judge(dt_ms, readings, proposal, in_force, verdict)

        def energy(dt_ms, readings, proposal, closed, limits):
            spend(energy_us)
            step(dt_ms, readings, proposal, closed, limits)

        def served(dt_ms):
            spend(self._served_us())
            serve(dt_ms)

        charger.guard.judge, charger.energy.step, charger.serve = guard, energy, served

    def spend(self, us):
        """Let so much of the board's CPU time pass."""
        self.chip.advance(us * self.hz // self.chip.cpu_hz)

    def _scan(self, scan, look_us, scan_us):
        read = scan.read

        def worked_out(readings, duty_u16):
            unused = scan.holes
            read(readings, duty_u16)
            self.spend(look_us + (scan_us if scan.holes == unused else 0))

        scan.read = worked_out

    def _served_us(self):
        self.ticks += 1
        if not self.collects and self.ticks % COLLECTS_EVERY:
            return self.serve_us
        self.collects = False
        return self.serve_us + self.collection_us
