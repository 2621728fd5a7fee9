"""Digests over HTTP."""

from __future__ import annotations

from magpie.accounts.security import CurrentUser
from magpie.kit.errors import Conflict, NotAllowed, NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, RowId, WriteDb
from magpie.podcasts.digests import service
from magpie.podcasts.digests.schemas import DigestCreate, DigestOut, DigestUpdate
from magpie.web import Context

router = SliceRouter(prefix="/api/v1/digests", tags=["podcasts"], responses=responses(NotAuthenticated))

_MAKING = responses(RuleBroken, NotAllowed, Conflict)


@router.get("")
def list_digests(user: CurrentUser, session: ReadDb) -> list[DigestOut]:
    """Your digests: what is new at followed links and in feeds, as episodes on a schedule."""
    return service.digests_out(session, service.every(session, user))


@router.post("", responses=_MAKING)
def create_digest(body: DigestCreate, user: CurrentUser, session: WriteDb, context: Context) -> DigestOut:
    """A new digest. What is there now is not new."""
    return service.digests_out(session, [service.create(context, session, user, body)])[0]


@router.get("/{digest_id}", responses=responses(NotFound))
def get_digest(digest_id: RowId, user: CurrentUser, session: ReadDb) -> DigestOut:
    """One digest."""
    return service.digests_out(session, [service.get(session, user, digest_id)])[0]


@router.put("/{digest_id}", responses={**responses(NotFound), **_MAKING})
def update_digest(
    digest_id: RowId, body: DigestUpdate, user: CurrentUser, session: WriteDb, context: Context
) -> DigestOut:
    """Change a digest; what is left out stays."""
    return service.digests_out(session, [service.update(context, session, user, digest_id, body)])[0]


@router.delete("/{digest_id}", responses=responses(NotFound))
def delete_digest(digest_id: RowId, user: CurrentUser, session: WriteDb) -> DigestOut:
    """Delete a digest. The episodes that it has made stay."""
    answer = service.digests_out(session, [service.get(session, user, digest_id)])[0]
    service.remove(session, user, digest_id)
    return answer


@router.post("/{digest_id}/run", responses=responses(NotFound))
def run_digest(digest_id: RowId, user: CurrentUser, session: WriteDb, context: Context) -> DigestOut:
    """Look for what is new now; if there is anything, an episode of it is begun."""
    return service.digests_out(session, [service.run(context, session, user, digest_id)])[0]
