"""What the items that are meant have in common: how many are of which kind, site, artist, and so on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from magpie.accounts.ownership import visible_to
from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession
from magpie.library.filtering import Filter
from magpie.library.listing import ask, settled
from magpie.library.models import Item, ItemTag
from magpie.links.models import Link, LinkEntry

# So many items, the newest, are looked at, and so many values of each facet are told.
MOST_COUNTED = 5000
MOST_VALUES = 30


@dataclass(frozen=True, slots=True)
class Facets:
    """By facet, values with their counts, the most frequent first; `links` by id and name.

    `counted` items were looked at, the newest; `is_exact`: that they are all.
    """

    counted: int
    is_exact: bool
    values: dict[str, list[tuple[str, int]]]
    links: list[tuple[int, str, int]]


def facets(session: ReadSession, principal: Principal, wanted: Filter) -> Facets:
    """The facets of the items that are meant."""
    ids = settled(session, ask(session, principal, wanted)).newest(session, MOST_COUNTED + 1)
    is_exact, ids = len(ids) <= MOST_COUNTED, ids[:MOST_COUNTED]
    columns = (Item.kind, Item.site, Item.artist, Item.album, Item.genre)
    rows = session.execute(select(*columns).where(Item.id.in_(ids))).all()
    values = {column.key: _most(row[at] for row in rows) for at, column in enumerate(columns)}
    tagged = select(ItemTag.name).where(ItemTag.user_id == principal.id, ItemTag.item_id.in_(ids))
    values["tag"] = _most(session.scalars(tagged))
    return Facets(len(ids), is_exact, values, _links(session, principal, ids))


def _most(values: Iterable[str | None]) -> list[tuple[str, int]]:
    counts = Counter(value for value in values if value)
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:MOST_VALUES]


def _links(session: ReadSession, principal: Principal, ids: list[int]) -> list[tuple[int, str, int]]:
    count = func.count(LinkEntry.item_id.distinct())
    query = select(Link.id, Link.name, count).join(LinkEntry, LinkEntry.link_id == Link.id)
    query = query.where(LinkEntry.item_id.in_(ids), visible_to(principal, Link.user_id))
    most = query.group_by(Link.id, Link.name).order_by(count.desc(), Link.id).limit(MOST_VALUES)
    return [(link_id, name, number) for link_id, name, number in session.execute(most)]
