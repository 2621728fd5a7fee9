"""Golden names and side files of Plex, Jellyfin and Kodi, read back as those programs read them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.downloads.extractors.port import Kind, Medium, Role, SavedFile
from magpie.kit.db import Database
from magpie.library import nfo, sidecars
from magpie.library.naming import Naming, paths_for
from tests.library.test_filing import Row, Shelf
from tests.library.test_naming import HOSTILE, KEY, media
from tests.library.test_templates import EXTRAS, MOMENTS

EPISODE = Medium(
    "youtube", "dQw4w9WgXcQ", Kind.VIDEO, "A walk: part <1> & more", "https://x.example/", "Hedgerow Films",
    duration=754.0, description="Line one\nLine two", published_at="2026-02-03T18:30:00+00:00",
    extra={"channel": "Hedgerow Films", "channel_id": "UC1", "tags": ["birds", "walks"]},
)  # fmt: skip
SERIES = replace(EPISODE, extra={"series": "Nests", "season_number": 2, "episode_number": 5})
FILM = replace(EPISODE, artist=None, extra={})
SONG = replace(EPISODE, title="Blue", artist="Ada", album="Sky", extra={"track": "Blue"})
FILES = (
    SavedFile("media.mkv", Role.MEDIA, 1, "video/x-matroska", height=1080),
    SavedFile("s.en.srt", Role.SUBTITLE, 1, "application/x-subrip", language="en"),
    SavedFile("cover.jpg", Role.COVER, 1, "image/jpeg"),
    SavedFile("magpie.nfo", Role.NFO, 1, "text/xml"),
)
# Kodi: the first and the date pattern of <tvshowmatching> (https://kodi.wiki/view/Advancedsettings.xml).
BY_NUMBER = re.compile(r"s([0-9]+)[ ._x-]*e([0-9]+)[^\\/]*$", re.IGNORECASE)
# Plex: "ShowName - 2011-11-15 - Optional Info.ext".
BY_DATE = re.compile(r"^(?P<show>.+) - (?P<date>\d{4}-\d\d-\d\d) - (?P<title>.+)$")


def named(server: str, medium: Medium) -> list[str]:
    return paths_for(medium, FILES, "youtube", KEY, naming=Naming(server=server))


def test_plex_shows_are_named_by_date() -> None:
    stem = "TV/Hedgerow Films/Season 2026/Hedgerow Films - 2026-02-03 - A walk꞉ part ‹1› & more [dQw4w9WgXcQ]"
    paths = named("plex", EPISODE)
    assert paths[:3] == [f"{stem}.mkv", f"{stem}.en.srt", f"{stem}.jpg"]
    found = BY_DATE.match(paths[0].rpartition("/")[2])
    assert found
    assert (found["show"], found["date"]) == ("Hedgerow Films", "2026-02-03")


@pytest.mark.parametrize("server", ["jellyfin", "kodi"])
def test_numbered_servers_get_the_day_as_the_episodes_number(server: str) -> None:
    stem = "TV/Hedgerow Films/Season 2026/Hedgerow Films - S2026E0203 - A walk꞉ part ‹1› & more [dQw4w9WgXcQ]"
    paths = named(server, EPISODE)
    assert paths == [f"{stem}.mkv", f"{stem}.en.srt", f"{stem}-thumb.jpg", f"{stem}.nfo"]
    assert BY_NUMBER.search(paths[0].removesuffix(".mkv"))
    assert BY_NUMBER.search("Hedgerow Films - S2026E0203 - x").groups() == ("2026", "0203")  # type: ignore[union-attr]


@pytest.mark.parametrize("server", ["plex", "jellyfin", "kodi"])
def test_series_films_and_music_videos(server: str) -> None:
    assert named(server, SERIES)[0] == "TV/Nests/Season 02/Nests - S02E05 - A walk꞉ part ‹1› & more.mkv"
    assert (
        named(server, FILM)[0] == "Movies/A walk꞉ part ‹1› & more (2026)/A walk꞉ part ‹1› & more (2026).mkv"
    )
    assert named(server, SONG)[0] == "Music Videos/Ada/Ada - Blue.mkv"


def test_sound_and_pictures_stay_where_magpie_has_them() -> None:
    sound = replace(EPISODE, kind=Kind.AUDIO, album="Birds")
    assert named("plex", sound)[0].startswith("Music/Hedgerow Films/Birds/")


def parsed(document: bytes) -> Element:
    return fromstring(document)  # noqa: S314  made by the program itself


def read(medium: Medium) -> dict[str, Any]:
    root = parsed(nfo.of_medium(medium, "youtube", Naming(server="kodi")))
    found: dict[str, Any] = {"": root.tag}
    for child in root:
        found.setdefault(child.tag, child.text)
    return found


def test_an_episodes_nfo_says_what_its_name_says() -> None:
    assert read(EPISODE) == {
        "": "episodedetails",
        "title": "A walk: part <1> & more",
        "showtitle": "Hedgerow Films",
        "season": "2026",
        "episode": "203",
        "aired": "2026-02-03",
        "plot": "Line one\nLine two",
        "premiered": "2026-02-03",
        "year": "2026",
        "runtime": "13",
        "studio": "Hedgerow Films",
        "tag": "birds",
        "uniqueid": "dQw4w9WgXcQ",
    }
    numbers = read(SERIES)
    assert (numbers["showtitle"], numbers["season"], numbers["episode"]) == ("Nests", "2", "5")


def test_films_and_music_videos_have_their_own_documents() -> None:
    assert (read(FILM)[""], read(FILM)["title"]) == ("movie", FILM.title)
    song = read(SONG)
    assert (song[""], song["artist"], song["album"]) == ("musicvideo", "Ada", "Sky")


def test_a_shows_nfo() -> None:
    root = parsed(nfo.of_show(EPISODE, "youtube", Naming(server="kodi")))
    assert root.tag == "tvshow"
    assert root.findtext("title") == "Hedgerow Films"
    assert root.findtext("uniqueid") == "UC1"


EVERYTHING = st.text(st.characters(), max_size=30)


@given(media(), EXTRAS, MOMENTS, EVERYTHING, EVERYTHING)
def test_any_title_makes_a_well_formed_document(
    medium: Medium, extra: dict[str, object], moment: str | None, title: str, plot: str
) -> None:
    medium = replace(medium, title=title, description=plot, extra=extra, published_at=moment)
    for text in (nfo.of_medium(medium, "a\x01", Naming()), nfo.of_show(medium, "\ufffe", Naming())):
        assert parsed(text).tag in ("episodedetails", "movie", "musicvideo", "tvshow")


@given(HOSTILE)
def test_a_show_lies_below_its_library(title: str) -> None:
    medium = replace(EPISODE, extra={"channel": title})
    [path] = sidecars.show_files(medium, Naming(server="kodi"), named("kodi", medium)[0])
    assert re.fullmatch(r"TV/[^/]+/tvshow\.nfo", path)


# Filing.


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Shelf:
    root = tmp_path / "media"
    root.mkdir()
    return Shelf(database, root)


def deliver(shelf: Shelf, source_id: str, naming: Naming) -> int:
    delivery = shelf.delivery(Row(), source_id=source_id, files=(("a.mp4", Role.MEDIA),))
    medium = replace(EPISODE, source_id=source_id)
    saved = replace(delivery.saved, medium=medium)
    saved = sidecars.with_nfo(saved, "youtube", naming, delivery.workdir)
    return shelf.filing.deliver(replace(delivery, saved=saved, naming=naming))


@pytest.mark.database
def test_a_show_is_described_once_and_goes_with_its_last_episode(shelf: Shelf, tmp_path: Path) -> None:
    picture = tmp_path / "picture.jpg"
    picture.write_bytes(b"a picture")
    naming = Naming(server="jellyfin", picture=picture)
    items = [deliver(shelf, source_id, naming) for source_id in ("one", "two")]
    show = shelf.root / "TV" / "Hedgerow Films"
    described = (show / "tvshow.nfo").stat()
    assert (show / "poster.jpg").read_bytes() == b"a picture"
    assert len(list(show.rglob("*.nfo"))) == 3
    shelf.remove(items[0], 0)
    assert (show / "tvshow.nfo").stat().st_ino == described.st_ino
    shelf.remove(items[1], 0)
    assert not show.exists()
    assert (shelf.root / "TV").is_dir()


@pytest.mark.database
def test_what_a_person_put_beside_stays(shelf: Shelf) -> None:
    naming = Naming(server="kodi")
    show = shelf.root / "TV" / "Hedgerow Films"
    show.mkdir(parents=True)
    (show / "tvshow.nfo").write_text("<tvshow><title>Mine</title></tvshow>")
    item = deliver(shelf, "one", naming)
    assert "Mine" in (show / "tvshow.nfo").read_text()
    shelf.remove(item, 0)
    assert [path.name for path in show.iterdir()] == ["tvshow.nfo"]


@pytest.mark.database
def test_two_of_one_name_lie_side_by_side_with_their_side_files(shelf: Shelf) -> None:
    naming = Naming(template="Films/{title}")
    for source_id in ("one", "two"):
        deliver(shelf, source_id, naming)
    stem = "Films/A walk꞉ part ‹1› & more"
    assert shelf.files() == {f"{stem}.mp4", f"{stem}.nfo", f"{stem} (2).mp4", f"{stem} (2).nfo"}
    shelf.check(items=2, members=2)
