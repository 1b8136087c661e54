"""A million bytes of garbage into the console of a charger at work: no late tick, no crash, no setting changed.

Usage: micropython fuzz.py BYTES [SEED]. A PIN is set and locked. Four kinds of garbage in turn: random bytes, random printable
characters and line ends, an endless line, and lines of the console's own words, cut, doubled and mixed (so that
commands do run). A late tick is one that took or gave more bytes than it may, ran more than one line, called the file
system more than once, or (under CPython) executed more lines of the firmware than ``WORK_MAX``.
"""

import sys

sys.path.insert(0, __file__.replace("\\", "/").rsplit("/", 1)[0] + "/..")

from bench.chip.nor import RamFiles
from bench.chip.terminal import Terminal
from bench.table import Table
from bench.world.car import Random

TAKE = 32  # bytes in a tick
WORK_MAX = 3000  # lines of firmware in a step of the service; a wrong command is compared with all names: some 2000
BURST = 300  # bytes that arrive between two ticks, at most: more than the ring holds
PATIENCE = 100  # ticks until the next burst comes, whether the last one was read or not
SECRET_WORDS = ("unlock", "pin", "1234")
HOUSEHOLD = 0  # who may change a setting: serve/answers/settings_table.py
WORDS = "settings box on off now slow normal car undo reset hours days L1 10.0 25A 6 60s 125000 2026-11-24 19:12 -1 0"


class CountingFiles(RamFiles):
    """Counts the calls."""

    def __init__(self):
        super().__init__()
        self.calls = 0

    def open(self, path, mode):
        """One call."""
        self.calls += 1
        return super().open(path, mode)


class Garbage:
    """``burst`` gives the next bytes; the same for the same seed on every interpreter."""

    def __init__(self, seed, words):
        self.random = Random(seed)
        self.words = words
        self.kind = 0
        self.left = 0

    def burst(self):
        """Some bytes of the kind that is on."""
        if self.left <= 0:
            self.kind = (self.kind + 1) % 4
            self.left = 3000
        between = self.random.between
        size = between(1, BURST)
        if self.kind == 0:
            data = bytes([between(0, 255) for _ in range(size)])
        elif self.kind == 1:
            data = bytes([between(32, 126) if between(0, 9) else 13 for _ in range(size)])
        elif self.kind == 2:
            data = bytes([between(32, 126)]) * size
        else:
            data = b"".join([self.line() for _ in range(between(1, 6))])
        self.left -= len(data)
        return data

    def line(self):
        """A line of the console's words, more or less."""
        between = self.random.between
        text = " ".join([self.words[between(0, len(self.words) - 1)] for _ in range(between(1, 4))])
        if between(0, 3) == 0:
            text = text[: between(0, len(text))]
        if between(0, 3) == 0:
            text = '{"id": %d, "do": "%s"}' % (between(-9, 9), text)
        return text.encode() + (b"\r", b"\n", b"\r\n", b"\t\r", b"\x1b[A\r", b"\x15\r")[between(0, 5)]


class Fuzz:
    """One charger, one stream of garbage."""

    def __init__(self, seed):
        self.terminal = Terminal()
        self.files = CountingFiles()
        self.table = Table([(0, 3000, 0, 0)], port=self.terminal, files=self.files, fidelity="rms")
        charger = self.table.charger
        self.service = charger.service
        for line in ("set breaker_ma 25A", "set charger_ma 16A", "save", "pin 9731 9731", "lock"):
            self.terminal.ask(self.table, line)
        assert charger.limits.breaker_ma == 25000
        self.table.scan.step_ms = 100
        self.table.live(45000)
        self.table.scan.step_ms = 25
        assert charger.verdict.closed
        rows = charger.settings.table.TABLE
        self.defaults = {row[0]: row[2] for row in rows}  # what is rare is kept only where it is set
        self.installer = {row[0]: charger.settings.get(row[0]) for row in rows if row[5] != HOUSEHOLD}
        self.words = [row[0] for row in rows] + list(SECRET_WORDS) + WORDS.split()
        self.words += [name for name in self.service.console.commands.complete("") if name not in SECRET_WORDS]
        self.garbage = Garbage(seed, self.words)
        self.lines = 0
        self.most_lines = 0
        self.work = 0
        self.most_work = 0
        self.sent = 0
        self.read = 0
        self.ticks = 0
        run = self.service.console.commands.run

        def counted(words):
            self.lines += 1
            return run(words)

        self.service.console.commands.run = counted

    def go(self, count):
        """Send bursts until the firmware has read ``count`` bytes; returns what was wrong, or None."""
        terminal, table = self.terminal, self.table
        while self.read < count:
            data = self.garbage.burst()
            self.sent += len(data)
            terminal.send(data)
            terminal.reads = self.garbage.random.between(0, 19) > 0
            for _ in range(PATIENCE):
                wrong = self.tick()
                if wrong:
                    return wrong
                if not terminal.ring:
                    break
        terminal.reads = True
        table.live(20000)
        return self.changed()

    def tick(self):
        """One tick; what was wrong with it, or None."""
        terminal, files = self.terminal, self.files
        terminal.taken = files.calls = self.lines = self.work = 0
        terminal.received = bytearray()
        self.table.tick()
        self.ticks += 1
        self.read += terminal.taken
        self.most_lines = max(self.most_lines, self.lines)
        self.most_work = max(self.most_work, self.work)
        if terminal.waited_us:
            return "late tick: %d us in a write" % terminal.waited_us
        if terminal.taken > TAKE or self.lines > 1 or files.calls > 1 or self.work > WORK_MAX:
            return "late tick: %d bytes, %d lines, %d calls, %d work" % (
                terminal.taken,
                self.lines,
                files.calls,
                self.work,
            )
        self.service.leaving = ""  # the garbage may well ask for a reboot: that is no fault
        return self.changed()

    def changed(self):
        """A setting of the installer's that is not what it was, or None."""
        values = self.table.charger.settings.values
        for name in self.installer:
            value = values.get(name, self.defaults[name])
            if value != self.installer[name]:
                return "%s changed to %d" % (name, value)
        return None


def main(count, seed=1):
    """Run and report."""
    fuzz = Fuzz(seed)
    wrong = fuzz.go(count)
    print("%d bytes read of %d sent, in %d ticks" % (fuzz.read, fuzz.sent, fuzz.ticks))
    print(wrong or "no late tick, no crash, no installer's setting changed")
    answer = fuzz.terminal.ask(fuzz.table, "\x15json off\rget breaker_ma", 20000)
    print("afterwards: %s" % [line for line in answer.split("\n") if "breaker_ma" in line])
    return 1 if wrong or "25 A" not in answer else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
