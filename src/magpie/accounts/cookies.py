"""The two cookies of the page: its session, which scripts cannot read, and its CSRF token, which they send back."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import Response

from magpie.accounts.service import LONGEST_COOKIE_SESSION

SESSION_COOKIE = "magpie_session"
CSRF_COOKIE = "magpie_csrf"
CSRF_HEADER = "X-CSRF-Token"


def set_cookies(response: Response, connection: HTTPConnection, token: str, csrf_token: str) -> None:
    """The browser keeps them as long as a session can last; when it really ends is the session row's to say."""
    _set(response, connection, SESSION_COOKIE, token, is_readable=False)
    _set(response, connection, CSRF_COOKIE, csrf_token, is_readable=True)


def clear_cookies(response: Response) -> None:
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax")
    response.delete_cookie(CSRF_COOKIE, path="/", samesite="lax")


def _set(response: Response, connection: HTTPConnection, name: str, value: str, *, is_readable: bool) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(LONGEST_COOKIE_SESSION.total_seconds()),
        path="/",
        # Only where the page itself came by https: many homes have plain http only.
        secure=connection.url.scheme in ("https", "wss"),
        httponly=not is_readable,
        samesite="lax",
    )
