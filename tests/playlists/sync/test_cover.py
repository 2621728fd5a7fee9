"""A source's picture: taken from permitted addresses, if it is one, and put on the playlist once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from magpie.config import Settings
from magpie.playlists.sync import cover
from tests.playlists.fakes import FakeServer, held, song
from tests.playlists.support import PlaylistHouse

pytestmark = pytest.mark.once

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
PAGES = {"/a.png": PNG, "/page": b"<html></html>", "/large": PNG + bytes(cover.MAX_BYTES)}


class _Pictures(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append(self.path)
        target = {"/moved": "/a.png", "/inside": "http://169.254.169.254/", "/round": "/round"}.get(self.path)
        body = PAGES.get(self.path, b"")
        self.send_response(302 if target else 200 if body else 404)
        if target:
            self.send_header("Location", target)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@pytest.fixture
def url() -> Iterator[str]:
    _Pictures.asked = []
    with HTTPServer(("127.0.0.1", 0), _Pictures) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_picture_is_taken_also_where_it_has_moved_to(url: str) -> None:
    settings = Settings(egress_allow="127.0.0.1")
    for path in ("/a.png", "/moved"):
        assert cover.fetch(settings, url + path) == (PNG, "image/png")


@pytest.mark.parametrize("path", ["/page", "/large", "/gone", "/inside", "/round"])
def test_what_is_no_picture_or_leads_elsewhere_is_left(url: str, path: str) -> None:
    with pytest.raises(cover.NoPicture):
        cover.fetch(Settings(egress_allow="127.0.0.1"), url + path)


def test_the_household_is_not_asked_for_pictures(url: str) -> None:
    with pytest.raises((cover.NoPicture, httpx.HTTPError)):
        cover.fetch(Settings(), url + "/a.png")
    assert _Pictures.asked == []


def test_a_playlist_gets_the_sources_picture_once(house: PlaylistHouse, url: str) -> None:
    house.context.settings = house.context.settings.model_copy(update={"egress_allow": "127.0.0.1"})
    server = FakeServer([held("Harbour")])
    task_id = house.add_task(house.add_server(server), keep_cover=True)
    house.source.tracks, house.source.cover_url = [song("Harbour")], f"{url}/gone"
    run = house.sync(task_id)
    assert run is not None
    assert (run.status, server.the_list().poster) == ("success", None)
    assert "not_covered" in house.codes(task_id)
    house.source.cover_url = f"{url}/a.png"
    for _ in range(2):
        house.sync(task_id)
    assert server.the_list().poster == PNG
    assert _Pictures.asked.count("/a.png") == 1
