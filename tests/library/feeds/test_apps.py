"""A podcast app and a running server: subscribe, fetch, lose the connection, go on, and look again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import feedparser  # type: ignore[import-untyped]
import httpx
import podcastparser  # type: ignore[import-untyped]
import pytest

from magpie.kit.db import Database
from magpie.library.models import Item, ItemFile, Membership
from tests.support.server import NO_CERTIFICATES, Program

pytestmark = [pytest.mark.database, pytest.mark.slow]

SOUND = Random(5).randbytes(3_000_000)
BREAKS_AFTER = 1_000_000


@dataclass
class App:
    """What podcast apps do, no more: it knows the feed's address and nothing else."""

    address: str
    folder: Path
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30, verify=NO_CERTIFICATES))
    seen: dict[str, str] = field(default_factory=dict)  # of the feed
    tags: dict[str, str] = field(default_factory=dict)  # of files, by address

    def look(self) -> dict[str, Any] | None:
        """The feed as gPodder reads it; None if nothing is new."""
        answer = self.client.get(self.address, headers=self.seen)
        if answer.status_code == 304:
            return None
        assert answer.status_code == 200, answer.text
        self.seen = {
            "If-None-Match": answer.headers["etag"],
            "If-Modified-Since": answer.headers["last-modified"],
        }
        feed: dict[str, Any] = podcastparser.parse(self.address, BytesIO(answer.content))
        return feed

    def fetch(self, url: str, *, breaks_after: int | None = None) -> Path:
        """Fetch a file, or go on with one that is there in part."""
        target = self.folder / url.rpartition("/")[2]
        held = target.stat().st_size if target.exists() else 0
        headers = {"Range": f"bytes={held}-", "If-Range": self.tags[url]} if held else {}
        with self.client.stream("GET", url, headers=headers) as answer, target.open("ab") as file:
            assert answer.status_code == (206 if held else 200)
            self.tags[url] = answer.headers["etag"]
            for chunk in answer.iter_raw(65_536):
                file.write(chunk)
                if breaks_after is not None and file.tell() >= breaks_after:
                    break
        return target


@pytest.fixture
def program(tmp_path: Path, database_url: str) -> Iterator[Program]:
    with Program(tmp_path / "data", database_url=database_url, debug=True) as started:
        yield started


def save(database_url: str, program: Program, user_id: int, title: str) -> None:
    """Something in the library, past the downloads."""
    name = f"{title}.mp3"
    (program.data_dir / "media" / name).write_bytes(SOUND)
    file = ItemFile(path=name, role="media", position=0, size=len(SOUND), mime="audio/mpeg")
    item = Item(
        extractor="test", source_id=title, kind="audio", quality="audio", title=title, site="media.example",
        source_url="https://media.example/talk", size=len(SOUND), files=[file],
    )  # fmt: skip
    database = Database(database_url)
    with database.write() as session:
        session.add(item)
        session.flush()
        session.add(Membership(item_id=item.id, user_id=user_id))
    database.close()


def test_an_app_subscribes_fetches_goes_on_and_looks_again(
    program: Program, database_url: str, tmp_path: Path
) -> None:
    ada = program.client()
    me = ada.get("/api/v1/users/me").json()
    ada.close()
    save(database_url, program, me["id"], "A talk")
    address = me["feeds"]["library"]
    # Without a public address it is the one that the connection came to.
    assert address.startswith(f"{program.url}/feeds/")
    app = App(address, tmp_path)
    feed = app.look()
    assert feed is not None
    (episode,) = feed["episodes"]
    (enclosure,) = episode["enclosures"]
    part = app.fetch(enclosure["url"], breaks_after=BREAKS_AFTER)
    assert BREAKS_AFTER <= part.stat().st_size < len(SOUND)
    assert app.fetch(enclosure["url"]).read_bytes() == SOUND
    assert part.stat().st_size == enclosure["file_size"]
    assert app.look() is None
    save(database_url, program, me["id"], "Another talk")
    feed = app.look()
    assert feed is not None
    assert [one["title"] for one in feed["episodes"]] == ["Another talk", "A talk"]
    assert feed["episodes"][1]["guid"] == episode["guid"]
    read = feedparser.parse(address)
    assert (read.status, len(read.entries)) == (200, 2)
    assert feedparser.parse(address, etag=read.etag).status == 304
    assert feedparser.parse(address, modified=read.modified).status == 304
    app.client.close()
    _has_kept_the_secret(program, address)


def _has_kept_the_secret(program: Program, address: str) -> None:
    token = address.split("/feeds/")[1].partition("/")[0]
    httpx.get(f"{program.url}/feeds/{token}/nothing.xml?x={token}", verify=NO_CERTIFICATES)
    assert program.stop() == 0
    log = program.log.read_text()
    assert "/library.xml" in log
    assert token not in log
