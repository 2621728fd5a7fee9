"""An item as it is answered, with what the caller has made of it."""

from __future__ import annotations

from collections.abc import Sequence

from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession
from magpie.library import belonging, service
from magpie.library.models import Item, Playback
from magpie.library.personal import service as personal
from magpie.library.personal.schemas import PlaybackOut
from magpie.library.personal.service import Noted
from magpie.library.schemas import FileOut, ItemDetails, ItemOut, Named

NOTHING = Noted()


def items_out(session: ReadSession, principal: Principal, items: Sequence[Item]) -> list[ItemOut]:
    """The items in their order."""
    noted = personal.noted(session, principal, [item.id for item in items])
    return [item_out(item, noted[item.id]) for item in items]


def one_out(session: ReadSession, principal: Principal, item: Item) -> ItemOut:
    """One item."""
    return items_out(session, principal, [item])[0]


def details_out(session: ReadSession, principal: Principal, item: Item) -> ItemDetails:
    """One item, with the links and collections of the caller that it belongs to."""
    links = belonging.links(session, principal, item.id)
    collections = belonging.collections(session, principal, item.id)
    return ItemDetails(
        **dict(one_out(session, principal, item)),
        links=[Named(id=number, name=name) for number, name in links],
        collections=[Named(id=number, name=name) for number, name in collections],
    )


def playback_out(playback: Playback | None) -> PlaybackOut:
    """Where somebody is; at the beginning if they never played it."""
    if playback is None:
        return PlaybackOut(position=0, is_finished=False, plays=0, updated_at=None)
    return PlaybackOut.model_validate(playback)


def item_out(item: Item, noted: Noted = NOTHING) -> ItemOut:
    """The item; `noted`: what the caller has made of it."""
    path = f"/api/v1/items/{item.id}"
    return ItemOut(
        id=item.id,
        kind=item.kind,
        title=item.title,
        artist=item.artist,
        album=item.album,
        album_artist=item.album_artist,
        track_number=item.track_number,
        disc_number=item.disc_number,
        genre=item.genre,
        isrc=item.isrc,
        description=item.description,
        duration=item.duration,
        size=item.size,
        source_url=item.source_url,
        site=item.site,
        extractor=item.extractor,
        quality=item.quality,
        published_at=item.published_at,
        created_at=item.created_at,
        thumbnail_url=f"{path}/thumbnail" if service.thumbnail(item) else None,
        file_url=f"{path}/file",
        pinned=noted.pinned,
        is_favourite=noted.is_favourite,
        tags=list(noted.tags),
        playback=playback_out(noted.playback) if noted.playback else None,
        files=[FileOut.model_validate(file) for file in item.files],
    )
