"""What a script is to be like: the template and the wishes of one episode, settled."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """The kinds of shows."""

    NARRATOR = "narrator"
    TWO_HOSTS = "two_hosts"
    INTERVIEW = "interview"
    DEBATE = "debate"
    NEWS = "news"
    LECTURE = "lecture"
    STORY = "story"
    BILINGUAL = "bilingual"


@dataclass(frozen=True, slots=True)
class Speaker:
    """One of the voices of a show. `provider` None: the one that the settings name; `voice_id` None: its default."""

    name: str
    role: str = ""  # told to the model: "host, curious"
    provider: str | None = None  # "openai:tts-1", "espeak"
    voice_id: str | None = None
    style: str | None = None
    language: str | None = None  # where it differs from the show's


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything that the writing of a script and its voicing need to know besides the sources."""

    format: Format
    speakers: tuple[Speaker, ...]  # one to four, names unique
    language: str = "en"
    minutes: float | None = None  # None: as long as the sources ask for
    instructions: str = ""  # the template's `llmPromptInstructions`
    style: str = ""
    title: str | None = None  # given by the person; None: the script's
    wpm: float | None = None  # words a minute, as measured of the voices; None: what is usual in the language


@dataclass(frozen=True, slots=True)
class SourceText:
    """One source as text. `address` is where it can be read, if anywhere."""

    title: str
    text: str
    address: str | None = None
    language: str | None = None
