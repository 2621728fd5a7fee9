"""The rules of scripts: versions that are never changed, and what people may write into a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, NotFound, RuleBroken
from magpie.podcasts.episodes import queueing, repository, service
from magpie.podcasts.episodes.schemas import ScriptIn, TurnIn
from magpie.podcasts.models import Episode, EpisodeScript, EpisodeStatus, Origin
from magpie.podcasts.script.turns import Flag, Script, Segment, SourceSpan, Turn
from magpie.podcasts.templates.settling import settle

NO_SCRIPT = "There is no script yet"


def get(
    session: ReadSession, principal: Principal, key: str, version: int | None = None
) -> tuple[Episode, EpisodeScript]:
    """A version of an episode's script; None: the newest. Raises `NotFound`."""
    episode = service.get(session, principal, key)
    row = repository.script(session, episode.id, version)
    if row is None:
        raise NotFound(NO_SCRIPT)
    return episode, row


def versions(session: ReadSession, principal: Principal, key: str) -> tuple[Episode, Sequence[EpisodeScript]]:
    """All versions, the newest first."""
    episode = service.get(session, principal, key)
    return episode, repository.scripts(session, episode.id)


def put(
    context: AppContext, session: WriteSession, principal: Principal, key: str, wanted: ScriptIn
) -> tuple[Episode, EpisodeScript]:
    """Keep what somebody has written as a new version. Raises `Conflict` while the episode is being made, and
    `RuleBroken` for a turn that nobody could speak."""
    episode = service.lock(session, principal, key)
    if queueing.is_busy(episode):
        raise Conflict(service.BUSY_NOW)
    before = repository.script(session, episode.id)
    script = _script(episode, before, wanted)
    if not episode.is_titled:
        episode.title = script.title[:500]
    row = repository.add_script(
        session,
        EpisodeScript(
            episode_id=episode.id,
            origin=Origin.EDITED,
            language=script.language,
            script=script.as_json(),
            user_id=principal.id,
        ),
    )
    if episode.approved_version is not None and episode.status in (
        EpisodeStatus.FAILED,
        EpisodeStatus.CANCELLED,
    ):
        episode.approved_version = row.version  # what the work goes on with is what was mended
    queueing.announce(context, session, episode, scriptVersion=row.version)
    details = {"title": episode.title, "version": row.version}
    audit.record(
        session, "episode.script", principal=principal, subject=f"episode:{episode.id}", details=details
    )
    return episode, row


def _script(episode: Episode, before: EpisodeScript | None, wanted: ScriptIn) -> Script:
    kept: dict[str, Any] = before.script if before is not None else {}
    segments = _segments(episode, kept, wanted)
    known = {(turn["speaker"], turn["text"]) for turn in kept.get("turns", ())}
    speakers = _speakers(episode, kept)
    return Script(
        title=wanted.title or kept.get("title") or episode.title,
        language=wanted.language or kept.get("language") or episode.options.get("language") or "en",
        segments=segments,
        turns=tuple(
            _turn(index, turn, speakers, len(segments), known) for index, turn in enumerate(wanted.turns)
        ),
        is_extractive=bool(kept.get("isExtractive")),
        description=wanted.description if wanted.description is not None else kept.get("description") or "",
    )


def _segments(episode: Episode, kept: dict[str, Any], wanted: ScriptIn) -> tuple[Segment, ...]:
    if wanted.segments is not None:
        return tuple(Segment(one.title, one.summary) for one in wanted.segments)
    held = kept.get("segments") or [{"title": wanted.title or episode.title}]
    return tuple(Segment(str(one["title"]), str(one.get("summary") or "")) for one in held)


def _speakers(episode: Episode, kept: dict[str, Any]) -> set[str]:
    """Who may speak: the episode's speakers, and whoever has spoken so far."""
    brief = settle(episode.template, episode.options)
    return {one.name for one in brief.speakers} | {turn["speaker"] for turn in kept.get("turns", ())}


def _turn(index: int, turn: TurnIn, speakers: set[str], segments: int, known: set[tuple[str, str]]) -> Turn:
    place = ("body", "turns", index)
    if turn.speaker not in speakers:
        names = ", ".join(sorted(speakers))
        raise RuleBroken(f"{turn.speaker} is none of the speakers: {names}", *place, "speaker")
    text = turn.text.strip()
    if not text:
        raise RuleBroken("a turn says something", *place, "text")
    if turn.segment >= segments:
        raise RuleBroken(f"there are {segments} segments, counted from 0", *place, "segment")
    span = turn.source_span
    if span is not None and span.end < span.start:
        raise RuleBroken("a span ends after its start", *place, "sourceSpan", "end")
    # What a check has said of other words says nothing of these.
    is_same = (turn.speaker, turn.text) in known
    return Turn(
        speaker=turn.speaker,
        text=text,
        style=turn.style,
        segment=turn.segment,
        span=SourceSpan(span.source, span.start, span.end) if span else None,
        flags=tuple(Flag(one.kind, one.text) for one in turn.flags if is_same or one.text in text),
    )
