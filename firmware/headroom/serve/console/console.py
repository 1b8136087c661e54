"""The serial console: lines in, answers out, never in a tick's way.

Each tick takes at most ``TAKE`` bytes and one line, and writes at most one ``PIECE``. A command answers with a generator of
lines, pulled one by one as the last has left, so a long answer costs no memory and no tick; None stands for "not yet".
While an answer is under way nothing is read: the echo (in JSON the answer) is what paces whoever pastes.
"""

import json

from headroom.terms.refused import Refused

TAKE = 32  # bytes per tick
PIECE = 96  # bytes per tick: less than the 128 that the UART takes at once and sends in 11 ms
LINE_MAX = 160
ID_MAX = 32  # characters of a request's id
PROMPT = "> "
STRUCK = 256  # set in a byte that has stopped an answer: alone it has done its work, before others it begins a line
CTRL_U, TAB, ESCAPE, BACKSPACE, DELETE = 21, 9, 27, 8, 127
PLAIN, AFTER_ESCAPE, IN_ESCAPE = 0, 1, 2


def secret(text):
    """True for a line with a PIN in it: echoed as stars, and not recalled."""
    return text.startswith("unlock ") or text.startswith("pin ")


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
        self.answer = None  # what a command still has to say
        self.long = False  # and takes its time to
        self.held = -1  # a byte that came meanwhile
        self.id = None  # of the request being answered
        self.json = False
        self.litter = False  # something was formatted since the last collection

    def step(self):
        """Take what has come, say what is due."""
        if not self.out:
            if self.answer is None:
                self._read()
            elif not self._stopped(self.answer):
                self._pull(self.answer)
        if self.out and self.port.ready():
            self.port.write(self.out[:PIECE])
            self.out = self.out[PIECE:]
            self.litter = True

    def quiet(self):
        """True when a status line would disturb nobody: nothing to say, nothing half typed."""
        return not self.out and self.answer is None and self.length == 0

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

    def _read(self):
        for _ in range(TAKE):
            byte, self.held = self.held, -1
            if byte < 0:
                byte = self.port.read()
            elif byte & STRUCK:
                self.held = self.port.read()
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
        hidden = byte != 32 and secret(self.text())
        self.line[self.length] = byte
        self.length += 1
        self._echo("*" if hidden else chr(byte))

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
        text = self.text().strip()
        self.length = 0
        self._echo("\r\n")
        self.id = None
        if self.too_long:
            self.too_long = False
            self._end("a line has %d characters at most" % LINE_MAX)
            return
        if text.startswith("{"):
            text = self._request(text)
        elif text and not secret(text):
            self.before = text
        words = (text or "").split()
        if not words:
            self._prompt()
            return
        try:
            self.answer = iter(self.commands.run(words))
        except Refused as refused:
            self._end(str(refused))

    def _request(self, text):
        """The command in a JSON request, its id taken; None when it is none."""
        try:
            request = json.loads(text)
            command = request["do"]
            identity = request.get("id")
            if (
                isinstance(command, str)
                and (identity is None or isinstance(identity, (int, str)))
                and len(str(identity)) <= ID_MAX
            ):
                self.id = identity
                return command
        except (ValueError, KeyError, TypeError, AttributeError):
            pass
        self._end('not understood, write {"id": 1, "do": "status"}')
        return None

    def _pull(self, answer):
        """The next line of the answer, which may be None, not yet, or False, not yet for long."""
        try:
            said = next(answer)
        except StopIteration:
            self._end(None)
        except Refused as refused:
            self._end(str(refused))
        except (
            MemoryError,
            ValueError,
            KeyError,
            IndexError,
            TypeError,
            AttributeError,
            OSError,
            ImportError,
        ) as error:
            self._end("this command failed: %r; please report it" % error)
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
            self.held = self.port.read()
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
        self.answer = None
        self.long = False
        if self.json:
            last = {"id": self.id, "ok": wrong is None}
            if wrong is not None:
                last["error"] = wrong
            self._say(json.dumps(last))
        elif wrong is not None:
            self._say(wrong)
        self._prompt()

    def _prompt(self):
        self._echo(PROMPT)
