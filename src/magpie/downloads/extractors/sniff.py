"""What bytes and names say about content: magic numbers, media types, file endings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from magpie.downloads.extractors.port import Kind

SNIFF_BYTES = 4096
_ENDING = re.compile(r"[a-z0-9_-]{1,10}")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}")  # RFC 6838, 4.2

_VIDEO = {
    "mp4": "video/mp4", "m4v": "video/mp4", "mov": "video/quicktime", "mkv": "video/x-matroska",
    "webm": "video/webm", "avi": "video/x-msvideo", "flv": "video/x-flv", "ts": "video/mp2t",
    "mpg": "video/mpeg", "mpeg": "video/mpeg", "wmv": "video/x-ms-wmv", "ogv": "video/ogg", "3gp": "video/3gpp",
}  # fmt: skip
_AUDIO = {
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "m4b": "audio/mp4", "aac": "audio/aac", "ogg": "audio/ogg",
    "oga": "audio/ogg", "opus": "audio/opus", "flac": "audio/flac", "wav": "audio/wav", "wma": "audio/x-ms-wma",
    "aiff": "audio/aiff", "aif": "audio/aiff", "mka": "audio/x-matroska", "ape": "audio/ape", "wv": "audio/wavpack",
}  # fmt: skip
_IMAGE = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
    "avif": "image/avif", "bmp": "image/bmp", "tif": "image/tiff", "tiff": "image/tiff", "jxl": "image/jxl",
    "heic": "image/heic",
}  # fmt: skip
_FILE = {
    "pdf": "application/pdf", "zip": "application/zip", "cbz": "application/vnd.comicbook+zip",
    "epub": "application/epub+zip", "rar": "application/vnd.rar", "7z": "application/x-7z-compressed",
    "vtt": "text/vtt", "srt": "application/x-subrip",
}  # fmt: skip
MIME_OF_EXTENSION = {**_VIDEO, **_AUDIO, **_IMAGE, **_FILE}
_PREFERRED = {
    "video/mp4": "mp4", "audio/mp4": "m4a", "video/mpeg": "mpg", "audio/ogg": "ogg", "image/jpeg": "jpg",
    "image/tiff": "tif", "audio/aiff": "aiff", "audio/mp3": "mp3", "audio/x-flac": "flac", "audio/x-wav": "wav",
    "audio/x-m4a": "m4a", "audio/webm": "webm", "video/x-m4v": "mp4",
}  # fmt: skip
_EXTENSION_OF_MIME = {mime: extension for extension, mime in MIME_OF_EXTENSION.items()} | _PREFERRED

_MANIFESTS = frozenset({
    "application/vnd.apple.mpegurl", "application/x-mpegurl", "audio/mpegurl", "audio/x-mpegurl",
    "application/dash+xml",
})  # fmt: skip
_PAGES = frozenset({
    "text/html", "application/xhtml+xml", "application/xml", "text/xml", "application/rss+xml",
    "application/atom+xml", "application/json", "text/plain", "application/javascript", "text/javascript", "text/css",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """What something is: `extension` without a dot."""

    kind: Kind
    mime: str
    extension: str


def kind_of(mime: str) -> Kind:
    major = mime.partition("/")[0]
    return {"video": Kind.VIDEO, "audio": Kind.AUDIO, "image": Kind.IMAGE}.get(major, Kind.FILE)


def content_of_extension(extension: str) -> Content | None:
    mime = MIME_OF_EXTENSION.get(extension.lower())
    return Content(kind_of(mime), mime, extension.lower()) if mime else None


def url_extension(url: str) -> str:
    """The file ending of an address's path, in lower case, without the dot."""
    ending = PurePosixPath(unquote(urlsplit(url).path)).suffix.lower().removeprefix(".")
    return ending if _ENDING.fullmatch(ending) else ""


def content_of(head: bytes, content_type: str, url: str, attachment: bool = False) -> Content | None:
    """What an answer is, bytes first, then its declared type, then its name. None: a page, or nothing to save.

    `head` are the first bytes, `attachment` says that the site offers it as a download.
    """
    mime = content_type.partition(";")[0].strip().lower()
    mime = mime if _MEDIA_TYPE.fullmatch(mime) else ""
    if looks_like_page(head, mime) and not attachment:
        return None
    if (found := _of_magic(head, mime)) is not None:
        return found
    extension = url_extension(url)
    by_name = content_of_extension(extension)
    if mime in _PAGES and not attachment:
        return None
    if mime.startswith(("video/", "audio/", "image/")) and mime not in _MANIFESTS:
        return Content(kind_of(mime), mime, _EXTENSION_OF_MIME.get(mime, extension or "bin"))
    if by_name is not None:
        return by_name
    if attachment or mime.startswith("application/"):
        return Content(Kind.FILE, mime or "application/octet-stream", _EXTENSION_OF_MIME.get(mime, "bin"))
    return None


def looks_like_page(head: bytes, mime: str = "") -> bool:
    """HTML, XML, feeds, and streaming manifests: for other extractors, never a file to keep."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:256].lower()
    if start.startswith(
        (b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml", b"<rss", b"<feed", b"<mpd", b"#extm3u")
    ):
        return not start.startswith((b"<?xml",)) or b"<svg" not in start
    return mime in _MANIFESTS


def _of_magic(head: bytes, mime: str) -> Content | None:
    extension = _magic_extension(head)
    if extension is None:
        return None
    if extension in ("mp4", "webm") and mime.startswith("audio/"):
        return Content(Kind.AUDIO, mime, "m4a" if extension == "mp4" else extension)
    content = content_of_extension(extension)
    if (
        content is not None
        and extension == "zip"
        and (better := _EXTENSION_OF_MIME.get(mime)) in ("cbz", "epub")
    ):
        return content_of_extension(better)
    return content


_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x1aE\xdf\xa3", "mkv"), (0, b"ID3", "mp3"), (0, b"fLaC", "flac"), (0, b"OggS", "ogg"),
    (0, b"\xff\xd8\xff", "jpg"), (0, b"\x89PNG\r\n\x1a\n", "png"), (0, b"GIF87a", "gif"), (0, b"GIF89a", "gif"),
    (0, b"FLV\x01", "flv"), (0, b"%PDF-", "pdf"), (0, b"PK\x03\x04", "zip"), (0, b"Rar!\x1a\x07", "rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"), (0, b"0&\xb2u\x8ef\xcf\x11", "wmv"), (0, b"\x00\x00\x01\xba", "mpg"),
    (0, b"\x00\x00\x01\xb3", "mpg"), (0, b"II*\x00", "tif"), (0, b"MM\x00*", "tif"), (0, b"BM", "bmp"),
    (0, b"MAC ", "ape"), (0, b"wvpk", "wv"), (0, b"\xff\x0a", "jxl"),
    (0, b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
)  # fmt: skip
_BRANDS = {b"M4A ": "m4a", b"M4B ": "m4b", b"qt  ": "mov", b"avif": "avif", b"avis": "avif", b"heic": "heic"}
_RIFF = {b"WAVE": "wav", b"AVI ": "avi", b"WEBP": "webp"}


def _within(extension: str, head: bytes) -> str:
    """What a container's beginning tells of its content."""
    if extension == "mkv":
        return "webm" if b"webm" in head[:64] else "mkv"
    if extension == "ogg":
        return "opus" if b"OpusHead" in head[:64] else "ogv" if b"theora" in head[:64] else "ogg"
    return extension


def _magic_extension(head: bytes) -> str | None:
    for offset, magic, extension in _MAGIC:
        if head.startswith(magic, offset) and (extension != "bmp" or head[6:10] == b"\0\0\0\0"):
            return _within(extension, head)
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "mp4")
    if head[4:8] in (b"moov", b"mdat", b"free", b"wide", b"skip"):
        return "mov"
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "aac" if head[1] & 0xF6 == 0xF0 else "mp3"
    if len(head) > 376 and head[0] == head[188] == head[376] == 0x47:
        return "ts"
    return None
