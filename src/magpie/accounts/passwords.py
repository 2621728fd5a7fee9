"""Hashes passwords with Argon2id; accepts the bcrypt hashes of earlier programs and replaces them at sign-in.

32 MiB and three passes in one lane lie above the minimum that the OWASP Password Storage Cheat Sheet asks for
(19 MiB, two passes) and take under a tenth of a second on a small NAS. At most two hashes run at once, so that a
burst of sign-ins costs 64 MiB and never the machine.
"""

from __future__ import annotations

import secrets
import threading
from functools import cache
from typing import NamedTuple

from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher

from magpie.kit.errors import RuleBroken

MIN_LENGTH = 8
MAX_LENGTH = 1024
CONCURRENT_HASHES = 2
BCRYPT_BYTES = 72  # bcrypt looks at no more than that

_argon2 = Argon2Hasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_bcrypt = BcryptHasher()
_turns = threading.BoundedSemaphore(CONCURRENT_HASHES)


class Verdict(NamedTuple):
    """Whether a password is right, and the hash that should replace the stored one, if any."""

    right: bool
    replacement: str | None = None


def require_acceptable(password: str, field: str = "password") -> None:
    """Raises `RuleBroken` for a password that is too short, too long or not text."""
    if len(password) < MIN_LENGTH:
        raise RuleBroken(f"the password must have at least {MIN_LENGTH} characters", "body", field)
    if len(password) > MAX_LENGTH:
        raise RuleBroken(f"the password may have at most {MAX_LENGTH} characters", "body", field)
    if not password.isascii() and any("\ud800" <= char <= "\udfff" for char in password):
        raise RuleBroken("the password is not valid text", "body", field)


def hash_password(password: str) -> str:
    """The Argon2id hash of an acceptable password, with salt and parameters. Takes a moment: never on the event loop."""
    require_acceptable(password)
    with _turns:
        return _argon2.hash(password)


def check_password(password: str, stored: str | None) -> Verdict:
    """Compare with a stored hash; None stands for a user who does not exist.

    Unknown users and unreadable hashes cost one Argon2 run like everyone else, so that the time of an answer tells
    nobody which users exist.
    """
    if len(password) > MAX_LENGTH:
        stored = None
    with _turns:
        if stored is not None and _bcrypt.identify(stored):
            return _check_bcrypt(password, stored)
        known = stored is not None and _argon2.identify(stored)
        right = _argon2.verify(password, stored if known and stored else _decoy()) and known
        if right and stored and _argon2.check_needs_rehash(stored):
            return Verdict(True, _argon2.hash(password))
        return Verdict(right)


def _check_bcrypt(password: str, stored: str) -> Verdict:
    secret = password.encode()[:BCRYPT_BYTES]
    if b"\0" in secret or not _bcrypt.verify(secret, stored):
        return Verdict(False)
    return Verdict(True, _argon2.hash(password))


@cache
def _decoy() -> str:
    return _argon2.hash(secrets.token_urlsafe(32))
