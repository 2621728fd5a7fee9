"""Who we are at a Jellyfin server, and what we may do there. Facts: Jellyfin 10.8 to 12.

An API key belongs to no user. The server then takes a user's id for reading a playlist, making one and adding to it, and
lets nobody move entries, replace a list or rename it: for that it looks at the user of the token itself.
"""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from magpie import __version__
from magpie.playlists.servers.port import Fault, Login, ServerFailed
from magpie.playlists.servers.wire import Answer, Wire

_ANOTHER = frozenset({Fault.NOT_FOUND, Fault.UNSUPPORTED, Fault.UNREADABLE, Fault.TOKEN, Fault.NO_RIGHT})
_TAIL = re.compile(r"/(web(/.*)?)?$")


@dataclass(frozen=True, slots=True)
class Account:
    """The user whose playlists are meant. `is_own`: the token is that user's."""

    user_id: str
    name: str
    is_own: bool
    is_admin: bool


@dataclass(frozen=True, slots=True)
class About:
    """What the server says of itself to anybody."""

    id: str
    name: str
    version: str

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(int(number) for number in re.findall(r"\d{1,6}", self.version)[:3])


class Session:
    """The connection with its token; it signs in when it is first needed, and out when it is closed."""

    def __init__(self, login: Login) -> None:
        self.wire = Wire(login, product="Jellyfin", tail=_TAIL)
        self._login = login
        self._signed_in = False
        self._about: About | None = None
        self._account: Account | None = None
        if not login.token and not (login.username and login.password is not None):
            self.wire.fail(Fault.TOKEN, "needs an API key, or a name and a password")
        # A device of its own for each connection: a second sign-in on a device ends the first.
        self._device = f"magpie-{uuid.uuid4().hex}"
        self._identify(self.wire.header_value(login.token) if login.token else None)

    @property
    def known(self) -> tuple[About, Account] | None:
        """What `account` found, without asking."""
        return (self._about, self._account) if self._about and self._account else None

    def close(self) -> None:
        if self._signed_in:
            self._signed_in = False
            with contextlib.suppress(ServerFailed):  # if it stays, an administrator sees one device more
                self.wire.ask("POST", "/Sessions/Logout")
        self.wire.close()

    def about(self) -> About:
        """Raises `Fault.WRONG_KIND` for whatever is no Jellyfin."""
        if self._about is None:
            try:
                found = self.wire.json(self.wire.ask("GET", "/System/Info/Public"))
            except ServerFailed as failure:
                # It is told to anybody, so whoever wants a sign-in for it is somebody else.
                if failure.reason in _ANOTHER:
                    self.wire.fail(Fault.WRONG_KIND, "is no Jellyfin server")
                raise
            if not isinstance(found, dict) or "jellyfin" not in str(found.get("ProductName", "")).lower():
                self.wire.fail(Fault.WRONG_KIND, "is no Jellyfin server")
            name, version = str(found.get("ServerName") or ""), str(found.get("Version") or "")
            self._about = About(str(found.get("Id") or ""), name or self.wire.place, version)
        return self._about

    def account(self) -> Account:
        if self._account is None:
            self.about()
            self._account = self._of_token() if self._login.token else self._sign_in()
        return self._account

    def get(self, path: str, query: Sequence[tuple[str, str]] = ()) -> Any:
        self.account()
        return self.wire.json(self.wire.ask("GET", path, query=query))

    def send(
        self, method: str, path: str, query: Sequence[tuple[str, str]] = (), body: object = None
    ) -> Answer:
        self.account()
        return self.wire.ask(method, path, query=query, body=body)

    def upload(self, path: str, content: bytes, mime: str) -> None:
        self.account()
        self.wire.ask("POST", path, content=content, headers={"Content-Type": mime})

    def dict_of(self, found: object) -> dict[str, Any]:
        """Raises `ServerFailed` for what is no object."""
        if not isinstance(found, dict):
            self.wire.fail(Fault.UNREADABLE, "gave an answer that Jellyfin does not give")
        return found

    def _identify(self, token: str | None) -> None:
        words = {"Client": "Magpie", "Device": "Magpie", "DeviceId": self._device, "Version": __version__}
        words |= {"Token": token} if token else {}
        fields = ", ".join(f'{name}="{value}"' for name, value in words.items())
        self.wire.headers |= {"Authorization": f"MediaBrowser {fields}", "Accept": "application/json"}

    def _sign_in(self) -> Account:
        body = {"Username": self._login.username, "Pw": self._login.password}
        found = self.dict_of(self.wire.json(self.wire.ask("POST", "/Users/AuthenticateByName", body=body)))
        token = found.get("AccessToken")
        if not isinstance(token, str):
            self.wire.fail(Fault.UNREADABLE, "signs in without giving a token")
        self._identify(self.wire.header_value(token))
        self._signed_in = True
        return self._account_of(self.dict_of(found.get("User")), is_own=True)

    def _of_token(self) -> Account:
        """The token's own user, or for a key without one: the named user, else the first administrator."""
        try:
            own = self.dict_of(self.wire.json(self.wire.ask("GET", "/Users/Me")))
        except ServerFailed as failure:
            if failure.reason not in (Fault.FAILING, Fault.NOT_FOUND, Fault.NO_RIGHT):
                raise
        else:
            return self._account_of(own, is_own=True)
        return self._named(self.wire.json(self.wire.ask("GET", "/Users")))

    def _named(self, users: object) -> Account:
        if not isinstance(users, list):
            self.wire.fail(Fault.UNREADABLE, "does not list its users")
        accounts = [self._account_of(user, is_own=False) for user in users if isinstance(user, dict)]
        wanted = self._login.username
        if wanted:
            accounts = [account for account in accounts if account.name.casefold() == wanted.casefold()]
        chosen = next((account for account in accounts if account.is_admin), next(iter(accounts), None))
        if chosen is None:
            self.wire.fail(Fault.TOKEN, "has no user of that name")
        return chosen

    def _account_of(self, user: Mapping[str, Any], *, is_own: bool) -> Account:
        user_id = user.get("Id")
        if not isinstance(user_id, str) or not user_id:
            self.wire.fail(Fault.UNREADABLE, "tells of users without ids")
        policy = user.get("Policy")
        is_admin = isinstance(policy, dict) and bool(policy.get("IsAdministrator"))
        return Account(user_id, str(user.get("Name") or ""), is_own, is_admin)
