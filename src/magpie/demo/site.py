"""The demo site: a film channel with feeds, music, a gallery and a journal, served on loopback with real media."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from html import escape
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from magpie.demo import catalogue, feeds, media, pages
from magpie.demo.content import BytesContent, ContentResponse, file_content, media_type
from magpie.demo.server import LoopbackServer

_Thing = TypeVar("_Thing", catalogue.Film, catalogue.Song, catalogue.Picture, catalogue.Article)


def _find(things: tuple[_Thing, ...], slug: str) -> _Thing:
    for thing in things:
        if thing.slug == slug:
            return thing
    raise HTTPException(404)


def _duration(seconds: int) -> str:
    return f"PT{seconds}S"


class Showroom:
    """The demo site's handlers. `base` is the site's own address, known once the server is bound."""

    def __init__(self, studio: media.Studio) -> None:
        self.studio = studio
        self.base = ""

    def routes(self) -> list[Route]:
        """What it serves."""
        return [
            Route("/", self.home),
            Route("/channel", self.channel),
            Route("/channel/feed.xml", self.rss),
            Route("/channel/atom.xml", self.atom),
            Route("/watch/{slug}", self.watch),
            Route("/music", self.music),
            Route("/listen/{slug}", self.listen),
            Route("/gallery", self.gallery),
            Route("/journal", self.journal),
            Route("/journal/{slug}", self.article),
            Route("/films/{name}", self.film_file),
            Route("/posters/{name}", self.poster_file),
            Route("/songs/{name}", self.song_file),
            Route("/pictures/{name}", self.picture_file),
            Route("/thumbnails/{name}", self.thumbnail_file),
        ]

    async def _file(self, recipe: media.Recipe, name: str) -> Response:
        if recipe.name != name:
            raise HTTPException(404)
        path = await asyncio.to_thread(self.studio.make, recipe)
        return ContentResponse(file_content(path), media_type(name))

    async def film_file(self, request: Request) -> Response:
        """A film (mp4)."""
        name = request.path_params["name"]
        return await self._file(_find(catalogue.FILMS, name.rpartition(".")[0]).recipe(), name)

    async def poster_file(self, request: Request) -> Response:
        """A film's poster (jpg)."""
        name = request.path_params["name"]
        return await self._file(_find(catalogue.FILMS, name.rpartition(".")[0]).poster(), name)

    async def song_file(self, request: Request) -> Response:
        """A song (mp3)."""
        name = request.path_params["name"]
        return await self._file(_find(catalogue.SONGS, name.rpartition(".")[0]).recipe(), name)

    async def picture_file(self, request: Request) -> Response:
        """A picture in full size."""
        name = request.path_params["name"]
        return await self._file(_find(catalogue.PICTURES, name.rpartition(".")[0]).recipe(), name)

    async def thumbnail_file(self, request: Request) -> Response:
        """A picture's thumbnail (jpg)."""
        name = request.path_params["name"]
        return await self._file(_find(catalogue.PICTURES, name.rpartition(".")[0]).thumbnail(), name)

    async def home(self, request: Request) -> Response:
        """The front page."""
        film, song, article = catalogue.FILMS[0], catalogue.SONGS[0], catalogue.ARTICLES[0]
        cards = [
            pages.card("/channel", f"/posters/{film.slug}.jpg", "Films", "A channel to follow, with a feed"),
            pages.card("/music", "/thumbnails/dusk.jpg", "Music", f"{song.artist}: {song.album}"),
            pages.card("/gallery", "/thumbnails/coast.jpg", "Gallery", f"{len(catalogue.PICTURES)} pictures"),
            pages.card("/journal", "/thumbnails/lattice.jpg", "Journal", article.title),
        ]
        return HTMLResponse(pages.page("Hedgerow", f"<h1>Hedgerow</h1>{pages.grid(cards)}"))

    async def channel(self, request: Request) -> Response:
        """All films, newest first, with the feeds announced."""
        cards = [
            pages.card(f"/watch/{film.slug}", f"/posters/{film.slug}.jpg", film.title, film.about)
            for film in catalogue.FILMS
        ]
        head = pages.feed_links("/channel/feed.xml", "/channel/atom.xml")
        head += pages.open_graph(
            {"title": "Hedgerow Films", "type": "website", "url": f"{self.base}/channel"}
        )
        return HTMLResponse(
            pages.page("Hedgerow Films", f"<h1>Hedgerow Films</h1>{pages.grid(cards)}", head=head)
        )

    def _entries(self) -> list[feeds.Entry]:
        return [
            feeds.Entry(
                id=f"hedgerow:{film.slug}",
                title=film.title,
                url=f"{self.base}/watch/{film.slug}",
                published=film.published,
                summary=film.about,
                seconds=film.seconds,
                thumbnail=f"{self.base}/posters/{film.slug}.jpg",
            )
            for film in catalogue.FILMS
        ]

    def _feed(self, document: bytes, kind: str) -> Response:
        newest = catalogue.FILMS[0].published.timestamp()
        return ContentResponse(
            BytesContent(document), f"application/{kind}+xml; charset=utf-8", modified=newest
        )

    async def rss(self, request: Request) -> Response:
        """The channel as RSS."""
        url = f"{self.base}/channel"
        return self._feed(feeds.rss("Hedgerow Films", url, f"{url}/feed.xml", self._entries()), "rss")

    async def atom(self, request: Request) -> Response:
        """The channel as Atom."""
        url, newest = f"{self.base}/channel", catalogue.FILMS[0].published
        return self._feed(
            feeds.atom("Hedgerow Films", url, f"{url}/atom.xml", newest, self._entries()), "atom"
        )

    async def watch(self, request: Request) -> Response:
        """One film: HTML5 video, Open Graph and JSON-LD."""
        film = _find(catalogue.FILMS, request.path_params["slug"])
        file, poster = f"{self.base}/films/{film.slug}.mp4", f"{self.base}/posters/{film.slug}.jpg"
        head = pages.open_graph(
            {"type": "video.other", "title": film.title, "description": film.about, "image": poster,
             "url": f"{self.base}/watch/{film.slug}", "site_name": "Hedgerow"}
        ) + pages.json_ld(
            {"@type": "VideoObject", "name": film.title, "description": film.about, "thumbnailUrl": poster,
             "uploadDate": film.published.isoformat(), "duration": _duration(film.seconds), "contentUrl": file,
             "author": {"@type": "Person", "name": film.maker}}
        )  # fmt: skip
        body = (
            f'<h1>{escape(film.title)}</h1><video controls poster="{poster}" preload="metadata">'
            f'<source src="{file}" type="video/mp4"></video><p>{escape(film.about)}</p>'
            f'<p class="soft">{escape(film.maker)}, <time>{film.published.date()}</time></p>'
        )
        return HTMLResponse(pages.page(film.title, body, head=head))

    async def music(self, request: Request) -> Response:
        """The list of songs."""
        cards = [
            pages.card(f"/listen/{song.slug}", "", song.title, f"{song.artist}: {song.album}")
            for song in catalogue.SONGS
        ]
        return HTMLResponse(pages.page("Music", f"<h1>Music</h1>{pages.grid(cards)}"))

    async def listen(self, request: Request) -> Response:
        """One song: HTML5 audio, Open Graph and JSON-LD."""
        song = _find(catalogue.SONGS, request.path_params["slug"])
        file = f"{self.base}/songs/{song.slug}.mp3"
        head = pages.open_graph({"type": "music.song", "title": song.title, "audio": file})
        head += pages.json_ld(
            {"@type": "AudioObject", "name": song.title, "contentUrl": file, "duration": _duration(song.seconds),
             "author": {"@type": "MusicGroup", "name": song.artist}}
        )  # fmt: skip
        body = (
            f"<h1>{escape(song.title)}</h1><p>{escape(song.artist)}, <i>{escape(song.album)}</i>, "
            f'track {song.track}</p><audio controls src="{file}"></audio><p><a href="{file}" download>mp3</a></p>'
        )
        return HTMLResponse(pages.page(song.title, body, head=head))

    async def gallery(self, request: Request) -> Response:
        """Pictures in plain HTML: every thumbnail links to its full size."""
        cards = [
            pages.card(
                f"/pictures/{picture.slug}.{picture.ending}", f"/thumbnails/{picture.slug}.jpg", picture.title,
                picture.ending.upper(),
            )
            for picture in catalogue.PICTURES
        ]  # fmt: skip
        head = pages.open_graph(
            {"title": "Gallery", "type": "website", "image": f"{self.base}/pictures/coast.jpg"}
        )
        return HTMLResponse(pages.page("Gallery", f"<h1>Gallery</h1>{pages.grid(cards)}", head=head))

    async def journal(self, request: Request) -> Response:
        """The list of articles."""
        cards = [
            pages.card(f"/journal/{article.slug}", "", article.title, article.author)
            for article in catalogue.ARTICLES
        ]
        return HTMLResponse(pages.page("Journal", f"<h1>Journal</h1>{pages.grid(cards)}"))

    async def article(self, request: Request) -> Response:
        """One article: text only, marked up as such."""
        article = _find(catalogue.ARTICLES, request.path_params["slug"])
        published: Mapping[str, str] = {"datePublished": article.published.isoformat()}
        head = pages.open_graph({"type": "article", "title": article.title}) + pages.json_ld(
            {"@type": "Article", "headline": article.title, "author": {"@type": "Organization", "name": article.author},
             **published}
        )  # fmt: skip
        text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.paragraphs)
        byline = f'<p class="soft">{escape(article.author)}, <time>{article.published.date()}</time></p>'
        body = f"<article><h1>{escape(article.title)}</h1>{byline}{text}</article>"
        return HTMLResponse(pages.page(article.title, body, head=head))


class DemoSite:
    """The demo site, running while the `with` block lasts; `folder` caches its media between runs."""

    def __init__(self, folder: Path) -> None:
        self._showroom = Showroom(media.Studio(folder))
        self._server = LoopbackServer(Starlette(routes=self._showroom.routes()))
        self.url = self._server.url
        self._showroom.base = self.url

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()
