"""What the egress guard says when an address may not, or cannot, be reached."""

from __future__ import annotations

from enum import StrEnum


class RefusalReason(StrEnum):
    """Why an address was refused; stable codes for callers that diagnose a failed job."""

    SCHEME = "scheme"
    CREDENTIALS = "credentials"
    INVALID = "invalid"
    PORT = "port"
    ADDRESS = "address"


class EgressError(Exception):
    """Base of the guard's errors; ``str()`` is one plain sentence that a user may see."""


class EgressRefused(EgressError):
    """The policy forbids this address; trying again does not help.

    The text never says what a name resolves to, so that a refusal cannot be used to map the inner network.
    """

    def __init__(
        self, reason: RefusalReason, message: str, *, host: str | None = None, port: int | None = None
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.host = host
        self.port = port


class EgressUnresolved(EgressError):
    """The name has no address now (unknown, or the name server does not answer); it may have one later."""

    def __init__(self, host: str) -> None:
        super().__init__(f"The address of {host} could not be found. Check the spelling, or try again later.")
        self.host = host


class EgressUnreachable(EgressError):
    """The address is permitted but nothing usable answered there."""

    def __init__(self, message: str, *, timed_out: bool = False) -> None:
        super().__init__(message)
        self.timed_out = timed_out
