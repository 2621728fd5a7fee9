"""Every query about twins."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import aliased, selectinload

from magpie.accounts.principal import Principal
from magpie.downloads.extractors.port import Kind, Role
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.library.holding import held
from magpie.library.models import (
    CollectionItem,
    Item,
    ItemAlias,
    ItemFile,
    ItemTag,
    Likeness,
    Membership,
    Playback,
    Sound,
    SoundBlock,
)

_UNSYNCHRONIZED = {"synchronize_session": False}
SECONDS_APART = 2.0  # how much two copies of one recording may differ in length
SECONDS_ALIKE = 10.0


def sounding(session: ReadSession, after: int, limit: int) -> list[tuple[int, ItemFile]]:
    """Songs whose sound is not known, or whose file has become another since; by id, above `after`."""
    known = exists().where(Sound.item_id == Item.id, Sound.size == ItemFile.size)
    query = (
        select(Item.id, ItemFile)
        .join(ItemFile, ItemFile.item_id == Item.id)
        .where(
            Item.kind == Kind.AUDIO.value,
            ItemFile.role == Role.MEDIA.value,
            ItemFile.missing_since.is_(None),
            Item.id > after,
            ~known,
        )
        .order_by(Item.id)
        .limit(limit)
    )
    return [(item_id, file) for item_id, file in session.execute(query)]


def keep_sound(
    session: WriteSession, item_id: int, size: int, duration: float | None, blocks: Sequence[int]
) -> None:
    """Note how an item sounds, in place of what was known before."""
    session.execute(
        delete(SoundBlock).where(SoundBlock.item_id == item_id), execution_options=_UNSYNCHRONIZED
    )
    session.execute(delete(Sound).where(Sound.item_id == item_id), execution_options=_UNSYNCHRONIZED)
    session.execute(insert(Sound).values(item_id=item_id, size=size, duration=duration))
    if blocks:
        session.execute(
            insert(SoundBlock), [{"block": block, "item_id": item_id} for block in sorted(set(blocks))]
        )


def alike_by_blocks(
    session: ReadSession, item_id: int, blocks: Sequence[int], duration: float, limit: int
) -> list[tuple[int, ItemFile]]:
    """Items that share blocks with this one and are about as long, those with the most first."""
    shared = func.count()
    query = (
        select(SoundBlock.item_id)
        .join(Sound, Sound.item_id == SoundBlock.item_id)
        .where(
            SoundBlock.block.in_(blocks),
            SoundBlock.item_id != item_id,
            Sound.duration.between(duration - SECONDS_ALIKE, duration + SECONDS_ALIKE),
        )
        .group_by(SoundBlock.item_id)
        .order_by(shared.desc(), SoundBlock.item_id)
        .limit(limit)
    )
    ids = list(session.scalars(query))
    files = select(ItemFile).where(ItemFile.item_id.in_(ids), ItemFile.role == Role.MEDIA.value)
    found = {file.item_id: file for file in session.scalars(files)}
    return [(one, found[one]) for one in ids if one in found]


def keep_likeness(session: WriteSession, one: int, other: int, score: float) -> None:
    """Note that two items sound alike. What somebody said about them stays."""
    first, second = sorted((one, other))
    row = session.get(Likeness, (first, second))
    if row is None:
        session.add(Likeness(item_id=first, other_id=second, score=score))
    else:
        row.score = score


def dismiss(session: WriteSession, one: int, other: int) -> None:
    """They are two, whatever they sound like."""
    first, second = sorted((one, other))
    row = session.get(Likeness, (first, second))
    if row is None:
        row = Likeness(item_id=first, other_id=second, score=0.0)
        session.add(row)
    row.dismissed_at = utcnow()


def pairs_by_sound(
    session: ReadSession, principal: Principal, after: tuple[int, int], limit: int
) -> list[tuple[int, int, float]]:
    """Pairs that sound alike and that nobody has called two; both are the caller's."""
    one, other = aliased(Item), aliased(Item)
    mine = select(Item.id).where(held(principal))
    query = (
        select(Likeness.item_id, Likeness.other_id, Likeness.score)
        .join(one, one.id == Likeness.item_id)
        .join(other, other.id == Likeness.other_id)
        .where(
            Likeness.dismissed_at.is_(None),
            one.id.in_(mine),
            other.id.in_(mine),
            or_(
                Likeness.item_id > after[0],
                (Likeness.item_id == after[0]) & (Likeness.other_id > after[1]),
            ),
        )
        .order_by(Likeness.item_id, Likeness.other_id)
        .limit(limit)
    )
    return [(first, second, score) for first, second, score in session.execute(query)]


def pairs_by_tags(
    session: ReadSession, principal: Principal, after: tuple[int, int], limit: int
) -> list[tuple[int, int, str]]:
    """Pairs of songs with the same ISRC, or the same title and artist and about the same length."""
    one, other = aliased(Item), aliased(Item)
    dismissed = exists().where(
        Likeness.item_id == one.id, Likeness.other_id == other.id, Likeness.dismissed_at.is_not(None)
    )
    mine = select(Item.id).where(held(principal))
    same_tags = (
        (one.sort_title == other.sort_title)
        & (one.sort_artist == other.sort_artist)
        & (one.sort_title != "")
        & (one.sort_artist != "")
        & (func.abs(one.duration - other.duration) <= SECONDS_APART)
    )
    found: dict[tuple[int, int], str] = {}
    for reason, condition in (("isrc", one.isrc == other.isrc), ("tags", same_tags)):
        query = (
            select(one.id, other.id)
            .join(other, condition)
            .where(
                one.id < other.id,
                one.kind == Kind.AUDIO.value,
                other.kind == Kind.AUDIO.value,
                or_(one.id > after[0], (one.id == after[0]) & (other.id > after[1])),
                one.id.in_(mine),
                other.id.in_(mine),
                ~dismissed,
            )
            .order_by(one.id, other.id)
            .limit(limit)
        )
        for first, second in session.execute(query):
            found.setdefault((first, second), reason)
    return [(first, second, reason) for (first, second), reason in sorted(found.items())[:limit]]


def items(session: ReadSession, ids: Sequence[int]) -> dict[int, Item]:
    query = select(Item).where(Item.id.in_(ids)).options(selectinload(Item.files))
    return {item.id: item for item in session.scalars(query)}


def members(session: ReadSession, item_id: int) -> list[Membership]:
    """Those who have it in their library, not in the trash."""
    query = select(Membership).where(Membership.item_id == item_id, Membership.trashed_at.is_(None))
    return list(session.scalars(query.order_by(Membership.id)))


def copy_notes(session: WriteSession, source: int, target: int) -> None:
    """What people have noted of one item they have noted of the other one as well from now on; where they had noted
    something of both, that stays."""
    for tag in session.scalars(select(ItemTag).where(ItemTag.item_id == source)).all():
        if session.get(ItemTag, (tag.user_id, tag.name, target)) is None:
            session.add(ItemTag(user_id=tag.user_id, name=tag.name, item_id=target))
    for place in session.scalars(select(CollectionItem).where(CollectionItem.item_id == source)).all():
        there = exists().where(
            CollectionItem.collection_id == place.collection_id, CollectionItem.item_id == target
        )
        if not session.scalar(select(there)):
            session.add(
                CollectionItem(collection_id=place.collection_id, item_id=target, position=place.position)
            )
    for play in session.scalars(select(Playback).where(Playback.item_id == source)).all():
        present = session.get(Playback, (play.user_id, target))
        if present is None:
            session.add(
                Playback(
                    user_id=play.user_id,
                    item_id=target,
                    position=play.position,
                    is_finished=play.is_finished,
                    plays=play.plays,
                )
            )


def redirect_aliases(session: WriteSession, source: int, target: int) -> None:
    """What was another name of one item is another name of the other."""
    statement = update(ItemAlias).where(ItemAlias.item_id == source).values(item_id=target)
    session.execute(statement, execution_options=_UNSYNCHRONIZED)


def alias(session: ReadSession, alias_id: int) -> ItemAlias | None:
    return session.get(ItemAlias, alias_id)


def aliases(session: ReadSession, item_id: int) -> list[ItemAlias]:
    query = select(ItemAlias).where(ItemAlias.item_id == item_id).order_by(ItemAlias.id)
    return list(session.scalars(query))
