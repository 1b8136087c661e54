"""The serial console: commands in, lines out, never in a tick's way.

Input is taken a character at a time when there is one; output leaves in short pieces, one per tick, so that a long
answer never holds the loop (115 200 baud: 87 us a character).
"""

PIECE = 24  # characters per tick: about 2 ms on the wire
LINE_MAX = 80


class Console:
    """``step`` once a tick; ``commands`` maps a name to a function that takes the words after it and returns text."""

    def __init__(self, port, commands):
        self.port = port
        self.commands = commands
        self.line = ""
        self.out = ""

    def step(self):
        """Read at most one character, write at most one piece."""
        if self.out:
            self.port.write(self.out[:PIECE])
            self.out = self.out[PIECE:]
        character = self.port.read()
        if character:
            self._take(character)

    def say(self, text):
        """Queue a line of output."""
        self.out += text + "\r\n"

    def idle(self):
        """True when nothing waits to be written."""
        return not self.out

    def _take(self, character):
        if character == "\r" or character == "\n":
            words = self.line.split()
            self.line = ""
            self.out += "\r\n"
            if words:
                self._run(words)
        elif character == "\x08" or character == "\x7f":
            self.line = self.line[:-1]
        elif len(self.line) < LINE_MAX:
            self.line += character
            self.out += character

    def _run(self, words):
        command = self.commands.get(words[0])
        if command is None:
            self.say("no command '%s'; there are: %s" % (words[0], ", ".join(sorted(self.commands))))
        else:
            self.say(command(words[1:]))
