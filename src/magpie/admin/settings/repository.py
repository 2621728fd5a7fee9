"""Every query of the saved settings."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from magpie.admin.settings.models import SavedSetting
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession


def all_saved(session: ReadSession) -> list[SavedSetting]:
    """What is saved, by name."""
    return list(session.scalars(select(SavedSetting).order_by(SavedSetting.name)))


def save(session: WriteSession, name: str, value: Any, user_id: int) -> None:
    """Save a setting's value; secrets come sealed."""
    session.merge(SavedSetting(name=name, value=value, changed_at=utcnow(), changed_by=user_id))
    session.flush()


def forget(session: WriteSession, name: str) -> bool:
    """Delete a saved value; whether there was one."""
    gone = session.execute(delete(SavedSetting).where(SavedSetting.name == name).returning(SavedSetting.name))
    return gone.first() is not None
