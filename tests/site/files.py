"""Plain files: one of every kind, any number of distinct small ones, and big ones whose every byte is
known."""

from __future__ import annotations

import asyncio
import hashlib
import io
import struct
import threading
import zipfile
import zlib
from collections.abc import Callable, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from magpie.demo import media
from magpie.demo.content import BytesContent, Content, ContentResponse, file_content, media_type
from magpie.demo.media import Recipe, Studio


def _unplayable(name: str, *arguments: str) -> Recipe:
    """Twelve seconds of what no browser plays as it is: long enough to jump in."""
    tone = ("-f", "lavfi", "-i", "sine=frequency=330:sample_rate=44100")
    return Recipe(name, (*tone, *arguments, "-t", "12"), tags=(("title", "A made-up one"),))


_PICTURE = ("-f", "lavfi", "-i", "testsrc=size=160x90:rate=10", "-pix_fmt", "yuv420p", "-g", "10")
TAGS: Mapping[str, str] = {
    "artist": "The Hedgerow Ensemble",
    "album": "Nesting Season",
    "track": "1",
    "date": "2026",
}
RECIPES: Mapping[str, Recipe] = {
    "clip.mp4": media.video("clip.mp4", "A made-up clip", tags={"artist": "Hedgerow Films"}),
    "clip.webm": media.video("clip.webm", "A made-up clip", seconds=1, size="160x90", fps=10),
    "clip.mkv": media.video("clip.mkv", "A made-up clip", seconds=1, size="160x90", fps=10),
    "ac3.mkv": _unplayable("ac3.mkv", *_PICTURE, "-c:v", "libx264", "-c:a", "ac3"),
    "alac.m4a": _unplayable("alac.m4a", "-c:a", "alac"),
    "silent.mp4": media.video("silent.mp4", "Silence", seconds=1, size="640x360", sound=False),
    "other.mp4": media.video("other.mp4", "Another clip", scene="tv", seconds=1, size="160x90", tone=220),
    "song.mp3": media.audio("song.mp3", "First Light", tags=TAGS),
    "song.m4a": media.audio("song.m4a", "First Light", tags=TAGS),
    "song.opus": media.audio("song.opus", "First Light", tags=TAGS),
    "song.flac": media.audio("song.flac", "First Light", seconds=1, tags=TAGS),
    "untagged.mp3": Recipe("untagged.mp3", media.audio("untagged.mp3", "", seconds=1).arguments),
    "photo.jpg": media.image("photo.jpg", size="320x200"),
    "photo.png": media.image("photo.png", size="320x200", scene="tv"),
    "photo.webp": media.image("photo.webp", size="320x200"),
    "photo.gif": media.image("photo.gif", size="160x100", scene="bars"),
    "small.mp4": media.video("small.mp4", "A small one", seconds=1, size="128x72", fps=10),
    "long.mp4": media.video("long.mp4", "A long one", seconds=9, size="128x72", fps=10),
    "small.mp3": media.audio("small.mp3", "A small one", seconds=1),
    "small.jpg": media.image("small.jpg", size="160x100", scene="colours"),
    "small.png": media.image("small.png", size="64x40", scene="tv"),
}  # fmt: skip


def _mp4(data: bytes, note: bytes) -> bytes:
    return data + struct.pack(">I4s", 8 + len(note), b"free") + note


def _jpg(data: bytes, note: bytes) -> bytes:
    return data[:2] + b"\xff\xfe" + struct.pack(">H", 2 + len(note)) + note + data[2:]


def _png(data: bytes, note: bytes) -> bytes:
    chunk = b"tEXtComment\0" + note
    return (
        data[:33]
        + struct.pack(">I", len(chunk) - 4)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + data[33:]
    )


def _mp3(data: bytes, note: bytes) -> bytes:
    # An ID3v1 tag: "TAG", title[30], artist[30], album[30], year[4], comment[30], genre.
    return data + b"TAG" + note[:30].ljust(30, b"\0") + b"\0" * 94 + b"\xff"


_NOTES: Mapping[str, Callable[[bytes, bytes], bytes]] = {"mp4": _mp4, "jpg": _jpg, "png": _png, "mp3": _mp3}
NUMBERED = tuple(_NOTES)


class BigFile:
    """`size` bytes that begin with a whole small mp4 (so that `.mp4` decodes); the rest is a `free` box of
    filler, a fixed block of noise that carries its own number in every repetition."""

    BLOCK = 256 * 1024
    _NOISE = hashlib.shake_128(b"magpie").digest(BLOCK)

    def __init__(self, head: bytes, size: int) -> None:
        if size < len(head) + 16:
            raise HTTPException(404, f"a big file has at least {len(head) + 16} bytes")
        self.size = size
        # A 64-bit box size, so that files beyond 4 GiB stay valid (ISO/IEC 14496-12, 4.2).
        self._head = head + struct.pack(">I4sQ", 1, b"free", size - len(head))
        self.etag = f'"big-{size}"'

    def read(self, start: int, length: int) -> bytes:
        """At most `length` bytes from `start`."""
        end = min(self.size, start + length)
        parts = [self._head[start:end]]
        position = max(start, len(self._head))
        while position < end:
            block, offset = divmod(position - len(self._head), self.BLOCK)
            piece = (struct.pack(">Q", block) + self._NOISE[8:])[offset : offset + end - position]
            parts.append(piece)
            position += len(piece)
        return b"".join(parts)


class Files:
    """The web's plain files, made when first asked for and then kept in memory."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self._guard = threading.Lock()
        self._known: dict[str, bytes] = {}

    def data(self, name: str) -> bytes:
        """The bytes of a named file (`RECIPES`, or `archive.zip`, `notes.txt`, `pixel.gif`). Raises
        `KeyError`."""
        with self._guard:
            if name not in self._known:
                self._known[name] = self._make(name)
            return self._known[name]

    def _make(self, name: str) -> bytes:
        if name == "archive.zip":
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w") as archive:
                archive.writestr(zipfile.ZipInfo("notes.txt"), b"Nothing but a note.\n" * 200)
            return buffer.getvalue()
        if name == "notes.txt":
            return b"Nothing but a note.\n" * 200
        if name == "pixel.gif":
            return bytes.fromhex(
                "47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b"
            )
        return self.studio.make(RECIPES[name]).read_bytes()

    def numbered(self, number: int, kind: str) -> bytes:
        """Valid media that differs from every other number's. Raises `KeyError` for an unknown kind."""
        return _NOTES[kind](self.data(f"small.{kind}"), f"number {number}".encode())

    def big(self, size: int) -> BigFile:
        """The big file of exactly that size."""
        return BigFile(self.data("small.mp4"), size)

    def big_sha256(self, size: int) -> str:
        """What a whole download of the big file must hash to."""
        content, digest = self.big(size), hashlib.sha256()
        for position in range(0, size, 1 << 20):
            digest.update(content.read(position, 1 << 20))
        return digest.hexdigest()

    def routes(self) -> list[Route]:
        """What it serves."""
        return [
            Route("/files/{number:int}.{kind}", self.serve_numbered),
            Route("/media/{name}", self.serve_named),
            Route("/big/{size:int}.{kind}", self.serve_big),
            Route("/get", self.serve_query),
            Route("/noext/{number:int}", self.serve_without_ending),
            Route("/attachment/{name}", self.serve_attachment),
            Route("/hls/{kind}/{quality}/{name}", self.serve_segment),
            Route("/dash/{name}", self.serve_dash),
        ]

    async def _bytes(self, name: str) -> bytes:
        if name in self._known:
            return self._known[name]
        try:
            return await asyncio.to_thread(self.data, name)
        except KeyError:
            raise HTTPException(404) from None

    async def content(self, number: int, kind: str) -> Content:
        """A numbered file's content; a 404 for kinds that there are not."""
        if kind not in _NOTES:
            raise HTTPException(404)
        await self._bytes(f"small.{kind}")
        return BytesContent(self.numbered(number, kind))

    async def serve_numbered(self, request: Request) -> Response:
        """`/files/{n}.{mp4|mp3|jpg|png}`"""
        kind = request.path_params["kind"]
        return ContentResponse(
            await self.content(request.path_params["number"], kind), media_type(f"x.{kind}")
        )

    async def serve_named(self, request: Request) -> Response:
        """`/media/{name}`"""
        name = request.path_params["name"]
        return ContentResponse(BytesContent(await self._bytes(name)), media_type(name))

    async def serve_big(self, request: Request) -> Response:
        """`/big/{size}.{mp4|bin|…}`"""
        await self._bytes("small.mp4")
        content = self.big(request.path_params["size"])
        return ContentResponse(content, media_type(f"x.{request.path_params['kind']}"))

    async def serve_query(self, request: Request) -> Response:
        """`/get?file={name}`: the name is in the query only."""
        name = request.query_params.get("file", "clip.mp4")
        return ContentResponse(BytesContent(await self._bytes(name)), media_type(name))

    async def serve_without_ending(self, request: Request) -> Response:
        """`/noext/{n}`: an mp4 whose address says nothing."""
        return ContentResponse(await self.content(request.path_params["number"], "mp4"), "video/mp4")

    async def serve_attachment(self, request: Request) -> Response:
        """`/attachment/{name}?as={file name}`: with Content-Disposition."""
        name = request.path_params["name"]
        shown = request.query_params.get("as", name).replace('"', "")
        headers = {"content-disposition": f'attachment; filename="{shown}"'}
        return ContentResponse(BytesContent(await self._bytes(name)), media_type(name), headers=headers)

    async def folder_file(self, recipe: Recipe, name: str) -> Response:
        """One file of a recipe that makes a folder (playlists, segments)."""
        entry = await asyncio.to_thread(self.studio.make, recipe)
        path = entry.parent / name
        if "/" in name or not path.is_file():
            raise HTTPException(404)
        return ContentResponse(file_content(path), media_type(name))

    async def serve_segment(self, request: Request) -> Response:
        """`/hls/{ts|fmp4}/{high|low}/{name}`"""
        kind, quality, name = (request.path_params[key] for key in ("kind", "quality", "name"))
        if kind not in ("ts", "fmp4") or quality not in ("high", "low"):
            raise HTTPException(404)
        return await self.folder_file(hls_recipe(kind, quality), name)

    async def serve_dash(self, request: Request) -> Response:
        """`/dash/{name}`"""
        return await self.folder_file(media.dash("A made-up DASH video"), request.path_params["name"])


def hls_recipe(kind: str, quality: str) -> Recipe:
    """One quality of the HLS video."""
    size = "320x180" if quality == "high" else "160x90"
    return media.hls("A made-up HLS video", kind=kind, size=size)
