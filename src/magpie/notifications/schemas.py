"""Targets of notifications over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

EventName = Literal["new_item", "failed", "needs_attention"]
DigestName = Literal["at_once", "hourly", "daily"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
Address = Annotated[
    str,
    Field(
        description="Apprise's address of the service, such as `ntfy://ntfy.sh/topic` or `discord://…`, or `mail:` for "
        "your own mail address; never answered",
        json_schema_extra={"writeOnly": True},
        min_length=1,
        max_length=4096,
    ),
]
Events = Annotated[list[EventName], Field(min_length=1, max_length=10, description="what it is told of")]


class TargetCreate(BaseModel):
    """Where you want to be told."""

    url: Address = Field(repr=False)
    name: Name | None = Field(default=None, description="default: the service's name")
    events: Events = ["new_item", "failed", "needs_attention"]
    digest: DigestName = Field(default="at_once", description="how much is gathered into one message")
    is_enabled: bool = True


class TargetUpdate(BaseModel):
    """What is to change; what is left out, or null, stays as it is."""

    url: Address | None = Field(default=None, repr=False)
    name: Name | None = None
    events: Events | None = None
    digest: DigestName | None = None
    is_enabled: bool | None = None


class TargetOut(BaseModel):
    """A target, without its address."""

    id: int
    name: str
    scheme: str = Field(description="the service; all of the address that is ever shown")
    events: list[EventName]
    digest: DigestName
    is_enabled: bool
    paused_at: datetime | None = Field(
        description="since when nothing is sent, since it kept failing; a test that goes well, or a change, ends that"
    )
    failures: int = Field(description="messages that could not be sent, in a row")
    last_sent_at: datetime | None
    last_error: str | None
    waiting: int = Field(description="how many notices wait to be told")
    created_at: datetime


class TestResult(BaseModel):
    """How a test message fared."""

    success: bool
    message: str
