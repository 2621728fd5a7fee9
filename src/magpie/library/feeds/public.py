"""What podcast apps ask for: feeds and their files, under a secret address and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import structlog
from fastapi import BackgroundTasks, Depends, Path, Query, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.responses import Response

from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.kit.errors import AppError, NotFound, TooManyRequests, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, RowId
from magpie.library import service as library
from magpie.library.feeds import chapters, entries, opml, rss, service, sources, tokens
from magpie.library.feeds.addresses import Addresses, base_of
from magpie.library.feeds.schemas import PageAsked, SearchAsked
from magpie.library.feeds.service import Feeds, OpenSource, Page, paged
from magpie.library.listing import Filter
from magpie.library.playing import subtitles
from magpie.library.playing.conditions import Validators, judge
from magpie.library.playing.files import PreconditionFailed, RangeNotSatisfiable, answer
from magpie.links import service as links
from magpie.web import Context

log = structlog.get_logger(__name__)

PREFIX = "/feeds/{token}"
router = SliceRouter(prefix=PREFIX, tags=["feeds"], responses=responses(NotFound, TooManyRequests))

PRIVATE = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",  # the address is the secret
    "X-Robots-Tag": "noindex, nofollow",
}
PICTURE_CACHE = "private, max-age=86400"
_FILES = responses(PreconditionFailed, RangeNotSatisfiable)
_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/rss+xml": {}}},
    304: {"description": "Not modified"},
    **responses(PreconditionFailed),
}


class Asker:
    """The one who asks: as whom, and under which addresses."""

    def __init__(
        self,
        request: Request,
        context: Context,
        background: BackgroundTasks,
        token: Annotated[str, Path(description="one of the user's feed tokens")],
    ) -> None:
        """Raises `NotFound` for a token that does not count."""
        reader = tokens.reader_of(context, token)
        if reader.is_touch_due:
            # After the answer: a reading request never waits for a writer.
            background.add_task(_touch, context, reader.token_id)
        self.principal: Principal = reader.principal
        self.addresses = Addresses(base_of(request, context.settings), token)
        self.background = background


def _touch(context: AppContext, token_id: int) -> None:
    try:
        tokens.touch(context, token_id)
    except (OperationalError, AppError):
        # The database is busy: the next request notes it.
        log.debug("feed_token_not_touched", exc_info=True)


Reader = Annotated[Asker, Depends()]
PageQuery = Annotated[PageAsked, Query()]


def _feeds(request: Request) -> Feeds:
    feeds: Feeds = request.app.state.feeds
    return feeds


TheFeeds = Annotated[Feeds, Depends(_feeds)]


def _both(path: str, **options: Any) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """A route for GET and HEAD; the schema tells of the first."""

    def register(function: Callable[..., Response]) -> Callable[..., Response]:
        router.head(path, include_in_schema=False)(function)
        return router.get(path, response_class=Response, **options)(function)

    return register


def _send(request: Request, feeds: Feeds, asker: Asker, page: Page, source: OpenSource) -> Response:
    held = feeds.look(asker.principal, asker.addresses, page, source)
    verdict = judge(request.headers, Validators(held.etag, held.modified))
    if verdict == 412:
        raise PreconditionFailed
    document = b""
    if verdict is None:
        held, document = feeds.document(asker.principal, asker.addresses, page, source)
    state = Validators(held.etag, held.modified)
    headers = {
        **PRIVATE,
        "ETag": f"W/{state.etag}",  # the same for both encodings
        "Last-Modified": state.last_modified,
        "Vary": "Accept-Encoding",
    }
    if verdict == 304:
        return Response(status_code=304, headers=headers, background=asker.background)
    if takes_gzip(request.headers.get("accept-encoding", "")):
        headers["Content-Encoding"] = "gzip"
    else:
        document = service.unpacked(document)
    return Response(document, headers=headers, media_type=rss.MIME, background=asker.background)


def takes_gzip(accepted: str) -> bool:
    """Whether the header names gzip (or anything) without refusing it (RFC 9110, 12.5.3)."""
    weights = {}
    for one in accepted.lower().split(","):
        name, _, parameter = one.partition(";")
        weights[name.strip()] = (
            parameter.replace(" ", "").removeprefix("q=").strip("0.") != "" or not parameter
        )
    return weights.get("gzip", weights.get("*", False))


@_both("/library.xml", responses=_CONTENT)
def library_feed(request: Request, asker: Reader, feeds: TheFeeds, asked: PageQuery) -> Response:
    """All that the user has saved and an app can play, newest first, as a podcast."""
    return _send(request, feeds, asker, Page(asked.limit, asked.start), paged(sources.library))


@_both("/links/{link_id}.xml", responses=_CONTENT)
def link_feed(link_id: RowId, request: Request, asker: Reader, feeds: TheFeeds, asked: PageQuery) -> Response:
    """What a followed link has brought, as a podcast."""
    return _send(request, feeds, asker, Page(asked.limit, asked.start), paged(sources.link, link_id))


@_both("/collections/{collection_id}.xml", responses=_CONTENT)
def collection_feed(
    collection_id: RowId, request: Request, asker: Reader, feeds: TheFeeds, asked: PageQuery
) -> Response:
    """A collection in its order, or what a saved search finds, as a podcast."""
    source = paged(sources.collection, collection_id)
    return _send(request, feeds, asker, Page(asked.limit, asked.start), source)


@_both("/search.xml", responses=_CONTENT)
def search_feed(
    request: Request, asker: Reader, feeds: TheFeeds, asked: Annotated[SearchAsked, Query()]
) -> Response:
    """What a search finds whenever the app looks, as a podcast. The trash is never searched."""
    wanted = Filter.model_validate(asked.model_dump(exclude={"limit", "start", "in_trash"}))
    return _send(request, feeds, asker, Page(asked.limit, asked.start), paged(sources.search, wanted))


@_both("/opml.xml", responses={200: {"content": {"text/x-opml": {}}}})
def opml_file(asker: Reader, session: ReadDb) -> Response:
    """All feeds of the user in one file, which podcast apps import."""
    text = service.all_as_opml(session, asker.principal, asker.addresses)
    headers = {**PRIVATE, "Content-Disposition": 'attachment; filename="magpie.opml"'}
    return Response(text.encode(), headers=headers, media_type=opml.MIME, background=asker.background)


@_both("/links/{link_id}/picture", responses=_FILES)
def link_picture(
    link_id: RowId, request: Request, asker: Reader, session: ReadDb, context: Context
) -> Response:
    """The picture of a followed link."""
    link = links.get(session, asker.principal, link_id)
    if link.picture_path is None:
        raise NotFound
    path = context.settings.data_dir / link.picture_path
    return private(answer(request, path, name=path.name, mime="image/jpeg", cache=PICTURE_CACHE), asker)


@_both("/files/{item_id}/{name}", responses=_FILES)
def feed_file(
    item_id: RowId, name: str, request: Request, asker: Reader, session: ReadDb, context: Context
) -> Response:
    """A file of an item: the medium itself, with ranges and conditions, its picture, subtitles or chapters."""
    item = service.item_for(session, asker.principal, item_id)
    if name == chapters.CHAPTERS_NAME:
        return private(JSONResponse(chapters.document(item.extra), media_type=chapters.MIME), asker)
    file = service.find_file(item, name)
    path = library.open_file(library.roots_of(context), file)
    if name.endswith(entries.VTT):
        return private(subtitles.answer_with(request, path, file.language), asker)
    return private(answer(request, path, name=path.name, mime=file.mime), asker)


def private(response: Response, asker: Asker) -> Response:
    """The answer with what all under a secret address have."""
    for header, value in PRIVATE.items():
        if header != "Cache-Control" or header not in response.headers:
            response.headers[header] = value
    response.background = asker.background
    return response
