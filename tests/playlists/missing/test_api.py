"""Missing songs over HTTP: what is chosen, ordered, followed and cancelled. The worker's parts are taken by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from magpie.accounts.models import User
from magpie.context import AppContext
from magpie.downloads import commands
from magpie.downloads import service as downloads
from magpie.downloads.extractors.listing import ListedEntry, Listing, ListOrder
from magpie.downloads.extractors.port import Kind, Medium
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.downloads.models import Download, Status
from magpie.engine.port import DirectJob, JobParked
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.library.models import Item, ItemFile, Membership
from magpie.playlists.missing import arriving, choosing, followers, jobs, ordering, repository, service
from magpie.playlists.missing.arriving import Arrivals
from magpie.playlists.missing.models import OrderStatus, SongArrival, SongOrder
from magpie.playlists.missing.worker import Seeker
from magpie.playlists.models import Server, Song, SongMatch, Target, Task
from magpie.playlists.servers.port import Fault, ServerFailed
from tests.links.conftest import Headers
from tests.playlists.fakes import FakeServer, held

BASE = "/api/v1/download"
SECONDS = 200.0


class FakeNest:
    def kill(self, _job_id: str) -> None:
        """Nothing runs."""


class FakeBench:
    """Searches that answer with what a test says, by the site's home and the words."""

    def __init__(self) -> None:
        self.nest = FakeNest()
        self.found: dict[str, list[ListedEntry]] = {}
        self.failure: DownloadFailure | None = None
        self.asked: list[str] = []

    def list(self, _job_id: str, order: ListOrder, handler: Any, **_more: Any) -> Listing:
        self.asked.append(order.search or "")
        if self.failure is not None:
            raise self.failure
        handler.on_entries(
            next((found for words, found in self.found.items() if words in self.asked[-1]), [])
        )
        return Listing(complete=True)


def result(video: str, title: str, seconds: float | None = SECONDS) -> ListedEntry:
    facts = {"channel": "Ada Example - Topic"}
    return ListedEntry(f"x {video}", f"https://tube.example/{video}", title, duration=seconds, facts=facts)


class Songs:
    """A superuser with one server and playlists on it, and the worker's parts."""

    def __init__(self, client: TestClient, context: AppContext, headers: Headers, user: str = "root") -> None:
        self.client, self.context, self.headers = client, context, headers
        self.bench = FakeBench()
        self.plex = FakeServer([])
        self.seeker = Seeker(context, self.bench, "here")  # type: ignore[arg-type]
        self.arrivals = Arrivals(context, connect=self.plex.connect)
        followers.follow(context)
        with context.database.write() as session:
            self.user_id = session.scalars(select(User.id).where(User.username == user)).one()
            server = Server(
                user_id=self.user_id,
                name="Music",
                server_type="fake",
                url="http://x.example",
                media_root="/music",
            )
            session.add(server)
            session.flush()
            self.server_id, self.server_key = server.id, server.key

    def call(self, method: str, path: str, *, status: int = 200, **body: Any) -> Any:
        answer = self.client.request(method, BASE + path, headers=self.headers, json=body or None)
        assert answer.status_code == status, answer.text
        return answer.json()

    def task(self, titles: Sequence[str], **more: Any) -> int:
        """A playlist none of whose songs are on the server."""
        with self.context.database.write() as session:
            task = Task(
                user_id=self.user_id,
                name="Evenings",
                platform="netease",
                source_id="1",
                source_url="",
                playlist_url="x",
                read_at=utcnow(),
                **more,
            )
            session.add(task)
            session.flush()
            target = Target(task_id=task.id, server_id=self.server_id)
            session.add(target)
            session.flush()
            for place, title in enumerate(titles):
                song = Song(
                    task_id=task.id,
                    position=place,
                    song_key=f"netease:{title}",
                    song_id=title,
                    title=title,
                    artists=["Ada Example"],
                    album="An album",
                    duration=SECONDS,
                )
                session.add(song)
                session.flush()
                session.add(SongMatch(song_id=song.id, target_id=target.id, verdict="missing"))
            return task.id

    def orders(self) -> list[SongOrder]:
        with self.context.database.read() as session:
            return list(session.scalars(select(SongOrder).order_by(SongOrder.id)))

    def order(self) -> SongOrder:
        """The newest one."""
        return self.orders()[-1]

    def seek(self) -> None:
        """Do the searches that wait."""
        for order in self.orders():
            if order.status == OrderStatus.PENDING:
                with self.context.database.read() as session:
                    epoch = self.context.job_epoch(session)
                self.seeker.perform(DirectJob(service.job_of(order, epoch)))

    def download(self) -> Download:
        """What the newest order fetches now."""
        with self.context.database.read() as session:
            return session.get_one(Download, self.order().download_id)

    def land(self, seconds: float = SECONDS, name: str = "song") -> int:
        """The present download ends well; its item."""
        with self.context.database.write() as session:
            download = session.get_one(Download, self.order().download_id)
            item = self.item(session, "Harbour", seconds, name)
            downloads.settle_success(self.context, session, download, item)
            return item.id

    def item(self, session: WriteSession, title: str, seconds: float, name: str) -> Item:
        """A track in the library, with a file."""
        item = Item(
            extractor="tube",
            source_id=name,
            kind="audio",
            quality="audio",
            title=title,
            artist="Ada Example",
            site="tube.example",
            source_url=f"https://tube.example/{name}",
            duration=seconds,
            size=5,
            extra={"artists": ["Ada Example"]},
        )
        file = ItemFile(path=f"Ada Example/{name}.flac", role="media", position=0, size=5, mime="audio/flac")
        item.files.append(file)
        session.add(item)
        session.flush()
        session.add(Membership(item_id=item.id, user_id=self.user_id))
        session.flush()
        return item

    def fail(self, reason: Reason = Reason.REMOVED) -> None:
        with self.context.database.write() as session:
            download = session.get_one(Download, self.order().download_id)
            downloads.settle_failure(self.context, session, download, DownloadFailure(reason), attempts=1)

    def skip(self) -> None:
        """The present download turns out to be another song."""
        with self.context.database.write() as session:
            row = session.get_one(Download, self.order().download_id)
            downloads.end(self.context, session, row, Status.SKIPPED, choosing.NOT_THE_SONG, "no")

    def look(self) -> None:
        """Look at the server, as if the time for it had come."""
        with self.context.database.write() as session:
            for row in session.scalars(select(SongArrival)):
                row.due_at = utcnow()
        with self.context.database.read() as session:
            job = arriving.job_of(self.server_key, utcnow(), self.context.job_epoch(session))
        self.arrivals.perform(DirectJob(job))

    def expected(self) -> list[SongArrival]:
        with self.context.database.read() as session:
            return list(session.scalars(select(SongArrival)))

    def status_of(self, task_id: int) -> str:
        with self.context.database.read() as session:
            return session.get_one(Task, task_id).status


@pytest.fixture
def songs(client: TestClient, context: AppContext, root: Headers) -> Iterator[Songs]:
    made = Songs(client, context, root)
    made.bench.found["Harbour"] = [result("a", "Harbour"), result("b", "Ada Example - Harbour (Audio)")]
    yield made
    made.seeker.holds.stop_all()


def test_a_song_is_searched_fetched_awaited_and_given_to_its_playlist(songs: Songs) -> None:
    task_id = songs.task(["Harbour"])
    begun = songs.call("POST", "/all-missing", task_id=task_id)
    assert (begun["total"], begun["status"]) == (1, "running")
    songs.seek()
    download = songs.download()
    assert (download.url, download.profile) == ("https://tube.example/a", "music")
    assert download.hints is not None
    assert download.hints["song"]["album"] == "An album"
    item_id = songs.land()
    (session,) = songs.call("GET", "/status")["sessions"]
    assert (session["status"], session["completed"], session["items"][0]["item_id"]) == (
        "completed",
        1,
        item_id,
    )
    songs.look()
    assert songs.plex.writes == ["scan"]
    assert [row.tries for row in songs.expected()] == [1]
    songs.plex.library["t"] = held("Harbour", path="/music/Ada Example/song.flac")
    assert songs.status_of(task_id) == "idle"
    songs.look()
    assert songs.plex.writes == ["scan"]
    assert not songs.expected()
    assert songs.status_of(task_id) == "waiting"


def test_the_next_one_is_tried_if_one_fails_or_lasts_otherwise(songs: Songs) -> None:
    songs.bench.found["Harbour"].append(result("c", "Harbour"))
    songs.call("POST", "/all-missing", task_id=songs.task(["Harbour"]))
    songs.seek()
    songs.fail()
    assert songs.download().url == "https://tube.example/b"
    too_long = songs.land(SECONDS + 60, "film")
    with songs.context.database.read() as session:
        thrown = session.scalars(select(Membership).where(Membership.item_id == too_long)).one()
        assert thrown.trashed_at is not None
    assert songs.download().url == "https://tube.example/c"
    songs.fail()
    (item,) = songs.call("GET", "/status")["sessions"][0]["items"]
    assert (item["status"], item["reason"]) == ("failed", "download_failed")
    assert [one["tried"] for one in item["candidates"]] == ["removed", "duration_far", "removed"]
    assert [one["heard"] and one["heard"]["duration"] for one in item["candidates"]] == [
        None,
        SECONDS + 60,
        None,
    ]


def test_what_turns_out_to_be_another_song_is_not_fetched(songs: Songs) -> None:
    songs.call("POST", "/all-missing", task_id=songs.task(["Harbour"]))
    songs.seek()
    download = songs.download()
    [asked] = songs.context.medium_found

    def medium(title: str, seconds: float) -> Medium:
        extra = {"channel": "Ada Example"}
        return Medium("tube", "a", Kind.AUDIO, title, download.url, duration=seconds, extra=extra)

    assert asked(download.id, medium("Ada Example - Harbour", SECONDS)) is None
    for other in (medium("Ada Example - Harbour (Live)", SECONDS), medium("Ada Example - Harbour", 30.0)):
        refusal = asked(download.id, other)
        assert refusal is not None
        assert refusal[0] == choosing.NOT_THE_SONG
    assert asked(download.id + 1, medium("Any film", 5.0)) is None
    songs.skip()
    second = songs.download()
    assert second.url == "https://tube.example/b"
    live = Medium("tube", "b", Kind.AUDIO, "Harbour Bells " * 99, second.url, duration=125.0)
    assert asked(second.id, live) is not None
    songs.skip()
    (item,) = songs.call("GET", "/status")["sessions"][0]["items"]
    assert (item["status"], item["reason"]) == ("failed", "not_the_song")
    assert item["error_message"].startswith("What was found turned out to be another song: “Harbour Bells")
    assert item["error_message"].endswith("” (2:05).")
    first, last = item["candidates"]
    assert (first["tried"], first["heard"]["duration"]) == ("not_the_song", 30.0)
    assert first["heard"] | {"duration": None} == {
        "title": "Harbour",
        "artists": ["Ada Example"],
        "duration": None,
    }
    assert len(last["heard"]["title"]) == choosing.MAX_NAME


def test_nothing_good_enough_is_not_found_and_kept_for_people(songs: Songs) -> None:
    songs.bench.found["Harbour"] = [result("live", "Harbour (Live)"), result("long", "Harbour", 900.0)]
    task_id = songs.task(["Harbour"])
    songs.call("POST", "/all-missing", task_id=task_id)
    songs.seek()
    assert len(songs.bench.asked) == 4
    (item,) = songs.call("GET", "/status")["sessions"][0]["items"]
    assert (item["status"], item["reason"]) == ("failed", "not_found")
    assert {one["url"] for one in item["candidates"]} == {
        "https://tube.example/live",
        "https://tube.example/long",
    }
    url = item["candidates"][0]["url"]
    songs.call("POST", "/single", task_id=task_id, song_id="Harbour", url=url)
    assert songs.download().url == url
    [asked] = songs.context.medium_found
    medium = Medium("tube", "x", Kind.AUDIO, "Something else (Live)", url, duration=5.0)
    assert asked(songs.download().id, medium) is None
    songs.land(900.0)
    assert songs.order().status == OrderStatus.COMPLETED


def test_a_search_that_fails_is_tried_again_later_and_another_one_asked_meanwhile(songs: Songs) -> None:
    songs.bench.failure = DownloadFailure(Reason.NETWORK)
    songs.call("POST", "/all-missing", task_id=songs.task(["Harbour"]))
    for failures in (1, 2, 3):
        songs.seek()
        order = songs.order()
        assert (order.status, order.failures) == (OrderStatus.PENDING, failures)
        assert order.next_attempt_at is not None
        assert order.next_attempt_at > utcnow()
    songs.seek()
    assert (songs.order().status, songs.order().reason) == (OrderStatus.FAILED, "search_failed")


def test_a_song_of_two_playlists_is_fetched_once_and_what_is_held_not_at_all(songs: Songs) -> None:
    first, second = songs.task(["Harbour", "Lantern"]), songs.task(["Harbour"])
    assert songs.call("POST", "/all-missing", task_id=first)["total"] == 2
    again = songs.call("POST", "/all-missing")
    assert (again["total"], again["status"]) == (0, "completed")
    with songs.context.database.write() as session:
        songs.item(session, "Lantern", SECONDS, "lantern")
    songs.seek()
    by_title = {one.song["title"]: one for one in songs.orders()}
    assert by_title["Lantern"].status == OrderStatus.COMPLETED
    assert by_title["Lantern"].download_id is None
    with songs.context.database.write() as session:
        download = session.get_one(Download, by_title["Harbour"].download_id)
        downloads.settle_success(
            songs.context, session, download, songs.item(session, "Harbour", SECONDS, "h")
        )
    for title in ("h", "lantern"):
        songs.plex.library[title] = held(title, path=f"/music/Ada Example/{title}.flac")
    songs.look()
    assert [songs.status_of(one) for one in (first, second)] == ["waiting", "waiting"]


def test_cancelling_ends_searches_and_downloads(songs: Songs) -> None:
    songs.bench.found["Lantern"] = [result("l", "Lantern")]
    begun = songs.call("POST", "/all-missing", task_id=songs.task(["Harbour", "Lantern"]))
    first = songs.orders()[0]
    with songs.context.database.read() as session:
        epoch = songs.context.job_epoch(session)
    songs.seeker.perform(DirectJob(service.job_of(first, epoch)))
    ended = songs.call("POST", f"/cancel-session/{begun['session_id']}")
    assert (ended["status"], ended["cancelled"]) == ("cancelled", 2)
    assert {one.status for one in songs.orders()} == {OrderStatus.CANCELLED}
    with songs.context.database.read() as session:
        assert session.scalars(select(Download.status)).all() == [Status.CANCELLED]
    songs.call("POST", f"/cancel-session/{begun['session_id']}", status=409)
    songs.seek()
    assert len(songs.bench.asked) == 1


def test_songs_are_ordered_by_themselves_once_and_again_after_growing_pauses(songs: Songs) -> None:
    songs.bench.found.clear()
    task_id = songs.task(["Harbour"], fetch_missing=True)

    def sync(after: timedelta) -> int:
        with songs.context.database.write() as session:
            task = session.get_one(Task, task_id)
            ordering.order_by_itself(songs.context, session, task, utcnow() + after)
        songs.seek()
        return len(songs.orders())

    days = [0.0, 0.0, 0.9, 1.1, 1.1, 2.1, 2.1, 4.1]
    assert [sync(timedelta(days=one)) for one in days] == [1, 1, 1, 2, 2, 3, 3, 4]
    songs.bench.found["Harbour"] = [result("a", "Harbour")]
    assert sync(timedelta(days=60)) == 5
    songs.call("POST", f"/cancel-session/{songs.order().session_id}")
    assert sync(timedelta(days=900)) == 5


def test_sound_that_comes_in_any_other_way_is_awaited_where_a_playlist_waits_for_it(songs: Songs) -> None:
    task_id = songs.task(["Harbour"])
    with songs.context.database.write() as session:
        for title, name in (("Harbour", "own"), ("Another song", "other")):
            download = downloads.create(
                songs.context, session, songs.user_id, downloads.Wanted("https://tube.example/z")
            )
            item = songs.item(session, title, SECONDS, name)
            downloads.settle_success(songs.context, session, download, item)
    assert len(songs.expected()) == 2
    songs.look()
    assert songs.plex.writes == ["scan"]
    assert len(songs.expected()) == 1
    songs.plex.library["own"] = held("Harbour", path="/music/Ada Example/own.flac")
    songs.look()
    assert not songs.expected()
    assert songs.status_of(task_id) == "waiting"


def test_what_a_command_saves_is_awaited_without_an_engine_of_its_own(
    songs: Songs, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = songs.context
    context.download_ended.clear()

    class Workshop:
        """Saves whatever it is told to as the song that is missed."""

        board = SimpleNamespace(all=list)

        def __init__(self, *_: object) -> None: ...
        def start(self) -> None: ...
        def stop(self) -> None: ...

        def perform(self, job: DirectJob, **_: object) -> None:
            with context.database.write() as session:
                download = session.scalars(select(Download).where(Download.key == job.ref.key)).one()
                item = songs.item(session, "Harbour", SECONDS, f"own{download.id}")
                downloads.settle_success(context, session, download, item)

    def save() -> None:
        commands._save_to_library(context.settings, ["https://tube.example/z"], "audio")

    stand_ins = {"build_context": lambda _: context, "prepare": id, "_on_signals": id, "Workshop": Workshop}
    for name, stand_in in stand_ins.items():
        monkeypatch.setattr(commands, name, stand_in)
    monkeypatch.setattr(AppContext, "close", lambda _: None)
    save()
    assert not context.download_ended  # nobody keeps a playlist: nothing is loaded for it
    songs.task(["Harbour"])
    save()
    assert len(songs.expected()) == 1
    assert [one.ref.kind for one in arriving.pending(context, utcnow())] == [arriving.KIND]


def test_waiting_songs_are_looked_through_once_for_all_that_has_come(
    songs: Songs, monkeypatch: pytest.MonkeyPatch
) -> None:
    songs.task(["Harbour", "Lighthouse"])
    with songs.context.database.write() as session:
        for number, title in enumerate(["Harbour", "Lighthouse", "Another song", "Harbour"]):
            item = songs.item(session, title, SECONDS, f"n{number}")
            arriving.note_item(songs.context, session, songs.user_id, item.id)
    asked: list[int] = []
    waiting = repository.waiting_songs

    def counted(session: ReadSession, user_id: int, *more: int) -> list[Song]:
        asked.append(user_id)
        return waiting(session, user_id, *more)

    monkeypatch.setattr(repository, "waiting_songs", counted)
    songs.look()
    assert asked == [songs.user_id]
    assert len(songs.expected()) == 3


def test_nobody_waits_for_a_file_for_ever(songs: Songs) -> None:
    songs.call("POST", "/all-missing", task_id=songs.task(["Harbour"]))
    songs.seek()
    songs.land()
    for _ in range(arriving.MOST_LOOKS):
        songs.look()
        assert songs.expected()
    songs.look()
    assert not songs.expected()
    assert songs.plex.writes.count("scan") == 1 + arriving.MOST_LOOKS // arriving.SCANNED_AGAIN


def test_a_killed_search_is_taken_up_and_a_late_one_records_nothing(songs: Songs) -> None:
    songs.call("POST", "/all-missing", task_id=songs.task(["Harbour"]))
    with songs.context.database.read() as session:
        job = DirectJob(service.job_of(songs.order(), songs.context.job_epoch(session)))
    late = songs.seeker._claim(job.ref)
    assert late is not None
    songs.seeker.perform(job)
    assert songs.order().status == OrderStatus.DOWNLOADING
    songs.seeker._settle(late, service_finding())
    assert songs.order().status == OrderStatus.DOWNLOADING
    with songs.context.database.read() as session:
        assert len(session.scalars(select(Download.id)).all()) == 1
        assert not repository.unfinished(session)


def service_finding() -> Any:
    from magpie.playlists.missing.seeking import Finding

    return Finding(reason="not_found", message="too late")


def test_a_single_song_may_be_searched_under_other_words(songs: Songs) -> None:
    songs.bench.found["Hafen"] = [result("h", "Hafen")]
    task_id = songs.task(["Harbour"])
    begun = songs.call(
        "POST", "/single", task_id=task_id, song_id="Harbour", title="Hafen", artist="Ada Example"
    )
    assert begun["items"][0]["title"] == "Hafen"
    again = songs.call("POST", "/single", task_id=task_id, song_id="Harbour")
    assert again["session_id"] == begun["session_id"]
    songs.seek()
    assert songs.download().url == "https://tube.example/h"
    songs.call("POST", "/single", status=404, task_id=task_id, song_id="nothing")
    songs.call("POST", "/single", status=404, task_id=task_id + 7, song_id="Harbour")
    songs.call("POST", "/all-missing", status=404, task_id=task_id + 7)


def test_what_a_killed_process_has_left_behind_is_put_right(songs: Songs) -> None:
    songs.call("POST", "/all-missing", task_id=songs.task(["Harbour", "Lantern"]))
    songs.seek()
    with songs.context.database.write() as session:
        first, second = session.scalars(select(SongOrder).order_by(SongOrder.id))
        first.status, first.download_id = OrderStatus.DOWNLOADING, None
        second.status = OrderStatus.FAILED
    jobs.sweep(songs.context)
    assert songs.orders()[0].status == OrderStatus.PENDING
    with songs.context.database.write() as session:
        session.get_one(SongOrder, songs.orders()[0].id).status = OrderStatus.FAILED
    jobs.sweep(songs.context)
    assert songs.call("GET", "/status")["sessions"][0]["status"] == "completed"


def test_open_pages_hear_of_a_session(songs: Songs) -> None:
    heard: list[dict[str, Any]] = []
    publish = songs.context.events.publish

    def note(events: Any) -> None:
        heard.extend(event.body for event in events if event.body["type"] == "song_session")
        publish(events)

    songs.context.events.publish = note  # type: ignore[method-assign]
    begun = songs.call("POST", "/all-missing", task_id=songs.task(["Harbour"]))
    songs.seek()
    songs.land()
    assert {one["id"] for one in heard} == {begun["session_id"]}
    assert (heard[0]["status"], heard[0]["total"], heard[0]["completed"]) == ("running", 1, 0)
    assert (heard[-1]["status"], heard[-1]["completed"], heard[-1]["failed"]) == ("completed", 1, 0)


def test_without_a_way_to_know_its_file_the_matcher_finds_the_song(songs: Songs) -> None:
    with songs.context.database.write() as session:
        session.get_one(Server, songs.server_id).media_root = None
    task_id = songs.task(["Harbour"])
    songs.call("POST", "/all-missing", task_id=task_id)
    songs.seek()
    songs.land()
    songs.look()
    assert songs.plex.writes == ["scan"]
    songs.plex.library["t"] = held("Harbour", path="/elsewhere/1.flac")
    songs.look()
    assert songs.status_of(task_id) == "waiting"
    assert len(songs.expected()) == 1  # until a sync has found it
    with songs.context.database.write() as session:
        session.scalars(select(SongMatch)).one().verdict = "matched"
    songs.look()
    assert not songs.expected()


def test_a_server_that_may_not_be_scanned_or_is_away_is_looked_at_all_the_same(songs: Songs) -> None:
    task_id = songs.task(["Harbour"])
    songs.call("POST", "/all-missing", task_id=task_id)
    songs.seek()
    songs.land()
    songs.plex.down = ServerFailed(Fault.REFUSED, "nobody listens")
    songs.look()
    assert [(row.tries, row.scanned_at) for row in songs.expected()] == [(1, None)]
    songs.plex.down = None

    def refuse(_number: int) -> None:
        raise ServerFailed(Fault.NO_RIGHT, "administrators only")

    songs.plex.before_write = refuse
    songs.plex.library["t"] = held("Harbour", path="/music/Ada Example/song.flac")
    songs.look()
    assert not songs.expected()
    assert songs.status_of(task_id) == "waiting"


def test_nothing_is_learnt_from_another_server_at_the_same_address(songs: Songs) -> None:
    songs.call("POST", "/all-missing", task_id=songs.task(["Harbour"]))
    songs.seek()
    songs.land()
    songs.look()
    with songs.context.database.write() as session:
        session.get_one(Server, songs.server_id).server_uid = "the one that was known"
    songs.plex.reads.clear()
    songs.look()
    assert songs.plex.reads == ["check"]
    assert len(songs.expected()) == 1


def test_a_look_that_a_stop_ends_is_taken_up_again(songs: Songs) -> None:
    songs.call("POST", "/all-missing", task_id=songs.task(["Harbour"]))
    songs.seek()
    songs.land()
    with songs.context.database.read() as session:
        job = DirectJob(arriving.job_of(songs.server_key, utcnow(), songs.context.job_epoch(session)))
    songs.plex.library["t"] = held("Harbour", path="/music/Ada Example/song.flac")
    job.stopping.set()
    with pytest.raises(JobParked):
        songs.arrivals.perform(job)
    assert [row.tries for row in songs.expected()] == [0]
    songs.look()
    assert not songs.expected()
