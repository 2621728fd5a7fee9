"""What providers, voices and estimates look like over HTTP."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from magpie.kit.codes import codes
from magpie.podcasts.discretion import Role
from magpie.podcasts.episodes.reasons import PROVIDER_REASONS
from magpie.podcasts.episodes.schemas import MAX_TURN
from magpie.podcasts.templates.schemas import SpeakerIn
from magpie.podcasts.wire import MAX_SPEAKERS, Line, Wire


class ProviderError(Wire):
    """Why a provider cannot be used now. `message` is for superusers: it may name an address."""

    code: str = Field(json_schema_extra=codes(PROVIDER_REASONS))
    message: str | None


class VoiceOut(Wire):
    """One voice."""

    id: str
    name: str
    language: str | None
    gender: str | None


class VoiceProvider(Wire):
    """A provider with its voices. `name` is what a speaker's `provider` is called."""

    name: str
    title: str
    is_default: bool
    voices: list[VoiceOut]
    error: ProviderError | None


class VoiceList(Wire):
    """All voices that can be used."""

    providers: list[VoiceProvider]


class ProviderOut(Wire):
    """Who writes (`llm`), speaks (`tts`) or listens (`asr`), and whether they answer."""

    role: Role
    name: str = Field(description="as in the settings: `ollama:llama3.1`, `espeak`")
    title: str
    is_chosen: bool = Field(description="the settings name it")
    is_ok: bool
    error: ProviderError | None
    address: str | None = Field(description="of its server; for superusers")
    models: list[str] = Field(description="that its server has, as far as it tells")


class MusicList(Wire):
    """Pieces in the folder `podcasts/music` that templates and episodes may name."""

    files: list[str]


class EstimatedSource(Wire):
    """How much a source has to tell."""

    title: str | None
    characters: int | None = Field(description="null: not known before it is read")
    is_guessed: bool = Field(description="from how long the recording is")


class EstimateOut(Wire):
    """What an episode would take. Nothing was made."""

    tokens: int
    prompt_tokens: int
    completion_tokens: int
    characters: int
    minutes: float
    seconds: float | None = Field(description="how long the making will take; null: unknown")
    cost: float | None = Field(description="null: the settings name no prices")
    is_extractive: bool
    is_whole: bool = Field(description="false: not all sources are known yet")
    sources: list[EstimatedSource]


class SayIn(Wire):
    """A turn to be heard."""

    speaker: Annotated[Line, Field(min_length=1, max_length=60)]
    text: Annotated[str, Field(min_length=1, max_length=MAX_TURN)]
    style: Annotated[str | None, Field(max_length=500)] = None
    speakers: Annotated[list[SpeakerIn] | None, Field(min_length=1, max_length=MAX_SPEAKERS)] = Field(
        default=None, description="left out: those of the episode"
    )
