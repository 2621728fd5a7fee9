from __future__ import annotations

from dataclasses import replace

import pytest

from magpie.playlists.matching.aliases import Aliases
from magpie.playlists.matching.service import Matcher, Verdict
from magpie.playlists.tracks import Track

SONG = Track("a", "晴天", ("周杰伦",), album="叶惠美", duration=269.0)
LIVE = Track("b", "晴天 (Live)", ("周杰伦",), duration=281.0)
MBID = "9b8ef1a2-0000-4000-8000-000000000001"


def test_earlier_matches_come_first() -> None:
    wanted = Track("w", "Sunny Day", ("Somebody",), source="netease", source_id="186016")
    matcher = Matcher([SONG, LIVE])
    found = matcher.match(wanted, source_map={("netease", "186016"): "b"})
    assert (found.verdict, found.track, found.reasons) == (Verdict.MATCHED, LIVE, ("same_source",))
    assert matcher.match(wanted, source_map={("netease", "186016"): "gone"}).verdict is Verdict.MISSING
    assert matcher.match(wanted, source_map={("qq", "186016"): "b"}).verdict is Verdict.MISSING


def test_a_recording_is_known_by_its_mbid() -> None:
    library = [SONG, replace(SONG, id="c", title="Sunny Day", artists=("Jay Chou",), mbid=MBID)]
    found = Matcher(library).match(Track("w", "晴天", ("周杰伦",), mbid=MBID.upper()))
    assert found.track == library[1]
    assert found.reasons[0] == "same_mbid"


@pytest.mark.parametrize(
    ("title", "artist", "duration", "isrc", "verdict"),
    [
        ("Sunny Day", "Jay Chou", 276.0, "TW-K97-03-00001", Verdict.MATCHED),
        ("Sunny Day", "Jay Chou", 279.0, "TWK970300001", Verdict.MISSING),  # not the same length
        ("Sunny Day", "Somebody", 269.0, "TWK970300001", Verdict.MISSING),  # neither title nor artist
        (
            "Sunny Day",
            "Jay Chou",
            None,
            "TWK970300001",
            Verdict.MISSING,
        ),  # another title, and no length to confirm
        ("晴天 (伴奏)", "周杰伦", 269.0, "TWK970300001", Verdict.REVIEW),
        ("晴天", "周杰伦", 400.0, "TWK970300001", Verdict.REVIEW),
    ],
)
def test_an_isrc_is_believed_if_the_length_agrees(
    title: str, artist: str, duration: float | None, isrc: str, verdict: Verdict
) -> None:
    wanted = Track("w", title, (artist,), duration=duration, isrc=isrc)
    found = Matcher([replace(SONG, isrc="TWK970300001")]).match(wanted)
    assert found.verdict is verdict, found
    assert ("same_isrc" in found.reasons) == (verdict is Verdict.MATCHED)


def test_the_length_chooses_among_equals() -> None:
    library = [replace(SONG, id="x", duration=300.0), SONG, replace(SONG, id="y", duration=272.0)]
    assert Matcher(library).match(Track("w", "晴天", ("Jay Chou",), duration=269.5)).track == SONG


def test_without_a_length_recordings_that_differ_are_for_people() -> None:
    library = [SONG, replace(SONG, id="x", album="精选", duration=330.0)]
    found = Matcher(library).match(Track("w", "晴天", ("周杰伦",)))
    assert (found.verdict, found.reasons[0]) == (Verdict.REVIEW, "ambiguous")
    assert {one.track.id for one in found.candidates} == {"a", "x"}
    by_album = Matcher(library).match(Track("w", "晴天", ("周杰伦",), album="葉惠美"))
    assert by_album.track == SONG


def test_another_version_is_missing_and_says_so() -> None:
    found = Matcher([LIVE]).match(Track("w", "晴天", ("周杰伦",), duration=269.0))
    assert found.verdict is Verdict.MISSING
    assert found.reasons == ("version_differs: live",)
    assert found.candidates[0].track == LIVE


def test_what_sounds_alike_is_for_people() -> None:
    found = Matcher([SONG]).match(Track("w", "Qing Tian", ("Jay Chou",), duration=269.0))
    assert (found.verdict, found.reasons[0]) == (Verdict.REVIEW, "title_romanised")


def test_peoples_own_names_of_artists() -> None:
    library = [Track("a", "无名之歌", ("某某乐队",), duration=200.0)]
    wanted = Track("w", "无名之歌", ("The Somebodies",), duration=200.0)
    assert Matcher(library).match(wanted).verdict is Verdict.REVIEW
    mine = Aliases.shipped().with_extra([("某某乐队", "The Somebodies")])
    assert Matcher(library, mine).match(wanted).verdict is Verdict.MATCHED


def test_an_empty_library_and_an_empty_title() -> None:
    assert Matcher([]).match(SONG).verdict is Verdict.MISSING
    nameless = Track("a", "", ())
    assert Matcher([nameless, SONG]).match(Track("w", "", ())).verdict is not Verdict.MATCHED


def test_a_title_that_thousands_share_is_found_by_its_artist() -> None:
    library = [Track(str(n), "Love", (f"Artist {n}",), duration=200.0) for n in range(6000)]
    found = Matcher(library).match(Track("w", "LOVE", ("artist 4711",), duration=201.0))
    assert found.track == library[4711]


def test_a_slip_of_the_pen_among_thousands_of_one_artist() -> None:
    library = [
        Track(str(n), f"Song of the number {n} mountains", ("One",), duration=200.0) for n in range(3000)
    ]
    library.append(Track("x", "Walking After Midnight", ("One",), duration=153.0))
    assert (
        Matcher(library).match(Track("w", "Walkin' After Midnight", ("One",), duration=153.0)).track
        == library[-1]
    )
