"""The rules of twins: which pairs are shown, what merging does, and how it is undone.

Merging concerns the files of the whole household, so it is for superusers. The item that goes lies in the trash of all
who had it, for as long as things lie there: taking it out again makes two of one. Its source stays known as another
name of the item that was kept, so that it is not fetched again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, NotFound, RuleBroken
from magpie.kit.paging import decode_cursor, encode_cursor
from magpie.library import repository as library
from magpie.library.models import Item, ItemAlias
from magpie.library.twins import repository


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items that may be one, the one that is better to keep first. `reason`: isrc, tags or sound."""

    items: tuple[Item, Item]
    reason: str
    score: float | None


@dataclass(frozen=True, slots=True)
class Page:
    pairs: list[Pair]
    next_cursor: str | None


def pairs(session: ReadSession, principal: Principal, *, cursor: str | None, limit: int) -> Page:
    """Pairs of the caller's songs that may be the same, by their ids."""
    after = (0, 0)
    if cursor:
        first, second = decode_cursor(cursor, (int, int))
        after = (int(first), int(second))
    found: dict[tuple[int, int], tuple[str, float | None]] = {}
    for one, other, reason in repository.pairs_by_tags(session, principal, after, limit + 1):
        found[one, other] = (reason, None)
    for one, other, score in repository.pairs_by_sound(session, principal, after, limit + 1):
        reason, _ = found.get((one, other), ("sound", None))
        found[one, other] = (reason, score)
    chosen = sorted(found)[: limit + 1]
    more, chosen = len(chosen) > limit, chosen[:limit]
    items = repository.items(session, sorted({number for pair in chosen for number in pair}))
    listed = [
        Pair(_better_first(items[one], items[other]), *found[one, other])
        for one, other in chosen
        if one in items and other in items
    ]
    return Page(listed, encode_cursor(*chosen[-1]) if more else None)


def _better_first(one: Item, other: Item) -> tuple[Item, Item]:
    return (one, other) if _worth(one) >= _worth(other) else (other, one)


def _worth(item: Item) -> tuple[bool, bool, int, int, int]:
    """Lossless before lossy, then what is better described, larger, and longer here."""
    main = item.files[0] if item.files else None
    lossless = main is not None and main.mime in ("audio/flac", "audio/wav", "audio/aiff", "audio/wavpack")
    whole = all(file.missing_since is None and file.damaged_at is None for file in item.files)
    described = sum(value is not None for value in (item.artist, item.album, item.track_number, item.isrc))
    return whole, lossless, described, item.size, -item.id


def merge(session: WriteSession, principal: Principal, keep_id: int, ids: Sequence[int]) -> Item:
    """Make one item of several: `keep_id` stays, and everybody who had one of the others has it from now on.

    Raises `NotFound`, `RuleBroken` for what is not of one kind, or `Conflict` for one that nobody has any more.
    """
    others = sorted(set(ids) - {keep_id})
    locked = library.lock_items(session, sorted({keep_id, *others}))
    if keep_id not in locked or set(others) - set(locked):
        raise NotFound
    items = repository.items(session, locked)
    kept = items[keep_id]
    if any(items[one].kind != kept.kind for one in others):
        raise RuleBroken("Only items of one kind can be the same", "body", "ids")
    if not repository.members(session, keep_id):
        raise Conflict("The item to keep lies in the trash: take it out first")
    for one in others:
        _merge(session, items[one], kept)
    titles = [items[one].title for one in others]
    audit.record(
        session,
        "item.merge",
        principal=principal,
        subject=f"item:{keep_id}",
        details={"title": kept.title, "ids": others, "titles": titles},
    )
    return kept


def _merge(session: WriteSession, gone: Item, kept: Item) -> None:
    now = utcnow()  # by which the memberships that merging ended are known again
    repository.copy_notes(session, gone.id, kept.id)
    for one in repository.members(session, gone.id):
        library.add_member(session, kept.id, one.user_id)
        held = library.membership(session, kept.id, one.user_id)
        if held is not None:
            held.pinned = held.pinned or one.pinned
            held.is_favourite = held.is_favourite or one.is_favourite
        one.trashed_at = now
        session.flush()
    repository.redirect_aliases(session, gone.id, kept.id)
    session.add(
        ItemAlias(
            item_id=kept.id,
            merged_id=gone.id,
            extractor=gone.extractor,
            source_id=gone.source_id,
            kind=gone.kind,
            quality=gone.quality,
            title=gone.title,
            merged_at=now,
        )
    )
    session.flush()


def dismiss(session: WriteSession, principal: Principal, one: int, other: int) -> None:
    """Two items are two, whatever they look and sound like. Raises `NotFound`."""
    if one == other or len(repository.items(session, [one, other])) != 2:
        raise NotFound
    repository.dismiss(session, one, other)
    audit.record(
        session, "item.not_twins", principal=principal, subject=f"item:{one}", details={"other": other}
    )


def aliases(session: ReadSession, item_id: int) -> list[ItemAlias]:
    """What else the item is known as. Raises `NotFound`."""
    if not repository.items(session, [item_id]):
        raise NotFound
    return repository.aliases(session, item_id)


def unmerge(session: WriteSession, principal: Principal, item_id: int, alias_id: int) -> bool:
    """Make two of one again: what was merged comes out of the trash, if it is still there (True), and can in any case
    be fetched by itself again. Raises `NotFound`."""
    alias = repository.alias(session, alias_id)
    if alias is None or alias.item_id != item_id:
        raise NotFound
    library.lock_items(session, sorted(filter(None, (item_id, alias.merged_id))))
    restored = False
    if alias.merged_id is not None:
        for one in library.thrown_at(session, alias.merged_id, alias.merged_at):
            one.trashed_at = None
            restored = True
    session.delete(alias)
    audit.record(
        session,
        "item.unmerge",
        principal=principal,
        subject=f"item:{item_id}",
        details={"title": alias.title, "restored": restored},
    )
    return restored
