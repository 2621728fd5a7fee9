"""Links that lead to one broadcaster's stream: every broadcast at the same address is another medium.

A stream whose extractor names each broadcast needs nothing of this. One that is known by its address only is recorded
anew when it is on air again after its recording has ended; the entry of the former broadcast makes room for the next.
"""

from __future__ import annotations

import uuid

from sqlalchemy import update

from magpie.downloads.extractors.listing import ListedEntry
from magpie.kit.db import WriteSession
from magpie.links.models import Link, LinkEntry, Verdict

LIVE = "live"
_BY_ADDRESS = "web "  # how keys begin that stand for an address


def is_on_air(entry: ListedEntry) -> bool:
    return entry.kind == LIVE and entry.facts.get("live_status", "is_live") == "is_live"


def is_another_broadcast(link: Link, known: LinkEntry, entry: ListedEntry) -> bool:
    """Whether what is on air now is not what the known entry has recorded. One that a person has ended is the same
    as long as it has not been off the air."""
    if (
        link.type != LIVE
        or not known.source_key.startswith(_BY_ADDRESS)
        or known.verdict != Verdict.DOWNLOADED
    ):
        return False
    if not is_on_air(entry):
        known.by_person = False
        return False
    return not known.by_person


def set_aside(session: WriteSession, known: LinkEntry) -> None:
    """The entry stands for its own broadcast from now on, no more for whatever is at the address."""
    known.source_key = f"{_BY_ADDRESS}{known.url_digest} {known.id}"
    known.url_digest = uuid.uuid4().hex
    session.flush()


def off_air(session: WriteSession, link: Link) -> None:
    """Nothing is broadcast: what comes next is another broadcast, also after one that a person has ended."""
    if link.type != LIVE:
        return
    statement = update(LinkEntry).where(
        LinkEntry.link_id == link.id, LinkEntry.verdict == Verdict.DOWNLOADED, LinkEntry.by_person.is_(True)
    )
    session.execute(statement.values(by_person=False), execution_options={"synchronize_session": "fetch"})
