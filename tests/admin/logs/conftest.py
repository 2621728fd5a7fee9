"""The application without its worker, and a recorder of its log lines."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from magpie.admin.logs.recorder import Recorder
from magpie.kit.logs import configure_logs, hide
from tests.accounts.conftest import (  # noqa: F401
    _quick_hashes,
    app,
    client,
    configure,
    context,
    make_client,
)
from tests.conftest import plain_logs


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "logs" / "magpie.log"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, log_file: Path) -> Iterator[Callable[[], str]]:
    """Logs as the server writes them, to standard error and to the file; gives what went to the former."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.raiseExceptions
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logs(style="json", file=log_file)
    yield stream.getvalue
    for handler in root.handlers:
        handler.close()
    root.handlers[:], root.level, logging.raiseExceptions = before
    plain_logs()
    hide([])


@pytest.fixture
def recorder(request: pytest.FixtureRequest, written: Callable[[], str]) -> Iterator[Recorder]:
    """A recorder that runs; a test may stop it earlier, to have everything stored."""
    running = Recorder(request.getfixturevalue("context"), "box")
    running.start()
    yield running
    running.stop()
