"""The installation's own row: who it is, and the epoch of its jobs."""

from __future__ import annotations

import uuid

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from magpie.kit.db import Base, ReadSession, WriteSession


class Installation(Base):
    """One row. `job_epoch` is part of every job's id: an import raises it, so that old results stay buried.

    `media_root` is the media folder that the environment named at the latest start, relative to the data folder
    where it lies in there.
    """

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    identity: Mapped[str] = mapped_column(String(32), default=lambda: uuid.uuid4().hex)
    job_epoch: Mapped[int] = mapped_column(default=1)
    media_root: Mapped[str | None] = mapped_column(Text)


def ensure_installation(session: WriteSession) -> None:
    """Make the row at the first start."""
    if session.get(Installation, 1) is None:
        session.add(Installation(id=1))


def identity(session: ReadSession) -> str:
    """The installation's name for itself, made at its first start; empty before."""
    return session.scalar(select(Installation.identity)) or ""


def job_epoch(session: ReadSession) -> int:
    """The present epoch; 1 before the first start."""
    return session.scalar(select(Installation.job_epoch)) or 1
