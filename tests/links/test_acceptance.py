"""A real server that follows links on the made-up web: what is new arrives once, and a site's word and cookies are kept."""

from __future__ import annotations

import itertools
import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.site.fixtures import media_folder
from tests.site.recorder import Seen
from tests.site.web import MediaWeb
from tests.support.server import Program, wait_for

__all__ = ["media_folder"]

pytestmark = [pytest.mark.slow, pytest.mark.once]
DONE_SECONDS = 90.0
RETRY_AFTER = 45.0
# So much may pass until whatever runs at the site is ended: the board's tick, and a busy machine.
PUT_DOWN_SECONDS = 8.0


@pytest.fixture(scope="module")
def web(media_folder: Path) -> Iterator[MediaWeb]:
    with MediaWeb(media_folder) as site:
        yield site


@pytest.fixture(scope="module")
def server(web: MediaWeb, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    roots = json.dumps({"moebooru": {"madeup": web.url("/booru")}})
    folder = tmp_path_factory.mktemp("following") / "data"
    with Program(folder, test_gallerydl_roots=roots, allow_registration="true") as program:
        program.client().close()  # the first account
        yield program


@pytest.fixture
def client(server: Program) -> Iterator[httpx.Client]:
    with closing(server.client()) as signed_in:
        yield signed_in


def follow(client: httpx.Client, url: str, **more: Any) -> int:
    answer = client.post("/api/v1/links", json={"url": url, **more})
    assert answer.status_code == 200, answer.text
    number: int = answer.json()["id"]
    return number


def look(client: httpx.Client, number: int) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1/links/{number}").json()
    return found


def records(client: httpx.Client, number: int) -> list[dict[str, Any]]:
    """The link's history, newest first."""
    found: list[dict[str, Any]] = client.get("/api/v1/history", params={"link_id": number}).json()
    return found


def check(client: httpx.Client, number: int) -> dict[str, Any]:
    """Check a link now and wait for the end of it and of what it began; its record."""
    before = look(client, number)["last_checked_at"]
    client.post(f"/api/v1/links/{number}/check").raise_for_status()
    wait_until_over(client, number, before)
    return records(client, number)[0]


def wait_until_over(client: httpx.Client, number: int, before: str | None = None) -> None:
    def is_over() -> bool:
        link = look(client, number)
        return link["last_checked_at"] != before and link["status"] == "idle" and not link["counts"]["wanted"]

    wait_for(is_over, DONE_SECONDS, lambda: str(look(client, number)))


def test_new_items_of_a_channel_arrive_once_and_nothing_held_is_fetched_again(
    client: httpx.Client, web: MediaWeb
) -> None:
    channel = web.channel("served", 5)
    number = follow(client, web.url("/channels/served"))
    wait_until_over(client, number)
    channel.add("Fresh")
    channel.edit(3, title="Another title")
    channel.delete(2)
    asked = len(web.requests)
    record = check(client, number)
    assert (record["queued"], record["landed"], len(record["downloaded_files"])) == (1, 1, 1)
    assert {one.path for one in web.requests[asked:] if one.path.startswith("/files/")} == {"/files/6.mp4"}
    asked = len(web.requests)
    assert check(client, number)["message"] == "No new items."
    assert [one.path for one in web.requests[asked:]] == ["/channels/served/feed.xml"]
    assert look(client, number)["counts"]["downloaded"] == 6
    downloads = client.get("/api/v1/downloads", params={"per_page": 200}).json()["downloads"]
    assert Counter(one["url"] for one in downloads) == {
        web.url(f"/channels/served/{n}"): 1 for n in range(1, 7)
    }


def test_a_board_through_gallery_dl(client: httpx.Client, web: MediaWeb) -> None:
    web.galleries.posts = 6
    number = follow(client, web.url("/booru/post?tags=all"))
    wait_until_over(client, number)
    assert look(client, number)["counts"]["downloaded"] == 6
    assert records(client, number)[0]["details"]["extractor"] == "gallerydl"
    web.galleries.posts = 8
    web.galleries.deleted.add(5)
    asked = len(web.requests)
    record = check(client, number)
    web.galleries.deleted.clear()
    assert (record["queued"], record["landed"], record["failed"]) == (2, 2, 0)
    images = {one.path.rpartition("/")[2] for one in web.requests[asked:] if "/booru/image/" in one.path}
    assert images == {"7.jpg", "8.jpg"}
    entries = client.get(f"/api/v1/links/{number}/entries").json()["entries"]
    assert [one["url"].rpartition("/")[2] for one in entries] == [str(n) for n in range(8, 0, -1)]


def test_a_live_stream_is_recorded_once_until_it_ends(client: httpx.Client, web: MediaWeb) -> None:
    web.live("gig", length=6, pace=0.5)
    number = follow(client, web.url("/live/gig/index.m3u8"), type="live")
    wait_for(lambda: look(client, number)["status"] == "recording", 30, lambda: str(look(client, number)))
    wait_until_over(client, number)
    assert look(client, number)["counts"]["downloaded"] == 1
    (record,) = records(client, number)
    assert (record["landed"], len(record["downloaded_files"])) == (1, 1)
    asked = web.count("/live/gig/*.ts")
    check(client, number)
    assert web.count("/live/gig/*.ts") == asked
    assert look(client, number)["counts"]["downloaded"] == 1


USERS = ("ada", "grace", "mary")


def test_nobodys_cookies_reach_anothers_link(server: Program, web: MediaWeb) -> None:
    """20 links of three users at one site that wants cookies: mary gives them to each link, the others to the site."""
    owner = dict(zip((f"jar{place}" for place in range(20)), itertools.cycle(USERS), strict=False))
    planted = {user: f"Planted.{user}.0123456789abcdef" for user in USERS}
    for place, name in enumerate(owner):
        channel = web.channel(name, 200 + place)
        for item in range(1, 200 + place):  # so that no two channels have the same medium
            channel.delete(item)
    with ExitStack() as stack:
        clients = {user: stack.enter_context(closing(server.client(user))) for user in USERS}
        stack.enter_context(web.behaving("/channels/jar*", cookie=("session", "magpie")))
        for user, mode in zip(USERS[:2], ("always", "when_needed"), strict=True):
            body = {"cookies": {"session": "magpie", "who": planted[user]}, "mode": mode}
            assert clients[user].put("/api/v1/sites/127.0.0.1/cookies", json=body).status_code == 200
        given = json.dumps({"session": "magpie", "who": planted["mary"]})
        numbers = {}
        for name, user in owner.items():
            # What is downloaded for users with a site's cookies is proved in tests/sites.
            own = {"cookies": given} if user == "mary" else {"download_automatically": False}
            numbers[name] = follow(clients[user], web.url(f"/channels/{name}"), **own)
        for name, user in owner.items():
            wait_until_over(clients[user], numbers[name])
            counts = look(clients[user], numbers[name])["counts"]
            assert (counts["known"], counts["downloaded"]) == (1, int(user == "mary")), name
        for name, user in owner.items():  # now through the feeds
            assert check(clients[user], numbers[name])["status"] == "success"
        answers = [
            clients[user].get(path).text
            for user in USERS
            for path in (
                "/api/v1/links?limit=1000",
                "/api/v1/history?limit=100",
                "/api/v1/downloads?per_page=200",
            )
        ]
        clients["ada"].delete("/api/v1/sites/127.0.0.1/cookies").raise_for_status()
    for name, user in owner.items():
        mine = [one for one in web.requests if one.path.startswith(f"/channels/{name}")]
        who = {
            one.cookies.get("who") for one in mine if "/".join(one.path.split("/")[:3]).endswith(f"/{name}")
        }
        assert planted[user] in who, f"{name} was never asked for with the cookies of {user}"
        assert who <= {None, planted[user]}, f"{name} was asked for with somebody else's cookies"
    for value in planted.values():
        assert not any(value in text for text in answers)
        files = (path for path in server.data_dir.rglob("*") if path.is_file())
        assert [path for path in files if value.encode() in path.read_bytes()] == []


def test_a_site_that_says_429_to_a_check_is_left_alone_across_a_restart(
    server: Program, client: httpx.Client, web: MediaWeb
) -> None:
    for name in ("limited", "other", "third"):
        web.channel(name, 3)
    numbers = [
        follow(client, web.url(f"/channels/{name}"), download_automatically=False)
        for name in ("limited", "other", "third")
    ]
    for number in numbers:
        wait_until_over(client, number)
    wait = {"retry-after": f"{RETRY_AFTER:.0f}"}
    web.behave("/channels/limited*", status=429, headers=wait, times=1)
    asked = len(web.requests)
    client.post(f"/api/v1/links/{numbers[0]}/check").raise_for_status()
    web.recorder.wait(lambda: len(web.requests) > asked, 30, "the check's request")
    wait_for(lambda: records(client, numbers[0])[0]["details"]["reason"] == "rate_limited", 30)
    said = web.requests[asked]
    for number in numbers:  # also what a person asks for
        client.post(f"/api/v1/links/{number}/check").raise_for_status()
    wait_for(lambda: {look(client, number)["status"] for number in numbers} == {"cooling_down"}, 20)
    server.kill()
    server.start()
    assert time.time() < said.at + RETRY_AFTER, "this machine is too slow: it proves nothing"
    for number in numbers:
        wait_for(lambda number=number: look(client, number)["status"] == "idle", DONE_SECONDS)  # type: ignore[misc]
    check_silence_and_canary(web.requests[asked:], said)


def check_silence_and_canary(requests: list[Seen], said: Seen) -> None:
    ends = said.at + RETRY_AFTER
    assert [one for one in requests if said.at + PUT_DOWN_SECONDS < one.at < ends] == []
    after = [one for one in requests if one.at >= ends]
    first = after[0].path.split("/")[2]
    served = max(one.ended or 0.0 for one in after if one.path.split("/")[2] == first)
    assert min(one.at for one in after if one.path.split("/")[2] != first) >= served
