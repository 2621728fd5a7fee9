"""What every source of playlists must do, whatever the platform. A source passes against a double of its platform.

A plug-in's source can be held to it, too: subclass `SourceContract` and give `platform` and `source`.
"""

from __future__ import annotations

import dataclasses

import pytest

from magpie.playlists.sources.fetching import MAX_WAIT, Fetcher
from magpie.playlists.sources.port import Source, SourceFailed, SourcePlaylist, SourceRef
from magpie.playlists.tracks import Track
from tests.support.platforms.base import Listing, Platform, Song, settings_for, songs
from tests.support.platforms.hostile import HOSTILE_TITLES

NEVER_SHOWN = ("secret-of-the-app", "BQ-token-of-the-app", "token-of-listenbrainz")


class SourceContract:
    """The cases; `platform` is a running double, `source` what is tested."""

    waited: list[float]

    def ref(self, platform: Platform, source: Source) -> SourceRef:
        ref = source.of_id(platform.ref_id)
        assert ref is not None
        return ref

    def fetch(self, platform: Platform, source: Source) -> SourcePlaylist:
        self.waited = []
        settings = settings_for(platform, listenbrainz_token="token-of-listenbrainz")
        with Fetcher(settings, sleep=self.waited.append) as fetcher:
            return source.fetch(self.ref(platform, source), fetcher)

    def fail(self, platform: Platform, source: Source) -> SourceFailed:
        with pytest.raises(SourceFailed) as caught:
            self.fetch(platform, source)
        failure = caught.value
        assert failure.message
        assert not any(secret in failure.message for secret in NEVER_SHOWN)
        return failure

    def expect(self, platform: Platform, song: Song, track: Track) -> None:
        """Whether a track says of a song what the platform tells."""
        own = platform.source_id(song)
        assert (track.id, track.source, track.source_id) == (own, platform.name, own)
        assert track.title == song.title
        assert track.artists == song.artists
        assert track.url
        told = {
            "album": (track.album, song.album),
            "duration": (track.duration, float(song.duration)),
            "isrc": (track.isrc, song.isrc),
            "mbid": (track.mbid, own),
            "available": (track.is_available, song.is_available),
        }
        for name, (found, wanted) in told.items():
            if name in platform.tells:
                assert found == wanted, name

    def test_the_whole_list_in_its_order(self, platform: Platform, source: Source) -> None:
        found = self.fetch(platform, source)
        assert (found.is_complete, found.note) == (True, None)
        assert found.title == platform.listing.title
        assert len(found.tracks) == 12
        for song, track in zip(platform.listing.songs, found.tracks, strict=True):
            self.expect(platform, song, track)
        if "owner" in platform.tells:
            assert found.owner == platform.listing.owner
        if "description" in platform.tells:
            assert found.description == platform.listing.description
        assert found.cover_url is None or found.cover_url.startswith(("http://", "https://"))

    def test_its_own_address_is_recognised(self, platform: Platform, source: Source) -> None:
        ref = self.ref(platform, source)
        assert source.recognise(ref.url) == ref
        assert source.recognise(f"听听这个歌单：{ref.url}（来自朋友的分享）") == ref
        assert source.name == ref.platform == platform.name
        assert source.title

    def test_other_texts_are_not_its_own(self, source: Source) -> None:
        for text in (
            "",
            "晴天",
            "https://example.org/playlist?id=1",
            "https://evil.example/open.spotify.com/playlist/1",
        ):
            assert source.recognise(text) is None
            assert source.short_link(text) is None

    def test_no_id_can_leave_its_path(self, source: Source) -> None:
        for text in (
            "../../admin",
            "1/2/3",
            "1?x=1",
            "1#",
            "1 2",
            "١٢٣",
            "a" * 500,
            "%2e%2e",
            "http://x.example",
        ):
            assert source.of_id(text) is None

    def test_doubles_are_kept(self, platform: Platform, source: Source) -> None:
        first, second, third = songs(3)
        platform.listing = Listing([first, second, first, first, third])
        found = self.fetch(platform, source)
        assert [track.source_id for track in found.tracks] == [
            platform.source_id(song) for song in (first, second, first, first, third)
        ]
        assert found.is_complete

    def test_an_empty_list(self, platform: Platform, source: Source) -> None:
        platform.listing = Listing([])
        found = self.fetch(platform, source)
        assert (found.tracks, found.is_complete) == ((), True)

    def test_delisted_songs_stay(self, platform: Platform, source: Source) -> None:
        first, second, third = songs(3)
        platform.listing = Listing([first, dataclasses.replace(second, is_available=False), third])
        found = self.fetch(platform, source)
        assert [track.title for track in found.tracks] == [first.title, second.title, third.title]
        assert found.is_complete
        for song, track in zip(platform.listing.songs, found.tracks, strict=True):
            self.expect(platform, song, track)

    def test_several_pages(self, platform: Platform, source: Source) -> None:
        platform.listing = Listing(songs(1234))
        found = self.fetch(platform, source)
        shown = platform.most_shown or 1234
        assert found.is_complete == (shown == 1234)
        assert bool(found.note) == (shown < 1234)
        for song, track in zip(platform.listing.songs[:shown], found.tracks, strict=True):
            self.expect(platform, song, track)

    def test_ten_thousand_songs(self, platform: Platform, source: Source) -> None:
        platform.listing = Listing(songs(10_000))
        found = self.fetch(platform, source)
        assert len(found.tracks) == min(10_000, platform.most_shown or 10_000)
        assert found.is_complete == (platform.most_shown is None)
        assert found.tracks[-1].title == platform.listing.songs[len(found.tracks) - 1].title

    def test_fewer_songs_than_there_are(self, platform: Platform, source: Source) -> None:
        """Of a platform that tells how many there are and then gives fewer, whatever the reason."""
        platform.listing = Listing(songs(30), total=40)
        found = self.fetch(platform, source)
        assert len(found.tracks) == 30
        assert found.is_complete == (not platform.counts)
        assert ("30 of 40" in (found.note or "")) == platform.counts

    @pytest.mark.parametrize("trouble", ["fail_at", "truncate_at", "page_at"])
    def test_a_failure_in_the_middle_is_never_a_short_whole(
        self, platform: Platform, source: Source, trouble: str
    ) -> None:
        platform.listing = Listing(songs(1234))
        whole = self._questions(platform, source)
        for number in range(1, whole + 1):
            platform.make_trouble(**{trouble: number})
            reason, found = self._outcome(platform, source)
            assert reason in (None, "unreachable", "unreadable"), number
            if found:
                assert not found.is_complete, number
                assert found.note

    def _outcome(self, platform: Platform, source: Source) -> tuple[str | None, SourcePlaylist | None]:
        try:
            return None, self.fetch(platform, source)
        except SourceFailed as failure:
            return failure.reason, None

    def _questions(self, platform: Platform, source: Source) -> int:
        """How many questions the whole list takes; at most the first eight are spoiled one by one."""
        platform.make_trouble()
        self.fetch(platform, source)
        return min(platform.asked, 8)

    def test_too_many_questions(self, platform: Platform, source: Source) -> None:
        platform.make_trouble(limited=2, retry_after="7")
        assert self.fetch(platform, source).is_complete
        assert self.waited == [7.0, 7.0]

    def test_too_many_questions_for_long(self, platform: Platform, source: Source) -> None:
        platform.make_trouble(limited=99, retry_after="3600")
        failure = self.fail(platform, source)
        assert (failure.reason, failure.retry_after) == ("limited", 3600.0)
        assert platform.asked == 1
        assert sum(self.waited) <= MAX_WAIT

    def test_a_short_trouble_is_outlived(self, platform: Platform, source: Source) -> None:
        platform.make_trouble(limited=1, retry_after="0")
        assert len(self.fetch(platform, source).tracks) == 12

    def test_gone(self, platform: Platform, source: Source) -> None:
        platform.make_trouble(gone=True)
        assert self.fail(platform, source).reason in ("gone", "refused")

    def test_private(self, platform: Platform, source: Source) -> None:
        platform.make_trouble(private=True)
        assert self.fail(platform, source).reason in ("private", "gone")

    def test_refused(self, platform: Platform, source: Source) -> None:
        platform.make_trouble(refused=True)
        assert self.fail(platform, source).reason in ("refused", "unreachable", "gone")

    def test_nobody_there(self, platform: Platform, source: Source) -> None:
        with type(platform)() as gone:
            settings = settings_for(gone)
        with Fetcher(settings, sleep=lambda _: None) as fetcher, pytest.raises(SourceFailed) as caught:
            source.fetch(self.ref(platform, source), fetcher)
        assert caught.value.reason == "unreachable"

    def test_hostile_titles_come_as_text(self, platform: Platform, source: Source) -> None:
        hostile = [
            Song(number, title, (title or "x",), album=title or "x")
            for number, title in enumerate(HOSTILE_TITLES, start=1)
        ]
        platform.listing = Listing(hostile, title=HOSTILE_TITLES[0], description=HOSTILE_TITLES[1])
        found = self.fetch(platform, source)
        assert len(found.tracks) == len(hostile)
        for track in found.tracks:
            for text in (track.title, track.album or "", *track.artists, found.title):
                assert text.isprintable() or "\u202e" in text or "\u200b" in text
                assert len(text) <= 500
                text.encode()
