"""Signing in over HTTP: register, sign in and out, who am I."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response

from magpie import __version__
from magpie.accounts import login as login_rules
from magpie.accounts import service
from magpie.accounts.cookies import clear_cookies, set_cookies
from magpie.accounts.credentials import LOGIN_BODY, LOGIN_FORM_BODY, Credentials, FormCredentials
from magpie.accounts.hashing import HashingTurn
from magpie.accounts.models import SessionKind
from magpie.accounts.schemas import (
    CookieAnswer,
    LoginForm,
    MeAnswer,
    Message,
    NewAccount,
    OwnFeeds,
    SetupState,
    TokenAnswer,
    UserAnswer,
)
from magpie.accounts.security import CurrentUser, SignedIn, token_signer
from magpie.accounts.user_routes import REGISTERING, register_account
from magpie.context import AppContext
from magpie.kit.errors import (
    InvalidCredentials,
    NotAllowed,
    NotAuthenticated,
    RuleBroken,
    TooLarge,
    TooManyRequests,
    UnsupportedMedia,
    responses,
)
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, WriteDb
from magpie.web import Context

router = SliceRouter(tags=["accounts"])


SIGNING_IN = responses(RuleBroken, InvalidCredentials, TooLarge, UnsupportedMedia, TooManyRequests)


@router.get("/api/v1/setup-state")
def setup_state(session: ReadDb, context: Context) -> SetupState:
    """What a page needs to know before anybody is signed in."""
    return SetupState(
        needs_first_user=service.needs_first_user(session),
        registration_open=service.is_registration_open(session, context.settings),
        single_password=bool(context.settings.app_password),
        version=__version__,
    )


@router.post("/auth/register", dependencies=[HashingTurn], responses=REGISTERING)
def register(account: NewAccount, request: Request, context: Context) -> UserAnswer:
    """Make an account. The first one is the superuser's; after that registration may be closed (403)."""
    return register_account(context, account, request)


@router.post("/auth/login", dependencies=[HashingTurn], responses=SIGNING_IN, openapi_extra=LOGIN_BODY)
def login(
    credentials: Credentials, request: Request, response: Response, context: Context
) -> TokenAnswer | CookieAnswer:
    """Sign in with user name or e-mail address, by form or JSON. With `"cookie": true` the token comes as a cookie."""
    if not credentials.cookie:
        return TokenAnswer(access_token=_sign_in(context, response, credentials, SessionKind.BEARER)[0])
    token, csrf_token = _sign_in(context, response, credentials, SessionKind.COOKIE)
    set_cookies(response, request, token, csrf_token)
    return CookieAnswer(csrf_token=csrf_token)


@router.post(
    "/api/v1/login/access-token",
    dependencies=[HashingTurn],
    responses=SIGNING_IN,
    openapi_extra=LOGIN_FORM_BODY,
)
def login_for_access_token(credentials: FormCredentials, response: Response, context: Context) -> TokenAnswer:
    """Sign in with user name or e-mail address, by form."""
    return TokenAnswer(access_token=_sign_in(context, response, credentials, SessionKind.BEARER)[0])


def _sign_in(
    context: AppContext, response: Response, credentials: LoginForm, kind: SessionKind
) -> tuple[str, str]:
    """A new session's token and CSRF token."""
    signed_in = login_rules.sign_in(context, credentials.username, credentials.password, kind)
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
def users_me(
    user: Me, principal: CurrentUser, request: Request, response: Response, context: Context
) -> MeAnswer:
    """The signed-in user, with the secret addresses of their feeds."""
    response.headers["Cache-Control"] = "no-store"
    feeds = context.own_feeds(request, principal) if context.own_feeds else None
    return MeAnswer(**user.model_dump(), feeds=OwnFeeds(**feeds) if feeds else None)


@router.post("/api/v1/login/test-token", responses=responses(NotAuthenticated, NotAllowed))
def check_token(principal: SignedIn, session: ReadDb) -> UserAnswer:
    """Whether the token counts: answers the user whose it is."""
    return _me(principal, session)
