"""Answers with bytes as a good file server gives them: Range, ETag, Last-Modified, 304, 416 and HEAD (RFC 9110)."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Iterator, Mapping
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from typing import Protocol

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

CHUNK = 64 * 1024
# 2026-01-02 03:04:05 UTC: made-up files all carry one fixed date, so that answers are the same in every run.
EPOCH = 1767323045.0
_TYPES: Mapping[str, str] = {
    "m3u8": "application/vnd.apple.mpegurl",
    "mpd": "application/dash+xml",
    "m4s": "video/iso.segment",
    "ts": "video/mp2t",
    "m4a": "audio/mp4",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "webp": "image/webp",
    "webm": "video/webm",
    "vtt": "text/vtt",
}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def media_type(name: str) -> str:
    """The Content-Type that belongs to a file name's ending."""
    ending = name.rsplit(".", 1)[-1].lower()
    return _TYPES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"


class Content(Protocol):
    """Bytes of known length that can be read anywhere."""

    @property
    def size(self) -> int:
        """Length in bytes."""

    @property
    def etag(self) -> str:
        """A strong validator, in quotes."""

    def read(self, start: int, length: int) -> bytes:
        """At most `length` bytes from `start`."""


class BytesContent:
    """Content held in memory."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = len(data)
        self.etag = f'"{hashlib.blake2b(data, digest_size=10).hexdigest()}"'

    def read(self, start: int, length: int) -> bytes:
        """At most `length` bytes from `start`."""
        return self.data[start : start + length]


def file_content(path: Path) -> BytesContent:
    """A (small) file's content."""
    return BytesContent(path.read_bytes())


class ContentResponse(Response):
    """One content, whole or the one range that was asked for; several ranges are answered with the whole."""

    def __init__(
        self,
        content: Content,
        content_type: str,
        *,
        headers: Mapping[str, str] | None = None,
        modified: float = EPOCH,
    ) -> None:
        super().__init__(headers={"content-type": content_type, **(headers or {})})
        self.content = content
        self.modified = modified
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the answer."""
        asked = {name: value.decode("latin-1") for name, value in scope["headers"]}
        self.headers["accept-ranges"] = "bytes"
        self.headers["etag"] = self.content.etag
        self.headers["last-modified"] = formatdate(self.modified, usegmt=True)
        start, end = 0, self.content.size
        if self._unchanged(asked):
            self.status_code = 304
            end = 0
        elif b"range" in asked and self._range_is_valid(asked):
            start, end = self._select(asked[b"range"])
        if self.status_code != 304:
            self.headers["content-length"] = str(end - start)
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if scope["method"] != "HEAD":
            for piece in self._pieces(start, end):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def _pieces(self, start: int, end: int) -> Iterator[bytes]:
        for position in range(start, end, CHUNK):
            yield self.content.read(position, min(CHUNK, end - position))

    def _unchanged(self, asked: Mapping[bytes, str]) -> bool:
        if b"if-none-match" in asked:
            tags = [tag.strip().removeprefix("W/") for tag in asked[b"if-none-match"].split(",")]
            return "*" in tags or self.content.etag in tags
        since = asked.get(b"if-modified-since")
        return since is not None and self._not_newer(since)

    def _not_newer(self, date: str) -> bool:
        try:
            return int(self.modified) <= parsedate_to_datetime(date).timestamp()
        except ValueError:
            return False

    def _range_is_valid(self, asked: Mapping[bytes, str]) -> bool:
        """If-Range: a range of an older version must be answered with the whole new one."""
        condition = asked.get(b"if-range")
        return condition in (None, self.content.etag, formatdate(self.modified, usegmt=True))

    def _select(self, header: str) -> tuple[int, int]:
        """Start and end of the part to send; sets status and Content-Range."""
        size = self.content.size
        match = _RANGE.fullmatch(header.replace(" ", ""))
        if match is None or match.groups() == ("", ""):
            return 0, size
        first, last = match.groups()
        start = int(first) if first else max(0, size - int(last))
        end = min(size, int(last) + 1) if first and last else size
        if start >= end:
            self.status_code = 416
            self.headers["content-range"] = f"bytes */{size}"
            return 0, 0
        self.status_code = 206
        self.headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
        return start, end
