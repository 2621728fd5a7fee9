"""A download that is to replace what is in the library already, if the site has something better by now."""

from __future__ import annotations

from magpie.downloads.extractors.port import Kind, Medium, Role
from magpie.downloads.failures import Reason
from magpie.kit.db import ReadSession, WriteSession
from magpie.library import service as library

Refusal = tuple[str, str]

# A site's figures for the same encoding differ a little from day to day.
BETTER_BITRATE = 1.15
NOTHING_THERE: Refusal = (
    Reason.ALREADY_HELD,
    "It is not in the library any more: there is nothing to replace.",
)
ANOTHER_PROFILE: Refusal = (
    Reason.ALREADY_HELD,
    "It was saved with another profile than the one that is chosen now: that copy is not replaced.",
)
NOTHING_BETTER: Refusal = (Reason.ALREADY_HELD, "The site has no better quality than the one in the library.")
# Extractors put these into `Medium.extra`: pixels of the shorter side, kilobits per second of all that is chosen, and
# how many pictures there are.
HEIGHT, BITRATE, PICTURES = "offered_height", "offered_bitrate", "images"
_EARLY = ("is_live", "post_live")  # the site had not finished it when it was fetched


def look(session: ReadSession, medium: Medium, quality: str, user_id: int | None) -> int | Refusal:
    """The item that the medium is to replace; or why there is no use in fetching it."""
    item = library.find_identity(session, medium, quality)
    if item is None or not library.is_member(session, item.id, user_id):
        has_another = library.has_in_any_quality(session, medium, user_id)
        return ANOTHER_PROFILE if has_another else NOTHING_THERE
    return item.id if is_better(item, medium) else NOTHING_BETTER


def is_better(item: library.Item, medium: Medium) -> bool:
    """Whether what is on offer is better than what is held; what nobody knows is not better."""
    if medium.is_live:
        return False
    if item.extra.get("live_status") in _EARLY and medium.extra.get("live_status") not in _EARLY:
        return True
    if medium.kind is Kind.GALLERY:
        return _exceeds(medium.extra.get(PICTURES), item.extra.get(PICTURES))
    held, offered = _height(item), medium.extra.get(HEIGHT)
    if _exceeds(offered, held):
        return True
    if _exceeds(held, offered):
        return False
    rate = item.extra.get(BITRATE)
    return _exceeds(
        medium.extra.get(BITRATE), rate * BETTER_BITRATE if isinstance(rate, int | float) else None
    )


def _height(item: library.Item) -> int | None:
    sides = [
        min(one.width, one.height)
        for one in item.files
        if one.role == Role.MEDIA and one.width and one.height
    ]
    return max(sides, default=None)


def _exceeds(one: object, other: object) -> bool:
    return isinstance(one, int | float) and isinstance(other, int | float) and one > other


def still_wanted(session: WriteSession, item_id: int | None, user_id: int | None) -> bool:
    """Whether the item is still there to be replaced, and nobody takes it away until the unit of work ends."""
    return (
        item_id is not None
        and library.lock_item(session, item_id)
        and library.is_member(session, item_id, user_id)
    )
