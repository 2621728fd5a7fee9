"""A second look, once, at what a link has brought: the site may have a better quality by now."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from magpie.context import AppContext
from magpie.downloads import service as downloads
from magpie.downloads.failures import Reason
from magpie.downloads.lists import hints_of
from magpie.downloads.models import Download, Status
from magpie.kit.db import WriteSession
from magpie.links.checks import repository as entries
from magpie.links.models import Link, LinkEntry, Verdict
from magpie.links.retention import repository

AT_ONCE = 20  # of one link in one turn
PRIORITY = 400  # after everything that is not there at all
PICTURES = "pictures"  # among an entry's facts: how many the page shows
LONGEST_DAYS = 400_000.0
REPLACED = "A better quality has taken the place of the first."


def begin_due(context: AppContext, link_id: int, now: datetime) -> int:
    """Have a link's media looked at again whose time has come; how many."""
    with context.database.read() as session:
        link = session.get(Link, link_id)
        days = link.retention.get("upgrade_after_days") if link is not None else None
        if isinstance(days, bool) or not isinstance(days, int | float) or not math.isfinite(days):
            return 0
        due = repository.due_for_upgrade(session, link_id, min(days, LONGEST_DAYS), now, AT_ONCE)
    if not due:
        return 0
    with context.database.write() as session:
        link = session.get(Link, link_id)
        if link is None:
            return 0
        return sum(_begin(context, session, link, entry_id, now) for entry_id in due)


def _begin(context: AppContext, session: WriteSession, link: Link, entry_id: int, now: datetime) -> bool:
    entry = entries.lock_entry(session, entry_id)
    if entry is None or entry.verdict != Verdict.DOWNLOADED or entry.upgraded_at is not None:
        return False
    entry.upgraded_at = now
    look_again(context, session, link, entry)
    return True


def look_again(context: AppContext, session: WriteSession, link: Link, entry: LinkEntry) -> None:
    """Have what is in the library replaced if the source has it better, or more of it."""
    wanted = downloads.Wanted(
        url=entry.url,
        profile=link.profile,
        link_id=link.id,
        entry_id=entry.id,
        priority=PRIORITY,
        is_upgrade=True,
        hints=hints_of(entry.facts),
    )
    download = downloads.create(context, session, link.user_id, wanted)
    download.title = entry.title


def has_grown(known: LinkEntry, told: Mapping[str, Any]) -> bool:
    """Whether a gallery that is in the library shows more pictures than when it was looked at last."""
    before, now = known.facts.get(PICTURES), told.get(PICTURES)
    held = known.verdict == Verdict.DOWNLOADED and known.item_id is not None
    return held and isinstance(before, int) and isinstance(now, int) and now > before


def ended(entry: LinkEntry, download: Download) -> None:
    """What came of it stands with the entry; its medium is in the library either way."""
    if entry.verdict != Verdict.DOWNLOADED:  # taken away meanwhile
        return
    if entry.facts.get(PICTURES) is not None:
        _gallery_ended(entry, download)
    elif download.status == Status.COMPLETED:
        entry.detail = REPLACED
    elif download.status == Status.CANCELLED:
        entry.detail = "Looking for a better quality was cancelled; the first is kept."
    else:
        entry.detail = (
            f"Looked for a better quality; the first is kept. {download.error_message or ''}".strip()
        )


def _gallery_ended(entry: LinkEntry, download: Download) -> None:
    if download.status == Status.COMPLETED:
        entry.detail = "The gallery has grown: it is complete again."
    elif download.reason != Reason.ALREADY_HELD:
        entry.detail = (
            f"The gallery has grown; what there was is kept. {download.error_message or ''}".strip()
        )
        entry.facts = {**entry.facts, PICTURES: 0}  # the next check finds it grown again
