"""Saves the pictures of an HTML page. Unlike gallery-dl's generic extractor it keeps the port of an address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from magpie.downloads.extractors import sniff, web
from magpie.downloads.extractors.direct.extractor import source_id
from magpie.downloads.extractors.html import Page, read_html
from magpie.downloads.extractors.listing import Listing, ListOrder, ListSession
from magpie.downloads.extractors.page_cache import kept_page
from magpie.downloads.extractors.port import (
    Claim,
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
from magpie.downloads.extractors.webimages.pages import read_web_page
from magpie.downloads.failures import DownloadFailure, Reason

MAX_IMAGE_BYTES = 256 << 20
SMALLEST_BYTES = 200  # below: a tracking pixel
MAX_PAGES = 100


class WebImages:
    """The last resort in the chain, for pages with pictures and nothing that plays."""

    name = "webimages"

    def claims(self, url: str) -> Claim:
        return Claim.MAYBE

    def preload(self) -> None:
        web.tls_context()

    def version(self) -> str:
        return httpx.__version__

    def list_entries(self, order: ListOrder, session: ListSession) -> Listing:
        from magpie.downloads.extractors.webimages import (
            lister,
        )  # it needs yt-dlp's names, once there are jobs

        return lister.list_entries(order, session)

    def extract(self, request: Request, session: Session) -> Saved:
        if request.profile.kind == "audio":
            raise NotMine
        with web.open_client(request.proxy, request.cookies) as client:
            url, text = kept_page(request.workdir) or read_web_page(client, request.url)
            page = read_html(text, url)
            images = _with_further_pages(client, page, url, request.list_limit)
            if not images:
                raise DownloadFailure(Reason.NO_MEDIA)
            medium = _medium(request, page, len(images))
            session.found(medium)
            session.stage(Stage.DOWNLOADING)
            gallery = _Gallery(client, request, session, url)
            files = gallery.fetch(images)
        if not files:
            raise DownloadFailure(Reason.NO_MEDIA)
        if gallery.missing:
            medium = replace(medium, extra={**medium.extra, "missing_images": gallery.missing})
        return Saved(medium, tuple(files))


def _with_further_pages(client: httpx.Client, page: Page, url: str, limit: int) -> list[str]:
    """The pictures of the page and of those that it names as its next ones, on the same host."""
    images = list(page.images) or ([page.og_image] if page.og_image else [])
    seen, host = {url}, urlsplit(url).netloc
    while page.next_page and len(images) < limit and len(seen) < MAX_PAGES:
        if page.next_page in seen or urlsplit(page.next_page).netloc != host:
            break
        seen.add(page.next_page)
        try:
            address, text = read_web_page(client, page.next_page)
        except NotMine:
            break
        page = read_html(text, address)
        images += [image for image in page.images if image not in images]
    return images[:limit]


def _medium(request: Request, page: Page, count: int) -> Medium:
    return Medium(
        extractor="webimages",
        source_id=source_id(request.url),
        kind=Kind.GALLERY if count > 1 else Kind.IMAGE,
        title=page.title or urlsplit(request.url).hostname or "gallery",
        url=request.url,
        artist=page.author,
        description=page.description,
        extra={"images": count},
    )


class _Gallery:
    """Fetches pictures one after another.

    Pictures that are gone from the site are left out and counted in `missing`. Any other fault ends the attempt:
    the next one goes on after the last complete picture, and no gallery silently lacks one.
    """

    def __init__(self, client: httpx.Client, request: Request, session: Session, page_url: str) -> None:
        self._client = client
        self._request = request
        self._session = session
        self._headers = {"Referer": page_url, "Accept": "image/avif,image/webp,image/*;q=0.9,*/*;q=0.5"}
        self._bytes = 0
        self.missing = 0
        # By what stands for their addresses: the page may show others before them by now.
        found = request.workdir.glob("image-*.*")
        self._held = {path.stem.rpartition("-")[2]: path for path in found if path.suffix != ".part"}

    def fetch(self, addresses: list[str]) -> list[SavedFile]:
        files: list[SavedFile] = []
        gone: DownloadFailure | None = None
        for number, address in enumerate(addresses, 1):
            try:
                file = self._fetch_one(number, address)
            except DownloadFailure as failure:
                if failure.reason not in (Reason.NOT_FOUND, Reason.REMOVED):
                    raise
                self.missing += 1
                gone = failure
                continue
            if file is not None:
                files.append(file)
        if gone is not None and not files:
            raise gone
        return files

    def _fetch_one(self, number: int, address: str) -> SavedFile | None:
        """One picture; None if it is none worth keeping. One that an earlier attempt completed is kept."""
        digest = sha256(address.encode(errors="replace")).hexdigest()[:16]
        held = self._held.get(digest)
        if held is not None:
            content = sniff.content_of_extension(held.suffix[1:])
            if content is not None:
                self._report(held.stat().st_size)
                return SavedFile(held.name, Role.IMAGE, held.stat().st_size, content.mime)
        part = self._request.workdir / f"image-{number:04}-{digest}.part"
        with web.get(self._client, address, self._headers) as response:
            chunks = response.iter_raw(65536)
            head = next(chunks, b"")
            declared = response.headers.get("Content-Type", "")
            content = sniff.content_of(head[: sniff.SNIFF_BYTES], declared, str(response.url))
            if content is None or content.kind is not Kind.IMAGE:
                return None
            size = self._write(part, head, chunks)
            length = response.headers.get("Content-Length", "")
        if length.isdigit() and int(length) != size:
            part.unlink()
            raise DownloadFailure(Reason.TRUNCATED, f"{size} of {length} bytes")
        if size < SMALLEST_BYTES:
            part.unlink()
            return None
        file = part.with_suffix(f".{content.extension}")
        part.replace(file)
        return SavedFile(file.name, Role.IMAGE, size, content.mime)

    def _write(self, part: Path, head: bytes, chunks: Iterator[bytes]) -> int:
        size = 0
        chunk: bytes | None = head
        with part.open("wb", buffering=0) as out:
            while chunk:
                out.write(chunk)
                size += len(chunk)
                self._report(len(chunk))
                if size > MAX_IMAGE_BYTES:
                    raise DownloadFailure(Reason.TOO_LARGE)
                chunk = next(chunks, None)
        return size

    def _report(self, more: int) -> None:
        self._bytes += more
        if self._request.max_bytes is not None and self._bytes > self._request.max_bytes:
            raise DownloadFailure(Reason.TOO_LARGE, f"more than {self._request.max_bytes} bytes")
        self._session.progress(self._bytes)
