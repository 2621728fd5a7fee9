"""Titles taken apart: golden rows from many scripts, and what holds of any text."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.downloads.extractors.music import words
from magpie.downloads.extractors.music.names import Named, artist_of_channel, is_topic, name, without_noise
from tests.downloads.extractors.music.titles import ANY, MUSIC, Row

PIECES = st.sampled_from(
    [" - ", " – ", " | ", "｜", "feat. ", "ft ", "(Official Video)", "[4K]", "【MV】", "「", "」", "《", "》", "'", '"', "(",
     ")", "#",
     "Adele", "Live", "周杰倫", "稻香", "Official", "MV", "가사", "клип", " x ", " & ", "_", "／", "－", "\u202e",
     "\u0000", "🔥", "  ",     "Video", "with lyrics", "1 Hour", "-", "・"]
)  # fmt: skip
TITLES = st.text(max_size=80) | st.lists(PIECES | st.text(max_size=6), max_size=14).map("".join)


@pytest.mark.parametrize("row", MUSIC, ids=lambda row: row[0][:60])
def test_music(row: Row) -> None:
    title, channel, artist, song = row
    found = name(title, channel, is_music=True)
    assert (found.artist, found.title) == (artist, song)


@pytest.mark.parametrize("row", ANY, ids=lambda row: row[0][:60])
def test_whatever_else_is_saved_as_sound(row: Row) -> None:
    title, channel, artist, whole = row
    found = name(title, channel)
    assert (found.artist, found.title) == (artist, whole)


def test_there_are_enough_of_them() -> None:
    assert len(MUSIC) + len(ANY) >= 150
    scripts = {unicodedata.name(char).split()[0] for row in MUSIC for char in row[0] if char.isalpha()}
    assert {"LATIN", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "CYRILLIC", "ARABIC", "HEBREW", "THAI", "DEVANAGARI",
            "BENGALI", "TAMIL", "GREEK", "GEORGIAN"} <= scripts  # fmt: skip


def test_the_sites_own_artists_are_believed() -> None:
    assert name("Hello", "Somebody", artists=["Adele"]) == Named("Hello", ("Adele",))
    assert name("Adele - Hello", "Somebody", artists=["Adele"]) == Named("Hello", ("Adele",))
    assert name("Hello - Goodbye", "Somebody", artists=["Adele"], is_music=True).title == "Hello - Goodbye"
    assert name("Latch (feat. Sam Smith)", artists=["Disclosure", "Sam Smith"]) == Named(
        "Latch", ("Disclosure", "Sam Smith")
    )


@pytest.mark.parametrize(
    ("channel", "artist"),
    [
        ("Adele - Topic", "Adele" ), ("AdeleVEVO", "Adele" ), ("EdSheeranVEVO", "Ed Sheeran" ),
         ("Rammstein Official", "Rammstein" ),
        ("ABBA", "ABBA"), ("Roxy Music", "Roxy Music"), ("King Gnu official", "King Gnu"), ("スピッツ公式", "スピッツ"),
        ("Official", "Official"), ("", ""), ("VEVO", "VEVO"),
    ],
)  # fmt: skip
def test_channels(channel: str, artist: str) -> None:
    assert artist_of_channel(channel) == artist
    assert is_topic(channel) == channel.endswith(" - Topic")


@settings(max_examples=400, deadline=None)
@given(TITLES, TITLES, st.booleans())
def test_any_text_stays_sane(title: str, channel: str, is_music: bool) -> None:
    found = name(title, channel, is_music=is_music)
    assert len(found.title) <= len(title)
    for text in (found.title, *found.artists, *found.guests):
        assert text == text.strip()
        assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text)
    if without_noise(title):
        assert found.title
    if found.artists:
        again = name(found.title, channel, artists=found.artists, is_music=is_music)
        assert again.title == found.title


@settings(max_examples=300, deadline=None)
@given(TITLES)
def test_cleaning_twice_is_cleaning_once(title: str) -> None:
    clean = without_noise(title)
    assert without_noise(clean) == clean
    assert len(clean) <= len(title)


@pytest.mark.parametrize(
    "piece", ["官方版", "(", "[feat. ", "official ", "「", " - ", "MV", "live 1 ", "ft. a ", "|", "#mv "]
)
def test_hostile_titles_take_no_time(piece: str) -> None:
    title = (piece * 500)[:499] + "\u4e00"
    began = time.process_time()
    name(title, title, is_music=True)
    assert time.process_time() - began < 2  # processor seconds; milliseconds are usual


@pytest.mark.parametrize("choice", [words._NOISY, words._VERSIONS], ids=["noise", "versions"])
def test_of_two_words_of_which_one_goes_on_from_the_other_the_longer_is_tried_first(
    choice: tuple[str, ...],
) -> None:
    pattern = re.compile(rf"(?>{words._one_of(choice)})", re.IGNORECASE)
    for word in choice:
        found = pattern.match(word)
        assert found is not None
        assert found[0] == word
