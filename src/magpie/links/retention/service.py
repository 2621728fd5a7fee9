"""Taking away what a link does not keep: a dry run, and the work itself."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.library import service as library
from magpie.links import service as links
from magpie.links.checks import repository as entries
from magpie.links.models import Link, Verdict
from magpie.links.retention import repository
from magpie.links.retention.plan import Going, Limits, going, sentence

log = structlog.get_logger(__name__)

SAMPLES = 20
BATCH = 50  # entries of one unit of work, so that the writer's lock is held briefly


@dataclass(frozen=True, slots=True)
class Trial:
    """What would go. `size`: bytes that leave the user's library; `freed`: of those, bytes on the disk."""

    held: int
    count: int
    size: int
    freed: int
    stays: dict[str, int]
    samples: list[Going]


def try_retention(
    session: ReadSession, principal: Principal, link_id: int, retention: Mapping[str, Any] | None
) -> Trial:
    """What this retention (None: the link's own) would take away now. Nothing is changed. Raises `NotFound`."""
    link = links.get(session, principal, link_id)
    held = repository.held(session, link.id)
    found = going(held, Limits.of(link.retention if retention is None else retention), utcnow())
    return Trial(
        held=len(held),
        count=len(found),
        size=sum(one.held.size for one in found if one.leaves_library),
        freed=sum(one.freed for one in found),
        stays=dict(Counter(one.stays.value for one in held if one.stays is not None)),
        samples=found[:SAMPLES],
    )


def apply(context: AppContext, link_id: int, now: datetime, deadline: float = float("inf")) -> int:
    """Take away what the link does not keep; how many went. Ends at the monotonic `deadline`; the rest goes later."""
    with context.database.read() as session:
        link = session.get(Link, link_id)
        limits = Limits.of(link.retention) if link is not None else Limits()
        doomed = going(repository.held(session, link_id), limits, now) if limits else []
    # In the order in which items are locked everywhere.
    doomed.sort(key=lambda one: one.held.item_id)
    gone = 0
    for start in range(0, len(doomed), BATCH):
        if time.monotonic() >= deadline:
            break
        with context.database.write() as session:
            gone += _take_away(context, session, link_id, limits, doomed[start : start + BATCH])
    return gone


def _take_away(
    context: AppContext, session: WriteSession, link_id: int, limits: Limits, doomed: list[Going]
) -> int:
    link = session.get(Link, link_id)
    if link is None or Limits.of(link.retention) != limits:  # a person has just changed it
        return 0
    gone = [one for one in doomed if _let_go(session, link, limits, one)]
    if gone:
        details = {
            "name": link.name,
            "count": len(gone),
            "bytes": sum(one.held.size for one in gone),
            "titles": [one.held.title for one in gone[:SAMPLES]],
        }
        audit.record(session, "link.retention", principal=None, subject=f"link:{link.id}", details=details)
        filing = library.filing_of(context)
        session.after_commit(lambda: filing.recover(library.DELETED, 0))
        log.info("retention_applied", link_id=link.id, count=len(gone))
    return len(gone)


def _let_go(session: WriteSession, link: Link, limits: Limits, doomed: Going) -> bool:
    """Whether it went: looked at again with the item locked, since somebody may have pinned it or asked for it."""
    item_id, entry_id = doomed.held.item_id, doomed.held.entry_id
    library.lock_item(session, item_id)
    session.flush()
    present = next(iter(repository.held(session, link.id, [entry_id])), None)
    if present is None or present.item_id != item_id or present.stays is not None:
        return False
    if not present.held_by_link and not library.release(session, item_id, link.user_id):
        return False
    entry = entries.lock_entry(session, entry_id)
    if entry is None or entry.verdict not in (Verdict.DOWNLOADED, Verdict.SKIPPED):
        return True
    repository.let_go(entry, sentence(doomed.rule, limits))
    session.flush()
    return True
