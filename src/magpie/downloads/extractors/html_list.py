"""Whether a page of HTML is a list of items, and of which. Hostile input, bounded; and careful: a page that is no
list must not look like one, since every entry becomes a download.

A list is a repeated structure: several elements of one kind (an `<article>`, an `<li>`, a `<div class="card">`), each
of which leads to a page of its own on the same host and shows a picture or a heading for it. What is in navigation,
headers, footers and side bars does not count.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from magpie.downloads.extractors import sniff
from magpie.downloads.extractors.port import Kind

MAX_CARDS = 1000  # of one page
MAX_TEXT = 500
MAX_DEPTH = 200
MAX_TAGS = 100_000
MAX_LINKS = 30  # a card with more is a whole region of the page
_CARD_TAGS = frozenset({"article", "li", "figure", "div", "section", "tr", "a"})
_NAMED_CARD = re.compile(
    r"(?:^|[\s_-])(?:card|item|post|entry|video|episode|thumb(?:nail)?|tile|media|release|track)(?:$|[\s_-])"
)
_ASIDE_TAGS = frozenset(
    {"nav", "footer", "aside", "form", "template", "noscript", "script", "style", "svg", "select"}
)
_ASIDE_NAME = re.compile(
    r"(?:^|[\s_-])(?<!has-)(?<!with-)(?<!no-)(?:nav(?:bar|igation)?|menu|breadcrumbs?|pagination|pager|paging|footer|"
    r"sidebar|related|recommend\w*)(?:$|[\s_-])"
)
# Words that posts also carry in their own names: WordPress has `class="post tag-news"`.
_ASIDE_OR_POST = re.compile(
    r"(?:^|[\s_-])(?:comments?|social|share|tags?|cookie\w*|advert\w*|promo|skip)(?:$|[\s_-])"
)
_WHOLE_PAGE = frozenset({"html", "body", "main"})  # their names tell of the whole layout
_OWN_NAME = re.compile(r"\d|^(?:tag|category|author|first|last|odd|even|format|status)(?:$|-)|sticky|has-")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_LAZY_SOURCES = ("data-src", "data-original", "data-lazy-src", "src")

_ENDS_ITSELF = {
    "li": frozenset({"ul", "ol", "menu"}),
    "tr": frozenset({"table"}),
}  # up to which list it belongs

Signature = tuple[str, str]


@dataclass(slots=True)
class Card:
    """One item of a list: where it leads, and what is shown of it."""

    url: str
    title: str | None = None
    picture: str | None = None
    published: str | None = None  # as the page writes it, from `<time datetime>`


@dataclass(slots=True)
class Cards:
    """A page's list. `signature` tells its kind of element, so that the following pages are read alike."""

    cards: list[Card] = field(default_factory=list)
    signature: Signature | None = None


@dataclass(slots=True)
class _Link:
    url: str
    text: list[str] = field(default_factory=list)
    in_heading: bool = False
    has_picture: bool = False


@dataclass(slots=True)
class _Open:
    """An element that has not ended yet."""

    tag: str
    signature: Signature | None = None  # of what may be a card
    aside: bool = False
    links: list[_Link] = field(default_factory=list)
    picture: str | None = None
    alt: str = ""
    published: str | None = None


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self._base = self._page = url
        self._host = _host(url)
        self._open: list[_Open] = []
        self._link: _Link | None = None
        self.found: dict[Signature, list[Card]] = defaultdict(list)
        self.files: list[Card] = []
        self._tags = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tags += 1
        if self._tags > MAX_TAGS:
            raise ValueError("a page without end")
        given = {name: value or "" for name, value in attrs}
        if tag == "base" and given.get("href"):
            self._base = _absolute(self._base, given["href"]) or self._base
        elif tag == "img":
            self._picture(given)
        elif tag == "time" and given.get("datetime"):
            self._for_cards("published", given["datetime"][:64])
        if tag in _ENDS_ITSELF:
            self._end_before(tag)
        if tag not in _VOID and len(self._open) < MAX_DEPTH:
            self._enter(tag, given)

    def _end_before(self, tag: str) -> None:
        """An item without an end tag ends where the next one of its list begins."""
        for one in reversed(self._open):
            if one.tag in _ENDS_ITSELF[tag]:
                return
            if one.tag == tag:
                self.handle_endtag(tag)
                return

    def _enter(self, tag: str, given: dict[str, str]) -> None:
        names = f"{given.get('class', '')} {given.get('id', '')}".lower()[:MAX_TEXT]
        signature = None
        if tag in _CARD_TAGS and (tag in ("article", "li", "figure", "tr") or _NAMED_CARD.search(names)):
            signature = (tag, _kind_of(given.get("class", "")))
        aside = tag in _ASIDE_TAGS or given.get("role") == "navigation"
        if tag not in _WHOLE_PAGE and tag != "article":
            aside = aside or bool(_ASIDE_NAME.search(names))
            aside = aside or (signature is None and bool(_ASIDE_OR_POST.search(names)))
        aside = aside or (tag == "header" and not any(one.tag == "article" for one in self._open))
        inside = bool(self._open) and self._open[-1].aside
        self._open.append(_Open(tag, signature, aside or inside))
        if tag == "a":
            self._follow(given)

    def _follow(self, given: dict[str, str]) -> None:
        self._link = None
        url = _absolute(self._base, given.get("href", ""))
        relations = given.get("rel", "").lower().split()
        if url is None or self._open[-1].aside or {"next", "prev", "tag", "category"} & set(relations):
            return
        content = sniff.content_of_extension(sniff.url_extension(url))
        in_heading = any(one.tag in _HEADINGS for one in self._open)
        link = _Link(url, [given.get("title", "")], in_heading=in_heading)
        if content is not None and content.kind in (Kind.VIDEO, Kind.AUDIO):
            self.files.append(Card(url))
        elif content is not None or not self._leads_to_an_item(url):
            return
        self._link = link
        for one in self._open:
            if one.signature is not None and len(one.links) <= MAX_LINKS:
                one.links.append(link)

    def _leads_to_an_item(self, url: str) -> bool:
        """On the same host, and neither this page nor another page of the same list."""
        parts, page = urlsplit(url), urlsplit(self._page)
        if _host(url) != self._host or parts.path.rstrip("/") in ("", page.path.rstrip("/")):
            return bool(parts.query) and _host(url) == self._host and _names_an_item(parts.query)
        return True

    def _picture(self, given: dict[str, str]) -> None:
        source = next((given[name] for name in _LAZY_SOURCES if given.get(name)), "")
        picture = _absolute(self._base, source)
        if self._link is not None:
            self._link.has_picture = True
        self._for_cards("picture", picture or "")
        self._for_cards("alt", given.get("alt", "")[:MAX_TEXT])

    def _for_cards(self, name: str, value: str) -> None:
        for one in self._open:
            if one.signature is not None and value and not getattr(one, name):
                setattr(one, name, value)

    def handle_data(self, data: str) -> None:
        if self._link is not None and data.strip() and len(self._link.text) < 20:
            self._link.text.append(data[:MAX_TEXT])
            self._link.in_heading |= any(one.tag in _HEADINGS for one in self._open[-6:])

    def handle_endtag(self, tag: str) -> None:
        if not any(one.tag == tag for one in self._open):
            return
        while self._open:
            ended = self._open.pop()
            self._end(ended)
            if ended.tag == tag:
                break

    def _end(self, ended: _Open) -> None:
        if ended.tag == "a":
            self._link = None
        if ended.signature is None or ended.aside or not 0 < len(ended.links) <= MAX_LINKS:
            return
        card = _card_of(ended)
        cards = self.found[ended.signature]
        if card is not None and len(cards) < MAX_CARDS:
            cards.append(card)

    def close(self) -> None:
        super().close()
        while self._open:
            self._end(self._open.pop())


def _card_of(element: _Open) -> Card | None:
    """The card that an element is: it has a picture or a heading for the one page that it leads to."""
    often = Counter(link.url for link in element.links)
    best = max(element.links, key=lambda link: (link.in_heading, link.has_picture, often[link.url]))
    if not best.in_heading and not (element.picture and (best.has_picture or len(often) == 1)):
        return None
    same = [link for link in element.links if link.url == best.url]
    texts = [(link.in_heading, " ".join("".join(link.text[1:]).split())) for link in same]
    shown = max(texts, key=lambda text: (text[0] and bool(text[1]), len(text[1])))[1]
    title = next(filter(None, [shown, *(link.text[0] for link in same), element.alt]), None)
    return Card(best.url, title, element.picture, element.published)


def _kind_of(classes: str) -> str:
    """The names that all cards of a list share: those with a number or an item's own word in them are left out."""
    return " ".join(sorted({name for name in classes.split() if not _OWN_NAME.search(name)}))[:MAX_TEXT]


def _names_an_item(query: str) -> bool:
    """`?v=…`, `?id=…`, `?p=…`: the same path for every item, told apart by a number."""
    return any(
        part.partition("=")[0].lower() in ("v", "id", "p", "vid", "video", "viewkey")
        for part in query.split("&")
    )


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        return f"{(parts.hostname or '').removeprefix('www.')}:{parts.port or ''}"
    except ValueError:
        return ""


def _absolute(base: str, address: str) -> str | None:
    try:
        absolute = urldefrag(urljoin(base, address.strip()))[0]
        return absolute if address.strip() and urlsplit(absolute).scheme in ("http", "https") else None
    except ValueError:
        return None


def read_cards(text: str, url: str, *, at_least: int = 2, like: Signature | None = None) -> Cards:
    """The list on a page that came from `url`; no cards if it is none.

    `like`: the signature of the list on the page before. Else the largest group wins, one with pictures before one
    without, and it must have `at_least` so many items.
    """
    reader = _Reader(url)
    try:
        reader.feed(text)
        reader.close()
    except (AssertionError, ValueError):  # malformed declarations, pages without end: what was read counts
        pass
    groups = {signature: _once(cards) for signature, cards in reader.found.items()}
    if like in groups:
        return Cards(groups[like], like)
    best = max(groups, key=lambda signature: _weight(groups[signature]), default=None)
    if best is not None and len(groups[best]) >= at_least:
        return Cards(groups[best], best)
    files = _once(reader.files)
    return Cards(files) if len(files) >= at_least else Cards()


def _weight(cards: list[Card]) -> tuple[bool, int]:
    return sum(card.picture is not None for card in cards) * 2 >= len(cards), len(cards)


def _once(cards: list[Card]) -> list[Card]:
    return list({card.url: card for card in reversed(cards)}.values())[::-1]
