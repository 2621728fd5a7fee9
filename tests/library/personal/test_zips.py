"""Chosen items as one zip: every name safe and its own, every byte there, and no more memory for more bytes."""

from __future__ import annotations

import asyncio
import io
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import urlsplit

import psutil
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select, update
from zipstream import ZipStream  # type: ignore[import-untyped]

from magpie.accounts.models import User
from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.downloads.extractors.port import Role
from magpie.kit.errors import AppError, NotFound
from magpie.kit.paths import safe_name
from magpie.library.listing import Filter
from magpie.library.models import ItemFile
from magpie.library.zipping import orders, service
from magpie.library.zipping.names import DEEPEST, Names
from magpie.library.zipping.orders import Order
from tests.library.personal.conftest import Keep, Person

AT = "/items/zip"
GIGABYTE = 2**30
CRC_OF_HUGE = 1153231913  # of `sound` and zeros up to five gigabytes


def order(person: Person, **body: Any) -> dict[str, Any]:
    made: dict[str, Any] = person.ask("POST", AT, json=body)
    return made


def fetched(client: TestClient, made: dict[str, Any]) -> zipfile.ZipFile:
    answer = client.get(made["url"])
    assert answer.status_code == 200, answer.text
    opened = zipfile.ZipFile(io.BytesIO(answer.content))
    assert opened.testzip() is None
    assert {one.compress_type for one in opened.infolist()} <= {zipfile.ZIP_STORED}
    return opened


class TestNames:
    paths = st.lists(
        st.lists(st.text(alphabet=st.characters(exclude_characters="\0"), max_size=12), max_size=10).map(
            "/".join
        )
        | st.sampled_from(
            ["A/b.mp3", "a/B.MP3", "a", "A", "a/b.mp3/c", "../../etc/passwd", "C:\\x", "", "/", "con"]
        ),
        max_size=30,
    )

    @given(paths)
    @example(["a/b", "a", "A/B", "a/b/c", "a (2)", "a"])
    @example(["ﬁ.mp3", "fi.mp3", "FI.MP3", "\u00e9", "e\u0301"])
    def test_are_safe_and_no_two_the_same_to_any_file_system(self, paths: list[str]) -> None:
        names = Names()
        taken = [names.take(path) for path in paths]
        keys = [
            unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold()) for name in taken
        ]
        assert len(set(keys)) == len(keys)
        folders = {key.rsplit("/", deep)[0] for key in keys for deep in range(1, key.count("/") + 1)}
        assert not folders & set(keys)
        for name in taken:
            parts = name.split("/")
            assert len(parts) <= DEEPEST
            assert all(safe_name(part) == part for part in parts)
            assert len(name.encode()) < 2000

    @given(paths)
    def test_are_read_back_as_they_were_written(self, paths: list[str]) -> None:
        names, written = Names(), io.BytesIO()
        taken = [names.take(path) for path in paths]
        zipped = ZipStream()
        for name in taken:
            zipped.add(name.encode(), name)
        written.write(b"".join(zipped))
        with zipfile.ZipFile(written) as opened:
            assert {one.filename: opened.read(one).decode() for one in opened.infolist()} == {
                name: name for name in taken
            }

    def test_stay_as_they_are_in_the_library_if_they_can(self) -> None:
        names = Names()
        for path in ("Björk/Homogenic/01 Hunter.opus", "音楽/曲.mp3"):
            assert names.take(path) == path
        assert names.take("音楽/曲.mp3") == "音楽/曲 (2).mp3"


@pytest.mark.database
class TestZips:
    def test_hold_the_chosen_items_and_nothing_of_anybody_else(
        self, keep: Keep, as_ada: Person, as_bob: Person, client: TestClient, context: AppContext
    ) -> None:
        song = keep(
            "Song", "ada", content=b"la" * 1000, paths=["Ada/Album/01 Song.mp3", "Ada/Album/01 Song.lrc"]
        )
        thumbnail = keep("Film", "ada", paths=["Film.mkv", "Film.jpg"])
        with context.database.write() as session:
            session.execute(
                update(ItemFile)
                .where(ItemFile.item_id == thumbnail, ItemFile.position == 1)
                .values(role=Role.THUMBNAIL)
            )
        foreign = keep("Bob's", "bob")
        made = order(as_ada, ids=[thumbnail, song, foreign, song], name="../My songs.zip")
        assert (made["count"], made["size"], made["name"]) == (2, 4005, "⧸My songs.zip")
        answer = client.get(made["url"])
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.headers["cache-control"] == "no-store"
        with fetched(client, made) as opened:
            assert opened.namelist() == ["Ada/Album/01 Song.mp3", "Ada/Album/01 Song.lrc", "Film.mkv"]
            assert opened.read("Ada/Album/01 Song.mp3") == b"la" * 1000
        with fetched(client, order(as_bob, filter={"kind": "audio"})) as opened:
            assert opened.namelist() == ["Bob's.mp3"]

    def test_hold_a_filter_or_a_collection(self, keep: Keep, as_ada: Person, client: TestClient) -> None:
        items = [keep(f"Song {number}", "ada") for number in range(3)]
        at = as_ada.ask("POST", "/collections", json={"name": "Two", "ids": items[:2]})["id"]
        with fetched(client, order(as_ada, filter={"collection_id": at})) as opened:
            assert opened.namelist() == ["Song 0.mp3", "Song 1.mp3"]
        as_ada.ask("DELETE", f"/items/{items[0]}")
        with fetched(client, order(as_ada, filter={})) as opened:
            assert opened.namelist() == ["Song 1.mp3", "Song 2.mp3"]

    def test_say_what_has_gone_from_the_disk(
        self, keep: Keep, as_ada: Person, client: TestClient, media: Path
    ) -> None:
        keep("Here", "ada"), keep("Gone", "ada")
        (media / "Gone.mp3").unlink()
        with fetched(client, order(as_ada, filter={})) as opened:
            assert opened.namelist() == ["Here.mp3", service.MISSING]
            assert opened.read(service.MISSING) == b"Gone.mp3\n"

    def test_of_nothing_are_not_made(self, keep: Keep, as_ada: Person, as_bob: Person) -> None:
        item = keep("A", "ada")
        as_bob.ask("POST", AT, 404, json={"ids": [item]})
        as_bob.ask("POST", AT, 404, json={"filter": {}})
        as_ada.ask("POST", AT, 400, json={"ids": list(range(1, orders.MOST_IDS + 2))})
        as_ada.ask("POST", AT, 400, json={})

    def test_addresses_stay_short_enough_for_proxies(self, keep: Keep, as_ada: Person) -> None:
        item = keep("A", "ada")
        spread = [item, *(number * 997 + number % 500 for number in range(2, orders.MOST_IDS + 1))]
        assert len(order(as_ada, ids=spread, name="名" * 100)["url"]) < 8000

    def test_addresses_end_with_their_time_and_their_session(
        self, keep: Keep, as_ada: Person, client: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep("A", "ada")
        made = order(as_ada, filter={})
        with monkeypatch.context() as quick:
            quick.setattr(orders, "LASTS_SECONDS", -1)
            assert client.get(order(as_ada, filter={})["url"]).status_code == 404
        assert client.get(made["url"]).status_code == 200
        assert client.post("/auth/logout", headers=as_ada._headers).status_code == 200
        assert client.get(made["url"]).status_code == 401

    @pytest.mark.parametrize(
        "change",
        [
            lambda text: text[:-2],
            lambda text: ("B" if text[0] == "A" else "A") + text[1:],
            lambda _text: "x",
            lambda text: text + "é",
        ],
    )
    def test_addresses_cannot_be_changed(
        self, keep: Keep, as_ada: Person, client: TestClient, change: Callable[[str], str]
    ) -> None:
        keep("A", "ada")
        text = order(as_ada, filter={})["url"].split("order=")[1]
        assert client.get(f"/api/v1{AT}", params={"order": change(text)}).status_code == 404

    @given(ids=st.sets(st.integers(1, 2**31 - 1), max_size=50), name=st.text(max_size=30))
    def test_orders_are_opened_as_they_were_sealed(self, ids: set[int], name: str) -> None:
        context: Any = _Context()
        principal = Principal(1, "ada", False, "session", None, True)
        sealed = orders.seal(context, Order(principal, name, tuple(ids), Filter(q="x")), 1000)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(orders, "resume", lambda *_: principal)
            opened = orders.open_order(context, sealed, 1000 + orders.LASTS_SECONDS - 1)
            with pytest.raises(NotFound):
                orders.open_order(context, sealed, 1000 + orders.LASTS_SECONDS)
        assert opened == Order(principal, name, tuple(sorted(ids)), Filter(q="x"))

    @given(st.text(max_size=200))
    def test_whatever_else_comes_is_no_order(self, text: str) -> None:
        context: Any = _Context()
        with pytest.raises(AppError):
            orders.open_order(context, text)


class _End(io.RawIOBase):
    """A file of which only the end is known."""

    def __init__(self, tail: bytes, size: int) -> None:
        self._tail, self._size, self._at = tail, size, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._at = offset + (0, self._at, self._size)[whence]
        if self._at < 0:
            raise OSError("before the beginning")
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        start = self._at - (self._size - len(self._tail))
        assert start >= 0, "only the end is read"
        piece = self._tail[start : None if size < 0 else start + size]
        self._at += len(piece)
        return piece


class _Context:
    secret = "a secret of at least thirty-two characters"


@pytest.mark.database
def test_the_file_is_closed_when_the_client_goes(
    keep: Keep, as_ada: Person, app: FastAPI, media: Path
) -> None:
    keep("Long", "ada")
    file = media / "Long.mp3"
    with file.open("r+b") as opened:
        opened.truncate(GIGABYTE)
    address = urlsplit(order(as_ada, filter={})["url"])
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
        "method": "GET", "path": address.path, "raw_path": address.path.encode(), "root_path": "",
        "query_string": address.query.encode(), "headers": [(b"host", b"magpie.test")], "scheme": "http",
        "client": ("127.0.0.1", 1), "server": ("magpie.test", 80),
    }  # fmt: skip
    seen, open_then = 0, []

    async def talk() -> None:
        nonlocal seen
        gone = asyncio.Event()
        asked = False

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if not asked:
                asked = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            nonlocal seen
            seen += len(message.get("body", b""))
            if seen > 10 * 2**20 and not gone.is_set():
                open_then.extend(_readers(file))
                gone.set()

        await app(scope, receive, send)

    asyncio.run(talk())
    assert open_then
    assert _readers(file) == []
    assert seen < 100 * 2**20


def _readers(file: Path) -> list[str]:
    return [one.path for one in psutil.Process().open_files() if one.path == str(file)]


@pytest.mark.database
@pytest.mark.soak
@pytest.mark.timeout(300)  # seconds of processor time, on a busy machine
def test_five_gigabytes_take_no_more_memory_than_a_few(
    keep: Keep, as_ada: Person, context: AppContext, media: Path
) -> None:
    keep("Huge", "ada"), keep("Small", "ada")
    with (media / "Huge.mp3").open("r+b") as opened:
        opened.truncate(5 * GIGABYTE)
    with context.database.read() as session:
        owner = session.scalars(select(User.id).where(User.username == "ada")).one()
    wanted = Order(Principal(owner, "ada", False), "all.zip", filter=Filter())
    process, highest = psutil.Process(), 0
    source = service.chunks(context, wanted)
    tail = bytearray(next(source))
    size = len(tail)
    before = process.memory_info().rss
    for number, piece in enumerate(source):
        size += len(piece)
        tail += piece[-65_536:]
        del tail[:-65_536]
        if number % 1000 == 0:
            highest = max(highest, process.memory_info().rss)
    assert highest - before < 32 * 2**20
    assert size > 5 * GIGABYTE
    with zipfile.ZipFile(cast(IO[bytes], _End(bytes(tail), size))) as opened:
        huge, small = opened.infolist()
    assert (huge.filename, huge.file_size, huge.CRC) == ("Huge.mp3", 5 * GIGABYTE, CRC_OF_HUGE)
    assert (small.filename, small.file_size, small.CRC) == ("Small.mp3", 5, zlib.crc32(b"sound"))
