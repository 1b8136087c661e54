"""The chip's own file system, as the store uses it."""

import os


class Flash:
    """open, rename and mkdir of the volume that the chip booted from."""

    open = staticmethod(open)
    rename = staticmethod(os.rename)
    mkdir = staticmethod(os.mkdir)
