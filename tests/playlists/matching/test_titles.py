from __future__ import annotations

import pytest

from magpie.playlists.matching.titles import chinese, parse, roman


@pytest.mark.parametrize(
    ("title", "base", "tags"),
    [
        ("晴天 (Live版)", "晴天", {"live": ""}),
        ("晴天Live", "晴天", {"live": ""}),
        ("晴天 现场", "晴天", {"live": ""}),
        ("犯罪现场", "犯罪现场", {}),
        ("Believe", "believe", {}),
        ("Live Forever", "liveforever", {}),
        ("Long Live", "longlive", {}),
        ("Song (Live at Wembley)", "song", {"live": "atwembley"}),
        ("夜曲钢琴版", "夜曲", {"piano": ""}),
        ("Song - Remastered 2011", "song", {}),
        ("Song - Live - Remastered 2011", "song", {"live": ""}),
        ("Song (Tiësto Remix)", "song", {"remix": "tiesto"}),
        ("错位时空 (DJ阿卓版)", "错位时空", {"remix": "阿卓"}),
        ("Song - Original Mix", "song", {}),
        ("Song (Radio Edit)", "song", {"edit": ""}),
        ("Song (Extended Mix)", "song", {"extended": ""}),
        ("恋 (Off Vocal)", "恋", {"instrumental": ""}),
        ("恋 カラオケ", "恋", {"instrumental": ""}),
        ("봄날 (라이브)", "봄날", {"live": ""}),
        ("K歌之王 (粤语版)", "k歌之王", {"language": "yue"}),
        ("TT -Japanese ver.-", "tt", {"language": "ja"}),
        ("晴天 (Cover 周杰伦)", "晴天", {"cover": "周杰伦"}),
        ("千本桜 (歌ってみた)", "千本樱", {"cover": ""}),
        ("Song (Sped Up)", "song", {"speed": "up"}),
        ("起风了 (0.8x)", "起风了", {"speed": "slow"}),
        ("Song (Taylor’s Version) [From The Vault]", "song", {"version": "owned"}),
        ("红豆 - 电视剧《缘来》主题曲", "红豆", {}),
        ("红豆 电视剧《缘来》主题曲", "红豆", {}),
        ("《后来》", "后来", {}),
        ('Let It Go - From "Frozen"/Soundtrack Version', "letitgo", {}),
        ("夜に駆ける - From THE FIRST TAKE", "夜に驱ける", {"live": ""}),
        ("炎 (TVアニメ「鬼滅の刃」主題歌)", "炎", {}),
        ("なんでもないや (movie ver.)", "なんでもないや", {"edit": ""}),
        ("봄날 (MR)", "봄날", {"version": "mr"}),
        ("晴天 戏腔版", "晴天", {"version": "戏腔"}),
        ("晴天_伴奏", "晴天", {"instrumental": ""}),
        ("01. 晴天", "晴天", {}),
        ("03 晴天", "晴天", {}),
        ("(Live)", "live", {}),
        ("!!!", "!!!", {}),
        ("", "", {}),
        ("((((", "((((", {}),
    ],
)
def test_a_title_is_a_name_and_a_version(title: str, base: str, tags: dict[str, str]) -> None:
    read = parse(title)
    assert (read.base, read.tags) == (base, tags)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Another Brick in the Wall, Pt. 2", "Another Brick In The Wall (Part II)"),
        ("第一章", "第1章"),
        ("Song, Part Two", "Song (Part 2)"),
        ("Song Ⅲ", "Song III"),
        ("Song vol. 4", "Song Volume IV"),
    ],
)
def test_numbers_are_read_in_every_spelling(one: str, other: str) -> None:
    assert parse(one).numbers == parse(other).numbers != ()
    assert parse(one).names & parse(other).names


def test_names_in_another_language_are_names() -> None:
    assert parse("봄날 (Spring Day)").names == {"봄날", "springday"}
    assert parse("光年之外 Light Years Away").weak == {"光年之外", "lightyearsaway"}
    assert parse("恋", aliases=["Koi", "TVドラマ「逃げ恥」主題歌"]).names == {"恋", "koi"}
    assert parse("晴天", aliases=["Live"]).tags == {"live": ""}


def test_the_artist_is_no_part_of_the_title() -> None:
    assert parse("周杰伦 - 晴天", artist_keys={"周杰伦"}).base == "晴天"
    assert parse("晴天-周杰伦", artist_keys={"周杰伦"}).base == "晴天"
    assert parse("晴天／周杰伦", artist_keys={"周杰伦"}).base == "晴天"
    assert parse("周杰伦 MV「晴天」Official Video", artist_keys={"周杰伦"}).base == "晴天"


def test_numerals() -> None:
    assert [roman(one) for one in ("i", "iv", "ix", "xii", "xiv", "ab", "")] == [1, 4, 9, 12, 14, None, None]
    assert [chinese(one) for one in ("一", "十", "十二", "二十三", "一百零五", "晴")] == [
        1,
        10,
        12,
        23,
        105,
        None,
    ]


@pytest.mark.parametrize(
    "hostile", ["(" * 5000, "a - " * 3000, "《" * 4000, "live " * 4000, "((x) " * 2000, "\x00\ud7ff" * 900]
)
def test_hostile_titles_are_read_at_once(hostile: str) -> None:
    assert parse(hostile).base is not None
