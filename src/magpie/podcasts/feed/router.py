"""What podcast apps ask for: the feed of somebody's podcasts and its files, under a secret address and nothing else."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from starlette.responses import Response

from magpie.kit.errors import NotFound, TooManyRequests, responses
from magpie.kit.routing import SliceRouter
from magpie.library.feeds import rss
from magpie.library.feeds.chapters import CHAPTERS_NAME, MIME
from magpie.library.feeds.public import PICTURE_CACHE, PRIVATE, Reader, private, takes_gzip
from magpie.library.playing.conditions import Validators, judge
from magpie.library.playing.files import ASK_AGAIN, PreconditionFailed, RangeNotSatisfiable, answer
from magpie.podcasts.episodes import service
from magpie.podcasts.episodes.listening import finished_file
from magpie.podcasts.feed.writing import COVER_NAME, MP3, TRANSCRIPT_NAME, VTT, PodcastFeed
from magpie.web import Context

router = SliceRouter(prefix="/feeds/{token}", tags=["feeds"], responses=responses(NotFound, TooManyRequests))

_FEED: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/rss+xml": {}}},
    304: {"description": "Not modified"},
    **responses(PreconditionFailed),
}
_NAMED = {
    TRANSCRIPT_NAME: ("transcript", VTT),
    CHAPTERS_NAME: ("chapters", MIME),
    COVER_NAME: ("cover", "image/jpeg"),
}


def _feed_of(request: Request) -> PodcastFeed:
    feed: PodcastFeed = request.app.state.podcast_feed
    return feed


def _both(path: str, **options: Any) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """A route for GET and HEAD; the schema tells of the first."""

    def register(function: Callable[..., Response]) -> Callable[..., Response]:
        router.head(path, include_in_schema=False)(function)
        return router.get(path, response_class=Response, **options)(function)

    return register


@_both("/podcasts.xml", responses=_FEED)
def podcasts_feed(
    request: Request, asker: Reader, feed: Annotated[PodcastFeed, Depends(_feed_of)]
) -> Response:
    """The podcasts that the user has had made, newest first, with transcripts and chapters."""
    held = feed.look(asker.principal, asker.addresses)
    verdict = judge(request.headers, Validators(held.etag, held.modified))
    if verdict == 412:
        raise PreconditionFailed
    document = b""
    if verdict is None:
        held, document = feed.document(asker.principal, asker.addresses)
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
        document = gzip.compress(document, 5, mtime=0)
    return Response(document, headers=headers, media_type=rss.MIME, background=asker.background)


@_both("/podcasts/{podcast_id}/{name}", responses=responses(PreconditionFailed, RangeNotSatisfiable))
def podcast_file(
    podcast_id: Annotated[str, Path(max_length=100)],
    name: str,
    request: Request,
    asker: Reader,
    context: Context,
) -> Response:
    """A file of a podcast: the recording, with ranges and conditions, its transcript, chapters or picture."""
    with context.database.read() as session:
        episode = service.get(session, asker.principal, podcast_id)
    if name in _NAMED:
        what, mime = _NAMED[name]
        path = finished_file(context, episode, what)
        cache = PICTURE_CACHE if name == COVER_NAME else ASK_AGAIN
        return private(answer(request, path, name=name, mime=mime, cache=cache), asker)
    if not name.lower().endswith(".mp3"):
        raise NotFound
    return private(answer(request, finished_file(context, episode, "mp3"), name=name, mime=MP3), asker)
