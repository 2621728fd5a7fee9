"""A gallery fetched: the program's files taken in, and what they are told by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from magpie.downloads.extractors.direct.extractor import source_id
from magpie.downloads.extractors.gallerydl.config import FOLDER, write_configuration
from magpie.downloads.extractors.gallerydl.errors import failure_of, only_missing_files
from magpie.downloads.extractors.gallerydl.metadata import facts_of, gather, read_facts
from magpie.downloads.extractors.gallerydl.program import Program
from magpie.downloads.extractors.gallerydl.ugoira import frames_of, make_film
from magpie.downloads.extractors.port import Kind, Medium, Request, Role, Saved, SavedFile, Session, Stage
from magpie.downloads.extractors.sniff import content_of_extension
from magpie.downloads.failures import DownloadFailure, Reason

ONE_WORK = frozenset(
    {"gallery", "post", "image", "status", "submission", "work", "album", "illust", "artwork", "chapter"}
)
_TITLES = ("title", "gallery_title", "manga", "album_title", "caption", "content", "description")
_ARTISTS = ("artist", "author", "user", "username", "uploader", "creator")
_EXTRA = (
    "category",
    "subcategory",
    "id",
    "gallery_id",
    "post_id",
    "tags",
    "rating",
    "lang",
    "language",
    "count",
    "chapter",
)


class GalleryJob:
    """One order, in a process of its own."""

    def __init__(self, request: Request, session: Session) -> None:
        self._request = request
        self._session = session
        self._folder = request.workdir / FOLDER
        self._medium: Medium | None = None
        self._bytes = 0

    def run(self) -> Saved:
        self._folder.mkdir(exist_ok=True)
        scratch = self._request.workdir / ".job"
        scratch.mkdir(mode=0o700, exist_ok=True)
        config = write_configuration(self._request, scratch)
        program = Program(config, self._request.url, self._folder, self._found, self._arrived)
        code = program.run()
        log = list(program.log)
        missing = only_missing_files(code, log) and bool(program.files)
        if code != 0 and not missing:
            raise failure_of(code, log)
        files = [self._saved_file(path) for path in program.files if path.is_file()]
        if not files:
            raise DownloadFailure(Reason.NO_MEDIA)
        medium = self._medium or self._found(
            _facts(self._folder)
        )  # all was here already from an earlier attempt
        files = [*self._films(files), *files]
        final = _final(medium, files, missing)
        told = gather(self._folder)
        return Saved(final, (*files, told) if told is not None else tuple(files))

    def _films(self, files: list[SavedFile]) -> list[SavedFile]:
        """What can be played of animations that came as archives of pictures."""
        made = []
        for file in files:
            archive = self._request.workdir / file.name
            if archive.suffix != ".zip" or not (frames := frames_of(facts_of(archive))):
                continue
            self._session.stage(Stage.PROCESSING)
            film = archive.with_suffix(".mp4")
            if film.exists() or make_film(archive, frames, film):
                made.append(self._saved_file(film))
        return made

    def _found(self, facts: dict[str, Any]) -> Medium:
        self._medium = medium = medium_of(facts, self._request)
        self._session.found(medium)
        self._session.stage(Stage.DOWNLOADING)
        return medium

    def _arrived(self, path: Path) -> None:
        self._bytes += path.stat().st_size
        if self._request.max_bytes is not None and self._bytes > self._request.max_bytes:
            raise DownloadFailure(Reason.TOO_LARGE, f"more than {self._request.max_bytes} bytes")
        self._session.progress(self._bytes)

    def _saved_file(self, path: Path) -> SavedFile:
        content = content_of_extension(path.suffix.removeprefix("."))
        kind = content.kind if content else Kind.FILE
        role = {Kind.IMAGE: Role.IMAGE, Kind.FILE: Role.INFO}.get(kind, Role.MEDIA)
        mime = content.mime if content else "application/octet-stream"
        return SavedFile(f"{FOLDER}/{path.name}", role, path.stat().st_size, mime)


def _facts(folder: Path) -> dict[str, Any]:
    return next((facts for sidecar in sorted(folder.glob("*.json")) if (facts := read_facts(sidecar))), {})


def _final(medium: Medium, files: list[SavedFile], missing: bool) -> Medium:
    shown = [file for file in files if file.role is not Role.INFO] or files
    extra = {**medium.extra, "files": len(shown), **({"missing_files": True} if missing else {})}
    if len(shown) > 1:
        return replace(medium, extra=extra)
    content = content_of_extension(Path(shown[0].name).suffix.removeprefix("."))
    return replace(medium, extra=extra, kind=content.kind if content else Kind.FILE)


def medium_of(facts: dict[str, Any], request: Request) -> Medium:
    """From the metadata of a gallery's first file. A listing of many works is known by its address."""
    category = str(facts.get("category") or "gallery")
    identity = next((facts[key] for key in ("gallery_id", "post_id", "id") if facts.get(key)), None)
    one_work = facts.get("subcategory") in ONE_WORK and identity is not None
    title = next((text for key in _TITLES if (text := text_of(facts.get(key)))), None)
    return Medium(
        extractor=category,
        source_id=str(identity) if one_work else source_id(request.url),
        kind=Kind.GALLERY,
        title=title
        or " ".join(filter(None, (category, text_of(facts.get("search_tags")), str(identity or "")))),
        url=request.url,
        artist=next((text for key in _ARTISTS if (text := text_of(facts.get(key)))), None),
        published_at=None,
        extra={key: facts[key] for key in _EXTRA if isinstance(facts.get(key), str | int | float | list)},
    )


def text_of(value: Any) -> str | None:
    """A text, or the name in what some sites give as an object, or several of them."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("username") or value.get("nick")
    if isinstance(value, list):
        return ", ".join(filter(None, (text_of(entry) for entry in value[:10]))) or None
    return value.strip() if isinstance(value, str) and value.strip() else None
