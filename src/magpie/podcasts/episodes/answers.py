"""From rows to answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from magpie.config import Settings
from magpie.kit.db import ReadSession
from magpie.podcasts.episodes import files, repository
from magpie.podcasts.episodes.schemas import (
    EpisodeFile,
    EpisodeOut,
    ScriptOut,
    ScriptVersion,
    SegmentOut,
    SourceOut,
    SpeakerOut,
    TurnOut,
)
from magpie.podcasts.models import Episode, EpisodeScript, EpisodeSource, EpisodeStatus, SourceKind
from magpie.podcasts.script.brief import Brief
from magpie.podcasts.templates.settling import settle

ROOT = "/api/v1/podcasts"
MAX_SOURCE_TEXT = 16_000_000  # bytes that are shown of what an episode was made of
UPLOADED = (SourceKind.FILE, SourceKind.AUDIO, SourceKind.TEXT)


def address(key: str, part: str) -> str:
    return f"{ROOT}/{key}/{part}"


def episodes_out(session: ReadSession, episodes: Sequence[Episode]) -> list[EpisodeOut]:
    """Without their source texts."""
    ids = [episode.id for episode in episodes]
    sources = repository.sources(session, ids)
    versions = repository.newest_versions(session, ids)
    others = {one.of_episode_id for held in sources.values() for one in held if one.of_episode_id}
    keys = repository.keys_of(session, others)
    return [_out(episode, sources[episode.id], versions.get(episode.id), keys) for episode in episodes]


def episode_out(session: ReadSession, settings: Settings, episode: Episode) -> EpisodeOut:
    """With its source text."""
    answer = episodes_out(session, [episode])[0]
    held = repository.sources(session, [episode.id])[episode.id]
    answer.source_text = source_text(files.root_of(settings), episode, held)
    return answer


def source_text(root: Path, episode: Episode, sources: Sequence[EpisodeSource]) -> str | None:
    """All that an episode was made of as text: as its finished file says it, or what was given as text so far."""
    if episode.purged_at is not None:
        return None
    if episode.status == EpisodeStatus.COMPLETED:
        with suppress(OSError, ValueError, KeyError, TypeError):
            data = _bounded(files.finished(root, episode.key, "json"))
            kept = json.loads(data)["sourceText"]
            return None if kept is None else str(kept)
    folder = files.work_folder(root, episode.key)
    texts = []
    for source in sources:
        if source.kind == SourceKind.TEXT and source.file:
            with suppress(OSError):
                texts.append(_bounded(folder / source.file).decode("utf-8", "replace"))
    return "\n\n".join(texts) or None


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_SOURCE_TEXT)


def _brief(episode: Episode) -> Brief:
    """What is kept by another version may not be understood: one such episode must not hide all the others."""
    try:
        return settle(episode.template, episode.options)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return settle({}, {})


def _out(
    episode: Episode, sources: Sequence[EpisodeSource], version: int | None, keys: dict[int, str]
) -> EpisodeOut:
    brief = _brief(episode)
    is_done = episode.duration is not None and bool(episode.files)
    return EpisodeOut(
        id=episode.key,
        title=episode.title,
        audio_url=address(episode.key, "audio"),
        duration=episode.duration or 0.0,
        generated_date=episode.completed_at or episode.created_at,
        source_audio_url=_source_audio(episode, sources),
        template_used=episode.template_id,
        user_id=episode.user_id,
        status=episode.status,
        step=episode.step,
        steps_done=episode.steps_done,
        steps_total=episode.steps_total,
        error_code=episode.error_code,
        error_message=episode.error_message,
        next_attempt_at=episode.next_attempt_at,
        description=episode.description,
        needs_approval=episode.needs_approval,
        approved_version=episode.approved_version,
        script_version=version,
        speakers=[
            SpeakerOut(
                name=one.name,
                role=one.role,
                voice_id=one.voice_id,
                provider=one.provider,
                style=one.style,
                language=one.language,
            )
            for one in brief.speakers
        ],
        language=brief.language or None,
        minutes=brief.minutes,
        providers=episode.providers,
        estimate=episode.estimate,
        usage=episode.usage,
        report=episode.report,
        files=_files(episode) if is_done else [],
        cover_url=address(episode.key, "cover") if "cover" in episode.files else None,
        transcript_url=address(episode.key, "transcript.vtt") if is_done else None,
        chapters_url=address(episode.key, "chapters.json") if is_done else None,
        live_url=address(episode.key, "live")
        if episode.status in (EpisodeStatus.VOICING, EpisodeStatus.MASTERING)
        else None,
        sources=[_source(episode, one, keys) for one in sources],
        digest_id=episode.digest_id,
        created_at=episode.created_at,
        started_at=episode.started_at,
        completed_at=episode.completed_at,
        purged_at=episode.purged_at,
    )


def _source_audio(episode: Episode, sources: Sequence[EpisodeSource]) -> str | None:
    for source in sources:
        if source.kind == SourceKind.AUDIO and source.file and episode.purged_at is None:
            return address(episode.key, f"sources/{source.position}")
    return None


def _files(episode: Episode) -> list[EpisodeFile]:
    found = []
    for form in files.FORMATS:
        if form in episode.files:
            query = "" if form == "mp3" else f"?format={form}"
            measured = (episode.report.get("formats") or {}).get(form) or {}
            size = (episode.size or 0) if form == "mp3" else int(measured.get("bytes") or 0)
            found.append(EpisodeFile(format=form, url=f"{address(episode.key, 'audio')}{query}", size=size))
    return found


def _source(episode: Episode, source: EpisodeSource, keys: dict[int, str]) -> SourceOut:
    is_there = source.kind in UPLOADED and source.file and episode.purged_at is None
    is_read = source.characters is not None and episode.started_at is not None and episode.purged_at is None
    return SourceOut(
        position=source.position,
        kind=source.kind,
        title=source.title,
        address=source.address,
        name=source.name,
        item_id=source.item_id,
        episode_id=keys.get(source.of_episode_id) if source.of_episode_id else None,
        language=source.language,
        characters=source.characters,
        url=address(episode.key, f"sources/{source.position}") if is_there else None,
        text_url=address(episode.key, f"sources/{source.position}/text") if is_read else None,
    )


def script_out(episode: Episode, row: EpisodeScript) -> ScriptOut:
    kept: dict[str, Any] = row.script
    return ScriptOut(
        version=row.version,
        origin=row.origin,
        is_approved=episode.approved_version == row.version,
        language=row.language,
        title=kept.get("title") or "",
        description=kept.get("description") or "",
        is_extractive=bool(kept.get("isExtractive")),
        segments=[SegmentOut.model_validate(one) for one in kept.get("segments", ())],
        turns=[TurnOut.model_validate(turn) for turn in kept.get("turns", ())],
        created_at=row.created_at,
    )


def version_out(episode: Episode, row: EpisodeScript) -> ScriptVersion:
    return ScriptVersion(
        version=row.version,
        origin=row.origin,
        is_approved=episode.approved_version == row.version,
        language=row.language,
        title=str(row.script.get("title") or ""),
        turns=len(row.script.get("turns", ())),
        created_at=row.created_at,
    )
