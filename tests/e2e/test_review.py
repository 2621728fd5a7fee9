"""Reviewing a playlist by the page: by keys, by buttons, by a search; and what is missing from it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE, Visit, Visitor
from tests.e2e.looks import Inspector
from tests.playlists.missing.test_external import KEY, Downloader
from tests.site import MediaWeb
from tests.support.server import Program, wait_for
from tests.support.servers.music import Song
from tests.support.servers.plex_double import TOKEN, PlexDouble

expect.set_options(timeout=20_000)
pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

Wanted = tuple[str, str, str, str]  # title, artist, album, length
HELD = [
    Song(1, "晴天", "周杰伦", "叶惠美", seconds=269),
    Song(2, "七里香", "周杰伦", "精选", seconds=371),
    Song(3, "Yellow", "Coldplay", "Parachutes Demos", seconds=331),
    Song(4, "Yellow", "Coldplay", "Somewhere Else", seconds=360),
    Song(5, "光年之外", "G.E.M.", "精选", seconds=290),
    Song(6, "Laternenlied", "Ada Example", "Winter", seconds=150),
    Song(7, "Clocks", "Coldplay", "Somewhere Else", seconds=400),
    Song(8, "Kites", "Cloud Example", "Kites Demos", seconds=331),
    Song(9, "Kites", "Cloud Example", "Somewhere Else", seconds=360),
]
WANTED: list[Wanted] = [
    ("晴天", "周杰伦", "叶惠美", "4:29"),
    ("七里香", "周杰伦", "七里香", "4:59"),
    ("Yellow", "Coldplay", "Parachutes", "4:26"),
    ("光年之外", "邓紫棋", "光年之外", "3:55"),
    ("Clocks", "Coldplay", "A Rush of Blood to the Head", "5:07"),
    ("Song of Lanterns", "Ada Example", "", "2:31"),
    ("Harbour", "Nobody Else", "", "3:00"),
]
# What is decided holds for all playlists, and the tests come in any order: nobody decides this one.
UNDECIDED: Wanted = ("Kites", "Cloud Example", "Kites", "4:26")


@dataclass(frozen=True)
class House:
    """A server of Magpie's with a media server beside it."""

    program: Program
    client: httpx.Client
    plex: PlexDouble
    server_id: int

    def task(self, name: str, wanted: Sequence[Wanted]) -> int:
        """A task for a file of these songs, once it has been synced."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(["Title", "Artist", "Album", "Duration"])
        writer.writerows(wanted)
        body = {"platform": "file", "name": name, "server_id": self.server_id}
        made = self.client.post("/api/v1/tasks", json=body)
        assert made.is_success, made.text
        task = f"/api/v1/tasks/{made.json()['id']}"
        sent = self.client.post(f"{task}/file", files={"file": ("list.csv", text.getvalue().encode())})
        assert sent.is_success, sent.text

        def settled() -> bool:
            now = self.client.get(task).json()
            counted = now["counts"]["total"] == len(wanted) and not now["counts"]["waiting"]
            return bool(now["status"] == "idle" and counted)

        wait_for(settled, 60, lambda: self.client.get(task).text)
        return int(made.json()["id"])

    def match(self, task: int, title: str) -> dict[str, Any]:
        matches = self.client.get(f"/api/v1/tasks/{task}/matches").json()["matches"]
        (found,) = [one for one in matches if one["song"]["title"] == title]
        return dict(found)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with (
        PlexDouble(music=HELD) as plex,
        Program(tmp_path_factory.mktemp("review") / "data") as program,
        closing(program.client()) as client,
    ):
        body = {"name": "Home", "server_type": "plex", "url": plex.url, "token": TOKEN}
        made = client.post("/api/v1/servers", json=body)
        assert made.is_success, made.text
        yield House(program, client, plex, made.json()["id"])


@pytest.fixture
def reviewer(visit: Visit, house: House) -> Visitor:
    return visit(on=house.program)


def row_of(page: Page, title: str) -> Locator:
    songs = page.get_by_role("list", name="Songs of the playlist")
    return songs.get_by_role("article").filter(has=page.get_by_role("button").filter(has_text=title))


def decided(house: House, task: int, title: str) -> dict[str, Any]:
    """What the server holds of a song, once a decision about it has arrived."""

    def arrived() -> dict[str, Any] | None:
        found = house.match(task, title)
        return found if found["is_decided"] else None

    found: dict[str, Any] = wait_for(arrived, 20)
    return found


def test_the_screens_in_all_looks(reviewer: Visitor, house: House) -> None:
    page = reviewer.page
    task = house.task("In all looks 夜里开车", [UNDECIDED, *WANTED])
    inspector = Inspector(reviewer)
    reviewer.go(f"/playlists/{task}")
    page.get_by_role("group", name="Show").get_by_role("button", name="All").click()
    row_of(page, "Kites").get_by_role("button").first.click()
    expect(row_of(page, "Kites").get_by_role("list", name="What could be it")).to_be_visible()
    inspector.look_at("review")
    page.get_by_role("button", name="Keys", exact=True).click()
    inspector.look_at("review-keys")
    page.keyboard.press("Escape")
    inspector.go(f"/playlists/{task}?tab=missing")
    expect(page.get_by_role("list", name="Songs that the server does not have for sure")).to_be_visible()
    inspector.look_at("missing")
    page.get_by_role("button", name="Fetch Harbour by hand").click()
    inspector.look_at("missing-pick")
    page.keyboard.press("Escape")
    inspector.go("/playlists/missing")
    expect(page.get_by_role("textbox", name="Folder")).to_be_visible()
    inspector.look_at("fetching")
    inspector.go("/playlists/artists")
    inspector.look_at("artists")
    assert inspector.faults == []


def test_songs_are_decided_by_keys_and_taken_back(reviewer: Visitor, house: House) -> None:
    page = reviewer.page
    task = house.task("By keys", WANTED)
    reviewer.go(f"/playlists/{task}")
    shown = page.get_by_role("list", name="Songs of the playlist").get_by_role("listitem")
    expect(shown).to_have_count(4)
    expect(row_of(page, "七里香")).to_contain_text("To review")

    # The first, and what differs is marked and told.
    page.keyboard.press("j")
    first = row_of(page, "七里香")
    expect(first.get_by_role("list", name="Why")).to_contain_text("the lengths are 72 s apart")
    expect(first.locator("mark").filter(has_text="精选").first).to_be_visible()
    page.keyboard.press("a")
    expect(first).to_contain_text("Found")
    expect(row_of(page, "Yellow").get_by_role("button", expanded=True)).to_be_focused()
    page.keyboard.press("2")
    picked = row_of(page, "Yellow")
    expect(picked).to_contain_text("Found")
    page.keyboard.press("n")
    expect(row_of(page, "光年之外")).to_contain_text("Missing")
    decided(house, task, "光年之外")
    page.keyboard.press("u")
    expect(row_of(page, "光年之外")).to_contain_text("To review")
    expect(page.get_by_text("Taken back: 光年之外")).to_be_visible()
    page.keyboard.press("l")
    expect(row_of(page, "Clocks").get_by_role("button", expanded=True)).to_be_focused()
    page.keyboard.press("x")
    expect(row_of(page, "Clocks")).to_contain_text("Missing")
    page.keyboard.press("k")
    expect(row_of(page, "光年之外").get_by_role("button", expanded=True)).to_be_focused()

    assert decided(house, task, "七里香")["track"]["title"] == "七里香"
    second = decided(house, task, "Yellow")
    assert second["track"]["track_id"] == second["candidates"][1]["track_id"]
    wait_for(lambda: not house.match(task, "光年之外")["is_decided"], 20)


def test_a_track_is_searched_on_the_server_and_the_keys_can_be_switched_off(
    reviewer: Visitor, house: House
) -> None:
    page = reviewer.page
    task = house.task("By search", [("Song of Lanterns", "Ada Other", "", "2:31"), WANTED[1]])
    reviewer.go(f"/playlists/{task}")
    page.get_by_role("group", name="Show").get_by_role("button", name="Missing").click()
    expect(row_of(page, "Song of Lanterns")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog", name="Pick a track of the server")
    # Keys typed into a field are words.
    dialog.get_by_role("searchbox").fill("laternen")
    dialog.get_by_role("button", name="Laternenlied").click()
    expect(dialog).to_have_count(0)
    expect(row_of(page, "Song of Lanterns")).to_contain_text("Decided by you")
    assert decided(house, task, "Song of Lanterns")["track"]["title"] == "Laternenlied"

    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys of the review")
    keys.get_by_role("checkbox", name="Single keys work on this screen").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(row_of(page, "Song of Lanterns")).to_contain_text("Decided by you")
    page.get_by_role("button", name="Undo decision").click()
    expect(row_of(page, "Song of Lanterns")).to_contain_text("Missing")


def test_a_phone_has_buttons_for_it_and_a_refused_decision_is_taken_back(
    reviewer: Visitor, house: House
) -> None:
    page = reviewer.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    task = house.task("On a phone", [("Clocks", "Coldplay", "Elsewhere", "3:11"), WANTED[3]])
    reviewer.go(f"/playlists/{task}")
    row_of(page, "Clocks").get_by_role("button").first.click()
    page.route("**/matches", lambda route: route.fulfill(status=409, json={"detail": "Not now"}))
    row_of(page, "Clocks").get_by_role("button", name="Never").click()
    expect(page.get_by_text("Not now")).to_be_visible()
    expect(row_of(page, "Clocks")).to_contain_text("To review")
    page.unroute("**/matches")
    row_of(page, "Clocks").get_by_role("button").first.click()
    row_of(page, "Clocks").get_by_role("button", name="Accept").click()
    assert decided(house, task, "Clocks")["verdict"] == "matched"


def test_two_thousand_songs_are_never_all_on_the_page(reviewer: Visitor, house: House) -> None:
    page = reviewer.page
    wanted = [(f"Nowhere {number}", "Nobody", "", "3:00") for number in range(2000)]
    task = house.task("Long", wanted)
    reviewer.go(f"/playlists/{task}")
    songs = page.get_by_role("list", name="Songs of the playlist").get_by_role("listitem")
    expect(songs.first).to_have_attribute("aria-setsize", "2000")
    last = page.locator("[aria-posinset='2000']")
    for _ in range(60):
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.wait_for_timeout(100)  # what a hand takes
        assert songs.count() < 60
        if last.count():
            break
    expect(last).to_contain_text("Nowhere 1999")


def test_names_of_artists_are_joined(reviewer: Visitor, house: House) -> None:
    page = reviewer.page
    reviewer.go("/playlists/artists")
    page.get_by_role("button", name="Add an artist").click()
    dialog = page.get_by_role("dialog", name="Add an artist")
    dialog.get_by_role("textbox", name="Names").fill("喜鹊")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("At least two different names, please.")).to_be_visible()
    dialog.get_by_role("textbox", name="Names").fill("喜鹊 | Magpie | 까치")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("list", name="Names of artists")).to_contain_text("까치")
    assert [row["names"] for row in house.client.get("/api/v1/artists").json()] == [
        ["喜鹊", "Magpie", "까치"]
    ]
    page.get_by_role("button", name="Forget the names of 喜鹊").click()
    expect(page.get_by_text("You have added no names yet.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("list", name="Names of artists")).to_contain_text("喜鹊")


def test_a_missing_song_is_fetched_through_ones_own_downloader(
    reviewer: Visitor, house: House, web: MediaWeb
) -> None:
    page = reviewer.page
    task = house.task("Fetched", [("A Missing One", "Nobody Else", "", ""), WANTED[0]])
    files = {"A Missing One": web.url("/files/931.mp3")}
    with Downloader(music=[], files=files) as downloader:
        reviewer.go("/playlists/missing")
        page.get_by_role("textbox", name="External downloader").fill(f"{downloader.url}/api/song")
        page.get_by_label("Key of the downloader").fill("another")
        page.get_by_role("button", name="Save and try").click()
        expect(page.get_by_text("The external downloader does not accept the key.")).to_be_visible()
        page.get_by_label("Key of the downloader").fill(KEY)
        page.get_by_role("button", name="Save and try").click()
        expect(page.get_by_text("The downloader answers, and accepts the key.")).to_be_visible()

        reviewer.go(f"/playlists/{task}?tab=missing")
        missing = page.get_by_role("list", name="Songs that the server does not have for sure")
        song = missing.get_by_role("article").filter(has_text="A Missing One")
        song.get_by_role("button", name="Fetch A Missing One", exact=True).click()
        expect(page.get_by_text("A Missing One is being looked for")).to_be_visible()
        # Without a word of the browser's: the server tells it how far it is.
        expect(song.get_by_text("Fetched", exact=True)).to_be_visible(timeout=60_000)

    reviewer.go("/playlists/missing")
    session = page.get_by_role("list", name="What was fetched").get_by_role("listitem").first
    expect(session).to_contain_text("Done")
    session.get_by_role("button", name="Songs").click()
    expect(session.get_by_role("list", name="Songs that were asked for")).to_contain_text("A Missing One")
