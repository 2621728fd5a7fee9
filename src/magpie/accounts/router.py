"""Accounts over HTTP: register, sign in and out, who am I."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from magpie import __version__
from magpie.accounts import passwords, service
from magpie.accounts.cookies import clear_cookies, set_cookies
from magpie.accounts.credentials import LOGIN_BODY, LOGIN_FORM_BODY, Credentials, FormCredentials
from magpie.accounts.models import SessionKind
from magpie.accounts.schemas import (
    CookieAnswer,
    LoginForm,
    Message,
    NewAccount,
    SetupState,
    TokenAnswer,
    UserAnswer,
)
from magpie.accounts.security import CurrentUser, OptionalUser, token_signer
from magpie.context import AppContext
from magpie.kit.errors import (
    Conflict,
    InvalidCredentials,
    NotAllowed,
    NotAuthenticated,
    RuleBroken,
    TooLarge,
    UnsupportedMedia,
    responses,
)
from magpie.kit.web import ReadDb, WriteDb
from magpie.web import Context

router = APIRouter(tags=["accounts"])


async def _hashing_turn() -> AsyncGenerator[None, None]:
    yield


# Whoever waits for a turn to hash waits outside the thread pool, which others need for their quick answers.
HashingTurn = Depends(_hashing_turn, scope="function", max_concurrency=passwords.CONCURRENT_HASHES)

REGISTERING = responses(RuleBroken, NotAllowed, Conflict)
SIGNING_IN = responses(RuleBroken, InvalidCredentials, TooLarge, UnsupportedMedia)


@router.get("/api/v1/setup-state")
def setup_state(session: ReadDb, context: Context) -> SetupState:
    """What a page needs to know before anybody is signed in."""
    return SetupState(
        needs_first_user=service.needs_first_user(session),
        registration_open=service.is_registration_open(session, context.settings),
        single_password=False,
        version=__version__,
    )


@router.post("/auth/register", dependencies=[HashingTurn], responses=REGISTERING)
def register(account: NewAccount, context: Context) -> UserAnswer:
    """Make an account. The first one is the superuser's; after that registration may be closed (403)."""
    return _register(context, account)


@router.post("/api/v1/users", dependencies=[HashingTurn], responses=REGISTERING | responses(NotAuthenticated))
def create_user(account: NewAccount, context: Context, principal: OptionalUser) -> UserAnswer:
    """Make an account without signing in: the first one, which is the superuser's, or while registration is open."""
    with context.database.read() as session:
        if principal is None and not service.is_registration_open(session, context.settings):
            raise NotAuthenticated
    return _register(context, account)


def _register(context: AppContext, account: NewAccount) -> UserAnswer:
    profile = service.checked_profile(account.username, account.email)
    passwords.require_acceptable(account.password)
    with context.database.read() as session:
        service.require_open_registration(session, context.settings)
    password_hash = passwords.hash_password(account.password)
    with context.database.write() as session:
        return UserAnswer.model_validate(service.register(session, context.settings, profile, password_hash))


@router.post("/auth/login", dependencies=[HashingTurn], responses=SIGNING_IN, openapi_extra=LOGIN_BODY)
def login(
    credentials: Credentials, request: Request, response: Response, context: Context
) -> TokenAnswer | CookieAnswer:
    """Sign in with user name or e-mail address, by form or JSON. With `"cookie": true` the token comes as a cookie."""
    if not credentials.cookie:
        return TokenAnswer(
            access_token=_sign_in(context, request, response, credentials, SessionKind.BEARER)[0]
        )
    token, csrf_token = _sign_in(context, request, response, credentials, SessionKind.COOKIE)
    set_cookies(response, request, token, csrf_token)
    return CookieAnswer(csrf_token=csrf_token)


@router.post(
    "/api/v1/login/access-token",
    dependencies=[HashingTurn],
    responses=SIGNING_IN,
    openapi_extra=LOGIN_FORM_BODY,
)
def login_for_access_token(
    credentials: FormCredentials, request: Request, response: Response, context: Context
) -> TokenAnswer:
    """Sign in with user name or e-mail address, by form."""
    return TokenAnswer(access_token=_sign_in(context, request, response, credentials, SessionKind.BEARER)[0])


def _sign_in(
    context: AppContext, request: Request, response: Response, credentials: LoginForm, kind: SessionKind
) -> tuple[str, str]:
    """A new session's token and CSRF token. Two units of work: the password is compared between them."""
    with context.database.read() as session:
        stored = service.find_password(session, credentials.username)
    verdict = passwords.check_password(credentials.password, stored.password_hash if stored else None)
    if stored is None or not verdict.right:
        raise InvalidCredentials(service.WRONG_CREDENTIALS)
    client = service.Client(
        ip=request.client.host if request.client else "", user_agent=request.headers.get("user-agent", "")
    )
    with context.database.write() as session:
        signed_in = service.sign_in(session, context.settings, stored, verdict.replacement, kind, client)
    response.headers["Cache-Control"] = "no-store"  # RFC 6749, 5.1
    signer = token_signer(context)
    token = signer.issue(signed_in.claims, signed_in.issued_at, signed_in.token_expires_at)
    return token, signer.csrf_token(signed_in.claims.session_id)


@router.post("/auth/logout", responses=responses(NotAuthenticated, NotAllowed))
def logout(principal: CurrentUser, session: WriteDb, response: Response) -> Message:
    """Sign out: this session's token stops counting at once."""
    service.sign_out(session, principal)
    clear_cookies(response)
    return Message(message="Signed out")


def _me(principal: CurrentUser, session: ReadDb) -> UserAnswer:
    return UserAnswer.model_validate(service.get_user(session, principal))


Me = Annotated[UserAnswer, Depends(_me)]


@router.get("/auth/me", responses=responses(NotAuthenticated))
def me(user: Me) -> UserAnswer:
    """The signed-in user."""
    return user


@router.get("/api/v1/users/me", responses=responses(NotAuthenticated))
def users_me(user: Me) -> UserAnswer:
    """The signed-in user."""
    return user


@router.post("/api/v1/login/test-token", responses=responses(NotAuthenticated, NotAllowed))
def check_token(user: Me) -> UserAnswer:
    """Whether the token counts: answers the user whose it is."""
    return user
