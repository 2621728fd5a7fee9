"""A link's catalogue over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from magpie.accounts.security import CurrentUser
from magpie.kit.errors import Conflict, NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, RowId, WriteDb
from magpie.links import catalogue
from magpie.links.catalogue_schemas import (
    EntryOut,
    EntryPage,
    Trial,
    TriedEntry,
    TryRules,
    VerdictCount,
    VerdictName,
)
from magpie.links.models import LinkEntry
from magpie.web import Context

router = SliceRouter(prefix="/api/v1/links", tags=["links"], responses=responses(NotAuthenticated))


def entry_out(entry: LinkEntry) -> EntryOut:
    fields = {name: getattr(entry, name) for name in EntryOut.model_fields if name != "why"}
    return EntryOut(**fields, why=catalogue.why(entry))


@router.get("/{link_id}/entries", responses=responses(NotFound, RuleBroken))
def list_entries(
    link_id: RowId,
    user: CurrentUser,
    session: ReadDb,
    verdict: VerdictName | None = None,
    reason: Annotated[str | None, Query(max_length=32)] = None,
    q: Annotated[str | None, Query(max_length=200, description="words in the title")] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> EntryPage:
    """All that was ever seen at a link, newest first, each with the reason why it was or was not downloaded."""
    found = catalogue.page(
        session, user, link_id, verdict=verdict, reason=reason, q=q, cursor=cursor, limit=limit
    )
    entries = [entry_out(entry) for entry in found.entries]
    return EntryPage(entries=entries, next_cursor=found.next_cursor, total=found.total)


@router.post("/{link_id}/entries/{entry_id}/download", responses=responses(NotFound, Conflict))
def download_entry(
    link_id: RowId, entry_id: RowId, user: CurrentUser, session: WriteDb, context: Context
) -> EntryOut:
    """Download this one now, whatever the rules say. The decision is remembered."""
    return entry_out(catalogue.download(context, session, user, link_id, entry_id))


@router.post("/{link_id}/entries/{entry_id}/skip", responses=responses(NotFound, Conflict))
def skip_entry(
    link_id: RowId, entry_id: RowId, user: CurrentUser, session: WriteDb, context: Context
) -> EntryOut:
    """Leave this one out, whatever the rules say; its download ends. The decision is remembered."""
    return entry_out(catalogue.skip(context, session, user, link_id, entry_id))


@router.post("/{link_id}/try-rules", responses=responses(NotFound))
def try_rules(link_id: RowId, body: TryRules, user: CurrentUser, session: ReadDb) -> Trial:
    """What rules would make of the whole catalogue. Nothing is changed."""
    tried = catalogue.try_rules(session, user, link_id, body.filters)
    counts = [
        VerdictCount.model_validate({"verdict": verdict, "reason": reason, "count": count})
        for (verdict, reason), count in sorted(
            tried.counts.items(), key=lambda one: (-one[1], one[0][0], one[0][1] or "")
        )
    ]
    return Trial(
        total=tried.total,
        counts=counts,
        wanted=tried.wanted,
        unwanted=tried.unwanted,
        held_but_ruled_out=tried.held_but_ruled_out,
        lacking=tried.open,
        samples=[TriedEntry.model_validate(sample, from_attributes=True) for sample in tried.samples],
    )
