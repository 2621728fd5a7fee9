"""Playlists by the page: a server is added, a share text is pasted, and what comes of it is seen, refused and undone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit, Visitor
from tests.e2e.looks import Inspector
from tests.support.platforms import base
from tests.support.platforms.netease import NetEaseDouble
from tests.support.server import Program, wait_for
from tests.support.servers.music import Song
from tests.support.servers.plex_double import TOKEN, PlexDouble

pytestmark = [pytest.mark.browser, pytest.mark.once]

SHARED = (
    "分享小明创建的歌单「夜里开车」: https://music.163.com/playlist?id=2829816518&userid=1 (来自@网易云音乐)"
)
NAME = "夜里开车"
# What the platform wants; Plex holds the first twelve, and of 夜曲 a concert only.
TITLES = (
    "晴天",
    "东风破",
    "以父之名",
    "三年二班",
    "双刀",
    "梯田",
    "懦夫",
    "爱情悬崖",
    "她的睫毛",
    "同一种调调",
    "可爱女人",
    "完美主义",
)
WANTED = [base.Song(number, title, ("周杰伦",), "叶惠美", 200) for number, title in enumerate(TITLES, 1)]
DOUBTFUL = base.Song(50, "夜曲", ("周杰伦",), "十一月的萧邦", 226)
LACKING = base.Song(60, "海阔天空", ("Beyond",), "乐与怒", 326)


@dataclass
class Scene:
    server: Program
    source: NetEaseDouble
    plex: PlexDouble

    def listed(self) -> list[str]:
        """The titles of Plex' playlist."""
        held = {str(song.number): song.title for song in self.plex.music}
        found = [made for made in self.plex.playlists.values() if made.title == NAME]
        return [held[key] for _, key in found[0].items] if found else []


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A server whose NetEase is a double, and a Plex beside it."""
    held = [
        Song(song.number, song.title, song.artists[0], song.album, seconds=song.duration) for song in WANTED
    ]
    held.append(Song(51, "夜曲 (Live)", "周杰伦", "十一月的萧邦", seconds=226))
    listing = base.Listing([*WANTED, DOUBTFUL, LACKING], title=NAME)
    with PlexDouble(music=held) as plex, NetEaseDouble(listing=listing) as source:
        data = tmp_path_factory.mktemp("playlists") / "data"
        with Program(data, **source.settings()) as server:
            server.client().close()
            yield Scene(server, source, plex)


@pytest.fixture
def person(scene: Scene, visit: Visit) -> Visitor:
    return visit(on=scene.server)


@pytest.fixture
def bare(scene: Scene) -> Iterator[httpx.Client]:
    """Nothing is kept anywhere, and no server is known; a client that is signed in."""
    scene.source.listing = base.Listing([*WANTED, DOUBTFUL, LACKING], title=NAME)
    with closing(scene.server.client()) as client:
        for kind in ("tasks", "servers"):
            for row in client.get(f"/api/v1/{kind}").raise_for_status().json():
                client.delete(f"/api/v1/{kind}/{row['id']}").raise_for_status()
        scene.plex.playlists.clear()
        yield client


@pytest.fixture
def den(scene: Scene, bare: httpx.Client) -> int:
    """The number of a server that is known by the name of Den."""
    body = {"name": "Den", "server_type": "plex", "url": scene.plex.url, "token": TOKEN}
    number: int = bare.post("/api/v1/servers", json=body).raise_for_status().json()["id"]
    return number


@pytest.fixture
def kept(scene: Scene, bare: httpx.Client, den: int) -> None:
    """The playlist is in step on Den."""
    body = {"server_id": den, "playlist_url": SHARED}
    made = bare.post("/api/v1/tasks", json=body).raise_for_status().json()["id"]
    wait_for(lambda: bare.get(f"/api/v1/tasks/{made}").json()["last_success_at"], 30)
    assert scene.listed() == list(TITLES)


def sync(page: Page) -> None:
    page.get_by_role("button", name="Sync now").click()
    expect(page.get_by_text("Syncing")).to_have_count(0)


@pytest.mark.usefixtures("bare")
def test_a_wrong_token_is_named_and_a_right_one_works(person: Visitor, scene: Scene) -> None:
    page = person.page
    person.go("/playlists/servers")
    expect(page.get_by_text("No media server yet.")).to_be_visible()
    page.get_by_role("button", name="Add a server").click()
    dialog = page.get_by_role("dialog", name="Add a server")
    dialog.get_by_label("Address").fill(scene.plex.url)
    dialog.get_by_label("Token", exact=True).fill("wrong")
    dialog.get_by_role("button", name="Test the connection").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Token, name or password are wrong.")
    dialog.get_by_label("Token", exact=True).fill(TOKEN)
    dialog.get_by_role("button", name="Test the connection").click()
    expect(dialog.get_by_role("status").filter(has_text="Connected")).to_be_visible()
    dialog.get_by_label("Name", exact=True).fill("Den")
    dialog.get_by_role("button", name="Save").click()
    row = page.get_by_role("listitem").filter(has_text="Den")
    row.get_by_role("button", name="Test Den").click()
    expect(row.get_by_text("Connected")).to_be_visible()
    assert TOKEN not in page.content()


@pytest.mark.usefixtures("den")
def test_the_one_box_knows_a_share_text_and_keeps_its_playlist(person: Visitor, scene: Scene) -> None:
    page = person.page
    person.go("/")
    page.get_by_role("textbox", name="Addresses to save").fill(SHARED)
    expect(page.get_by_text("A playlist at NetEase Cloud Music")).to_be_visible()
    page.get_by_role("link", name="Keep in step").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep a playlist in step")
    expect(page.get_by_text("A playlist at NetEase Cloud Music, number 2829816518")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Den")).to_be_checked()
    page.get_by_label("Schedule").select_option("own")
    page.get_by_label("Own schedule").fill("30 6 * * 1-5")
    expect(page.get_by_text("Next:").locator("..").get_by_role("time")).to_have_count(3)
    page.get_by_label("Own schedule").fill("no schedule")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Own schedule").fill("30 6 * * 1-5")
    page.get_by_role("button", name="Keep in step").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    for words in ("12 found", "One to review", "One missing"):
        expect(page.get_by_text(words, exact=True).first).to_be_visible()
    assert scene.listed() == list(TITLES)
    person.go("/")
    expect(page.get_by_role("region", name="Playlists that want you").get_by_text(NAME)).to_be_visible()


def change(scene: Scene) -> None:
    """One song leaves the source, and another comes to the front."""
    songs = scene.source.listing.songs
    scene.source.listing = replace(scene.source.listing, songs=[songs[1], songs[0], *songs[3:]])


def open_playlist(person: Visitor) -> None:
    person.go("/playlists")
    person.page.get_by_role("link", name=NAME, exact=True).click()
    expect(person.page.get_by_role("heading", level=1)).to_have_text(NAME)


@pytest.mark.usefixtures("kept")
def test_the_plan_is_a_diff_that_writes_nothing(person: Visitor, scene: Scene) -> None:
    page = person.page
    change(scene)
    scene.plex.forget()
    open_playlist(person)
    page.get_by_role("link", name="Plan", exact=True).click()
    page.get_by_role("button", name="Ask the source anew").click()
    rows = page.get_by_role("list", name="Plan for Den").get_by_role("listitem")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="以父之名").get_by_label("Removed")).to_be_visible()
    expect(rows.get_by_label("Moved", exact=True)).to_have_count(1)
    page.get_by_label("Only what changes").uncheck()
    expect(rows).to_have_count(12)
    assert scene.plex.writes == []


@pytest.mark.usefixtures("kept")
def test_a_sync_is_seen_and_undone(person: Visitor, scene: Scene) -> None:
    page = person.page
    change(scene)
    open_playlist(person)
    sync(page)
    page.get_by_role("link", name="Syncs", exact=True).click()
    run = page.get_by_role("list", name="Syncs").get_by_role("listitem").filter(has_text="one removed")
    expect(run.first).to_be_visible()
    assert "以父之名" not in scene.listed()
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Put back").click()
    expect(run.first).to_contain_text("undone")
    assert scene.listed() == list(TITLES)


@pytest.mark.usefixtures("kept")
def test_much_that_is_gone_is_asked_about(person: Visitor, scene: Scene) -> None:
    page = person.page
    scene.source.listing = replace(scene.source.listing, songs=[*WANTED[:1], LACKING])
    open_playlist(person)
    sync(page)
    expect(page.get_by_text("11 entries would be removed")).to_be_visible()
    assert scene.listed() == list(TITLES)
    page.get_by_role("button", name="Remove the 11").click()
    expect(page.get_by_text("11 entries would be removed")).to_have_count(0)
    expect(page.get_by_text("Syncing")).to_have_count(0)
    page.get_by_role("link", name="Syncs", exact=True).click()
    expect(page.get_by_text("11 removed").first).to_be_visible()
    assert scene.listed() == ["晴天"]


@pytest.mark.usefixtures("den")
def test_a_file_is_a_source_as_well(person: Visitor, scene: Scene) -> None:
    page = person.page
    person.go("/playlists/new")
    page.get_by_role("button", name="Keep in step").click()
    expect(page.get_by_text("Paste a link to a playlist.")).to_be_visible()
    page.get_by_text("A file", exact=True).click()
    listed = "#EXTM3U\n#PLAYLIST:From a file\n#EXTINF:200,周杰伦 - 晴天\n/x/1.flac\n"
    page.get_by_label("Playlist file").set_input_files(
        {"name": "list.m3u8", "mimeType": "audio/x-mpegurl", "buffer": listed.encode()}
    )
    page.get_by_role("button", name="Keep in step").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Keep a playlist in step")
    expect(page.get_by_text("One found", exact=True).first).to_be_visible()
    page.get_by_role("link", name="Settings", exact=True).click()
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Playlists")


@pytest.mark.usefixtures("kept")
def test_the_screens_in_all_looks(person: Visitor, scene: Scene) -> None:
    page = person.page
    inspector = Inspector(person)
    open_playlist(person)
    inspector.look_at("playlist-songs")
    for tab, name in (("Plan", "plan"), ("Syncs", "syncs"), ("Settings", "settings")):
        page.get_by_role("link", name=tab, exact=True).click()
        inspector.look_at(f"playlist-{name}")
    for path, name in (
        ("/playlists", "playlists"),
        ("/playlists/new", "playlist-new"),
        ("/playlists/servers", "servers"),
    ):
        inspector.go(path)
        inspector.look_at(name)
    page.get_by_role("button", name="Add a server").click()
    inspector.look_at("server-dialog")
    assert inspector.faults == []
