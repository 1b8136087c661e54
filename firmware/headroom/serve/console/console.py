"""The serial console: lines in, answers out, never in a tick's way.

Each tick takes at most ``TAKE`` bytes and one line, and writes at most one ``PIECE``. A command answers with a generator of
lines, pulled one by one as the last has left, so a long answer costs no memory and no tick; None stands for "not yet".
While an answer is under way nothing is taken up: the echo (in JSON the answer) is what paces whoever pastes. Who does not wait
for it loses bytes in the port, and is told: nothing is made of the line that they were in.
"""

import json

from headroom.terms.refused import Refused

TAKE = 32  # bytes per tick
PIECE = 96  # bytes per tick: less than the 128 that the UART takes at once and sends in 11 ms
LINE_MAX = 160
INBOX = 128  # bytes that wait here while an answer is under way
RING = 259  # bytes that the ESP32 port keeps (its stdin_ringbuf of 260): whoever reads so many in a row has missed some
SILENCE = 40  # looks at an empty port, a second or so, after which the tail of a broken line comes no more
PROMPT = "> "
STRUCK = 256  # set in a byte that has stopped an answer: alone it has done its work, before others it begins a line
ESCAPE = 27
PLAIN, AFTER_ESCAPE = 0, 1
REST = 80  # looks at an empty port, two seconds or so, after which what edits lines goes out of memory


class Console:
    """``step`` once a tick. ``commands``: see loader.py.

    What is done with what was typed stands in answers/editor.py, which is read from the flash with the first byte.
    """

    def __init__(self, port, commands):
        self.port = port
        self.commands = commands
        self.editor = None  # answers/editor.py, while somebody types
        self.line = bytearray(LINE_MAX)
        self.length = 0
        self.too_long = False
        self.before = ""  # the last line, for the up arrow
        self.escape = PLAIN
        self.after_return = False
        self.out = b""
        self.asked = False  # a line is being answered
        self.broken: type | None = (
            None  # the class of what it, or what is half typed, failed with: to be said once that can be
        )
        self.answer = None  # what a command still has to say
        self.long = False  # and takes its time to
        self.held = -1  # a byte that came meanwhile
        self.inbox = bytearray(INBOX)
        self.first = 0  # of the bytes in it,
        self.count = 0  # and how many there are
        self.run = 0  # bytes read since the port was last found empty
        self.losing = False  # some were lost: what follows is dropped, up to the end of the broken line,
        self.empty = 0  # looks at an empty port since the last byte that was whole,
        self.torn = False  # and that is to be said when what was whole has been answered
        self.id = None  # of the request being answered
        self.json = False
        self.litter = False  # something was formatted since the last collection

    def step(self):
        """Take what has come, say what is due."""
        self._fetch()
        if self.broken is not None and not self.out:
            self._give_up(self.broken)
        elif not self.out:
            if self.answer is None:
                self._read()
            elif not self._stopped(self.answer):
                self._pull(self.answer)
        if self.out and self.port.ready():
            rest = self.out[PIECE:]
            self.port.write(self.out[:PIECE])
            self.out = rest
            self.litter = True

    def _read(self):
        """Have what was typed taken up; what does that goes when a line is being answered, and when nobody types."""
        if self.count or self.held >= 0 or self.torn:
            self.editor = self.editor or self.commands.editor()
            if self.editor is not None:
                self.editor.read(self)
        if self.editor is not None and (self.answer is not None or (self.empty == REST and self.quiet())):
            self.editor = None
            self.litter = True

    def failed(self, kind):
        """``step`` has raised an exception of ``kind``. Raises nothing itself."""
        if self.asked or self.length > 0:
            self.broken = kind

    def _give_up(self, kind):
        """End what failed: one answer to a line that was entered, and to one half typed a word that it is gone."""
        answer, self.answer = self.answer, None
        if answer is not None:
            answer.close()  # what it holds is let go
        self.length = 0
        self.too_long = False
        self.end("this command failed: %s; try again, else please report it" % kind.__name__)
        self.broken = None

    def quiet(self):
        """True when a status line would disturb nobody: nothing to say, nothing half typed."""
        return not self.out and self.answer is None and self.length == 0 and self.broken is None

    def unasked(self):
        """True when nobody types and nothing is being answered: a step reads nothing from the flash, but for a first letter."""
        return self.editor is None and self.answer is None

    def tell(self, text, event, fields):
        """An unasked line; call only when ``quiet``."""
        if self.json:
            fields["event"] = event
            self.say(json.dumps(fields))
        else:
            self.put("\r" + text + "\r\n" + PROMPT)

    def say(self, text):
        """A line comes next."""
        self.put(text + "\r\n")

    def put(self, text):
        """A text comes next."""
        self.out += text.encode()

    def _fetch(self):
        """What has come, into the inbox; behind a loss nobody knows which line a byte belongs to, until one has ended."""
        for _ in range(TAKE):
            if self.torn or self.count == INBOX:
                return
            byte = self.port.read()
            if byte < 0:
                self.run = 0
                self.empty = min(self.empty + 1, REST)
                self.torn = self.losing and self.empty >= SILENCE
                return
            if self.losing:
                self.torn = self.empty > 0 and (byte == 13 or byte == 10)
                continue
            self.inbox[(self.first + self.count) % INBOX] = byte
            self.count += 1
            self.run += 1
            self.empty = 0
            if self.run >= RING:
                self.losing = True

    def next(self):
        """The next byte of the inbox, or -1."""
        if self.count == 0:
            return -1
        byte = self.inbox[self.first]
        self.first = (self.first + 1) % INBOX
        self.count -= 1
        return byte

    def echo(self, text):
        """What a person sees of his typing."""
        if not self.json:
            self.put(text)

    def _pull(self, answer):
        """The next line of the answer, which may be None, not yet, or False, not yet for long."""
        try:
            said = next(answer)
        except StopIteration:
            self.end(None)
        except Refused as refused:
            self.end(str(refused))
        else:
            self.long = said is False
            if not said:
                return
            text, fields = said
            if self.json:
                fields = dict(fields) if fields else {}
                fields["line"] = text
                fields["id"] = self.id
                self.say(json.dumps(fields))
            else:
                self.say(text)

    def _stopped(self, answer):
        """True when Esc has stopped the answer, or any key a ``long`` one."""
        if self.held < 0:
            self.held = self.next()
        stops = self.held == ESCAPE or (self.long and self.held >= 32)
        if self.held == ESCAPE:
            self.escape = AFTER_ESCAPE  # an arrow key begins with one, too
        if self.held == ESCAPE or (self.long and not stops):
            self.held = -1
        if stops:
            if self.held >= 0:
                self.held |= STRUCK
            answer.close()
            self.end("stopped")
        return stops

    def end(self, wrong):
        """The answer is complete, or refused."""
        if self.json:
            last = {"id": self.id, "ok": wrong is None}
            if wrong is not None:
                last["error"] = wrong
            self.say(json.dumps(last))
        elif wrong is not None:
            self.say(wrong)
        self.answer = None
        self.long = False
        self.prompt()

    def prompt(self):
        """The next line may come."""
        self.echo(PROMPT)
        self.asked = False
