"""Structured logs with request and job ids, and without secrets."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Iterable, Mapping, MutableMapping
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import quote

import structlog

MASK = "•••"
LOG_FILE_BYTES = 10 * 1024 * 1024
LOG_FILE_PARTS = 5

_SECRET_KEY = re.compile(
    r"passw|passphrase|pass$|pwd|secret|token|authorization|cookie|api[_-]?key|credential|session_id|csrf",
    re.IGNORECASE,
)
# `scheme://user:password@host`; people write passwords with an @ in them, too
_USERINFO = re.compile(r"(?<=://)[^\s/?#]+@")
_NAMES = r"[\w-]{0,40}(?:token|secret|passw(?:or)?d|pass|api[_-]?key|signature|sig|auth|session|key)"
# `?token=…`, `&api_key=…`, `password=…`
_PARAMETER = re.compile(rf"(?i)\b({_NAMES}=)[^&\s\"'<>]+")
# `"password": "…"`, as dictionaries and JSON print it
_QUOTED = re.compile(rf"(?i)([\"']{_NAMES}[\"']\s*:\s*)(\"(?:[^\"\\]|\\.)*\"?|'(?:[^'\\]|\\.)*'?)")
# `Cookie: …` to the end of the line
_HEADER = re.compile(r"(?i)\b((?:set-)?cookie|(?:proxy-)?authorization|x-[\w-]{0,40}(?:token|key)):[^\r\n]+")
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}")
# The token in a feed's address, which is all that its reader has
_FEED = re.compile(r"(/feeds/)[A-Za-z0-9_-]{30,}")
_JWT = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")


# The program's own secrets, which are masked wherever they stand and whatever stands around them.
_hidden: re.Pattern[str] | None = None
SHORTEST_HIDDEN = 8
# These say where a line comes from; a password `postgres` must not hide that.
_PLAIN_KEYS = frozenset({"logger", "level", "timestamp"})


def hide(secrets: Iterable[str]) -> None:
    """Mask these very texts from now on, as they are and as they stand in addresses; those of before no more.

    Shorter ones than `SHORTEST_HIDDEN` are left out: they are found in innocent words.
    """
    global _hidden  # noqa: PLW0603  like the logs themselves, one for the process
    forms = {
        form for text in secrets for form in (text, quote(text, safe="")) if len(text) >= SHORTEST_HIDDEN
    }
    longest_first = sorted(forms, key=len, reverse=True)
    _hidden = re.compile("|".join(map(re.escape, longest_first))) if forms else None


def redact(text: str) -> str:
    """The text with everything masked that is a secret of the program's own or looks like a credential."""
    if _hidden is not None:
        text = _hidden.sub(MASK, text)
    text = _USERINFO.sub(f"{MASK}@", text)
    text = _PARAMETER.sub(rf"\1{MASK}", text)
    text = _QUOTED.sub(rf"\1'{MASK}'", text)
    text = _HEADER.sub(rf"\1: {MASK}", text)
    text = _BEARER.sub(rf"\1 {MASK}", text)
    text = _FEED.sub(rf"\1{MASK}", text)
    return _JWT.sub(MASK, text)


def _redact_value(key: str, value: Any) -> Any:
    if _SECRET_KEY.search(key) and value is not None and not isinstance(value, bool | int | float):
        return MASK
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {redact(str(name)): _redact_value(str(name), inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_redact_value(key, inner) for inner in value]
    if isinstance(value, bool | int | float) or value is None:
        return value
    return redact(str(value))


def redact_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as JSON takes them, with everything masked that is or looks like a credential."""
    return {redact(key): _redact_value(key, value) for key, value in fields.items()}


def redacting(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor that applies `redact` to every value of a line."""
    return {key: value if key in _PLAIN_KEYS else _redact_value(key, value) for key, value in event.items()}


def _shared() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]


def formatter_for(renderer: Any) -> structlog.stdlib.ProcessorFormatter:
    """Brings lines of the program and of libraries into one form, without secrets."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redacting, renderer],
    )


def json_formatter() -> logging.Formatter:
    """Each line as a JSON object: `event`, `level`, `logger`, `timestamp`, and the line's own fields."""
    return formatter_for(structlog.processors.JSONRenderer(ensure_ascii=False))


def configure_logs(
    *,
    debug: bool = False,
    quiet: bool = False,
    style: Literal["auto", "text", "json"] = "auto",
    file: Path | None = None,
) -> None:
    """Send all logs, those of libraries too, through one formatter to standard error; `quiet`: only errors.

    `file`: write them there as well, as JSON lines.
    """
    as_json = style == "json" or (style == "auto" and not sys.stderr.isatty())
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter_for(renderer))
    # Where a line cannot be written, Python would print it as it was given: with its secrets.
    logging.raiseExceptions = False
    root = logging.getLogger()
    for old in root.handlers:
        if isinstance(old, LogFile):
            old.close()
    root.handlers[:] = [handler]
    if file is not None:
        _write_to(file, root)
    root.setLevel(logging.DEBUG if debug else logging.ERROR if quiet else logging.INFO)
    for noisy in (
        "httpx",
        "httpcore",
        "asyncio",
        "alembic",
        "sqlalchemy",
        "watchfiles",
        "dbos",
        "websockets",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
    logging.getLogger("uvicorn.error").addFilter(_is_no_socket_chatter)
    # Requests are logged by our own middleware, with the request's id and without query strings.
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)


def _is_no_socket_chatter(record: logging.LogRecord) -> bool:
    """Two lines for each page that opens, one when it leaves: they would crowd out what matters."""
    chatter = ("connection open", "connection closed", '%s - "WebSocket %s" [accepted]')
    return record.levelno > logging.INFO or record.msg not in chatter


def _write_to(file: Path, root: logging.Logger) -> None:
    try:
        root.addHandler(LogFile(file))
    except OSError as error:
        structlog.get_logger(__name__).warning("log_file_not_writable", path=str(file), error=str(error))


class LogFile(RotatingFileHandler):
    """A log file for its owner's eyes; the older parts are `magpie.log.1` and so on."""

    def __init__(self, path: Path, size: int = LOG_FILE_BYTES, parts: int = LOG_FILE_PARTS) -> None:
        """Raises `OSError` if the file cannot be written."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        super().__init__(path, maxBytes=size, backupCount=parts, encoding="utf-8", errors="backslashreplace")
        self.setFormatter(json_formatter())

    def _open(self) -> TextIOWrapper:
        stream = open(  # noqa: SIM115  the handler closes it
            self.baseFilename, self.mode, encoding=self.encoding, errors=self.errors, opener=_for_owner
        )
        os.fchmod(stream.fileno(), 0o600)  # one that was there already
        return cast("TextIOWrapper", stream)


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def set_debug(debug: bool) -> None:
    """Begin or end to log details, in a program that logs (one that is `quiet` stays so)."""
    root = logging.getLogger()
    if root.level in (logging.DEBUG, logging.INFO):
        root.setLevel(logging.DEBUG if debug else logging.INFO)
