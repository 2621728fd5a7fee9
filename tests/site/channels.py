"""Channels that live: items come, change and go; feeds lie, lag and break; a channel may have ten thousand
items."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any, Literal

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from magpie.demo import feeds, pages
from magpie.demo.content import BytesContent, ContentResponse, media_type
from tests.site.hostile import TITLES

FeedState = Literal["ok", "404", "500", "garbage", "html", "empty"]
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_PAGE = 30


@dataclass(frozen=True)
class Item:
    """One video of a channel; its file is `/files/{number}.mp4`."""

    number: int
    title: str
    published: datetime
    about: str = ""
    seconds: int = 1
    kind: str = "mp4"


class Channel:
    """A channel whose content a test changes while it is followed. Safe to use from any thread.

    feed: what the feeds answer. window: how many items they show (None: all). lag: how many of the newest
    they do not know yet. validators: whether they carry ETag and Last-Modified. enclosures: whether they
    link files, not pages.
    """

    def __init__(self, name: str, items: int = 0, *, title: str | None = None) -> None:
        self.name = name
        self.title = title or f"The channel {name}"
        self.feed: FeedState = "ok"
        self.window: int | None = 15
        self.lag = 0
        self.validators = True
        self.enclosures = False
        self._guard = threading.Lock()
        self._next = 1
        self._items: dict[int, Item] = {}
        self._changes = 0
        for _ in range(items):
            self.add()

    def add(self, title: str | None = None, *, about: str = "", kind: str = "mp4") -> Item:
        """Publishes a further item, an hour after the one before."""
        with self._guard:
            number = self._next
            self._next += 1
            self._changes += 1
            name = f"{self.name} {number}" if title is None else title
            item = Item(number, name, _FIRST + timedelta(hours=number), about, kind=kind)
            self._items[number] = item
            return item

    def edit(self, number: int, **changes: Any) -> Item:
        """Changes fields of an item. Raises `KeyError`."""
        with self._guard:
            self._changes += 1
            self._items[number] = replace(self._items[number], **changes)
            return self._items[number]

    def delete(self, number: int) -> None:
        """Takes an item away: its page is 410 from now on. Raises `KeyError`."""
        with self._guard:
            self._changes += 1
            del self._items[number]

    def find(self, number: int) -> Item | None:
        """The item, unless it is gone."""
        with self._guard:
            return self._items.get(number)

    def known(self, number: int) -> bool:
        """Whether there ever was such an item."""
        return 0 < number < self._next

    def items(self) -> list[Item]:
        """All items, newest first."""
        with self._guard:
            return sorted(self._items.values(), key=lambda item: item.published, reverse=True)

    def in_feed(self) -> list[Item]:
        """What the feeds show."""
        shown = self.items()[self.lag :]
        return shown if self.window is None else shown[: self.window]

    @property
    def changed(self) -> datetime:
        """When the feed last changed: a made-up time that moves a second with every change."""
        return _FIRST + timedelta(days=400, seconds=self._changes)


class Channels:
    """The channels' pages, feeds and listing API; `base` is the web's address."""

    def __init__(self) -> None:
        self.base = ""
        self.known: dict[str, Channel] = {"main": Channel("main", 5), "podcast": Channel("podcast")}
        self.known["podcast"].enclosures = True
        for _ in range(3):
            self.known["podcast"].add(kind="mp3")
        self.known["hostile"] = Channel("hostile", title=TITLES["markup"])
        self.known["hostile"].window = None
        for title in TITLES.values():
            self.known["hostile"].add(title, about=title)

    def routes(self) -> list[Route]:
        """What it serves."""
        return [
            Route("/channels/{name}", self.page),
            Route("/channels/{name}/feed.xml", self.rss),
            Route("/channels/{name}/atom.xml", self.atom),
            Route("/channels/{name}/items.json", self.listing),
            Route("/channels/{name}/{number:int}", self.item),
        ]

    def _channel(self, request: Request) -> Channel:
        channel = self.known.get(request.path_params["name"])
        if channel is None:
            raise HTTPException(404)
        return channel

    def _url(self, channel: Channel, item: Item | None = None) -> str:
        return f"{self.base}/channels/{channel.name}" + (f"/{item.number}" if item else "")

    def _file(self, item: Item) -> str:
        return f"{self.base}/files/{item.number}.{item.kind}"

    async def page(self, request: Request) -> Response:
        """`/channels/{name}?page=`: cards, feed autodiscovery, a link to the next page."""
        channel, number = self._channel(request), int(request.query_params.get("page", "1"))
        items = channel.items()
        shown = items[(number - 1) * _PAGE : number * _PAGE]
        cards = [
            pages.card(self._url(channel, item), f"/files/{item.number}.jpg", item.title, item.about)
            for item in shown
        ]
        more = ""
        if number * _PAGE < len(items):
            more = f'<a rel="next" href="{self._url(channel)}?page={number + 1}">Older</a>'
        head = pages.feed_links(f"{self._url(channel)}/feed.xml", f"{self._url(channel)}/atom.xml")
        body = f"<h1>{escape(channel.title)}</h1>{pages.grid(cards)}{more}"
        return HTMLResponse(pages.page(channel.title, body, head=head))

    async def item(self, request: Request) -> Response:
        """`/channels/{name}/{n}`: the item's page; 410 once it was deleted."""
        channel, number = self._channel(request), request.path_params["number"]
        item = channel.find(number)
        if item is None:
            return HTMLResponse("<h1>Gone</h1>", 410 if channel.known(number) else 404)
        head = pages.open_graph({"title": item.title, "description": item.about, "type": "video.other"})
        tag = "audio" if item.kind == "mp3" else "video"
        body = (
            f'<h1>{escape(item.title)}</h1><{tag} controls src="{self._file(item)}"></{tag}>'
            f"<p>{escape(item.about)}</p>"
        )
        return HTMLResponse(pages.page(item.title, body, head=head))

    async def listing(self, request: Request) -> Response:
        """`/channels/{name}/items.json?page=&limit=`: the listing in pages, newest first, as big sites'
        APIs give it."""
        channel = self._channel(request)
        limit = int(request.query_params.get("limit", str(_PAGE)))
        start = (int(request.query_params.get("page", "1")) - 1) * limit
        items = channel.items()
        rows = [
            {"id": f"{channel.name}-{item.number}", "title": item.title, "url": self._url(channel, item),
             "timestamp": int(item.published.timestamp()), "duration": item.seconds}
            for item in items[start : start + limit]
        ]  # fmt: skip
        return JSONResponse({"title": channel.title, "items": rows, "more": start + limit < len(items)})

    def _entries(self, channel: Channel) -> list[feeds.Entry]:
        return [
            feeds.Entry(
                id=f"{channel.name}-{item.number}",
                title=item.title,
                url=self._url(channel, item),
                published=item.published,
                summary=item.about,
                seconds=item.seconds,
                enclosure=(self._file(item), media_type(f"x.{item.kind}"), 0) if channel.enclosures else None,
            )
            for item in channel.in_feed()
        ]

    def _broken(self, channel: Channel) -> Response | None:
        if channel.feed in ("404", "500"):
            return HTMLResponse(f"<h1>{channel.feed}</h1>", int(channel.feed))
        if channel.feed == "garbage":
            return Response(
                b'<?xml version="1.0"?><rss><channel><item><title>half a fe', media_type="text/xml"
            )
        if channel.feed == "html":
            return HTMLResponse("<!doctype html><title>Are you a robot?</title>")
        return Response(b"", media_type="application/rss+xml") if channel.feed == "empty" else None

    def _answer(self, channel: Channel, document: bytes, kind: str) -> Response:
        content_type = f"application/{kind}+xml; charset=utf-8"
        if not channel.validators:
            return Response(document, media_type=content_type)
        return ContentResponse(BytesContent(document), content_type, modified=channel.changed.timestamp())

    async def rss(self, request: Request) -> Response:
        """`/channels/{name}/feed.xml`"""
        channel = self._channel(request)
        url = self._url(channel)
        return self._broken(channel) or self._answer(
            channel, feeds.rss(channel.title, url, f"{url}/feed.xml", self._entries(channel)), "rss"
        )

    async def atom(self, request: Request) -> Response:
        """`/channels/{name}/atom.xml`"""
        channel = self._channel(request)
        url = self._url(channel)
        document = feeds.atom(channel.title, url, f"{url}/atom.xml", channel.changed, self._entries(channel))
        return self._broken(channel) or self._answer(channel, document, "atom")
