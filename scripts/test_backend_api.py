"""Call every endpoint of a running Magpie once and say how each answered.

    .venv/bin/python scripts/test_backend_api.py http://127.0.0.1:8000 USER PASSWORD [--save URL] [--only PART …]

Signs in (on an empty server it makes the first account), walks through what exists under its own and under its
older names, signs out, and checks that the token is refused from then on. With `--save URL` it also saves from
that address, waits for the end, reads the file, and takes it out of the library again; without it, a download
from an address that is never reached is made and cancelled. `--only` names the parts that are walked through between
signing in and signing out. Prints one line for each endpoint; the exit code is
0 if all of them answered as they should, 1 if one did not, 2 if the server could not be reached.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import httpx

PATIENCE_SECONDS = 120.0
POLL_SECONDS = 0.2
# Never resolved (RFC 6761), so nothing is fetched.
NOWHERE = "https://magpie.invalid/film.mp4"
TEXT = (
    "Lakes freeze from above. Cold water sinks until it is four degrees cold. So fish live on below the ice."
)
ENDED = ("completed", "failed", "cancelled", "skipped")

# In the order in which they are walked through; each is a method of `Walk`.
PARTS = (
    *(
        "accounts",
        "downloads",
        "library",
        "personal",
        "playing",
        "care",
        "feeds",
        "links",
        "sites",
        "profiles",
    ),
    *("notifications", "playlists", "podcasts", "settings", "records", "database"),
)

Check = Callable[[httpx.Response], bool]


@dataclass(frozen=True, slots=True)
class Arguments:
    """What the command line asks for."""

    base: str
    username: str
    password: str
    save: str | None
    parts: tuple[str, ...]


class Walk:
    """One walk through the API; `faults` counts the answers that were not as they should be."""

    def __init__(self, client: httpx.Client, arguments: Arguments) -> None:
        self.client = client
        self.arguments = arguments
        self.faults = 0

    def call(
        self,
        method: str,
        path: str,
        *,
        expect: Iterable[int] = (200,),
        check: Check | None = None,
        **request: Any,
    ) -> httpx.Response:
        """Call one endpoint and print how it answered."""
        started = time.monotonic()
        answer = self.client.request(method, path, **request)
        milliseconds = (time.monotonic() - started) * 1000
        well = answer.status_code in tuple(expect) and (check is None or check(answer))
        self.faults += not well
        mark = "ok    " if well else "FAILED"
        sys.stdout.write(f"{mark} {answer.status_code} {milliseconds:6.0f} ms  {method:<6} {path}\n")
        if not well:
            sys.stdout.write(f"       {answer.text[:300]}\n")
        return answer

    def run(self) -> None:
        """All of it, in an order that leaves the server as it was, but for a cancelled download."""
        self._service()
        if self._sign_in():
            for part in self.arguments.parts:
                getattr(self, f"_{part}")()
            self._sign_out()

    def _service(self) -> None:
        self.call("GET", "/health", check=lambda answer: answer.json()["status"] == "ok")
        self.call("GET", "/", check=lambda answer: answer.json()["name"] == "Magpie")
        self.call("GET", "/metrics", check=lambda answer: "magpie_info" in answer.text)
        self.call(
            "GET", "/api/v1/openapi.json", check=lambda answer: "/api/v1/downloads" in answer.json()["paths"]
        )
        for path in ("/docs", "/redoc", "/api/v1/docs", "/api/v1/redoc"):
            self.call("GET", path)
        self.call("GET", "/auth/me", expect=[401])

    def _sign_in(self) -> bool:
        name, password = self.arguments.username, self.arguments.password
        state = self.call("GET", "/api/v1/setup-state").json()
        if state["needs_first_user"]:
            account = {"username": name, "email": f"{name}@example.com", "password": password}
            self.call(
                "POST", "/auth/register", json=account, check=lambda answer: answer.json()["is_superuser"]
            )
        self.call("POST", "/auth/login", json={"username": name, "password": f"{password}?"}, expect=[401])
        form = {"username": name, "password": password}
        self.call("POST", "/auth/login", json=form)
        self.call("POST", "/api/v1/login/access-token", data=form)
        answer = self.call("POST", "/auth/login", data=form)
        if answer.status_code != 200:
            return False
        self.client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        for method, path in (
            ("GET", "/auth/me"),
            ("GET", "/api/v1/users/me"),
            ("POST", "/api/v1/login/test-token"),
        ):
            self.call(
                method, path, check=lambda answer: name in (answer.json()["username"], answer.json()["email"])
            )
        # Refused before anything is made: the name breaks a rule.
        bad = {"username": "@", "email": "nobody@example.com", "password": password}
        self.call("POST", "/api/v1/users/", json=bad, expect=[400])
        return True

    def _accounts(self) -> None:
        """Makes a user, changes and deletes them; makes and revokes a token."""
        users, password = "/api/v1/users", self.arguments.password
        number = secrets.token_hex(4)
        account = {"username": f"walker-{number}", "email": f"{number}@example.com", "password": password}
        made = self.call(
            "POST", f"{users}/", json=account, check=lambda answer: not answer.json()["is_superuser"]
        )
        one = f"{users}/{made.json().get('id', 0)}"
        self.call("GET", users, params={"skip": 0, "limit": 5}, check=lambda answer: bool(answer.json()))
        self.call("GET", one, check=lambda answer: answer.json()["email"] == account["email"])
        self.call(
            "PUT", one, json={"is_active": False}, check=lambda answer: answer.json()["is_active"] is False
        )
        self.call("DELETE", one, params={"items": "keep"})
        self.call("PUT", f"{users}/me", json={})
        form = {"username": self.arguments.username, "password": password}
        other = self.call("POST", "/auth/login", data=form).json()["access_token"]
        theirs = {"Authorization": f"Bearer {other}"}
        sessions = self.call("GET", f"{users}/me/sessions", headers=theirs).json()
        current = next(session["id"] for session in sessions if session["current"])
        self.call("DELETE", f"{users}/me/sessions/{current}")
        self.call("DELETE", f"{users}/me/sessions", headers=theirs, expect=[401])
        token = self.call("POST", f"{users}/me/tokens", json={"name": "walk", "scopes": "read"}).json()
        script = {"Authorization": f"Bearer {token.get('token')}"}
        self.call("GET", f"{users}/me/tokens", headers=script)
        self.call("POST", f"{users}/me/tokens", headers=script, json={}, expect=[403])
        self.call("DELETE", f"{users}/me/tokens/{token.get('id')}")
        reset = "/api/v1/password-reset"
        # Of an address that nobody has; and no waiting link is shown, since each is shown only once.
        self.call("POST", f"{reset}/request-reset", json={"email": f"{number}@example.invalid"})
        self.call("POST", f"{reset}/reset", json={"token": "x", "new_password": password}, expect=[400])
        self.call("POST", f"{reset}/pending", headers=theirs, expect=[401])

    def _downloads(self) -> None:
        self.call("POST", "/api/v1/inspect", json={"url": self.arguments.save or NOWHERE})
        self.call("POST", "/api/v1/downloads", json={"url": "no address"}, expect=[400])
        for path in ("/api/v1/downloads", "/api/downloads"):
            self._download_and_cancel(path, path)
        self._download_and_cancel("/api/download", "/api/downloads")
        if self.arguments.save:
            self._save(self.arguments.save)

    def _download_and_cancel(self, create: str, collection: str) -> None:
        made = self.call(
            "POST", create, json={"url": NOWHERE}, check=lambda answer: answer.json()["url"] == NOWHERE
        )
        number = made.json().get("id", 0)
        one = f"{collection}/{number}"
        self.call(
            "GET",
            collection,
            params={"page": 1, "per_page": 5},
            check=lambda answer: answer.json()["total"] > 0,
        )
        self.call("GET", one, check=lambda answer: answer.json()["id"] == number)
        # The job may end by itself before it is told to: 409 says so.
        self.call("POST", f"{one}/cancel", expect=[200, 409])
        self._ended(one)
        self.call("POST", f"{one}/retry")
        self.call("POST", f"{one}/cancel", expect=[200, 409])
        self._ended(one)

    def _save(self, url: str) -> None:
        made = self.call("POST", "/api/v1/downloads", json={"url": url}).json()
        ended = self._ended(f"/api/v1/downloads/{made['id']}")
        if ended["status"] not in ("completed", "skipped") or ended["item_id"] is None:
            self.faults += 1
            sys.stdout.write(f"FAILED {url}: {ended['status']} {ended['error_message'] or ''}\n")
            return
        item = f"/api/v1/items/{ended['item_id']}"
        size = self.call("GET", item).json()["files"][0]["size"]
        self.call("GET", f"{item}/file", check=lambda answer: len(answer.content) == size)
        self.call("GET", f"{item}/file", headers={"Range": "bytes=0-9"}, expect=[206])
        self.call("GET", f"{item}/thumbnail", expect=[200, 404])
        if ended["status"] == "completed":  # what was there before is left alone
            self.call("DELETE", item)
            self.call("GET", item, expect=[404])
            self.call("POST", f"{item}/restore")
            self.call("DELETE", item, params={"forever": True})
            self.call("POST", f"{item}/restore", expect=[404])

    def _ended(self, path: str) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            download: dict[str, Any] = self.client.get(path).json()
            if download["status"] in ENDED or time.monotonic() > deadline:
                return download
            time.sleep(POLL_SECONDS)

    def _library(self) -> None:
        self.call(
            "GET",
            "/api/v1/items",
            params={"limit": 5, "q": "a"},
            check=lambda answer: "items" in answer.json(),
        )
        nothing = 2**62
        for path in ("", "/file", "/thumbnail"):
            self.call("GET", f"/api/v1/items/{nothing}{path}", expect=[404])
        self.call("PUT", f"/api/v1/items/{nothing}/pin", json={"pinned": True}, expect=[404])
        self.call("DELETE", f"/api/v1/items/{nothing}", expect=[404])

    def _personal(self) -> None:
        """Makes a collection and deletes it; marks, plays and throws away nothing that is there."""
        items = "/api/v1/items"
        one, nothing = f"{items}/{2**31 - 1}", {"ids": [2**31 - 1]}
        self.call("GET", "/api/v1/tags", check=lambda answer: "tags" in answer.json())
        self.call("GET", f"{items}/in-progress", check=lambda answer: "items" in answer.json())
        self.call("PUT", f"{one}/tags", json={"tags": ["walk"]}, expect=[404])
        self.call("PUT", f"{one}/favourite", json={"is_favourite": True}, expect=[404])
        self.call("GET", f"{one}/playback", expect=[404])
        self.call("PUT", f"{one}/playback", json={"position": 1}, expect=[404])
        self.call("DELETE", f"{one}/playback", expect=[404])
        wanted = {**nothing, "action": "trash"}
        self.call("POST", f"{items}/bulk", json=wanted, check=lambda answer: answer.json()["count"] == 0)
        self.call("POST", f"{items}/zip", json=nothing, expect=[404])
        self.call("GET", f"{items}/zip", params={"order": "none"}, expect=[404])
        self.call("POST", f"{one}/restore", expect=[404])
        self.call("GET", "/api/v1/trash", check=lambda answer: "items" in answer.json())
        # What lies there is not the walk's: it asks as nobody.
        self.call("DELETE", "/api/v1/trash", headers={"Authorization": "Bearer nobody"}, expect=[401])
        collections = "/api/v1/collections"
        name = f"walk {secrets.token_hex(4)}"
        made = self.call("POST", collections, json={"name": name})
        mine = f"{collections}/{made.json().get('id', 0)}"
        self.call("GET", collections, check=lambda answer: bool(answer.json()["collections"]))
        self.call("GET", mine, check=lambda answer: answer.json()["name"] == name)
        self.call("PUT", mine, json={"description": "Nothing yet."})
        self.call("POST", f"{mine}/items", json=nothing, check=lambda answer: answer.json()["count"] == 0)
        self.call("GET", f"{mine}/items", check=lambda answer: answer.json()["total"] == 0)
        self.call("PUT", f"{mine}/items/{2**31 - 1}", json={}, expect=[404])
        self.call("DELETE", f"{mine}/items/{2**31 - 1}", expect=[404])
        self.call("DELETE", mine)

    def _playing(self) -> None:
        one = f"/api/v1/items/{2**31 - 1}"
        self.call("GET", "/api/v1/items/facets", check=lambda answer: bool(answer.json()))
        for path in ("playback-plan", "stream", "waveform", f"subtitles/{2**31 - 1}"):
            self.call("GET", f"{one}/{path}", expect=[404])
        self.call("GET", f"{one}/transcripts", expect=[404])
        self.call("POST", f"{one}/transcripts", json={"language": "en"}, expect=[404])
        self.call("DELETE", f"{one}/transcripts/{2**31 - 1}", expect=[404])

    def _care(self) -> None:
        """Begins a scan that changes nothing, and ends it."""
        library = "/api/v1/library"
        for path in ("storage", "storage/links", "twins", "scans"):
            self.call("GET", f"{library}/{path}")
        begun = self.call("POST", f"{library}/scans", json={"adopt": False}, expect=[200, 409])
        scan = f"{library}/scans/{begun.json().get('id', 2**31 - 1)}"
        self.call("GET", scan, expect=[200, 404])
        self.call("POST", f"{scan}/cancel", expect=[200, 404])
        one, other = 2**31 - 1, 2**31 - 2
        self.call("POST", f"{library}/twins/dismiss", json={"ids": [one, other]}, expect=[404])
        item = f"/api/v1/items/{one}"
        self.call("POST", f"{item}/merge", json={"ids": [other]}, expect=[404])
        self.call("GET", f"{item}/aliases", expect=[404])
        self.call("DELETE", f"{item}/aliases/{other}", expect=[404])

    def _feeds(self) -> None:
        """Makes a token for feeds, reads them with it, and takes it away."""
        tokens = "/api/v1/feeds/tokens"
        self.call("GET", "/api/v1/feeds")
        made = self.call("POST", tokens, json={"name": f"walk {secrets.token_hex(4)}"}).json()
        self.call("GET", tokens)
        listed = self.client.get("/api/v1/feeds", params={"token_id": made["id"]}).json()
        feeds = "/feeds/" + listed["opml_url"].partition("/feeds/")[2].partition("/")[0]
        none = 2**31 - 1
        self.call("GET", f"{feeds}/library.xml", check=lambda answer: "<rss" in answer.text)
        self.call("GET", f"{feeds}/opml.xml", check=lambda answer: "<opml" in answer.text)
        self.call("GET", f"{feeds}/search.xml", params={"q": "walk"})
        for path in (
            f"links/{none}.xml",
            f"links/{none}/picture",
            f"collections/{none}.xml",
            f"files/{none}/x.mp3",
        ):
            self.call("GET", f"{feeds}/{path}", expect=[404])
        self.call("DELETE", f"{tokens}/{made['id']}")
        self.call("GET", f"{feeds}/library.xml", expect=[404])

    def _links(self) -> None:
        """Makes links that are looked at never, changes and deletes them."""
        links = "/api/v1/links"
        channel = f"https://magpie.invalid/{secrets.token_hex(4)}"
        body = {
            "url": channel,
            "name": "My Favorite Channel",
            "type": "generic_video",
            "is_enabled": False,
            "download_automatically": True,
            "tags": ["tag1", "tag2"],
            "cookies": '{"cookie_name": "cookie_value"}',
        }
        made = self.call(
            "POST", f"{links}/", json=body, check=lambda answer: answer.json()["cookies"] is None
        )
        number = made.json().get("id", 0)
        one = f"{links}/{number}"
        self.call("POST", links, json=body, expect=[409])
        self.call(
            "GET", f"{links}/", params={"skip": 0, "limit": 5}, check=lambda answer: bool(answer.json())
        )
        self.call("GET", one, check=lambda answer: answer.json()["tags"] == body["tags"])
        self.call("PUT", one, json={"name": "Nest"}, check=lambda answer: answer.json()["name"] == "Nest")
        told = {"msg": f"Download triggered for link {number}"}
        self.call("POST", f"{one}/trigger-download", check=lambda answer: answer.json() == told)
        self.call("POST", f"{one}/check")
        self.call("GET", f"{one}/picture", expect=[404])
        self.call("GET", f"{one}/entries", check=lambda answer: answer.json()["entries"] == [])
        rules = {"filters": {"title_include": "film"}}
        self.call("POST", f"{one}/try-rules", json=rules, check=lambda answer: answer.json()["total"] == 0)
        kept = {"retention": {"keep_last": 3}}
        self.call("POST", f"{one}/try-retention", json=kept, check=lambda answer: answer.json()["count"] == 0)
        for word in ("download", "skip"):
            self.call("POST", f"{one}/entries/{2**31 - 1}/{word}", expect=[404])
        several = {"urls": [channel, "no address"], "is_enabled": False}
        self.call("POST", f"{links}/bulk", json=several, check=lambda answer: answer.json()["added"] == 0)
        file = {"file": ("list.txt", channel)}
        self.call("POST", f"{links}/import", files=file, data={"dry_run": "true"})
        self.call("DELETE", one, params={"items": "keep"})
        self.call("GET", one, expect=[404])
        self.call("GET", "/api/v1/history/", params={"skip": 0, "limit": 5, "status": "success"})
        self.call("GET", f"/api/v1/history/{2**31 - 1}", expect=[404])

    def _sites(self) -> None:
        """Gives cookies for a site that is none, and takes them away again."""
        cookies = "/api/v1/sites/magpie.invalid/cookies"
        self.call("GET", "/api/v1/sites")
        given = {"cookies": "name=value", "mode": "never"}
        self.call("PUT", cookies, json=given, check=lambda answer: answer.json()["has_cookies"])
        self.call("GET", cookies, check=lambda answer: answer.json()["mode"] == "never")
        self.call("DELETE", cookies, check=lambda answer: not answer.json()["has_cookies"])
        self.call("POST", "/api/v1/sites/magpie.invalid/reset", expect=[403, 404])

    def _profiles(self) -> None:
        """Makes a profile, changes and deletes it."""
        profiles = "/api/v1/profiles"
        self.call("GET", profiles, check=lambda answer: bool(answer.json()))
        self.call("POST", f"{profiles}/preview", json={"template": "{artist}/{title}"})
        wanted = {"name": f"walk {secrets.token_hex(4)}", "spec": {"max_height": 720}}
        made = self.call("POST", profiles, json=wanted, expect=[200, 201])
        one = f"{profiles}/{made.json().get('id', 0)}"
        self.call("GET", one, check=lambda answer: answer.json()["name"] == wanted["name"])
        self.call("PUT", one, json={"spec": {"kind": "audio"}})
        self.call("DELETE", one, expect=[200, 204])

    def _notifications(self) -> None:
        """Makes a target that is never told of anything; its test ends with a plain sentence."""
        targets = "/api/v1/notifications/targets"
        self.call("GET", targets)
        wanted = {"url": "json://magpie.invalid/hook", "name": "Walk", "is_enabled": False}
        made = self.call("POST", targets, json=wanted, expect=[200, 201])
        one = f"{targets}/{made.json().get('id', 0)}"
        self.call("GET", one, check=lambda answer: answer.json()["scheme"] == "json")
        self.call("PUT", one, json={"events": ["failed"]})
        self.call("POST", f"{one}/test", check=lambda answer: answer.json()["success"] is False)
        self.call("DELETE", one, expect=[200, 204])

    def _playlists(self) -> None:
        """Makes a server that nobody can reach, under both of its names, and a task for a file; nothing is left."""
        server = {"name": "Walk", "server_type": "plex", "url": "http://127.0.0.1:9", "token": "none"}
        self.call("GET", "/api/v1/servers/kinds", check=lambda answer: len(answer.json()) >= 3)
        self.call("GET", "/api/v1/servers")
        # Only superusers may name a server on this machine.
        self.call("POST", "/api/v1/servers/test", json=server, expect=[200, 400])
        for base in ("/api/v1/settings", "/api/v1/servers"):
            made = self.call("POST", base, json=server, expect=[200, 400])
            number = made.json().get("id", 0)
            one, there = f"{base}/{number}", [200] if made.is_success else [422]
            self.call("GET", one, expect=there)
            self.call("PUT", one, json={"name": "Other"}, expect=there)
            self.call("POST", f"{one}/test", expect=there)
            if base.endswith("servers"):
                self._server(one, number if made.is_success else None)
            self.call("DELETE", one, expect=there)
        names = {"names": ["Walk", "Walker"]}
        artist = f"/api/v1/artists/{self.call('POST', '/api/v1/artists', json=names).json().get('id', 0)}"
        self.call("GET", "/api/v1/artists")
        self.call("PUT", artist, json=names)
        self.call("DELETE", artist)

    def _server(self, one: str, number: int | None) -> None:
        """What is on a server that nobody can reach."""
        for part in ("libraries", "playlists", "playlists/1/export"):
            self.call("GET", f"{one}/{part}", expect=[424 if number else 422])
        self.call("GET", f"{one}/tracks", params={"q": "walk"}, expect=[200 if number else 422])
        if number:
            self._tasks(number)

    def _tasks(self, server_id: int) -> None:
        """A task for a file, which never runs."""
        tasks = "/api/v1/tasks"
        schedule = {"cron_schedule": "0 4 * * *", "timezone": "Asia/Shanghai"}
        self.call(
            "GET",
            f"{tasks}/next-runs",
            params=schedule,
            check=lambda answer: len(answer.json()["next_runs"]) == 5,
        )
        link = {"text": "https://music.163.com/playlist?id=1"}
        self.call(
            "POST",
            f"{tasks}/recognise",
            json=link,
            check=lambda answer: answer.json()["platform"] == "netease",
        )
        wanted = {"name": "Walk", "platform": "file", "server_id": server_id, "is_enabled": False}
        made = self.call("POST", tasks, json=wanted, check=lambda answer: answer.json()["platform"] == "file")
        one = f"{tasks}/{made.json().get('id', 0)}"
        self.call("GET", tasks, params={"limit": 5}, check=lambda answer: bool(answer.json()))
        self.call("GET", one)
        self.call(
            "PUT", one, json=schedule, check=lambda answer: answer.json()["timezone"] == "Asia/Shanghai"
        )
        songs = {"file": ("walk.m3u", b"#EXTM3U\n#EXTINF:200,Walker - Walk\nwalk.mp3\n")}
        self.call("POST", f"{one}/file", files=songs, check=lambda answer: answer.json()["status"] == "idle")
        found = self.call("GET", f"{one}/unmatched", check=lambda answer: len(answer.json()) == 1).json()
        for part in ("matches", "runs", "export", "plan"):
            self.call("GET", f"{one}/{part}")
        self.call("GET", f"{one}/cover", expect=[404])
        never = {"song_id": found[0]["song_id"] if found else "", "choice": "never"}
        self.call("PUT", f"{one}/matches", json=never)
        for verb in ("approve", "undo"):
            self.call("POST", f"{one}/{verb}", expect=[409])
        self._missing_songs(int(one.rpartition("/")[2]), never["song_id"])
        self.call("POST", f"{one}/sync", check=lambda answer: answer.json()["status"] == "waiting")
        self.call("DELETE", one)

    def _missing_songs(self, task_id: int, song_id: str) -> None:
        """Nothing of the task is missing as yet; what is looked for all the same is cancelled at once."""
        base = "/api/v1/download"
        settings = self.call("GET", f"{base}/download-settings").json()
        kept = {name: settings.get(name) for name in ("download_path", "profile")}
        self.call(
            "POST", f"{base}/download-settings", json=kept, check=lambda answer: answer.json() == settings
        )
        self.call("POST", f"{base}/download-settings/test", check=lambda answer: "success" in answer.json())
        nothing = self.call("POST", f"{base}/all-missing", json={"task_id": task_id})
        begun = self.call("POST", f"{base}/single", json={"task_id": task_id, "song_id": song_id})
        for answer, expect in ((nothing, [409]), (begun, [200])):
            self.call("POST", f"{base}/cancel-session/{answer.json().get('session_id', 0)}", expect=expect)
        self.call("GET", f"{base}/status", check=lambda answer: len(answer.json()["sessions"]) >= 2)

    def _podcasts(self) -> None:
        """Made without any model: of the text's own sentences, with the embedded voice."""
        base = "/api/v1/podcasts"
        for path in ("/api/v1/voices", "/api/v1/providers", "/api/v1/music"):
            self.call("GET", path)
        self.call("GET", "/api/v1/voices/preview", params={"voiceId": "en-us+m3"})
        self._templates()
        self._digests()
        wanted = {"sources": [{"text": TEXT}], "approve": True}
        self.call(
            "POST", f"{base}/estimate", json=wanted, check=lambda answer: answer.json()["characters"] > 0
        )
        one = f"{base}/{self.call('POST', base, json=wanted).json().get('podcastId', 0)}"
        self._other_podcasts(base)
        if self._podcast_ended(one)["status"] == "waiting":
            self._script(one)
            self._listen(one)
        self.call("POST", f"{one}/translate", json={"language": "en"}, expect=[400])
        self.call("GET", base, check=lambda answer: isinstance(answer.json(), list))
        self.call("PUT", one, json={"title": "Named by a script"})
        self.call("DELETE", one)

    def _other_podcasts(self, base: str) -> None:
        """All the ways of beginning one; each is cancelled and deleted."""
        text = {"text": TEXT, "title": "Ice", "templateId": "narrator"}
        sound = {"audioFile": ("talk.wav", b"RIFF....WAVE")}
        begun = [
            self.call("POST", f"{base}/generate/text", json=text),
            self.call("POST", f"{base}/generate/url", json={"url": NOWHERE}),
            self.call("POST", f"{base}/generate/audio", files=sound),
            self.call("POST", f"{base}/files", files={"files": ("note.txt", TEXT.encode())}),
        ]
        for answer in begun:
            one = f"{base}/{answer.json().get('podcastId', 0)}"
            self.call("POST", f"{one}/cancel", expect=[200, 409])  # it may have ended by itself
            self.call("POST", f"{one}/continue", expect=[200, 409])
            self.call("DELETE", one)

    def _podcast_ended(self, path: str) -> dict[str, Any]:
        latest = time.monotonic() + PATIENCE_SECONDS
        podcast: dict[str, Any] = self.call("GET", path).json()
        while podcast.get("status") not in (*ENDED, "waiting") and time.monotonic() < latest:
            time.sleep(POLL_SECONDS)
            podcast = self.client.get(path).json()
        return podcast

    def _script(self, one: str) -> None:
        script = self.call("GET", f"{one}/script", check=lambda answer: answer.json()["version"] == 1).json()
        turns = script["turns"][:2]
        self.call(
            "PUT", f"{one}/script", json={"turns": turns}, check=lambda answer: answer.json()["version"] == 2
        )
        self.call("GET", f"{one}/scripts", check=lambda answer: len(answer.json()) == 2)
        self.call("POST", f"{one}/say", json={"speaker": turns[0]["speaker"], "text": turns[0]["text"]})
        self.call("POST", f"{one}/approve")

    def _listen(self, one: str) -> None:
        done = self._podcast_ended(one)
        self.call("GET", f"{one}/live", check=lambda answer: len(answer.content) > 0)
        for what in (
            "audio",
            "download",
            "transcript.vtt",
            "chapters.json",
            "cover",
            "sources/0",
            "sources/0/text",
        ):
            self.call("GET", f"{one}/{what}")
        feed = self.call("GET", "/api/v1/users/me").json()["feeds"]["podcasts"]
        feed = feed[feed.index("/feeds/") :]
        self.call("GET", feed, check=lambda answer: done["id"] in answer.text)
        folder = feed.removesuffix(".xml")
        self.call("GET", f"{folder}/{done['id']}/show.mp3", headers={"Range": "bytes=0-99"}, expect=[206])
        self.call("POST", f"{one}/voice")
        self._podcast_ended(one)

    def _templates(self) -> None:
        at = "/api/v1/templates"
        self.call("GET", at, check=lambda answer: len(answer.json()) >= 8)
        self.call("GET", f"{at}/file", expect=[200, 403])
        made = self.call("POST", at, json={"name": f"Script {secrets.token_hex(4)}"})
        one = f"{at}/{made.json().get('id', 'none')}"
        self.call("GET", one)
        self.call("PUT", one, json={"minutes": 3})
        self.call("DELETE", one)

    def _digests(self) -> None:
        at, wanted = "/api/v1/digests", {"name": "Ice", "feedUrls": [NOWHERE], "cronSchedule": "0 7 * * 1"}
        one = f"{at}/{self.call('POST', at, json=wanted).json().get('id', 0)}"
        for method, path in (("GET", at), ("GET", one), ("POST", f"{one}/run")):
            self.call(method, path)
        self.call("PUT", one, json={"isEnabled": False})
        self.call("DELETE", one)

    def _records(self) -> None:
        """Of superusers only; whoever is none is refused."""
        expected = [200 if self.call("GET", "/auth/me").json()["is_superuser"] else 403]
        for path in ("/api/v1/logs", "/api/v1/logs/", "/api/v1/audit", "/api/v1/audit/export"):
            self.call("GET", path, params={"limit": 5}, expect=expected)

    def _database(self) -> None:
        """For superusers; what is imported is a mere beginning, which is refused and changes nothing."""
        allowed = [self.call("GET", "/api/v1/database/export", expect=[200, 403]).status_code]
        self.call("GET", "/api/v1/database/export/", expect=allowed)
        beginning = {"file": ("beginning.sql", b"-- Magpie database export\n")}
        self.call("POST", "/api/v1/database/import", files=beginning, expect=allowed)
        self.call("GET", "/api/v1/database/import", expect=allowed)
        self.call("GET", "/api/v1/backups", expect=allowed)
        made = self.call("POST", "/api/v1/backups", expect=[201, 403])
        name, gone = (made.json()["name"], [404]) if made.is_success else ("nothing.sql", allowed)
        self.call("GET", f"/api/v1/backups/{name}", expect=allowed)
        self.call("DELETE", f"/api/v1/backups/{name}", expect=allowed)
        self.call("POST", f"/api/v1/backups/{name}/restore", expect=gone)

    def _settings(self) -> None:
        """For superusers; what is there is sent back as it is, so that nothing changes."""
        present = self.call("GET", "/api/v1/settings", expect=[200, 403])
        allowed = [present.status_code]
        self.call("GET", "/api/v1/settings/", expect=allowed)
        for path in ("/api/v1/settings", "/api/v1/settings/"):
            wanted = present.json() if present.is_success else {}
            self.call("PUT", path, json=wanted, expect=allowed)
        self.call("GET", "/api/v1/settings/schema", expect=allowed)
        refused = [404] if present.is_success else allowed
        self.call("DELETE", "/api/v1/settings/saved/nothing", expect=refused)
        self.call("GET", "/api/v1/health/details", expect=allowed)

    def _sign_out(self) -> None:
        self.call("POST", "/auth/logout")
        self.call("GET", "/auth/me", expect=[401])


def _arguments(words: list[str]) -> Arguments:
    parser = argparse.ArgumentParser(description="Call every endpoint of a running Magpie once.")
    parser.add_argument("base", help="address of the server, such as http://127.0.0.1:8000")
    parser.add_argument("username")
    parser.add_argument("password")
    parser.add_argument("--save", metavar="URL", help="also save from this address, and take it out again")
    parser.add_argument(
        "--only", metavar="PART", nargs="+", choices=PARTS, default=PARTS, help=", ".join(PARTS)
    )
    given = parser.parse_args(words)
    parts = tuple(part for part in PARTS if part in given.only)
    return Arguments(given.base, given.username, given.password, given.save, parts)


def main(words: list[str]) -> int:
    """Walk; the exit code."""
    arguments = _arguments(words)
    with httpx.Client(base_url=arguments.base, timeout=30) as client:
        walk = Walk(client, arguments)
        try:
            walk.run()
        except httpx.TransportError as error:
            sys.stderr.write(f"{arguments.base} could not be reached: {error}\n")
            return 2
    sys.stdout.write("all is well\n" if walk.faults == 0 else f"{walk.faults} not as they should be\n")
    return 1 if walk.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
