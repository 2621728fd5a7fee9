"""HLS playlists: whole videos, live streams that grow while you watch, and playlists that point where they
must not."""

from __future__ import annotations

import threading
import time

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from magpie.demo import media
from magpie.demo.content import media_type
from tests.site.files import Files

_LIVE_SEGMENTS = 30
_LIVE = {
    kind: media.hls("A made-up live stream", kind=kind, size="128x72", fps=10, seconds=_LIVE_SEGMENTS)
    for kind in ("ts", "fmp4")
}
_ENDINGS = {"ts": "ts", "fmp4": "m4s"}


class LiveStream:
    """A live HLS stream of one-second segments.

    It starts with `ahead` segments when it is first asked for (or at `start`) and grows by one every `pace`
    seconds. `length` segments end it by itself; without a length it runs until `end` is called. With
    `window` only so many of the newest segments are listed, as broadcasters do; otherwise all of them stay
    (an EVENT playlist). `kind`: MPEG-TS (`ts`) or fragmented MP4 (`fmp4`). After 30 segments it shows the same again,
    and its clock begins anew.
    """

    def __init__(
        self,
        name: str,
        *,
        length: int | None = None,
        window: int | None = None,
        pace: float = 1.0,
        ahead: int = 3,
        kind: str = "ts",
    ) -> None:
        self.name = name
        self.ahead = ahead
        self.kind = kind
        self.length = length
        self.window = window
        self.pace = pace
        self._guard = threading.Lock()
        self._started: float | None = None
        self._ended_at: int | None = None

    def start(self) -> None:
        """Starts the clock now."""
        with self._guard:
            self._started = self._started or time.monotonic()

    def end(self) -> None:
        """Ends the stream with what it has so far."""
        available = self.available()
        with self._guard:
            if self._ended_at is None:
                self._ended_at = available

    def available(self) -> int:
        """How many segments there are by now."""
        self.start()
        with self._guard:
            if self._ended_at is not None:
                return self._ended_at
            grown = self.ahead + int((time.monotonic() - (self._started or 0.0)) / self.pace)
            return grown if self.length is None else min(grown, self.length)

    @property
    def over(self) -> bool:
        """Whether the playlist says that nothing more will come."""
        return self._ended_at is not None or (self.length is not None and self.available() >= self.length)

    def playlist(self) -> str:
        """The media playlist as of now."""
        over, count = self.over, self.available()
        first = max(0, count - self.window) if self.window else 0
        lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-TARGETDURATION:1", f"#EXT-X-MEDIA-SEQUENCE:{first}"]
        if not self.window:
            lines.append("#EXT-X-PLAYLIST-TYPE:EVENT")
        if self.kind == "fmp4":
            lines.append(f'#EXT-X-MAP:URI="/live/{self.name}/init.mp4"')
        for number in range(first, count):
            if number % _LIVE_SEGMENTS == 0 and number:
                lines.append("#EXT-X-DISCONTINUITY")
            lines += ["#EXTINF:1.0,", f"/live/{self.name}/{number}.{_ENDINGS[self.kind]}"]
        return "\n".join([*lines, *(["#EXT-X-ENDLIST"] if over else []), ""])


class Streams:
    """Playlists and live streams."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.live: dict[str, LiveStream] = {
            "event": LiveStream("event", length=6),
            "endless": LiveStream("endless", window=6),
        }

    def routes(self) -> list[Route]:
        """What it serves."""
        return [
            Route("/hls/{kind}/master.m3u8", self.master),
            Route("/hls/evil.m3u8", self.evil),
            Route("/live/{name}/index.m3u8", self.live_playlist),
            Route("/live/{name}/init.mp4", self.live_beginning),
            Route("/live/{name}/{number:int}.{ending}", self.live_segment),
        ]

    async def master(self, request: Request) -> Response:
        """`/hls/{ts|fmp4}/master.m3u8`: two qualities."""
        if request.path_params["kind"] not in ("ts", "fmp4"):
            raise HTTPException(404)
        text = (
            "#EXTM3U\n#EXT-X-VERSION:7\n"
            '#EXT-X-STREAM-INF:BANDWIDTH=400000,RESOLUTION=320x180,CODECS="avc1.42c00d,mp4a.40.2"\nhigh/index.m3u8\n'
            '#EXT-X-STREAM-INF:BANDWIDTH=150000,RESOLUTION=160x90,CODECS="avc1.42c00b,mp4a.40.2"\nlow/index.m3u8\n'
        )
        return Response(text, media_type=media_type("x.m3u8"))

    async def evil(self, request: Request) -> Response:
        """`/hls/evil.m3u8?url=`: a playlist whose only segment (and key) is the given address."""
        url = request.query_params.get("url", "file:///etc/passwd")
        text = f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXTINF:4.0,\n{url}\n#EXT-X-ENDLIST\n"
        return Response(text, media_type=media_type("x.m3u8"))

    def _stream(self, request: Request) -> LiveStream:
        stream = self.live.get(request.path_params["name"])
        if stream is None:
            raise HTTPException(404)
        return stream

    async def live_playlist(self, request: Request) -> Response:
        """`/live/{name}/index.m3u8`"""
        stream = self._stream(request)
        return Response(
            stream.playlist(), media_type=media_type("x.m3u8"), headers={"cache-control": "no-store"}
        )

    async def live_beginning(self, request: Request) -> Response:
        """`/live/{name}/init.mp4`: what comes before segments of fragmented MP4."""
        return await self.files.folder_file(_LIVE[self._stream(request).kind], "init.mp4")

    async def live_segment(self, request: Request) -> Response:
        """`/live/{name}/{n}.ts` or `/live/{name}/{n}.m4s`"""
        number, stream = request.path_params["number"], self._stream(request)
        ending = _ENDINGS[stream.kind]
        if number >= stream.available() or request.path_params["ending"] != ending:
            raise HTTPException(404)
        return await self.files.folder_file(_LIVE[stream.kind], f"seg{number % _LIVE_SEGMENTS:03d}.{ending}")
