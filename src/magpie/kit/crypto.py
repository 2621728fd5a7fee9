"""The installation's secret key and what is derived from it."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from magpie.kit.refusal import Refused

MIN_KEY_LENGTH = 32


class KeyDamaged(Refused):
    """The key file does not hold a key; the message says how to mend it."""


def load_or_make_key(path: Path) -> str:
    """The text of `secret.key`, made with mode 0600 at the first start.

    Made under another name and linked into place: two processes that start together agree on one key, and a
    crash in between leaves no empty file. Raises `KeyDamaged`.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links: the look before is all that there is
            if not path.exists():
                draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    key = path.read_bytes().decode("ascii", errors="replace").strip()
    if len(key) < MIN_KEY_LENGTH or not key.isascii() or not key.isprintable():
        raise KeyDamaged(f"{path} is damaged: put the old file back, or delete it to start with a new key.")
    return key


def derive(secret: str, purpose: str, length: int = 32) -> bytes:
    """A key for one purpose (HKDF-SHA256, RFC 5869), so that one secret never serves two uses."""
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=b"magpie", info=purpose.encode()).derive(
        secret.encode()
    )


class Vault:
    """Encrypts secrets at rest. The first key encrypts; the others still decrypt, for rotation."""

    def __init__(self, secret: str, *older: str) -> None:
        keys = [base64.urlsafe_b64encode(derive(value, "vault")) for value in (secret, *older)]
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises `cryptography.fernet.InvalidToken` if it was sealed with another key or changed."""
        return self._fernet.decrypt(sealed.encode()).decode()

    def rotate(self, sealed: str) -> str:
        return self._fernet.rotate(sealed.encode()).decode()
