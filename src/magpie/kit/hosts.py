"""Which pages may call, and by which names: middleware that reads its rules with every request."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

# A container's or service manager's check comes from this machine, whatever the public name is.
LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
LOCAL_PATH = "/health"


def names_in(text: str) -> list[str]:
    """The entries of a comma-separated list."""
    return [name.strip() for name in text.split(",") if name.strip()]


def is_allowed_host(header: str, allowed: Sequence[str]) -> bool:
    """Whether a `Host` header names one of the hosts; `*` is any, `*.example.org` any below it, none is any, too."""
    if not allowed or "*" in allowed:
        return True
    host = _host_of(header)
    return any(
        host.endswith(name[1:].lower()) if name.startswith("*.") else host == _host_of(name)
        for name in allowed
    )


def _host_of(header: str) -> str:
    """The host without port and brackets."""
    header = header.strip().lower()
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0] if header.count(":") == 1 else header


class AllowedHosts:
    """Answers 400 to requests that name another host, which is how DNS rebinding looks."""

    def __init__(self, app: ASGIApp, allowed: Callable[[], str]) -> None:
        self.app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self._is_open(scope):
            await self.app(scope, receive, send)
            return
        refusal = JSONResponse({"detail": "This server does not answer to that host name"}, 400)
        await refusal(scope, receive, send)

    def _is_open(self, scope: Scope) -> bool:
        host = Headers(scope=scope).get("host", "")
        if scope["path"] == LOCAL_PATH and _host_of(host) in LOCAL_NAMES:
            return True
        return is_allowed_host(host, names_in(self._allowed()))


class Cors:
    """Lets the pages of the named origins call from a browser."""

    def __init__(self, app: ASGIApp, origins: Callable[[], str]) -> None:
        self.app = app
        self._origins = origins
        self._built: tuple[str, CORSMiddleware] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        text = self._origins()
        if self._built is None or self._built[0] != text:
            self._built = text, self._build(text)
        await self._built[1](scope, receive, send)

    def _build(self, text: str) -> CORSMiddleware:
        origins = [name.rstrip("/") for name in names_in(text)]
        return CORSMiddleware(
            self.app,
            allow_origins=origins,
            # Any page of the web may not act with its visitor's cookies.
            allow_credentials="*" not in origins,
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=["X-Request-ID"],
        )
