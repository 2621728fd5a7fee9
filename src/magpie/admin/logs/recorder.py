"""Brings log lines into the database, in a thread of its own.

Whoever logs only puts a finished, redacted line into a queue: a slow database holds up nobody. What the thread
itself logs (a database that is away, say) goes to the other handlers only, or every line would make another one.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from contextlib import suppress
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from magpie.admin.logs import service
from magpie.admin.logs.models import LogLine
from magpie.context import AppContext
from magpie.kit.errors import AppError
from magpie.kit.logs import json_formatter

log = structlog.get_logger(__name__)

QUEUE_LINES = 5000
BATCH_LINES = 500
GATHER_SECONDS = 0.25
TRIM_EVERY = 500
# How long a batch waits before it is tried again; after the last one it is given up.
PATIENCE = (0.5, 2.0, 8.0, 30.0)
PASSING = (OperationalError, InterfaceError, NoConnection, AppError)
STOP_SECONDS = 5.0

MAX_MESSAGE = 4000
MAX_FIELDS = 40
MAX_VALUE = 2000
MAX_EXCEPTION = 16_000
_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")
_IDS = ("task_id", "link_id", "download_id")


class _Line(NamedTuple):
    created: float
    level: int
    source: str
    text: str  # a JSON object


class Recorder(logging.Handler):
    """Stores the lines of this process from `start` to `stop`."""

    def __init__(self, context: AppContext, host: str) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(json_formatter())
        self._context = context
        self._host = host[:128]
        self._queue: SimpleQueue[_Line | None] = SimpleQueue()  # unlike Queue, safe to put into from anywhere
        self._dropped = 0
        self._counting = threading.Lock()
        self._since_trim = TRIM_EVERY
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log recorder", daemon=True)

    def start(self) -> None:
        """The tables exist by now."""
        self._thread.start()
        logging.getLogger().addHandler(self)

    def stop(self) -> None:
        """Store what is there, if the database takes it, and collect no more."""
        logging.getLogger().removeHandler(self)
        self._stopping.set()
        self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)
        self.close()

    def emit(self, record: logging.LogRecord) -> None:
        if threading.get_ident() == self._thread.ident:
            return
        if self._queue.qsize() >= QUEUE_LINES:
            with self._counting:
                self._dropped += 1
            return
        try:
            text = self.format(record)
        except Exception:  # noqa: BLE001  a line that cannot be written is no reason to fail
            self.handleError(record)
            return
        self._queue.put(_Line(record.created, record.levelno, record.name, text))

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            self._stopping.wait(GATHER_SECONDS)  # more come together
            self._store([first, *self._waiting()])
        with suppress(Empty):
            while True:
                if (line := self._queue.get_nowait()) is not None:
                    self._store([line, *self._waiting()])

    def _waiting(self) -> list[_Line]:
        lines: list[_Line] = []
        with suppress(Empty):
            while len(lines) < BATCH_LINES - 1:
                line = self._queue.get_nowait()
                if line is None:
                    self._queue.put(None)  # for the loop
                    break
                lines.append(line)
        return lines

    def _store(self, lines: list[_Line]) -> None:
        for pause in (*PATIENCE, None):
            try:
                self._write(lines)
            except Exception as error:  # noqa: BLE001  without this thread no line would be stored any more
                if pause is None or self._stopping.is_set() or not isinstance(error, PASSING):
                    self._give_up(len(lines), error)
                    return
                self._stopping.wait(pause)
            else:
                return

    def _give_up(self, count: int, error: Exception) -> None:
        with self._counting:
            self._dropped += count
        log.warning("log_lines_not_stored", count=count, error=type(error).__name__)

    def _write(self, lines: list[_Line]) -> None:
        rows = [_row(line, self._host) for line in lines]
        dropped = self._dropped
        if dropped:
            rows.append(_notice(dropped, self._host))
        with self._context.database.write() as session:
            service.store(session, rows)
            self._since_trim += len(rows)
            if self._since_trim >= TRIM_EVERY:
                service.trim(session, self._context.settings.log_lines_kept)
                self._since_trim = 0
        with self._counting:
            self._dropped -= dropped
        self._context.events.publish([service.event_of(row) for row in rows])


def _row(line: _Line, host: str) -> LogLine:
    try:
        fields: dict[str, Any] = json.loads(line.text, parse_constant=str)
    except (ValueError, RecursionError):
        fields = {"event": line.text}
    for name in ("level", "logger", "timestamp"):
        fields.pop(name, None)
    message = _text(fields.pop("event", ""), MAX_MESSAGE)
    ids = {name: number for name in _IDS if (number := _id(fields.get(name))) is not None}
    rest = [(name, value) for name, value in fields.items() if name not in ids]
    return LogLine(
        at=datetime.fromtimestamp(line.created, UTC),
        level=min(line.level, 1000),
        source=_text(line.source, 128),
        host=host,
        message=message,
        fields={_text(name, 100): _value(name, value) for name, value in rest[:MAX_FIELDS]},
        **ids,
    )


def _notice(dropped: int, host: str) -> LogLine:
    return LogLine(
        at=datetime.now(UTC),
        level=logging.WARNING,
        source=__name__,
        host=host,
        message="log_lines_dropped",
        fields={"count": dropped},
    )


def _id(value: Any) -> int | None:
    return value if isinstance(value, int) and 0 < value < 2**31 else None


def _text(value: Any, length: int) -> str:
    return _NOT_STORABLE.sub("�", str(value))[:length]


def _value(name: str, value: Any) -> Any:
    if isinstance(value, bool | float) or value is None or (isinstance(value, int) and abs(value) < 2**62):
        return value
    if isinstance(value, str):
        return _text(value, MAX_EXCEPTION if name == "exception" else MAX_VALUE)
    text = json.dumps(value, ensure_ascii=False)
    return _text(text, MAX_VALUE)
