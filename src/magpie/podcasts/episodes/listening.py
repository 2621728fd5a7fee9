"""An episode's files over HTTP: to hear, to keep, and what goes with them."""

from __future__ import annotations

from mimetypes import guess_type
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import Path as InPath
from fastapi import Query, Request, Response

from magpie.accounts.principal import Principal
from magpie.accounts.security import CurrentUser
from magpie.context import AppContext
from magpie.kit.errors import NotAuthenticated, NotFound, TooManyRequests, responses
from magpie.kit.paths import safe_name
from magpie.kit.routing import SliceRouter
from magpie.library.playing.disposition import headers_for
from magpie.library.playing.files import PreconditionFailed, RangeNotSatisfiable, answer
from magpie.podcasts.episodes import files, live, queueing, service
from magpie.podcasts.episodes.router import PodcastId
from magpie.podcasts.models import Episode
from magpie.web import Context

router = SliceRouter(prefix="/api/v1/podcasts", tags=["podcasts"], responses=responses(NotAuthenticated))

VTT = "text/vtt"
CHAPTERS = "application/json+chapters"
NOT_DONE = "There is no recording yet"
FormatName = Annotated[Literal["mp3", "opus", "m4a"], Query(description="one of those that were made")]
_FILES: dict[int | str, dict[str, Any]] = responses(NotFound, PreconditionFailed, RangeNotSatisfiable)


def finished_file(context: AppContext, episode: Episode, what: str) -> Path:
    """A finished file: `mp3`, `transcript`, … as the row names it. Raises `NotFound`."""
    name = episode.files.get(what)
    if not isinstance(name, str) or Path(name).name != name or not name.startswith(f"{episode.key}."):
        raise NotFound(NOT_DONE)
    return files.root_of(context.settings) / name


def _found(context: AppContext, user: Principal, key: str) -> Episode:
    with context.database.read() as session:
        return service.get(session, user, key)


def _recording(
    request: Request, context: AppContext, user: Principal, key: str, form: str, *, download: bool
) -> Response:
    episode = _found(context, user, key)
    path = finished_file(context, episode, form)
    name = f"{safe_name(episode.title or 'podcast')}.{form}"
    return answer(request, path, name=name, mime=files.FORMATS[form], download=download)


@router.head("/{podcast_id}/audio", include_in_schema=False)
@router.get("/{podcast_id}/audio", response_class=Response, responses=_FILES)
def get_podcast_audio(
    podcast_id: PodcastId,
    user: CurrentUser,
    request: Request,
    context: Context,
    format: FormatName = "mp3",  # noqa: A002
) -> Response:
    """The recording, to be played; in ranges, too."""
    return _recording(request, context, user, podcast_id, format, download=False)


@router.head("/{podcast_id}/download", include_in_schema=False)
@router.get("/{podcast_id}/download", response_class=Response, responses=_FILES)
def download_podcast(
    podcast_id: PodcastId,
    user: CurrentUser,
    request: Request,
    context: Context,
    format: FormatName = "mp3",  # noqa: A002
) -> Response:
    """The recording, to be kept."""
    return _recording(request, context, user, podcast_id, format, download=True)


@router.get(
    "/{podcast_id}/live",
    response_class=Response,
    responses={200: {"content": {live.MIME: {}}}, **responses(NotFound, TooManyRequests)},
)
def listen_live(podcast_id: PodcastId, user: CurrentUser, request: Request, context: Context) -> Response:
    """The podcast while it is made: a draft, turn by turn, as soon as each was spoken. Once it is done, the recording."""
    episode = _found(context, user, podcast_id)
    if not queueing.is_busy(episode):
        return _recording(request, context, user, podcast_id, "mp3", download=False)
    leave = live.SEATS.take(user.id, episode.key)
    return live.LiveResponse(live.Listening(context, episode.key).stream(), leave)


@router.get("/{podcast_id}/transcript.vtt", response_class=Response, responses=_FILES)
def get_podcast_transcript(
    podcast_id: PodcastId, user: CurrentUser, request: Request, context: Context
) -> Response:
    """What is said when, as WebVTT."""
    path = finished_file(context, _found(context, user, podcast_id), "transcript")
    return answer(request, path, name="transcript.vtt", mime=VTT)


@router.get("/{podcast_id}/chapters.json", response_class=Response, responses=_FILES)
def get_podcast_chapters(
    podcast_id: PodcastId, user: CurrentUser, request: Request, context: Context
) -> Response:
    """Its chapters, as podcast apps read them (JSON chapters 1.2)."""
    path = finished_file(context, _found(context, user, podcast_id), "chapters")
    return answer(request, path, name="chapters.json", mime=CHAPTERS)


@router.get("/{podcast_id}/cover", response_class=Response, responses=_FILES)
def get_podcast_cover(
    podcast_id: PodcastId, user: CurrentUser, request: Request, context: Context
) -> Response:
    """Its picture."""
    path = finished_file(context, _found(context, user, podcast_id), "cover")
    return answer(request, path, name="cover.jpg", mime="image/jpeg")


@router.get("/{podcast_id}/sources/{position}", response_class=Response, responses=_FILES)
def get_podcast_source(
    podcast_id: PodcastId,
    position: Annotated[int, InPath(ge=0, le=10_000)],
    user: CurrentUser,
    request: Request,
    context: Context,
) -> Response:
    """A source as it was given: a text, a document or a recording."""
    with context.database.read() as session:
        path, name = service.source_file(session, context.settings, user, podcast_id, position)
    return answer(request, path, name=name, mime=_mime_of(name))


@router.get("/{podcast_id}/sources/{position}/text", response_class=Response, responses=responses(NotFound))
def get_podcast_source_text(
    podcast_id: PodcastId,
    position: Annotated[int, InPath(ge=0, le=10_000)],
    user: CurrentUser,
    context: Context,
) -> Response:
    """A source as it was read, whatever it was: the text whose characters a script's `sourceSpan` counts."""
    with context.database.read() as session:
        found = service.read_text(session, context.settings, user, podcast_id, position)
    return Response(
        found.text.encode("utf-8", "replace"), headers=headers_for("source.txt", "text/plain", download=False)
    )


def _mime_of(name: str) -> str:
    return guess_type(name)[0] or "application/octet-stream"
