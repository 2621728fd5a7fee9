"""How many entries a link has, by verdict: kept with the link, so that lists of links need not count.

Changes of `LinkEntry` objects are noticed here. Whoever changes entries by a statement calls `changed`. The count
is taken at the end of the unit of work, and stands in the same commit; the link's row is locked for it, the last
row of all.
"""

from __future__ import annotations

from sqlalchemy import event, func, select, update
from sqlalchemy.orm.attributes import set_committed_value

from magpie.kit.db import WriteSession
from magpie.links.models import Link, LinkEntry

_NOTED = "links whose entries changed"


def changed(session: WriteSession, link_id: int) -> None:
    """Have the link's entries counted anew before the unit of work is committed."""
    session.info.setdefault(_NOTED, set()).add(link_id)


@event.listens_for(WriteSession, "after_flush")
def _notice(session: WriteSession, _context: object) -> None:
    for changes in (session.new, session.dirty, session.deleted):
        for row in changes:
            if isinstance(row, LinkEntry):
                changed(session, row.link_id)


@event.listens_for(WriteSession, "before_commit")
def _count(session: WriteSession) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    for link_id in sorted(session.info.pop(_NOTED, ())):
        _store(session, link_id)


def _store(session: WriteSession, link_id: int) -> None:
    # Not in the way of rows that only refer to the link: whoever stores entries would wait for whoever counts them.
    locked = select(Link.id).where(Link.id == link_id).with_for_update(key_share=True)
    if session.scalar(locked) is None:
        return
    query = select(LinkEntry.verdict, func.count()).where(LinkEntry.link_id == link_id)
    counts = {str(verdict): count for verdict, count in session.execute(query.group_by(LinkEntry.verdict))}
    statement = update(Link).where(Link.id == link_id).values(counts=counts)
    session.execute(statement, execution_options={"synchronize_session": False})
    loaded = session.identity_map.get(session.identity_key(Link, link_id))
    if loaded is not None:
        set_committed_value(loaded, "counts", counts)
