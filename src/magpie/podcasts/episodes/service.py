"""The rules of episodes: what they are made of, for whom, and what people may have done with them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from magpie.accounts.ownership import owned
from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.config import Settings
from magpie.context import AppContext
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, NotAllowed, NotFound, RuleBroken
from magpie.podcasts import discretion
from magpie.podcasts.episodes import files, queueing, quota, repository
from magpie.podcasts.episodes.schemas import (
    ContinueIn,
    EpisodeUpdate,
    TranslateIn,
    VoiceIn,
    Wishes,
)
from magpie.podcasts.episodes.taking import NewSource, source_row, title_of
from magpie.podcasts.making.folder import EpisodeFolder
from magpie.podcasts.models import Episode, EpisodeScript, EpisodeStatus, SourceKind
from magpie.podcasts.script.brief import SourceText
from magpie.podcasts.templates import service as templates
from magpie.podcasts.templates.schemas import SpeakerIn, Template

BUSY_NOW = "This episode is being made: cancel it first, or wait"
_ENDED = (EpisodeStatus.COMPLETED, EpisodeStatus.FAILED, EpisodeStatus.CANCELLED)
_PLAIN = ("title", "minutes", "language", "style", "instructions", "llm", "tts", "asr")
NOT_FREE = "only superusers choose other providers than the settings name"
MOST_BUSY = 100  # episodes of one user that wait or run


def page(
    session: ReadSession, principal: Principal, *, status: str | None, skip: int, limit: int
) -> tuple[list[Episode], int]:
    """A page of episodes, newest first, and how many there are in all."""
    return repository.page(session, principal, status=status, skip=skip, limit=limit)


def get(session: ReadSession, principal: Principal, key: str) -> Episode:
    """Raises `NotFound` for what is not there or not the caller's."""
    return owned(repository.by_key(session, key) if files.KEY.fullmatch(key) else None, principal)


def lock(session: WriteSession, principal: Principal, key: str) -> Episode:
    """As `get`, and nobody else changes the episode until the unit of work ends."""
    return owned(repository.lock_by_key(session, key) if files.KEY.fullmatch(key) else None, principal)


def source_file(
    session: ReadSession, settings: Settings, principal: Principal, key: str, position: int
) -> tuple[Path, str]:
    """A source as it was given, and what it is called. Raises `NotFound`."""
    episode = get(session, principal, key)
    for source in repository.sources(session, [episode.id])[episode.id]:
        if source.position == position and source.file:
            path = files.work_folder(files.root_of(settings), key) / source.file
            return path, source.name or source.file
    raise NotFound("There is no such source, or it was purged")


def read_text(
    session: ReadSession, settings: Settings, principal: Principal, key: str, position: int
) -> SourceText:
    """A source as it was read: what the spans of a script count. Raises `NotFound`."""
    episode = get(session, principal, key)
    found = EpisodeFolder(files.root_of(settings), episode.key).text(position)
    if found is None:
        raise NotFound("This source was not read yet, or it was purged")
    return found


def create(
    session: WriteSession,
    context: AppContext,
    owner: Principal,
    wishes: Wishes,
    sources: Sequence[NewSource],
    *,
    digest_id: int | None = None,
    more: dict[str, Any] | None = None,
) -> Episode:
    """Begin an episode: its row, its sources' rows and files, and its job once it is committed.

    `more` goes into its options. Raises `RuleBroken`, `NotAllowed`, `Conflict` for a quota that is used up; leaves no
    files behind then.
    """
    if not sources:
        raise RuleBroken("say what the podcast is to be made of", "body", "sources")
    require_free_choice(context, owner, wishes)
    require_free_voices(context, owner, wishes.speakers)
    quota.require(session, context.settings, owner, wishes.minutes or 0.0)
    if repository.count_busy(session, owner.id) >= MOST_BUSY:
        raise Conflict(f"{MOST_BUSY} of your episodes are being made already")
    root = files.root_of(context.settings)
    template = template_of(root, owner, wishes)
    if template.get("owner") is not None:  # everybody's are a superuser's choice
        require_free_voices(context, owner, Template.model_validate(template).speakers, "templateId")
    episode = Episode(
        key=uuid.uuid4().hex,
        user_id=owner.id,
        template_id=wishes.template_id,
        template=template,
        options={**options_of(wishes), **(more or {})},
        needs_approval=wishes.approve,
        is_titled=bool(wishes.title),
        digest_id=digest_id,
        status=EpisodeStatus.PENDING,
    )
    try:
        rows = [
            source_row(session, owner, root, episode.key, position, one)
            for position, one in enumerate(sources)
        ]
        episode.title = (wishes.title or title_of(rows[0], sources[0]))[:500]
        session.add(episode)
        session.flush()
        for row in rows:
            row.episode_id = episode.id
        session.add_all(rows)
        queueing.queue(context, session, episode)
        _note(session, owner, "create", episode, sources=[row.kind for row in rows])
        session.flush()
    except BaseException:
        files.remove_work(root, episode.key)
        raise
    return episode


def require_free_choice(
    context: AppContext, principal: Principal, wanted: Wishes | ContinueIn | VoiceIn
) -> None:
    """Raises `NotAllowed` if this user may not choose the providers that were wished for."""
    for role in discretion.EMBEDDED:
        if not discretion.may_choose(context.settings, principal, role, getattr(wanted, role, None)):
            raise NotAllowed("Only superusers choose other providers than the settings name")


def require_free_voices(
    context: AppContext, principal: Principal, speakers: Sequence[SpeakerIn] | None, place: str = "speakers"
) -> None:
    """The same for who speaks for each speaker. Raises `RuleBroken` that names the field `place`."""
    for one in speakers or ():
        if not discretion.may_choose(context.settings, principal, "tts", one.provider):
            raise RuleBroken(NOT_FREE, "body", place)


def require_free_voice(context: AppContext, principal: Principal, provider: str | None) -> None:
    """The same for a single voice that somebody wants to hear. Raises `RuleBroken`."""
    if not discretion.may_choose(context.settings, principal, "tts", provider):
        raise RuleBroken(NOT_FREE, "query", "provider")


def template_of(root: Path, principal: Principal, wishes: Wishes) -> dict[str, Any]:
    """The template that was wished for, as an episode keeps it. Raises `RuleBroken`."""
    if wishes.template_id is None:
        return {}
    try:
        found = templates.templates_in(root).get(principal, wishes.template_id)
    except NotFound:
        raise RuleBroken("there is no such template", "body", "templateId") from None
    return templates.as_json(found)


def options_of(wishes: Wishes) -> dict[str, Any]:
    """The wishes of one episode, as it keeps them."""
    said = wishes.model_dump(mode="json", by_alias=True, exclude_none=True)
    kept = {name: said[name] for name in (*_PLAIN, "format", "speakers", "music") if name in said}
    kept["formats"] = list(dict.fromkeys(["mp3", *wishes.formats]))
    return kept


def update(
    context: AppContext, session: WriteSession, principal: Principal, key: str, wanted: EpisodeUpdate
) -> Episode:
    """Give an episode another title or description."""
    episode = lock(session, principal, key)
    if wanted.title is not None:
        episode.title, episode.is_titled = wanted.title, True
        with suppress(OSError):  # the row counts
            files.amend_metadata(files.root_of(context.settings), key, title=wanted.title)
    if wanted.description is not None:
        episode.description = wanted.description
    queueing.announce(context, session, episode)
    _note(session, principal, "update", episode)
    return episode


def cancel(context: AppContext, session: WriteSession, principal: Principal, key: str) -> Episode:
    """End the work on an episode; what was done is kept. Raises `Conflict` if nothing waits or runs."""
    episode = lock(session, principal, key)
    if episode.status in _ENDED:
        raise Conflict("Nothing is being made of this episode")
    queueing.withdraw(context, session, episode, EpisodeStatus.CANCELLED)
    # A host that wakes up after a long time finds nothing to publish.
    session.after_commit(EpisodeFolder(files.root_of(context.settings), key, episode.claim).withdraw)
    queueing.announce(context, session, episode)
    _note(session, principal, "cancel", episode)
    return episode


def go_on(
    context: AppContext, session: WriteSession, principal: Principal, key: str, wanted: ContinueIn
) -> Episode:
    """Go on with an episode that has failed or was cancelled; nothing that was done is done again. Raises `Conflict`,
    `NotAllowed`."""
    episode = lock(session, principal, key)
    if episode.status not in (EpisodeStatus.FAILED, EpisodeStatus.CANCELLED):
        raise Conflict("Only an episode that has failed or was cancelled can be continued")
    require_free_choice(context, principal, wanted)
    quota.require(session, context.settings, principal, 0.0, owner_id=episode.user_id)
    changed = wanted.model_dump(exclude_none=True)
    if changed:
        episode.options = {**episode.options, **changed}
        episode.providers = {**episode.providers, **changed}
    episode.failures, episode.next_attempt_at = 0, None
    queueing.queue(context, session, episode)
    _note(session, principal, "continue", episode, **changed)
    return episode


def approve(
    context: AppContext, session: WriteSession, principal: Principal, key: str, version: int | None
) -> Episode:
    """Let a script be spoken that waits for it. Raises `Conflict` if none waits, `NotFound` without that version."""
    episode = lock(session, principal, key)
    if episode.status != EpisodeStatus.WAITING:
        raise Conflict("No script waits for approval")
    return _voice(context, session, principal, episode, version, "approve")


def voice(
    context: AppContext, session: WriteSession, principal: Principal, key: str, wanted: VoiceIn
) -> Episode:
    """Have a script spoken, also once more with other voices. Raises `Conflict`, `NotFound`, `NotAllowed`,
    `RuleBroken`."""
    episode = lock(session, principal, key)
    if queueing.is_busy(episode):
        raise Conflict(BUSY_NOW)
    require_free_choice(context, principal, wanted)
    said = wanted.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"version"})
    require_free_voices(context, principal, wanted.speakers)
    if wanted.speakers is not None:
        require_speakers(session, episode, wanted)
    if wanted.formats is not None:
        said["formats"] = list(dict.fromkeys(["mp3", *wanted.formats]))
    episode.options = {**episode.options, **said}
    if wanted.tts is not None:
        episode.providers = {**episode.providers, "tts": wanted.tts}
    return _voice(context, session, principal, episode, wanted.version, "voice")


def require_speakers(session: ReadSession, episode: Episode, wanted: VoiceIn) -> None:
    """Raises `RuleBroken` if somebody who speaks in the script is not among the speakers."""
    row = _version(session, episode, wanted.version)
    named = {speaker.name for speaker in wanted.speakers or ()}
    for turn in row.script.get("turns", ()):
        if turn["speaker"] not in named:
            raise RuleBroken(f"{turn['speaker']} speaks in the script, too", "body", "speakers")


def _voice(
    context: AppContext,
    session: WriteSession,
    principal: Principal,
    episode: Episode,
    version: int | None,
    verb: str,
) -> Episode:
    row = _version(session, episode, version)
    quota.require(session, context.settings, principal, 0.0, owner_id=episode.user_id)
    episode.approved_version = row.version
    episode.failures, episode.next_attempt_at = 0, None
    queueing.queue(context, session, episode)
    _note(session, principal, verb, episode, version=row.version)
    return episode


def _version(session: ReadSession, episode: Episode, version: int | None) -> EpisodeScript:
    row = repository.script(session, episode.id, version)
    if row is None:
        raise Conflict("There is no script yet") if version is None else NotFound("There is no such version")
    return row


def translate(
    context: AppContext, session: WriteSession, principal: Principal, key: str, wanted: TranslateIn
) -> Episode:
    """A new episode of the same script in another language. Raises `Conflict`, `NotFound`, `RuleBroken`."""
    episode = get(session, principal, key)
    row = _version(session, episode, wanted.version)
    if wanted.language.casefold() == row.language.casefold():
        raise RuleBroken("the script is in this language already", "body", "language")
    require_free_voices(context, principal, wanted.speakers)
    options = {name: value for name, value in episode.options.items() if name not in ("title", "translate")}
    wishes = Wishes(title=wanted.title, template_id=None, language=wanted.language, approve=wanted.approve)
    said = wanted.model_dump(mode="json", by_alias=True, exclude_none=True)
    more = {
        **options,
        "language": wanted.language,
        "speakers": said.get("speakers") or options.get("speakers"),
        "translate": {"language": wanted.language, "version": row.version},
    }
    source = NewSource(SourceKind.EPISODE, episode=episode.key)
    made = create(
        session,
        context,
        principal,
        wishes,
        [source],
        more={name: value for name, value in more.items() if value is not None},
    )
    made.template_id, made.template = episode.template_id, dict(episode.template)
    return made


def remove(context: AppContext, session: WriteSession, principal: Principal, key: str) -> Episode:
    """Delete an episode with all its files."""
    episode = lock(session, principal, key)
    queueing.withdraw(context, session, episode, EpisodeStatus.CANCELLED)
    queueing.announce(context, session, episode, deleted=True)
    _note(session, principal, "delete", episode)
    session.delete(episode)
    root, gone = files.root_of(context.settings), episode.key
    session.after_commit(lambda: files.remove_all(root, gone))
    return episode


def hand_over(session: WriteSession, giver_id: int, taker_id: int) -> int:
    """Give all episodes of one user to another; how many."""
    return repository.hand_over(session, giver_id, taker_id)


def remove_all(context: AppContext, session: WriteSession, user_id: int) -> int:
    """Delete all episodes of a user, who goes, with all their files; how many."""
    episodes = repository.lock_of_user(session, user_id)
    root, keys = files.root_of(context.settings), [episode.key for episode in episodes]
    for episode in episodes:
        queueing.withdraw(context, session, episode, EpisodeStatus.CANCELLED)
        session.delete(episode)
    session.flush()

    def sweep() -> None:
        for key in keys:
            files.remove_all(root, key)

    session.after_commit(sweep)
    return len(keys)


def _note(session: WriteSession, principal: Principal, verb: str, episode: Episode, **details: Any) -> None:
    about = {"title": episode.title, **details}
    audit.record(
        session, f"episode.{verb}", principal=principal, subject=f"episode:{episode.id}", details=about
    )
