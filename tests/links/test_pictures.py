"""A source's picture: fetched through the guard, decoded elsewhere, kept small."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from fastapi.testclient import TestClient

from magpie.config import Settings
from magpie.context import AppContext
from magpie.demo.media import Studio, image
from magpie.downloads.bench import Bench
from magpie.links import pictures
from magpie.links.models import Link
from tests.links.conftest import LINKS, Headers, follow
from tests.support.media import made_media

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A site with a picture, something that is none, and one without end."""
    picture = Studio(made_media()).make(image("bird.png", size="1200x800")).read_bytes()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.rpartition("/")[2]
            self.send_response(404 if name == "gone" else 200)
            self.end_headers()
            try:
                if name.startswith("bird"):
                    self.wfile.write(picture)
                elif name == "script":
                    self.wfile.write(b"<svg onload='alert(1)'/>")
                elif name == "endless":
                    for _ in range(400):
                        self.wfile.write(bytes(65536))
            except OSError:
                return

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def bench(tmp_path: Path, site: str) -> Iterator[Bench]:
    opened = Bench(Settings(data_dir=tmp_path, egress_allow=site.removeprefix("http://")))
    opened.start()
    yield opened
    opened.stop()


def look(context: AppContext, bench: Bench, link_id: int, url: str) -> bool:
    with context.database.write() as session:
        session.get_one(Link, link_id).picture_url = url
    return pictures.refresh(context, bench, link_id)


def files(context: AppContext) -> list[Path]:
    folder = context.settings.data_dir / pictures.FOLDER
    return [path for path in folder.rglob("*") if path.is_file()]


def test_it_is_copied_small_and_replaced(
    client: TestClient, ada: Headers, context: AppContext, bench: Bench, site: str
) -> None:
    link = follow(client, ada, f"{site}/channel")
    assert look(context, bench, link["id"], f"{site}/bird")
    (first,) = files(context)
    answer = client.get(f"{LINKS}/{link['id']}/picture", headers=ada)
    assert answer.content[:2] == b"\xff\xd8"
    assert len(answer.content) < 200_000
    assert not look(context, bench, link["id"], f"{site}/bird")
    assert look(context, bench, link["id"], f"{site}/bird?new")
    (second,) = files(context)
    assert first != second
    assert client.delete(f"{LINKS}/{link['id']}", headers=ada).status_code == 200
    assert files(context) == []


@pytest.mark.once
@pytest.mark.parametrize("name", ["gone", "script", "endless"])
def test_what_is_no_picture_is_left(
    client: TestClient, ada: Headers, context: AppContext, bench: Bench, site: str, name: str
) -> None:
    link = follow(client, ada, f"{site}/channel")
    assert not look(context, bench, link["id"], f"{site}/{name}")
    assert files(context) == []
    assert client.get(f"{LINKS}/{link['id']}", headers=ada).json()["picture_url"] is None


@pytest.mark.once
def test_private_addresses_are_not_asked(
    client: TestClient, ada: Headers, context: AppContext, bench: Bench, site: str
) -> None:
    link = follow(client, ada, f"{site}/channel")
    for url in ("http://127.0.0.1:1/bird", "http://169.254.169.254/bird", "file:///etc/passwd"):
        assert not look(context, bench, link["id"], url)
    assert files(context) == []
