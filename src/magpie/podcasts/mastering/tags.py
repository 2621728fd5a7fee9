"""What is written into the files: title, show, chapters, cover, text."""

from __future__ import annotations

import base64
import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from magpie.podcasts.mastering.order import Cue, Facts, PlacedChapter

_GENRE = "Podcast"
_LANGUAGES = {  # ID3 wants ISO 639-2
    "ar": "ara", "bn": "ben", "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "es": "spa",
    "fa": "fas", "fi": "fin", "fr": "fra", "he": "heb", "hi": "hin", "hu": "hun", "id": "ind", "it": "ita",
    "ja": "jpn", "ko": "kor", "ms": "msa", "nb": "nob", "nl": "nld", "no": "nor", "pl": "pol", "pt": "por",
    "ro": "ron", "ru": "rus", "sv": "swe", "ta": "tam", "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd",
    "vi": "vie", "zh": "zho", "yue": "zho",
}  # fmt: skip


def write_tags(
    kind: str, path: Path, facts: Facts, chapters: Sequence[PlacedChapter], cues: Sequence[Cue], cover: bytes
) -> None:
    """Write everything into a file of the kind, a JPEG as its cover."""
    text = "\n\n".join(f"{cue.speaker}: {cue.text}" for cue in cues)
    writers = {"mp3": _mp3, "opus": _opus, "m4a": _m4a}
    writers[kind](path, facts, chapters, text, cover)


def _library(name: str) -> Any:
    """A part of mutagen, which has types for half of its functions only."""
    return importlib.import_module(f"mutagen.{name}")


def language(tag: str) -> str:
    """The three letters of ISO 639-2 for a BCP 47 tag; `und` where it is not known."""
    return _LANGUAGES.get(tag.split("-", 1)[0].lower(), "und")


def _mp3(path: Path, facts: Facts, chapters: Sequence[PlacedChapter], text: str, cover: bytes) -> None:
    """ID3 2.3, which every player reads, with the frames of "ID3v2 Chapter Frame Addendum"."""
    id3 = _library("id3")
    tags = id3.ID3()
    spoken = language(facts.language)
    tags.add(id3.TIT2(encoding=3, text=facts.title))
    tags.add(id3.TALB(encoding=3, text=facts.show))
    tags.add(id3.TPE1(encoding=3, text=facts.show))
    tags.add(id3.TCON(encoding=3, text=_GENRE))
    tags.add(id3.TLAN(encoding=3, text=spoken))
    if facts.date:
        tags.add(id3.TDRC(encoding=3, text=facts.date[:19]))
    if facts.description:
        tags.add(id3.COMM(encoding=3, lang=spoken, desc="", text=facts.description))
    tags.add(id3.USLT(encoding=3, lang=spoken, desc="", text=text))
    tags.add(id3.APIC(encoding=3, mime="image/jpeg", type=id3.PictureType.COVER_FRONT, desc="", data=cover))
    names = [f"chp{number}" for number in range(len(chapters))]
    for name, chapter in zip(names, chapters, strict=True):
        about = [id3.TIT2(encoding=3, text=chapter.title)]
        if chapter.address:
            about.append(id3.WXXX(encoding=3, desc="", url=chapter.address))
        tags.add(
            id3.CHAP(
                element_id=name,
                start_time=round(chapter.start * 1000),
                end_time=round(chapter.end * 1000),
                start_offset=0xFFFFFFFF,
                end_offset=0xFFFFFFFF,
                sub_frames=about,
            )
        )
    if chapters:
        flags = id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED
        tags.add(id3.CTOC(element_id="toc", flags=flags, child_element_ids=names, sub_frames=[]))
    tags.update_to_v23()
    tags.save(path, v1=0, v2_version=3)
    _order_chapters(path, names)


def _order_chapters(path: Path, names: Sequence[str]) -> None:
    """Bring the chapters' frames into their order: mutagen sorts by size, and players go by the order in the file."""
    with path.open("r+b") as file:
        head = file.read(10)
        size = sum((byte & 0x7F) << 7 * (3 - place) for place, byte in enumerate(head[6:10]))
        body = file.read(size)
        frames, at = [], 0
        while body[at : at + 4].strip(b"\0"):
            end = at + 10 + int.from_bytes(body[at + 4 : at + 8], "big")
            frames.append(body[at:end])
            at = end

        def place(frame: bytes) -> int:
            return names.index(frame[10:].split(b"\0", 1)[0].decode()) if frame.startswith(b"CHAP") else -1

        frames.sort(key=place)
        file.seek(10)
        file.write(b"".join(frames))


def _opus(path: Path, facts: Facts, chapters: Sequence[PlacedChapter], text: str, cover: bytes) -> None:
    """Comments; chapters as the Vorbis chapter extension has them."""
    file = _library("oggopus").OggOpus(path)
    picture = _library("flac").Picture()
    picture.type, picture.mime, picture.data = 3, "image/jpeg", cover
    picture.width = picture.height = 1400
    picture.depth = 24
    tags = {
        "title": facts.title, "album": facts.show, "artist": facts.show, "genre": _GENRE, "date": facts.date,
        "language": facts.language, "description": facts.description, "lyrics": text,
        "metadata_block_picture": base64.b64encode(picture.write()).decode(),
    }  # fmt: skip
    for name, value in tags.items():
        if value:
            file[name] = value
    for number, chapter in enumerate(chapters[:1000]):
        minutes, seconds = divmod(chapter.start, 60)
        hours, minutes = divmod(int(minutes), 60)
        file[f"CHAPTER{number:03}"] = f"{hours:02}:{minutes:02}:{seconds:06.3f}"
        file[f"CHAPTER{number:03}NAME"] = chapter.title
        if chapter.address:
            file[f"CHAPTER{number:03}URL"] = chapter.address
    file.save()


def _m4a(path: Path, facts: Facts, chapters: Sequence[PlacedChapter], text: str, cover: bytes) -> None:
    """iTunes' atoms. The chapters are in the file already: the encoder has written them as a track."""
    mp4 = _library("mp4")
    file = mp4.MP4(path)
    tags = {
        "\xa9nam": facts.title, "\xa9alb": facts.show, "\xa9ART": facts.show, "\xa9gen": _GENRE,
        "\xa9day": facts.date, "desc": facts.description[:255], "ldes": facts.description, "\xa9lyr": text,
    }  # fmt: skip
    for name, value in tags.items():
        if value:
            file[name] = [value]
    file["pcst"] = True
    file["covr"] = [mp4.MP4Cover(cover, imageformat=mp4.MP4Cover.FORMAT_JPEG)]
    file.save()
