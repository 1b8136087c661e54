"""The version, from the one place it is written: the firmware's own file."""

import re

from headroom_tools.vm import ROOT


def version() -> str:
    """Returns it, such as 0.1.0."""
    text = (ROOT / "firmware" / "headroom" / "version.py").read_text(encoding="utf-8")
    found = re.search(r'^VERSION = "([^"]+)"', text, re.MULTILINE)
    assert found is not None
    return found[1]
