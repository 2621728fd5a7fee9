"""A bench whose sites are lists in a test, with faults where the test wants them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from magpie.downloads.extractors.listing import (
    ListedEntry,
    ListHandler,
    Listing,
    ListOrder,
    SourceFacts,
)
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.downloads.nest.client import Cancelled
from magpie.links.checks.feed_client import Answer, Validators

BATCH = 10
Entries = list[ListedEntry]


def entry(number: int, **more: Any) -> ListedEntry:
    """Entry `number` of the made-up site."""
    url = f"https://media.example/watch/{number}"
    return ListedEntry(**{"key": f"example {number}", "url": url, "title": f"Film {number}", **more})


@dataclass
class Access:
    url: str = ""
    requests: int = 1


@dataclass
class ScriptedBench:
    """`site`: what a listing finds, newest first. `before_batch` is called before each batch with its number."""

    site: list[ListedEntry] = field(default_factory=list)
    source: SourceFacts = field(default_factory=lambda: SourceFacts("example", "Films"))
    before_batch: Callable[[int], None] = lambda _number: None
    orders: list[ListOrder] = field(default_factory=list)
    killed: bool = False
    reported: list[int] = field(default_factory=list)

    @property
    def nest(self) -> ScriptedBench:
        return self

    def kill(self, _job_id: str) -> bool:
        self.killed = True
        return True

    @contextmanager
    def way_out(self, _job_id: str, _url: str) -> Iterator[Access]:
        yield Access()

    def list(
        self,
        _job_id: str,
        order: ListOrder,
        handler: ListHandler,
        *,
        cookies: Path | None = None,
        kin: str | None = None,
    ) -> Listing:
        assert cookies is None
        assert kin
        self.orders.append(order)
        self.killed = False
        handler.on_source(self.source)
        shown, stopped = self._until_known(order)
        for number, start in enumerate(range(0, len(shown), BATCH)):
            self.before_batch(number)
            if self.killed:
                raise Cancelled
            handler.on_entries(shown[start : start + BATCH])
        self.reported.append(len(shown))
        return Listing(complete=not stopped, reached_known=stopped, requests=len(shown) // BATCH + 1)

    def _until_known(self, order: ListOrder) -> tuple[Entries, bool]:
        shown = self.site[order.start :]
        for place, one in enumerate(shown):
            if one.key in order.known:
                return shown[: place + 1], True
        return shown, False


class ScriptedFeed:
    """A feed that answers what the test says: a document, or a failure."""

    def __init__(self) -> None:
        self.answer: bytes | Reason = Reason.NOT_FOUND
        self.asked = 0

    def __call__(self, url: str, _proxy: str, known: Validators, cookies: Path | None = None) -> Answer:
        assert cookies is None
        self.asked += 1
        if isinstance(self.answer, Reason):
            raise DownloadFailure(self.answer)
        etag = f"{hash(self.answer)}"
        if known.etag == etag:
            return Answer(url, None, known)
        return Answer(url, self.answer, Validators(etag))
