"""Receiving a dump: piece by piece into a file, refused with the first piece that cannot belong to one."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool

from magpie.admin.database.format import TITLE, DumpRefused, check_beginning
from magpie.kit.errors import RuleBroken, TooLarge

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MEGABYTE = 10**6
AROUND = 64 * 1024  # bytes of a request around its file
FIELD = b"file"


def _refusal(message: str, code: str = "value_error") -> RuleBroken:
    return RuleBroken(message, "body", "file", code=code)


class _Receiver:
    """What the parser tells, and the file that comes of it."""

    def __init__(self, path: Path, limit: int) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self.file = os.fdopen(descriptor, "wb")
        self.name: str | None = None
        self._limit = limit
        self._size = 0
        self._beginning = b""
        self._field = self._value = b""
        self._disposition = b""
        self._taking = False

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._part_begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._part_data,
        }

    def _part_begin(self) -> None:
        self._field = self._value = self._disposition = b""
        self._taking = False

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._disposition = self._value
        self._field = self._value = b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        if options.get(b"name") != FIELD:
            return
        if self.name is not None:
            raise _refusal("One file at a time.")
        self.name = options.get(b"filename", b"").decode("utf-8", "replace")
        if not self.name.lower().endswith(".sql"):
            raise _refusal("Only .sql files are accepted.")
        self._taking = True

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if not self._taking:
            return
        self._size += end - start
        if self._size > self._limit:
            raise TooLarge(f"The file is larger than {self._limit // MEGABYTE} MB (MAGPIE_IMPORT_MAX_MB)")
        if len(self._beginning) < len(TITLE):
            self._beginning += data[start : min(end, start + len(TITLE))]
            check_beginning(self._beginning)
        self.file.write(data[start:end])


async def receive(request: Request, folder: Path, limit: int) -> tuple[Path, str]:
    """The multipart field `file` as a file in `folder`, and what its sender called it; `limit` in bytes.

    Raises `RuleBroken` or `TooLarge`, and leaves nothing behind then.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise _refusal("Send the file as multipart/form-data, in the field `file`.", "missing")
    path = folder / f".incoming-{uuid.uuid4().hex}"
    receiver = _Receiver(path, limit)
    try:
        with receiver.file:
            parser = MultipartParser(boundary, receiver.callbacks())
            async for piece in request.stream():
                await run_in_threadpool(parser.write, piece)
            parser.finalize()
        if receiver.name is None or path.stat().st_size == 0:
            raise _refusal("There is no file in the field `file`.", "missing")
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, FormParserError):
            raise _refusal("This is not multipart/form-data.") from None
        if isinstance(error, DumpRefused):
            raise _refusal(str(error)) from None
        raise
    return path, receiver.name
