"""HTTP by `httpx` straight to permitted addresses, without the guard's process in between: for the few conversations
whose program is this one itself. A name is judged by the addresses that are connected to, at every connection."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from magpie.kit.egress.errors import EgressError
from magpie.kit.egress.policy import EgressPolicy

_ADDRESSES_TRIED = 4


class _Backend(httpcore.SyncBackend):
    def __init__(self, policy: EgressPolicy) -> None:
        self._policy = policy

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = self._policy.resolve(host, port)
        except EgressError as error:
            raise httpcore.ConnectError(str(error)) from error
        fault: Exception = httpcore.ConnectError("no address")
        for address in addresses[:_ADDRESSES_TRIED]:
            try:
                return super().connect_tcp(str(address), port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
        raise fault


class PinnedTransport(httpx.HTTPTransport):
    """Connects to the addresses that the policy vetted, and to no others; what it refuses is a `httpx.ConnectError`."""

    def __init__(self, policy: EgressPolicy, *, verify: ssl.SSLContext, limits: httpx.Limits) -> None:
        super().__init__(verify=verify, limits=limits, trust_env=False)
        # httpx makes the pool by itself and lets nobody say how it connects; the pool takes that as an argument.
        self._pool = httpcore.ConnectionPool(
            ssl_context=verify,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=_Backend(policy),
        )
