"""What can go wrong, by who can put it right: each is told in one line and has its exit status."""

import signal

STOPPED = 128 + signal.SIGINT  # the status of who was stopped by Ctrl-C


class BadInput(Exception):
    """The person can put it right: a file, an option. The message says what is wrong, where, and what to do."""

    status = 2
    would_do: tuple[str, ...] = ()  # lines of what would have been understood


class Stopped(BadInput):
    """Ctrl-C ended what keeps each thing that it has done: the message says what there is."""

    status = STOPPED


class SimulatorFailed(Exception):
    """The runner ended early or said something nobody expected: a defect of ours."""

    status = 3
