"""Another secret key: what former ones sealed is sealed anew, so that they can be thrown away."""

from __future__ import annotations

import structlog
from cryptography.fernet import InvalidToken
from sqlalchemy import select, update

from magpie.admin.database.secrets import sealed_column
from magpie.admin.database.tables import SEALED
from magpie.context import AppContext
from magpie.kit.crypto import Vault
from magpie.schema import metadata

log = structlog.get_logger(__name__)


def seal_anew(context: AppContext) -> int:
    """Seal everything with the present key; how many secrets were under a former one. Safe to repeat.

    What none of the keys opens stays as it is: it is of no use, and whoever needs it says so.
    """
    if not context.settings.former_keys:
        return 0
    present = Vault(context.secret)
    count = 0
    with context.database.write() as session:
        for name in SEALED:
            table = metadata().tables[name]
            (key,) = table.primary_key.columns
            for row in session.execute(select(table)).mappings().all():
                column = sealed_column(name, dict(row))
                anew = _anew(context.vault, present, row[column]) if column is not None else None
                if column is not None and anew is not None:
                    session.execute(update(table).where(key == row[key.name]).values({column: anew}))
                    count += 1
    log.info("secrets_sealed_anew", count=count)
    return count


def _anew(every: Vault, present: Vault, sealed: str) -> str | None:
    """The secret under the present key; None if it is already, or cannot be opened."""
    try:
        present.open(sealed)
    except InvalidToken:
        try:
            return every.rotate(sealed)
        except InvalidToken:
            return None
    return None
