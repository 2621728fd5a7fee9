"""Media that a user has from elsewhere, by the keys of their yt-dlp archives: they are not fetched again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.links import tally
from magpie.links.checks.rules import Why
from magpie.links.models import ArchivedMedium, Link, LinkEntry, Verdict

BATCH = 500
DETAIL = "It is in an archive that you imported."
# What nobody has begun to fetch, and no person decided.
_UNDECIDED = (Verdict.LISTED, Verdict.WAITING, Verdict.FAILED)


def held(session: ReadSession, user_id: int, keys: Iterable[str]) -> set[str]:
    """Those of the keys (an entry's `source_key`) that the user has archived."""
    found: set[str] = set()
    for part in _parts(list(keys)):
        query = select(ArchivedMedium.source_key).where(ArchivedMedium.user_id == user_id)
        found |= set(session.scalars(query.where(ArchivedMedium.source_key.in_(part))))
    return found


def add(session: WriteSession, user_id: int, keys: Sequence[str]) -> int:
    """Remember these media, and let entries that wait for a decision know of it; how many were not known."""
    now, added = utcnow(), 0
    for part in _parts(keys):
        values = [{"user_id": user_id, "source_key": key, "created_at": now} for key in dict.fromkeys(part)]
        added += len(session.execute(_unless_there(session, values)).all())
        _decide(session, user_id, part)
    return added


def _unless_there(session: WriteSession, values: list[dict[str, Any]]) -> Any:
    postgres = session.get_bind().dialect.name == "postgresql"
    statement: Any = postgresql.insert(ArchivedMedium) if postgres else sqlite.insert(ArchivedMedium)
    return statement.values(values).on_conflict_do_nothing().returning(ArchivedMedium.id)


def _decide(session: WriteSession, user_id: int, keys: Sequence[str]) -> None:
    mine = select(Link.id).where(Link.user_id == user_id)
    concerned = (
        LinkEntry.link_id.in_(mine),
        LinkEntry.source_key.in_(keys),
        LinkEntry.verdict.in_(_UNDECIDED),
        LinkEntry.by_person.is_(False),
    )
    values = {"verdict": Verdict.SKIPPED, "reason": Why.ARCHIVE, "detail": DETAIL, "not_before": None}
    statement = update(LinkEntry).where(*concerned).values(values).returning(LinkEntry.link_id)
    for link_id in set(session.scalars(statement.execution_options(synchronize_session=False))):
        tally.changed(session, link_id)


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
