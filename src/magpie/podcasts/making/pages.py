"""Reading what addresses lead to: people give them, so all of it goes through the egress guard."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from magpie.config import Settings
from magpie.downloads.bench import Bench
from magpie.downloads.failures import DownloadFailure
from magpie.podcasts.making.tools import ReadPage
from magpie.podcasts.texts.document import Document, Unreadable


def page_reader(bench: Bench, name: str) -> ReadPage:
    """What reads a page or a document; `name` is that of the work. The bench must be running."""

    def read(address: str, stop: Callable[[], bool]) -> Document:
        from magpie.podcasts.texts.service import read_page

        try:
            with bench.way_out(f"{name}-page", address) as access:
                return read_page(address, access.url, stop=stop)
        except DownloadFailure as failure:
            raise Unreadable("refused", failure.message) from failure

    return read


def command_reader(settings: Settings, stack: ExitStack) -> ReadPage:
    """The same for a command, which starts a guard when there is a page to read."""
    from magpie.podcasts.texts.service import page_reader_of

    return stack.enter_context(page_reader_of(settings))
