"""What an unknown address hands out: a file, which is a list of one, or a feed. A page is left to the others."""

from __future__ import annotations

from magpie.downloads.extractors import keys, sniff, web
from magpie.downloads.extractors.direct.names import date_of, title_of
from magpie.downloads.extractors.listing import ListedEntry, Listing, ListOrder, ListSession, SourceFacts
from magpie.downloads.extractors.look import is_feed
from magpie.downloads.extractors.page_cache import keep_page
from magpie.downloads.extractors.port import NotMine
from magpie.downloads.extractors.stop import Reporter
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.links.checks.feeds import NotAFeed, parse


def list_entries(order: ListOrder, session: ListSession) -> Listing:
    """One request. Raises as `Lister.list_entries`."""
    with web.open_list_client(order, session) as client, web.get(client, order.url) as response:
        url, headers = str(response.url), response.headers
        chunks = response.iter_raw(65536)
        head = next(chunks, b"")
        disposition = headers.get("Content-Disposition", "")
        attachment = disposition.strip().lower().startswith("attachment")
        content_type = headers.get("Content-Type", "")
        if is_feed(head):
            return _feed(order, session, web.read_bytes(response, head, chunks), url)
        content = sniff.content_of(head[: sniff.SNIFF_BYTES], content_type, url, attachment)
        if content is None:
            if sniff.looks_like_page(head) or "html" in content_type.lower():
                keep_page(order.workdir, url, web.read_page(response, head, chunks))
            raise NotMine
        length = headers.get("Content-Length", "")
        entry = ListedEntry(
            key=keys.web_key(order.url),
            url=order.url,
            title=title_of(url, disposition),
            kind=content.kind,
            published_at=date_of(headers.get("Last-Modified")),
            facts={"size": int(length)} if length.isdecimal() else {},
        )
    session.source(SourceFacts("direct", entry.title))
    reporter = Reporter(order, session)
    reporter.report([entry])
    return reporter.listing(ran_out=True)


def _feed(order: ListOrder, session: ListSession, document: bytes, url: str) -> Listing:
    """A feed that is followed for itself: where it names files (a podcast), they are what is wanted."""
    try:
        feed = parse(document, url, files=True)
    except NotAFeed as error:
        raise DownloadFailure(Reason.SITE_ERROR, f"its feed cannot be read: {error}") from error
    session.source(SourceFacts("direct", feed.title, feed_url=order.url))
    reporter = Reporter(order, session)
    return reporter.listing(ran_out=reporter.report(feed.entries))
