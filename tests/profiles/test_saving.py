"""From a profile to the files in the library, and away again, on a running server with the real yt-dlp."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import parse

import httpx
import mutagen
import pytest

from tests.site.web import MediaWeb
from tests.support import warm
from tests.support.media import made_media
from tests.support.server import Program, ended, wait_for

pytestmark = pytest.mark.once

PLUGINS = Path(__file__).parents[1] / "site" / "ytdlp_plugin"


@pytest.fixture(scope="module")
def web() -> Iterator[MediaWeb]:
    with MediaWeb(made_media()) as site:
        yield site


@pytest.fixture(scope="module")
def server(web: MediaWeb, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    settings: dict[str, Any] = {"test_ytdlp_plugins": PLUGINS, "sponsorblock_url": web.url("/sponsors")}
    with Program(tmp_path_factory.mktemp("server"), allow_registration=True, **settings) as program:
        yield program


@pytest.fixture(scope="module")
def client(server: Program) -> Iterator[httpx.Client]:
    signed_in = server.client("ada")
    yield signed_in
    signed_in.close()


def save(client: httpx.Client, url: str, profile: str) -> dict[str, Any]:
    """The item that a download with this profile leads to."""
    made = client.post("/api/v1/downloads", json={"url": url, "profile": profile})
    assert made.status_code == 200, made.text
    download = ended(client, made.json()["id"], 60)
    assert download["status"] == "completed", download
    item: dict[str, Any] = client.get(f"/api/v1/items/{download['item_id']}").json()
    return item


def test_a_kodi_episode_comes_and_goes_with_all_that_is_beside_it(
    client: httpx.Client, server: Program, web: MediaWeb
) -> None:
    spec = {
        "media_server": "kodi",
        "subtitles": {"languages": ["en", "de"]},
        "side_files": {"info_json": True},
    }
    assert client.post("/api/v1/profiles", json={"name": "For the telly", "spec": spec}).status_code == 200
    item = save(client, web.url("/tube/telly"), "For the telly")
    folder = server.data_dir / "media" / "TV" / "Hedgerow Films"
    stem = "Hedgerow Films - S2026E0203 - Tube telly [telly]"
    beside = {path.name for path in (folder / "Season 2026").iterdir()}
    assert beside == {
        f"{stem}{ending}" for ending in (".mp4", ".en.srt", ".de.srt", ".info.json", "-thumb.jpg", ".nfo")
    }
    assert {file["role"] for file in item["files"]} == {
        "media",
        "subtitle",
        "info",
        "cover",
        "nfo",
        "thumbnail",
    }
    told = parse(folder / "Season 2026" / f"{stem}.nfo").getroot()  # noqa: S314
    assert told.findtext("title") == "Tube telly"
    assert parse(folder / "tvshow.nfo").getroot().findtext("title") == "Hedgerow Films"  # noqa: S314
    assert client.delete(f"/api/v1/items/{item['id']}", params={"forever": True}).status_code == 200
    wait_for(lambda: not folder.exists(), 10, lambda: str(list(folder.rglob("*"))))


def test_a_template_names_the_file_and_a_cut_is_a_quality_of_its_own(
    client: httpx.Client, server: Program, web: MediaWeb
) -> None:
    web.sponsors.known.add("sponsored-film")
    spec = {"template": "Clean/{channel}/{date:%Y}/{title}", "sponsorblock": {"remove": ["sponsor"]}}
    assert client.post("/api/v1/profiles", json={"name": "Clean", "spec": spec}).status_code == 200
    url = web.url("/tube/sponsored-film")
    whole, cut = save(client, url, "video"), save(client, url, "Clean")
    assert whole["id"] != cut["id"]
    assert (whole["quality"], cut["quality"]) == ("video", "video-cuts")
    assert cut["files"][0]["path"] == "Clean/Hedgerow Films/2026/Tube sponsored-film.mp4"
    assert cut["duration"] < whole["duration"] - 1
    assert save(client, web.url("/tube/sponsored-other"), "Clean")["title"] == "Tube sponsored-other"


def test_an_album_becomes_one(client: httpx.Client, server: Program, web: MediaWeb) -> None:
    web.tube.albums["sky"] = {
        "title": "Sky",
        "album_type": "album",
        "album_artists": ["Ada"],
        "tracks": ["one", "two", "six"],
    }
    web.tube.told |= {
        "one": {"title": "Ada - Blue (Official Audio)", "categories": ["Music"], "genres": ["Jazz"]},
        "two": {"title": "Green (feat. Bob)", "channel": "Ada - Topic", "categories": ["Music"]},
        "six": {"title": "Tube six", "track": "Red", "artists": ["Clara"], "track_number": 6, "isrc": "ATABC2500006"},
    }  # fmt: skip
    asked = client.post(
        "/api/v1/downloads", json={"url": web.url("/tube-album/sky"), "profile": "music"}
    ).json()
    listed = ended(client, asked["id"], 60)
    assert (listed["status"], listed["reason"], listed["title"]) == ("skipped", "is_a_list", "Sky")

    def tracks() -> list[dict[str, Any]]:
        found = client.get("/api/v1/items", params={"kind": "audio"}).json()["items"]
        return sorted((one for one in found if one["album"] == "Sky"), key=lambda one: one["track_number"])

    wait_for(lambda: len(tracks()) == 3, 60, lambda: str(client.get("/api/v1/downloads").json()))
    told = [
        (one["files"][0]["path"], one["artist"], one["album_artist"], one["genre"], one["isrc"])
        for one in tracks()
    ]
    assert told == [
        ("Music/Ada/Sky/01 Blue.m4a", "Ada", "Ada", "Jazz", None),
        ("Music/Ada/Sky/02 Green.m4a", "Ada feat. Bob", "Ada", None, None),
        ("Music/Ada/Sky/06 Red.m4a", "Clara", "Ada", None, "ATABC2500006"),
    ]
    file: Any = mutagen.File(server.data_dir / "media" / told[1][0])
    assert (file["trkn"], file["aART"], file["\xa9alb"]) == ([(2, 3)], ["Ada"], ["Sky"])
    assert len(file["covr"]) == 1
    done = run(server, "save", "--profile", "music", "--to", "beside", web.url("/tube-album/sky"))
    assert done.returncode == 0, done.stderr
    names = [line.partition("beside/")[2] for line in done.stdout.splitlines()]
    assert names == [path for path, *_ in told]


def test_a_shipped_profile_bounds_the_height_and_galleries_are_the_same_for_all(
    client: httpx.Client, web: MediaWeb
) -> None:
    item = save(client, web.url("/gallery-of/2"), "best-720p")
    assert (item["kind"], item["quality"]) == ("gallery", "video")


def test_the_command_takes_ones_own_profiles(client: httpx.Client, server: Program, web: MediaWeb) -> None:
    spec = {"kind": "audio", "audio_format": "mp3", "template": "Sound/{artist}/{title}"}
    assert client.post("/api/v1/profiles", json={"name": "Old player", "spec": spec}).status_code == 200
    done = run(server, "save", "--profile", "Old player", web.url("/tube/song"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("media/Sound/Hedgerow Films/Tube song.mp3")
    done = run(server, "save", "--profile", "Old player", "--to", "beside", web.url("/tube/other"))
    assert done.stdout.strip().endswith("beside/Sound/Hedgerow Films/Tube other.mp3")
    done = run(server, "save", "--profile", "nothing", web.url("/tube/song"))
    assert done.returncode == 2
    assert "Old player, video, audio" in done.stderr


def run(server: Program, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of this installation."""
    return warm.command(*arguments, env=server.environment, cwd=server.data_dir)
