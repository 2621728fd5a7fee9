"""Every query of the library."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import aliased, selectinload

from magpie.accounts.principal import Principal
from magpie.downloads.extractors.port import Medium
from magpie.kit.db import ReadSession, WriteSession
from magpie.library.holding import held
from magpie.library.models import Item, ItemAlias, ItemFile, Membership, Placement


def get_item(
    session: ReadSession, principal: Principal, item_id: int, *, with_trash: bool = False
) -> Item | None:
    """The item, if it is the caller's; what lies in the trash only `with_trash`."""
    seen = held(principal)
    if with_trash:
        seen = or_(seen, held(principal, in_trash=True))
    return session.scalar(select(Item).where(Item.id == item_id, seen).options(selectinload(Item.files)))


@cache
def _is_it() -> ColumnElement[bool]:
    """Of `Item`: it is the stored item that a medium is (`_named`): the one that it was made one with, unless it was
    taken out of the trash since; or the one of its name. Made once: that takes longer than its answer."""
    again = exists().where(Membership.item_id == ItemAlias.merged_id, Membership.trashed_at.is_(None))
    own = aliased(Item)
    merged = select(ItemAlias.item_id).where(*_is_named(ItemAlias), ~again)
    named = select(own.id).where(*_is_named(own))
    return Item.id == func.coalesce(merged.scalar_subquery(), named.scalar_subquery())


@cache
def _found() -> Select[Item]:
    query = select(Item).where(_is_it()).options(selectinload(Item.files))
    return query.execution_options(populate_existing=True)


@cache
def _locked() -> Select[int]:
    return select(Item.id).where(_is_it()).with_for_update(of=Item)


_NAMES = ("extractor", "source_id", "kind", "quality")


def _is_named(table: type[Item | ItemAlias]) -> list[ColumnElement[bool]]:
    return [getattr(table, name) == bindparam(name) for name in _NAMES]


def _named(medium: Medium, quality: str) -> dict[str, str]:
    return dict(zip(_NAMES, (medium.extractor, medium.source_id, medium.kind.value, quality), strict=True))


def find_identity(session: ReadSession, medium: Medium, quality: str) -> Item | None:
    """The stored item that this medium is, in this quality class."""
    return session.scalar(_found(), _named(medium, quality))


def has_in_any_quality(session: ReadSession, medium: Medium, user_id: int | None) -> bool:
    """Whether the user's library has the medium, saved in whatever way."""
    mine = Membership.user_id.is_(None) if user_id is None else Membership.user_id == user_id
    query = (
        select(Item.id)
        .join(Membership)
        .where(
            Item.extractor == medium.extractor,
            Item.source_id == medium.source_id,
            mine,
            Membership.trashed_at.is_(None),
        )
    )
    return session.scalar(query.limit(1)) is not None


def lock_identity(session: WriteSession, medium: Medium, quality: str) -> Item | None:
    """As `find_identity`, and nobody else changes the item or its files until the unit of work ends."""
    named = _named(medium, quality)
    # Most media are new: that is known without asking for all columns. And whoever had it before us may have made it
    # one with another.
    return None if session.scalar(_locked(), named) is None else session.scalar(_found(), named)


def lock_item(session: WriteSession, item_id: int) -> bool:
    """Keep others from changing the item, its files or its members; False if it is gone."""
    return session.scalar(select(Item.id).where(Item.id == item_id).with_for_update()) is not None


def lock_items(session: WriteSession, item_ids: Sequence[int]) -> list[int]:
    """As `lock_item` for several, in rising order; those that are there."""
    query = select(Item.id).where(Item.id.in_(item_ids)).order_by(Item.id)
    return list(session.scalars(query.with_for_update()))


def _member_filter(item_id: int, user_id: int | None) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    mine = Membership.user_id.is_(None) if user_id is None else Membership.user_id == user_id
    return Membership.item_id == item_id, mine


def membership(session: ReadSession, item_id: int, user_id: int | None) -> Membership | None:
    """One user's hold on an item, in the trash or not."""
    query = select(Membership).where(*_member_filter(item_id, user_id)).limit(1)
    return session.scalar(query.execution_options(populate_existing=True))


def memberships(session: ReadSession, user_id: int, item_ids: Sequence[int]) -> list[Membership]:
    """A user's hold on these items, in the trash or not."""
    query = select(Membership).where(Membership.user_id == user_id, Membership.item_id.in_(item_ids))
    query = query.order_by(Membership.item_id).execution_options(populate_existing=True)
    return list(session.scalars(query))


def is_member(session: ReadSession, item_id: int, user_id: int | None) -> bool:
    """Whether it is in the user's library; what lies in the trash is not."""
    query = select(Membership.id).where(*_member_filter(item_id, user_id), Membership.trashed_at.is_(None))
    return session.scalar(query.limit(1)) is not None


def thrown_at(session: ReadSession, item_id: int, moment: datetime) -> list[Membership]:
    """Memberships that went into the trash at exactly that moment."""
    query = select(Membership).where(Membership.item_id == item_id, Membership.trashed_at == moment)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def add_member(session: WriteSession, item_id: int, user_id: int | None) -> None:
    """Put it into the user's library; out of the trash, if it lies there."""
    lock_item(session, item_id)
    present = membership(session, item_id, user_id)
    if present is None:
        session.add(Membership(item_id=item_id, user_id=user_id))
    else:
        present.trashed_at = None
    session.flush()


_FIRST = insert(Membership.__table__)  # type: ignore[arg-type]


def add_first_member(session: WriteSession, item_id: int, user_id: int | None) -> None:
    """Put an item that nobody else can see yet into the user's library."""
    session.execute(_FIRST, {"item_id": item_id, "user_id": user_id})


def items(session: ReadSession, item_ids: Sequence[int]) -> list[Item]:
    """Items by id, whoever has them."""
    return list(session.scalars(select(Item).where(Item.id.in_(item_ids)).order_by(Item.id)))


def items_of_user(session: ReadSession, user_id: int) -> list[int]:
    """Ids of all that is in a user's library, in the order in which they are locked."""
    query = select(Membership.item_id).where(Membership.user_id == user_id)
    return list(session.scalars(query.order_by(Membership.item_id)))


def move_members(session: WriteSession, giver_id: int, taker_id: int) -> int:
    """Give one user's memberships to another, who keeps the ones there were; returns how many the first had.

    What the first had in the trash stays there; what the other had thrown away and the first had not comes out of it.
    """
    item_ids = items_of_user(session, giver_id)
    theirs = aliased(Membership)
    there = exists().where(theirs.item_id == Membership.item_id, theirs.user_id == taker_id)
    in_use = exists().where(
        theirs.item_id == Membership.item_id, theirs.user_id == giver_id, theirs.trashed_at.is_(None)
    )
    thrown_away = update(Membership).where(Membership.user_id == taker_id, Membership.trashed_at.is_not(None))
    moved = update(Membership).where(Membership.user_id == giver_id, ~there)
    for statement in (
        thrown_away.where(in_use).values(trashed_at=None),
        moved.values(user_id=taker_id, is_favourite=False),
        delete(Membership).where(Membership.user_id == giver_id),
    ):
        session.execute(statement, execution_options={"synchronize_session": False})
    return len(item_ids)


def lock_placements(session: WriteSession, holder: str, claim: int) -> list[tuple[str, str]]:
    """Root and path of the names being filled for `holder` under `claim` or an earlier one, nobody else's until
    the end."""
    query = select(Placement.root, Placement.path).where(Placement.holder == holder, Placement.claim <= claim)
    rows = session.execute(query.order_by(Placement.path).with_for_update())
    return [(root, path) for root, path in rows]


_FORGET = delete(Placement.__table__).where(  # type: ignore[arg-type]
    Placement.__table__.c.path.in_(bindparam("paths", expanding=True))
)


def forget_placements(session: WriteSession, paths: Sequence[str]) -> None:
    """These names are filled, or their files are gone."""
    for start in range(0, len(paths), 500):
        session.execute(_FORGET, {"paths": paths[start : start + 500]})


def give_up_placement(session: WriteSession, path: str, holder: str, claim: int) -> None:
    """The name is not reserved under this claim any more."""
    mine = (Placement.path == path, Placement.holder == holder, Placement.claim == claim)
    session.execute(delete(Placement).where(*mine))


def is_filed(session: ReadSession, path: str) -> bool:
    return session.scalar(select(ItemFile.id).where(ItemFile.path == path)) is not None


def any_taken(session: ReadSession, paths: Sequence[str]) -> bool:
    """Whether one of the names belongs to an item or is about to."""
    for start in range(0, len(paths), 500):
        part = paths[start : start + 500]
        if session.scalar(select(ItemFile.id).where(ItemFile.path.in_(part)).limit(1)) is not None:
            return True
        if session.scalar(select(Placement.path).where(Placement.path.in_(part)).limit(1)) is not None:
            return True
    return False


def roots_in_use(session: ReadSession) -> list[str]:
    """The roots that files lie in; each is one look into the index, however many files there are."""
    found: list[str] = []
    query = select(func.min(ItemFile.root))
    root = session.scalar(query)
    while root is not None:
        found.append(root)
        root = session.scalar(query.where(ItemFile.root > root))
    return found


def is_root_used(session: ReadSession, root: str) -> bool:
    return session.scalar(select(ItemFile.id).where(ItemFile.root == root).limit(1)) is not None


def rename_root(session: WriteSession, old: str, new: str) -> None:
    """Name a folder otherwise wherever files and names that are being filled lie in it."""
    for table in (ItemFile, Placement):
        session.execute(
            update(table).where(table.root == old).values(root=new),
            execution_options={"synchronize_session": False},
        )
