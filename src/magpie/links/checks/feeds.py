"""Reading RSS, Atom and Media RSS. Hostile input: no entities, no DTD's doings, everything bounded.

A small reader on top of expat instead of a tree: eight megabytes of the shortest elements would make a tree of
hundreds, and nearly all of a feed is text that nobody here reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn
from urllib.parse import urljoin
from xml.parsers import expat

from magpie.downloads.addresses import clean_address
from magpie.downloads.extractors.keys import key_of_address, normalised
from magpie.downloads.extractors.listing import ListedEntry
from magpie.downloads.extractors.titles import tidy_entry

MAX_ENTRIES = 5000
MAX_DEPTH = 64
MAX_TEXT = 10_000  # characters of one element that are looked at

_ITEMS = frozenset({"item", "entry"})
_ROOTS = frozenset({"rss", "feed", "RDF"})
# In the order in which they are believed; the names as they stand in the items of the formats.
_DATES = ("pubDate", "published", "date", "issued", "updated", "modified")
_MEDIA = "http://search.yahoo.com/mrss/"
_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_YOUTUBE = "http://www.youtube.com/xml/schemas/2015"


class NotAFeed(ValueError):
    """What came is no feed; the message says what it is instead."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's entries in its order, newest first where all of them have dates."""

    title: str | None
    entries: tuple[ListedEntry, ...]


@dataclass(slots=True)
class _Item:
    texts: dict[str, str] = field(default_factory=dict)
    link: str | None = None
    file: str | None = None  # of the medium itself
    mime: str = ""
    size: str | None = None
    seconds: str | None = None
    thumbnail: str | None = None


def parse(document: bytes, base: str, *, files: bool = False) -> Feed:
    """Read a feed that came from the address `base`.

    `files`: the media's own addresses count (a podcast's), not those of their pages. Raises `NotAFeed`.
    """
    reader = _Reader()
    reader.read(document)
    entries = [entry for item in reader.items if (entry := _entry(item, base, files=files))]
    if entries and all(entry.published_at for entry in entries):
        entries.sort(key=lambda entry: entry.published_at or "", reverse=True)
    return Feed(reader.title, tuple(_once(entries)))


def _once(entries: list[ListedEntry]) -> list[ListedEntry]:
    return list({entry.key: entry for entry in reversed(entries)}.values())[::-1]


class _Reader:
    """Collects what is needed while expat goes through the document."""

    def __init__(self) -> None:
        self.title: str | None = None
        self.items: list[_Item] = []
        self._stack: list[str] = []
        self._item: _Item | None = None
        self._item_depth = 0
        self._text: list[str] = []
        self._length = 0

    def read(self, document: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = _refuse
        parser.ExternalEntityRefHandler = _refuse
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        try:
            parser.Parse(document.lstrip(), True)
        except expat.ExpatError as error:
            raise NotAFeed(f"it is not XML: {expat.ErrorString(error.code)}") from error
        except (ValueError, LookupError) as error:  # an encoding that nobody knows
            raise NotAFeed(str(error)) from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if not self._stack and local not in _ROOTS:
            raise NotAFeed(f"it is a document of the kind {local[:40]!r}")
        if len(self._stack) >= MAX_DEPTH:
            raise NotAFeed("its elements are nested too deeply")
        self._stack.append(local)
        self._text, self._length = [], 0
        if self._item is None:
            if local in _ITEMS and len(self.items) < MAX_ENTRIES:
                self._item, self._item_depth = _Item(), len(self._stack)
        else:
            _note(self._item, space, local, attributes)

    def _end(self, name: str) -> None:
        space, _, local = name.rpartition(" ")
        text = "".join(self._text).strip()
        self._text, self._length = [], 0
        depth = len(self._stack)
        self._stack.pop()
        if self._item is None:
            if local == "title" and space not in (_MEDIA, _ITUNES) and depth <= 3:
                self.title = self.title or text or None
        elif depth == self._item_depth:
            self.items.append(self._item)
            self._item = None
        elif text:
            _note_text(self._item, space, local, text, inside=depth - self._item_depth)

    def _characters(self, data: str) -> None:
        if self._length < MAX_TEXT:
            self._text.append(data[: MAX_TEXT - self._length])
            self._length += len(data)


def _refuse(*_: Any) -> NoReturn:
    raise NotAFeed("it declares entities, which no feed needs")


def _note(item: _Item, space: str, local: str, attributes: Mapping[str, str]) -> None:
    """What stands in attributes."""
    if local == "link" and "href" in attributes:
        relation = attributes.get("rel", "alternate")
        if relation == "alternate":
            item.link = item.link or attributes["href"]
        elif relation == "enclosure":
            _note_file(item, attributes["href"], attributes)
    elif local == "enclosure" or (space == _MEDIA and local == "content"):
        _note_file(item, attributes.get("url"), attributes)
    elif space == _MEDIA and local == "thumbnail":
        item.thumbnail = item.thumbnail or attributes.get("url")
    elif space == _ITUNES and local == "image":
        item.thumbnail = item.thumbnail or attributes.get("href")


def _note_file(item: _Item, url: str | None, attributes: Mapping[str, str]) -> None:
    mime = attributes.get("type") or attributes.get("medium") or ""
    item.seconds = item.seconds or attributes.get("duration")
    if item.file is None and url and mime.split("/")[0] in ("audio", "video", ""):
        item.file, item.mime = url, mime
        item.size = attributes.get("length") or attributes.get("fileSize")


def _note_text(item: _Item, space: str, local: str, text: str, *, inside: int) -> None:
    """What stands between tags; `inside`: how deep below the item."""
    if space == _ITUNES and local == "duration":
        item.seconds = text
    elif space == _YOUTUBE and local == "videoId":
        item.texts["videoId"] = text
    elif space == _MEDIA:
        if local == "title":
            item.texts.setdefault("media title", text)
    elif inside == 1:
        item.texts.setdefault(local, text)


def _entry(item: _Item, base: str, *, files: bool) -> ListedEntry | None:
    """None for what cannot be fetched."""
    texts = item.texts
    page = _address(item.link or texts.get("link"), base) or _address(texts.get("guid"), None)
    file = _address(item.file, base)
    url = (file or page) if files else (page or file)
    if url is None:
        return None
    video = texts.get("videoId")
    facts: dict[str, Any] = {}
    if (kind := _kind(item, url)) is None:
        facts["kind_unknown"] = True
    size = (item.size or "")[:18]
    if size.isascii() and size.isdecimal() and int(size):
        facts["size"] = int(size)
    if texts.get("language"):
        facts["language"] = texts["language"]
    return tidy_entry(
        ListedEntry(
            key=f"youtube {video}" if video else key_of_address(url),
            url=url,
            title=texts.get("title") or texts.get("media title"),
            kind=kind or "video",
            duration=_seconds(item.seconds),
            published_at=next((when for name in _DATES if (when := _when(texts.get(name)))), None),
            thumbnail_url=_address(item.thumbnail, base),
            facts=facts,
        )
    )


def _kind(item: _Item, url: str) -> str | None:
    """What the feed tells of the kind; most feeds tell nothing."""
    if "youtube.com/watch" in normalised(url):
        return "short" if "/shorts/" in url else None
    family = item.mime.split("/")[0]
    return family if family in ("audio", "video") else None


def _address(text: str | None, base: str | None) -> str | None:
    if not text:
        return None
    try:
        return clean_address(urljoin(base, text.strip()) if base else text)
    except ValueError:
        return None


def _when(text: str | None) -> str | None:
    """ISO 8601, UTC, from the formats' several ways to write a time."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError):
            return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (OverflowError, ValueError):
        return None


def _seconds(text: str | None) -> float | None:
    """`90`, `1:30` or `0:01:30`."""
    parts = (text or "").strip().split(":")
    if not 1 <= len(parts) <= 3:
        return None
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return None
    total = 0.0
    for number in numbers:
        total = total * 60 + number
    return total if 0 < total < 10**7 else None
