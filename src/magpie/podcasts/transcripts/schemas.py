"""What transcripts look like over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from magpie.kit.codes import codes
from magpie.podcasts.models import TranscriptStatus
from magpie.podcasts.transcripts.service import TranscriptFault


class TranscriptIn(BaseModel):
    """What is known of the sound."""

    model_config = ConfigDict(extra="forbid")

    language: Annotated[str, StringConstraints(strip_whitespace=True, max_length=16)] | None = Field(
        None, description="tag of the language that is spoken (`en`, `pt-BR`); found out if left out"
    )


class TranscriptOut(BaseModel):
    """A transcript that somebody asked for."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    item_id: int
    status: TranscriptStatus
    language: str | None = Field(description="as it was asked for, and then as it was heard")
    provider: str | None = Field(description="who hears it, as in the setting `asr`; null before it is begun")
    progress: float = Field(description="0 to 1")
    error_code: str | None = Field(json_schema_extra=codes(TranscriptFault))
    error_message: str | None
    file_id: int | None = Field(description="the item's file that it became; null once that is gone, too")
    created_at: datetime
    next_attempt_at: datetime | None = Field(
        description="when it is tried again, where the recogniser was busy or out of reach"
    )
    completed_at: datetime | None


class TranscriptList(BaseModel):
    """Your transcripts of an item, newest first. `provider`: who would hear the next one."""

    transcripts: list[TranscriptOut]
    provider: str
