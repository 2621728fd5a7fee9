"""Sites over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field, field_validator

from magpie.downloads.failures import Reason
from magpie.kit.codes import codes
from magpie.sites.breaker import LOW_RESOLUTION
from magpie.sites.formats import MAX_TEXT

CircuitName = Literal["closed", "open", "probing", "ramping"]
ModeName = Literal["never", "when_needed", "always"]
HealthName = Literal["ok", "expires_soon", "expired", "refused"]


class CookiesIn(BaseModel):
    """Cookies for a site. What is left out stays as it is."""

    cookies: str | dict[str, Any] | list[Any] | None = Field(
        default=None,
        description="a Netscape cookie file, a JSON object of names and values, a browser's JSON export, or a header's "
        "`name=value; …`; never answered",
        json_schema_extra={"writeOnly": True, "maxLength": MAX_TEXT},
        repr=False,
    )
    mode: ModeName | None = Field(default=None, description="when they are sent")

    @field_validator("cookies")
    @classmethod
    def _bounded(cls, value: Any) -> Any:
        if isinstance(value, str) and len(value) > MAX_TEXT:
            raise ValueError("is longer than 256 KB")
        return value


class CookiesOut(BaseModel):
    """Your cookies for a site, without the cookies."""

    site: str
    has_cookies: bool
    mode: ModeName | None = None
    count: int = 0
    health: HealthName | None = None
    expires_at: datetime | None = Field(
        default=None, description="when the first of those expires that matter for being signed in"
    )
    last_used_at: datetime | None = None
    refused_at: datetime | None = Field(
        default=None, description="since when the site wants a login although they are sent"
    )
    updated_at: datetime | None = None


class SiteOut(BaseModel):
    """How a site treats this installation, and what you have of it."""

    site: str
    circuit: CircuitName
    rests_until: datetime | None = Field(description="until when it is left alone")
    is_asked: bool = Field(description="whether the site itself has named that time")
    reason: str | None = Field(
        description="typed code of why it is, or was, left alone",
        json_schema_extra=codes(Reason, [LOW_RESOLUTION]),
    )
    message: str | None = Field(description="that reason in plain words")
    allowed: int | None = Field(
        description="how many may be there at once; null for as many as the settings say"
    )
    trips: int = Field(description="how often in a row it had to be left alone")
    changed_at: datetime | None
    pending: int = Field(description="your downloads that wait for it")
    downloading: int = Field(description="your downloads that run there")
    cookies: CookiesOut
