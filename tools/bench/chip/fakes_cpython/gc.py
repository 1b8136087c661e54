"""``gc`` for CPython, which frees what is dropped by counting: looking through all of pytest after each answer takes long."""


def collect():
    """Nothing to do."""
