"""What the media of each link take."""

from __future__ import annotations

from sqlalchemy import func, select

from magpie.accounts.ownership import visible_to
from magpie.accounts.principal import Principal
from magpie.accounts.security import CurrentUser
from magpie.kit.db import ReadSession
from magpie.kit.errors import NotAuthenticated, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb
from magpie.library.care.schemas import Share
from magpie.library.models import Item
from magpie.links.models import Link, LinkEntry

LARGEST = 100

router = SliceRouter(prefix="/api/v1/library", tags=["library"], responses=responses(NotAuthenticated))


@router.get("/storage/links")
def get_storage_of_links(user: CurrentUser, session: ReadDb) -> list[Share]:
    """How much the media that each link brought take, the largest hundred links."""
    return by_link(session, user)


def by_link(session: ReadSession, principal: Principal) -> list[Share]:
    """The largest links of those that `principal` may see. What two links brought counts for both."""
    size = func.sum(Item.size)
    query = (
        select(Link.id, Link.name, func.count(), size)
        .join(LinkEntry, LinkEntry.link_id == Link.id)
        .join(Item, Item.id == LinkEntry.item_id)
        .where(visible_to(principal, Link.user_id))
        .group_by(Link.id, Link.name)
        .order_by(size.desc(), Link.id)
        .limit(LARGEST)
    )
    rows = session.execute(query).all()
    return [Share(id=link_id, name=name, items=items, bytes=total) for link_id, name, items, total in rows]
