"""Refusals: what a person is told in one line, and nothing has changed."""


class Refused(Exception):
    """A person asked for what cannot be; the message says what and what to do."""
