"""How much each user may hold. What several people hold counts in full for each of them, and the trash counts."""

from __future__ import annotations

from sqlalchemy import func, select

from magpie.accounts import service as accounts
from magpie.config import Settings
from magpie.kit.db import ReadSession
from magpie.library.models import Item, Membership

GIGABYTE = 10**9


def quota_of(settings: Settings, session: ReadSession, user_id: int) -> int | None:
    """The bytes that a user may hold; None for no limit."""
    user = accounts.user_numbered(session, user_id)
    if user is None:
        return None
    if user.quota_bytes is not None:
        return user.quota_bytes or None
    default = settings.default_quota_gb
    return round(default * GIGABYTE) if default and not user.is_superuser else None


def held_bytes(session: ReadSession, user_id: int) -> int:
    """What a user holds."""
    query = select(func.coalesce(func.sum(Item.size), 0)).join(Membership, Membership.item_id == Item.id)
    return session.scalar(query.where(Membership.user_id == user_id)) or 0
