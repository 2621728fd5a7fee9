"""Downloads through the API of a real server: from POST to the file on the disk."""

from __future__ import annotations

import hashlib
import itertools
import json
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from tests.site.web import MediaWeb
from tests.support.server import Program, ended, wait_for


def post(client: httpx.Client, url: str, **more: object) -> dict[str, Any]:
    answer = client.post("/api/v1/downloads", json={"url": url, **more})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def media_root(server: Program) -> Path:
    return server.data_dir / "media"


def leftovers(server: Program) -> list[Path]:
    """Work folders that are still there."""
    return list((media_root(server) / ".magpie" / "work").iterdir())


@pytest.mark.parametrize(
    ("path", "kind", "extractor"),
    [
        ("/media/clip.mp4", "video", "direct"),
        ("/media/song.mp3", "audio", "direct"),
        ("/media/photo.jpg", "image", "direct"),
        ("/media/archive.zip", "file", "direct"),
        ("/noext/3", "video", "direct"),
        ("/page/video", "video", None),
        ("/hls/ts/master.m3u8", "video", None),
        ("/dash/manifest.mpd", "video", None),
        ("/gallery-of/7", "gallery", "webimages"),
    ],
)
def test_real_media_become_items(
    client: httpx.Client, server: Program, web: MediaWeb, path: str, kind: str, extractor: str | None
) -> None:
    download = ended(client, post(client, web.url(path))["id"])
    assert download["status"] == "completed", download
    item = client.get(f"/api/v1/items/{download['item_id']}").json()
    assert item["kind"] == kind
    assert extractor in (None, item["extractor"])
    assert item["source_url"].startswith(web.url("/"))
    file = media_root(server) / download["file_path"]
    assert file.is_file()
    if kind in ("video", "audio"):
        assert item["duration"] > 0.5
    if kind in ("video", "image", "gallery"):
        picture = client.get(f"/api/v1/items/{item['id']}/thumbnail")
        assert picture.status_code == 200
        assert picture.headers["content-type"].startswith("image/")
    body = client.get(item["file_url"])
    assert body.content == file.read_bytes()


def test_a_plain_file_is_kept_byte_for_byte_and_served_in_ranges(
    client: httpx.Client, server: Program, web: MediaWeb
) -> None:
    download = ended(client, post(client, web.url("/big/300000.mp4"))["id"])
    item = client.get(f"/api/v1/items/{download['item_id']}").json()
    whole = client.get(item["file_url"])
    assert hashlib.sha256(whole.content).hexdigest() == web.files.big_sha256(300_000)
    part = client.get(item["file_url"], headers={"Range": "bytes=1000-1999"})
    assert (part.status_code, part.content) == (206, whole.content[1000:2000])
    assert client.head(item["file_url"]).headers["content-length"] == "300000"
    assert "ETag" in whole.headers
    saved = client.get(item["file_url"], params={"download": True})
    assert saved.headers["content-disposition"].startswith("attachment")


def test_the_same_again_is_skipped_and_anothers_is_shared(
    client: httpx.Client, other: httpx.Client, web: MediaWeb
) -> None:
    url = web.url("/files/501.mp4")
    first = ended(client, post(client, url)["id"])
    again = ended(client, post(client, url)["id"])
    assert (again["status"], again["reason"], again["item_id"]) == (
        "skipped",
        "already_held",
        first["item_id"],
    )
    assert other.get(f"/api/v1/items/{first['item_id']}").status_code == 404
    shared = ended(other, post(other, url)["id"])
    assert (shared["status"], shared["item_id"]) == ("completed", first["item_id"])
    assert other.get(f"/api/v1/items/{first['item_id']}").status_code == 200


def test_saving_again_what_lies_in_the_trash_takes_it_out(
    client: httpx.Client, server: Program, web: MediaWeb
) -> None:
    url = web.url("/files/503.mp4")
    first = ended(client, post(client, url)["id"])
    assert client.delete(f"/api/v1/items/{first['item_id']}").status_code == 200
    assert client.get(f"/api/v1/items/{first['item_id']}").status_code == 404
    assert (media_root(server) / first["file_path"]).is_file()
    again = ended(client, post(client, url)["id"])
    assert (again["status"], again["item_id"]) == ("completed", first["item_id"])
    assert client.get(f"/api/v1/items/{first['item_id']}").status_code == 200
    assert client.get("/api/v1/trash").json()["items"] == []


def test_the_file_goes_with_the_last_one_who_holds_it(
    client: httpx.Client, other: httpx.Client, server: Program, web: MediaWeb
) -> None:
    url = web.url("/files/502.mp4")
    mine = ended(client, post(client, url)["id"])
    ended(other, post(other, url)["id"])
    file = media_root(server) / mine["file_path"]
    assert client.delete(f"/api/v1/items/{mine['item_id']}", params={"forever": True}).status_code == 200
    assert file.exists()
    assert other.get(f"/api/v1/items/{mine['item_id']}").status_code == 200
    assert other.delete(f"/api/v1/items/{mine['item_id']}", params={"forever": True}).status_code == 200
    assert not file.exists()
    assert client.get(f"/api/v1/items/{mine['item_id']}").status_code == 404
    anew = ended(client, post(client, url)["id"])
    assert anew["status"] == "completed"
    assert file.exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/status/404", "not_found"),
        ("/status/410", "removed"),
        ("/page/empty", "no_media"),
        ("/redirect/forbidden/metadata", "refused_address"),
    ],
)
def test_what_cannot_be_had_fails_in_plain_words(
    client: httpx.Client, server: Program, web: MediaWeb, path: str, reason: str
) -> None:
    download = ended(client, post(client, web.url(path))["id"])
    assert (download["status"], download["reason"]) == ("failed", reason), download
    assert download["error_message"].endswith((".", ")"))
    assert download["hint"]
    assert leftovers(server) == []


@pytest.mark.once
@pytest.mark.parametrize(
    "path", ["/status/403", "/status/500", "/as/truncated/media/clip.mp4", "/as/reset/media/clip.mp4"]
)
def test_transient_faults_are_tried_again_by_themselves(
    client: httpx.Client, web: MediaWeb, path: str
) -> None:
    download = ended(client, post(client, web.url(path))["id"], 60)
    assert download["status"] == "failed"
    assert download["attempt"] == 2
    assert download["reason"] in ("forbidden", "site_error", "truncated", "network")


def test_a_flaky_site_is_survived(client: httpx.Client, web: MediaWeb) -> None:
    download = ended(client, post(client, web.url("/files/77.mp4", "flaky"))["id"], 60)
    assert download["status"] == "completed"


@pytest.mark.once
@pytest.mark.parametrize(
    "url",
    [
        "",
        "   ",
        "--exec=touch /tmp/owned",
        "-o",
        "file:///etc/passwd",
        "ftp://example.org/a.mp4",
        "javascript:alert(1)",
        "http://",
        "http://user:secret@example.org/a.mp4",
        "http://example.org:99999/",
        "http://exa mple.org/",
        "http://example.org/\u0000",
        "http://example.org/" + "a" * 9000,
    ],
)
def test_an_address_that_is_none_is_refused(client: httpx.Client, url: str) -> None:
    answer = client.post("/api/v1/downloads", json={"url": url})
    assert answer.status_code in (400, 422)
    assert "secret" not in answer.text


@pytest.mark.once
@pytest.mark.parametrize(
    "url", ["http://127.0.0.2/a.mp4", "http://169.254.169.254/latest", "http://[::1]/", "http://10.0.0.1/"]
)
def test_private_addresses_are_refused(client: httpx.Client, url: str) -> None:
    download = ended(client, post(client, url)["id"])
    assert (download["status"], download["reason"]) == ("failed", "refused_address")


@pytest.mark.parametrize(
    "key",
    ["traversal", "nul", "long", "cjk", "rtl", "con", "dash", "newline", "template", "format", "markup"],
)
def test_hostile_titles_stay_in_the_folder(
    client: httpx.Client, server: Program, web: MediaWeb, key: str
) -> None:
    before = set(server.data_dir.parent.iterdir())
    download = ended(client, post(client, web.url(f"/hostile/title/{key}"))["id"])
    assert download["status"] == "completed", download
    file = (media_root(server) / download["file_path"]).resolve()
    assert file.is_relative_to(media_root(server).resolve())
    assert len(file.name.encode()) <= 255
    assert file.name.isprintable()
    assert set(server.data_dir.parent.iterdir()) == before


def test_progress_moves_and_live_events_tell_it(client: httpx.Client, server: Program, web: MediaWeb) -> None:
    events: list[dict[str, Any]] = []
    address = server.url.replace("http", "ws") + "/api/v1/events"
    with connect(address, additional_headers={"Authorization": client.headers["Authorization"]}) as socket:
        assert json.loads(socket.recv(timeout=5))["type"] == "hello"

        def listen() -> None:
            events.extend(json.loads(message) for message in socket)  # until it is closed

        thread = threading.Thread(target=listen)
        thread.start()
        rule = web.behave("/big/1500000.mp4", rate=300_000)
        download = post(client, web.url("/big/1500000.mp4"))
        seen: dict[int, str] = {}

        def look() -> dict[str, Any] | None:
            answer: dict[str, Any] = client.get(f"/api/v1/downloads/{download['id']}").json()
            if answer["stage"] == "downloading" and answer["downloaded_bytes"] is not None:
                seen.setdefault(answer["downloaded_bytes"], datetime.now(UTC).isoformat())
            return answer if answer["status"] not in ("pending", "downloading") else None

        result = wait_for(look, 30)
        wait_for(
            lambda: any(e["status"] == result["status"] for e in events if e["id"] == download["id"]),
            5,
            lambda: f"the end was not told: {result}, {events[-3:]}",
        )
        socket.close()
        thread.join()
        web.forgive(rule)
    assert result["status"] == "completed", result
    mine = [event for event in events if event["id"] == download["id"]]
    moving = [event for event in mine if event["stage"] == "downloading"]
    amounts = [event["downloaded_bytes"] for event in moving if event["downloaded_bytes"] is not None]
    assert amounts == sorted(amounts)
    assert len(set(amounts)) >= 5
    # By the server's own clock, where it has one: how late this test reads is not its matter.
    require_every_second([event["at"] for event in moving])
    require_every_second(list(seen.values()))
    assert mine[-1]["status"] == "completed"
    assert any(event["speed"] and event["eta"] is not None for event in mine)


def require_every_second(moments: list[str]) -> None:
    """Most follow within the promised second; a busy machine may be late with some."""
    times = [datetime.fromisoformat(moment).timestamp() for moment in moments]
    gaps = sorted(later - earlier for earlier, later in itertools.pairwise(times))
    assert gaps[len(gaps) * 3 // 4] <= 1.0, gaps
    assert gaps[-1] <= 2.5, gaps


def test_others_do_not_hear_of_it(
    client: httpx.Client, other: httpx.Client, server: Program, web: MediaWeb
) -> None:
    token = other.headers["Authorization"]
    with connect(
        server.url.replace("http", "ws") + "/api/v1/events", additional_headers={"Authorization": token}
    ) as socket:
        assert json.loads(socket.recv(timeout=5))["type"] == "hello"
        ended(client, post(client, web.url("/files/503.mp4"))["id"])
        own = post(other, web.url("/files/504.mp4"))
        heard = json.loads(socket.recv(timeout=10))
        assert heard["id"] == own["id"]


def test_cancel_ends_processes_and_leaves_nothing(
    client: httpx.Client, server: Program, web: MediaWeb
) -> None:
    rule = web.behave("/big/40000000.mp4", rate=200_000)
    download = post(client, web.url("/big/40000000.mp4"))
    web.wait_until_downloading("/big/40000000.mp4", sent=100_000)
    before = {process.pid for process in server.descendants()}
    started = time.monotonic()
    answer = client.post(f"/api/v1/downloads/{download['id']}/cancel")
    assert answer.status_code == 200
    result = ended(client, download["id"], 5)
    assert time.monotonic() - started <= 2.0
    assert result["status"] == "cancelled"
    web.wait_until_idle()
    wait_for(lambda: leftovers(server) == [], 2)
    assert {process.pid for process in server.descendants()} < before
    assert client.post(f"/api/v1/downloads/{download['id']}/cancel").status_code == 409
    web.forgive(rule)


def test_a_waiting_download_is_cancelled_at_once_and_can_be_retried(
    client: httpx.Client, web: MediaWeb
) -> None:
    download = post(client, web.url("/files/88.mp4", "flaky500"))
    result = ended(client, download["id"], 60)
    if result["status"] == "completed":
        assert client.post(f"/api/v1/downloads/{download['id']}/retry").status_code == 409
        return
    again = client.post(f"/api/v1/downloads/{download['id']}/retry")
    assert again.status_code == 200
    assert ended(client, download["id"], 60)["status"] == "completed"


def test_retry_after_the_site_is_mended(client: httpx.Client, web: MediaWeb) -> None:
    rule = web.behave("/files/89.mp4", status=404)
    download = post(client, web.url("/files/89.mp4"))
    assert ended(client, download["id"])["status"] == "failed"
    web.forgive(rule)
    assert client.post(f"/api/v1/downloads/{download['id']}/retry").json()["status"] == "pending"
    assert ended(client, download["id"])["status"] == "completed"


def test_a_live_recording_that_is_cancelled_can_be_played(
    client: httpx.Client, server: Program, web: MediaWeb
) -> None:
    web.live("concert", pace=0.3)
    download = post(client, web.url("/live/concert/index.m3u8"))
    wait_for(
        lambda: client.get(f"/api/v1/downloads/{download['id']}").json()["stage"] == "recording",
        20,
        lambda: str(client.get(f"/api/v1/downloads/{download['id']}").json()),
    )
    wait_for(
        lambda: (client.get(f"/api/v1/downloads/{download['id']}").json()["downloaded_bytes"] or 0) > 0, 20
    )
    started = time.monotonic()
    client.post(f"/api/v1/downloads/{download['id']}/cancel")
    result = ended(client, download["id"], 15)
    assert time.monotonic() - started <= 10
    assert result["status"] == "cancelled"
    item = client.get(f"/api/v1/items/{result['item_id']}").json()
    assert item["duration"] > 0
    # The work folder goes after the row has ended.
    wait_for(lambda: leftovers(server) == [], 10, lambda: str(leftovers(server)))


def test_a_list_becomes_downloads_of_its_own(client: httpx.Client, web: MediaWeb) -> None:
    download = ended(client, post(client, web.url("/page/two"))["id"])
    assert (download["status"], download["reason"]) == ("skipped", "is_a_list")
    page = client.get("/api/v1/downloads", params={"per_page": 50}).json()
    children = [one["id"] for one in page["downloads"] if one["parent_id"] == download["id"]]
    assert len(children) == 2
    assert [ended(client, child)["item_id"] is not None for child in children] == [True, True]


def test_what_the_user_says_wins(client: httpx.Client, web: MediaWeb) -> None:
    download = post(
        client, web.url("/media/untagged.mp3"), title="Blue in Green", artist="Miles Davis", profile="audio"
    )
    result = ended(client, download["id"])
    assert (result["title"], result["artist"]) == ("Blue in Green", "Miles Davis")
    assert result["file_path"].startswith("Music/Miles Davis/")


def test_the_older_names_answer_alike(client: httpx.Client, web: MediaWeb) -> None:
    made = client.post("/api/download/", json={"url": web.url("/files/90.mp4")})
    assert made.status_code == 200
    fields = {
        "id",
        "url",
        "title",
        "artist",
        "status",
        "file_path",
        "error_message",
        "created_at",
        "started_at",
        "completed_at",
    }
    assert fields <= set(made.json())
    ended(client, made.json()["id"])
    page = client.get("/api/downloads", params={"page": 1, "per_page": 1}).json()
    assert set(page) == {"downloads", "total", "page", "per_page"}
    assert len(page["downloads"]) == 1
    assert client.get(f"/api/downloads/{made.json()['id']}").json()["status"] == "completed"


def test_others_see_nothing(client: httpx.Client, other: httpx.Client, web: MediaWeb) -> None:
    download = post(client, web.url("/files/91.mp4"))
    for method, path in (("GET", ""), ("POST", "/cancel"), ("POST", "/retry")):
        assert other.request(method, f"/api/v1/downloads/{download['id']}{path}").status_code == 404
    assert all(one["id"] != download["id"] for one in other.get("/api/v1/downloads").json()["downloads"])
    ended(client, download["id"])


def test_inspect_says_what_it_is(client: httpx.Client, web: MediaWeb) -> None:
    def looked_at(path: str) -> dict[str, Any]:
        answer = client.post("/api/v1/inspect", json={"url": web.url(path)})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    httpx.get(web.url("/media/clip.mp4"))  # made once, on demand; and the first job starts the fork server
    looked_at("/page/video")
    started = time.monotonic()
    file = looked_at("/media/clip.mp4")
    assert time.monotonic() - started < 2
    assert (file["kind"], file["verbs"]) == ("file", ["save"])
    assert looked_at("/page/video")["kind"] in ("page", "file")
    for path in ("/channels/main", "/channels/main/feed.xml", "/gallery-of/7"):
        assert looked_at(path)["verbs"] == ["save", "follow"], path
    refused = client.post("/api/v1/inspect", json={"url": "http://10.1.2.3/x"}).json()
    assert (refused["kind"], refused["verbs"]) == ("unsupported", [])
