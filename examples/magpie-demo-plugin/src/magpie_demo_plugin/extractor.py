"""The downloader: from an address of the demo site to a file in the work folder.

It runs in a process of its own that Magpie forks for each download, may kill at any moment, and limits in
memory. It reaches the network only through `request.proxy`, the egress guard: use `web.open_client`, which
is set up for it. The site speaks JSON:

    GET /demo-site/{id}.json  →  {"title": …, "artist": …, "file": address}   one sound
                              →  {"title": …, "entries": [address, …]}        a list of them
                              →  {"private": true}                            not for everybody
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from magpie.downloads.extractors import web
from magpie.downloads.extractors.direct.transfer import Answer, Transfer
from magpie.downloads.extractors.port import (
    Claim,
    Entry,
    IsAList,
    Kind,
    Medium,
    NotMine,
    Request,
    Role,
    Saved,
    SavedFile,
    Session,
    Stage,
)
from magpie.downloads.failures import DownloadFailure, Reason

SITE = "magpie-demo"
# The demo site is a little server on your own machine. A real plug-in names its site's hosts: ("example.org",)
# stands for `example.org` and everything below it.
HOSTS = ("localhost", "127.0.0.1")
MAX_LISTING_BYTES = 1 << 20

_PATH = re.compile(r"/demo-site/([A-Za-z0-9-]{1,40})(?:\.json)?")


class DemoExtractor:
    """Saves sounds from the demo site."""

    # Part of what identifies a stored medium, with `Medium.source_id`: never change it later.
    name = "magpie-demo"

    def claims(self, url: str) -> Claim:
        """Judge the address alone: no network here, this is asked for every address that anybody pastes.

        `YES` says that the site is known; the surest claim is asked first, and among equals a plug-in before
        what ships with Magpie.
        """
        return Claim.YES if _id_of(url) else Claim.NO

    def preload(self) -> None:
        """Import and build what every job needs; it happens once, before the jobs are forked.

        An extractor whose `preload` raises is left out and reported, nothing else suffers.
        """
        web.tls_context()

    def version(self) -> str:
        """Shown on the health page."""
        return "1.0"

    def kind_of_address(self, url: str) -> str:
        """Optional: what the box says of a pasted address: `page`, `file`, `gallery` or `list`."""
        return "page"

    def extract(self, request: Request, session: Session) -> Saved:
        """Fetch one medium into `request.workdir`, telling the worker how it goes."""
        with web.open_client(request.proxy, request.cookies) as client:
            medium, file = _look_up(client, request)
            # The worker may know already that it holds this medium, or that there is no room for it: then this
            # raises `Declined`, which is left to pass.
            session.found(medium)
            session.stage(Stage.DOWNLOADING)
            return Saved(medium, (_fetch(client, file, request, session),))


def _id_of(url: str) -> str | None:
    parts = urlsplit(url)
    found = _PATH.fullmatch(parts.path) if parts.hostname in HOSTS else None
    return found[1] if found else None


def _look_up(client: httpx.Client, request: Request) -> tuple[Medium, str]:
    """What the site says of the address: the medium, and where its file is."""
    source_id = _id_of(request.url)
    if source_id is None:
        raise NotMine  # the next extractor is asked
    listing = _listing(client, urljoin(request.url, f"/demo-site/{source_id}.json"))
    if listing.get("private"):
        # A typed reason decides whether Magpie tries again, and which sentence people read.
        raise DownloadFailure(Reason.PRIVATE)
    if isinstance(entries := listing.get("entries"), list):
        # Each entry becomes a download of its own.
        found = [Entry(urljoin(request.url, entry)) for entry in entries if isinstance(entry, str)]
        raise IsAList(found[: request.list_limit], _text(listing.get("title")))
    title, file = _text(listing.get("title")), _text(listing.get("file"))
    if title is None or file is None:
        raise DownloadFailure(Reason.TOOL_TOO_OLD, "the listing has no title or no file")
    medium = Medium(
        extractor=DemoExtractor.name,
        source_id=source_id,
        kind=Kind.AUDIO,
        title=title,
        artist=_text(listing.get("artist")),
        url=request.url,
    )
    return medium, urljoin(request.url, file)


def _listing(client: httpx.Client, url: str) -> dict[str, Any]:
    """What a site sends is anybody's input: bounded, and checked before it is used."""
    data = b""
    # Errors of the site and of the network leave `web.get` typed: a 404 as NOT_FOUND, a 429 as RATE_LIMITED.
    with web.get(client, url) as response:
        for chunk in response.iter_raw(1 << 14):
            data += chunk
            if len(data) > MAX_LISTING_BYTES:
                raise DownloadFailure(Reason.SITE_ERROR, "the listing has no end")
    try:
        listing = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DownloadFailure(Reason.TOOL_TOO_OLD, "the listing is not JSON") from error
    if not isinstance(listing, dict):
        raise DownloadFailure(Reason.TOOL_TOO_OLD, "the listing is not an object")
    return listing


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _fetch(client: httpx.Client, url: str, request: Request, session: Session) -> SavedFile:
    """Fetch the file; `Transfer` reports progress and continues where an earlier attempt was cut off.

    The name in the work folder says nothing to people: Magpie names the file in the library by the medium.
    What comes back is proved to be playable before it is filed.
    """
    part = request.workdir / "demo.part"
    Transfer(client, url, part, session, _on_answer, request.max_bytes).run()
    file = part.replace(request.workdir / "demo.wav")
    return SavedFile(file.name, Role.MEDIA, file.stat().st_size, "audio/wav")


def _on_answer(answer: Answer, _response: httpx.Response, _rest: Iterator[bytes]) -> None:
    """Sees the file's first bytes before they are kept; raising here ends the transfer."""
    if not answer.head.startswith(b"RIFF"):
        raise DownloadFailure(Reason.BROKEN_MEDIA, "not a WAV file")
