"""Zips over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from fastapi.responses import StreamingResponse

from magpie.accounts.security import SignedIn
from magpie.kit.errors import InvalidCredentials, NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb
from magpie.library.playing.disposition import disposition
from magpie.library.zipping import service
from magpie.library.zipping.orders import open_order
from magpie.library.zipping.response import Pieces
from magpie.library.zipping.schemas import ZipIn, ZipOut
from magpie.web import Context

PATH = "/api/v1/items/zip"

router = SliceRouter(tags=["library"])


@router.post(PATH, responses=responses(NotAuthenticated, NotFound, RuleBroken))
def order_zip(body: ZipIn, user: SignedIn, session: ReadDb, context: Context) -> ZipOut:
    """An address that gives the chosen items as one zip, to a browser's plain link too: for ten minutes, as long as you
    are signed in."""
    made = service.promise(context, session, user, body, body.name)
    return ZipOut(
        url=f"{PATH}?order={made.text}",
        name=made.name,
        count=made.count,
        size=made.size,
        expires_at=made.expires_at,
    )


@router.get(PATH, response_class=StreamingResponse, responses=responses(InvalidCredentials, NotFound))
def get_zip(
    context: Context, order: Annotated[str, Query(min_length=1, max_length=32_000)]
) -> StreamingResponse:
    """The zip that was ordered: the media with subtitles and covers, under the names of the library, uncompressed."""
    opened = open_order(context, order)
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": disposition(opened.name, inline=False),
        "Cache-Control": "no-store",
    }
    return Pieces(service.chunks(context, opened), headers)
