"""What an episode is made of, as it was given: rows, and files in the episode's folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from magpie.accounts.ownership import owned
from magpie.accounts.principal import Principal
from magpie.downloads.addresses import BadAddress, clean_address
from magpie.kit.db import WriteSession
from magpie.kit.errors import NotFound, RuleBroken
from magpie.library import service as library
from magpie.podcasts.episodes import files, repository
from magpie.podcasts.models import EpisodeSource, SourceKind

TITLE_LENGTH = 80
SENTENCE = re.compile(r"(?<=[.!?。！？])\s")


@dataclass(frozen=True, slots=True)
class NewSource:
    """One thing that an episode is to be made of. `path`: an uploaded file, which is moved away from there.

    `place` says where it stood in what was sent, for telling what is wrong with it.
    """

    kind: SourceKind
    text: str | None = None
    address: str | None = None
    path: Path | None = None
    name: str | None = None
    item_id: int | None = None
    episode: str | None = None  # its key
    title: str | None = None
    language: str | None = None
    place: tuple[str | int, ...] = ("body",)


def source_row(
    session: WriteSession, owner: Principal, root: Path, key: str, position: int, one: NewSource
) -> EpisodeSource:
    """The row of a source; its file or text is put into the episode's folder. Raises `RuleBroken` that names its place."""
    row = EpisodeSource(
        position=position, kind=one.kind, title=one.title, language=one.language, name=_shown(one.name)
    )
    if one.kind is SourceKind.TEXT:
        _keep_text(root, key, row, one)
    elif one.kind is SourceKind.URL:
        row.address = clean_source_address(one.address or "", one.place)
    elif one.kind is SourceKind.ITEM:
        try:
            item = library.get_item(session, owner, one.item_id or 0)
        except NotFound:
            raise RuleBroken("there is no such item", *one.place, "itemId") from None
        row.item_id, row.title = item.id, (one.title or item.title)[:500]
        row.address = item.source_url
    elif one.kind is SourceKind.EPISODE:
        _take_episode(session, owner, row, one)
    else:
        _take_file(root, key, row, one)
    return row


def _keep_text(root: Path, key: str, row: EpisodeSource, one: NewSource) -> None:
    text = (one.text or "").strip()
    if not text:
        raise RuleBroken("there is no text in it", *one.place, "text")
    folder = files.work_folder(root, key)
    folder.mkdir(parents=True, exist_ok=True)
    row.file = files.source_name(row.position, "text.txt")
    row.address = one.address
    row.characters = len(text)
    files.put_text(folder, row.file, text)


def clean_source_address(text: str, place: tuple[str | int, ...]) -> str:
    """An address that may be read. Raises `RuleBroken` that names `place`."""
    try:
        return clean_address(text)
    except BadAddress as bad:
        raise RuleBroken(str(bad), *place, "url", code=bad.fault.value) from None


def _take_episode(session: WriteSession, owner: Principal, row: EpisodeSource, one: NewSource) -> None:
    try:
        key = one.episode or ""
        other = owned(repository.by_key(session, key) if files.KEY.fullmatch(key) else None, owner)
    except NotFound:
        raise RuleBroken("there is no such episode", *one.place, "episodeId") from None
    if repository.script(session, other.id) is None:
        raise RuleBroken("this episode has no script yet", *one.place, "episodeId")
    row.of_episode_id, row.title = other.id, (one.title or other.title)[:500]


def _take_file(root: Path, key: str, row: EpisodeSource, one: NewSource) -> None:
    if one.path is None:
        raise RuleBroken("there is no file", *one.place)
    folder = files.work_folder(root, key)
    folder.mkdir(parents=True, exist_ok=True)
    row.file = files.source_name(row.position, one.name)
    one.path.replace(folder / row.file)


def _shown(name: str | None) -> str | None:
    """An uploaded file's name as people see it: without folders, and printable."""
    if not name:
        return None
    last = re.split(r"[/\\]", name)[-1]
    return "".join(one for one in last if one.isprintable())[:255] or None


def title_of(row: EpisodeSource, one: NewSource) -> str:
    """What an episode is called until its script has a title."""
    if row.title:
        return row.title
    if row.name:
        return Path(row.name).stem[:TITLE_LENGTH] or row.name
    if row.address:
        parts = urlsplit(row.address)
        last = unquote(parts.path.rstrip("/").rpartition("/")[2])
        return "".join(one for one in (last or parts.hostname or "Podcast") if one.isprintable())[
            :TITLE_LENGTH
        ]
    first = next(
        (line.strip("#*=- \t") for line in (one.text or "").splitlines() if line.strip("#*=- \t")), ""
    )
    sentence = SENTENCE.split(first, maxsplit=1)[0]
    return sentence if len(sentence) <= TITLE_LENGTH else f"{sentence[: TITLE_LENGTH - 1].rstrip()}…"
