"""The extractor for plain files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import httpx

from magpie.downloads.extractors import sniff, web
from magpie.downloads.extractors.direct import lister
from magpie.downloads.extractors.direct.names import date_of, title_of
from magpie.downloads.extractors.direct.transfer import Answer, Transfer
from magpie.downloads.extractors.listing import Listing, ListOrder, ListSession
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
from magpie.downloads.failures import DownloadFailure, Reason


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

    def list_entries(self, order: ListOrder, session: ListSession) -> Listing:
        return lister.list_entries(order, session)


class _DirectJob:
    def __init__(self, request: Request, session: Session) -> None:
        self._request = request
        self._session = session
        self._medium: Medium | None = None
        self._content: sniff.Content | None = None

    def run(self) -> Saved:
        part = self._request.workdir / "direct.part"
        with web.open_client(self._request.proxy, self._request.cookies) as client:
            transfer = Transfer(
                client, self._request.url, part, self._session, self._on_answer, self._request.max_bytes
            )
            transfer.take_back(sorted(self._request.workdir.glob("media.*")))
            transfer.run()
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
    return Medium(
        extractor="direct",
        source_id=source_id(request.url),
        kind=content.kind,
        title=title_of(answer.url, disposition),
        url=request.url,
        published_at=date_of(answer.headers.get("Last-Modified")),
        estimated_bytes=answer.total,
        extra={"title_from": "name"},
    )


def source_id(url: str) -> str:
    """A short stable id of an address; its fragment does not count."""
    return hashlib.sha256(url.partition("#")[0].encode()).hexdigest()[:20]
