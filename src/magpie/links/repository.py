"""Queries of links. Those of their entries stand with what uses them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased

from magpie.accounts.ownership import visible_to
from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession, WriteSession
from magpie.links.addresses import folded, tag_line
from magpie.links.models import Link, LinkEntry, LinkStatus


@dataclass(frozen=True, slots=True)
class Choice:
    """Which links are asked for; what is None does not matter."""

    q: str | None = None
    tag: str | None = None
    type: str | None = None
    status: str | None = None
    is_enabled: bool | None = None
    site: str | None = None


def _like(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _conditions(principal: Principal, choice: Choice, busy: dict[int, bool]) -> list[ColumnElement[bool]]:
    """`busy`: the links whose downloads run, and whether one of those records."""
    conditions = [visible_to(principal, Link.user_id)]
    conditions += [Link.search.like(_like(word), escape="\\") for word in folded(choice.q or "").split()]
    if choice.tag:
        conditions.append(Link.search.like(_like(tag_line(choice.tag)), escape="\\"))
    if choice.type:
        conditions.append(Link.type == choice.type)
    if choice.is_enabled is not None:
        conditions.append(Link.is_enabled.is_(choice.is_enabled))
    if choice.site:
        conditions.append(Link.site == choice.site)
    if choice.status:
        conditions += _has_status(choice.status, busy)
    return conditions


def _has_status(status: str, busy: dict[int, bool]) -> list[ColumnElement[bool]]:
    """As `service.status_of` tells it."""
    recording = [link_id for link_id, records in busy.items() if records]
    downloading = [link_id for link_id, records in busy.items() if not records]
    not_checking = Link.status != LinkStatus.CHECKING
    if status == LinkStatus.RECORDING:
        return [Link.id.in_(recording), not_checking]
    if status == LinkStatus.DOWNLOADING:
        return [Link.id.in_(downloading), not_checking]
    if status == LinkStatus.CHECKING:
        return [Link.status == status]
    return [Link.status == status, Link.id.not_in(list(busy))]


def page(
    session: ReadSession,
    principal: Principal,
    choice: Choice,
    busy: dict[int, bool],
    *,
    sort: str,
    skip: int,
    limit: int,
) -> tuple[list[Link], int]:
    """A page of links, and how many there are in all."""
    conditions = _conditions(principal, choice, busy)
    total = session.scalar(select(func.count()).select_from(Link).where(*conditions)) or 0
    query = _sorted(select(Link).where(*conditions), sort).offset(skip).limit(limit)
    return list(session.scalars(query)), total


def _sorted(query: Select[Link], sort: str) -> Select[Link]:
    if sort == "name":
        return query.order_by(func.lower(Link.name), Link.id)
    return query.order_by(Link.id.asc() if sort == "oldest" else Link.id.desc())


def get(session: ReadSession, link_id: int) -> Link | None:
    return session.get(Link, link_id)


def lock(session: WriteSession, link_id: int) -> Link | None:
    """The link as it is now, nobody else's to change until the unit of work ends."""
    query = select(Link).where(Link.id == link_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def of_user(session: ReadSession, user_id: int) -> list[int]:
    """Ids of a user's links, in the order in which they are locked."""
    return list(session.scalars(select(Link.id).where(Link.user_id == user_id).order_by(Link.id)))


def by_keys(session: ReadSession, user_id: int, keys: Collection[str]) -> dict[str, Link]:
    """A user's links by `url_key`."""
    found: dict[str, Link] = {}
    wanted = list(keys)
    for start in range(0, len(wanted), 500):
        query = select(Link).where(Link.user_id == user_id, Link.url_key.in_(wanted[start : start + 500]))
        found |= {link.url_key: link for link in session.scalars(query)}
    return found


def items_of_it_alone(session: ReadSession, link: Link) -> list[int]:
    """Items that came of this link and of no other link of its user, in the order in which they are locked."""
    mine, theirs, other = aliased(LinkEntry), aliased(LinkEntry), aliased(Link)
    elsewhere = exists().where(
        theirs.item_id == mine.item_id,
        theirs.link_id != link.id,
        other.id == theirs.link_id,
        other.user_id == link.user_id,
    )
    query = select(mine.item_id).where(mine.link_id == link.id, mine.item_id.is_not(None), ~elsewhere)
    return [item_id for item_id in session.scalars(query.distinct().order_by(mine.item_id)) if item_id]


def add(session: WriteSession, link: Link) -> None:
    """Raises IntegrityError if the user has a link of this address; the unit of work stays usable."""
    with session.begin_nested():
        session.add(link)
        session.flush()
