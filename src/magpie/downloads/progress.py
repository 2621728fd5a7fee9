"""Progress on the terminal."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from magpie.downloads.board import Running

REFRESH_SECONDS = 0.2


@contextmanager
def show_progress(running: Callable[[], list[Running]]) -> Iterator[None]:
    """Show bars for what runs, on standard error, while the block lasts; nothing unless that is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    progress = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    stop = threading.Event()
    thread = threading.Thread(target=_follow, args=(progress, running, stop), daemon=True)
    with progress:
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def _follow(progress: Progress, running: Callable[[], list[Running]], stop: threading.Event) -> None:
    bars: dict[str, TaskID] = {}
    while not stop.wait(REFRESH_SECONDS):
        present = {one.key: one for one in running()}
        for key in set(bars) - set(present):
            progress.remove_task(bars.pop(key))
        for key, one in present.items():
            if key not in bars:
                bars[key] = progress.add_task("", total=None)
            progress.update(
                bars[key], description=_describe(one), completed=one.downloaded or 0, total=one.total or None
            )


def _describe(one: Running) -> str:
    # Titles come from the web: control characters must not reach the terminal.
    title = "".join(character for character in one.title or "…" if character.isprintable())
    text = Text(f"{one.stage.value:<11} {title}")
    text.truncate(48, overflow="ellipsis", pad=True)
    return text.plain
