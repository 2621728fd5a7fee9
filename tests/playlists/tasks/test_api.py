"""Servers and tasks over HTTP, with a Plex Media Server's double behind them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from magpie.context import AppContext
from magpie.engine.port import DirectJob
from magpie.playlists.models import Server, ServerTrack, Task, TaskStatus
from magpie.playlists.sources.port import SourcePlaylist
from magpie.playlists.sync.worker import Syncer
from magpie.playlists.tasks import turns
from magpie.playlists.tracks import Track
from tests.links.conftest import Headers
from tests.support.servers.music import Song
from tests.support.servers.plex_double import TOKEN, PlexDouble

SERVERS, TASKS = "/api/v1/servers", "/api/v1/tasks"
SONGS = ("Harbour", "Lantern", "Orchard", "Velvet", "Thunder", "Meadow")
LINK = "分享歌单《夜》 https://music.163.com/playlist?id=123&userid=9 (来自@网易云音乐)"


@pytest.fixture
def plex() -> Iterator[PlexDouble]:
    music = [Song(number, word, "Ada Example", "An album") for number, word in enumerate(SONGS[:4], 1)]
    music.append(Song(5, "Thunder (Live)", "Ada Example", "Another"))
    with PlexDouble(music) as double:
        yield double


class Play:
    """What a signed-in superuser does, and the worker behind."""

    def __init__(self, client: TestClient, context: AppContext, headers: Headers) -> None:
        self.client = client
        self.context = context
        self.headers = headers
        self.wanted: list[str] = list(SONGS)
        self.syncer = Syncer(context, "here", fetch=lambda ref, _settings: self._playlist(ref))

    def _playlist(self, ref: Any) -> SourcePlaylist:
        tracks = tuple(
            Track(
                word,
                word,
                ("Ada Example",),
                album="An album",
                duration=200.0,
                source="netease",
                source_id=word,
            )
            for word in self.wanted
        )
        return SourcePlaylist(ref, "夜", tracks, is_complete=True, total=len(tracks), description="静")

    def call(self, method: str, path: str, *, status: int = 200, **more: Any) -> Any:
        answer = self.client.request(method, path, headers=self.headers, **more)
        assert answer.status_code == status, answer.text
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer

    def add_server(self, url: str, **more: Any) -> dict[str, Any]:
        body = {"name": "Wohnzimmer", "server_type": "plex", "url": url, "token": TOKEN, **more}
        found: dict[str, Any] = self.call("POST", SERVERS, json=body)
        return found

    def add_task(self, server_id: int, **more: Any) -> dict[str, Any]:
        body = {"playlist_url": LINK, "server_id": server_id, **more}
        found: dict[str, Any] = self.call("POST", TASKS, json=body)
        return found

    def work(self, task_id: int) -> dict[str, Any]:
        """Do the sync that waits; the task."""
        with self.context.database.read() as session:
            task = session.get_one(Task, task_id)
            assert task.status == TaskStatus.WAITING
            job = DirectJob(turns.job_of(task, self.context.job_epoch(session)))
        self.syncer.perform(job)
        found: dict[str, Any] = self.call("GET", f"{TASKS}/{task_id}")
        return found


@pytest.fixture
def play(client: TestClient, context: AppContext, root: Headers) -> Play:
    return Play(client, context, root)


def test_a_server_is_kept_without_ever_telling_its_secret(play: Play, plex: PlexDouble) -> None:
    made = play.add_server(plex.url)
    assert made["has_secret"]
    assert TOKEN not in json.dumps(made)
    tested = play.call("POST", f"{SERVERS}/{made['id']}/test")
    assert (tested["success"], tested["name"]) == (True, "Wohnzimmer")
    play.call("PUT", f"{SERVERS}/{made['id']}", json={"token": "another"})
    assert play.call("POST", f"{SERVERS}/{made['id']}/test")["reason"] == "token"
    assert play.call("GET", SERVERS)[0]["reason"] == "token"
    play.call("PUT", f"{SERVERS}/{made['id']}", json={"url": "http://127.0.0.1:9"})
    assert play.call("POST", f"{SERVERS}/{made['id']}/test")["reason"] == "token"
    assert play.call("GET", f"{SERVERS}/{made['id']}")["has_secret"] is False
    play.call("PUT", f"{SERVERS}/{made['id']}", json={"token": TOKEN})
    assert play.call("POST", f"{SERVERS}/{made['id']}/test")["reason"] == "refused"
    with play.context.database.read() as session:
        assert TOKEN not in repr([row.__dict__ for row in session.query(Server)])


def test_the_names_of_plex_playlist_sync_lead_to_the_same_servers(play: Play, plex: PlexDouble) -> None:
    body = {"name": "Plex", "server_type": "plex", "url": plex.url, "token": TOKEN}
    made = play.call("POST", "/api/v1/settings/", json=body)
    settings = play.call("GET", "/api/v1/settings")
    assert [one["id"] for one in settings["servers"]] == [made["id"]]
    assert TOKEN not in json.dumps(settings)
    play.call("PUT", "/api/v1/settings", json=settings)
    where = f"/api/v1/settings/{made['id']}"
    assert play.call("POST", f"{where}/test")["success"]
    assert play.call("PUT", where, json={"name": "Other"})["name"] == "Other"
    play.call("DELETE", where)
    play.call("GET", f"{SERVERS}/{made['id']}", status=404)


def test_users_name_public_servers_only_and_see_what_is_shared(
    play: Play,
    plex: PlexDouble,
    ada: Headers,
    client: TestClient,
) -> None:
    private = {"name": "Mine", "server_type": "plex", "url": plex.url, "token": TOKEN}
    for url in (plex.url, "http://192.168.1.5:32400", "http://localhost:32400"):
        answer = client.post(SERVERS, json={**private, "url": url}, headers=ada)
        assert answer.status_code == 400, answer.text
        assert answer.json()["errors"][0]["type"] == "private_address"
    made = play.add_server(plex.url)
    assert client.get(SERVERS, headers=ada).json() == []
    play.call("PUT", f"{SERVERS}/{made['id']}", json={"is_shared": True})
    assert [one["id"] for one in client.get(SERVERS, headers=ada).json()] == [made["id"]]
    assert client.put(f"{SERVERS}/{made['id']}", json={"name": "x"}, headers=ada).status_code == 403
    assert client.post(f"{SERVERS}/{made['id']}/test", headers=ada).json()["success"]


def test_the_environments_server_is_everybodys_and_locked(
    play: Play,
    plex: PlexDouble,
    configure: Callable[..., None],
) -> None:
    from magpie.playlists.media_servers import service

    configure(plex_url=plex.url, plex_token=TOKEN)
    for _ in range(2):
        with play.context.database.write() as session:
            service.keep_environment(play.context, session)
    (found,) = play.call("GET", SERVERS)
    assert (found["name"], found["is_locked"], found["has_secret"]) == ("Plex", True, True)
    assert play.call("POST", f"{SERVERS}/{found['id']}/test")["success"]
    play.call("PUT", f"{SERVERS}/{found['id']}", json={"name": "x"}, status=409)
    play.call("DELETE", f"{SERVERS}/{found['id']}", status=409)


def test_a_playlist_is_kept_in_step_from_the_pasted_text_to_the_server(play: Play, plex: PlexDouble) -> None:
    server = play.add_server(plex.url)
    made = play.add_task(server["id"], cron_schedule="0 4 * * *", timezone="Asia/Shanghai")
    assert (made["platform"], made["status"], made["counts"]["total"]) == ("netease", "waiting", 0)
    assert made["next_run_at"][11:16] == "20:00"
    task = play.work(made["id"])
    assert (task["name"], task["status"], task["reason"]) == ("夜", "idle", None)
    assert task["counts"] == {"total": 6, "matched": 4, "review": 1, "missing": 1, "waiting": 0}
    assert [song.title for song in _on(plex)] == list(SONGS[:4])
    unmatched = play.call("GET", f"{TASKS}/{made['id']}/unmatched")
    assert [one["title"] for one in unmatched] == ["Thunder", "Meadow"]
    assert unmatched[0]["artist"] == "Ada Example"
    plex.forget()
    play.call("POST", f"{TASKS}/{made['id']}/sync")
    task = play.work(made["id"])
    assert plex.writes == []
    runs = play.call("GET", f"{TASKS}/{made['id']}/runs")["runs"]
    assert [(run["status"], run["can_undo"]) for run in runs] == [("success", False), ("success", True)]


def _on(plex: PlexDouble) -> list[Song]:
    """The songs of the only playlist."""
    (found,) = plex.playlists.values()
    known = plex._known()
    return [known[key] for _, key in found.items]


def test_a_dry_run_shows_the_diff_and_writes_nothing(play: Play, plex: PlexDouble) -> None:
    server = play.add_server(plex.url)
    made = play.add_task(server["id"])
    play.work(made["id"])
    (found,) = plex.playlists.values()
    found.items.reverse()
    plex.forget()
    (plan,) = play.call("GET", f"{TASKS}/{made['id']}/plan")["targets"]
    assert (plan["added"], plan["removed"], plan["moved"], plan["needs_approval"]) == (0, 0, 3, False)
    assert {op["op"] for op in plan["ops"]} == {"keep", "move"}
    assert [op["song"]["title"] for op in plan["ops"] if op["position"] is not None] == list(SONGS[:4])
    assert plex.writes == []
    plex.misbehave(status=401)
    (plan,) = play.call("GET", f"{TASKS}/{made['id']}/plan")["targets"]
    assert (plan["reason"], plan["ops"]) == ("token", [])


def test_a_person_decides_once_for_all_playlists(play: Play, plex: PlexDouble) -> None:
    server = play.add_server(plex.url)
    first, second = play.add_task(server["id"]), play.add_task(server["id"])
    play.work(first["id"])
    play.work(second["id"])
    where = f"{TASKS}/{first['id']}/matches"
    (live,) = play.call("GET", f"{SERVERS}/{server['id']}/tracks", params={"q": "thunder live"})
    decided = {"song_id": "Thunder", "choice": "track", "track_id": live["track_id"]}
    (answer,) = play.call("PUT", where, json=decided)
    assert (answer["verdict"], answer["is_decided"], answer["track"]["title"]) == (
        "matched",
        True,
        "Thunder (Live)",
    )
    play.call("PUT", where, json={"song_id": "Meadow", "choice": "never"})
    play.call("PUT", where, json={"song_id": "Meadow", "choice": "track"}, status=400)
    play.call("PUT", where, json={"song_id": "nothing", "choice": "never"}, status=404)
    for one in (first, second):
        play.call("POST", f"{TASKS}/{one['id']}/sync")
        task = play.work(one["id"])
        assert task["counts"]["matched"] == 5
    assert all(len(found.items) == 5 for found in plex.playlists.values())
    page = play.call("GET", where, params={"verdict": "missing"})
    assert [(one["song"]["title"], one["is_decided"]) for one in page["matches"]] == [("Meadow", True)]
    play.call("PUT", where, json={**decided, "choice": "refuse"})
    play.call("POST", f"{TASKS}/{first['id']}/sync")
    assert play.work(first["id"])["counts"]["matched"] == 4


def test_matches_come_in_pages_in_the_playlists_order(play: Play, plex: PlexDouble) -> None:
    server = play.add_server(plex.url)
    made = play.add_task(server["id"])
    play.work(made["id"])
    titles, cursor = [], None
    while True:
        where = f"{TASKS}/{made['id']}/matches"
        page = play.call("GET", where, params={"limit": 4, **({"cursor": cursor} if cursor else {})})
        titles += [one["song"]["title"] for one in page["matches"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert titles == list(SONGS)


def test_files_go_in_and_come_out_whole(play: Play, plex: PlexDouble) -> None:
    server = play.add_server(plex.url)
    made = play.add_task(server["id"], platform="file", playlist_url="", name="From a file")
    assert made["status"] == "idle"
    text = "#EXTM3U\n" + "".join(f"#EXTINF:200,Ada Example - {word}\n{word}.mp3\n" for word in SONGS)
    files = {"file": ("list.m3u8", text.encode())}
    play.call("POST", f"{TASKS}/{made['id']}/file", files=files)
    task = play.work(made["id"])
    assert (task["counts"]["total"], task["counts"]["matched"], task["name"]) == (6, 4, "From a file")
    for kind in ("m3u", "csv", "jspf", "xspf"):
        answer = play.call("GET", f"{TASKS}/{made['id']}/export", params={"format": kind})
        text = answer.text if hasattr(answer, "text") else json.dumps(answer)
        assert all(word in text for word in SONGS), kind
    (playlist,) = play.call("GET", f"{SERVERS}/{server['id']}/playlists")
    assert (playlist["title"], playlist["count"]) == ("From a file", 4)
    where = f"{SERVERS}/{server['id']}/playlists/{playlist['id']}/export"
    assert "/music/Ada Example/An album/000001 Harbour.flac" in play.call("GET", where).text
    play.call("GET", f"{SERVERS}/{server['id']}/playlists/999/export", status=404)


def test_what_cannot_be_kept_is_refused_with_a_reason(play: Play, plex: PlexDouble) -> None:
    server = play.add_server(plex.url)
    good = {"playlist_url": LINK, "server_id": server["id"]}
    for wrong in (
        {**good, "playlist_url": "nothing"},
        {**good, "playlist_url": ""},
        {**good, "platform": "gramophone"},
        {**good, "server_id": 999},
        {"playlist_url": LINK},
        {**good, "cron_schedule": "every day"},
        {**good, "cron_schedule": "61 * * * *"},
        {**good, "cron_schedule": "0 0 31 2 *"},
        {**good, "timezone": "Mars/Olympus"},
        {**good, "targets": [{"server_id": server["id"]}] * 2},
    ):
        play.call("POST", TASKS, json=wrong, status=400)
    assert play.call("GET", TASKS) == []


def test_a_schedule_is_shown_in_its_own_time_zone_over_the_change_of_clocks(play: Play) -> None:
    asked = {"cron_schedule": "30 2 * * *", "timezone": "Europe/Berlin"}
    answer = play.call("GET", f"{TASKS}/next-runs", params=asked)
    assert len(answer["next_runs"]) == 5
    play.call("GET", f"{TASKS}/next-runs", params={**asked, "timezone": "nowhere"}, status=400)
    play.call("GET", f"{TASKS}/next-runs", params={"cron_schedule": "x"}, status=400)


def test_undoing_and_approving_need_something_to_undo_and_approve(play: Play, plex: PlexDouble) -> None:
    server = play.add_server(plex.url)
    made = play.add_task(server["id"], max_removals=0)
    play.call("POST", f"{TASKS}/{made['id']}/undo", status=409)
    play.call("POST", f"{TASKS}/{made['id']}/approve", status=409)
    play.work(made["id"])
    play.wanted = ["Harbour", "Orchard"]
    play.call("POST", f"{TASKS}/{made['id']}/sync")
    task = play.work(made["id"])
    assert (task["status"], task["needs_approval"], task["removals"]) == ("asking", True, 2)
    play.call("POST", f"{TASKS}/{made['id']}/approve")
    task = play.work(made["id"])
    assert (task["status"], [song.title for song in _on(plex)]) == ("idle", ["Harbour", "Orchard"])
    play.call("POST", f"{TASKS}/{made['id']}/undo")
    task = play.work(made["id"])
    assert (task["is_enabled"], task["can_undo"]) == (False, False)
    assert [song.title for song in _on(plex)] == list(SONGS[:4])


def test_names_of_artists_count_at_the_next_sync(play: Play, plex: PlexDouble) -> None:
    for song in plex.music:
        song.artist = "Adalbert von und zu Beispiel"
    server = play.add_server(plex.url)
    made = play.add_task(server["id"])
    assert play.work(made["id"])["counts"]["matched"] == 0
    row = play.call(
        "POST", "/api/v1/artists", json={"names": ["Ada Example", "Adalbert von und zu Beispiel"]}
    )
    play.call("POST", "/api/v1/artists", json={"names": ["Ada Example", " Ada  Example "]}, status=400)
    play.call("POST", f"{TASKS}/{made['id']}/sync")
    assert play.work(made["id"])["counts"]["matched"] == 4
    assert play.call("GET", "/api/v1/artists") == [row]
    play.call("DELETE", f"/api/v1/artists/{row['id']}")


def test_deleting_a_task_leaves_the_servers_playlist(play: Play, plex: PlexDouble) -> None:
    server = play.add_server(plex.url)
    made = play.add_task(server["id"])
    play.work(made["id"])
    play.call("DELETE", f"{TASKS}/{made['id']}")
    assert len(plex.playlists) == 1
    play.call("DELETE", f"{SERVERS}/{server['id']}")
    with play.context.database.read() as session:
        assert session.query(ServerTrack).count() == 0
