"""Playing over HTTP: files, streams made for a browser, how to choose between them, and waveforms."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from starlette.requests import HTTPConnection

from magpie.accounts.security import CurrentUser
from magpie.kit.errors import NotAuthenticated, NotFound, Unavailable, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import RowId
from magpie.library.playing import service, subtitles, webvtt
from magpie.library.playing.convert import ConversionAnswer, NotPlayable
from magpie.library.playing.files import PreconditionFailed, RangeNotSatisfiable, answer
from magpie.library.playing.plan import Plan, Way, abilities
from magpie.library.playing.schemas import BeingMade, PlaybackPlan, Waveform
from magpie.library.playing.service import Playing, Source
from magpie.web import Context

router = SliceRouter(prefix="/api/v1/items", tags=["library"], responses=responses(NotAuthenticated))

RETRY_SECONDS = 2


def _player(connection: HTTPConnection) -> Playing:
    playing: Playing = connection.app.state.playing
    return playing


async def _inspector(connection: HTTPConnection) -> AsyncGenerator[Playing, None]:
    yield _player(connection)


Player = Annotated[Playing, Depends(_player)]
# These requests may wait for a process that looks into a file. More of them wait for that outside the thread pool, in
# which others are answered meanwhile.
Inspector = Annotated[Playing, Depends(_inspector, scope="function", max_concurrency=4)]
FileId = Annotated[int | None, Query(description="id of one of the item's files; the main file if left out")]
Can = Annotated[
    str | None,
    Query(
        max_length=400,
        description="what the client plays, as words with commas between them: containers (`mp4`, `webm`, `ogg`, "
        "`mkv`, `mov`, …) and codecs (`h264`, `hevc`, `av1`, `vp9`, `aac`, `opus`, `ac3`, …); if left out, what every "
        "browser plays",
    ),
]


@router.get("/{item_id}/playback-plan", responses=responses(NotFound))
def get_playback_plan(
    item_id: RowId,
    user: CurrentUser,
    context: Context,
    playing: Inspector,
    file: FileId = None,
    can: Can = None,
) -> PlaybackPlan:
    """Which address to play, for a client that plays `can`."""
    source = service.find(context, user, item_id, file)
    plan, facts = playing.plan(source, abilities(can))
    return PlaybackPlan(
        way=plan.way,
        url=_url(source, plan, file, can),
        mime=_mime(source, plan),
        seeking={Way.DIRECT: "range", Way.NONE: None}.get(plan.way, "start"),
        duration=(facts.duration if facts else None) or source.duration,
        video=facts.video if facts else None,
        audio=facts.audio if facts else None,
    )


def _url(source: Source, plan: Plan, file: int | None, can: str | None) -> str | None:
    if plan.way is Way.NONE:
        return None
    last = "file" if plan.way is Way.DIRECT else "stream"
    given = {"file": file, "can": can if last == "stream" else None}
    query = urlencode({name: value for name, value in given.items() if value is not None})
    return f"/api/v1/items/{source.item_id}/{last}{'?' if query else ''}{query}"


def _mime(source: Source, plan: Plan) -> str | None:
    if plan.way is Way.NONE:
        return None
    return source.mime if plan.way is Way.DIRECT else plan.mime


@router.head("/{item_id}/stream", include_in_schema=False)
@router.get(
    "/{item_id}/stream",
    response_class=Response,
    responses=responses(NotFound, NotPlayable, PreconditionFailed, RangeNotSatisfiable, Unavailable),
)
def get_stream(
    item_id: RowId,
    user: CurrentUser,
    context: Context,
    playing: Inspector,
    request: Request,
    file: FileId = None,
    can: Can = None,
    start: Annotated[
        float, Query(ge=0, le=1e7, allow_inf_nan=False, description="where to begin, in seconds")
    ] = 0,
) -> Response:
    """The file itself if a client that plays `can` can play it, otherwise its streams from `start` on in another
    container, converted where they must be."""
    source = service.find(context, user, item_id, file)
    plan, facts = playing.plan(source, abilities(can))
    if plan.way is Way.DIRECT:
        return answer(request, source.path, name=source.path.name, mime=source.mime)
    if plan.way is Way.NONE or facts is None:
        raise NotPlayable
    conversion = playing.conversion(source, facts, plan, start)
    return ConversionAnswer(conversion, context.settings.conversions)


@router.head("/{item_id}/subtitles/{file_id}", include_in_schema=False)
@router.get(
    "/{item_id}/subtitles/{file_id}",
    response_class=Response,
    responses={
        200: {"content": {webvtt.MIME: {}}},
        **responses(NotFound, PreconditionFailed, RangeNotSatisfiable),
    },
)
def get_subtitles(
    item_id: RowId, file_id: RowId, user: CurrentUser, context: Context, request: Request
) -> Response:
    """One of the item's subtitle files as browsers read it, which is WebVTT: also of SubRip's. Other kinds are not
    found here."""
    source = service.find(context, user, item_id, file_id)
    return subtitles.answer_with(request, source.path, source.language)


@router.get(
    "/{item_id}/waveform",
    response_model=Waveform,
    responses={202: {"model": BeingMade, "description": "It is being made"}, **responses(NotFound)},
)
def get_waveform(
    item_id: RowId, user: CurrentUser, context: Context, playing: Player, file: FileId = None
) -> Response:
    """How loud it is over its length, in 1,000 to 2,000 points; short recordings have fewer."""
    peaks = playing.waveform(service.find(context, user, item_id, file))
    if peaks is None:
        headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
        return JSONResponse(BeingMade().model_dump(), 202, headers=headers)
    waveform = Waveform(
        sample_rate=peaks.sample_rate,
        samples_per_pixel=peaks.samples_per_pixel,
        length=peaks.length,
        data=peaks.data.tolist(),
    )
    return JSONResponse(waveform.model_dump(), headers={"Cache-Control": "private, max-age=3600"})
