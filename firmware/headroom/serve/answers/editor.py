"""What the console does with what is typed: edits the line, and asks when it is entered.

In memory while somebody types: see console.py, which keeps all that it works on, ``console``.
"""

import json

from headroom.serve.answers.secrets import secret
from headroom.serve.console.console import AFTER_ESCAPE, ESCAPE, LINE_MAX, PLAIN, PROMPT, STRUCK, TAKE
from headroom.terms.refused import Refused

TORN = "input was lost, more came than the port holds: what came since then was dropped; wait for each answer"
ID_MAX = 32  # characters of a request's id
CTRL_U, TAB, BACKSPACE, DELETE = 21, 9, 8, 127
IN_ESCAPE = 2


def read(console):
    """Take up what has come, up to the end of a line."""
    if console.torn and console.count == 0 and console.held < 0:
        console.torn = console.losing = False
        console.run = console.length = 0
        console.escape = PLAIN
        console.echo("\r\n")
        console.end(TORN)
        return
    for _ in range(TAKE):
        byte, console.held = console.held, -1
        if byte < 0:
            byte = console.next()
        elif byte & STRUCK:
            console.held = console.next()
            if console.held < 0:
                return
            byte &= ~STRUCK
        if byte < 0 or _take(console, byte):
            return


def _take(console, byte):
    """One byte of input; True when it ended a line."""
    if console.escape == AFTER_ESCAPE and byte != 91 and byte != 79:
        console.escape = PLAIN  # it was the Esc key, and this is another one
    if console.escape != PLAIN:
        _escape(console, byte)
    elif byte == 13 or byte == 10:
        if byte == 10 and console.after_return:
            console.after_return = False
            return False
        console.after_return = byte == 13
        _enter(console)
        return True
    elif byte == BACKSPACE or byte == DELETE:
        if console.length:
            console.length -= 1
            console.echo("\b \b")
    elif byte == CTRL_U:
        _clear(console)
    elif byte == TAB:
        _complete(console)
    elif byte == ESCAPE:
        console.escape = AFTER_ESCAPE
    elif 32 <= byte < 127:
        _type(console, byte)
    console.after_return = console.after_return and byte == 13
    return False


def _type(console, byte):
    if console.length == LINE_MAX:
        console.too_long = True
        return
    echo = "*" if byte != 32 and secret(typed(console)) else chr(byte)
    console.line[console.length] = byte
    console.length += 1
    console.echo(echo)


def _escape(console, byte):
    """Arrow keys and their like: ESC [ ... letter. Only up does something."""
    if console.escape == AFTER_ESCAPE:
        console.escape = IN_ESCAPE
        return
    if 64 <= byte < 127:
        console.escape = PLAIN
        if byte == 65:
            _recall(console)


def _clear(console):
    console.echo("\b \b" * console.length)
    console.length = 0


def _recall(console):
    _clear(console)
    for character in console.before:
        _type(console, ord(character))


def typed(console):
    """What is typed so far."""
    return bytes(console.line[: console.length]).decode()


def _complete(console):
    text = typed(console)
    found = console.commands.complete(text)
    start = text[text.rfind(" ") + 1 :]
    if not found:
        return
    common = found[0]
    for each in found:
        while not each.startswith(common):
            common = common[:-1]
    for character in common[len(start) :]:
        _type(console, ord(character))
    if len(found) == 1:
        _type(console, 32)
    elif len(common) == len(start):
        console.echo("\r\n" + "  ".join(found) + "\r\n" + PROMPT + text)


def _enter(console):
    console.id = None
    text = typed(console).strip()
    console.asked = True
    console.length = 0
    console.echo("\r\n")
    if console.too_long:
        console.too_long = False
        console.end("a line has %d characters at most" % LINE_MAX)
        return
    if text.startswith("{"):
        text = _request(console, text)
        if not text:
            console.end('not understood, write {"id": 1, "do": "status"}')
            return
    elif text and not secret(text):
        console.before = text
    words = text.split()
    if not words:
        console.prompt()
        return
    try:
        console.answer = iter(console.commands.run(words))
    except Refused as refused:
        console.end(str(refused))


def _request(console, text):
    """The command in a JSON request, its id taken; an empty one when it is none."""
    try:
        request = json.loads(text)
        identity = request.get("id")
        if (identity is not None and not isinstance(identity, (int, str))) or len(str(identity)) > ID_MAX:
            return ""
        console.id = identity
        return request["do"].strip()
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
