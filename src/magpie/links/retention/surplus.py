"""What is not fetched at all, because retention would take it away at once.

Of a channel of ten thousand of which the newest five are kept, five are fetched.
"""

from __future__ import annotations

from collections.abc import Sequence

from magpie.kit.db import WriteSession
from magpie.links.models import Link, LinkEntry
from magpie.links.retention import repository
from magpie.links.retention.plan import GIGABYTE, Limits


def without_surplus(session: WriteSession, link: Link, entries: Sequence[LinkEntry]) -> list[LinkEntry]:
    """Those of the entries (newest first) that would stay; the others, and all older ones that wait, are left out."""
    limits = Limits.of(link.retention)
    if not entries or (limits.keep_last is None and limits.bytes_kept is None):
        return list(entries)
    session.flush()
    before = repository.newest_held(session, link.id)
    for place, entry in enumerate(entries):
        newer = [size for rank, size in before if rank > entry.rank]
        if _is_full(place + len(newer), sum(newer), limits) and not entry.by_person:
            repository.leave_out_below(session, link.id, entry.rank, _sentence(limits))
            return list(entries[:place])
    return list(entries)


def _is_full(count: int, size: int, limits: Limits) -> bool:
    if limits.keep_last is not None and count >= limits.keep_last:
        return True
    return limits.bytes_kept is not None and size >= limits.bytes_kept


def _sentence(limits: Limits) -> str:
    if limits.keep_last is not None:
        return f"Only the newest {limits.keep_last} of this link are kept."
    return f"Only {(limits.bytes_kept or 0) / GIGABYTE:g} GB of this link are kept, the newest first."
