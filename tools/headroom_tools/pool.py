"""Work on all cores: the same results in the same order whatever the number of processes, and clean on Ctrl-C."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from headroom_tools.errors import BadInput

MOST = 256

Job = TypeVar("Job")
Done = TypeVar("Done")


def cores() -> int:
    """Returns how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check(jobs: int) -> None:
    """BadInput for a number of processes that cannot be."""
    if not 0 <= jobs <= MOST:
        raise BadInput(f"--jobs {jobs} is out of range: give 1 to {MOST} processes, or 0 for one on each core")


def in_order(work: Callable[[Job], Done], jobs: Sequence[Job], processes: int) -> Iterator[Done]:
    """Yields work(job) for each job, in their order. work is a module's function, a job can be pickled."""
    if processes == 1 or len(jobs) == 1:
        yield from map(work, jobs)
        return
    import multiprocessing

    with multiprocessing.get_context("spawn").Pool(min(processes, len(jobs)), initializer=_serve) as pool:
        yield from pool.imap(work, jobs)
        pool.close()
        pool.join()


def _leave(*_: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(128 + signal.SIGTERM)


def _serve() -> None:
    """A worker leaves Ctrl-C to the parent, and cleans up when the parent ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
