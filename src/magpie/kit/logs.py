"""Structured logs with request and job ids, and without secrets."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Literal

import structlog

MASK = "•••"

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
_JWT = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")


def redact(text: str) -> str:
    """The text with everything that looks like a credential masked."""
    text = _USERINFO.sub(f"{MASK}@", text)
    text = _PARAMETER.sub(rf"\1{MASK}", text)
    text = _QUOTED.sub(rf"\1'{MASK}'", text)
    text = _HEADER.sub(rf"\1: {MASK}", text)
    text = _BEARER.sub(rf"\1 {MASK}", text)
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
    return {key: _redact_value(key, value) for key, value in event.items()}


def _shared() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]


def configure_logs(
    *, debug: bool = False, quiet: bool = False, style: Literal["auto", "text", "json"] = "auto"
) -> None:
    """Send all logs, those of libraries too, through one formatter to standard error; `quiet`: only errors."""
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
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redacting, renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
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
    # Requests are logged by our own middleware, with the request's id and without query strings.
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)


def set_debug(debug: bool) -> None:
    """Begin or end to log details, in a program that logs (one that is `quiet` stays so)."""
    root = logging.getLogger()
    if root.level in (logging.DEBUG, logging.INFO):
        root.setLevel(logging.DEBUG if debug else logging.INFO)
