"""Taking one medium after the other into the library. Each is a unit of work; all of it can be repeated."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import av.error
from av.video.frame import VideoFrame
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.downloads.extractors.keys import site_key, url_digest
from magpie.downloads.extractors.port import Kind, Medium, Profile, Request, Saved
from magpie.downloads.extractors.probe import Probe, probe
from magpie.downloads.extractors.thumbnail import NAME, write_thumbnail
from magpie.downloads.extractors.titles import tidy
from magpie.downloads.extractors.ytdlp.medium import medium_of
from magpie.downloads.failures import DownloadFailure
from magpie.downloads.sites import site_of
from magpie.kit.clock import utcnow
from magpie.kit.db import WriteSession
from magpie.kit.errors import AppError
from magpie.library import service as library
from magpie.library.naming import CORNER
from magpie.library.service import Delivery, Item
from magpie.links import archive
from magpie.links import service as links
from magpie.links.adopt.scan import Candidate, NotUsable, candidate
from magpie.links.models import Link, LinkEntry, Verdict
from magpie.links.schemas import LinkCreate
from magpie.plugins import plugins

# Entries that were adopted rank below all that a listing brings, in the order of their days.
_BELOW = 10**12
_CHANNELS = ("channel_url", "uploader_url")


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose the media become, and what becomes of their files."""

    principal: Principal
    move: bool = False
    follow: bool = False


@dataclass(slots=True)
class Tally:
    """What became of the media so far."""

    adopted: int = 0
    held: int = 0
    followed: int = 0
    problems: list[tuple[Path, str]] = field(default_factory=list)


class Adopter:
    """Takes media in for one command."""

    def __init__(self, context: AppContext, wish: Wish) -> None:
        self._context = context
        self._wish = wish
        self._filing = library.filing_of(context)
        self.tally = Tally()

    def take(self, info: Path) -> None:
        """Take the medium of one info file; what stands in the way is noted and stops nothing."""
        try:
            self._take(candidate(info))
        except (NotUsable, AppError) as error:
            self.tally.problems.append((info, str(error)))
        except DownloadFailure as failure:
            self.tally.problems.append((info, failure.message))
        except OSError as error:
            self.tally.problems.append((info, error.strerror or type(error).__name__))

    def _take(self, found: Candidate) -> None:
        main = found.folder / found.files[0].name
        facts = probe(main, want_frame=True)
        medium, quality = _described(found, facts)
        files = (replace(found.files[0], **_measures(facts)), *found.files[1:])
        if self._joined(found, medium, quality):
            self.tally.held += 1
            return
        roots = self._filing.roots
        root, inside = roots.present_name, ""
        if not self._wish.move:
            root, inside = _place(roots, found.folder)
        key = sha256(f"adopt\0{medium.extractor}\0{medium.source_id}\0{quality}".encode()).hexdigest()[:32]
        workdir = roots.workshop(root) / key
        delivery = Delivery(
            key=key,
            claim=1,
            user_id=self._wish.principal.id,
            site=site_of(medium.url, plugins().sites),
            quality=quality,
            saved=Saved(medium, files),
            root=root,
            workdir=workdir,
            still_mine=lambda _session: True,
            settle=lambda session, item: self._settle(session, found, medium, item),
        )
        shutil.rmtree(workdir, ignore_errors=True)
        workdir.mkdir(parents=True)
        try:
            self._deliver(found, delivery, inside, _picture(found, facts))
        finally:
            shutil.rmtree(workdir, ignore_errors=True)
        self.tally.adopted += 1

    def _deliver(self, found: Candidate, delivery: Delivery, inside: str, frame: VideoFrame | None) -> None:
        thumbnail = None
        if frame is not None:
            with suppress(av.error.FFmpegError, ValueError):
                thumbnail = write_thumbnail(frame, delivery.workdir / NAME)
        files = (*delivery.saved.files, *([thumbnail] if thumbnail else ()))
        delivery = replace(delivery, saved=replace(delivery.saved, files=files))
        if self._wish.move:
            self._filing.recover(delivery.key, delivery.claim)
            _copy(found, delivery.workdir)
            self._filing.deliver(delivery)
            for file in found.files:
                (found.folder / file.name).unlink(missing_ok=True)
            if found.picture is not None:
                found.picture.unlink(missing_ok=True)
            return
        paths = [f"{inside}{file.name}" for file in found.files]
        if thumbnail is not None:
            paths.append(self._place_thumbnail(delivery))
        try:
            self._filing.record(delivery, paths)
        except IntegrityError as error:
            raise NotUsable("its files belong to another item of the library already") from error

    def _place_thumbnail(self, delivery: Delivery) -> str:
        """Under a name that the medium alone decides, so that a repetition leaves nothing behind."""
        path = f"{CORNER}/thumbnails/{delivery.key[:2]}/{delivery.key}.jpg"
        target = self._filing.roots.folder(delivery.root) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (delivery.workdir / NAME).replace(target)
        return path

    def _joined(self, found: Candidate, medium: Medium, quality: str) -> bool:
        """Whether the library has the medium already; the user has it from now on, too."""
        with self._context.database.write() as session:
            item = library.find_held(session, self._filing, medium, quality)
            if item is None:
                return False
            library.add_member(session, item.id, self._wish.principal.id)
            self._settle(session, found, medium, item)
            return True

    def _settle(self, session: WriteSession, found: Candidate, medium: Medium, item: Item) -> None:
        """Let the links of its channel know of it; without one, whatever will list it."""
        site = str(found.info.get("extractor_key") or found.info.get("extractor") or "").lower()
        key = site_key(site, medium.source_id)
        if key is None:
            return
        channels = [url for name in _CHANNELS if isinstance(url := found.info.get(name), str)]
        mine = links.links_by_address(session, self._wish.principal.id, channels)
        link = next((mine[url] for url in channels if url in mine), None)
        if link is None and self._wish.follow and channels:
            link = self._follow(session, channels[0], found.info)
        if link is not None:
            _enter(session, link, key, medium, item)
        archive.add(session, self._wish.principal.id, [key])

    def _follow(self, session: WriteSession, url: str, info: dict[str, Any]) -> Link:
        name = info.get("channel") or info.get("uploader")
        try:
            wanted = LinkCreate(url=url, name=str(name) if name else None)
        except ValueError as error:
            raise NotUsable(f"its channel cannot be followed: {links.plain(error)}") from error
        self.tally.followed += 1
        return links.create(self._context, session, self._wish.principal, wanted)


def _described(found: Candidate, facts: Probe) -> tuple[Medium, str]:
    """The medium, called as a download of it would be, and its quality class."""
    profile = Profile("adopted", "video" if facts.has_video and not facts.is_picture else "audio")
    url = found.info.get("webpage_url") or found.info.get("original_url")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise NotUsable("it does not say where it came from")
    request = Request(url, profile, found.folder, proxy="", ffmpeg="")
    medium = tidy(medium_of(found.info, request), request)
    kind = Kind.VIDEO if profile.kind == "video" else Kind.AUDIO
    extra = {**medium.extra, "adopted": True}
    return replace(
        medium, kind=kind, duration=facts.duration or medium.duration, extra=extra
    ), profile.quality


def _measures(facts: Probe) -> dict[str, Any]:
    return {"width": facts.width, "height": facts.height, "duration": facts.duration}


def _picture(found: Candidate, facts: Probe) -> VideoFrame | None:
    """The picture beside the medium, else one from it."""
    if found.picture is not None:
        with suppress(DownloadFailure):
            return probe(found.picture, want_frame=True).frame or facts.frame
    return facts.frame


def _place(roots: library.Roots, folder: Path) -> tuple[str, str]:
    """The media folder that a folder lies in, and its path there with a slash behind it."""
    real = folder.resolve()
    for base in (roots.present, roots.base):
        with suppress(ValueError):
            inside = real.relative_to(base.resolve()).as_posix()
            return roots.name_of(base), "" if inside == "." else f"{inside}/"
    raise NotUsable("it lies outside of the media folder: use --move, or make its folder the media folder")


def _copy(found: Candidate, workdir: Path) -> None:
    """The files in the work folder, without copying their bytes where that is possible."""
    for file in found.files:
        try:
            os.link(found.folder / file.name, workdir / file.name)
        except OSError:
            shutil.copyfile(found.folder / file.name, workdir / file.name)


def _enter(session: WriteSession, link: Link, key: str, medium: Medium, item: Item) -> None:
    """The medium as an entry of the link that is downloaded already."""
    found = session.scalar(select(LinkEntry).where(LinkEntry.link_id == link.id, LinkEntry.source_key == key))
    entry = found or LinkEntry(
        link_id=link.id, source_key=key, url=medium.url, url_digest=url_digest(medium.url)
    )
    if found is None:
        published = item.published_at or datetime(1970, 1, 1, tzinfo=UTC)
        entry.title, entry.duration, entry.published_at = medium.title, medium.duration, item.published_at
        entry.kind = medium.kind.value
        entry.rank = int(published.timestamp()) - _BELOW
        session.add(entry)
    entry.verdict, entry.reason, entry.detail = Verdict.DOWNLOADED, None, None
    entry.item_id, entry.downloaded_at = item.id, utcnow()
