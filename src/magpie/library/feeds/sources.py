"""What feeds there are, and what each of them has: one user's library, a link, a collection, a search."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from magpie.accounts.ownership import owned
from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession
from magpie.kit.errors import NotFound
from magpie.kit.installation import identity
from magpie.library.feeds import repository
from magpie.library.feeds.addresses import Addresses, with_question
from magpie.library.feeds.repository import Choice
from magpie.library.listing import Filter, conditions
from magpie.links import service as links

# https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/tags/guid.md
_PODCASTS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
# Apps seldom ask for a second page, so the first one holds as much as it can.
DEFAULT_LIMIT = 5000
MAX_LIMIT = 5000


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a feed is asked for: so many entries, from where the page before has ended."""

    limit: int = DEFAULT_LIMIT
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A feed without its entries. `address` is that of the whole feed; pages add to its question `asked`."""

    title: str
    description: str
    link: str
    address: str
    guid: str
    choice: Choice
    picture: str | None = None
    asked: Mapping[str, str] | None = None

    def page_address(self, limit: int, start: int | None) -> str:
        fields: dict[str, str | int] = dict(self.asked or {})
        if limit != DEFAULT_LIMIT:
            fields["limit"] = limit
        if start is not None:
            fields["start"] = start
        return with_question(self.address, fields)


def library(session: ReadSession, reader: Principal, addresses: Addresses, page: Page) -> Source:
    """All that the user has."""
    return Source(
        title=f"Magpie: {reader.username}",
        description=f"All that {reader.username} has saved.",
        link=addresses.base,
        address=addresses.library,
        guid=feed_guid(session, "library", reader.id),
        choice=Choice(holder=reader, limit=page.limit, start=page.start),
    )


def link(session: ReadSession, reader: Principal, addresses: Addresses, page: Page, link_id: int) -> Source:
    """What a followed link has brought. Raises `NotFound`."""
    found = links.get(session, reader, link_id)
    held = conditions(session, reader, Filter())
    return Source(
        title=found.name or found.url,
        description=found.source_description or f"What Magpie has saved from {found.url}",
        link=found.url,
        address=addresses.link(link_id),
        guid=feed_guid(session, "link", found.key),
        choice=Choice(held, link_id=link_id, limit=page.limit, start=page.start),
        picture=addresses.link_picture(link_id) if found.picture_path else None,
    )


def collection(
    session: ReadSession, reader: Principal, addresses: Addresses, page: Page, collection_id: int
) -> Source:
    """What somebody has put together, in their order; or what a saved search finds. Raises `NotFound`."""
    found = owned(repository.collection(session, collection_id), reader)
    saved = None if found.query is None else _saved(found.query)
    wanted = conditions(session, reader, saved or Filter())
    by_order = collection_id if saved is None else None
    return Source(
        title=found.name,
        description=found.description or f"A collection of {reader.username}'s.",
        link=addresses.base,
        address=addresses.collection(collection_id),
        guid=feed_guid(session, "collection", collection_id),
        choice=Choice(wanted, collection_id=by_order, limit=page.limit, start=page.start),
    )


def _saved(query: dict[str, Any]) -> Filter:
    try:
        return Filter.model_validate(query).model_copy(update={"in_trash": False})
    except ValidationError:  # saved by another version, which could ask for more
        raise NotFound from None


def search(
    session: ReadSession, reader: Principal, addresses: Addresses, page: Page, wanted: Filter
) -> Source:
    """What a search finds whenever the feed is read."""
    wanted = wanted.model_copy(update={"in_trash": False})
    said = wanted.model_dump(mode="json", exclude_none=True, exclude={"in_trash"})
    asked = {name: _written(value) for name, value in sorted(said.items())}
    words = wanted.q or ", ".join(f"{name}: {value}" for name, value in asked.items())
    return Source(
        title=f"Search: {words}" if words else f"Magpie: {reader.username}",
        description=f"What {reader.username} has saved and this search finds.",
        link=addresses.base,
        address=addresses.search,
        guid=feed_guid(session, "search", reader.id, with_question("", dict(asked))),
        choice=Choice(conditions(session, reader, wanted), limit=page.limit, start=page.start),
        asked=asked,
    )


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def feed_guid(session: ReadSession, *words: object) -> str:
    """The same under every token and every address of this server."""
    return str(uuid.uuid5(_PODCASTS, "/".join(("magpie", identity(session), *map(str, words)))))
