"""``micropython`` for CPython: the emitters' decorators change nothing there."""


def const(value):
    """A constant."""
    return value


def viper(function):
    """Runs as plain Python; word width is the caller's care."""
    return function


def native(function):
    """Runs as plain Python."""
    return function


def kbd_intr(_character):
    """Ctrl-C is the bench's business."""
