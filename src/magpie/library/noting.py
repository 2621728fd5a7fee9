"""What the audit log says of things done to items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.kit.db import WriteSession
from magpie.library.models import Item

SAMPLES = 20  # titles


def note(
    session: WriteSession, action: str, principal: Principal, items: Sequence[Item], **details: Any
) -> None:
    """Note what somebody has done to these items; to none of them, nothing."""
    if len(items) == 1:
        subject, about = f"item:{items[0].id}", {"title": items[0].title}
        audit.record(session, action, principal=principal, subject=subject, details={**about, **details})
    elif items:
        several = {**summary(items), "ids": [item.id for item in items], **details}
        audit.record(session, action, principal=principal, details=several)


def summary(items: Sequence[Item]) -> dict[str, Any]:
    """How many they are, how large (bytes), and what some of them are called."""
    return {
        "count": len(items),
        "bytes": sum(item.size for item in items),
        "titles": [item.title for item in items[:SAMPLES]],
    }
