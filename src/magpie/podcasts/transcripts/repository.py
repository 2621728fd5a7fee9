"""Queries of the transcripts of items."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update

from magpie.accounts.ownership import visible_to
from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession, WriteSession
from magpie.podcasts.models import ItemTranscript, TranscriptStatus

UNFINISHED = (TranscriptStatus.PENDING, TranscriptStatus.RUNNING)
_ENDED_BADLY = (TranscriptStatus.FAILED, TranscriptStatus.CANCELLED)
_UNSYNCHRONIZED = {"synchronize_session": False}


def of_item(session: ReadSession, principal: Principal, item_id: int) -> list[ItemTranscript]:
    """The caller's transcripts of an item, newest first."""
    mine = visible_to(principal, ItemTranscript.user_id)
    query = select(ItemTranscript).where(ItemTranscript.item_id == item_id, mine)
    return list(session.scalars(query.order_by(ItemTranscript.id.desc())))


def get(session: ReadSession, transcript_id: int) -> ItemTranscript | None:
    return session.get(ItemTranscript, transcript_id)


def lock(session: WriteSession, transcript_id: int) -> ItemTranscript | None:
    """The row as it is now, nobody else's to change until the unit of work ends."""
    query = select(ItemTranscript).where(ItemTranscript.id == transcript_id)
    query = query.with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def lock_by_key(session: WriteSession, key: str) -> ItemTranscript | None:
    query = select(ItemTranscript).where(ItemTranscript.key == key).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def still_mine(session: WriteSession, transcript_id: int, claim: int, **values: Any) -> bool:
    """Write values into the row if the work on it still holds it."""
    held = update(ItemTranscript).where(
        ItemTranscript.id == transcript_id,
        ItemTranscript.claim == claim,
        ItemTranscript.status == TranscriptStatus.RUNNING,
    )
    result: Any = session.execute(held.values(values or {"claim": claim}), execution_options=_UNSYNCHRONIZED)
    return bool(result.rowcount)


def is_under_way(session: ReadSession, item_id: int) -> bool:
    """Whether anybody's transcript of the item waits or is being made."""
    query = select(ItemTranscript.id).where(
        ItemTranscript.item_id == item_id, ItemTranscript.status.in_(UNFINISHED)
    )
    return session.scalar(query.limit(1)) is not None


def count_unfinished(session: ReadSession, user_id: int) -> int:
    query = select(func.count()).select_from(ItemTranscript)
    query = query.where(ItemTranscript.user_id == user_id, ItemTranscript.status.in_(UNFINISHED))
    return session.scalar(query) or 0


def unfinished(session: ReadSession) -> list[ItemTranscript]:
    query = select(ItemTranscript).where(ItemTranscript.status.in_(UNFINISHED))
    return list(session.scalars(query.order_by(ItemTranscript.id)))


def forget_failures(session: WriteSession, item_id: int, user_id: int) -> None:
    """Forget a user's attempts at an item that came to nothing."""
    gone = delete(ItemTranscript).where(
        ItemTranscript.item_id == item_id,
        ItemTranscript.user_id == user_id,
        ItemTranscript.status.in_(_ENDED_BADLY),
    )
    session.execute(gone, execution_options=_UNSYNCHRONIZED)
