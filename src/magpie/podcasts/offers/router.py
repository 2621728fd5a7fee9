"""Providers, voices, music, estimates and single turns over HTTP."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from magpie.accounts.principal import Principal
from magpie.accounts.security import CurrentUser
from magpie.kit.bounds import takes_up_to
from magpie.kit.errors import (
    Conflict,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    OutOfReach,
    RuleBroken,
    TooLarge,
    responses,
)
from magpie.kit.routing import SliceRouter
from magpie.library.playing.files import PreconditionFailed, RangeNotSatisfiable, answer
from magpie.podcasts.episodes import service as episodes
from magpie.podcasts.episodes.router import MAX_JSON, PodcastId
from magpie.podcasts.episodes.schemas import EpisodeCreate
from magpie.podcasts.making.serving import server_tools
from magpie.podcasts.making.tools import Tools
from magpie.podcasts.offers import estimating, saying, service
from magpie.podcasts.offers.schemas import (
    EstimatedSource,
    EstimateOut,
    MusicList,
    ProviderError,
    ProviderOut,
    SayIn,
    VoiceList,
    VoiceOut,
    VoiceProvider,
)
from magpie.podcasts.voices import service as voices
from magpie.podcasts.voices.port import VoiceFailed
from magpie.podcasts.wire import Language, Provider, VoiceId
from magpie.web import Context

router = SliceRouter(prefix="/api/v1", tags=["podcasts"], responses=responses(NotAuthenticated))

WAV = "audio/wav"
KEPT = "private, max-age=3600"


async def _one_of_few() -> AsyncGenerator[None, None]:
    yield None


# These requests wait for others. More of them wait for that outside the thread pool, in which others are answered
# meanwhile.
Few = Annotated[None, Depends(_one_of_few, scope="function", max_concurrency=4)]


def _error(user: Principal, error: service.Error | None) -> ProviderError | None:
    if error is None:
        return None
    return ProviderError(code=error[0], message=error[1] if user.is_superuser else None)


@router.get("/voices")
def list_voices(
    user: CurrentUser,
    context: Context,
    _few: Few,
    provider: Annotated[Provider | None, Query(description="left out: all")] = None,
    language: Annotated[Language | None, Query(description="only voices that speak it")] = None,
) -> VoiceList:
    """The voices that you may choose, by provider."""
    found = service.voices_of(context.settings, user, provider, language)
    return VoiceList(
        providers=[
            VoiceProvider(
                name=one.name,
                title=one.title,
                is_default=one.is_default,
                voices=[
                    VoiceOut(id=voice.id, name=voice.name, language=voice.language, gender=voice.gender)
                    for voice in one.voices
                ],
                error=_error(user, one.error),
            )
            for one in found
        ]
    )


@router.get(
    "/voices/preview",
    response_class=Response,
    responses=responses(NotFound, RuleBroken, OutOfReach, PreconditionFailed, RangeNotSatisfiable),
)
def preview_voice(
    user: CurrentUser,
    context: Context,
    request: Request,
    _few: Few,
    voice_id: Annotated[VoiceId, Query(alias="voiceId")],
    provider: Annotated[
        Provider | None, Query(description="left out: the one that the settings name")
    ] = None,
    language: Annotated[Language | None, Query(description="of the sentence that it says")] = None,
) -> Response:
    """A sentence in a voice."""
    episodes.require_free_voice(context, user, provider)
    try:
        path = voices.preview(context.settings, provider, voice_id, language)
    except VoiceFailed as failure:
        raise saying.as_answer(failure, user, "voiceId") from failure
    return answer(request, path, name="preview.wav", mime=WAV, cache=KEPT)


@router.get("/providers")
def list_providers(user: CurrentUser, context: Context, _few: Few) -> list[ProviderOut]:
    """Who writes, speaks and listens, and whether they answer now; superusers see all that could, and their addresses."""
    found = service.providers(context.settings, user)
    return [
        ProviderOut.model_validate(
            {
                "role": one.role,
                "name": one.name,
                "title": one.title,
                "is_chosen": one.is_chosen,
                "is_ok": one.error is None,
                "error": _error(user, one.error),
                "address": one.address,
                "models": list(one.models),
            }
        )
        for one in found
    ]


@router.get("/music")
def list_music(_user: CurrentUser, context: Context) -> MusicList:
    """The pieces of music that templates and episodes may name: files in the folder `podcasts/music`."""
    return MusicList(files=service.music(context.settings))


def _tools(request: Request, context: Context) -> Tools:
    """As the worker has them; their name tells the guard whose connections they are."""
    make = server_tools(context, request.app.state.bench)
    return make(None, f"estimate-{uuid.uuid4().hex}")  # type: ignore[arg-type]


@router.post("/podcasts/estimate", responses=responses(RuleBroken, NotAllowed, TooLarge))
@takes_up_to(MAX_JSON)
def estimate_podcast(
    body: EpisodeCreate, user: CurrentUser, context: Context, request: Request, _few: Few
) -> EstimateOut:
    """What an episode would take: tokens, spoken characters, minutes, money. Nothing is made."""
    found = estimating.estimate(context, user, body, _tools(request, context))
    cost = found.cost
    return EstimateOut(
        tokens=cost.prompt_tokens + cost.completion_tokens,
        prompt_tokens=cost.prompt_tokens,
        completion_tokens=cost.completion_tokens,
        characters=cost.characters,
        minutes=round(cost.minutes, 2),
        seconds=None if found.seconds is None else round(found.seconds, 1),
        cost=cost.price,
        is_extractive=found.is_extractive,
        is_whole=all(one.text is not None for one in found.sources),
        sources=[
            EstimatedSource(
                title=one.title or None,
                characters=len(one.text.text) if one.text is not None else None,
                is_guessed=one.is_guessed,
            )
            for one in found.sources
        ],
    )


@router.post(
    "/podcasts/{podcast_id}/say",
    response_class=Response,
    responses={200: {"content": {WAV: {}}}, **responses(NotFound, RuleBroken, Conflict, OutOfReach)},
)
def say_turn(
    podcast_id: PodcastId, body: SayIn, user: CurrentUser, context: Context, request: Request, _few: Few
) -> Response:
    """Hear one turn as the episode would have it. What is heard here is not spoken again for the episode."""
    path = saying.say(context, user, podcast_id, body)
    return answer(request, path, name="turn.wav", mime=WAV)
