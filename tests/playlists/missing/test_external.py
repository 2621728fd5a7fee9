"""The settings of missing songs, and an external downloader: what it is told, and what each of its faults is called."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi.testclient import TestClient

from magpie.context import AppContext
from magpie.playlists.missing.models import MissingSettings, OrderStatus
from tests.links.conftest import Headers
from tests.playlists.missing.test_api import BASE, SECONDS, Songs
from tests.support.server import free_port
from tests.support.servers.double import Call, Double, Reply

KEY = "key-of-the-downloader"


@dataclass(slots=True)
class Downloader(Double):
    """`files`: addresses by title. What it does not know is 404."""

    files: dict[str, str] = field(default_factory=dict)
    answer_with: bytes | None = None

    def is_write(self, call: Call) -> bool:
        return False

    def reply(self, call: Call) -> Reply:
        if call.method != "POST" or call.path != "/api/song":
            return Reply(status=405)
        if call.headers.get("authorization") != f"Bearer {KEY}":
            return Reply(status=401)
        if self.answer_with is not None:
            return Reply(self.answer_with, content_type="application/json")
        url = self.files.get(call.json["title"])
        return (
            Reply(json.dumps({"url": url}).encode(), content_type="application/json")
            if url
            else Reply(status=404)
        )


@pytest.fixture
def double() -> Iterator[Downloader]:
    with Downloader(music=[]) as made:
        yield made


@pytest.fixture
def songs(client: TestClient, context: AppContext, root: Headers) -> Songs:
    return Songs(client, context, root)


def choose(songs: Songs, double: Downloader, **more: Any) -> Any:
    body = {"api_url": f"{double.url}/api/song", "api_key": KEY, **more}
    return songs.call("POST", "/download-settings", **body)


def test_the_settings_are_kept_and_the_key_is_never_told(songs: Songs, double: Downloader) -> None:
    before = songs.call("GET", "/download-settings")
    assert (before["profile"], before["api_url"], before["has_api_key"]) == ("music", None, False)
    assert before["searches"] == [one["name"] for one in before["known_searches"]]
    after = choose(songs, double, download_path="../Missing/ songs ", searches=["youtube"], profile="mp3")
    assert (after["download_path"], after["searches"], after["profile"]) == (
        "Missing/songs",
        ["youtube"],
        "mp3",
    )
    assert (after["api_key"], after["has_api_key"]) == (None, True)
    assert songs.call("POST", "/download-settings", searches=None, profile=None, download_path=None) == {
        **before,
        "api_url": after["api_url"],
        "has_api_key": True,
    }
    with songs.context.database.read() as session:
        row = session.get_one(MissingSettings, songs.user_id)
        assert row.sealed_api_key is not None
        assert KEY not in row.sealed_api_key
        assert songs.context.vault.open(row.sealed_api_key) == KEY
    # A key is not sent to another place than it was entered for.
    moved = songs.call("POST", "/download-settings", api_url="http://127.0.0.2/api/song")
    assert moved["has_api_key"] is False


@pytest.mark.parametrize(
    "body",
    [
        {"api_url": "ftp://x.example/"},
        {"api_url": "http://x.example/api?key=1"},
        {"api_url": "http://me:pass@x.example/"},
        {"profile": "video"},
        {"profile": "no such profile"},
        {"searches": ["google"]},
        {"download_path": "a/b/c/d/e/f/g"},
    ],
)
def test_what_cannot_be_used_is_refused(songs: Songs, body: dict[str, Any]) -> None:
    answer = songs.call("POST", "/download-settings", status=400, **body)
    assert answer["errors"][0]["loc"] == ["body", next(iter(body))]


def test_only_superusers_name_a_downloader_in_a_private_network(
    songs: Songs, double: Downloader, ada: Headers, configure: Callable[..., None]
) -> None:
    configure(downloader_api_key=KEY)
    assert songs.call("GET", "/download-settings")["has_api_key"] is True
    body: dict[str, Any] = {"api_url": f"{double.url}/api/song"}
    answer = songs.client.post(f"{BASE}/download-settings", json=body, headers=ada)
    assert (answer.status_code, answer.json()["errors"][0]["type"]) == (400, "private_address")
    # The environment's key is not to be had by naming an address of one's own.
    assert songs.client.get(f"{BASE}/download-settings", headers=ada).json()["has_api_key"] is False
    songs.call("POST", "/download-settings", **body)
    assert songs.call("POST", "/download-settings/test")["success"] is True


def test_a_test_names_the_fault(songs: Songs, double: Downloader) -> None:
    said = songs.call("POST", "/download-settings/test")
    assert (said["success"], said["reason"]) == (True, None)
    choose(songs, double)
    assert songs.call("POST", "/download-settings/test")["success"] is True
    assert double.calls[-1].headers["authorization"] == f"Bearer {KEY}"
    faults: list[tuple[dict[str, Any], str]] = [
        ({"status": 401}, "api_key"),
        ({"status": 403}, "api_key"),
        ({"status": 429}, "api_limited"),
        ({"status": 500}, "api_error"),
        ({"page": b"<html>a page</html>"}, "api_unreadable"),
        ({"redirect": "http://127.0.0.3:9"}, "api_unreadable"),
    ]
    for knobs, reason in faults:
        double.misbehave(**knobs)
        said = songs.call("POST", "/download-settings/test")
        assert (said["success"], said["reason"]) == (False, reason)
        assert KEY not in said["message"]
    double.misbehave()
    for address, reason in (
        (f"http://127.0.0.1:{free_port()}/api/song", "api_unreachable"),
        ("http://nowhere.invalid/api/song", "api_address"),
    ):
        choose(songs, double, api_url=address)
        assert songs.call("POST", "/download-settings/test")["reason"] == reason


def test_the_downloader_is_asked_instead_of_searching(songs: Songs, double: Downloader) -> None:
    double.files["Harbour"] = "https://files.example/harbour.flac"
    choose(songs, double)
    songs.call("POST", "/all-missing", task_id=songs.task(["Harbour", "Lantern"]))
    songs.seek()
    assert double.calls[0].json == {
        "title": "Harbour",
        "artist": "Ada Example",
        "album": "An album",
        "duration": SECONDS,
        "source": "netease",
        "source_id": "Harbour",
    }
    first, second = songs.orders()
    assert (first.status, first.url) == (OrderStatus.DOWNLOADING, "https://files.example/harbour.flac")
    assert (second.status, second.reason) == (OrderStatus.FAILED, "not_found")
    assert songs.bench.asked == []


@pytest.mark.parametrize(
    "answer", [b"[]", b'{"url": 5}', b'{"url": "file:///etc/passwd"}', b'{"url": "--exec=x"}', b"\xff"]
)
def test_an_answer_without_an_address_is_a_fault(songs: Songs, double: Downloader, answer: bytes) -> None:
    double.answer_with = answer
    choose(songs, double)
    songs.call("POST", "/all-missing", task_id=songs.task(["Harbour"]))
    songs.seek()
    assert (songs.order().status, songs.order().reason) == (OrderStatus.FAILED, "api_unreadable")


def test_a_downloader_that_is_away_is_asked_again_later(songs: Songs, double: Downloader) -> None:
    choose(songs, double)
    double.misbehave(status=503)
    songs.call("POST", "/all-missing", task_id=songs.task(["Harbour"]))
    songs.seek()
    order = songs.order()
    assert (order.status, order.reason, order.failures) == (OrderStatus.PENDING, "api_error", 1)
