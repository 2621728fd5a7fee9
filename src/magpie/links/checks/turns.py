"""The queue of a link: which of its wanted entries are downloads already, and which wait for their turn.

A channel of ten thousand does not become ten thousand jobs. So many downloads of a link wait at once, and as they
end others take their place. Within a site the links take turns: each download's priority grows with its place in
its link's queue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from magpie.context import AppContext
from magpie.downloads import service as downloads
from magpie.downloads.lists import hints_of
from magpie.downloads.models import Download
from magpie.history import service as history
from magpie.kit.db import WriteSession
from magpie.links.checks import repository
from magpie.links.models import Link, LinkEntry, Verdict
from magpie.links.retention.surplus import without_surplus

WINDOW = 200  # downloads of one link that wait or run at once
LOW = 150  # with fewer than this, others take their turn
STEP = 50  # so many at once, so that the writer's lock is held briefly

NOW = 0  # a person waits for it
NEW = 50  # what has just come out
BACKFILL = 200  # what was there before

_ENDING = "links whose downloads end"


def begin(
    context: AppContext,
    session: WriteSession,
    link: Link,
    entries: Sequence[LinkEntry],
    priority: int,
    history_id: int | None = None,
) -> list[Download]:
    """Make downloads of these entries. `history_id`: the check that they belong to; None: the one that saw them."""
    checks = {history_id} if history_id is not None else {entry.history_id for entry in entries}
    there = history.existing(session, {number for number in checks if number is not None})
    begun = [
        _download(context, session, link, entry, priority + place, _one_of(there, history_id, entry))
        for place, entry in enumerate(entries)
    ]
    for number, count in Counter(one.history_id for one in begun).items():
        if number is not None:
            history.queued(session, number, count)
    return begun


def _one_of(there: set[int], history_id: int | None, entry: LinkEntry) -> int | None:
    """The check that a download belongs to; None if its record has been forgotten."""
    number = history_id if history_id is not None else entry.history_id
    return number if number in there else None


def _download(
    context: AppContext,
    session: WriteSession,
    link: Link,
    entry: LinkEntry,
    priority: int,
    history_id: int | None,
) -> Download:
    entry.verdict = Verdict.WANTED
    entry.reason = entry.detail = entry.not_before = None
    wanted = downloads.Wanted(
        url=entry.url,
        profile=link.profile,
        link_id=link.id,
        entry_id=entry.id,
        history_id=history_id,
        priority=priority,
        hints=hints_of(entry.facts),
    )
    download = downloads.create(context, session, link.user_id, wanted)
    download.title = entry.title  # until the site has been asked
    return download


def begin_new(context: AppContext, session: WriteSession, link: Link, entries: Sequence[LinkEntry]) -> int:
    """Make downloads of what has just come out, as far as the link's window reaches; how many."""
    room = WINDOW - repository.verdict_count(session, link.id, Verdict.WANTED)
    wanted = without_surplus(session, link, entries[: max(0, room)])
    return len(begin(context, session, link, wanted, NEW))


def begin_no_more(session: WriteSession, link_id: int) -> None:
    """In this unit of work the link's downloads end for good: nobody takes the place of those that are cancelled."""
    session.info.setdefault(_ENDING, set()).add(link_id)


def fill(context: AppContext, session: WriteSession, link: Link, *, most: int = STEP) -> int:
    """Let the next ones of a link take their turn if few are left in its queue; how many did."""
    if link.id in session.info.get(_ENDING, ()):
        return 0
    queued = repository.verdict_count(session, link.id, Verdict.WANTED)
    if queued > LOW:
        return 0
    entries = repository.take_turns(session, link.id, min(most, WINDOW - queued))
    wanted = without_surplus(session, link, entries)
    return len(begin(context, session, link, wanted, BACKFILL + queued))
