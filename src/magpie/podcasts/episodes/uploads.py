"""Receiving files: piece by piece onto the disk, as large as is allowed and no larger."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool

from magpie.kit.errors import Conflict, RuleBroken, TooLarge
from magpie.kit.filesystem import free_bytes
from magpie.podcasts.models import SourceKind

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MAX_REQUEST = 2 << 30  # bytes
MAX_FILE = 1 << 30
MAX_DOCUMENT = 200 << 20
MAX_FIELD = 1 << 20
MAX_FILES = 20
MAX_FIELDS = 20
MAX_HEADER = 8192
LOOK_BYTES = 16 << 20  # between two looks at how much room there is
NO_SPACE = "There is not enough free space"
HEARD = frozenset(
    {
        "mp3",
        "m4a",
        "m4b",
        "aac",
        "wav",
        "flac",
        "ogg",
        "oga",
        "opus",
        "webm",
        "mp4",
        "mkv",
        "mov",
        "avi",
        "wma",
    }
    | {"aiff", "aif", "amr", "3gp", "mpga", "mpeg"}
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came: where it is, in which field it was sent, and what its sender calls it."""

    path: Path
    field: str
    name: str

    @property
    def kind(self) -> SourceKind:
        """A recording, or a document, as its name says; what was sent as a recording is one."""
        is_heard = self.field == "audioFile" or Path(self.name).suffix.lower().lstrip(".") in HEARD
        return SourceKind.AUDIO if is_heard else SourceKind.FILE


@dataclass(slots=True)
class Form:
    """All that was sent."""

    fields: dict[str, str] = field(default_factory=dict)
    files: list[Upload] = field(default_factory=list)


class _Receiver:
    """What the parser tells, and the files that come of it."""

    def __init__(self, folder: Path, names: frozenset[str], reserve: int) -> None:
        self.form = Form()
        self._reserve = reserve
        self._unlooked = 0  # bytes written since the last look at the disk
        self._folder = folder
        self._names = names
        self._header = self._value = self._disposition = b""
        self._name = ""
        self._size = 0
        self._limit = MAX_FIELD
        self._text: bytearray | None = None
        self._file: BinaryIO | None = None

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._part_begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._part_data,
            "on_part_end": self._part_end,
        }

    def _part_begin(self) -> None:
        self._header = self._value = self._disposition = b""
        self._size = 0

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]
        self._bound()

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._bound()

    def _bound(self) -> None:
        if len(self._header) + len(self._value) > MAX_HEADER:
            raise RuleBroken("A header of a part is too long.", "body")

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        filename = options.get(b"filename")
        if filename is None:
            if len(self.form.fields) >= MAX_FIELDS:
                raise RuleBroken("There are too many fields.", "body")
            self._text, self._limit = bytearray(), MAX_FIELD
            return
        if self._name not in self._names:
            known = ", ".join(sorted(self._names))
            raise RuleBroken(f"Send files in the field {known}.", "body", self._name)
        if len(self.form.files) >= MAX_FILES:
            raise RuleBroken(f"At most {MAX_FILES} files at once.", "body", self._name)
        path = self._folder / f"file-{len(self.form.files)}"
        upload = Upload(path, self._name, filename.decode("utf-8", "replace"))
        self._limit = MAX_FILE if upload.kind is SourceKind.AUDIO else MAX_DOCUMENT
        self.form.files.append(upload)
        self._require_room()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._size > self._limit:
            raise TooLarge(f"`{self._name}` is larger than {self._limit >> 20} MB")
        if self._file is not None:
            self._unlooked += end - start
            if self._unlooked >= LOOK_BYTES:
                self._require_room()
            self._file.write(data[start:end])
        elif self._text is not None:
            self._text += data[start:end]

    def _require_room(self) -> None:
        self._unlooked = 0
        if free_bytes(self._folder) - LOOK_BYTES < self._reserve:
            raise Conflict(NO_SPACE)

    def _part_end(self) -> None:
        if self._file is not None:
            self.close()
            if self._size == 0:
                raise RuleBroken("The file is empty.", "body", self._name)
        elif self._text is not None:
            self.form.fields[self._name] = self._text.decode("utf-8", "replace")
            self._text = None

    def close(self) -> None:
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None


async def receive(request: Request, folder: Path, *names: str, reserve: int = 0) -> Form:
    """The fields and files of a form; files only in the fields `names`, each into `folder`.

    Raises `RuleBroken`, `TooLarge`, and `Conflict` if less than `reserve` bytes would stay free on the disk.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise RuleBroken("Send the file as multipart/form-data.", "body", names[0], code="missing")
    receiver = _Receiver(folder, frozenset(names), reserve)
    try:
        parser = MultipartParser(boundary, receiver.callbacks())
        async for piece in request.stream():
            await run_in_threadpool(parser.write, piece)
        parser.finalize()
    except FormParserError:
        raise RuleBroken("This is not multipart/form-data.", "body", names[0]) from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Conflict(NO_SPACE) from None
    finally:
        await run_in_threadpool(receiver.close)
    return receiver.form
