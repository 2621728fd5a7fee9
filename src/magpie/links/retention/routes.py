"""A link's retention over HTTP."""

from __future__ import annotations

from magpie.accounts.security import CurrentUser
from magpie.kit.errors import NotAuthenticated, NotFound, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, RowId
from magpie.links.retention import service
from magpie.links.retention.plan import Going
from magpie.links.retention.schemas import Doomed, RetentionTrial, TryRetention

router = SliceRouter(prefix="/api/v1/links", tags=["links"], responses=responses(NotAuthenticated))


@router.post("/{link_id}/try-retention", responses=responses(NotFound))
def try_retention(link_id: RowId, body: TryRetention, user: CurrentUser, session: ReadDb) -> RetentionTrial:
    """What a retention would take away now. Nothing is changed."""
    given = body.retention.model_dump(mode="json") if body.retention is not None else None
    tried = service.try_retention(session, user, link_id, given)
    return RetentionTrial(
        held=tried.held,
        count=tried.count,
        bytes=tried.size,
        freed_bytes=tried.freed,
        stays=tried.stays,
        samples=[_doomed(one) for one in tried.samples],
    )


def _doomed(one: Going) -> Doomed:
    held = one.held
    return Doomed(
        entry_id=held.entry_id,
        item_id=held.item_id,
        title=held.title,
        size=held.size,
        since=held.since,
        rule=one.rule.value,
        stays_for="link" if held.held_by_link else "user" if held.held_by_user else None,
    )
