"""Galleries: plain HTML pages of images, and a board that the stock gallery-dl `moebooru` extractor can
read."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from magpie.demo import pages
from magpie.demo.content import ContentResponse, media_type
from tests.site.files import Files

# A post's number leads to its time; gallery-dl writes it as the file's date.
_EPOCH = 1767225600


class Galleries:
    """Gallery pages below `/gallery-of`, `/inline-gallery`, and the board below `/booru`.

    posts: how many posts the board has; `deleted` are left out of it, and `animated` are zips of three pictures, of
    200, 300 and 500 ms. Its tags: every post has `all`, every
    second one `even` or `odd`; `pool:1` holds the first five, `none` nobody.
    """

    def __init__(self, files: Files) -> None:
        self.files = files
        self.base = ""
        self.posts = 12
        self.deleted: set[int] = set()
        self.animated: set[int] = set()
        self.album_pictures = 3

    def routes(self) -> list[Route]:
        """What it serves."""
        return [
            Route("/gallery-of/{count:int}", self.linked),
            Route("/inline-gallery/{count:int}", self.inline),
            Route("/album", self.album),
            Route("/images/{number:int}.{kind}", self.full),
            Route("/thumbs/{number:int}.jpg", self.thumb),
            Route("/booru/post.json", self.board),
            Route("/booru/image/{md5}/{name}.{kind}", self.board_image),
            Route("/booru/animation/{name}.zip", self.animation),
        ]

    async def linked(self, request: Request) -> Response:
        """`/gallery-of/{n}?page=`: 50 a page; every thumbnail links to its full-size image; also an icon
        and a pixel."""
        count, page = request.path_params["count"], int(request.query_params.get("page", "1"))
        numbers = range((page - 1) * 50 + 1, min(count, page * 50) + 1)
        cards = [
            f'<li class="card"><a href="/images/{n}.{"png" if n % 5 == 0 else "jpg"}">'
            f'<img src="/thumbs/{n}.jpg" width="160" height="100" alt="Picture {n}"></a></li>'
            for n in numbers
        ]
        more = (
            f'<a rel="next" href="/gallery-of/{count}?page={page + 1}">Next</a>' if page * 50 < count else ""
        )
        title = f"A gallery of {count}"
        head = '<link rel="icon" href="/media/pixel.gif">' + pages.open_graph(
            {"title": title, "image": f"{self.base}/images/1.jpg"}
        )
        pixel = '<img src="/media/pixel.gif" width="1" height="1" alt="">'
        return HTMLResponse(pages.page(title, f"<h1>{title}</h1>{pages.grid(cards)}{more}{pixel}", head=head))

    async def inline(self, request: Request) -> Response:
        """`/inline-gallery/{n}`: the images are on the page itself: src, srcset, data-src, picture,
        relative addresses."""
        kinds = (
            '<img src="../images/{n}.jpg" alt="{n}">',
            '<img src="/thumbs/{n}.jpg" srcset="/thumbs/{n}.jpg 160w, /images/{n}.jpg 640w" alt="{n}">',
            '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="/images/{n}.jpg" alt="{n}">',
            '<picture><source srcset="/images/{n}.jpg"><img src="/thumbs/{n}.jpg" alt="{n}"></picture>',
        )
        count = request.path_params["count"]
        body = "".join(kinds[(n - 1) % len(kinds)].format(n=n) for n in range(1, count + 1))
        return HTMLResponse(pages.page(f"Inline gallery of {count}", body))

    async def album(self, request: Request) -> Response:
        """`/album`: as many pictures as `album_pictures` says, the newest first."""
        numbers = range(self.album_pictures, 0, -1)
        body = "".join(f'<img src="/images/{n}.jpg" alt="{n}">' for n in numbers)
        return HTMLResponse(pages.page("An album", body))

    async def full(self, request: Request) -> Response:
        """`/images/{n}.{jpg|png}`"""
        kind = request.path_params["kind"]
        if kind not in ("jpg", "png"):
            raise HTTPException(404)
        content = await self.files.content(request.path_params["number"], kind)
        return ContentResponse(content, media_type(f"x.{kind}"))

    async def thumb(self, request: Request) -> Response:
        """`/thumbs/{n}.jpg`"""
        content = await self.files.content(1_000_000 + request.path_params["number"], "jpg")
        return ContentResponse(content, "image/jpeg")

    def _post(self, number: int) -> Mapping[str, Any]:
        data = self.files.numbered(number, "jpg")
        md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
        url = f"{self.base}/booru/image/{md5}/{number}.jpg"
        post: dict[str, Any] = {
            "id": number, "tags": f"all {'odd' if number % 2 else 'even'} hedgerow",
            "created_at": _EPOCH + number, "author": "hedgerow", "source": "", "score": number % 7, "md5": md5,
            "file_size": len(data), "file_ext": "jpg", "file_url": url,
            "preview_url": f"{self.base}/thumbs/{number}.jpg",
            "sample_url": url, "rating": "s", "width": 160, "height": 100, "status": "active",
        }  # fmt: skip
        if number in self.animated:
            frames = [{"file": f"{n:06}.jpg", "delay": delay} for n, delay in enumerate((200, 300, 500))]
            post |= {
                "file_ext": "zip",
                "file_url": f"{self.base}/booru/animation/{number}.zip",
                "frames": frames,
            }
        return post

    def _selected(self, tags: str) -> list[int]:
        numbers = [n for n in range(self.posts, 0, -1) if n not in self.deleted]
        for tag in tags.split():
            name, _, value = tag.partition(":")
            if name == "id":
                numbers = [n for n in numbers if value == str(n)]
            elif name == "pool":
                numbers = [n for n in numbers if n <= 5 and value == "1"]
            elif tag in ("even", "odd"):
                numbers = [n for n in numbers if n % 2 == (tag == "odd")]
            elif tag not in ("all", "hedgerow"):
                numbers = []
        return numbers

    async def board(self, request: Request) -> Response:
        """`/booru/post.json?tags=&page=&limit=`, newest first."""
        query = request.query_params
        limit, page = int(query.get("limit", "40")), int(query.get("page", "1"))
        await self.files.content(0, "jpg")
        numbers = self._selected(query.get("tags", ""))[(page - 1) * limit : page * limit]
        return JSONResponse([self._post(number) for number in numbers])

    async def animation(self, request: Request) -> Response:
        """`/booru/animation/{n}.zip`: three pictures."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for number in range(3):
                content = await self.files.content(number + 1, "jpg")
                archive.writestr(f"{number:06}.jpg", content.read(0, content.size))
        return Response(packed.getvalue(), media_type="application/zip")

    async def board_image(self, request: Request) -> Response:
        """`/booru/image/{md5}/{n}.jpg`"""
        name = request.path_params["name"]
        if not name.isdigit() or int(name) in self.deleted:
            raise HTTPException(404)
        return ContentResponse(await self.files.content(int(name), "jpg"), "image/jpeg")
