"""Access tokens: signed JSON Web Tokens (RFC 7519) that name a user and a session.

The signature only says that this installation issued the token; whether it still counts is the session row's to
say. Read strictly: one algorithm, all claims required, and one spelling: PyJWT refuses spare bits in the last
character but lets padding pass.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import jwt

from magpie.accounts.models import SESSION_ID_LENGTH
from magpie.kit.crypto import derive
from magpie.kit.errors import InvalidCredentials

KEY_BYTES = 64  # the longest algorithm, HS512, wants as many (RFC 7518, 3.2)
MAX_TOKEN_LENGTH = 2048
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")  # RFC 7515: base64url without padding
_USER_ID = re.compile(r"[1-9][0-9]{0,17}")
_SESSION_ID = re.compile(rf"[0-9a-f]{{{SESSION_ID_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says."""

    user_id: int
    session_id: str
    # Which one password (`app_password`) it goes back to; None where somebody signed in with one of their own.
    mark: str | None = None


class TokenSigner:
    """Issues and reads tokens, and the CSRF tokens that belong to sessions."""

    def __init__(self, secret: str, algorithm: str) -> None:
        """`secret` is the installation's; `algorithm` one of HS256, HS384, HS512."""
        self._key = derive(secret, "tokens", KEY_BYTES)
        self._csrf_key = derive(secret, "csrf")
        self._mark_key = derive(secret, "one password")
        self._algorithm = algorithm

    def issue(self, claims: Claims, issued_at: datetime, expires_at: datetime) -> str:
        payload: dict[str, Any] = {
            "sub": str(claims.user_id),
            "jti": claims.session_id,
            "iat": issued_at,
            "exp": expires_at,
        }
        if claims.mark is not None:
            payload["mark"] = claims.mark
        return jwt.encode(payload, self._key, algorithm=self._algorithm)

    def read(self, token: str) -> Claims:
        """What the token says; raises `InvalidCredentials` unless this installation issued exactly this text."""
        if len(token) > MAX_TOKEN_LENGTH or not _TOKEN.fullmatch(token):
            raise InvalidCredentials
        try:
            payload = jwt.decode(
                token,
                self._key,
                algorithms=[self._algorithm],
                # Hosts of one installation may differ by a second: when it was issued is not checked.
                options={"require": ["sub", "jti", "exp", "iat"], "verify_iat": False},
            )
        except jwt.InvalidTokenError:
            raise InvalidCredentials from None
        user_id, session_id = payload["sub"], payload["jti"]
        if not _USER_ID.fullmatch(user_id) or not _SESSION_ID.fullmatch(session_id):
            raise InvalidCredentials
        return Claims(int(user_id), session_id, payload.get("mark"))

    def mark(self, password: str) -> str:
        """What tokens say of the one password that they go back to; nobody learns it from that."""
        digest = hmac.digest(self._mark_key, password.encode(errors="surrogatepass"), "sha256")
        return urlsafe_b64encode(digest[:16]).decode().rstrip("=")

    def csrf_token(self, session_id: str) -> str:
        """The token that a page sends back in `X-CSRF-Token`: bound to its session, useless in any other."""
        digest = hmac.digest(self._csrf_key, session_id.encode(), "sha256")
        return urlsafe_b64encode(digest).decode().rstrip("=")

    def is_csrf_token(self, given: str | None, session_id: str) -> bool:
        """Compares in constant time."""
        return given is not None and hmac.compare_digest(given.encode(), self.csrf_token(session_id).encode())


@lru_cache(maxsize=4)
def signer(secret: str, algorithm: str) -> TokenSigner:
    """The signer of an installation; its keys are derived once."""
    return TokenSigner(secret, algorithm)
