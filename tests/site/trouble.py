"""Pages of every make, and addresses that answer badly by themselves: errors, redirects, bombs, hostile
words."""

from __future__ import annotations

import time
import zlib
from collections.abc import AsyncIterator, Callable
from functools import lru_cache
from html import escape
from urllib.parse import urlsplit

from starlette.convertors import PathConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from magpie.demo import pages
from magpie.demo.content import ContentResponse
from tests.site.behaviour import retry_after
from tests.site.files import Files
from tests.site.hostile import FORBIDDEN, TITLES, URLS, disposition

_SOURCES = (
    '<video controls poster="/media/photo.jpg"><source type="video/webm" src="/media/clip.webm">'
    '<source type="video/mp4" src="/media/clip.mp4"></video>'
)
_VIDEO = '<video controls src="{url}"></video>'


class _Anything(PathConvertor):
    """Like `path`, but a line break is a letter too."""

    regex = "(?s:.*)"


register_url_convertor("anything", _Anything())


@lru_cache(maxsize=4)
def _bomb(megabytes: int) -> bytes:
    """A gzip stream that unpacks to so many MiB of spaces, a thousandth of that in transit."""
    packer = zlib.compressobj(9, wbits=31)
    block = b" " * (1 << 20)
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()


class Trouble:
    """See the table in README.md. `premieres` maps a premiere's name to the Unix time from which it has a
    video."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.base = ""
        self.premieres: dict[str, float] = {"tomorrow": time.time() + 86400}

    def routes(self) -> list[Route]:
        """What it serves."""
        return [
            Route("/page/{name}", self.page),
            Route("/premiere/{name}", self.premiere),
            Route("/status/{code:int}", self.status),
            Route("/status/{code:int}/{name}", self.status),
            Route("/redirect/loop", self.loop),
            Route("/redirect/to", self.redirect_to),
            Route("/redirect/forbidden/{key}", self.redirect_forbidden),
            Route("/redirect/{count:int}", self.chain),
            Route("/embed/forbidden/{key}", self.embed_forbidden),
            Route("/login", self.login, methods=["GET", "HEAD", "POST"]),
            Route("/members/{name}", self.members),
            Route("/botcheck", self.botcheck),
            Route("/bomb", self.bomb),
            Route("/endless", self.endless),
            Route("/hostile/title/{key}", self.hostile_title),
            Route("/hostile/name/{key}", self.hostile_name),
            Route("/hostile/url/{path:anything}", self.hostile_url),
        ]

    def _video(self, path: str) -> str:
        return _VIDEO.format(url=escape(f"{self.base}{path}"))

    async def page(self, request: Request) -> Response:
        """`/page/{name}`: video, two, audio, hls, dash, live, jsonld, opengraph, source, iframe, article,
        empty."""
        makers: dict[str, Callable[[], tuple[str, str]]] = {
            "video": lambda: (self._video("/media/clip.mp4"), ""),
            "two": lambda: (self._video("/media/clip.mp4") + self._video("/media/other.mp4"), ""),
            "audio": lambda: (f'<audio controls src="{self.base}/media/song.mp3"></audio>', ""),
            "hls": lambda: (self._video("/hls/ts/master.m3u8"), ""),
            "dash": lambda: (
                '<video controls><source src="/dash/manifest.mpd" type="application/dash+xml"></video>',
                "",
            ),
            "live": lambda: (self._video("/live/event/index.m3u8"), ""),
            "jsonld": self._json_ld,
            "opengraph": lambda: ("<p>Nothing here but metadata.</p>", self._open_graph()),
            "source": lambda: (_SOURCES, ""),
            "iframe": lambda: (f'<iframe src="{self.base}/page/video"></iframe>', ""),
            "article": lambda: ("<article><p>Words and nothing else.</p></article>", ""),
            "empty": lambda: ("", ""),
        }
        name = request.path_params["name"]
        if name not in makers:
            raise HTTPException(404)
        body, head = makers[name]()
        return HTMLResponse(pages.page(f"The page {name}", f"<h1>The page {name}</h1>{body}", head=head))

    def _json_ld(self) -> tuple[str, str]:
        video = {
            "@type": "VideoObject", "name": "Described in JSON-LD", "description": "No video element at all.",
            "contentUrl": f"{self.base}/media/clip.mp4", "uploadDate": "2026-02-03T04:05:06Z",
            "duration": "PT2S", "thumbnailUrl": f"{self.base}/media/photo.jpg",
            "author": {"@type": "Person", "name": "Hedgerow Films"},
        }  # fmt: skip
        return "<p>Nothing to play here.</p>", pages.json_ld(video)

    def _open_graph(self) -> str:
        return pages.open_graph(
            {"type": "video.other", "title": "Described in Open Graph",
             "video": f"{self.base}/media/clip.mp4", "video:type": "video/mp4", "image": f"{self.base}/media/photo.jpg"}
        )  # fmt: skip

    async def premiere(self, request: Request) -> Response:
        """`/premiere/{name}`: no video before its time."""
        name = request.path_params["name"]
        if name not in self.premieres:
            raise HTTPException(404)
        starts = self.premieres[name]
        wait = int(starts - time.time())
        body = self._video("/media/clip.mp4") if wait <= 0 else f"<p>Premieres in {wait} seconds</p>"
        data = pages.json_ld({"@type": "BroadcastEvent", "name": name, "startDate": int(starts)})
        return HTMLResponse(pages.page(f"Premiere {name}", f"<h1>Premiere {name}</h1>{body}", head=data))

    async def status(self, request: Request) -> Response:
        """`/status/{code}?retry_after=`: that error; see `behaviour.retry_after` for the values."""
        code = request.path_params["code"]
        if not 200 <= code <= 599:
            raise HTTPException(404)
        wait = request.query_params.get("retry_after")
        headers = {} if wait is None else {"retry-after": retry_after(wait)}
        return HTMLResponse(f"<!doctype html><title>{code}</title><h1>{code}</h1>", code, headers)

    async def loop(self, request: Request) -> Response:
        """`/redirect/loop`: to itself, for ever."""
        return RedirectResponse(f"{self.base}/redirect/loop?again", 302)

    async def chain(self, request: Request) -> Response:
        """`/redirect/{n}?to={path}`: n redirects, then the path."""
        count, to = request.path_params["count"], request.query_params.get("to", "/media/clip.mp4")
        if not to.startswith("/"):
            raise HTTPException(404)
        following = f"/redirect/{count - 1}?to={to}" if count > 1 else to
        return RedirectResponse(following, (301, 302, 303, 307, 308)[count % 5])

    async def redirect_to(self, request: Request) -> Response:
        """`/redirect/to?url={any}`"""
        return Response(status_code=302, headers={"location": request.query_params.get("url", "/")})

    def _forbidden(self, request: Request) -> str:
        key = request.path_params["key"]
        if key not in FORBIDDEN:
            raise HTTPException(404)
        return FORBIDDEN[key]

    async def redirect_forbidden(self, request: Request) -> Response:
        """`/redirect/forbidden/{key of hostile.FORBIDDEN}`"""
        return Response(status_code=302, headers={"location": self._forbidden(request)})

    async def embed_forbidden(self, request: Request) -> Response:
        """`/embed/forbidden/{key}`: a page whose video lies there."""
        body = _VIDEO.format(url=escape(self._forbidden(request)))
        return HTMLResponse(pages.page("An embedded video", body))

    async def login(self, request: Request) -> Response:
        """`/login`: a form; POST sets the cookie that `/members/` wants."""
        if request.method == "POST":
            answer = RedirectResponse(f"{self.base}/members/clip.mp4", 303)
            answer.set_cookie("session", "magpie", httponly=True, samesite="lax")
            return answer
        fields = '<input name="user"><input name="password" type="password"><button>Sign in</button>'
        form = f'<form method="post">{fields}</form>'
        return HTMLResponse(pages.page("Sign in", f"<h1>Sign in to continue</h1>{form}"))

    async def members(self, request: Request) -> Response:
        """`/members/{page|file}`: with the cookie `session=magpie` a page or file, without it the way to
        `/login`."""
        if request.cookies.get("session") != "magpie":
            return RedirectResponse(f"{self.base}/login", 302)
        name = request.path_params["name"]
        if name == "page":
            return HTMLResponse(pages.page("For members", self._video("/members/clip.mp4")))
        return RedirectResponse(f"{self.base}/media/{name}", 307)

    async def botcheck(self, request: Request) -> Response:
        """`/botcheck`: the page that challenge services put in front of a site."""
        body = "<h1>Just a moment...</h1><p>Sign in to confirm you are not a bot. Enable cookies.</p>"
        headers = {"server": "cloudflare", "cf-mitigated": "challenge"}
        return HTMLResponse(pages.page("Just a moment...", body), 403, headers)

    async def bomb(self, request: Request) -> Response:
        """`/bomb?mb=100`: a gzip bomb that calls itself HTML."""
        megabytes = min(2048, int(request.query_params.get("mb", "100")))
        return Response(_bomb(megabytes), media_type="text/html", headers={"content-encoding": "gzip"})

    async def endless(self, request: Request) -> Response:
        """`/endless`: a page that never ends."""

        async def words() -> AsyncIterator[bytes]:
            yield b"<!doctype html><title>Endless</title>"
            while True:
                yield b"<p>and on and on and on</p>" * 1000

        return StreamingResponse(words(), media_type="text/html")

    async def hostile_title(self, request: Request) -> Response:
        """`/hostile/title/{key of hostile.TITLES}`: a page with that title everywhere, and a video."""
        key = request.path_params["key"]
        if key not in TITLES:
            raise HTTPException(404)
        title, number = TITLES[key], 5000 + list(TITLES).index(key)
        head = pages.open_graph({"title": title, "description": title, "site_name": title}) + pages.json_ld(
            {"@type": "VideoObject", "name": title, "contentUrl": f"{self.base}/files/{number}.mp4",
             "uploadDate": "2026-02-03", "author": {"@type": "Person", "name": title}}
        )  # fmt: skip
        return HTMLResponse(pages.page(title, self._video(f"/files/{number}.mp4"), head=head))

    async def hostile_name(self, request: Request) -> Response:
        """`/hostile/name/{key}`: an mp4 whose Content-Disposition says so."""
        key = request.path_params["key"]
        if key not in TITLES:
            raise HTTPException(404)
        content = await self.files.content(6000 + list(TITLES).index(key), "mp4")
        answer = ContentResponse(content, "video/mp4")
        answer.raw_headers.append((b"content-disposition", disposition(key)))
        return answer

    async def hostile_url(self, request: Request) -> Response:
        """`/hostile/url/{anything}`, or `/hostile/url/key/{key of hostile.URLS}` to be sent there: an mp4."""
        path = urlsplit(request.path_params["path"]).path
        if path.startswith("key/") and path[4:] in URLS:
            return Response(
                status_code=302, headers={"location": f"{self.base}/hostile/url/{URLS[path[4:]]}"}
            )
        return ContentResponse(await self.files.content(7000 + len(path), "mp4"), "video/mp4")
