"""Somebody's own downloader of songs, asked over HTTP: what it is told, what it may answer, what may go wrong.

`POST {api_url}` with a Bearer key and the song as JSON; 200 with the address of a file, or 404 for what it does not
have. The key goes to the host and port that were typed, and to no other that a redirect names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from magpie.downloads.addresses import BadAddress, clean_address
from magpie.kit.egress.policy import EgressPolicy
from magpie.playlists.servers.port import Fault as WireFault
from magpie.playlists.servers.port import Login, ServerFailed
from magpie.playlists.servers.wire import Wire
from magpie.playlists.tracks import Track

PRODUCT = "The downloader"
_NOT_FOUND, _TOO_MANY = 404, 429
# Asked for by a test of the connection: nobody has recorded it.
PROBE = Track("probe", "A song that Magpie asks for to try the connection", ("Nobody",), duration=1.0)


class ApiFault(StrEnum):
    """Why an external downloader brought nothing, other than that it does not have the song."""

    ADDRESS = "api_address"
    UNREACHABLE = "api_unreachable"
    TLS = "api_tls"
    KEY = "api_key"
    LIMITED = "api_limited"
    ERROR = "api_error"
    UNREADABLE = "api_unreadable"


# What may be otherwise in some minutes.
TRANSIENT = frozenset({ApiFault.UNREACHABLE, ApiFault.LIMITED, ApiFault.ERROR})

_FAULTS: Mapping[WireFault, ApiFault] = {
    WireFault.ADDRESS: ApiFault.ADDRESS,
    WireFault.DNS: ApiFault.ADDRESS,
    WireFault.TLS: ApiFault.TLS,
    WireFault.REFUSED: ApiFault.UNREACHABLE,
    WireFault.TIMEOUT: ApiFault.UNREACHABLE,
    WireFault.LOST: ApiFault.UNREACHABLE,
    WireFault.TOKEN: ApiFault.KEY,
    WireFault.NO_RIGHT: ApiFault.KEY,
    WireFault.FAILING: ApiFault.ERROR,
}


class ApiFailed(Exception):
    """It did not do what was asked. `message` is for people and holds no secret."""

    def __init__(self, reason: ApiFault, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


@dataclass(frozen=True, slots=True)
class Api:
    """Where it is. `policy`: where it may be, if no superuser has named it. Never shown, never logged."""

    url: str
    key: str | None = field(default=None, repr=False)
    policy: EgressPolicy | None = field(default=None, repr=False)


def ask(api: Api, song: Track) -> str | None:
    """The address of a file with the song, or None if it does not have it. Raises `ApiFailed`."""
    parts = urlsplit(api.url)
    try:
        wire = Wire(Login(url=f"{parts.scheme}://{parts.netloc}", policy=api.policy), product=PRODUCT)
    except ServerFailed as failure:
        raise ApiFailed(ApiFault.ADDRESS, failure.message) from None
    try:
        headers = {"Accept": "application/json"}
        if api.key:
            headers["Authorization"] = f"Bearer {wire.header_value(api.key)}"
        answer = wire.ask(
            "POST",
            parts.path or "/",
            body=_told(song),
            headers=headers,
            is_read=False,
            keep=(_NOT_FOUND, _TOO_MANY),
        )
        if answer.status == _NOT_FOUND:
            return None
        if answer.status == _TOO_MANY:
            raise ApiFailed(ApiFault.LIMITED, f"{PRODUCT} at {wire.place} has been asked too often.")
        return _address(wire.json(answer), wire.place)
    except ServerFailed as failure:
        raise ApiFailed(_FAULTS.get(failure.reason, ApiFault.UNREADABLE), failure.message) from None
    finally:
        wire.close()


def _told(song: Track) -> dict[str, Any]:
    return {
        "title": song.title,
        "artist": ", ".join(song.artists),
        "album": song.album,
        "duration": song.duration,
        "source": song.source,
        "source_id": song.source_id,
    }


def _address(body: Any, place: str) -> str:
    """Where the file is. It goes the way of every download: through the egress guard, at each redirect."""
    url = body.get("url") if isinstance(body, dict) else None
    try:
        return clean_address(url if isinstance(url, str) else "")
    except BadAddress:
        raise ApiFailed(
            ApiFault.UNREADABLE, f"{PRODUCT} at {place} names no address of a file in its answer."
        ) from None
