"""What a playlist knows of a song wins over what the site calls it."""

from __future__ import annotations

from magpie.downloads.extractors.music.wanted import as_wanted, cover_of
from magpie.downloads.extractors.port import Kind, Medium

SONG = {"title": "晴天", "artists": ["周杰伦", "方文山"], "album": "叶惠美", "isrc": "TW-K97-03-00001"}


def medium(**more: object) -> Medium:
    extra = {"artists": ["JVR Music"], "track_number": 7, "album_artist": "Various Artists"}
    facts: dict[str, object] = {"album": "Best Hits", "artist": "JVR Music", "extra": extra, **more}
    return Medium("youtube", "x", Kind.AUDIO, "周杰倫【晴天】官方 MV", "https://tube.example/x", **facts)  # type: ignore[arg-type]


def test_names_album_and_number_of_the_recording_are_the_playlists() -> None:
    found = as_wanted(medium(), {"song": SONG})
    assert (found.title, found.artist, found.album) == ("晴天", "周杰伦, 方文山", "叶惠美")
    assert found.extra["artists"] == ["周杰伦", "方文山"]
    assert found.extra["isrc"] == "TWK970300001"
    # The place on the site's album is no place on the playlist's.
    assert "track_number" not in found.extra
    assert found.extra["album_artist"] == "周杰伦"


def test_the_place_on_the_same_album_is_kept() -> None:
    found = as_wanted(medium(album="叶惠美"), {"song": SONG})
    assert (found.extra["track_number"], found.extra["album_artist"]) == (7, "Various Artists")


def test_what_the_playlist_does_not_know_stays() -> None:
    found = as_wanted(medium(), {"song": {"title": "Sunny Day"}})
    assert (found.title, found.artist, found.album) == ("Sunny Day", "JVR Music", "Best Hits")
    assert as_wanted(medium(), {}) == medium()
    assert as_wanted(medium(), {"song": "no object"}) == medium()


def test_a_cover_is_a_web_address_or_nothing() -> None:
    assert cover_of({"song": {"cover_url": "https://pics.example/a.jpg"}}) == "https://pics.example/a.jpg"
    assert cover_of({"song": {"cover_url": "file:///etc/passwd"}}) is None
    assert cover_of({"song": {"cover_url": 5}}) is None
