"""What is done to every medium once its bytes are here: proof, facts, thumbnail, names from tags."""

from __future__ import annotations

import io
import tempfile
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import av
import mutagen

from magpie.downloads.extractors.audio import take_audio
from magpie.downloads.extractors.covers import embed_cover
from magpie.downloads.extractors.infofile import write_info
from magpie.downloads.extractors.music.facts import is_track
from magpie.downloads.extractors.music.tags import UNWILLING
from magpie.downloads.extractors.music.track import as_track
from magpie.downloads.extractors.music.wanted import cover_of
from magpie.downloads.extractors.port import Kind, Medium, Request, Role, Saved, SavedFile, Session, Stage
from magpie.downloads.extractors.probe import Probe, probe
from magpie.downloads.extractors.sniff import content_of_extension
from magpie.downloads.extractors.thumbnail import make_thumbnail, write_thumbnail
from magpie.downloads.extractors.titles import tidy
from magpie.downloads.failures import DownloadFailure, Reason

WEAK_TITLE = "title_from"  # in `Medium.extra`: the title is only a file name, tags may replace it
_AUDIO_SUFFIXES = {"video/mp4": "audio/mp4", "video/webm": "audio/webm", "video/x-matroska": "audio/x-matroska",
                   "video/ogg": "audio/ogg", "video/quicktime": "audio/mp4", "video/3gpp": "audio/3gpp"}  # fmt: skip


def prepare() -> None:
    """Once in the fork server: load what every job's finish needs."""
    with suppress(mutagen.MutagenError):
        mutagen.File(io.BytesIO(b"\0" * 128), easy=True)  # it loads its formats when it first looks at a file
    frame = av.VideoFrame(16, 16, "yuv420p")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "warm.jpg"
        write_thumbnail(frame, path)
        probe(path, want_frame=True)


def finish(saved: Saved, request: Request, session: Session) -> Saved:
    """Prove and complete what an extractor brought; the main file stays first, a thumbnail is added.

    Raises `DownloadFailure(BROKEN_MEDIA)` if the main file cannot be played or shown.
    """
    session.stage(Stage.PROCESSING)
    files = [_contained(request, file) for file in saved.files]
    if not files:
        raise DownloadFailure(Reason.NO_MEDIA)
    if request.profile.kind == "audio" and saved.medium.kind in (Kind.VIDEO, Kind.AUDIO):
        files[0] = take_audio(files[0], request)
    medium, main, facts = _examine_main(saved.medium, files[0], request)
    others = [_examine(file, request) for file in files[1:]]
    rest = [file for file in others if file is not None and file.role is not Role.THUMBNAIL]
    medium = _with_picture_of_list(medium, request)
    thumbnail, cover = _pictures(request, medium, saved.files, facts)
    medium = tidy(_named_by_tags(medium, request.workdir / main.name, facts), request)
    if is_track(medium, request):
        medium, main, rest = as_track(medium, main, rest, request)
    if cover is not None and request.profile.embed_thumbnail:
        main = embed_cover(main, cover, request)
    info = write_info(medium, rest, request)
    beside = cover if request.profile.cover else None
    return Saved(medium, tuple(file for file in (main, *rest, info, beside, thumbnail) if file is not None))


def _with_picture_of_list(medium: Medium, request: Request) -> Medium:
    """A medium that has no picture of its own gets its album's."""
    url = request.hints.get("thumbnail_url")
    return replace(medium, thumbnail_url=url) if isinstance(url, str) and not medium.thumbnail_url else medium


def _pictures(
    request: Request, medium: Medium, files: tuple[SavedFile, ...], facts: Probe | None
) -> tuple[SavedFile | None, SavedFile | None]:
    """Thumbnail and cover: of a song that a playlist wants, those that the playlist shows, if they can be had."""
    if (url := cover_of(request.hints)) is not None:
        found = make_thumbnail(request, replace(medium, thumbnail_url=url), (), None)
        if found[0] is not None:
            return found
    return make_thumbnail(request, medium, files, facts.frame if facts else None)


def _contained(request: Request, file: SavedFile) -> SavedFile:
    """A file that lies in the work folder, whatever its name says; links are not followed."""
    path = request.workdir / file.name
    if (
        Path(file.name).is_absolute()
        or ".." in Path(file.name).parts
        or not path.is_file()
        or path.is_symlink()
    ):
        raise DownloadFailure(Reason.TOOL_ERROR, "the tool reported a file that is not there")
    return replace(file, size=path.stat().st_size)


def _examine_main(
    medium: Medium, file: SavedFile, request: Request
) -> tuple[Medium, SavedFile, Probe | None]:
    if medium.kind is Kind.FILE:
        return medium, file, None
    facts = probe(request.workdir / file.name, want_frame=True)
    kind = medium.kind
    if kind in (Kind.VIDEO, Kind.AUDIO) and facts.is_picture:
        kind = Kind.IMAGE
    elif kind in (Kind.VIDEO, Kind.AUDIO):
        kind = Kind.VIDEO if facts.has_video else Kind.AUDIO
    elif kind is Kind.IMAGE and facts.has_audio:
        kind = Kind.VIDEO
    duration = facts.duration or medium.duration
    extra = medium.extra | _parts(facts)
    return replace(medium, kind=kind, duration=duration, extra=extra), _with_facts(file, facts), facts


def _parts(facts: Probe) -> dict[str, Any]:
    """The chapters that the file itself has, after all cutting; one alone is none."""
    return {"chapters": [asdict(one) for one in facts.chapters]} if len(facts.chapters) > 1 else {}


def _examine(file: SavedFile, request: Request) -> SavedFile | None:
    """A further file with its facts; a picture or clip of a gallery that is broken is left out."""
    if file.role not in (Role.MEDIA, Role.IMAGE):
        return file
    try:
        return _with_facts(file, probe(request.workdir / file.name))
    except DownloadFailure:
        return None


def _with_facts(file: SavedFile, facts: Probe) -> SavedFile:
    by_name = content_of_extension(Path(file.name).suffix.removeprefix("."))
    mime = by_name.mime if by_name else file.mime
    if not facts.has_video:
        mime = _AUDIO_SUFFIXES.get(mime, mime)
    return replace(file, mime=mime, width=facts.width, height=facts.height, duration=facts.duration)


def _named_by_tags(medium: Medium, path: Path, facts: Probe | None) -> Medium:
    """Title, artist and album from the file's tags where the site gave none or only a file name."""
    weak = medium.extra.get(WEAK_TITLE) is not None
    medium = replace(medium, extra={key: value for key, value in medium.extra.items() if key != WEAK_TITLE})
    if facts is None or facts.is_picture or not (weak or (medium.kind is Kind.AUDIO and not medium.artist)):
        return medium
    tags = read_tags(path)
    return replace(
        medium,
        title=tags.get("title", medium.title) if weak else medium.title,
        artist=medium.artist or tags.get("artist"),
        album=medium.album or tags.get("album"),
    )


def read_tags(path: Path) -> dict[str, str]:
    """Title, artist and album of a file, those that it has."""
    try:
        tags = mutagen.File(path, easy=True)
    except UNWILLING:
        return {}
    if tags is None or not tags.tags:
        return {}
    found = {name: tags.tags.get(name) for name in ("title", "artist", "album")}
    return {name: ", ".join(str(value) for value in values) for name, values in found.items() if values}
