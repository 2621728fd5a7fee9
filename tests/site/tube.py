"""What the test extractor for yt-dlp asks for: separate video and audio to merge, chapters, subtitles, an
uploader."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from magpie.demo import pages


class Tube:
    """`/tube/{id}` pages exist for any id; the extractor reads `/tube-api/{id}.json`.

    early: ids of videos that have only just come out: there is no better format than the smallest as yet.
    told: what the site says of some of them instead, by id; albums: the lists at `/tube-album/{id}`, by id;
    found: what `/tube-search?q=` finds, by the words: yt-dlp's fields of each result.
    """

    def __init__(self) -> None:
        self.early: set[str] = set()
        self.told: dict[str, dict[str, Any]] = {}
        self.albums: dict[str, dict[str, Any]] = {}
        self.found: dict[str, list[dict[str, Any]]] = {}

    def routes(self) -> list[Route]:
        """What it serves."""
        return [
            Route("/tube/{id}", self.page),
            Route("/tube-api/{id}.json", self.details),
            Route("/tube-album-api/{id}.json", self.album),
            Route("/tube-search-api", self.search),
            Route("/tube-subtitles/{language}.vtt", self.subtitles),
        ]

    async def page(self, request: Request) -> Response:
        """`/tube/{id}`"""
        return HTMLResponse(pages.page(request.path_params["id"], '<video src="/media/clip.mp4"></video>'))

    async def details(self, request: Request) -> Response:
        """`/tube-api/{id}.json`: yt-dlp's info fields, with addresses relative to the site."""
        video_id = request.path_params["id"]
        formats = [
            {"format_id": "video", "url": "/media/silent.mp4", "ext": "mp4", "vcodec": "avc1.42c01e", "acodec": "none",
             "width": 640, "height": 360},
            {"format_id": "audio", "url": "/media/song.m4a", "ext": "m4a", "vcodec": "none", "acodec": "mp4a.40.2",
             "abr": 48},
            {"format_id": "small", "url": "/media/small.mp4", "ext": "mp4", "vcodec": "avc1.42c00b",
             "acodec": "mp4a.40.2", "width": 128, "height": 72},
        ]  # fmt: skip
        if video_id in self.early:
            formats = formats[-1:]
        return JSONResponse(
            {
                "id": video_id,
                "title": f"Tube {video_id}",
                "description": "A video with everything.",
                "uploader": "Hedgerow Films",
                "uploader_id": "hedgerow",
                "channel": "Hedgerow Films",
                "channel_id": "hedgerow",
                "upload_date": "20260203",
                "duration": 1,
                "thumbnail": "/media/photo.jpg",
                "formats": formats,
                "chapters": [
                    {"start_time": 0, "end_time": 0.5, "title": "Beginning"},
                    {"start_time": 0.5, "end_time": 1, "title": "End"},
                ],
                "subtitles": {
                    language: [{"url": f"/tube-subtitles/{language}.vtt"}] for language in ("en", "de")
                },
            }
            | self.told.get(video_id, {})
        )

    async def album(self, request: Request) -> Response:
        """`/tube-album-api/{id}.json`: yt-dlp's fields of a list, and the ids of its `tracks`."""
        return JSONResponse(self.albums[request.path_params["id"]])

    async def search(self, request: Request) -> Response:
        """`/tube-search-api?q=`: the results for exactly these words."""
        return JSONResponse(self.found.get(request.query_params["q"], []))

    async def subtitles(self, request: Request) -> Response:
        """`/tube-subtitles/{language}.vtt`"""
        text = f"WEBVTT\n\n00:00.000 --> 00:00.800\nHello in {request.path_params['language']}\n"
        return Response(text, media_type="text/vtt")
