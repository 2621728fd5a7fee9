"""One file over HTTP into a `.part` file: resumed where the server allows, complete or a typed failure."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from magpie.downloads.extractors import sniff, web
from magpie.downloads.extractors.faults import failure_of_os_error
from magpie.downloads.extractors.port import Session
from magpie.downloads.failures import DownloadFailure, Reason

RETRY_PAUSES = (0.3, 1.0, 3.0)
CHUNK = 1 << 16
_AGAIN = frozenset({Reason.NETWORK, Reason.TRUNCATED, Reason.TIMED_OUT, Reason.SITE_ERROR})
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(slots=True)
class Progress:
    """What lies beside a `.part` file: enough to continue it safely."""

    url: str
    validator: str | None  # a strong ETag, or Last-Modified
    total: int | None


@dataclass(slots=True)
class Answer:
    """What the site said of the file, with its first bytes."""

    url: str  # after redirects
    headers: httpx.Headers
    head: bytes
    total: int | None


OnAnswer = Callable[[Answer, httpx.Response, Iterator[bytes]], None]


class Transfer:
    """Fetches `url` into `part`. `on_answer` sees the first bytes once, and may raise to give up.

    `max_bytes` bounds the whole file. Faults of the connection are retried a few times on the spot, which is
    cheaper than another attempt of the job. What is noted of the file stays beside it, for `take_back`.
    """

    def __init__(
        self,
        client: httpx.Client,
        url: str,
        part: Path,
        session: Session,
        on_answer: OnAnswer,
        max_bytes: int | None = None,
    ) -> None:
        self._client = client
        self._url = url
        self._part = part
        self._notes = part.with_name(part.name + ".json")
        self._session = session
        self._on_answer = on_answer
        self._answered = False
        self._max_bytes = max_bytes
        self._started = time.monotonic()
        self._fetched = 0

    def run(self) -> None:
        """Bring the whole file. Raises `DownloadFailure`, or whatever `on_answer` raises."""
        for pause in (*RETRY_PAUSES, None):
            before = self._fetched
            try:
                self._attempt()
                return
            except DownloadFailure as failure:
                if pause is None or failure.reason not in _AGAIN or failure.retry_after:
                    raise
            except OSError as error:
                raise failure_of_os_error(error) from error
            time.sleep(pause if self._fetched == before else RETRY_PAUSES[0])

    def _attempt(self) -> None:
        offset, validator = self._resumable()
        headers = {"Range": f"bytes={offset}-", "If-Range": validator} if offset and validator else {}
        with web.get(self._client, self._url, headers) as response:
            start = self._start_of(response, offset)
            if start is None:
                return
            self._receive(response, start)

    def _resumable(self) -> tuple[int, str | None]:
        try:
            notes = Progress(**json.loads(self._notes.read_text()))
            size = self._part.stat().st_size
        except (OSError, ValueError, TypeError):
            return 0, None
        if notes.url != self._url or notes.validator is None:
            return 0, None
        # Of a file that is whole the last byte is asked for again: the site says of what kind it is.
        return size - 1 if size and size == notes.total else size, notes.validator

    def take_back(self, files: list[Path]) -> None:
        """Go on with what an earlier attempt had fetched whole: it ended while the file, which is one of these, was
        made ready. One that was changed meanwhile has another size, and is fetched anew."""
        with suppress(OSError, ValueError, TypeError):
            total = Progress(**json.loads(self._notes.read_text())).total
            whole = [file for file in files if file.stat().st_size == total]
            if whole and not self._part.exists():
                whole[0].replace(self._part)

    def _start_of(self, response: httpx.Response, offset: int) -> int | None:
        """Where the answer's bytes belong; None if the file is complete already."""
        if response.status_code == 206:
            found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
            if found is None or int(found[1]) != offset:
                self._discard()
                raise DownloadFailure(Reason.TRUNCATED, "the site sent another part than asked for")
            return offset
        if response.status_code == 416:
            total = response.headers.get("Content-Range", "").rpartition("/")[2]
            if offset and total == str(offset) and self._answered:
                return None
            self._discard()
            raise DownloadFailure(Reason.TRUNCATED, "the site does not continue the transfer")
        return 0

    def _discard(self) -> None:
        self._part.unlink(missing_ok=True)
        self._notes.unlink(missing_ok=True)

    def _receive(self, response: httpx.Response, start: int) -> None:
        total = _total(response, start)
        self._check_size(total or 0)
        chunks = response.iter_raw(CHUNK)
        head = self._first(chunks)
        if not self._answered:
            self._announce(response, chunks, head, start, total)
        self._write_notes(response, total)
        with self._part.open("r+b" if start else "wb", buffering=0) as out:
            out.seek(start)
            out.truncate()
            size = self._copy(out.write, head, chunks, start, total)
        if total is not None and size != total:
            raise DownloadFailure(Reason.TRUNCATED, f"{size} of {total} bytes")

    def _first(self, chunks: Iterator[bytes]) -> bytes:
        """Enough bytes to tell what they are."""
        head = b""
        for chunk in chunks:
            head += chunk
            if len(head) >= sniff.SNIFF_BYTES:
                break
        return head

    def _announce(
        self, response: httpx.Response, chunks: Iterator[bytes], head: bytes, start: int, total: int | None
    ) -> None:
        first = head
        if start:
            with self._part.open("rb") as part:
                first = part.read(sniff.SNIFF_BYTES)
        self._on_answer(Answer(str(response.url), response.headers, first, total), response, chunks)
        self._answered = True

    def _copy(
        self,
        write: Callable[[bytes], object],
        head: bytes,
        chunks: Iterator[bytes],
        size: int,
        total: int | None,
    ) -> int:
        """Write everything that comes; returns the file's size then."""
        chunk: bytes | None = head
        while chunk:
            write(chunk)
            size += len(chunk)
            self._fetched += len(chunk)
            self._check_size(size)
            self._report(size, total)
            chunk = next(chunks, None)
        return size

    def _check_size(self, size: int) -> None:
        if self._max_bytes is not None and size > self._max_bytes:
            raise DownloadFailure(Reason.TOO_LARGE, f"more than {self._max_bytes} bytes")

    def _report(self, size: int, total: int | None) -> None:
        seconds = time.monotonic() - self._started
        speed = self._fetched / seconds if seconds > 0 else None
        eta = (total - size) / speed if total is not None and speed else None
        self._session.progress(size, total, speed, eta)

    def _write_notes(self, response: httpx.Response, total: int | None) -> None:
        etag = response.headers.get("ETag", "")
        strong = etag if etag.startswith('"') else None
        notes = Progress(self._url, strong or response.headers.get("Last-Modified"), total)
        self._notes.write_text(json.dumps(asdict(notes)))


def _total(response: httpx.Response, start: int) -> int | None:
    """The whole file's size as the answer tells it."""
    if start:
        total = response.headers.get("Content-Range", "").rpartition("/")[2]
        return int(total) if total.isdigit() else None
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdigit() else None
