"""Which search results are taken for a song, and which never are."""

from __future__ import annotations

from pathlib import Path

import pytest

from magpie.downloads.extractors.listing import ListedEntry
from magpie.playlists.matching.aliases import Aliases
from magpie.playlists.missing import choosing, searching
from magpie.playlists.missing.choosing import Worth, judge, next_of, ranked
from magpie.playlists.tracks import Track

pytestmark = pytest.mark.once

SUNNY = Track("1", "晴天", ("周杰伦",), album="叶惠美", duration=269.0, source="netease", source_id="1")
HELLO = Track("2", "Hello", ("Adele",), album="25", duration=295.0)


def result(title: str, channel: str | None = None, seconds: float | None = None, **facts: object) -> Track:
    told = {**({"channel": channel} if channel else {}), **facts}
    return searching.track_of_entry(
        ListedEntry("k", "https://tube.example/x", title, "video", seconds, facts=told)
    )


def worth(wanted: Track, found: Track) -> Worth:
    return judge(wanted, found, Aliases.shipped()).worth


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (SUNNY, result("周杰倫 Jay Chou【晴天 Sunny Day】Official MV", "杰威爾音樂 JVR Music", 270)),
        (SUNNY, result("晴天", "周杰倫 - Topic", 269)),
        (HELLO, result("Adele - Hello (Official Audio)", "Adele", 296)),
        (HELLO, result("Hello", "Adele - Topic", 295)),
        (HELLO, result("Adele - Hello [Lyrics]", "Some Lyrics Channel", 297)),
        (HELLO, result("whatever it is called", "label", 295, track="Hello", artists=["Adele"])),
    ],
)
def test_the_song_is_known_under_what_uploaders_call_it(wanted: Track, found: Track) -> None:
    assert worth(wanted, found) is Worth.FITS


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (SUNNY, result("周杰倫 晴天 (Live) 演唱會", "JVR", 269)),
        (SUNNY, result("晴天 (周杰倫) cover by 某某", "某某", 269)),
        (SUNNY, result("周杰倫 - 晴天 (DJ版)", "DJ", 269)),
        (SUNNY, result("周杰倫 - 晴天 伴奏", "KTV", 269)),
        (SUNNY, result("周杰倫 - 七里香", "JVR", 269)),
        (SUNNY, result("周杰倫 Jay Chou【晴天 Live】", "JVR", 269)),
        (SUNNY, result("周杰倫 Jay Chou【晴天 Remix】", "JVR", 269)),
        (HELLO, result("Adele - Hello (Live at the NRJ Awards)", "Adele", 295)),
        (HELLO, result("Adele - Hello (Remix)", "DJ", 295)),
        (HELLO, result("Lionel Richie - Hello", "Lionel Richie", 295)),
        (HELLO, result("Adele - Hello (Official Video)", "Adele", 367)),  # it begins with a film
        (HELLO, result("Adele - Hello", "Adele", 30)),  # a sample
    ],
)
def test_another_version_artist_or_length_is_never_taken(wanted: Track, found: Track) -> None:
    assert worth(wanted, found) is Worth.NO


def test_a_title_alone_is_worth_a_look_at_its_page() -> None:
    assert worth(HELLO, result("Hello")) is Worth.OPEN
    assert worth(HELLO, result("Hello (Live)")) is Worth.NO


def test_the_best_is_tried_first_then_the_next_and_then_no_more() -> None:
    found = [
        {"url": "far", "worth": "fits", "score": 0.95, "duration": 300.0, "tried": None},
        {"url": "live", "worth": "no", "score": 0.99, "duration": 295.0, "tried": None},
        {"url": "open", "worth": "open", "score": 0.7, "duration": None, "tried": None},
        {"url": "near", "worth": "fits", "score": 0.96, "duration": 295.5, "tried": None},
        {"url": "near", "worth": "fits", "score": 0.96, "duration": 295.5, "tried": None},
    ]
    order = ranked(found, 295.0)
    assert [one["url"] for one in order] == ["near", "far", "open", "live"]
    seen = []
    while (place := next_of(order)) is not None:
        seen.append(order[place]["url"])
        order[place]["tried"] = "failed"
    assert seen == ["near", "far", "open"]
    many = [{"url": str(n), "worth": "fits", "tried": "failed"} for n in range(choosing.MOST_TRIED)]
    assert next_of([*many, {"url": "one more", "worth": "fits", "tried": None}]) is None


def test_searches_are_named_or_pages_with_a_place_for_the_words() -> None:
    assert [one.name for one in searching.searches([])] == ["ytmusic", "youtube", "soundcloud", "bilibili"]
    own = searching.checked(" https://search.example/find?q={query} ")
    (search,) = searching.searches([own])
    order = search.order("a & b", Path("/nowhere"), 0.0)
    assert (order.search, order.url) == ("https://search.example/find?q=a+%26+b", "https://search.example/")
    assert searching.searches([searching.checked("YouTube")])[0].order("x", Path(), 0).search == "ytsearch6:x"
    for bad in ("google", "https://{query}.example/", "file:///{query}", "https://a:b@c.example/{query}"):
        with pytest.raises(ValueError, match=r"\w"):
            searching.checked(bad)


def test_what_is_searched_for_is_one_line_and_no_option() -> None:
    song = Track("1", "--exec\nrm", ("--config-location",))
    assert searching.words_of(song) == "config-location --exec rm"
    assert len(searching.words_of(Track("1", "x" * 999))) == searching.MAX_WORDS
