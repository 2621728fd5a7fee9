"""Which of a link's media go. Pure: no database, no clock.

Ages count from the day on which a medium came into the library, not from its publication: nothing is fetched only to
be taken away again. Whatever is protected counts, but stays.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

GIGABYTE = 1_000_000_000
LONGEST_DAYS = 400_000


class Rule(StrEnum):
    """Which rule takes a medium away."""

    KEEP_LAST = "keep_last"
    KEEP_DAYS = "keep_days"
    KEEP_GB = "keep_gb"


class Stays(StrEnum):
    """Why a medium stays whatever the rules say."""

    PINNED = "pinned"
    PERSON = "person"  # somebody asked for it, or brought it in otherwise


@dataclass(frozen=True, slots=True)
class Limits:
    """A link's retention. None: no such limit. `bytes_kept`: of all that the link holds."""

    keep_last: int | None = None
    keep_days: float | None = None
    bytes_kept: float | None = None

    @classmethod
    def of(cls, retention: Mapping[str, Any]) -> Limits:
        """From `schemas.Retention` as it is stored. What cannot be read takes nothing away."""
        last, days, size = (_number(retention.get(name)) for name in ("keep_last", "keep_days", "keep_gb"))
        return cls(
            int(last) if last is not None else None, days, size * GIGABYTE if size is not None else None
        )

    def __bool__(self) -> bool:
        return self != Limits()


def _number(value: Any) -> float | None:
    """A positive number; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and value > 0 else None


@dataclass(frozen=True, slots=True)
class Held:
    """One medium that a link has in its user's library. `size` in bytes; `since`: when it came."""

    entry_id: int
    item_id: int
    title: str | None
    size: int
    since: datetime
    stays: Stays | None
    held_by_link: bool  # another entry of the same user's links holds it: it stays in the library
    held_by_user: bool  # somebody else has it: its files stay


@dataclass(frozen=True, slots=True)
class Going:
    """A medium that goes, and by which rule."""

    held: Held
    rule: Rule

    @property
    def leaves_library(self) -> bool:
        return not self.held.held_by_link

    @property
    def freed(self) -> int:
        """Bytes that this frees on the disk."""
        return 0 if self.held.held_by_link or self.held.held_by_user else self.held.size


def going(held: Sequence[Held], limits: Limits, now: datetime) -> list[Going]:
    """What goes of these, which are in the order of the source, the newest first.

    The newest is not taken away for its size alone: a link whose every medium is too large would fetch for nothing.
    """
    found: list[Going] = []
    total = 0
    for place, one in enumerate(held):
        rule = _rule(place, one, total, limits, now)
        if rule is None or one.stays is not None:
            total += one.size
        else:
            found.append(Going(one, rule))
    return found


def _rule(place: int, one: Held, total: int, limits: Limits, now: datetime) -> Rule | None:
    if limits.keep_last is not None and place >= limits.keep_last:
        return Rule.KEEP_LAST
    if limits.keep_days is not None and one.since < now - timedelta(days=min(limits.keep_days, LONGEST_DAYS)):
        return Rule.KEEP_DAYS
    if limits.bytes_kept is not None and place and total + one.size > limits.bytes_kept:
        return Rule.KEEP_GB
    return None


def sentence(rule: Rule, limits: Limits) -> str:
    """Why it went, in plain words."""
    if rule is Rule.KEEP_LAST:
        return f"Taken away: only the newest {limits.keep_last} of this link are kept."
    if rule is Rule.KEEP_DAYS:
        return f"Taken away: what this link brings is kept for {limits.keep_days:g} days."
    return f"Taken away: {(limits.bytes_kept or 0) / GIGABYTE:g} GB of this link are kept, the newest first."
