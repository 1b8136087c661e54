"""Progress on the terminal while something runs: bars on stderr, or nothing where that is no terminal."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

REFRESH_S = 0.1

Watch = Callable[[int, int, str], None]  # now, end, what is being done


def warn(line: str) -> None:
    """Says one line on stderr."""
    sys.stderr.write(f"headroom: {line}\n")


@contextmanager
def progress() -> Iterator[Watch]:
    """Gives what is to be told how far the run is: a bar on stderr, or nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _now_ms, _end_ms, _state: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    shown = 0.0
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("starting")

        def watch(now_ms: int, end_ms: int, state: str) -> None:
            nonlocal shown
            if time.monotonic() - shown >= REFRESH_S:
                shown = time.monotonic()
                hours, minutes = divmod(now_ms // 60_000, 60)
                said = f"{hours:3}:{minutes:02} h simulated, state {state}"
                bar.update(task, completed=now_ms, total=end_ms, description=said)

        yield watch


@contextmanager
def counting() -> Iterator[Watch]:
    """Gives what is to be told how many runs are done: a bar on stderr, or nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total, _what: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting")
        yield lambda done, total, what: bar.update(task, completed=done, total=total, description=what)


@contextmanager
def jobs(names: list[str]) -> Iterator[dict[str, Callable[[str, int, int], None]]]:
    """Gives for each name what is to be told about it: a bar of its own on stderr, or nothing where that is no terminal."""
    if not sys.stderr.isatty():
        yield {name: lambda _said, _done, _of: None for name in names}
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(bar_width=20), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks = {name: bars.add_task(name, total=None) for name in names}

        def watch(name: str) -> Callable[[str, int, int], None]:
            def told(said: str, done: int, of: int) -> None:
                bars.update(tasks[name], description=f"{name}  {said}", completed=done, total=of or None)

            return told

        yield {name: watch(name) for name in names}
