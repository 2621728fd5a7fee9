"""Who is asking: the dependencies that every route and WebSocket stands behind.

`Authorization: Bearer` wins: cookies and CSRF are ignored then. Otherwise the page's cookie counts; with it unsafe
methods need `X-CSRF-Token`, and a WebSocket must come from a page of this server.

API tokens have scopes, and all of them are enforced here and in `service.identify`: `read` is for safe methods and
WebSockets, `write` for all methods; without `admin` a token's user is no superuser (not even to see others' things) and
changes nothing of the account itself.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

import structlog
from fastapi import BackgroundTasks, Depends, Request, Security, WebSocket, WebSocketException, status
from fastapi.security import APIKeyCookie, OAuth2PasswordBearer
from sqlalchemy.exc import OperationalError
from starlette.requests import HTTPConnection

from magpie.accounts import service
from magpie.accounts.cookies import CSRF_HEADER, SESSION_COOKIE
from magpie.accounts.models import Scope, SessionKind
from magpie.accounts.principal import Principal
from magpie.accounts.tokens import Claims, TokenSigner, signer
from magpie.context import AppContext
from magpie.kit.errors import AppError, InvalidCredentials, NotAllowed, NotAuthenticated
from magpie.web import Context

log = structlog.get_logger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_REFUSED = "The CSRF token is missing or wrong: reload the page and try again"
READ_ONLY = "This token may only read: make one with the scope `write`"
ADMIN_NEEDED = "This needs a token with the scope `admin`, or a sign-in"
ORIGIN_REFUSED = "This connection comes from another site"

_WRITING = frozenset({Scope.WRITE.value, Scope.ADMIN.value})

# They only describe the two ways in the API's schema; `_presented` reads the credentials.
_bearer_scheme = OAuth2PasswordBearer(tokenUrl="/api/v1/login/access-token", auto_error=False)
_cookie_scheme = APIKeyCookie(name=SESSION_COOKIE, auto_error=False)


class _Presented(NamedTuple):
    token: str
    kind: SessionKind


def token_signer(context: AppContext) -> TokenSigner:
    return signer(context.secret, context.settings.algorithm)


def _presented(connection: HTTPConnection) -> _Presented | None:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _Presented(token.strip(), SessionKind.BEARER)
    # Other schemes belong to somebody else: a reverse proxy with its own password sends `Basic` along.
    cookie = connection.cookies.get(SESSION_COOKIE)
    return _Presented(cookie, SessionKind.COOKIE) if cookie else None


def _identify(connection: HTTPConnection, context: AppContext) -> service.Identity:
    presented = _presented(connection)
    if presented is None:
        raise NotAuthenticated
    return _identity(context, token_signer(context).read(presented.token), presented.kind)


def _identity(context: AppContext, claims: Claims, kind: SessionKind) -> service.Identity:
    if claims.mark is not None and claims.mark != token_signer(context).mark(context.settings.app_password):
        raise InvalidCredentials  # the one password is another one by now, or there is none any more
    with context.database.read() as session:
        return service.identify(session, claims, kind)


def resume(context: AppContext, claims: Claims, kind: SessionKind) -> Principal:
    """Whom an address stands for that was handed out within a session, and says so under a signature of ours.

    Raises `InvalidCredentials` once that session is over.
    """
    return _identity(context, claims, kind).principal


def signed_in(
    request: Request,
    context: Context,
    background: BackgroundTasks,
    _bearer: Annotated[str | None, Security(_bearer_scheme)],
    _cookie: Annotated[str | None, Security(_cookie_scheme)],
) -> Principal:
    """The signed-in user, whatever the scopes of their token: for what only reads although its method says otherwise.

    Raises `NotAuthenticated`, `InvalidCredentials`, or `NotAllowed` for a CSRF fault.
    """
    identity = _identify(request, context)
    if identity.kind is SessionKind.COOKIE and request.method not in SAFE_METHODS:
        _require_csrf_token(request, context, identity.principal)
    if identity.is_touch_due:
        # After the answer: a reading request never waits for a writer.
        background.add_task(_touch, context, identity.principal)
    return identity.principal


SignedIn = Annotated[Principal, Depends(signed_in)]


def current_user(request: Request, principal: SignedIn) -> Principal:
    """The signed-in user; raises `NotAllowed` also for an unsafe method by an API token that may only read."""
    scopes = principal.scopes
    if scopes is not None and request.method not in SAFE_METHODS and not scopes & _WRITING:
        raise NotAllowed(READ_ONLY)
    return principal


CurrentUser = Annotated[Principal, Depends(current_user)]


def account_owner(principal: CurrentUser) -> Principal:
    """The signed-in user, to change their own account: of API tokens only those with `admin`.

    A lesser token that could set the password or make tokens would have all rights in two steps.
    """
    if principal.scopes is not None and Scope.ADMIN not in principal.scopes:
        raise NotAllowed(ADMIN_NEEDED)
    return principal


AccountOwner = Annotated[Principal, Depends(account_owner)]


def optional_user(
    request: Request,
    context: Context,
    background: BackgroundTasks,
    bearer: Annotated[str | None, Security(_bearer_scheme)],
    cookie: Annotated[str | None, Security(_cookie_scheme)],
) -> Principal | None:
    """The signed-in user, or None for a request without credentials; bad ones are refused as everywhere."""
    if _presented(request) is None:
        return None
    return current_user(request, signed_in(request, context, background, bearer, cookie))


OptionalUser = Annotated[Principal | None, Depends(optional_user)]


def current_superuser(principal: CurrentUser) -> Principal:
    """The signed-in superuser; raises `NotAllowed` for everybody else."""
    if not principal.is_superuser:
        raise NotAllowed
    return principal


Superuser = Annotated[Principal, Depends(current_superuser)]


def websocket_user(websocket: WebSocket, context: Context) -> Principal:
    """The signed-in user at a WebSocket's handshake, which is refused (HTTP 403) for everybody else."""
    try:
        identity = _identify(websocket, context)
        if identity.kind is SessionKind.COOKIE and not _is_own_origin(websocket, context.settings.public_url):
            raise NotAllowed(ORIGIN_REFUSED)
    except AppError as error:
        raise WebSocketException(status.WS_1008_POLICY_VIOLATION, error.detail) from None
    return identity.principal


WebSocketUser = Annotated[Principal, Depends(websocket_user)]


def session_alive(context: AppContext, session_id: str) -> bool:
    """Whether a session still counts; blocks for one query. An open WebSocket asks it every few seconds."""
    with context.database.read() as session:
        return service.session_alive(session, session_id)


def _require_csrf_token(request: Request, context: AppContext, principal: Principal) -> None:
    given = request.headers.get(CSRF_HEADER)
    if principal.session_id is None or not token_signer(context).is_csrf_token(given, principal.session_id):
        raise NotAllowed(CSRF_REFUSED)


def _is_own_origin(websocket: WebSocket, public_url: str) -> bool:
    """Browsers send cookies along with any page's WebSocket; only `Origin` says whose page it is."""
    try:
        origin = urlsplit(websocket.headers.get("origin", ""))
        public = urlsplit(public_url)
    except ValueError:
        return False
    if origin.scheme not in ("http", "https") or not origin.netloc:
        return False
    # A proxy may end TLS before us, so that the schemes differ; the host and port that were asked for do not.
    own = origin.netloc.lower() == websocket.headers.get("host", "").lower()
    return own or (origin.scheme, origin.netloc.lower()) == (public.scheme, public.netloc.lower())


def _touch(context: AppContext, principal: Principal) -> None:
    if principal.session_id is None:
        return
    try:
        with context.database.write() as session:
            service.touch(session, context.settings, principal.session_id)
    except (OperationalError, AppError):
        # The database is busy: the next request notes it.
        log.debug("session_not_touched", exc_info=True)
