"""Who asked for what, when, and how far it got: written by the server's thread, read and waited for by
tests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from http.cookies import CookieError, SimpleCookie
from typing import Any, Literal

State = Literal["open", "done", "broken"]


@dataclass(frozen=True)
class Seen:
    """One request. `state` is `open` while it is answered, `done` when the answer was sent whole, `broken`
    when the client went away or the connection was cut before that. `sent` counts body bytes. `at` is Unix
    time, in seconds."""

    number: int
    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    at: float
    status: int | None = None
    sent: int = 0
    state: State = "open"
    ended: float | None = None

    def header(self, name: str) -> str | None:
        """The first value of a request header, by its lower-case name."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that came with the request."""
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(self.header("cookie") or "")
        except CookieError:
            return {}
        return {name: morsel.value for name, morsel in jar.items()}

    @property
    def target(self) -> str:
        """Path and query as they were asked for."""
        return f"{self.path}?{self.query}" if self.query else self.path


class Recorder:
    """A thread-safe list of `Seen`. Patterns are shell-style (`/files/*`) and match the decoded path."""

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.RLock())
        self._seen: dict[int, Seen] = {}
        self._numbers = 0
        self._open: set[int] = set()
        self.peak = 0

    def begin(self, scope: dict[str, Any]) -> int:
        """Notes a request that has just arrived; answers its number."""
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        with self._changed:
            self._numbers += 1
            number = self._numbers
            self._seen[number] = Seen(
                number,
                scope["method"],
                scope["path"],
                scope["query_string"].decode("latin-1"),
                headers,
                time.time(),
            )
            self._open.add(number)
            self.peak = max(self.peak, len(self._open))
            self._changed.notify_all()
        return number

    def update(self, number: int, *, status: int | None = None, sent: int = 0) -> None:
        """Notes the status, or `sent` further bytes of body."""
        with self._changed:
            seen = self._seen.get(number)
            if seen is not None:
                self._seen[number] = replace(seen, status=status or seen.status, sent=seen.sent + sent)
                self._changed.notify_all()

    def end(self, number: int, state: State) -> None:
        """Notes the end of a request; only the first end counts."""
        with self._changed:
            seen = self._seen.get(number)
            if number in self._open and seen is not None:
                self._seen[number] = replace(seen, state=state, ended=time.time())
            self._open.discard(number)
            self._changed.notify_all()

    def clear(self) -> None:
        """Forgets everything so far, including the peak."""
        with self._changed:
            self._seen.clear()
            self.peak = len(self._open)

    def all(self) -> list[Seen]:
        """Everything so far, oldest first."""
        with self._changed:
            return list(self._seen.values())

    def select(
        self,
        pattern: str = "*",
        *,
        method: str | None = None,
        state: State | None = None,
        sent: int = 0,
        status: int | None = None,
    ) -> list[Seen]:
        """The requests that fit, oldest first."""
        return [
            seen
            for seen in self.all()
            if fnmatchcase(seen.path, pattern)
            and method in (None, seen.method)
            and state in (None, seen.state)
            and status in (None, seen.status)
            and seen.sent >= sent
        ]

    def wait(self, condition: Callable[[], bool], timeout: float, what: str) -> None:
        """Blocks until `condition` holds. Raises `TimeoutError` with the requests so far."""
        with self._changed:
            if not self._changed.wait_for(condition, timeout):
                known = "\n".join(
                    f"  {s.method} {s.target} {s.status} {s.state} {s.sent} B" for s in self.all()
                )
                raise TimeoutError(f"{what} did not happen within {timeout} s; seen:\n{known or '  nothing'}")
