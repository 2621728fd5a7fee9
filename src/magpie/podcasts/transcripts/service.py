"""Transcripts of items: who may ask for one, and what becomes of it."""

from __future__ import annotations

from enum import StrEnum

from magpie.accounts.ownership import owned
from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, NotFound, RuleBroken
from magpie.library import service as library
from magpie.podcasts.models import ItemTranscript, TranscriptStatus
from magpie.podcasts.transcribers import languages
from magpie.podcasts.transcripts import queueing, repository

MOST_WAITING = 200  # of one user
_PLAYED = ("audio/", "video/")


class TranscriptFault(StrEnum):
    """Why there is no transcript; the first ones are the recogniser's own words."""

    NOT_CONFIGURED = "not_configured"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    LIMITED = "limited"
    UNKNOWN_MODEL = "unknown_model"
    LANGUAGE = "language"
    FAILING = "failing"
    UNREADABLE = "unreadable"
    SILENT = "silent"
    MISSING = "missing"
    DISK = "disk"
    CRASHED = "crashed"


def of_item(session: ReadSession, principal: Principal, item_id: int) -> list[ItemTranscript]:
    """The caller's transcripts of an item that is theirs, newest first. Raises `NotFound`."""
    library.get_item(session, principal, item_id)
    return repository.of_item(session, principal, item_id)


def begin(
    context: AppContext, session: WriteSession, principal: Principal, item_id: int, language: str | None
) -> ItemTranscript:
    """Have the item's sound written down. `language`: its tag, if it is known.

    Raises `NotFound`, `RuleBroken` for what is no language tag, and `Conflict` for an item without sound, for one that
    is being written down, and for a user of whom too many wait.
    """
    if language and not languages.is_tag(language):
        raise RuleBroken("must be a language tag, such as en or pt-BR", "body", "language")
    item = library.get_item(session, principal, item_id)
    library.lock_item(session, item.id)
    main = library.main_file(item)
    if main is None or not main.mime.startswith(_PLAYED):
        raise Conflict("There is nothing to be heard in this")
    if repository.is_under_way(session, item.id):
        raise Conflict("A transcript of this is being made already")
    if repository.count_unfinished(session, principal.id) >= MOST_WAITING:
        raise Conflict("Too many transcripts wait to be made")
    repository.forget_failures(session, item.id, principal.id)
    transcript = ItemTranscript(item_id=item.id, user_id=principal.id, language=language or None)
    session.add(transcript)
    session.flush()
    _note(session, "item.transcribe", principal, item.id, item.title, language)
    queueing.queue(context, session, transcript)
    return transcript


def remove(
    context: AppContext, session: WriteSession, principal: Principal, item_id: int, transcript_id: int
) -> ItemTranscript:
    """Stop one that is being made; delete a finished one with its subtitles. It is given back as it was left.

    Raises `NotFound`.
    """
    item = library.get_item(session, principal, item_id)
    library.lock_item(session, item.id)
    transcript = owned(repository.lock(session, transcript_id), principal)
    if transcript.item_id != item.id:
        raise NotFound
    if transcript.status in repository.UNFINISHED:
        queueing.end(context, session, transcript, TranscriptStatus.CANCELLED)
        _note(session, "item.transcript_cancel", principal, item.id, item.title, transcript.language)
        return transcript
    if transcript.file_id is not None:
        library.remove_file(session, library.filing_of(context), item.id, transcript.file_id)
    session.delete(transcript)
    _note(session, "item.transcript_delete", principal, item.id, item.title, transcript.language)
    return transcript


def _note(
    session: WriteSession, action: str, principal: Principal, item_id: int, title: str, language: str | None
) -> None:
    details = {"title": title, "language": language}
    audit.record(session, action, principal=principal, subject=f"item:{item_id}", details=details)
