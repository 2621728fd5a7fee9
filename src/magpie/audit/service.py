"""Who did what, when, from where, and whether it went well."""

from __future__ import annotations

import re
from typing import Any, Literal

from magpie.accounts.principal import Principal
from magpie.audit import repository
from magpie.audit.models import AuditRecord
from magpie.kit.client import current_client
from magpie.kit.clock import utcnow
from magpie.kit.db import WriteSession
from magpie.kit.logs import redact, redact_fields

Outcome = Literal["success", "failure"]

# What a form can bring and PostgreSQL does not take: NUL, and halves of surrogate pairs.
_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")


def record(
    session: WriteSession,
    action: str,
    *,
    principal: Principal | None,
    subject: str | None = None,
    outcome: Outcome = "success",
    username: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Note an action of the request that is being answered, in the same unit of work as the action itself.

    `action`: `download.create`, `login`, …; `subject`: what it was done to, `download:12`. `username`: the name as
    given, where nobody is signed in. `details` are redacted. A failed attempt is noted in a unit of work of its own,
    since its request's is rolled back.
    """
    client = current_client()
    name = username if username is not None or principal is None else principal.username
    entry = AuditRecord(
        at=utcnow(),
        user_id=principal.id if principal else None,
        username=_text(name, 254),
        action=action,
        subject=_text(subject, 255),
        outcome=outcome,
        ip=client.ip,
        user_agent=_text(redact(client.user_agent), 255),
        details=_storable(redact_fields(details or {})),
    )
    repository.add(session, entry)


def _text(value: str | None, length: int) -> str | None:
    return None if value is None else _NOT_STORABLE.sub("�", value)[:length]


def _storable(value: Any) -> Any:
    """JSON that both databases take."""
    if isinstance(value, str):
        return _NOT_STORABLE.sub("�", value)
    if isinstance(value, dict):
        return {_NOT_STORABLE.sub("�", key): _storable(inner) for key, inner in value.items()}
    return [_storable(inner) for inner in value] if isinstance(value, list) else value
