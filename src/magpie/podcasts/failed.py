"""What it is called when a model, a voice or a recogniser does not do what it was asked for."""

from __future__ import annotations


class Failed(Exception):
    """`reason` is typed, each kind of service has its own; `message` is for people and holds no secret."""

    def __init__(self, reason: str, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.retry_after = retry_after  # seconds
