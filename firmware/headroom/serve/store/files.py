"""The chip's own file system, as the store uses it."""

import os


class Flash:
    """open and mkdir of the volume that the chip booted from."""

    open = staticmethod(open)
    mkdir = staticmethod(os.mkdir)
