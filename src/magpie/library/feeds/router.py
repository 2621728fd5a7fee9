"""Feeds over the API: all addresses, and the tokens that they stand under."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from starlette.requests import HTTPConnection

from magpie.accounts.models import Scope
from magpie.accounts.principal import Principal
from magpie.accounts.schemas import Message
from magpie.accounts.security import AccountOwner
from magpie.context import AppContext
from magpie.kit.errors import Conflict, NotAllowed, NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, RowId, WriteDb
from magpie.library.feeds import service, tokens
from magpie.library.feeds.addresses import Addresses, base_of
from magpie.library.feeds.schemas import FeedList, FeedOut, FeedTokenOut, NewFeedToken
from magpie.library.listing import LARGEST_ID
from magpie.library.models import FeedToken
from magpie.web import Context

router = SliceRouter(
    prefix="/api/v1/feeds", tags=["feeds"], responses=responses(NotAuthenticated, NotAllowed)
)


def own_feeds(connection: HTTPConnection, principal: Principal) -> dict[str, str] | None:
    """What `AppContext.own_feeds` asks for. A lesser API token learns nothing that outlives it."""
    if principal.scopes is not None and Scope.ADMIN not in principal.scopes:
        return None
    context: AppContext = connection.app.state.context
    _, text = tokens.own_token(context, principal)
    addresses = Addresses(base_of(connection, context.settings), text)
    return {
        "library": addresses.library,
        "podcasts": addresses.podcasts,
        "link": addresses.link("{id}"),
        "collection": addresses.collection("{id}"),
        "search": addresses.search,
        "opml": addresses.opml,
    }


@router.get("", responses=responses(NotFound))
def list_feeds(
    user: AccountOwner,
    request: Request,
    response: Response,
    session: ReadDb,
    context: Context,
    token_id: Annotated[
        int | None,
        Query(ge=1, le=LARGEST_ID, description="whose addresses; your oldest token if left out"),
    ] = None,
) -> FeedList:
    """The addresses of all your feeds: the whole library, collections, links. Your first token is made here."""
    response.headers["Cache-Control"] = "no-store"
    row, text = _token(context, user, token_id)
    addresses = Addresses(base_of(request, context.settings), text)
    feeds = [
        FeedOut(kind=feed.kind, id=feed.id, title=feed.title, url=feed.address)
        for feed in service.listed(session, user, addresses)
    ]
    return FeedList(token_id=row.id, opml_url=addresses.opml, search_url=addresses.search, feeds=feeds)


def _token(context: AppContext, user: Principal, token_id: int | None) -> tuple[FeedToken, str]:
    if token_id is None:
        return tokens.own_token(context, user)
    with context.database.read() as session:
        row = tokens.get(session, user, token_id)
    text = tokens.text_of(context.vault, row)
    if text is None:
        raise NotFound("This token was sealed with another key and cannot be shown: make a new one")
    return row, text


@router.get("/tokens")
def list_feed_tokens(
    user: AccountOwner, request: Request, response: Response, session: ReadDb, context: Context
) -> list[FeedTokenOut]:
    """Your feed tokens, the oldest first."""
    response.headers["Cache-Control"] = "no-store"
    rows = tokens.list_tokens(session, user)
    return [_out(context, request, row, tokens.text_of(context.vault, row)) for row in rows]


@router.post("/tokens", responses=responses(RuleBroken, Conflict))
def create_feed_token(
    wanted: NewFeedToken,
    user: AccountOwner,
    request: Request,
    response: Response,
    session: WriteDb,
    context: Context,
) -> FeedTokenOut:
    """A further token: give each app or person one of its own, and you can take it away alone."""
    response.headers["Cache-Control"] = "no-store"
    row, text = tokens.create(session, context.vault, user, wanted.name)
    return _out(context, request, row, text)


@router.delete("/tokens/{token_id}", responses=responses(NotFound))
def revoke_feed_token(token_id: RowId, user: AccountOwner, session: WriteDb) -> Message:
    """Revoke a token: all addresses under it are gone at once."""
    tokens.revoke(session, user, token_id)
    return Message(message="Token revoked")


def _out(context: AppContext, request: Request, row: FeedToken, text: str | None) -> FeedTokenOut:
    addresses = None if text is None else Addresses(base_of(request, context.settings), text)
    return FeedTokenOut(
        id=row.id,
        name=row.name,
        token=text,
        library_url=addresses.library if addresses else None,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )
