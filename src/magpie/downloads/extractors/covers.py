"""A picture inside a media file, where its container has a place for one."""

# mypy: disallow-untyped-calls=False
from __future__ import annotations

import base64
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, ID3, ID3NoHeaderError
from mutagen.mp4 import MP4, MP4Cover
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis

from magpie.downloads.extractors.audio import run_ffmpeg
from magpie.downloads.extractors.music.tags import UNWILLING
from magpie.downloads.extractors.port import Request, SavedFile
from magpie.downloads.failures import DownloadFailure

FRONT = 3  # "cover (front)", in ID3 and in what took its numbers from there
_JPEG = "image/jpeg"


def embed_cover(main: SavedFile, cover: SavedFile, request: Request) -> SavedFile:
    """Put the picture into the main file and return it with its new size.

    WebM has no place for one, and a file that does not take it stays as it is: a picture is never worth a failed
    download.
    """
    path, picture = request.workdir / main.name, request.workdir / cover.name
    ending, draft = path.suffix.lower(), path.with_name(f"pictured{path.suffix}")
    if ending in _TAGGERS:
        with suppress(*UNWILLING):
            # In a copy: what is killed halfway would be taken for whole by the next attempt.
            shutil.copyfile(path, draft)
            _TAGGERS[ending](draft, picture)
            draft.replace(path)
        draft.unlink(missing_ok=True)
    elif ending in (".mkv", ".mka"):
        with suppress(DownloadFailure):
            _attach(path, picture, request)
    return replace(main, size=path.stat().st_size)


def _mp4(path: Path, picture: Path) -> None:
    file = MP4(path)
    file["covr"] = [MP4Cover(picture.read_bytes(), imageformat=MP4Cover.FORMAT_JPEG)]
    file.save()


def _mp3(path: Path, picture: Path) -> None:
    try:
        tags = ID3(path)
    except ID3NoHeaderError:
        tags = ID3()
    tags.delall("APIC")
    tags.add(APIC(encoding=0, mime=_JPEG, type=FRONT, desc="", data=picture.read_bytes()))
    tags.save(path)


def _flac(path: Path, picture: Path) -> None:
    file = FLAC(path)
    file.clear_pictures()
    file.add_picture(_block(picture))
    file.save()


def _ogg(path: Path, picture: Path) -> None:
    file = OggOpus(path) if path.suffix.lower() == ".opus" else OggVorbis(path)
    file["metadata_block_picture"] = [base64.b64encode(_block(picture).write()).decode()]
    file.save()


def _block(picture: Path) -> Picture:
    """As FLAC has it (RFC 9639, 8.8), and Ogg in base64."""
    block = Picture()
    block.type, block.mime, block.data = FRONT, _JPEG, picture.read_bytes()
    return block


def _attach(path: Path, picture: Path, request: Request) -> None:
    """Matroska calls a cover an attached file of this name (https://www.matroska.org/technical/attachments.html)."""
    target = path.with_name(f"covered{path.suffix}")
    run_ffmpeg(
        request.ffmpeg, path, target, "-map", "0", "-c", "copy", "-attach", str(picture),
        "-metadata:s:t", f"mimetype={_JPEG}", "-metadata:s:t", "filename=cover.jpg",
    )  # fmt: skip
    target.replace(path)


_TAGGERS: dict[str, Callable[[Path, Path], None]] = {
    ".mp4": _mp4, ".m4a": _mp4, ".m4v": _mp4, ".mp3": _mp3, ".flac": _flac, ".opus": _ogg, ".ogg": _ogg,
}  # fmt: skip
