"""From files and addresses to texts. The work is done by a child process; addresses are asked through the guard only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from magpie.podcasts.texts import pages, reading
from magpie.podcasts.texts.document import Document, Unreadable
from magpie.podcasts.texts.kinds import Order

if TYPE_CHECKING:
    from magpie.config import Settings

__all__ = ["Document", "ReadPage", "Stop", "Unreadable", "page_reader_of", "read_file", "read_page"]

Stop = Callable[[], bool]
ReadPage = Callable[[str, Stop], Document]


def _never() -> bool:
    return False


def read_file(path: Path, name: str, *, stop: Stop = _never) -> Document:
    """The text of a document: txt, Markdown, HTML, PDF, Word (.docx), EPUB. `name` is what people call the file; its
    content says what it is. Raises `Unreadable`."""
    return reading.read(Order(str(path.absolute()), name), stop)


def read_page(url: str, proxy: str, *, stop: Stop = _never) -> Document:
    """The text of what is at an address: a page, or a document. `proxy` is a pass of the egress guard's
    (`EgressAccess.url`). Raises `Unreadable`."""
    with TemporaryDirectory(prefix="magpie-page-") as folder:
        path = Path(folder) / "page"
        found = pages.fetch(url, proxy, path, stop)
        order = Order(str(path), found.name, found.content_type, found.charset, found.address)
        return reading.read(order, stop)


@contextmanager
def page_reader_of(settings: Settings) -> Iterator[ReadPage]:
    """Reads pages with a guard of its own, for commands without a server. The guard starts with the first page."""
    from magpie.kit.egress import EgressGuard, EgressPolicy

    policy = EgressPolicy([entry for entry in settings.egress_allow.split(",") if entry.strip()])
    with ExitStack() as stack:
        running: list[EgressGuard] = []

        def read(url: str, stop: Stop = _never) -> Document:
            if not running:
                running.append(stack.enter_context(EgressGuard(policy, settings.proxy or None)))
            with running[0].pass_for("page") as access:
                return read_page(url, access.url, stop=stop)

        yield read
