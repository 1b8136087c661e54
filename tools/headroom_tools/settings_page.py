"""The page of settings, made from the table that the firmware itself checks against."""

import sys
from importlib import import_module

from headroom_tools.common.places import ROOT

INTRODUCTION = """\
# Settings

Made by `make settings` from `firmware/headroom/serve/answers/settings_table.py`; `help settings` on the console reads it too.

Change one on the console: `set breaker_ma 25A` checks it and shows what will change, `save` puts it in force and
remembers it, `undo` drops it. `25A`, `25 A`, `25000` and `25000mA` mean the same. The installer's settings are open until a PIN
is set (`pin 1234 1234`), then `unlock 1234` opens them for ten minutes. The PIN keeps a household from changing the breaker's
rating by accident; it does not protect against who has the port: who has the port has the chip. A stored PIN that
cannot be read leaves them closed: `service`, then `mpremote rm :/data/pin/0 :/data/pin/1`, removes it.

A rating that was never set, or cannot be read, is the lowest there is. A board never offers more than it is built for,
whatever is set.

| setting | lowest | highest | unless set | who | what it is |
|---|---|---|---|---|---|
"""


def page() -> str:
    """Returns the page in Markdown."""
    firmware = str(ROOT / "firmware")
    if firmware not in sys.path:
        sys.path.append(firmware)
    units = import_module("headroom.serve.answers.units")
    table = import_module("headroom.serve.answers.settings_table")
    more = import_module("headroom.serve.answers.help").MORE
    lines = []
    for name, unit, default, low, high, who, sentence in table.TABLE:
        low_text, high_text, default_text = (units.shown(unit, value) for value in (low, high, default))
        if isinstance(unit, tuple):
            low_text, high_text = "one of", ", ".join(unit)
        told = "; ".join([sentence, *more.get(name, ())])
        lines.append(f"| `{name}` | {low_text} | {high_text} | {default_text} | {table.WHO[who]} | {told} |\n")
    return INTRODUCTION + "".join(lines)
