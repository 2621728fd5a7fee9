"""What a page of HTML offers: its title, its pictures, whether it plays media. Hostile input, bounded."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from magpie.downloads.extractors.port import Kind
from magpie.downloads.extractors.sniff import content_of_extension, url_extension

MAX_IMAGES = 2000
MAX_TITLE = 500
_SMALLEST_SIDE = 100  # px: below are icons, buttons, tracking pixels
_PLAYERS = frozenset({"video", "audio"})
_MEDIA_META = frozenset({"og:video", "og:video:url", "og:audio", "twitter:player:stream"})
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml"})
_LAZY_SOURCES = ("data-full", "data-original", "data-src", "data-lazy-src", "src")


@dataclass(slots=True)
class Page:
    """`images` are absolute addresses, the largest version that the page names, in the page's order."""

    title: str | None = None
    description: str | None = None
    author: str | None = None
    has_media: bool = False
    og_image: str | None = None
    og_type: str | None = None
    next_page: str | None = None
    feed: str | None = None  # the first that the page names
    images: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._base = base
        self._title: list[str] = []
        self._in_title = False
        self._in_picture = False
        self._source = ""  # the largest candidate of a <picture>, which its <img> stands for
        self._link: str | None = None  # an enclosing link to an image file: the picture at full size
        self._seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "title":
            self._in_title = self.page.title is None
        elif tag == "base" and given.get("href"):
            self._base = self._absolute(given["href"]) or self._base
        elif tag == "meta":
            self._meta(
                (given.get("property") or given.get("name", "")).lower(), given.get("content", "").strip()
            )
        elif tag in _PLAYERS:
            self.page.has_media = True
        elif tag in ("a", "link"):
            self._follow(tag, given)
        elif tag == "picture":
            self._in_picture, self._source = True, ""
        elif tag == "source" and self._in_picture:
            self._source = self._source or _largest(given.get("srcset", ""))
        elif tag == "img" and not self._link:
            self._picture(given)

    def _follow(self, tag: str, given: dict[str, str]) -> None:
        relations = given.get("rel", "").lower().split()
        if "next" in relations:
            self.page.next_page = self.page.next_page or self._absolute(given.get("href", ""))
        if "alternate" in relations and tag == "link" and given.get("type", "").lower() in _FEED_TYPES:
            self.page.feed = self.page.feed or self._absolute(given.get("href", ""))
        if tag == "a":
            self._link = self._image_link(given.get("href", ""))
            self._add(self._link)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title" and self._in_title:
            self._in_title = False
            self.page.title = " ".join("".join(self._title).split())[:MAX_TITLE] or None
        elif tag == "a":
            self._link = None
        elif tag == "picture":
            self._in_picture, self._source = False, ""

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self._title.append(data)

    def _meta(self, name: str, content: str) -> None:
        if not content:
            return
        if name == "og:title":
            self.page.title = content[:MAX_TITLE]
        elif name in ("description", "og:description"):
            self.page.description = self.page.description or content[:5000]
        elif name in ("author", "article:author"):
            self.page.author = self.page.author or content[:MAX_TITLE]
        elif name == "og:type":
            self.page.og_type = self.page.og_type or content[:MAX_TITLE].lower()
        elif name == "og:image":
            self.page.og_image = self.page.og_image or self._absolute(content)
        elif name in _MEDIA_META:
            self.page.has_media = True

    def _picture(self, given: dict[str, str]) -> None:
        if any(_is_small(given.get(side, "")) for side in ("width", "height")):
            return
        address = (
            self._source
            or _largest(given.get("srcset") or given.get("data-srcset", ""))
            or next((given[name] for name in _LAZY_SOURCES if given.get(name)), "")
        )
        if url_extension(address) != "svg":
            self._add(self._absolute(address))

    def _image_link(self, href: str) -> str | None:
        address = self._absolute(href)
        content = content_of_extension(url_extension(address)) if address else None
        return address if content and content.kind is Kind.IMAGE else None

    def _absolute(self, address: str) -> str | None:
        try:
            absolute = urldefrag(urljoin(self._base, address.strip()))[0]
            return absolute if urlsplit(absolute).scheme in ("http", "https") else None
        except ValueError:
            return None

    def _add(self, address: str | None) -> None:
        if address and address not in self._seen and len(self.page.images) < MAX_IMAGES:
            self._seen.add(address)
            self.page.images.append(address)


def _is_small(side: str) -> bool:
    digits = side.strip().removesuffix("px")
    return digits.isdigit() and int(digits[:9]) < _SMALLEST_SIDE


def _largest(srcset: str) -> str:
    """The candidate with the greatest width or density of a `srcset`."""
    best, best_size = "", -1.0
    for candidate in srcset.split(", "):
        address, _, size = candidate.strip().partition(" ")
        try:
            value = float(size.strip().rstrip("wxh,") or 1)
        except ValueError:
            continue
        if address and value > best_size:
            best, best_size = address.rstrip(","), value
    return best


def read_html(text: str, url: str) -> Page:
    """Parse a page that came from `url`. Broken markup gives what could be read."""
    reader = _Reader(url)
    try:
        reader.feed(text)
        reader.close()
    except (AssertionError, ValueError):  # what html.parser raises on malformed declarations
        pass
    return reader.page


def feed_of(text: str, url: str) -> str | None:
    """The feed that a page from `url` names in its head (RSS autodiscovery)."""
    return read_html(text, url).feed
