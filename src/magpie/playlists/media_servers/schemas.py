"""What media servers look like over HTTP. Secrets go in and never come out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from magpie.kit.codes import codes
from magpie.playlists.servers.port import Fault

MAX_NAME = 128
Secret = Annotated[str | None, Field(max_length=4096)]
Format = Literal["m3u", "csv", "jspf", "xspf"]


def _name(text: str | None) -> str | None:
    if text is None:
        return None
    line = " ".join("".join(one if one.isprintable() else " " for one in text).split())[:MAX_NAME]
    if not line:
        raise ValueError("A server needs a name.")
    return line


Name = Annotated[str, Field(max_length=1000), AfterValidator(_name)]


class ServerSettings(BaseModel):
    """What may be said of a server besides its kind and address."""

    token: Secret = Field(default=None, description="never given back; left out keeps what is there")
    username: Annotated[str | None, Field(max_length=255)] = None
    password: Secret = Field(default=None, description="never given back; left out keeps what is there")
    verify_tls: bool | None = Field(default=None, description="false accepts any certificate")
    is_shared: bool | None = Field(
        default=None, description="everybody may keep playlists on it; superusers only"
    )
    library_id: Annotated[str | None, Field(max_length=255)] = Field(
        default=None, description="the music library that is searched; null: all of them"
    )
    media_root: Annotated[str | None, Field(max_length=4096)] = Field(
        default=None, description="where the server sees Magpie's media folder"
    )


class ServerCreate(ServerSettings):
    """A media server."""

    name: Name
    server_type: Annotated[str, Field(min_length=1, max_length=32)] = Field(
        description="`plex`, `jellyfin`, `subsonic`, or a plug-in's"
    )
    url: Annotated[str, Field(min_length=1, max_length=2048)]


class ServerUpdate(ServerSettings):
    """Changes of a server. What is left out stays as it is."""

    name: Name | None = None
    server_type: Annotated[str | None, Field(min_length=1, max_length=32)] = None
    url: Annotated[str | None, Field(min_length=1, max_length=2048)] = None


class ServerOut(BaseModel):
    """A media server, without its secrets."""

    id: int
    user_id: int | None = Field(description="whose it is; null: the installation's")
    name: str
    server_type: str
    url: str
    username: str | None
    has_secret: bool
    verify_tls: bool
    is_shared: bool
    is_locked: bool = Field(description="the environment provides it: it cannot be changed here")
    library_id: str | None
    media_root: str | None
    version: str | None
    checked_at: datetime | None
    reason: str | None = Field(description="typed code of what ailed it last", json_schema_extra=codes(Fault))
    message: str | None
    indexed_at: datetime | None
    track_count: int
    created_at: datetime
    updated_at: datetime


class LibraryOut(BaseModel):
    """A music library on a server; `folders` as the server sees them."""

    id: str
    name: str
    folders: list[str]


class TestAnswer(BaseModel):
    """How a connection went."""

    success: bool
    message: str
    reason: str | None = Field(description="typed code of the fault", json_schema_extra=codes(Fault))
    name: str | None = None
    version: str | None = None
    user: str | None = None
    libraries: list[LibraryOut] = []


class KindOut(BaseModel):
    """A kind of media server, and what it can do at best."""

    name: str
    title: str
    logins: list[str]
    can_move: bool
    can_replace: bool
    can_describe: bool
    can_poster: bool
    can_scan_path: bool
    keeps_duplicates: bool


class PlaylistOut(BaseModel):
    """A playlist on a server."""

    id: str
    title: str
    count: int
    is_writable: bool
    description: str | None


class TrackOut(BaseModel):
    """A track of a server's music."""

    track_id: str
    title: str
    artists: list[str]
    album: str | None
    duration: float | None
