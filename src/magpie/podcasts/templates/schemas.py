"""What a template holds: the same in the YAML file, over HTTP and in an episode's row."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from magpie.podcasts.script.brief import Format
from magpie.podcasts.wire import (
    MAX_INSTRUCTIONS,
    MAX_SPEAKERS,
    Language,
    Line,
    Minutes,
    Provider,
    VoiceId,
    Wire,
)

ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_MUSIC = re.compile(r"[^/\\\0]{1,200}\.[A-Za-z0-9]{1,5}")


def _id(text: str) -> str:
    if not ID.fullmatch(text):
        raise ValueError("An id has small letters, digits, - and _.")
    return text


def _music(name: str) -> str:
    if not _MUSIC.fullmatch(name) or name.startswith("."):
        raise ValueError("Name a file in the folder podcasts/music, such as intro.mp3.")
    return name


TemplateId = Annotated[str, Field(max_length=64), AfterValidator(_id)]
MusicFile = Annotated[str, Field(max_length=200), AfterValidator(_music)]


class TtsConfig(Wire):
    """The voice of the first speaker, in short."""

    voice_id: VoiceId | None = None
    style: Annotated[str | None, Field(max_length=500)] = None


class SpeakerIn(Wire):
    """One voice of a show. Without `provider`: the one that the settings name; without `voiceId`: its default."""

    name: Annotated[Line, Field(min_length=1, max_length=60)]
    role: Annotated[str, Field(max_length=300)] = ""
    voice_id: VoiceId | None = None
    provider: Provider | None = None
    style: Annotated[str | None, Field(max_length=500)] = None
    language: Language | None = None


class MusicIn(Wire):
    """Pieces from the folder `podcasts/music`; the bed lies under the speech, `bedDb` below it."""

    intro: MusicFile | None = None
    outro: MusicFile | None = None
    bed: MusicFile | None = None
    bed_db: Annotated[float, Field(ge=-60, le=0, allow_inf_nan=False)] = -22.0


class TemplateFields(Wire):
    """Everything of a template but its id."""

    name: Annotated[Line, Field(min_length=1, max_length=200)]
    description: Annotated[str, Field(max_length=2000)] = ""
    llm_prompt_instructions: Annotated[str, Field(max_length=MAX_INSTRUCTIONS)] = Field(
        default="", description="what the model is told besides the sources"
    )
    tts_config: TtsConfig | None = None
    format: Format | None = Field(
        default=None, description="null: one narrator if there is one voice, else two hosts"
    )
    speakers: Annotated[list[SpeakerIn], Field(max_length=MAX_SPEAKERS)] = Field(
        default=[], description="left out: those that the format usually has"
    )
    minutes: Minutes | None = Field(default=None, description="null: as long as the sources ask for")
    language: Language | None = Field(default=None, description="null: that of the sources")
    style: Annotated[str, Field(max_length=500)] = ""
    music: MusicIn | None = None

    @model_validator(mode="after")
    def _names_differ(self) -> TemplateFields:
        require_different_names(self.speakers)
        return self


def require_different_names(speakers: list[SpeakerIn]) -> None:
    """Raises `ValueError` for two speakers of one name: turns could not tell them apart."""
    names = [speaker.name.casefold() for speaker in speakers]
    if len(set(names)) != len(names):
        raise ValueError("Speakers need different names.")


class Template(TemplateFields):
    """How a script and its voices are made."""

    id: TemplateId
    owner: int | None = Field(default=None, ge=1, description="id of the user whose it is; null: everybody's")


class TemplateCreate(TemplateFields):
    """A new template. Without `id` one is made of its name."""

    id: TemplateId | None = None
    owner: int | None = Field(default=None, ge=1, description="superusers only; others make their own")


class TemplateUpdate(Wire):
    """Changes of a template; what is left out stays."""

    name: Annotated[Line | None, Field(min_length=1, max_length=200)] = None
    description: Annotated[str | None, Field(max_length=2000)] = None
    llm_prompt_instructions: Annotated[str | None, Field(max_length=MAX_INSTRUCTIONS)] = None
    tts_config: TtsConfig | None = None
    format: Format | None = None
    speakers: Annotated[list[SpeakerIn] | None, Field(max_length=MAX_SPEAKERS)] = None
    minutes: Minutes | None = None
    language: Language | None = None
    style: Annotated[str | None, Field(max_length=500)] = None
    music: MusicIn | None = None


class TemplateOut(Template):
    """A template, and what you may do with it."""

    is_shipped: bool = Field(description="it came with Magpie, as it is")
    can_edit: bool


class TemplateProblem(Wire):
    """Something in the file of templates that cannot be used. `line` counts from 1."""

    line: int | None
    field: str | None
    message: str


class TemplateFileOut(Wire):
    """The file that holds the templates besides those that ship."""

    path: str
    exists: bool
    problems: list[TemplateProblem]
