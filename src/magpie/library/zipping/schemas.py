"""Zips over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from magpie.library.choice import Choice


class ZipIn(Choice):
    """Which items to put into a zip; at most 2,000 by `ids`."""

    name: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        None, description="what the file is to be called"
    )


class ZipOut(BaseModel):
    """Where the zip can be fetched, without any further sign-in, and begun until `expires_at`."""

    url: str
    name: str
    count: int = Field(description="items")
    size: int = Field(description="bytes of the files in it")
    expires_at: datetime
