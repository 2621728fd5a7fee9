"""From an episode's rows to the order by which it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from magpie.config import Settings
from magpie.kit.db import ReadSession
from magpie.kit.paths import OutsideRoot, below
from magpie.podcasts.episodes import files, repository
from magpie.podcasts.making.failures import MakingFailed
from magpie.podcasts.making.order import Given, MakingOrder
from magpie.podcasts.mastering.order import Music
from magpie.podcasts.models import Episode, EpisodeScript, EpisodeSource, SourceKind
from magpie.podcasts.script.turns import Script
from magpie.podcasts.templates.service import settle

PROVIDERS = ("llm", "tts", "asr")


def providers_of(episode: Episode, settings: Settings) -> dict[str, str]:
    """Who does the work: as it was settled before, or wished for, or as the settings have it now."""
    wished = episode.options or {}
    held = episode.providers or {}
    return {name: held.get(name) or wished.get(name) or getattr(settings, name) for name in PROVIDERS}


def order_of(session: ReadSession, settings: Settings, episode: Episode) -> MakingOrder:
    """What is to be made of an episode now. Raises `MakingFailed` if its own rows do not say."""
    root = files.root_of(settings)
    folder = files.work_folder(root, episode.key)
    rows = repository.sources(session, [episode.id])[episode.id]
    options = episode.options or {}
    providers = providers_of(episode, settings)
    try:
        brief = settle(episode.template or {}, options)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # Kept by another version of the program.
        raise MakingFailed("checking", "unreadable", "What was wished for cannot be read.") from error
    if episode.is_titled:
        brief = replace(brief, title=episode.title)
    script, translate_to = _script_of(session, episode, rows)
    recorded = next((row for row in rows if row.kind == SourceKind.AUDIO), None)
    address = f"/api/v1/podcasts/{episode.key}"
    return MakingOrder(
        key=episode.key,
        brief=brief,
        sources=tuple(_given(row, folder) for row in rows),
        llm=providers["llm"],
        tts=providers["tts"],
        asr=providers["asr"],
        script=script,
        translate_to=translate_to,
        stops_at_script=episode.needs_approval and episode.approved_version is None,
        formats=tuple(options.get("formats") or ("mp3",)),
        music=_music(options.get("music") or (episode.template or {}).get("music") or {}, root),
        template_id=episode.template_id,
        created_at=episode.created_at,
        audio_url=f"{address}/audio",
        source_audio_url=f"{address}/sources/{recorded.position}" if recorded else None,
    )


def _script_of(
    session: ReadSession, episode: Episode, rows: list[EpisodeSource]
) -> tuple[Script | None, str | None]:
    """The script as it stands, and the language it is still to be translated into."""
    own = repository.script(session, episode.id, episode.approved_version)
    if own is not None:
        return _read(own), None
    wish = (episode.options or {}).get("translate")
    if not wish:
        return None, None
    other = next((row.of_episode_id for row in rows if row.of_episode_id is not None), None)
    held = repository.script(session, other, wish.get("version")) if other is not None else None
    if held is None:
        raise MakingFailed(
            "translating", "gone", "The script that is to be translated is not there any more."
        )
    return _read(held), str(wish["language"])


def _read(row: EpisodeScript) -> Script:
    try:
        return Script.of_json(row.script)
    except (KeyError, TypeError, ValueError) as error:
        raise MakingFailed("checking", "unreadable", "The script that is kept cannot be read.") from error


def _given(row: EpisodeSource, folder: Path) -> Given:
    kind = SourceKind(row.kind)
    return Given(
        kind=kind,
        title=row.title,
        address=row.address,
        file=folder / row.file if row.file else None,
        name=row.name,
        row_id=row.item_id if kind is SourceKind.ITEM else row.of_episode_id,
        language=row.language,
    )


def _music(wish: Mapping[str, Any], root: Path) -> Music:
    """Files of the folder for music, by their names."""
    found: dict[str, Path] = {}
    for part in ("intro", "outro", "bed"):
        name = wish.get(part)
        if not name:
            continue
        try:
            path = below(root / files.MUSIC, name)
        except OutsideRoot:
            path = root / files.MUSIC / "none"
        if not path.is_file():
            raise MakingFailed("checking", "gone", f"There is no music of the name “{name}”.")
        found[part] = path
    return Music(**found, bed_db=float(wish.get("bedDb") or Music().bed_db))
