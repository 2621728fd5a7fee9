"""Real servers against the made-up web: what a site asks for is kept, and cookies go to nobody else's requests."""

from __future__ import annotations

import itertools
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import POSTGRES
from tests.site.recorder import Seen
from tests.site.web import MediaWeb
from tests.support.media import made_media
from tests.support.server import Program, ended, wait_for

pytestmark = pytest.mark.slow

SITE = "127.0.0.1"
RETRY_AFTER = 30.0
# So much may pass until a running job at the same site is ended: the board's tick, and a busy machine.
PUT_DOWN_SECONDS = 8.0
DONE_SECONDS = 120.0


@pytest.fixture
def web() -> Any:
    with MediaWeb(made_media()) as site:
        yield site


def ask(client: httpx.Client, url: str) -> int:
    answer = client.post("/api/v1/downloads", json={"url": url})
    assert answer.status_code == 200, answer.text
    number: int = answer.json()["id"]
    return number


def look(client: httpx.Client, download: int) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1/downloads/{download}").json()
    return found


def test_a_site_that_says_429_is_left_alone_across_a_restart_and_then_one_goes_first(
    web: MediaWeb, tmp_path: Path, database_url: str
) -> None:
    web.behave("/files/*", status=429, headers={"retry-after": f"{RETRY_AFTER:.0f}"}, times=1)
    slow = web.behave("/big/*", rate=20_000)
    hosts = [
        Program(
            tmp_path / "data", command=command, name=name, database_url=database_url, worker_name=name,
            media_root=tmp_path / "media",
        )
        for command, name in (("serve", "first"), ("worker", "second"))[: 2 if POSTGRES else 1]
    ]  # fmt: skip
    for host in hosts:
        host.start()
    try:
        with closing(hosts[0].client()) as client:
            running = ask(client, web.url("/big/400000.mp4"))
            web.wait_for("/big/*", state="open", sent=1, timeout=30)
            limited = ask(client, web.url("/files/1.mp4"))
            said = web.wait_for("/files/1.mp4", state="done", timeout=30)
            assert said.status == 429
            wait_for(lambda: look(client, limited)["reason"] == "site_rests", 20)
            others = [ask(client, web.url(f"/files/{number}.mp4")) for number in range(2, 8)]
            for download in (limited, *others):
                row = look(client, download)
                assert (row["status"], row["reason"]) == ("pending", "site_rests")
                assert "is left alone" in row["error_message"]
                assert row["next_attempt_at"] is not None
            # Whoever is in a hurry is told that the site has asked for it.
            again = client.post(f"/api/v1/downloads/{others[0]}/retry").json()
            assert (again["status"], again["reason"]) == ("pending", "site_rests")
            site = next(one for one in client.get("/api/v1/sites").json() if one["site"] == SITE)
            assert (site["circuit"], site["is_asked"], site["allowed"]) == ("open", True, 0)
            web.wait_for("/big/*", state="broken", timeout=20)
            wait_for(lambda: look(client, running)["status"] == "pending", 20)
            web.forgive(slow)
            hosts[0].kill()
            hosts[0].start()
            assert time.time() < said.at + RETRY_AFTER, "this machine is too slow: it proves nothing"
        with closing(hosts[0].client()) as client:
            for download in (running, limited, *others):
                assert ended(client, download, DONE_SECONDS)["status"] == "completed"
            assert look(client, limited)["attempt"] == 2
    finally:
        for host in hosts:
            host.stop()
    check_silence_and_canary(web.requests, said)


def check_silence_and_canary(requests: list[Seen], said: Seen) -> None:
    rest_ends = said.at + RETRY_AFTER
    too_soon = [seen for seen in requests if said.at + PUT_DOWN_SECONDS < seen.at < rest_ends]
    assert too_soon == []
    after = sorted((seen for seen in requests if seen.at >= rest_ends), key=lambda seen: seen.at)
    canary = after[0].path
    end = max(seen.ended or 0.0 for seen in after if seen.path == canary)
    assert min(seen.at for seen in after if seen.path != canary) >= end


USERS = ("ada", "grace", "mary")


def test_nobodys_cookies_reach_anothers_request(web: MediaWeb, tmp_path: Path) -> None:
    """20 downloads and more for three users, all at one site at the same time; without cookies it answers 403."""
    paths = [
        *(f"/as/cookie/files/{number}.mp4" for number in range(15)),  # direct
        *("/as/cookie/page/video", "/as/cookie/page/two", "/as/cookie/page/hls"),  # yt-dlp
        *(f"/as/cookie/gallery-of/{number}" for number in (2, 3, 4)),  # webimages
    ]
    owner = dict(zip(paths, itertools.cycle(USERS)))
    planted = {user: f"Planted.{user}.0123456789abcdef" for user in USERS}
    with Program(tmp_path / "data", allow_registration="true") as server, ExitStack() as stack:
        clients = {user: stack.enter_context(closing(server.client(user))) for user in USERS}
        for user, mode in zip(USERS, ("always", "when_needed", "when_needed"), strict=True):
            body = {"cookies": {"session": "magpie", "who": planted[user]}, "mode": mode}
            answer = clients[user].put(f"/api/v1/sites/{SITE}/cookies", json=body)
            assert (answer.status_code, answer.json()["count"]) == (200, 2)
            assert planted[user] not in answer.text
        asked = [(user, ask(clients[user], web.url(path))) for path, user in owner.items()]
        for user, download in asked:
            wait_for(lambda user=user, download=download: is_done(clients[user], download), DONE_SECONDS)  # type: ignore[misc]
        everything = [
            clients[user].get(path).text
            for user in USERS
            for path in ("/api/v1/downloads?per_page=200", "/api/v1/sites", f"/api/v1/sites/{SITE}/cookies")
        ]
        for user in USERS:
            assert clients[user].get(f"/api/v1/sites/{SITE}/cookies").json()["health"] == "ok"
            assert clients[user].get(f"/api/v1/sites/{SITE}/cookies").json()["last_used_at"]
    check_who_was_asked_as_whom(web, owner, planted)
    for value in planted.values():
        assert not any(value in text for text in everything)
        assert [path for path in files_below(tmp_path / "data") if value.encode() in path.read_bytes()] == []
    assert list((tmp_path / "data").rglob(".cookies*")) == []


def is_done(client: httpx.Client, download: int) -> bool:
    """Whether it is saved; a page with two media becomes two downloads."""
    row = look(client, download)
    assert row["status"] != "failed", row
    return row["status"] in ("completed", "skipped")


def check_who_was_asked_as_whom(web: MediaWeb, owner: dict[str, str], planted: dict[str, str]) -> None:
    for path, user in owner.items():
        seen = {request.cookies.get("who") for request in web.requests if request.path == path}
        assert planted[user] in seen, f"{path} was never asked for with the cookies of {user}"
        assert seen <= {None, planted[user]}, f"{path} was asked for with somebody else's cookies"
        if user != USERS[0]:
            assert None in seen, f"{path} was not tried without cookies first"


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_expired_and_refused_cookies_say_so(web: MediaWeb, tmp_path: Path) -> None:
    web.behave("/files/*", status=401)
    where = f"/api/v1/sites/{SITE}/cookies"
    with Program(tmp_path / "data", download_attempts=1) as server, closing(server.client()) as client:
        assert client.get(where).json()["has_cookies"] is False
        assert client.put(where, json={"mode": "always"}).status_code == 404
        past = f"{SITE}\tFALSE\t/\tFALSE\t{int(time.time()) - 60}\tsession\tmagpie"
        assert client.put(where, json={"cookies": past}).json()["health"] == "expired"
        row = ended(client, ask(client, web.url("/files/1.mp4")))
        assert row["reason"] == "login_required"
        assert "have expired" in row["error_message"]
        assert all(not request.cookies for request in web.requests)
        soon = past.replace(str(int(past.split("\t")[4])), str(int(time.time()) + 86400))
        assert client.put(where, json={"cookies": soon}).json()["health"] == "expires_soon"
        row = ended(client, ask(client, web.url("/files/2.mp4")))
        assert "with the cookies that were given, too" in row["error_message"]
        assert "cookies" in row["hint"]
        health = client.get(where).json()
        assert (health["health"], bool(health["refused_at"])) == ("refused", True)
        assert client.put(where, json={"mode": "never"}).json()["mode"] == "never"
        before = web.count("/files/3.mp4")
        ended(client, ask(client, web.url("/files/3.mp4")))
        assert web.count("/files/3.mp4") == before + 1
        assert client.put(where, json={"cookies": soon, "mode": "when_needed"}).json()["refused_at"] is None
        assert client.delete(where).json()["has_cookies"] is False
        actions = [one["action"] for one in client.get("/api/v1/audit").json()["records"]]
        assert {"cookies.save", "cookies.delete"} <= set(actions)
