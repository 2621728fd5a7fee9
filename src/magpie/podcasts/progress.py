"""The progress of an episode on the terminal."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import TaskID

Report = Callable[[str, int, int], None]
STEPS = {
    "checking": "Looking at voices and costs",
    "reading": "Reading",
    "listening": "Listening to the recording",
    "voicing": "Speaking",
    "mastering": "Mastering",
    "publishing": "Writing the files",
}
WRITING = "Writing the script"


@contextmanager
def show_progress() -> Iterator[Report]:
    """What shows each step as a bar, on standard error, while the block lasts; nothing unless that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _step, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    progress = Progress(
        TextColumn("{task.description:<28}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    lock = threading.Lock()
    shown: tuple[str, TaskID] | None = None

    def report(step: str, done: int, total: int) -> None:
        nonlocal shown
        with lock:
            name = STEPS.get(step, WRITING)
            if shown is None or shown[0] != name:
                if shown is not None:
                    progress.remove_task(shown[1])
                shown = (name, progress.add_task(name, total=None))
            progress.update(shown[1], completed=done, total=total or None)

    with progress:
        yield report
