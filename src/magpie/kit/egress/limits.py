"""The guard's bounds: how much, how many, how long."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GuardLimits:
    """Sizes in bytes, times in seconds.

    Attributes:
        connections: open at once in all; further ones wait. Each takes two file descriptors.
        connections_per_pass: open at once for one job; further ones are answered 503.
        head: the largest message head, of a request or an answer.
        head_timeout: from the connection to the end of the request's head.
        resolve_timeout: for the name server.
        connect_timeout: for one address; at most four are tried.
        idle_timeout: no byte in either direction.
        linger: how long to wait for the client to close after the last byte.
    """

    connections: int = 256
    connections_per_pass: int = 64
    head: int = 64 * 1024
    head_timeout: float = 15
    resolve_timeout: float = 10
    connect_timeout: float = 10
    idle_timeout: float = 120
    linger: float = 2
