"""Modules that are needed once: read by their name, and out of memory again when the caller has let go of them."""

import sys


def read(name):
    """A module, which nobody keeps."""
    module = __import__(name, None, None, ("*",))
    room, _, last = name.rpartition(".")
    del sys.modules[name]
    delattr(sys.modules[room], last)
    return module
