"""Tables of the sites."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from magpie.kit.clock import utcnow
from magpie.kit.db import Base


class Circuit(StrEnum):
    """A site's circuit breaker."""

    CLOSED = "closed"  # all is well
    OPEN = "open"  # left alone until `open_until`
    PROBING = "probing"  # one canary may try
    RAMPING = "ramping"  # the canary came back: step by step more at once


class SiteState(Base):
    """How a site treats us. A site without a row has never complained."""

    __tablename__ = "site_states"

    site: Mapped[str] = mapped_column(String(255), primary_key=True)
    circuit: Mapped[str] = mapped_column(String(16), default=Circuit.CLOSED)
    open_until: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(32))
    message: Mapped[str | None] = mapped_column(Text)
    trips: Mapped[int] = mapped_column(default=0)  # in a row: each leaves the site alone for longer
    allowed: Mapped[int | None]  # most at once while ramping
    successes: Mapped[int] = mapped_column(default=0)  # since the canary, or since `allowed` grew
    usual_height: Mapped[int | None]  # pixels: what the site usually sends, for noticing a sudden drop
    low_heights: Mapped[int] = mapped_column(default=0)  # media in a row that were far below it
    refusals: Mapped[int] = mapped_column(default=0)  # 403 in a row
    is_asked: Mapped[bool] = mapped_column(default=False)  # the site named the time: nobody may be sooner
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)


class CookieJar(Base):
    """One user's cookies for one site."""

    __tablename__ = "cookie_jars"
    __table_args__ = (UniqueConstraint("user_id", "site"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    site: Mapped[str] = mapped_column(String(255))
    sealed: Mapped[str] = mapped_column(Text)  # Netscape text, sealed with the vault
    mode: Mapped[str] = mapped_column(String(16), default="when_needed")  # never | when_needed | always
    count: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime | None]  # when the first of those that matter for being signed in expires
    last_used_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]  # the site did not take them; cleared when it does again
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow)
