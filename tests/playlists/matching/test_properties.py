"""Cases made by rule: what must change no answer, and what must change every answer."""

from __future__ import annotations

from dataclasses import replace

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.playlists.matching.service import Match, Matcher, Verdict
from magpie.playlists.matching.titles import parse
from magpie.playlists.tracks import Track

pytestmark = pytest.mark.once

HAN = (
    "爱情天空时间海洋雨夜星光梦想青春回忆故事城市孤独温柔花开月亮阳风雪红蓝黑人生歌声离别幸福眼泪微笑远方山河"
)
KANA = "あいうえおかきくけこさしすせそたちつてとなにぬねの"
HANGUL = "가나다라마바사아자차카타파하고노도로모보소오조"
WORDS = (
    "love",
    "night",
    "heart",
    "rain",
    "golden",
    "river",
    "silver",
    "shadow",
    "ocean",
    "thunder",
    "paradise",
)
TO_TRADITIONAL = opencc.OpenCC("s2t")

titles = st.one_of(
    st.text(HAN, min_size=2, max_size=6),
    st.text(KANA, min_size=3, max_size=7),
    st.text(HANGUL, min_size=2, max_size=5),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(lambda words: " ".join(words).title()),
).filter(lambda title: not parse(title).tags and not parse(title).is_generic)
artists = st.sampled_from(
    ["周杰伦", "Taylor Swift", "宇多田ヒカル", "아이유", "Some Unknown Band", "无人知晓的乐队"]
)
lengths = st.integers(120, 400).map(float)
tracks = st.builds(
    lambda title, artist, length: Track("a", title, (artist,), duration=length), titles, artists, lengths
)

NOISE = (
    " (Remastered)",
    " - Remastered 2011",
    " (2011 Remaster)",
    " [Explicit]",
    " (Deluxe Edition)",
    " (Official Video)",
    " (Album Version)",
    " (Bonus Track)",
    " - Original Mix",
    " (电影《某片》主题曲)",
    " - 电视剧《某剧》片尾曲",
    ' (From "Some Film")',
    " (Original Motion Picture Soundtrack)",
    " (TVアニメ「何か」オープニングテーマ)",
    " (고음질 OST)",
    " (feat. Somebody)",
    " (HQ)",
    "【MV】",
    " (2011)",
    " (原版)",
    " (歌词版)",
)
VERSIONS = (
    " (Live)",
    "(Live版)",
    " - Live at Somewhere",
    " (现场)",
    " (2004 演唱会)",
    " (ライブ)",
    " (라이브)",
    " (伴奏)",
    " (Instrumental)",
    " (Karaoke Version)",
    " (Off Vocal)",
    " (カラオケ)",
    " (Inst.)",
    " (钢琴版)",
    " (Piano Version)",
    " (Acoustic)",
    " (DJ阿甲版)",
    " (Somebody Remix)",
    " - Remix",
    " (粤语版)",
    " (国语)",
    " (Japanese Ver.)",
    " (Korean Version)",
    " (cover 某人)",
    " (翻唱)",
    " (歌ってみた)",
    " (Demo)",
    " (Sped Up)",
    " (加速版)",
    " (Slowed + Reverb)",
    " (Nightcore)",
    " (Somebody's Version)",
    " (女声版)",
    " (A Cappella)",
    " (Orchestral Version)",
)
few = settings(max_examples=120, deadline=None)


def only(wanted: Track, held: Track) -> Match:
    return Matcher([held]).match(wanted)


@few
@given(tracks, st.sampled_from(NOISE), st.booleans(), st.integers(-2, 2))
def test_noise_keeps_a_match(track: Track, noise: str, on_wanted: bool, seconds: int) -> None:
    noisy = replace(track, id="b", title=track.title + noise, duration=(track.duration or 0) + seconds)
    found = only(noisy, track) if on_wanted else only(track, noisy)
    assert found.verdict is Verdict.MATCHED, found


@few
@given(tracks, st.sampled_from(VERSIONS), st.booleans(), st.integers(2, 60))
def test_another_version_breaks_it(track: Track, version: str, on_wanted: bool, seconds: int) -> None:
    other = replace(track, id="b", title=track.title + version, duration=(track.duration or 0) + seconds)
    found = only(other, track) if on_wanted else only(track, other)
    assert found.verdict is not Verdict.MATCHED, found


@few
@given(tracks, st.sampled_from(VERSIONS), st.sampled_from(VERSIONS))
def test_a_version_is_itself(track: Track, one: str, other: str) -> None:
    first = replace(track, title=track.title + one)
    second = replace(track, id="b", title=track.title + other)
    assert only(first, replace(first, id="b")).verdict is Verdict.MATCHED
    ours, theirs = parse(first.title).tags, parse(second.title).tags
    if ours.keys() != theirs.keys():
        assert only(first, second).verdict is not Verdict.MATCHED


@few
@given(tracks, st.booleans())
def test_scripts_widths_and_case_tell_nothing(track: Track, on_wanted: bool) -> None:
    wide = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in track.title)
    for title in (TO_TRADITIONAL.convert(track.title), track.title.upper(), track.title.lower(), wide):
        other = replace(
            track, id="b", title=title, artists=(TO_TRADITIONAL.convert(track.artists[0]).upper(),)
        )
        assert (only(other, track) if on_wanted else only(track, other)).verdict is Verdict.MATCHED


@few
@given(tracks, tracks)
def test_both_directions_agree(one: Track, other: Track) -> None:
    held = replace(other, id="b")
    assert only(one, held).verdict is only(replace(other, id="c"), one).verdict


@few
@given(tracks, titles)
def test_another_name_is_another_song(track: Track, title: str) -> None:
    other = replace(track, id="b", title=title)
    if not parse(title).names & parse(track.title).names and parse(title).whole != parse(track.title).whole:
        found = only(track, other)
        assert found.verdict is not Verdict.MATCHED or min(len(title), len(track.title)) > 8, found


@few
@given(tracks, st.integers(1, 9), st.integers(1, 9))
def test_numbers_are_equal_or_it_is_another_song(track: Track, one: int, other: int) -> None:
    first, second = (replace(track, title=f"{track.title} {number}") for number in (one, other))
    assert (only(first, second).verdict is Verdict.MATCHED) == (one == other)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.lists(st.text(max_size=40), max_size=3), st.text(max_size=60))
def test_nothing_that_is_told_is_an_error(title: str, names: list[str], album: str) -> None:
    odd = Track("a", title, tuple(names), album=album, duration=200.0, aliases=(album,))
    assert Matcher([odd, replace(odd, id="b", title=album)]).match(odd).score <= 1
