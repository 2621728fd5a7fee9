"""Asking several others at once, and not waiting longer than somebody in front of a page would."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog

T = TypeVar("T")
log = structlog.get_logger(__name__)


def together(asks: Sequence[Callable[[], T]], seconds: float) -> list[T | None]:
    """What each of `asks` gives, in their order; None for those that take longer than `seconds`. They go on by themselves
    then, and what they give is dropped. They must not raise."""
    found: list[T | None] = [None] * len(asks)
    left = threading.Semaphore(0)

    def run(index: int, ask: Callable[[], T]) -> None:
        try:
            found[index] = ask()
        except Exception:
            log.exception("provider_not_asked")
        finally:
            left.release()

    for index, ask in enumerate(asks):
        threading.Thread(target=run, args=(index, ask), name="asking", daemon=True).start()
    latest = time.monotonic() + seconds
    for _ in asks:
        if not left.acquire(timeout=max(0.0, latest - time.monotonic())):
            break
    return list(found)
