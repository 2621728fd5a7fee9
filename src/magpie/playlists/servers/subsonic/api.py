"""Asking a Subsonic server: who we are, in a form's body, and what its errors mean. Facts: API 1.12 to 1.16, OpenSubsonic.

Three ways to sign in: a key of OpenSubsonic's, a salted digest of the password (since 1.13), or the password itself. Servers
that cannot check a digest (they keep no plain password, or speak 1.12) answer 10, 40 or 41 to it, and get the password.
Which way a server takes is found out by a ping, so that no write is ever sent twice because of it.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from magpie.playlists.servers.port import Fault, Login, ServerFailed
from magpie.playlists.servers.wire import Answer, Wire

_TAIL = re.compile(r"/((rest|app)(/.*)?|index\.\w+)?$")
_DIGEST_VERSION, _PLAIN_VERSION = "1.13.0", "1.12.0"
# Statuses that come with an error of the API's at some servers, and at others alone.
_SOME_SPEAK_WITH = frozenset({400, 401, 403, 404, 500, 501})
# What answers a ping in no words of the API's: a web server, another product, a proxy's own sign-in.
_ANOTHER = frozenset({Fault.UNREADABLE, Fault.UNSUPPORTED, Fault.NOT_FOUND, Fault.TOKEN})
_TRY_PASSWORD = frozenset({10, 30, 40, 41, 42, 43})
_FAULTS: Mapping[int, tuple[Fault, str]] = {
    20: (Fault.UNSUPPORTED, "wants a newer version of the API"),
    30: (Fault.UNSUPPORTED, "speaks too old a version of the API"),
    40: (Fault.TOKEN, "does not accept this name and password"),
    41: (Fault.TOKEN, "does not accept this name and password"),
    42: (Fault.TOKEN, "does not accept this way to sign in"),
    43: (Fault.TOKEN, "does not accept this way to sign in"),
    44: (Fault.TOKEN, "does not accept this key"),
    50: (Fault.NO_RIGHT, "does not allow this account to do that"),
    60: (Fault.NO_RIGHT, "says that its trial is over"),
    70: (Fault.NOT_FOUND, "does not know what was asked for"),
}

Params = Sequence[tuple[str, str]]


class _Refused(ServerFailed):
    """An error in the API's own words."""

    def __init__(self, failure: ServerFailed, code: int) -> None:
        super().__init__(failure.reason, failure.message)
        self.code = code


@dataclass(frozen=True, slots=True)
class About:
    """What the server says of itself with every answer. `product` and `release`: of OpenSubsonic only."""

    version: str
    product: str | None = None
    release: str | None = None
    is_open: bool = False

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(int(number) for number in re.findall(r"\d{1,6}", self.version)[:3])


class Api:
    """The connection; it has no state at the server."""

    def __init__(self, login: Login) -> None:
        self.wire = Wire(login, product="The Subsonic server", tail=_TAIL)
        self.username = login.username
        self._key = login.token if login.password is None else None
        self._password = login.password or ""
        if not self._key and not (login.username and self._password):
            self.wire.fail(Fault.TOKEN, "needs a name and a password, or a key")
        self._by_digest = True
        self._about: About | None = None

    def about(self) -> About:
        """Raises `Fault.WRONG_KIND` for whatever is no Subsonic server, `Fault.TOKEN` if no way to sign in is taken."""
        if self._about is None:
            try:
                self._about = _about_of(self._ping())
                if self._key is not None:
                    self.username = self._owner_of_key()
            except ServerFailed as failure:
                if failure.reason in _ANOTHER and not isinstance(failure, _Refused):
                    self.wire.fail(Fault.WRONG_KIND, "does not speak the Subsonic API")
                raise
        return self._about

    def read(self, method: str, params: Params = ()) -> dict[str, Any]:
        """What changes nothing, and may be asked again. The answer without its envelope."""
        self.about()
        return self._ask(method, params, is_read=True)

    def write(self, method: str, params: Params) -> dict[str, Any]:
        """Sent once."""
        self.about()
        return self._ask(method, params, is_read=False)

    def _ping(self) -> dict[str, Any]:
        try:
            return self._ask("ping", (), is_read=True)
        except _Refused as refused:
            if self._key is not None or refused.code not in _TRY_PASSWORD:
                raise
            self._by_digest = False
            return self._ask("ping", (), is_read=True)

    def _ask(self, method: str, params: Params, *, is_read: bool) -> dict[str, Any]:
        # Always POST: long lists fit, and neither a proxy's log nor anybody's error text shows the form.
        form = [*self._who(), *params]
        path = f"/rest/{method}.view"
        answer = self.wire.ask("POST", path, form=form, is_read=is_read, keep=_SOME_SPEAK_WITH)
        found = self._json(answer)
        inner = found.get("subsonic-response") if isinstance(found, dict) else None
        if not isinstance(inner, dict):
            self.wire.fail(Fault.WRONG_KIND, "does not speak the Subsonic API")
        if inner.get("status") != "ok":
            raise self._refusal(inner.get("error"))
        return inner

    def _owner_of_key(self) -> str | None:
        """Whose key it is: it alone says who signs in. None where the server does not tell."""
        try:
            told = self._ask("tokenInfo", (), is_read=True).get("tokenInfo")
        except ServerFailed as failure:
            if failure.reason in (Fault.LOST, Fault.TIMEOUT):
                raise
            return None
        name = told.get("username") if isinstance(told, dict) else None
        return name if isinstance(name, str) and name else None

    def _json(self, answer: Answer) -> Any:
        if 200 <= answer.status < 300:
            return self.wire.json(answer)
        try:
            found = json.loads(answer.body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or "subsonic-response" not in found:
            self.wire.refuse(answer.status)
        return found

    def _who(self) -> list[tuple[str, str]]:
        plain = [("c", "Magpie"), ("f", "json")]
        if self._key is not None:
            return [("apiKey", self._key), ("v", _DIGEST_VERSION), *plain]
        password, name = self._password, ("u", self.username or "")
        if not self._by_digest:
            return [name, ("p", f"enc:{password.encode().hex()}"), ("v", _PLAIN_VERSION), *plain]
        salt = secrets.token_hex(8)
        digest = hashlib.md5(
            (password + salt).encode(), usedforsecurity=False
        ).hexdigest()  # the API's choice
        return [name, ("t", digest), ("s", salt), ("v", _DIGEST_VERSION), *plain]

    def _refusal(self, error: object) -> ServerFailed:
        told = error if isinstance(error, dict) else {}
        code = told.get("code")
        number = int(code) if isinstance(code, int | str) and re.fullmatch(r"\d{1,4}", str(code)) else 0
        fault, what = _FAULTS.get(number, (Fault.FAILING, f"failed at what was asked (its code {number})"))
        return _Refused(self.wire.failure(fault, what), number)


def _about_of(answer: Mapping[str, Any]) -> About:
    def word(name: str) -> str | None:
        value = answer.get(name)
        return value if isinstance(value, str) and value else None

    is_open = answer.get("openSubsonic") is True
    return About(word("version") or "", word("type"), word("serverVersion"), is_open)
