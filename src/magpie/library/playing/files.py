"""A file as an HTTP answer: whole or in ranges, conditional, straight from the kernel where the server can."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable, Coroutine, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

import anyio
import structlog
from anyio import to_thread
from fastapi import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from magpie.kit.errors import AppError, NotFound
from magpie.kit.sendfile import EXTENSION, FileEnded
from magpie.library.playing.conditions import Validators, judge, range_holds
from magpie.library.playing.disposition import headers_for
from magpie.library.playing.ranges import Slice, Unsatisfiable, slices

log = structlog.get_logger(__name__)

ASK_AGAIN = "private, no-cache"
CHUNK = 256 * 1024
READERS = 8

Part = bytes | Slice
_SendSlice = Callable[[int, int, int], Coroutine[Any, Any, None]]


class PreconditionFailed(AppError):
    """The file is not the one that `If-Match` or `If-Unmodified-Since` means (412)."""

    status: ClassVar[int] = 412
    default: ClassVar[str] = "The file has changed"


class RangeNotSatisfiable(AppError):
    """Nothing of the range that was asked for is in the file (416); `Content-Range` says how long it is."""

    status: ClassVar[int] = 416
    default: ClassVar[str] = "The file has no such range"


def answer(
    request: Request,
    path: Path,
    *,
    name: str,
    mime: str,
    download: bool = False,
    cache: str = ASK_AGAIN,
) -> Response:
    """What a GET or HEAD of the file is answered with. To be called in a thread, and with no database session needed after.

    `name` is what the client may save it as, and may hold anything; `mime` the recorded type, which only harmless files
    keep; `download` hands it over even if it could be shown; `cache` is the value of `Cache-Control`.

    Raises `NotFound` if there is no regular file, `PreconditionFailed`, `RangeNotSatisfiable`.
    """
    file = _open(path)
    try:
        facts = os.fstat(file.fileno())
        present = validators(facts)
        headers = {
            "Accept-Ranges": "bytes",
            "ETag": present.etag,
            "Last-Modified": present.last_modified,
            "Cache-Control": cache,
        }
        verdict = judge(request.headers, present)
        if verdict == 412:
            raise PreconditionFailed
        if verdict == 304:
            file.close()
            return Response(status_code=304, headers=headers)
        headers |= headers_for(name, mime, download=download)
        if request.method == "HEAD":
            file.close()
            return Response(headers=headers | {"Content-Length": str(facts.st_size)})
        asked = request.headers.get("range") if range_holds(request.headers, present) else None
        return _content(file, facts.st_size, asked, headers)
    except BaseException:
        file.close()
        raise


def answer_made(
    request: Request, path: Path, make: Callable[[bytes], bytes], *, name: str, mime: str, most: int
) -> Response:
    """What a GET or HEAD is answered with of which the content is made of a small file: of at most `most` bytes. As
    `answer`, but whole. `make` gives the same for the same file.

    Raises `NotFound` if there is no regular file, or a larger one, and `PreconditionFailed`.
    """
    with _open(path) as file:
        present = validators(os.fstat(file.fileno()))
        headers = {
            "ETag": present.etag,
            "Last-Modified": present.last_modified,
            "Cache-Control": ASK_AGAIN,
        }
        verdict = judge(request.headers, present)
        if verdict == 412:
            raise PreconditionFailed
        if verdict == 304:
            return Response(status_code=304, headers=headers)
        content = _read(file, most)
    return Response(make(content), headers=headers | headers_for(name, mime, download=False))


def _read(file: BinaryIO, most: int) -> bytes:
    """All of it. Raises `NotFound` if that is more."""
    parts, size = [], 0
    while chunk := file.read(CHUNK):
        size += len(chunk)
        if size > most:
            raise NotFound("The file is too large to be read as that")
        parts.append(chunk)
    return b"".join(parts)


def validators(facts: os.stat_result) -> Validators:
    """The state of a file, as its size, its inode and its time to the nanosecond tell it."""
    state = f"{facts.st_ino}-{facts.st_size}-{facts.st_mtime_ns}".encode()
    return Validators(f'"{blake2b(state, digest_size=12).hexdigest()}"', int(facts.st_mtime))


def _open(path: Path) -> BinaryIO:
    """Open without waiting, whatever it is: a pipe in a file's place would wait for its other end for ever."""
    try:
        file = open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb", buffering=0)  # noqa: PTH123, SIM115
    except OSError as error:
        raise NotFound("The file is no longer on the disk") from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise NotFound("The file is no longer on the disk")
    return file


def _content(file: BinaryIO, size: int, asked: str | None, headers: dict[str, str]) -> Response:
    try:
        held = slices(asked, size)
    except Unsatisfiable:
        raise RangeNotSatisfiable(headers={"Content-Range": f"bytes */{size}"}) from None
    if held is None:
        whole = [Slice(0, size)] if size else []
        return FileAnswer(file, whole, 200, headers)
    if len(held) == 1:
        return FileAnswer(file, held, 206, headers | {"Content-Range": _range_of(held[0], size)})
    boundary = secrets.token_hex(16)
    parts = list(_multipart(held, size, boundary, headers["Content-Type"]))
    return FileAnswer(
        file, parts, 206, headers | {"Content-Type": f"multipart/byteranges; boundary={boundary}"}
    )


def _range_of(held: Slice, size: int) -> str:
    return f"bytes {held.start}-{held.last}/{size}"


def _multipart(held: Sequence[Slice], size: int, boundary: str, mime: str) -> list[Part]:
    """Several ranges as one body (RFC 9110, 14.6)."""
    parts: list[Part] = []
    for one in held:
        head = f"\r\n--{boundary}\r\nContent-Type: {mime}\r\nContent-Range: {_range_of(one, size)}\r\n\r\n"
        parts += [head.encode(), one]
    return [*parts, f"\r\n--{boundary}--\r\n".encode()]


class FileAnswer(Response):
    """Bytes and slices of one open file, which is closed in the end, whatever happens."""

    def __init__(self, file: BinaryIO, parts: Sequence[Part], status: int, headers: dict[str, str]) -> None:
        length = sum(part.count if isinstance(part, Slice) else len(part) for part in parts)
        super().__init__(status_code=status, headers=headers | {"Content-Length": str(length)})
        self._file = file
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._file:
            await self._send(scope, send)
        if self.background is not None:
            await self.background()

    async def _send(self, scope: Scope, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        send_slice = scope.get("extensions", {}).get(EXTENSION) or self._copier(send)
        try:
            for part in self._parts:
                if isinstance(part, Slice):
                    await send_slice(self._file.fileno(), part.start, part.count)
                else:
                    await send({"type": "http.response.body", "body": part, "more_body": True})
        except OSError as error:  # the head has promised more: all that is left is to hang up
            log.warning("file_not_sent_whole", error=str(error))
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _copier(self, send: Send) -> _SendSlice:
        """For servers that send nothing but bytes: read in a thread, a chunk at a time, as fast as the client takes it."""

        async def copy(file: int, offset: int, count: int) -> None:
            while count:
                chunk = await to_thread.run_sync(
                    os.pread, file, min(count, CHUNK), offset, limiter=_limiter()
                )
                if not chunk:
                    raise FileEnded("the file has become shorter while it was sent")
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                offset, count = offset + len(chunk), count - len(chunk)

        return copy


_limiters: anyio.lowlevel.RunVar[anyio.CapacityLimiter] = anyio.lowlevel.RunVar("file readers")


def _limiter() -> anyio.CapacityLimiter:
    """Readers of files have threads of their own: none that a request waits for."""
    try:
        return _limiters.get()
    except LookupError:
        limiter = anyio.CapacityLimiter(READERS)
        _limiters.set(limiter)
        return limiter
