"""A double of a SponsorBlock server, and videos long enough to be cut: `/tube/sponsored-{anything}`.

The shapes are those of https://wiki.sponsor.ajay.app/w/API_Docs (GET /api/skipSegments/:sha256HashPrefix).
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

SECONDS = 9
# Where its viewers have found what; seconds.
SEGMENTS = (("sponsor", 2.0, 5.0), ("intro", 6.5, 7.5))


class Sponsors:
    """`/sponsors/api/skipSegments/{prefix}` knows the videos whose names it is told by `known`."""

    def __init__(self) -> None:
        self.known: set[str] = set()

    def routes(self) -> list[Route]:
        """What it serves. Comes before the tube, whose pages it shares."""
        return [
            Route("/sponsors/api/skipSegments/{prefix}", self.segments),
            Route("/tube-api/sponsored-{name}.json", self.details),
        ]

    async def segments(self, request: Request) -> Response:
        """Every video whose hash begins so; 404 if there is none."""
        prefix = request.path_params["prefix"]
        wanted = json.loads(request.query_params["categories"])
        found = [
            _answer(video, wanted)
            for video in sorted(self.known)
            if hashlib.sha256(video.encode()).hexdigest().startswith(prefix)
        ]
        return JSONResponse(found) if found else Response("Not Found", 404)

    async def details(self, request: Request) -> Response:
        """`/tube-api/sponsored-{name}.json`"""
        video = f"sponsored-{request.path_params['name']}"
        film = {"format_id": "film", "url": "/media/long.mp4", "ext": "mp4", "vcodec": "avc1.42c00b",
                "acodec": "mp4a.40.2", "width": 128, "height": 72}  # fmt: skip
        return JSONResponse(
            {
                "id": video,
                "title": f"Tube {video}",
                "uploader": "Hedgerow Films",
                "channel": "Hedgerow Films",
                "upload_date": "20260204",
                "duration": SECONDS,
                "thumbnail": "/media/photo.jpg",
                "formats": [film],
                "chapters": [{"start_time": 0, "end_time": SECONDS, "title": "All of it"}],
                "subtitles": {},
            }
        )


def _answer(video: str, wanted: list[str]) -> dict[str, Any]:
    return {
        "videoID": video,
        "segments": [
            {
                "category": category,
                "actionType": "skip",
                "segment": [start, end],
                "UUID": f"{video}-{category}",
                "videoDuration": SECONDS,
                "locked": 0,
                "votes": 1,
                "description": "",
            }
            for category, start, end in SEGMENTS
            if category in wanted
        ],
    }
