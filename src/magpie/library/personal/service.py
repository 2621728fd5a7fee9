"""The rules of what users make of items: it is everybody's own, also of items that several have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from magpie.accounts.principal import Principal
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, NotFound
from magpie.kit.paging import decode_cursor, encode_cursor, moment_in
from magpie.library.models import Item, Playback
from magpie.library.personal import repository

# Who leaves during the credits has come to the end: the last twentieth, and never more than half a minute.
END_PART = 0.05
END_SECONDS = 30.0
NOT_YOURS = "It is in somebody else's library, not in yours: save it for yourself first."


@dataclass(frozen=True, slots=True)
class Noted:
    """What one user has made of an item."""

    pinned: bool = False
    is_favourite: bool = False
    tags: tuple[str, ...] = ()
    playback: Playback | None = None


@dataclass(frozen=True, slots=True)
class Page:
    items: list[Item]
    next_cursor: str | None
    total: int


def noted(session: ReadSession, principal: Principal, item_ids: Sequence[int]) -> dict[int, Noted]:
    """What the caller has made of each of these items, in three small queries."""
    favourites, pinned = repository.marks(session, principal, item_ids)
    tags = repository.tags_of(session, principal.id, item_ids)
    playbacks = repository.playbacks(session, principal.id, item_ids)
    return {
        one: Noted(one in pinned, one in favourites, tuple(tags.get(one, ())), playbacks.get(one))
        for one in item_ids
    }


def visible(session: ReadSession, principal: Principal, item_ids: Sequence[int]) -> list[int]:
    """Those of the items that are in the caller's library, by id."""
    return repository.visible(session, principal, item_ids)


def _require(session: ReadSession, principal: Principal, item_id: int) -> None:
    if not repository.visible(session, principal, [item_id]):
        raise NotFound


# Favourites and pins.


def favour(
    session: WriteSession, principal: Principal, item_ids: Sequence[int], *, is_favourite: bool
) -> list[int]:
    """Make items favourites, or no favourites any more; those that are the caller's to do so with."""
    kept = repository.kept(session, principal, item_ids)
    repository.mark_favourites(session, kept.values(), is_favourite=is_favourite)
    return sorted(kept)


def favour_one(session: WriteSession, principal: Principal, item_id: int, *, is_favourite: bool) -> None:
    """Raises `NotFound`; `Conflict` if a superuser sees it in somebody else's library only."""
    _require(session, principal, item_id)
    if not favour(session, principal, [item_id], is_favourite=is_favourite):
        raise Conflict(NOT_YOURS)


# Tags.


def set_tags(session: WriteSession, principal: Principal, item_id: int, tags: Iterable[str]) -> None:
    """Have these tags on an item and no others. Raises `NotFound`."""
    _require(session, principal, item_id)
    wanted = spelled(session, principal, tags)
    present = repository.tags_of(session, principal.id, [item_id]).get(item_id, [])
    gone = [name for name in present if name not in wanted]
    if gone:
        repository.remove_tags(session, principal.id, [item_id], gone)
    repository.add_tags(session, principal.id, [item_id], wanted)


def spelled(session: ReadSession, principal: Principal, tags: Iterable[str]) -> list[str]:
    """The tags as the caller has them already, whatever their letter cases; each once."""
    known = {name.casefold(): name for name in repository.names(session, principal.id)}
    found: dict[str, str] = {}
    for name in tags:
        found.setdefault(name.casefold(), known.get(name.casefold(), name))
    return list(found.values())


def tag(session: WriteSession, principal: Principal, item_ids: Sequence[int], tags: Iterable[str]) -> None:
    """Put tags on items, which the caller sees."""
    repository.add_tags(session, principal.id, item_ids, spelled(session, principal, tags))


def untag(session: WriteSession, principal: Principal, item_ids: Sequence[int], tags: Iterable[str]) -> None:
    """Take tags off items."""
    repository.remove_tags(session, principal.id, item_ids, spelled(session, principal, tags))


def tags(session: ReadSession, principal: Principal) -> list[tuple[str, int]]:
    """The caller's tags by name, and how many items in their library have each."""
    return repository.counts(session, principal)


# Playing.


def playback(session: ReadSession, principal: Principal, item_id: int) -> Playback | None:
    """Where the caller is in an item; None if they never played it. Raises `NotFound`."""
    _require(session, principal, item_id)
    return repository.playbacks(session, principal.id, [item_id]).get(item_id)


def play(
    session: WriteSession, principal: Principal, item_id: int, position: float, is_finished: bool | None
) -> Playback:
    """Remember where the caller is. Raises `NotFound`."""
    _require(session, principal, item_id)
    item = session.get(Item, item_id)
    if is_finished is None:
        is_finished = is_end(position, item.duration if item else None)
    repository.store_playback(
        session, principal.id, item_id, position=position, is_finished=is_finished, now=utcnow()
    )
    return repository.playbacks(session, principal.id, [item_id])[item_id]


def is_end(position: float, duration: float | None) -> bool:
    """Whether somebody at this position (seconds) has come to the end; never of what is endless or of unknown length."""
    if duration is None or duration <= 0:
        return False
    return position >= duration - min(END_SECONDS, END_PART * duration)


def forget(session: WriteSession, principal: Principal, item_id: int) -> None:
    """As if the caller had never played it. Raises `NotFound`."""
    _require(session, principal, item_id)
    repository.forget_playback(session, principal.id, item_id)


def in_progress(session: ReadSession, principal: Principal, *, cursor: str | None, limit: int) -> Page:
    """What the caller has begun and not finished, what was played last first."""
    before = None
    if cursor:
        moment, item_id = decode_cursor(cursor, (str, int))
        before = (moment_in(moment), int(item_id))
    found = repository.in_progress(session, principal, before=before, limit=limit + 1)
    more, found = len(found) > limit, found[:limit]
    following = encode_cursor(found[-1][1].isoformat(), found[-1][0].id) if more else None
    return Page([item for item, _ in found], following, repository.count_in_progress(session, principal))
