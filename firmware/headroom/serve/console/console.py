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
TORN = "input was lost, more came than the port holds: what came since then was dropped; wait for each answer"
ID_MAX = 32  # characters of a request's id
PROMPT = "> "
STRUCK = 256  # set in a byte that has stopped an answer: alone it has done its work, before others it begins a line
CTRL_U, TAB, ESCAPE, BACKSPACE, DELETE = 21, 9, 27, 8, 127
PLAIN, AFTER_ESCAPE, IN_ESCAPE = 0, 1, 2


def secret(text):
    """True for a line that may have a PIN in it: what follows is echoed as stars, and the line is not recalled.

    Whoever writes ``PIN=1234``, ``set pin 1234`` or a request in JSON by hand has typed a secret all the same.
    """
    text = " " + text.lower().replace('"', " ")
    return " unlock" in text or " pin" in text


class Console:
    """``step`` once a tick. ``commands``: run(words) -> iterable of (text, fields), complete(text) -> list of texts."""

    def __init__(self, port, commands):
        self.port = port
        self.commands = commands
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
        self.empty = 0  # looks at an empty port since then,
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
        self._end("this command failed: %s; try again, else please report it" % kind.__name__)
        self.broken = None

    def quiet(self):
        """True when a status line would disturb nobody: nothing to say, nothing half typed."""
        return not self.out and self.answer is None and self.length == 0 and self.broken is None

    def tell(self, text, event, fields):
        """An unasked line; call only when ``quiet``."""
        if self.json:
            fields["event"] = event
            self._say(json.dumps(fields))
        else:
            self._put("\r" + text + "\r\n" + PROMPT)

    def _say(self, text):
        self._put(text + "\r\n")

    def _put(self, text):
        self.out += text.encode()

    def _fetch(self):
        """What has come, into the inbox; behind a loss nobody knows which line a byte belongs to, until one has ended."""
        for _ in range(TAKE):
            if self.torn or self.count == INBOX:
                return
            byte = self.port.read()
            if byte < 0:
                self.run = 0
                self.empty += 1
                self.torn = self.losing and self.empty >= SILENCE
                return
            if self.losing:
                self.torn = self.empty > 0 and (byte == 13 or byte == 10)
                continue
            self.inbox[(self.first + self.count) % INBOX] = byte
            self.count += 1
            self.run += 1
            if self.run >= RING:
                self.losing = True
                self.empty = 0

    def _next(self):
        """The next byte of the inbox, or -1."""
        if self.count == 0:
            return -1
        byte = self.inbox[self.first]
        self.first = (self.first + 1) % INBOX
        self.count -= 1
        return byte

    def _read(self):
        if self.torn and self.count == 0 and self.held < 0:
            self.torn = self.losing = False
            self.run = self.length = 0
            self.escape = PLAIN
            self._echo("\r\n")
            self._end(TORN)
            return
        for _ in range(TAKE):
            byte, self.held = self.held, -1
            if byte < 0:
                byte = self._next()
            elif byte & STRUCK:
                self.held = self._next()
                if self.held < 0:
                    return
                byte &= ~STRUCK
            if byte < 0 or self._take(byte):
                return

    def _take(self, byte):
        """One byte of input; True when it ended a line."""
        if self.escape == AFTER_ESCAPE and byte != 91 and byte != 79:
            self.escape = PLAIN  # it was the Esc key, and this is another one
        if self.escape != PLAIN:
            self._escape(byte)
        elif byte == 13 or byte == 10:
            if byte == 10 and self.after_return:
                self.after_return = False
                return False
            self.after_return = byte == 13
            self._enter()
            return True
        elif byte == BACKSPACE or byte == DELETE:
            if self.length:
                self.length -= 1
                self._echo("\b \b")
        elif byte == CTRL_U:
            self._clear()
        elif byte == TAB:
            self._complete()
        elif byte == ESCAPE:
            self.escape = AFTER_ESCAPE
        elif 32 <= byte < 127:
            self._type(byte)
        self.after_return = self.after_return and byte == 13
        return False

    def _type(self, byte):
        if self.length == LINE_MAX:
            self.too_long = True
            return
        echo = "*" if byte != 32 and secret(self.text()) else chr(byte)
        self.line[self.length] = byte
        self.length += 1
        self._echo(echo)

    def _echo(self, text):
        if not self.json:
            self._put(text)

    def _escape(self, byte):
        """Arrow keys and their like: ESC [ ... letter. Only up does something."""
        if self.escape == AFTER_ESCAPE:
            self.escape = IN_ESCAPE
            return
        if 64 <= byte < 127:
            self.escape = PLAIN
            if byte == 65:
                self._recall()

    def _clear(self):
        self._echo("\b \b" * self.length)
        self.length = 0

    def _recall(self):
        self._clear()
        for character in self.before:
            self._type(ord(character))

    def text(self):
        """What is typed so far."""
        return bytes(self.line[: self.length]).decode()

    def _complete(self):
        text = self.text()
        found = self.commands.complete(text)
        start = text[text.rfind(" ") + 1 :]
        if not found:
            return
        common = found[0]
        for each in found:
            while not each.startswith(common):
                common = common[:-1]
        for character in common[len(start) :]:
            self._type(ord(character))
        if len(found) == 1:
            self._type(32)
        elif len(common) == len(start):
            self._echo("\r\n" + "  ".join(found) + "\r\n" + PROMPT + text)

    def _enter(self):
        self.id = None
        text = self.text().strip()
        self.asked = True
        self.length = 0
        self._echo("\r\n")
        if self.too_long:
            self.too_long = False
            self._end("a line has %d characters at most" % LINE_MAX)
            return
        if text.startswith("{"):
            text = self._request(text)
            if not text:
                self._end('not understood, write {"id": 1, "do": "status"}')
                return
        elif text and not secret(text):
            self.before = text
        words = text.split()
        if not words:
            self._prompt()
            return
        try:
            self.answer = iter(self.commands.run(words))
        except Refused as refused:
            self._end(str(refused))

    def _request(self, text):
        """The command in a JSON request, its id taken; an empty one when it is none."""
        try:
            request = json.loads(text)
            identity = request.get("id")
            if (identity is not None and not isinstance(identity, (int, str))) or len(str(identity)) > ID_MAX:
                return ""
            self.id = identity
            return request["do"].strip()
        except (ValueError, KeyError, TypeError, AttributeError):
            return ""

    def _pull(self, answer):
        """The next line of the answer, which may be None, not yet, or False, not yet for long."""
        try:
            said = next(answer)
        except StopIteration:
            self._end(None)
        except Refused as refused:
            self._end(str(refused))
        else:
            self.long = said is False
            if not said:
                return
            text, fields = said
            if self.json:
                fields = dict(fields) if fields else {}
                fields["line"] = text
                fields["id"] = self.id
                self._say(json.dumps(fields))
            else:
                self._say(text)

    def _stopped(self, answer):
        """True when Esc has stopped the answer, or any key a ``long`` one."""
        if self.held < 0:
            self.held = self._next()
        stops = self.held == ESCAPE or (self.long and self.held >= 32)
        if self.held == ESCAPE:
            self.escape = AFTER_ESCAPE  # an arrow key begins with one, too
        if self.held == ESCAPE or (self.long and not stops):
            self.held = -1
        if stops:
            if self.held >= 0:
                self.held |= STRUCK
            answer.close()
            self._end("stopped")
        return stops

    def _end(self, wrong):
        """The answer is complete, or refused."""
        if self.json:
            last = {"id": self.id, "ok": wrong is None}
            if wrong is not None:
                last["error"] = wrong
            self._say(json.dumps(last))
        elif wrong is not None:
            self._say(wrong)
        self.answer = None
        self.long = False
        self._prompt()

    def _prompt(self):
        self._echo(PROMPT)
        self.asked = False
