"""A media folder with real media in it, and a scanner that looks at it."""

from __future__ import annotations

import math
import struct
import zlib
from array import array
from collections.abc import Callable
from pathlib import Path

import av
import mutagen
import pytest
from av.audio.stream import AudioStream
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from magpie.accounts.models import User
from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.kit.db import Database
from magpie.library.care.scan import Report, Scanner
from magpie.library.models import Item
from magpie.library.roots import BASE, Roots
from tests.accounts.conftest import _quick_hashes, app, client, configure, make_client  # noqa: F401
from tests.accounts.conftest import context as bare_context  # noqa: F401
from tests.links.conftest import ada, root  # noqa: F401

CODECS = {"mp3": "libmp3lame", "flac": "flac", "opus": "libopus", "m4a": "aac", "mka": "libopus"}


def write_sound(path: Path, **tags: str | list[str]) -> Path:
    """Half a second of a tone, tagged."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ending = path.suffix[1:]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(CODECS[ending], rate=48000)
        assert isinstance(stream, AudioStream)
        frame = av.AudioFrame(format="s16", layout="mono", samples=24000)
        frame.planes[0].update(array("h", [int(math.sin(n / 20) * 8000) for n in range(24000)]).tobytes())
        frame.sample_rate = 48000
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    if tags:
        file = mutagen.File(str(path), easy=True)
        if file.tags is None:
            file.add_tags()
        for name, value in tags.items():
            file[name] = value
        file.save()
    return path


def write_film(path: Path) -> Path:
    """A quarter of a second of picture, 64 by 48."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(6):
            frame = av.VideoFrame(64, 48, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([number * 40]) * plane.buffer_size)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def write_picture(path: Path, width: int = 8, height: int = 6, shade: int = 0) -> Path:
    """A PNG of one grey."""

    def chunk(name: bytes, content: bytes) -> bytes:
        sum_ = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", sum_)

    path.parent.mkdir(parents=True, exist_ok=True)
    rows = zlib.compress((b"\0" + bytes([shade]) * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = (b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    path.write_bytes(b"".join(parts))
    return path


class Shelf:
    """A media folder, its database, and a user."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.root = folder
        folder.mkdir(exist_ok=True)
        self.roots = Roots(folder.parent, folder, folder)
        with database.write() as session:
            user = User(username="ada", username_key="ada", password_hash="-", created_at=utcnow())
            session.add(user)
            session.flush()
            self.user_id = user.id

    def scan(self, *, adopt: bool = False, tell: Callable[[Report], None] = lambda _report: None) -> Report:
        user_id = self.user_id if adopt else None
        return Scanner(self.database, self.roots, user_id=user_id, tell=tell).scan([BASE])

    def items(self) -> dict[str, Item]:
        """By the path of their main file."""
        with self.database.read() as session:
            query = select(Item).options(selectinload(Item.files)).order_by(Item.id)
            return {item.files[0].path: item for item in session.scalars(query)}

    def item(self, path: str) -> Item:
        return self.items()[path]


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Shelf:
    return Shelf(database, tmp_path / "media")


@pytest.fixture
def context(bare_context: AppContext, tmp_path: Path) -> AppContext:  # noqa: F811
    """With folders of its own."""
    folders = {"data_dir": tmp_path / "data", "media_root": tmp_path / "data" / "media"}
    folders["media_root"].mkdir(parents=True, exist_ok=True)
    bare_context.settings = bare_context.given = bare_context.settings.model_copy(update=folders)
    return bare_context
