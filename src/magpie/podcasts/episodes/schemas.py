"""What episodes, their sources and scripts look like over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from magpie.kit.codes import codes
from magpie.podcasts.episodes.reasons import REASONS
from magpie.podcasts.models import EpisodeStatus, Origin, SourceKind
from magpie.podcasts.script.brief import Format
from magpie.podcasts.templates.schemas import MusicIn, SpeakerIn, TemplateId, require_different_names
from magpie.podcasts.wire import (
    MAX_INSTRUCTIONS,
    MAX_SPEAKERS,
    Language,
    Line,
    Minutes,
    Models,
    Out,
    Provider,
    Wire,
)

MAX_TEXT = 8_000_000  # characters
MAX_SOURCES = 50
MAX_TITLE = 500
MAX_TURNS = 10_000
MAX_TURN = 20_000  # characters
MAX_SEGMENTS = 500
MAX_ADDRESS = 4096

Title = Annotated[Line, Field(max_length=MAX_TITLE)]
FileFormat = Literal["mp3", "opus", "m4a"]


class Seed(Wire):
    """A request of the earlier program: what it does not know is left aside."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")


class GenerateText(Seed):
    """A text to make a podcast of."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
    title: Title | None = None
    template_id: TemplateId | None = None


class GenerateUrl(Seed):
    """A page, document or recording elsewhere to make a podcast of."""

    url: Annotated[str, Field(min_length=1, max_length=MAX_ADDRESS)]
    title: Title | None = None
    template_id: TemplateId | None = None


class Created(Wire):
    """A podcast that was begun."""

    podcast_id: str
    status: str = Field(json_schema_extra=codes(EpisodeStatus))


class SourceIn(Wire):
    """One thing that an episode is made of: exactly one of `text`, `url`, `itemId`, `episodeId`."""

    kind: Literal["text", "url", "item", "episode"] | None = Field(
        default=None, description="follows from what is given"
    )
    text: Annotated[str | None, Field(min_length=1, max_length=MAX_TEXT)] = None
    url: Annotated[str | None, Field(min_length=1, max_length=MAX_ADDRESS)] = None
    item_id: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None
    episode_id: Annotated[str | None, Field(max_length=32)] = None
    title: Title | None = None
    language: Language | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> SourceIn:
        given = {"text": self.text, "url": self.url, "item": self.item_id, "episode": self.episode_id}
        kinds = [kind for kind, value in given.items() if value is not None]
        if len(kinds) != 1:
            raise ValueError("A source is one of text, url, itemId and episodeId.")
        if self.kind is not None and self.kind != kinds[0]:
            raise ValueError(f"This source is of the kind {kinds[0]}.")
        return self


class Wishes(Wire):
    """How an episode is to be; what is left out is as the template has it, or as the sources ask for."""

    title: Title | None = None
    template_id: TemplateId | None = None
    format: Format | None = None
    minutes: Minutes | None = None
    language: Language | None = None
    style: Annotated[str | None, Field(max_length=500)] = None
    instructions: Annotated[str | None, Field(max_length=MAX_INSTRUCTIONS)] = None
    speakers: Annotated[list[SpeakerIn] | None, Field(min_length=1, max_length=MAX_SPEAKERS)] = None
    music: MusicIn | None = None
    formats: Annotated[list[FileFormat], Field(max_length=3)] = Field(
        default=["mp3"], description="mp3 is always made"
    )
    approve: bool = Field(default=False, description="wait until somebody has approved the script")
    llm: Models | None = Field(default=None, description="who writes; superusers only")
    tts: Provider | None = Field(default=None, description="who speaks; superusers only")
    asr: Provider | None = Field(default=None, description="who listens; superusers only")

    @model_validator(mode="after")
    def _names_differ(self) -> Wishes:
        require_different_names(self.speakers or [])
        return self


class EpisodeCreate(Wishes):
    """A podcast of one or several sources."""

    sources: Annotated[list[SourceIn], Field(max_length=MAX_SOURCES)] = Field(default=[])


class EpisodeUpdate(Wire):
    """What may be said of an episode later."""

    title: Annotated[Line | None, Field(min_length=1, max_length=MAX_TITLE)] = None
    description: Annotated[str | None, Field(max_length=10_000)] = None


class SourceOut(Wire):
    """One thing that an episode is made of."""

    position: int
    kind: str = Field(json_schema_extra=codes(SourceKind))
    title: str | None
    address: str | None
    name: str | None = Field(description="of the uploaded file")
    item_id: int | None
    episode_id: str | None
    language: str | None
    characters: int | None
    url: str | None = Field(description="as it was given, if it was uploaded; null once it was purged")
    text_url: str | None = Field(description="as it was read; null before it was, and once it was purged")


class EpisodeFile(Wire):
    """One finished recording."""

    format: str
    url: str
    size: int


class SpeakerOut(Wire):
    """Who speaks in an episode."""

    name: str
    role: str
    voice_id: str | None
    provider: str | None
    style: str | None
    language: str | None


class EpisodeOut(Wire):
    """A podcast: the earlier program's fields, and how it is doing."""

    id: str
    title: str
    audio_url: str
    duration: float = Field(description="seconds; 0 until it is done")
    generated_date: datetime = Field(description="when it was done; until then, when it was begun")
    source_text: str | None = Field(default=None, description="left out of lists")
    source_audio_url: str | None
    template_used: str | None
    user_id: int
    status: str = Field(json_schema_extra=codes(EpisodeStatus))
    step: str | None
    steps_done: int
    steps_total: int
    error_code: str | None = Field(json_schema_extra=codes(REASONS))
    error_message: str | None
    next_attempt_at: datetime | None
    description: str
    needs_approval: bool
    approved_version: int | None
    script_version: int | None = Field(description="of the newest script; null before there is one")
    speakers: list[SpeakerOut]
    language: str | None
    minutes: float | None
    providers: dict[str, Any]
    estimate: dict[str, Any]
    usage: dict[str, Any]
    report: dict[str, Any]
    files: list[EpisodeFile]
    cover_url: str | None
    transcript_url: str | None
    chapters_url: str | None
    live_url: str | None = Field(description="what can be heard of it while it is made")
    sources: list[SourceOut]
    digest_id: int | None
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    purged_at: datetime | None


class SpanIn(Wire):
    """Characters of one source, from 0."""

    source: Annotated[int, Field(ge=0)]
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]


class FlagIn(Wire):
    """Something that the sources do not say."""

    kind: Annotated[str, Field(max_length=32)]
    text: Annotated[str, Field(max_length=1000)]


class TurnIn(Wire):
    """What one speaker says in one go."""

    speaker: Annotated[Line, Field(min_length=1, max_length=60)]
    text: Annotated[str, Field(min_length=1, max_length=MAX_TURN)]
    style: Annotated[str | None, Field(max_length=500)] = None
    segment: Annotated[int, Field(ge=0, lt=MAX_SEGMENTS)] = 0
    source_span: SpanIn | None = None
    flags: Annotated[list[FlagIn], Field(max_length=100)] = Field(default=[])


class SegmentIn(Wire):
    """A chapter."""

    title: Annotated[Line, Field(max_length=MAX_TITLE)]
    summary: Annotated[str, Field(max_length=10_000)] = ""


class ScriptIn(Wire):
    """A script as somebody has written or changed it; what is left out stays as in the version before."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")

    turns: Annotated[list[TurnIn], Field(min_length=1, max_length=MAX_TURNS)]
    title: Annotated[Line | None, Field(min_length=1, max_length=MAX_TITLE)] = None
    description: Annotated[str | None, Field(max_length=10_000)] = None
    language: Language | None = None
    segments: Annotated[list[SegmentIn] | None, Field(min_length=1, max_length=MAX_SEGMENTS)] = None


class SpanOut(Out):
    """Characters of one source, from 0."""

    source: int
    start: int
    end: int


class FlagOut(Out):
    """Something in a turn that the sources do not say."""

    kind: str
    text: str


class TurnOut(Out):
    """What one speaker says in one go."""

    speaker: str
    text: str
    style: str | None = None
    segment: int = 0
    source_span: SpanOut | None = None
    flags: list[FlagOut] = Field(default=[])


class SegmentOut(Out):
    """A chapter."""

    title: str
    summary: str = ""


class ScriptOut(Wire):
    """One version of a script."""

    version: int
    origin: str = Field(json_schema_extra=codes(Origin))
    is_approved: bool
    language: str
    title: str
    description: str
    is_extractive: bool
    segments: list[SegmentOut]
    turns: list[TurnOut]
    created_at: datetime


class ScriptVersion(Wire):
    """A version of a script, without its words."""

    version: int
    origin: str = Field(json_schema_extra=codes(Origin))
    is_approved: bool
    language: str
    title: str
    turns: int
    created_at: datetime


class VoiceIn(Wire):
    """How a script is to be spoken; everything is optional."""

    version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = Field(
        default=None, description="of the script; null: the newest"
    )
    speakers: Annotated[list[SpeakerIn] | None, Field(min_length=1, max_length=MAX_SPEAKERS)] = Field(
        default=None, description="with other voices; names as in the script"
    )
    tts: Provider | None = Field(default=None, description="who speaks; superusers only")
    formats: Annotated[list[FileFormat] | None, Field(max_length=3)] = None
    music: MusicIn | None = None


class ContinueIn(Wire):
    """Go on with other providers than before, if wished; superusers only."""

    llm: Models | None = None
    tts: Provider | None = None
    asr: Provider | None = None


class TranslateIn(Wire):
    """An episode in another language, of the same script."""

    language: Language
    version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None
    speakers: Annotated[list[SpeakerIn] | None, Field(min_length=1, max_length=MAX_SPEAKERS)] = None
    title: Title | None = None
    approve: bool = False
