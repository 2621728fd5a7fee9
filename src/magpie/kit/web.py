"""What every HTTP route stands on: database sessions, error answers, ids, headers, paths with a slash."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import structlog
from fastapi import Depends, FastAPI, Path, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import AfterValidator
from sqlalchemy.exc import DataError, OperationalError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from magpie.kit.client import Client, client_of, current_client, set_client, trusted_networks
from magpie.kit.db import Database, ReadSession, WriteSession
from magpie.kit.errors import AppError, NotAuthenticated, NotFound, RuleBroken, Unavailable

__all__ = [
    "SECURITY_HEADERS",
    "Client",
    "Edge",
    "Moment",
    "ReadDb",
    "RowId",
    "WriteDb",
    "current_client",
    "database_of",
    "install_error_handlers",
]

log = structlog.get_logger(__name__)

LARGEST_ROW_ID = 2**31 - 1  # PostgreSQL's


def _possible(number: int) -> int:
    if number > LARGEST_ROW_ID:  # PostgreSQL would refuse the very question
        raise NotFound
    return number


# A row's number in a path. One that no row can have is answered like one that no row has.
RowId = Annotated[int, Path(ge=1, le=2**63 - 1), AfterValidator(_possible)]


def _as_utc(moment: datetime) -> datetime:
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("This moment is too far away.") from None


# A moment in a query; one without an offset is meant in UTC.
Moment = Annotated[datetime, AfterValidator(_as_utc)]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self'; "
    "media-src 'self'; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "manifest-src 'self'; "
    "base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")


def database_of(connection: HTTPConnection) -> Database:
    database: Database = connection.app.state.context.database
    return database


def _read(connection: HTTPConnection) -> Iterator[ReadSession]:
    with database_of(connection).read() as session:
        yield session


def _write(connection: HTTPConnection) -> Iterator[WriteSession]:
    with database_of(connection).write() as session:
        yield session


# The scope `function` ends the unit of work before the answer is sent: a client that reads 200 finds it done.
ReadDb = Annotated[ReadSession, Depends(_read, scope="function")]
# Writers wait for their turn outside the thread pool: were all its threads waiting, none could finish.
WriteDb = Annotated[WriteSession, Depends(_write, scope="function", max_concurrency=8)]


def install_error_handlers(app: FastAPI) -> None:
    """Answer every error in the contract's shapes."""

    @app.exception_handler(AppError)
    async def _app_error(_request: Request, error: AppError) -> JSONResponse:
        return JSONResponse(error.body(), error.status, headers=error.extra_headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [_fault(fault) for fault in error.errors()]
        if all(fault["type"] in ("json_invalid", "value_error") for fault in faults):
            return JSONResponse({"detail": "Validation Error", "errors": faults}, 400)
        return JSONResponse({"detail": faults}, 422)

    @app.exception_handler(UnicodeEncodeError)
    @app.exception_handler(DataError)
    async def _not_storable(_request: Request, error: Exception) -> JSONResponse:
        # No database takes half a surrogate pair, which JSON can hold. PostgreSQL takes no NUL characters
        # and no numbers beyond its types, either.
        log.info("value_not_storable", error=str(getattr(error, "orig", error)))
        return JSONResponse(RuleBroken("This holds a value that cannot be stored.").body(), 400)

    @app.exception_handler(OperationalError)
    async def _no_database(_request: Request, error: OperationalError) -> JSONResponse:
        # Locked by another program, restarting, or out of reach: no fault of the request's, nor for ever.
        log.warning("database_not_available", error=str(error.orig))
        return JSONResponse(Unavailable(_trouble(error)).body(), 503)

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 400 and error.detail == "There was an error parsing the body":
            return JSONResponse(RuleBroken("This is not JSON.", code="json_invalid").body(), 400)
        if error.status_code == 404 and error.detail == "Not Found":
            return JSONResponse(NotFound().body(), 404)
        if error.status_code == 401:
            return JSONResponse({"detail": error.detail}, 401, headers=NotAuthenticated.headers)
        return JSONResponse({"detail": error.detail}, error.status_code, headers=error.headers)


# In the words of SQLite (https://sqlite.org/rescode.html: FULL, READONLY, IOERR) and of PostgreSQL.
_TROUBLES = (
    (
        re.compile(r"disk is full|No space left", re.IGNORECASE),
        "The disk of the database is full: nothing can be stored until there is room on it",
    ),
    (
        re.compile(r"readonly database|unable to open database|disk I/O error", re.IGNORECASE),
        "The database cannot be written to: see that its disk is well, and who owns its folder",
    ),
)


def _trouble(error: OperationalError) -> str:
    """What ails the database. Trying again helps against being busy only."""
    said = str(error.orig)
    found = (sentence for words, sentence in _TROUBLES if words.search(said))
    return next(found, "The database is busy: try again in a moment")


def _fault(fault: Any) -> dict[str, Any]:
    message = str(fault.get("msg", "")).removeprefix("Value error, ")
    return {
        "loc": jsonable_encoder(list(fault.get("loc", ()))),
        "msg": message,
        "type": str(fault.get("type")),
    }


def _holds_nul(scope: Scope) -> bool:
    """A NUL character in path or query: file systems and PostgreSQL refuse it, and nobody means it."""
    return "\0" in scope["path"] or b"%00" in scope["query_string"] or b"\0" in scope["query_string"]


def _refuse_nul() -> JSONResponse:
    return JSONResponse(RuleBroken("An address holds no NUL characters.", "path").body(), 400)


def _failed() -> JSONResponse:
    return JSONResponse({"detail": "Internal server error: see the server's log."}, 500)


class Edge:
    """The outermost middleware: the client, request id, log line, security headers, errors, trailing slashes.

    A path with a trailing slash is answered like the one without, not redirected: clients of the earlier
    programs post to `/links/` and would lose their body on a redirect.

    `trusted_proxies` gives the setting of this name, as it is when a request comes.
    """

    def __init__(self, app: ASGIApp, trusted_proxies: Callable[[], str] = str) -> None:
        self.app = app
        self._trusted_proxies = trusted_proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if len(path) > 1 and path.endswith("/"):
            scope = {**scope, "path": path.rstrip("/") or "/"}
        scope = self._meet(scope)
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"").decode("latin-1")
        request_id = given if _REQUEST_ID.match(given) else secrets.token_hex(8)
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                answer = MutableHeaders(scope=message)
                answer["X-Request-ID"] = request_id
                for name, value in SECURITY_HEADERS.items():
                    answer.setdefault(name, value)
            await send(message)

        try:
            if scope["type"] == "http" and _holds_nul(scope):
                await _refuse_nul()(scope, receive, send_with_headers)
            else:
                await self.app(scope, receive, send_with_headers)
        except Exception:
            # Here and not further out, so that the answer has its headers and the log line the request's id.
            log.exception("request_failed")
            if scope["type"] != "http" or status:
                raise
            await _failed()(scope, receive, send_with_headers)
        finally:
            if scope["type"] == "http":
                milliseconds = round((time.perf_counter() - started) * 1000, 1)
                write = log.debug if status < 500 else log.error
                write("request", method=scope["method"], path=scope["path"], status=status, ms=milliseconds)
            structlog.contextvars.unbind_contextvars("request_id")

    def _meet(self, scope: Scope) -> Scope:
        """Note who asks; the scope with that address, and with the scheme that a trusted proxy was asked by."""
        client, scheme = client_of(scope, trusted_networks(self._trusted_proxies()))
        set_client(client)
        scope = {**scope, "client": (client.ip, 0)}
        if scheme is None:
            return scope
        if scope["type"] == "websocket":
            scheme = scheme.replace("http", "ws")
        return {**scope, "scheme": scheme}
