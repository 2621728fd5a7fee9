"""The extractor for plain files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import httpx

from magpie.downloads.extractors import sniff, web
from magpie.downloads.extractors.direct.transfer import Answer, Transfer
from magpie.downloads.extractors.page_cache import keep_page
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
from magpie.downloads.extractors.titles import clean_text
from magpie.downloads.failures import DownloadFailure, Reason

_FILENAME_EXTENDED = re.compile(r"filename\*\s*=\s*([\w-]+)'[^']*'([^;\s]+)", re.IGNORECASE)
_FILENAME = re.compile(r"filename\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;\s]+))", re.IGNORECASE)


class Direct:
    """Saves what an address hands out, if it is media or a file offered for download."""

    name = "direct"

    def claims(self, url: str) -> Claim:
        return Claim.LIKELY if sniff.url_extension(url) in sniff.MIME_OF_EXTENSION else Claim.MAYBE

    def kind_of_address(self, url: str) -> str:
        return "file"

    def preload(self) -> None:
        web.tls_context()
        web.open_client("http://127.0.0.1:9").close()

    def version(self) -> str:
        return httpx.__version__

    def extract(self, request: Request, session: Session) -> Saved:
        job = _DirectJob(request, session)
        return job.run()


class _DirectJob:
    def __init__(self, request: Request, session: Session) -> None:
        self._request = request
        self._session = session
        self._medium: Medium | None = None
        self._content: sniff.Content | None = None

    def run(self) -> Saved:
        part = self._request.workdir / "direct.part"
        with web.open_client(self._request.proxy, self._request.cookies) as client:
            Transfer(
                client, self._request.url, part, self._session, self._on_answer, self._request.max_bytes
            ).run()
        if self._medium is None or self._content is None:  # the site said nothing at all
            raise DownloadFailure(Reason.TRUNCATED, "the file is empty")
        file = self._request.workdir / f"media.{self._content.extension}"
        part.replace(file)
        size = file.stat().st_size
        if size == 0:
            raise DownloadFailure(Reason.TRUNCATED, "the file is empty")
        role = Role.IMAGE if self._content.kind is Kind.IMAGE else Role.MEDIA
        return Saved(self._medium, (SavedFile(file.name, role, size, self._content.mime),))

    def _on_answer(self, answer: Answer, response: httpx.Response, rest: Iterator[bytes]) -> None:
        disposition = answer.headers.get("Content-Disposition", "")
        attachment = disposition.strip().lower().startswith("attachment")
        content = sniff.content_of(
            answer.head, answer.headers.get("Content-Type", ""), answer.url, attachment
        )
        if content is None:
            if sniff.looks_like_page(answer.head) or "html" in answer.headers.get("Content-Type", "").lower():
                keep_page(self._request.workdir, answer.url, web.read_page(response, answer.head, rest))
            raise NotMine
        self._content = content
        self._medium = _medium(self._request, answer, content, disposition)
        self._session.found(self._medium)
        self._session.stage(Stage.DOWNLOADING)


def _medium(request: Request, answer: Answer, content: sniff.Content, disposition: str) -> Medium:
    name = filename_of(disposition) or PurePosixPath(unquote(urlsplit(answer.url).path)).name
    stem = PurePosixPath(name).stem if sniff.content_of_extension(PurePosixPath(name).suffix[1:]) else name
    return Medium(
        extractor="direct",
        source_id=source_id(request.url),
        kind=content.kind,
        title=clean_text(stem.replace("_", " ")) or urlsplit(answer.url).hostname or "file",
        url=request.url,
        published_at=_date(answer.headers.get("Last-Modified")),
        estimated_bytes=answer.total,
        extra={"title_from": "name"},
    )


def source_id(url: str) -> str:
    """A short stable id of an address; its fragment does not count."""
    return hashlib.sha256(url.partition("#")[0].encode()).hexdigest()[:20]


def filename_of(disposition: str) -> str | None:
    """The file name in a Content-Disposition header (RFC 6266), base name only."""
    name = ""
    if found := _FILENAME_EXTENDED.search(disposition):
        try:
            name = unquote(found[2], encoding=found[1], errors="replace")
        except LookupError:
            name = ""
    if not name and (found := _FILENAME.search(disposition)):
        name = re.sub(r"\\(.)", r"\1", found[1]) if found[1] is not None else found[2]
        name = unquote(_as_utf8(name))
    return PurePosixPath(name.replace("\\", "/")).name or None


def _as_utf8(text: str) -> str:
    """Header bytes arrive as Latin-1; most servers mean UTF-8."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _date(header: str | None) -> str | None:
    if not header:
        return None
    try:
        return parsedate_to_datetime(header).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return None
