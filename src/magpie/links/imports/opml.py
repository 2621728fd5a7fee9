"""OPML, which podcast programs, feed readers and Pinchflat write. Entities and DTDs are refused."""

from __future__ import annotations

from typing import Any, NoReturn
from urllib.parse import parse_qs, urlsplit
from xml.parsers import expat

from magpie.kit.errors import RuleBroken
from magpie.links.imports.reading import Kind, Reading, Trouble, address_of_id
from magpie.links.recognise import recognise

MAX_DEPTH = 100
_FOLLOWABLE = frozenset({"youtube_channel", "playlist", "pixiv_user", "generic_gallery"})


class _Refused(Exception):
    """The file does what no list of subscriptions does."""


def read(data: bytes) -> Reading:
    """Every outline with an address. Raises `RuleBroken` for what is not OPML."""
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        parser.Parse(data.lstrip(), True)
    except expat.ExpatError as error:
        if not reader.reading.found:
            raise _not_opml(f"it is not XML: {expat.ErrorString(error.code)}") from error
        message = f"The rest is not XML: {expat.ErrorString(error.code)}."
        reader.reading.problem(Trouble.REST_NOT_XML, message, error.lineno)
    except (_Refused, ValueError, LookupError) as error:
        raise _not_opml(str(error)) from error
    if not reader.is_opml:
        raise _not_opml("it is XML of another kind")
    return reader.reading


def _not_opml(why: str) -> RuleBroken:
    return RuleBroken(f"This file cannot be read as OPML: {why}.", "body", "file", code="import_not_opml")


def _refuse(*_: Any) -> NoReturn:
    raise _Refused("it declares entities or a document type, which OPML does not need")


class _Reader:
    def __init__(self) -> None:
        self.reading = Reading(Kind.OPML)
        self.is_opml = False
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _Refused("it is nested too deeply")
        if self._depth == 1:
            self.is_opml = name.lower() == "opml"
        if name.lower() == "outline":
            self._outline({key.lower(): value.strip() for key, value in attributes.items()})

    def end(self, _name: str) -> None:
        self._depth -= 1

    def _outline(self, attributes: dict[str, str]) -> None:
        url = _address(attributes.get("xmlurl", ""), attributes.get("htmlurl") or attributes.get("url") or "")
        if url:
            self.reading.add(url, attributes.get("title") or attributes.get("text"))


def _address(feed: str, page: str) -> str:
    """What is to be followed: the page where it says more than its feed, otherwise the feed.

    YouTube's feeds show the latest 15 only, and Pinchflat writes the addresses of its own feeds.
    """
    try:
        if channel := _of_youtube_feed(feed):
            return channel
        if page and (not feed or recognise(page).type in _FOLLOWABLE):
            return page
    except ValueError:  # an address that cannot even be taken apart
        pass
    return feed or page


def _of_youtube_feed(feed: str) -> str | None:
    parts = urlsplit(feed)
    if not (parts.hostname or "").endswith("youtube.com") or not parts.path.startswith("/feeds/"):
        return None
    query = parse_qs(parts.query)
    for name in ("channel_id", "playlist_id"):
        for value in query.get(name, []):
            return address_of_id(value)
    return None
