"""The schedule of backups."""

from __future__ import annotations

import errno
import threading
from typing import Any, cast

import pytest

from magpie.admin.database import jobs, service
from magpie.context import AppContext
from magpie.engine import Engine

pytestmark = pytest.mark.once


def test_a_backup_that_fails_is_not_tried_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk each attempt fills what is left of it."""
    looks: list[Any] = []
    tried, now = threading.Event(), [1000.0]

    class Ticker:
        def every(self, _name: str, _seconds: float, look: Any, _where: object) -> None:
            looks.append(look)

    def fail(_context: object) -> None:
        tried.set()
        raise OSError(errno.ENOSPC, "No space left on device")

    def is_tried() -> bool:
        tried.clear()
        before = {thread for thread in threading.enumerate() if thread.name == "backup"}
        looks[0]()
        for thread in set(threading.enumerate()) - before:
            if thread.name == "backup":
                thread.join(10)
        return tried.is_set()

    monkeypatch.setattr(service, "make_due_backup", fail)
    jobs.register(cast("Engine", Ticker()), cast("AppContext", None), now=lambda: now[0])
    assert is_tried()
    for _ in range(3):
        now[0] += jobs.LOOK_SECONDS
        assert not is_tried()
    now[0] += jobs.PAUSE_SECONDS
    assert is_tried()
