"""What the console answers with: read from the flash when somebody asks, out of memory again after the answer.

Reading one takes the chip some 20 ms (measure/set_cost.py), an answer with all that it needs up to 200: so a tick that writes
reads none, and the commands' table is read in one, what answers in another, and the answer begins in a third.
"""

import sys

ROOM = "headroom.serve.answers"


def module(name):
    """A module that only some households need, read unless it is there."""
    return __import__(name, None, None, ("*",))


def part(name):
    """A module of the room of answers, read unless it is there."""
    return module(ROOM + "." + name)


class Commands:
    """What the console needs of the commands; ``drop`` when it is quiet again."""

    def __init__(self, service):
        self.service = service

    def editor(self):
        """What edits a line and says an answer; None: not in this tick, which writes."""
        return None if self.service.writing else part("editor")

    def run(self, typed):
        """The answer to a line of words, as a generator that may raise Refused."""
        while self.service.writing:
            yield None
        if typed[0][0] == "#":
            return
        module, function, words = part("commands").answers(typed)
        self.drop()  # the table is large, and few answers need it
        yield None
        while self.service.writing:
            yield None
        answer = getattr(part(module), function)
        yield None
        yield from answer(self.service, words)

    def complete(self, text):
        """What the last word of ``text`` may become."""
        return () if self.service.writing else part("commands").completions(self.service, text)

    def drop(self):
        """Forget every part; the next collection frees them."""
        room = sys.modules[ROOM]
        for name in [each for each in sys.modules if each.startswith(ROOM + ".")]:
            if hasattr(sys.modules[name], "take_back"):
                sys.modules[name].take_back()  # what `headroom flash` had it lend to a class
            del sys.modules[name]
            name = name[len(ROOM) + 1 :]
            if hasattr(room, name):
                delattr(room, name)
