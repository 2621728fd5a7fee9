"""What of somebody's own an item belongs to: the links that have it, the collections that it was put into.

Superusers see everybody's links and collections, but an item's answer tells of their own only: whoever else keeps the
item, and in what, is not what they ask for.
"""

from __future__ import annotations

from sqlalchemy import Select, func, select

from magpie.accounts.ownership import kept_by
from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession
from magpie.library.models import Collection, CollectionItem
from magpie.links.models import Link, LinkEntry

MOST = 100


def links(session: ReadSession, principal: Principal, item_id: int) -> list[tuple[int, str]]:
    """Ids and names of the caller's links that have the item, by name."""
    having = select(LinkEntry.link_id).where(LinkEntry.item_id == item_id)
    query = select(Link.id, Link.name).where(Link.id.in_(having), kept_by(principal, Link.user_id))
    return _named(session, query.order_by(func.lower(Link.name), Link.id))


def collections(session: ReadSession, principal: Principal, item_id: int) -> list[tuple[int, str]]:
    """Ids and names of the caller's collections that the item was put into, by name. What a saved search finds changes
    with every item, so searches are not asked."""
    holding = select(CollectionItem.collection_id).where(CollectionItem.item_id == item_id)
    mine = kept_by(principal, Collection.user_id)
    query = select(Collection.id, Collection.name).where(Collection.id.in_(holding), mine)
    return _named(session, query.order_by(func.lower(Collection.name), Collection.id))


def _named(session: ReadSession, query: Select[int, str]) -> list[tuple[int, str]]:
    return [(number, name) for number, name in session.execute(query.limit(MOST))]
