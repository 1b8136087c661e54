"""The version, from the one place it is written: the firmware's own file."""

import re

from headroom_tools.common.places import VERSION


def version() -> str:
    """Returns it, such as 0.1.0."""
    found = re.search(r'^VERSION = "([^"]+)"', VERSION.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return found[1]
