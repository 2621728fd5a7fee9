"""Reading what addresses lead to: people give them, so all of it goes through the egress guard."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import ExitStack

from magpie.config import Settings
from magpie.downloads.bench import Bench
from magpie.downloads.failures import DownloadFailure
from magpie.podcasts.making.failures import MakingFailed
from magpie.podcasts.script.brief import SourceText

ReadPage = Callable[[str], SourceText]


def page_reader(settings: Settings, bench: Bench, name: str) -> ReadPage:
    """What reads a page or document; `name` is that of the work. The bench must be running."""

    def read(address: str) -> SourceText:
        from magpie.podcasts.texts import service as texts

        try:
            with bench.way_out(f"{name}-page", address) as access:
                found = texts.read_page(address, access.url)
        except texts.Unreadable as unreadable:
            raise MakingFailed("reading", unreadable.code, unreadable.message) from unreadable
        except DownloadFailure as failure:
            raise MakingFailed(
                "reading",
                "blocked",
                failure.message,
                may_pass=failure.diagnosis.transient,
                retry_after=failure.retry_after,
            ) from failure
        return SourceText(found.title or "", found.text, address, found.language)

    return read


def command_reader(settings: Settings, stack: ExitStack) -> ReadPage:
    """The same for a command, which starts the guard when there is a page to read."""

    def read(address: str) -> SourceText:
        bench = Bench(settings)
        bench.start()
        stack.callback(bench.stop)
        return page_reader(settings, bench, f"command-{uuid.uuid4().hex}")(address)

    return read
