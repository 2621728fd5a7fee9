"""A page that nobody knows: a list of items if it looks like one, else a gallery of the pictures on it."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx

from magpie.downloads.extractors import keys, sniff, web
from magpie.downloads.extractors.direct.names import title_of
from magpie.downloads.extractors.html import Page, read_html
from magpie.downloads.extractors.html_list import Card, Cards, read_cards
from magpie.downloads.extractors.listing import ListedEntry, Listing, ListOrder, ListSession, SourceFacts
from magpie.downloads.extractors.page_cache import kept_page
from magpie.downloads.extractors.port import Kind, NotMine
from magpie.downloads.extractors.stop import Reporter
from magpie.downloads.extractors.webimages.pages import read_web_page
from magpie.downloads.extractors.ytdlp.entries import key_of_url
from magpie.downloads.failures import DownloadFailure, Reason

MAX_PAGES = 500
_ONE_MEDIUM = ("video", "music.song")  # https://ogp.me/#types


def list_entries(order: ListOrder, session: ListSession) -> Listing:
    """Raises as `Lister.list_entries`."""
    with web.open_list_client(order, session) as client:
        url, text = kept_page(order.workdir) or read_web_page(client, order.url)
        page = read_html(text, url)
        cards = _cards(page, text, url)
        if not cards.cards and (page.images or not page.feed):  # a channel may have nothing yet
            return _gallery(page, order, session)
        session.source(_source(page, url))
        return _Pages(client, order, session, cards.signature).walk(url, text, cards, page)


def _cards(page: Page, text: str, url: str) -> Cards:
    """The page's list. Where it names its feed, even a single card makes a channel; a page that says that it is one
    video or one song is none: what it lists is what else there is to see."""
    if (page.og_type or "").startswith(_ONE_MEDIUM):
        return Cards()
    return read_cards(text, url, at_least=1 if page.feed else 2)


class _Pages:
    """The pages of one list, as far as each names the next."""

    def __init__(
        self, client: httpx.Client, order: ListOrder, session: ListSession, signature: tuple[str, str] | None
    ) -> None:
        self._client = client
        self._signature = signature
        self._reporter = Reporter(order, session)

    def walk(self, url: str, text: str, cards: Cards, page: Page) -> Listing:
        seen, host = {url}, urlsplit(url).netloc
        while self._reporter.report(_entry(card) for card in cards.cards):
            following = page.next_page
            if following is None or following in seen or urlsplit(following).netloc != host:
                return self._reporter.listing(ran_out=True)
            if len(seen) >= MAX_PAGES:
                break
            seen.add(following)
            try:
                url, text = read_web_page(self._client, following)
            except NotMine:
                break
            page = read_html(text, url)
            cards = read_cards(text, url, at_least=1, like=self._signature)
        return self._reporter.listing(ran_out=False)


def _source(page: Page, url: str) -> SourceFacts:
    return SourceFacts(
        "webimages",
        title=page.title or urlsplit(url).hostname,
        description=page.description,
        picture_url=page.og_image,
        feed_url=page.feed,
    )


def _entry(card: Card) -> ListedEntry:
    content = sniff.content_of_extension(sniff.url_extension(card.url))
    return ListedEntry(
        key=key_of_url(card.url),
        url=card.url,
        title=card.title or title_of(card.url, ""),
        kind=content.kind if content is not None else Kind.VIDEO,
        published_at=_moment(card.published),
        thumbnail_url=card.picture,
        facts={} if content is not None else {"kind_unknown": True},
    )


def _gallery(page: Page, order: ListOrder, session: ListSession) -> Listing:
    """The whole page is one medium."""
    if not page.images:
        raise DownloadFailure(Reason.NO_MEDIA)
    session.source(_source(page, order.url))
    reporter = Reporter(order, session)
    kind = Kind.GALLERY if len(page.images) > 1 else Kind.IMAGE
    picture = page.og_image or page.images[0]
    reporter.report(
        [
            ListedEntry(
                keys.web_key(order.url),
                order.url,
                page.title,
                kind,
                thumbnail_url=picture,
                facts={"pictures": len(page.images)},
            )
        ]
    )
    return reporter.listing(ran_out=True)


def _moment(text: str | None) -> str | None:
    """ISO 8601, UTC, from what a page says; None for half a date."""
    try:
        moment = datetime.fromisoformat(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return None
