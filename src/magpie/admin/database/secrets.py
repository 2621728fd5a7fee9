"""What is sealed in the database, and how it travels: left out, or sealed anew under a passphrase."""

from __future__ import annotations

import base64
import os
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from magpie.admin.database.dump import RowFilter
from magpie.admin.database.format import DumpRefused, Sealing
from magpie.admin.database.tables import SEALED
from magpie.config import Settings, is_secret
from magpie.kit.crypto import Vault

# Rows that are something without their secret, too.
_KEPT_WITHOUT = frozenset({"links", "media_servers", "missing_settings"})


def sealed_column(table: str, row: dict[str, Any]) -> str | None:
    """The row's column that holds a secret; None if none does."""
    column = SEALED.get(table)
    if column is None or row.get(column) is None:
        return None
    if table == "settings" and not (row["name"] in Settings.model_fields and is_secret(row["name"])):
        return None
    return column


def without_secrets(table: str, row: dict[str, Any]) -> dict[str, Any] | None:
    """A row filter: rows that hold a secret are left out, or lose it where they are something without; it is asked
    for again after a restore elsewhere."""
    column = sealed_column(table, row)
    if column is None:
        return row
    return {**row, column: None} if table in _KEPT_WITHOUT else None


class PassphraseSeal:
    """Seals under a key that scrypt derives from a passphrase."""

    def __init__(self, passphrase: str, sealing: Sealing | None = None) -> None:
        """`sealing`: of the dump to be read; a new one for a dump to be written."""
        self.sealing = sealing or Sealing(os.urandom(16))
        parameters = self.sealing
        key = Scrypt(parameters.salt, 32, parameters.cost, parameters.block, parameters.parallel)
        self._fernet = Fernet(base64.urlsafe_b64encode(key.derive(passphrase.encode())))

    def sealed_anew(self, vault: Vault) -> RowFilter:
        """A row filter for writing: from this installation's key to the passphrase's."""

        def change(table: str, row: dict[str, Any]) -> dict[str, Any] | None:
            column = sealed_column(table, row)
            if column is None:
                return row
            try:
                return {**row, column: self._fernet.encrypt(vault.open(row[column]).encode()).decode()}
            except InvalidToken:
                if table != "settings":  # of no use to anybody any more
                    return without_secrets(table, row)
                raise DumpRefused(
                    f"The saved setting {row['name']} was sealed with another key: save it again first."
                ) from None

        return change

    def opened_for(self, vault: Vault) -> RowFilter:
        """A row filter for reading: from the passphrase's key to this installation's."""

        def change(table: str, row: dict[str, Any]) -> dict[str, Any]:
            column = sealed_column(table, row)
            if column is None:
                return row
            try:
                return {**row, column: vault.seal(self._fernet.decrypt(str(row[column]).encode()).decode())}
            except InvalidToken:
                raise DumpRefused("The passphrase is wrong, or the sealed secrets are damaged.") from None

        return change
