"""Where feeds and their files are reached: absolute addresses, since podcast apps know no page that theirs stand on.

They lie below `public_url`. Where that is not set, a `Host` header counts only if the operator has named that host in
`allowed_hosts`; otherwise it is the very address that the connection came to, which nobody can make up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from starlette.requests import HTTPConnection

from magpie.config import Settings
from magpie.kit.hosts import is_allowed_host, names_in

_UNWANTED = re.compile(r"[^A-Za-z0-9]+")
MAX_NAME = 60
_USUAL_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[A-Za-z0-9._-]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")


def base_of(connection: HTTPConnection, settings: Settings) -> str:
    """The address of this server as the one who asks can reach it, without a slash at its end."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    scheme = connection.scope["scheme"]
    host = connection.headers.get("host", "")
    named = [name for name in names_in(settings.allowed_hosts) if name != "*"]
    if named and _HOST.fullmatch(host) and is_allowed_host(host, named):
        return f"{scheme}://{host}"
    address, port = connection.scope.get("server") or (settings.host, settings.port)
    place = f"[{address}]" if ":" in address else address
    return f"{scheme}://{place}" if port == _USUAL_PORTS[scheme] else f"{scheme}://{place}:{port}"


@dataclass(frozen=True)
class Addresses:
    """The addresses under one token. `base` is the server's, as `base_of` tells it."""

    base: str
    token: str

    @cached_property
    def root(self) -> str:
        return f"{self.base}/feeds/{self.token}"

    @property
    def library(self) -> str:
        return f"{self.root}/library.xml"

    @property
    def podcasts(self) -> str:
        """What the user has had made."""
        return f"{self.root}/podcasts.xml"

    def podcast_file(self, key: str, name: str) -> str:
        return f"{self.root}/podcasts/{key}/{name}"

    @property
    def opml(self) -> str:
        return f"{self.root}/opml.xml"

    def link(self, link_id: int | str) -> str:
        return f"{self.root}/links/{link_id}.xml"

    def collection(self, collection_id: int | str) -> str:
        return f"{self.root}/collections/{collection_id}.xml"

    @property
    def search(self) -> str:
        """Without its question."""
        return f"{self.root}/search.xml"

    def link_picture(self, link_id: int) -> str:
        return f"{self.root}/links/{link_id}/picture"

    def file(self, item_id: int, name: str) -> str:
        return f"{self.root}/files/{item_id}/{name}"


def with_question(address: str, fields: dict[str, str | int]) -> str:
    """The address with a query string, if there is anything to ask."""
    return f"{address}?{urlencode(fields)}" if fields else address


def media_name(title: str, ending: str) -> str:
    """What a main file is called in its address: words of the title, which only people read, and its ending. In ASCII:
    old players and scripts trip over anything else, and what it is saved as is said with the file."""
    words = _UNWANTED.sub("-", title[:MAX_NAME]).strip("-") or "media"
    return f"{words}{ending}"
