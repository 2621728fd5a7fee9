"""`kill -9` while links are checked, listed and saved: nothing is lost, nothing comes twice, nothing is left behind."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.faults.test_kill import processes_of
from tests.site.web import MediaWeb
from tests.support.server import Program, wait_for

PLUGINS = Path(__file__).parents[1] / "site" / "ytdlp_plugin"
DONE_SECONDS = 180.0  # busy machines take minutes, and are given them
BUSY = {"status": ["pending", "downloading"], "per_page": 1}


class Server:
    """A real server with links on it, and what it tells of them."""

    def __init__(self, folder: Path, web: MediaWeb, **settings: Any) -> None:
        roots = json.dumps({"moebooru": {"madeup": web.url("/booru")}})
        self.program = Program(folder, test_ytdlp_plugins=PLUGINS, test_gallerydl_roots=roots, **settings)
        self.program.start()
        self.client = self.program.client()

    def close(self) -> None:
        self.client.close()
        if self.program.process is not None and self.program.process.poll() is None:
            self.program.stop()

    def kill_and_restart(self) -> None:
        """End all of it for good, and start it again once every process that belonged to it is gone."""
        self.program.kill()
        data = self.program.data_dir
        wait_for(lambda: not processes_of(data), 5, lambda: str(processes_of(data)))
        self.program.start()

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", params=query).raise_for_status().json()

    def follow(self, url: str, **more: Any) -> int:
        answer = self.client.post("/api/v1/links", json={"url": url, **more})
        assert answer.status_code == 200, answer.text
        number: int = answer.json()["id"]
        return number

    def link(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/links/{number}")
        return found

    def entries(self, number: int) -> list[dict[str, Any]]:
        """All of them, newest first."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.get(f"/links/{number}/entries", limit=500, **cursor)
            found += page["entries"]
            if page["next_cursor"] is None:
                return found
            cursor = {"cursor": page["next_cursor"]}

    def downloads(self, **query: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.get("/downloads", **query)
        return found

    def history(self, number: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get("/history", link_id=number)
        return found

    def is_over(self, number: int) -> bool:
        """Whether the link was checked and has nothing more to do."""
        link = self.link(number)
        busy = link["status"] != "idle" or link["counts"]["wanted"]
        return bool(link["last_checked_at"]) and not busy and not self.downloads(**BUSY)["total"]

    def wait_until_over(self, number: int) -> None:
        wait_for(lambda: self.is_over(number), DONE_SECONDS, lambda: self.complaint(number))

    def complaint(self, number: int) -> str:
        open_ones = [
            (one["title"], one["status"], one["error_message"])
            for one in self.downloads(**{**BUSY, "per_page": 20})["downloads"]
        ]
        return f"{self.link(number)}\n{open_ones}\n{self.program.log.read_text()[-3000:]}"

    def check_the_library(self, count: int) -> None:
        """So many items, the files of each are there, and no other file is."""
        media = self.program.data_dir / "media"
        page = self.get("/items", per_page=200)
        assert page["total"] == count
        found = [self.get(f"/items/{one['id']}")["files"] for one in page["items"]]
        expected = [media / file["path"] for files in found for file in files]
        assert len(set(expected)) == len(expected)
        assert {path for path in media.rglob("*") if path.is_file()} == set(expected)
        assert list((media / ".magpie" / "work").iterdir()) == []
        checks = self.program.data_dir / "checks"
        assert not checks.exists() or list(checks.iterdir()) == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def one_record(server: Server, number: int) -> dict[str, Any]:
    """The only record of a link whose check was cut off: it is the same check."""
    (record,) = server.history(number)
    assert record["status"] == "success", record
    return record


def test_one_kill_in_the_middle_of_everything(folder: Path, web: MediaWeb) -> None:
    """A check that waits for its site, a channel that is being listed, a board that is being saved, a live recording:
    each of them also has a thorough test of its own, among the soak tests."""
    web.channel("fed", 3)
    web.channel("big", 450)
    web.galleries.posts = 8
    stream = web.live("show", pace=0.5)
    elsewhere = web.base.replace("127.0.0.1", "localhost")  # checks of one site wait for each other
    with closing(Server(folder, web, max_concurrent_downloads=3, site_concurrency=3)) as server:
        slow = web.behave("/booru/image/*", delay=0.5)
        live = server.follow(web.url("/live/show/index.m3u8"), type="live")
        wait_for(lambda: segments(web), 40, lambda: server.complaint(live))
        board = server.follow(web.url("/booru/post?tags=all"))
        wait_for(lambda: len(done(server)) >= 2, 40, lambda: server.complaint(board))
        web.behave("/channels/big/items.json", delay=0.3)
        hanging = web.behave("/channels/fed", fault="hang")
        fed = server.follow(web.url("/channels/fed"))
        big = server.follow(f"{elsewhere}/tube-channel/big", filters={"title_include": "big.(449|2)$"})
        web.wait_for("/channels/fed", state="open", timeout=30)
        wait_for(lambda: server.link(big)["counts"]["known"] >= 60, 30, lambda: server.complaint(big))
        assert server.link(big)["status"] == server.link(fed)["status"] == "checking"
        server.program.kill()
        web.forgive(hanging)
        web.wait_until_idle()
        recorded = segments(web)
        held = {one["url"].rpartition("/")[2] for one in done_after_death(server)}
        web.forgive(slow)
        asked = len(web.requests)
        wait_for(lambda: segments(web) - recorded, 40, lambda: server.complaint(live))
        stream.end()
        brought = {live: 1, board: 8, fed: 3, big: 2}
        for number, count in brought.items():
            server.wait_until_over(number)
            assert server.link(number)["counts"]["downloaded"] == count
            record = one_record(server, number)
            assert (record["landed"], record["failed"]) == (count, 0)
        again = [one.path for one in web.requests[asked:] if one.path.startswith("/booru/image/")]
        assert not held & {path.rpartition("/")[2].removesuffix(".jpg") for path in again}
        assert [one["url"] for one in server.entries(big)] == [
            f"{elsewhere}/tube/big-{n}" for n in range(450, 0, -1)
        ]
        (recording,) = one_record(server, live)["downloaded_files"]
        assert shown(server.program.data_dir / "media" / recording) == len(segments(web))
        server.check_the_library(sum(brought.values()))


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_a_kill_in_the_middle_of_a_check_and_of_what_it_began(folder: Path, web: MediaWeb) -> None:
    channel = web.channel("fed", 12)
    with closing(Server(folder, web, max_concurrent_downloads=2, site_concurrency=2)) as server:
        hanging = web.behave("/channels/fed", fault="hang")
        number = server.follow(web.url("/channels/fed"))
        web.wait_for("/channels/fed", state="open", timeout=30)
        server.kill_and_restart()
        web.forgive(hanging)
        wait_for(lambda: len(done(server)) >= 3, DONE_SECONDS, lambda: server.complaint(number))
        slow = web.behave("/files/*", delay=0.5)
        server.program.kill()
        held = {one["url"] for one in done_after_death(server)}
        asked = len(web.requests)
        web.forgive(slow)
        server.wait_until_over(number)
        assert [one["title"] for one in server.entries(number)] == [f"fed {n}" for n in range(12, 0, -1)]
        assert {one["verdict"] for one in server.entries(number)} == {"downloaded"}
        again = {web.url(one.path) for one in web.requests[asked:]}
        assert held
        assert not held & again
        record = one_record(server, number)
        assert (record["landed"], record["failed"], len(set(record["downloaded_files"]))) == (12, 0, 12)
        server.check_the_library(12)
        # The next check knows all of it.
        channel.add("Fresh")
        server.client.post(f"/api/v1/links/{number}/check").raise_for_status()
        wait_for(lambda: server.link(number)["counts"]["downloaded"] == 13, DONE_SECONDS)
        assert [one["landed"] for one in server.history(number)] == [1, 12]


def done(server: Server) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.downloads(status="completed", per_page=200)["downloads"]
    return found


def done_after_death(server: Server) -> list[dict[str, Any]]:
    """What a server that was killed had completed: read once it is up again."""
    data = server.program.data_dir
    wait_for(lambda: not processes_of(data), 5, lambda: str(processes_of(data)))
    server.program.start()
    return done(server)


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_a_kill_in_the_middle_of_a_backfill(folder: Path, web: MediaWeb) -> None:
    """The listing goes on about where it was, and what was taken in of it stays as it is."""
    web.channel("big", 900)  # 30 pages
    wanted = {900, 890, 400, 10, 3}
    rules = {
        "title_include": f"big.({'|'.join(map(str, sorted(wanted)))})$"
    }  # as listed, and as the medium says
    with closing(Server(folder, web)) as server:
        web.behave("/channels/big/items.json", delay=0.15)
        number = server.follow(web.url("/tube-channel/big"), filters=rules)
        for known in (150, 500):
            wait_for(lambda known=known: server.link(number)["counts"]["known"] >= known, 30)  # type: ignore[misc]
            server.kill_and_restart()
        server.wait_until_over(number)
        entries = server.entries(number)
        assert [one["url"] for one in entries] == [web.url(f"/tube/big-{n}") for n in range(900, 0, -1)]
        assert {one["url"] for one in entries if one["verdict"] == "downloaded"} == {
            web.url(f"/tube/big-{n}") for n in wanted
        }
        assert Counter(one["verdict"] for one in entries) == {"skipped": 895, "downloaded": 5}
        # 30 pages, and for each kill the first two again, those of the overlap, and the one that was cut off.
        assert web.count("/channels/big/items.json") <= 30 + 2 * 6
        assert one_record(server, number)["landed"] == len(wanted)
        for n in wanted:
            assert web.count(f"/tube-api/big-{n}.json") <= 3  # each kill may have caught it
        server.check_the_library(len(wanted))


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_a_kill_in_the_middle_of_galleries(folder: Path, web: MediaWeb) -> None:
    web.galleries.posts = 24
    with closing(Server(folder, web, max_concurrent_downloads=2, site_concurrency=2)) as server:
        slow = [web.behave("/booru/image/*", delay=0.2), web.behave("/images/*", delay=0.2)]
        board = server.follow(web.url("/booru/post?tags=all"))
        gallery = server.follow(web.url("/gallery-of/30"))
        wait_for(
            lambda: len(done(server)) >= 4 and web.count("/images/*", state="done") >= 4,
            DONE_SECONDS,
            lambda: server.complaint(gallery),
        )
        server.program.kill()
        web.wait_until_idle()
        images = {one.path for one in web.recorder.select("/images/*", state="done")}
        held = {one["url"].rpartition("/")[2] for one in done_after_death(server)}
        for rule in slow:
            web.forgive(rule)
        asked = len(web.requests)
        server.wait_until_over(board)
        server.wait_until_over(gallery)
        later = Counter(one.path for one in web.requests[asked:] if one.method == "GET")
        posts = {path.rpartition("/")[2].removesuffix(".jpg") for path in later if "/booru/image/" in path}
        assert held
        assert not held & posts
        # What the gallery had is continued, but for what was being written when it died.
        assert len(images & set(later)) <= 3, (images, later)
        assert {one["verdict"] for one in server.entries(board)} == {"downloaded"}
        assert [one["verdict"] for one in server.entries(gallery)] == ["downloaded"]
        assert one_record(server, board)["landed"] == 24
        assert one_record(server, gallery)["landed"] == 1
        server.check_the_library(25)


def shown(file: Path) -> float:
    """Seconds of pictures in a recording, ten of them each, that ffmpeg decodes without an error; times in which
    nothing was recorded do not count."""
    subprocess.run(["ffmpeg", "-v", "error", "-xerror", "-i", str(file), "-f", "null", "-"], check=True)
    asked = ["-select_streams", "v:0", "-count_packets", "-show_entries", "stream=nb_read_packets"]
    probe: list[str | Path] = ["ffprobe", "-v", "error", *asked, "-of", "csv=p=0", file]
    return int(subprocess.run(probe, check=True, capture_output=True, text=True).stdout) / 10


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("window", [None, 6])
def test_a_kill_in_the_middle_of_a_live_recording(folder: Path, web: MediaWeb, window: int | None) -> None:
    """What was recorded before is kept, also where the site has it no more; the recording goes on afterwards."""
    stream = web.live("show", pace=0.5, window=window)
    with closing(Server(folder, web)) as server:
        number = server.follow(web.url("/live/show/index.m3u8"), type="live")
        wait_for(lambda: server.link(number)["status"] == "recording", 40, lambda: server.complaint(number))
        wait_for(lambda: len(segments(web)) >= 8, 40, lambda: server.complaint(number))
        server.program.kill()
        web.wait_until_idle()
        before = segments(web)
        done_after_death(server)
        wait_for(lambda: len(segments(web) - before) >= 4, 40, lambda: server.complaint(number))
        stream.end()
        server.wait_until_over(number)
        files = [
            server.program.data_dir / "media" / path
            for record in server.history(number)
            for path in record["downloaded_files"]
        ]
        # Nothing is lost and nothing comes twice, but for what was on its way and is not on offer any more.
        lost = len(segments(web)) - sum(shown(file) for file in files)
        assert lost == 0 if window is None else -1 < lost <= 1
        assert one_record(server, number)["failed"] == 0
        server.check_the_library(len(files))


def segments(web: MediaWeb) -> set[str]:
    """The parts of the live stream that were fetched whole: a second each."""
    return {one.path for one in web.recorder.select("/live/show/*.ts", state="done", status=200)}
