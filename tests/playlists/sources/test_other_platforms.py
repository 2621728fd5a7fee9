"""What is peculiar to Spotify, YouTube Music, Deezer, ListenBrainz and Apple Music."""

from __future__ import annotations

import dataclasses

import pytest

from tests.playlists.sources.conftest import failure_from, fetch_from
from tests.support.platforms import (
    AppleDouble,
    DeezerDouble,
    ListenBrainzDouble,
    Listing,
    Song,
    SpotifyApiDouble,
    SpotifyPageDouble,
    YTMusicDouble,
    songs,
)
from tests.support.platforms.spotify import CLIENT_SECRET, TOKEN

pytestmark = pytest.mark.once


class TestSpotify:
    @pytest.mark.parametrize("new_names", [False, True])
    def test_both_generations_of_names(self, new_names: bool) -> None:
        with SpotifyApiDouble(new_names=new_names, listing=Listing(songs(250))) as spotify:
            found = fetch_from(spotify)
        assert (found.is_complete, found.total, len(found.tracks)) == (True, 250, 250)
        assert found.version == "MTIzLGFiYw=="
        assert found.tracks[0].album_artist == "Tyler, The Creator"

    @pytest.mark.parametrize("way", ["names_only", "gone", "private"])
    def test_the_page_shows_what_the_api_does_not(self, way: str) -> None:
        with SpotifyApiDouble(has_page=True, names_only=way == "names_only") as spotify:
            if way != "names_only":
                spotify.make_trouble(**{way: True})
            found = fetch_from(spotify)
        assert (found.is_complete, len(found.tracks)) == (True, 12)
        assert found.tracks[0].isrc is None

    def test_wrong_keys_are_named_and_not_shown(self) -> None:
        with SpotifyApiDouble() as spotify:
            failure = failure_from(spotify, spotify_client_secret="another-secret")
        assert failure.reason == "not_configured"
        assert "MAGPIE_SPOTIFY_CLIENT_ID" in failure.message
        for secret in ("another-secret", CLIENT_SECRET, TOKEN):
            assert secret not in f"{failure.message} {failure!r} {failure.__cause__!r}"

    def test_keys_go_to_where_tokens_are_given_out_only(self) -> None:
        with SpotifyApiDouble(has_page=True, names_only=True) as spotify:
            fetch_from(spotify)
        for call in spotify.calls:
            assert ("basic" in call.headers.get("authorization", "").lower()) == (call.path == "/api/token")
        assert "authorization" not in spotify.calls[-1].headers  # the page's

    def test_names_with_commas(self) -> None:
        song = Song(1, "See You Again", ("Tyler, The Creator", "Kali Uchis"))
        with SpotifyPageDouble(listing=Listing([song])) as spotify:
            assert fetch_from(spotify).tracks[0].artists == ("Tyler, The Creator", "Kali Uchis")

    @pytest.mark.parametrize(("count", "complete"), [(99, True), (100, False), (101, False)])
    def test_a_full_page_may_not_be_all(self, count: int, complete: bool) -> None:
        with SpotifyPageDouble(listing=Listing(songs(count))) as spotify:
            found = fetch_from(spotify)
        assert (found.is_complete, found.total) == (complete, None)
        assert len(found.tracks) == min(count, 100)


class TestYTMusic:
    def test_a_continuation_among_other_commands(self) -> None:
        with YTMusicDouble(nested_token=True, listing=Listing(songs(350))) as ytmusic:
            found = fetch_from(ytmusic)
        assert (found.is_complete, len(found.tracks)) == (True, 350)

    def test_deleted_songs_are_no_songs_and_no_loss(self) -> None:
        listed = [*songs(3), Song(9, "Song deleted", is_available=False)]
        with YTMusicDouble(listing=Listing(listed)) as ytmusic:
            found = fetch_from(ytmusic)
        assert (found.is_complete, found.total, len(found.tracks)) == (True, 3, 3)

    def test_liked_songs_are_nobody_elses(self) -> None:
        with YTMusicDouble() as ytmusic:
            assert failure_from(ytmusic, "LM").reason == "private"
            assert ytmusic.calls == []


class TestDeezer:
    def test_a_quota_is_waited_for(self) -> None:
        with DeezerDouble(quota=2) as deezer:
            assert fetch_from(deezer).is_complete

    def test_a_quota_that_lasts(self) -> None:
        with DeezerDouble(quota=99) as deezer:
            failure = failure_from(deezer)
        assert (failure.reason, failure.retry_after) == ("limited", 5.0)

    def test_pages_are_read_from_where_the_last_one_ended(self) -> None:
        with DeezerDouble(listing=Listing(songs(450))) as deezer:
            assert len(fetch_from(deezer).tracks) == 450
        indexes = [call.first("index") for call in deezer.calls if call.path.endswith("/tracks")]
        assert indexes == ["0", "200", "400"]


class TestListenBrainz:
    def test_recordings_and_credited_names(self) -> None:
        with ListenBrainzDouble() as listenbrainz:
            found = fetch_from(listenbrainz)
        track = found.tracks[2]
        assert track.mbid == listenbrainz.source_id(listenbrainz.listing.songs[2])
        assert track.artists == ("周杰伦", "Jay & Co")
        assert found.version == "2024-05-02T00:00:00+00:00"

    def test_the_token_goes_along_if_there_is_one(self) -> None:
        with ListenBrainzDouble() as listenbrainz:
            fetch_from(listenbrainz)
            fetch_from(listenbrainz, listenbrainz_token="mine")
        sent = [call.headers.get("authorization") for call in listenbrainz.calls]
        assert sent == [None, "Token mine"]


class TestAppleMusic:
    @pytest.mark.parametrize("older_data", [False, True])
    def test_both_shapes_of_the_page(self, older_data: bool) -> None:
        with AppleDouble(older_data=older_data) as apple:
            found = fetch_from(apple)
        assert (found.is_complete, len(found.tracks)) == (True, 12)
        assert found.cover_url == "https://is1-ssl.mzstatic.com/a.jpg?a=1&b=2"

    def test_suggestions_are_not_in_the_list(self) -> None:
        with AppleDouble() as apple:
            assert "Suggested" not in [track.title for track in fetch_from(apple).tracks]

    def test_songs_without_linked_artists(self) -> None:
        song = dataclasses.replace(songs(1)[0], artists=())
        with AppleDouble(listing=Listing([song])) as apple:
            assert fetch_from(apple).tracks[0].artists == ()
