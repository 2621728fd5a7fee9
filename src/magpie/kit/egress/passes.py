"""Per-job credentials for the guard, and what each job did with them."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from magpie.kit.egress.errors import RefusalReason

_MAX_HOSTS = 1000
_MAX_REFUSALS = 100
OTHER_HOSTS = "(other)"
"""The key under which hosts beyond the first thousand are counted."""

_PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy")


@dataclass(slots=True)
class HostTally:
    """Traffic with one host; bytes as seen on the wire."""

    requests: int = 0
    received: int = 0
    sent: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """One attempt that the policy stopped; `message` may be shown to the user."""

    reason: RefusalReason
    message: str
    host: str | None
    port: int | None


class EgressAccess:
    """One job's way out. Counters are written by the guard's thread and may be read from any.

    Attributes:
        url: the proxy address with its credentials: a secret, not for command lines or logs.
        requests: permitted requests; a CONNECT tunnel is one, whatever passes through it.
        received, sent: bytes from and to the origins.
        hosts: the same by host.
        refusals: the first hundred refused attempts; `refused` counts them all.
    """

    def __init__(self, job_id: str, url: str) -> None:
        self.job_id = job_id
        self.url = url
        self.requests = 0
        self.received = 0
        self.sent = 0
        self.refused = 0
        self._hosts: dict[str, HostTally] = {}
        self._refusals: list[Refusal] = []

    def __repr__(self) -> str:
        return f"EgressAccess(job_id={self.job_id!r}, requests={self.requests}, received={self.received})"

    @property
    def hosts(self) -> dict[str, HostTally]:
        """A snapshot of the traffic by host."""
        return dict(self._hosts)

    @property
    def refusals(self) -> list[Refusal]:
        """A snapshot of the refused attempts, oldest first."""
        return list(self._refusals)

    def environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """`base` with every proxy variable set to this pass and ``NO_PROXY`` gone.

        Without that, libcurl and ffmpeg would go around the guard for whatever ``NO_PROXY`` names.
        """
        kept = {k: v for k, v in base.items() if k.lower() not in (*_PROXY_VARIABLES, "no_proxy")}
        for name in _PROXY_VARIABLES:
            kept[name] = kept[name.upper()] = self.url
        return kept

    def begin(self, host: str) -> Traffic:
        """Counts a permitted request; for the guard."""
        self.requests += 1
        if host not in self._hosts and len(self._hosts) >= _MAX_HOSTS:
            host = OTHER_HOSTS
        tally = self._hosts.setdefault(host, HostTally())
        tally.requests += 1
        return Traffic(self, tally)

    def refuse(self, refusal: Refusal) -> None:
        """Records a refused attempt; for the guard."""
        self.refused += 1
        if len(self._refusals) < _MAX_REFUSALS:
            self._refusals.append(refusal)


@dataclass(frozen=True, slots=True)
class Traffic:
    """Counts one connection's bytes for its job and its host."""

    access: EgressAccess
    tally: HostTally

    def sent(self, size: int) -> None:
        """Bytes to the origin."""
        self.access.sent += size
        self.tally.sent += size

    def received(self, size: int) -> None:
        """Bytes from the origin."""
        self.access.received += size
        self.tally.received += size


@dataclass(slots=True)
class Grant:
    """A valid pass inside the guard, with the connections that live on it."""

    access: EgressAccess
    digest: bytes
    connections: set[asyncio.Task[None]] = field(default_factory=set)


class PassBook:
    """The valid passes. Tokens are kept as digests only."""

    def __init__(self) -> None:
        self._grants: dict[str, Grant] = {}

    def issue(self, job_id: str, port: int) -> tuple[str, Grant]:
        """Makes a pass; user and token are hexadecimal, so no client has to escape them."""
        user, token = secrets.token_hex(8), secrets.token_hex(24)
        access = EgressAccess(job_id, f"http://{user}:{token}@127.0.0.1:{port}")
        grant = self._grants[user] = Grant(access, hashlib.sha256(token.encode()).digest())
        return user, grant

    def revoke(self, user: str) -> None:
        """Forgets a pass; unknown ones are fine."""
        self._grants.pop(user, None)

    def authenticate(self, header: bytes | None) -> Grant | None:
        """The pass that a ``Proxy-Authorization`` value proves, or None."""
        scheme, _, encoded = (header or b"").partition(b" ")
        if scheme.lower() != b"basic":
            return None
        try:
            user, _, token = base64.b64decode(encoded.strip(), validate=True).partition(b":")
        except binascii.Error:
            return None
        grant = self._grants.get(user.decode("latin-1"))
        if grant is None or not hmac.compare_digest(grant.digest, hashlib.sha256(token).digest()):
            return None
        return grant
