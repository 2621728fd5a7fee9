"""The rules of collections. They are everybody's own; what is in them is shown only while it is in the library."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from magpie.accounts.ownership import owned
from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, NotFound, RuleBroken
from magpie.kit.paging import decode_cursor, encode_cursor
from magpie.library import pages
from magpie.library.collections import repository
from magpie.library.collections.repository import GAP
from magpie.library.collections.schemas import CollectionIn, CollectionUpdate
from magpie.library.listing import Filter
from magpie.library.models import Collection
from magpie.library.pages import Page
from magpie.library.personal import service as personal

NAME_TAKEN = "You have a collection of this name."
IS_A_SEARCH = "This collection is a search: what it holds follows from its filter."
IS_NO_SEARCH = "This collection holds what you have put into it: it has no filter."
NO_NESTING = "A saved search looks through your library, not through a collection or the trash."


def get(session: ReadSession, principal: Principal, collection_id: int) -> Collection:
    """Raises `NotFound` for what is not there or not the caller's."""
    return owned(repository.get(session, collection_id), principal)


def require_manual(session: ReadSession, principal: Principal, collection_id: int) -> None:
    """Raises `NotFound`; `Conflict` for a search."""
    if get(session, principal, collection_id).query is not None:
        raise Conflict(IS_A_SEARCH)


def _lock(session: WriteSession, principal: Principal, collection_id: int) -> Collection:
    return owned(repository.lock(session, collection_id), principal)


def _lock_manual(session: WriteSession, principal: Principal, collection_id: int) -> Collection:
    collection = _lock(session, principal, collection_id)
    if collection.query is not None:
        raise Conflict(IS_A_SEARCH)
    return collection


def list_all(session: ReadSession, principal: Principal) -> list[Collection]:
    """The caller's collections by name; a superuser's are everybody's."""
    return repository.list_all(session, principal)


def counts(session: ReadSession, principal: Principal, collections: Sequence[Collection]) -> dict[int, int]:
    """How many items are in each of those that are no searches."""
    manual = [one.id for one in collections if one.query is None]
    return {**dict.fromkeys(manual, 0), **repository.counts(session, principal, manual)}


def create(session: WriteSession, principal: Principal, wanted: CollectionIn) -> Collection:
    """Make a collection, with items in it if they are named. Raises `Conflict`, `RuleBroken`."""
    if repository.is_named(session, principal.id, wanted.name):
        raise Conflict(NAME_TAKEN)
    collection = Collection(user_id=principal.id, name=wanted.name, description=wanted.description)
    if wanted.query is not None:
        collection.query = _stored(wanted.query)
    session.add(collection)
    _settle(session)
    _note(session, principal, "create", collection, query=collection.query)
    if wanted.ids:
        add(session, principal, collection.id, wanted.ids)
    return collection


def _stored(query: Filter) -> dict[str, object]:
    if query.collection_id is not None or query.in_trash:
        raise RuleBroken(NO_NESTING, "body", "query")
    return query.model_dump(mode="json", exclude_defaults=True)


def update(
    session: WriteSession, principal: Principal, collection_id: int, changes: CollectionUpdate
) -> Collection:
    """Change what is named; the rest stays. Raises `NotFound`, `Conflict`, `RuleBroken`."""
    collection = _lock(session, principal, collection_id)
    before = _told(collection)
    if changes.name is not None and changes.name != collection.name:
        if repository.is_named(session, collection.user_id, changes.name, but=collection.id):
            raise Conflict(NAME_TAKEN)
        collection.name = changes.name
    if "description" in changes.model_fields_set:
        collection.description = changes.description
    if changes.query is not None:
        if collection.query is None:
            raise Conflict(IS_NO_SEARCH)
        collection.query = _stored(changes.query)
    _settle(session)
    _note(session, principal, "update", collection, before=_differing(before, _told(collection)))
    return collection


def _told(collection: Collection) -> dict[str, object]:
    return {"name": collection.name, "description": collection.description, "query": collection.query}


def _differing(before: dict[str, object], after: dict[str, object]) -> dict[str, object]:
    """What was otherwise."""
    return {name: value for name, value in before.items() if value != after[name]}


def _note(
    session: WriteSession, principal: Principal, verb: str, collection: Collection, **details: object
) -> None:
    about = {"name": collection.name, **details}
    subject = f"collection:{collection.id}"
    audit.record(session, f"collection.{verb}", principal=principal, subject=subject, details=about)


def _settle(session: WriteSession) -> None:
    """Write it now: another request may have taken the name in this moment."""
    try:
        session.flush()
    except IntegrityError:
        raise Conflict(NAME_TAKEN) from None


def delete(session: WriteSession, principal: Principal, collection_id: int) -> Collection:
    """The collection goes; what was in it stays in the library."""
    collection = _lock(session, principal, collection_id)
    _note(session, principal, "delete", collection, query=collection.query)
    session.delete(collection)
    return collection


def page(
    session: ReadSession, principal: Principal, collection: Collection, *, cursor: str | None, limit: int
) -> Page:
    """What is in it: in the order that it was put into; of a search, the newest first."""
    if collection.query is not None:
        wanted = Filter(collection_id=collection.id)
        return pages.page(session, principal, wanted, sort="newest", cursor=cursor, limit=limit)
    after = None
    if cursor:
        position, item_id = decode_cursor(cursor, (int, int))
        after = (int(position), int(item_id))
    found = repository.page(session, principal, collection.id, after=after, limit=limit + 1)
    more, found = len(found) > limit, found[:limit]
    following = encode_cursor(found[-1][1], found[-1][0].id) if more else None
    total = counts(session, principal, [collection])[collection.id]
    return Page([item for item, _ in found], following, total, total_is_exact=True)


def add(session: WriteSession, principal: Principal, collection_id: int, item_ids: Sequence[int]) -> int:
    """Put items at the end, in this order; how many were not in it. What is not the caller's is left out.

    Raises `NotFound`; `Conflict` for a search.
    """
    collection = _lock_manual(session, principal, collection_id)
    there = set(personal.visible(session, principal, item_ids))
    wanted = [one for one in dict.fromkeys(item_ids) if one in there]
    collection.updated_at = utcnow()
    added = repository.append(session, collection_id, wanted, collection.updated_at)
    if added:
        _note(session, principal, "add", collection, count=len(added), items=added)
    return len(added)


def take_out(session: WriteSession, principal: Principal, collection_id: int, item_ids: Sequence[int]) -> int:
    """Take items out of a collection; how many were in it. Raises `NotFound`; `Conflict` for a search."""
    collection = _lock_manual(session, principal, collection_id)
    collection.updated_at = utcnow()
    removed = repository.remove(session, collection_id, item_ids)
    if removed:
        _note(session, principal, "remove", collection, count=len(removed), items=removed)
    return len(removed)


def move(
    session: WriteSession, principal: Principal, collection_id: int, item_id: int, before: int | None
) -> None:
    """Put an item right before another one; at the end, for None. Raises `NotFound`, also if one is not in it."""
    collection = _lock_manual(session, principal, collection_id)
    if repository.position_of(session, collection_id, item_id) is None:
        raise NotFound
    if before == item_id:
        return
    collection.updated_at = utcnow()
    if _place(session, collection_id, item_id, before) is None:
        repository.spread(session, collection_id)
        _place(session, collection_id, item_id, before)
    _note(session, principal, "move", collection, item=item_id, before=before)


def _place(session: WriteSession, collection_id: int, item_id: int, before: int | None) -> int | None:
    """The new position; None if there is no room for it."""
    following = None
    if before is not None:
        following = repository.position_of(session, collection_id, before)
        if following is None:
            raise NotFound
    former = repository.position_before(session, collection_id, following, item_id)
    position = former + GAP if following is None else (former + following) // 2
    if position in (former, following):
        return None
    repository.put_at(session, collection_id, item_id, position)
    return position
