"""Work on all cores: the same results in the same order whatever the number of processes, and clean on Ctrl-C."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from headroom_tools.common.errors import BadInput

if TYPE_CHECKING:
    from multiprocessing.pool import Pool

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
    with _pool(min(processes, len(jobs))) as pool:
        yield from pool.imap(work, jobs)
        pool.close()
        pool.join()


def _pool(processes: int) -> "Pool":
    """A Ctrl-C waits until each worker has been started with it held back: a worker's own start must not be broken off."""
    import multiprocessing
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # it lets a Ctrl-C through again once it runs
    held = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        return multiprocessing.get_context("spawn").Pool(processes, initializer=_serve)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def _leave(*_: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(128 + signal.SIGTERM)


def _serve() -> None:
    """A worker leaves Ctrl-C to the parent, and cleans up when the parent ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    signal.signal(signal.SIGTERM, _leave)
