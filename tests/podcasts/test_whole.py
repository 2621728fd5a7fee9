"""The whole way, with nothing but what ships: a digest of a feed on a running server, heard while it is made, and then
fetched by a podcast app."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]
import httpx
import podcastparser  # type: ignore[import-untyped]
import pytest
import soundfile  # type: ignore[import-untyped]

from tests.support.server import Program, wait_for

pytestmark = [pytest.mark.once, pytest.mark.slow]

PARAGRAPH = (
    "Lakes freeze from above, since water is heaviest at four degrees. Colder water stays on top and turns to ice. "
    "The ice keeps the wind away, and so the lake below stays liquid. Fish live there through the winter."
)
_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_CUE = re.compile(rf"{_TIME} --> {_TIME}(?: .*)?")
_PODCAST = "https://podcastindex.org/namespace/1.0"


class News:
    """A site with a feed and pages; what is new is put into `titles`."""

    def __init__(self) -> None:
        self.titles: list[str] = ["Old ice"]
        self.base = ""

    def answer(self, path: str) -> tuple[str, bytes]:
        if path == "/feed.xml":
            date = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
            items = "".join(
                f"<item><title>{title}</title><link>{self.base}/{number}</link><pubDate>{date}</pubDate></item>"
                for number, title in enumerate(self.titles)
            )
            return "application/rss+xml", f"<rss><channel><title>Ice</title>{items}</channel></rss>".encode()
        body = "".join(f"<p>{PARAGRAPH}</p>" for _ in range(3))
        return "text/html", f"<html><body><article><h1>Ice</h1>{body}</article></body></html>".encode()


@contextmanager
def site(news: News) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, content = news.answer(self.path)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    news.base = f"http://127.0.0.1:{server.server_port}"
    try:
        yield news.base
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with Program(tmp_path / "data") as started:
        yield started


def test_a_digest_is_made_heard_and_subscribed_to(program: Program) -> None:
    news = News()
    with site(news) as base, closing(program.client()) as client:
        wanted = {
            "name": "Ice",
            "feedUrls": [f"{base}/feed.xml"],
            "cronSchedule": "0 7 * * 1",
            "wishes": {"minutes": 0.5},
        }
        # What is there is dated later than the digest, and so it is news.
        digest = client.post("/api/v1/digests", json=wanted).raise_for_status().json()
        at = f"/api/v1/digests/{digest['id']}"
        client.post(f"{at}/run").raise_for_status()
        key = wait_for(lambda: client.get(at).json()["lastPodcastId"], 60)
        episode = wait_for(lambda: _ended(client, key), 120)
        assert episode["status"] == "completed", episode
        assert episode["sources"][0]["address"] == f"{base}/0"
        assert episode["templateUsed"] == "digest"
        _is_in_the_feed(client, episode)
        _has_valid_sidecars(client, program, episode)
        # Nothing new, no episode.
        before = client.get(at).json()["lastRunAt"]
        client.post(f"{at}/run").raise_for_status()
        wait_for(lambda: client.get(at).json()["lastRunAt"] != before, 60)
        assert len(client.get("/api/v1/podcasts").json()) == 1


def _ended(client: httpx.Client, key: str) -> dict[str, Any] | None:
    found: dict[str, Any] = client.get(f"/api/v1/podcasts/{key}").json()
    return found if found["status"] in ("completed", "failed", "cancelled") else None


def _is_in_the_feed(client: httpx.Client, episode: dict[str, Any]) -> None:
    address = client.get("/api/v1/users/me").json()["feeds"]["podcasts"]
    content = httpx.get(address).content
    (entry,) = podcastparser.parse(address, BytesIO(content))["episodes"]
    assert entry["title"] == episode["title"]
    enclosure = entry["enclosures"][0]
    recording = httpx.get(enclosure["url"]).content
    assert len(recording) == enclosure["file_size"]
    sound = soundfile.info(BytesIO(recording))
    assert sound.duration == pytest.approx(entry["total_time"], abs=1)
    assert sound.duration == pytest.approx(episode["duration"], abs=0.2)
    read = feedparser.parse(content)
    assert read.namespaces["podcast"] == _PODCAST
    assert httpx.get(read.entries[0].podcast_transcript["url"]).text.startswith("WEBVTT")
    assert httpx.get(read.entries[0].podcast_chapters["url"]).json()["version"] == "1.2.0"


def _has_valid_sidecars(client: httpx.Client, program: Program, episode: dict[str, Any]) -> None:
    """As https://www.w3.org/TR/webvtt1/ and the podcast namespace's JSON chapters 1.2 have it; and the sidecar's fields."""
    answer = client.get(episode["transcriptUrl"])
    blocks = answer.text.replace("\r\n", "\n").strip().split("\n\n")
    assert blocks[0].split("\n")[0] == "WEBVTT"
    times = [_times(line) for block in blocks[1:] for line in block.split("\n") if "-->" in line]
    assert times
    assert all(0 <= start < end <= episode["duration"] + 0.5 for start, end in times)
    assert all(before[0] <= after[0] for before, after in pairwise(times))
    chapters = client.get(episode["chaptersUrl"]).json()
    starts = [one["startTime"] for one in chapters["chapters"]]
    assert chapters["version"] == "1.2.0"
    assert starts == sorted(starts)
    assert starts[0] == 0
    assert all(one["title"] for one in chapters["chapters"])
    sidecar = json.loads((program.data_dir / "podcasts" / f"{episode['id']}.json").read_bytes())
    fields = "id title audioUrl duration generatedDate sourceText sourceAudioUrl templateUsed"
    assert sorted(sidecar) == sorted(fields.split())
    assert "Lakes freeze" in sidecar["sourceText"]


def _times(line: str) -> tuple[float, float]:
    found = _CUE.fullmatch(line)
    assert found is not None, line
    first, second = found.groups()[:4], found.groups()[4:]
    return _seconds(first), _seconds(second)


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000
