"""Trying names on a medium, real or made up, before anything is saved under them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from magpie.accounts.ownership import owned
from magpie.accounts.principal import Principal
from magpie.downloads.extractors.port import Kind, Medium, Profile, Role, SavedFile
from magpie.kit.db import ReadSession
from magpie.kit.errors import NotFound, RuleBroken
from magpie.library.models import Item
from magpie.library.naming import Naming, paths_for
from magpie.library.sidecars import show_files
from magpie.links.models import Link, LinkEntry
from magpie.profiles import repository, service
from magpie.profiles.convert import to_profile
from magpie.profiles.schemas import Preview, PreviewFile, PreviewRequest, ProfileSpec, Sample

KEY = "0" * 32
# What is saved of each kind where nothing else is said.
_ENDINGS = {Kind.AUDIO: "opus", Kind.GALLERY: "jpg", Kind.IMAGE: "jpg", Kind.FILE: "pdf"}
_KINDS = {"short": Kind.VIDEO, "live": Kind.VIDEO, "premiere": Kind.VIDEO}
SAMPLE_PICTURES = 3


@dataclass(frozen=True, slots=True)
class _Subject:
    """A medium, its place in a link, and what its main file is like."""

    medium: Medium
    site: str
    place: Naming
    height: int | None
    ending: str


def preview(session: ReadSession, principal: Principal, request: PreviewRequest) -> Preview:
    """The names of a medium's files. Raises `RuleBroken`, `NotFound`."""
    profile = to_profile("preview", _spec(session, principal, request))
    subject = _subject(session, principal, request)
    medium = subject.medium
    naming = replace(subject.place, template=profile.template, server=profile.server)
    files = _files(medium, profile, subject.height, subject.ending)
    paths = paths_for(medium, files, subject.site, KEY, naming=naming)
    shown = [
        PreviewFile(role=file.role.value, path=path)
        for file, path in zip(files, paths, strict=True)
        if file.role is not Role.THUMBNAIL
    ]
    shows = [PreviewFile(role="show", path=path) for path in show_files(medium, naming, paths[0])]
    return Preview(title=medium.title, files=[*shown, *shows])


def _spec(session: ReadSession, principal: Principal, request: PreviewRequest) -> ProfileSpec:
    try:
        named = service.spec_named(session, principal.id, request.profile) if request.profile else None
    except service.NoProfile as error:
        raise RuleBroken(str(error), "body", "profile") from None
    spec = request.spec or named or ProfileSpec()
    if request.media_server is not None:
        spec = spec.model_copy(update={"media_server": request.media_server, "template": request.template})
    elif request.template is not None:
        spec = spec.model_copy(update={"template": request.template})
    return spec


def _subject(session: ReadSession, principal: Principal, request: PreviewRequest) -> _Subject:
    """What the names are tried on."""
    if request.entry is not None:
        found = repository.entry(session, request.entry)
        if found is None:
            raise NotFound
        owned(found[1], principal)
        return _of_entry(session, *found)
    if request.url is not None:
        found = repository.entry_at(session, principal.id, request.url)
        item = repository.item_at(session, principal.id, request.url)
        if item is not None:
            return _of_item(item)
        if found is None:
            raise RuleBroken("nothing of yours has this address: take an entry or a sample", "body", "url")
        return _of_entry(session, *found)
    return _of_sample(request.sample or Sample())


def _of_sample(sample: Sample) -> _Subject:
    extra = {
        "channel": sample.channel,
        "series": sample.series,
        "season_number": sample.season,
        "episode_number": sample.episode,
        "album_artist": sample.album_artist,
        "track_number": sample.track,
        "disc_number": sample.disc,
        "genre": sample.genre,
    }
    moment = sample.published_at
    medium = Medium(
        extractor="sample",
        source_id=sample.id,
        kind=Kind(sample.kind),
        title=sample.title or "untitled",
        url="https://sample.example/",
        artist=sample.artist,
        album=sample.album,
        published_at=moment.isoformat() if moment else None,
        extra={name: value for name, value in extra.items() if value is not None},
    )
    ending = sample.extension if medium.kind is Kind.VIDEO else _ENDINGS[medium.kind]
    return _Subject(
        medium, sample.site, Naming(playlist=sample.playlist, index=sample.index), sample.height, ending
    )


def _of_entry(session: ReadSession, entry: LinkEntry, link: Link) -> _Subject:
    facts, (extractor, _, identity) = entry.facts, entry.source_key.partition(" ")
    kind = _KINDS.get(entry.kind) or Kind(entry.kind)
    artist = facts.get("uploader") or facts.get("channel")
    medium = Medium(
        extractor=extractor,
        source_id=identity or "unknown",
        kind=kind,
        title=entry.title or "untitled",
        url=entry.url,
        artist=artist if isinstance(artist, str) else None,
        published_at=_iso(entry.published_at),
        extra=facts,
    )
    index = repository.place_in_link(session, entry, newest_first=link.type == service.LIST_TYPE)
    place = Naming(playlist=link.source_title or link.name, index=index)
    return _Subject(medium, link.site, place, None, _ENDINGS.get(kind, "mp4"))


def _of_item(item: Item) -> _Subject:
    medium = Medium(
        extractor=item.extractor,
        source_id=item.source_id,
        kind=Kind(item.kind),
        title=item.title,
        url=item.source_url,
        artist=item.artist,
        album=item.album,
        published_at=_iso(item.published_at),
        extra=item.extra,
    )
    main = item.files[0] if item.files else None
    ending = main.path.rpartition(".")[2] if main else "mp4"
    return _Subject(medium, item.site, Naming(), main.height if main else None, ending)


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def _files(medium: Medium, profile: Profile, height: int | None, ending: str) -> tuple[SavedFile, ...]:
    """What would be saved of it."""
    if medium.kind in (Kind.GALLERY, Kind.IMAGE):
        count = SAMPLE_PICTURES if medium.kind is Kind.GALLERY else 1
        return tuple(SavedFile(f"{number}.{ending}", Role.IMAGE, 0, "image/jpeg") for number in range(count))
    if medium.kind is Kind.VIDEO and profile.container != "keep":
        ending = profile.container
    if medium.kind is Kind.AUDIO and profile.audio_format != "keep":
        ending = profile.audio_format
    files = [SavedFile(f"media.{ending}", Role.MEDIA, 0, "", height=height)]
    if medium.kind is Kind.VIDEO and not profile.embed_subtitles:
        files += [
            SavedFile(f"s.{profile.subtitle_format}", Role.SUBTITLE, 0, "", language=language)
            for language in profile.subtitles
        ]
    if profile.info_json:
        files.append(SavedFile("i.json", Role.INFO, 0, ""))
    if profile.cover and medium.kind in (Kind.VIDEO, Kind.AUDIO):
        files.append(SavedFile("cover.jpg", Role.COVER, 0, ""))
    if profile.nfo and medium.kind is Kind.VIDEO:
        files.append(SavedFile("nfo", Role.NFO, 0, ""))
    return tuple(files)
