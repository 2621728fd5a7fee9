"""What is said in subtitle files."""

from __future__ import annotations

from pathlib import Path

import pytest

from magpie.podcasts.making.subtitles import text_of

pytestmark = pytest.mark.once

ROLLING = """\ufeffWEBVTT
Kind: captions
Language: en

NOTE made by a machine
of which nobody needs to know

STYLE
::cue { color: red }

00:00:00.000 --> 00:00:02.000 align:start
Lakes freeze

00:00:02.000 --> 00:00:04.000
Lakes freeze
from<00:00:02.500><c> above.</c>

00:00:04.000 --> 00:00:06.000
from above.
Fish &amp; frogs live on.
"""
SUBRIP = """1
00:00:00,000 --> 00:00:02,000
<i>Yes.</i>

2
00:00:02,000 --> 00:00:04,000
{\\an8}No.

3
00:00:04,000 --> 00:00:06,000
1984 was a year.
[door slams]
"""
ALPHA = """[Script Info]
Title: On ice
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.00,0:00:02.00,Default,,0,0,0,,{\\i1}Lakes, too,\\Nfreeze.
Comment: 0,0:00:00.00,0:00:02.00,Default,,0,0,0,,not this
"""


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.vtt", ROLLING, "Lakes freeze from above. Fish & frogs live on."),
        ("a.srt", SUBRIP, "Yes. No. 1984 was a year."),
        ("a.ass", ALPHA, "Lakes, too, freeze."),
        ("empty.vtt", "WEBVTT\n", ""),
    ],
)
def test_words_are_kept_and_nothing_else(tmp_path: Path, name: str, content: str, said: str) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    assert text_of(file) == said


def test_what_was_said_long_ago_may_be_said_again(tmp_path: Path) -> None:
    file = tmp_path / "song.srt"
    lines = ["La la.", "One.", "Two.", "Three.", "La la."]
    file.write_text(
        "\n\n".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{one}" for n, one in enumerate(lines))
    )
    assert text_of(file) == "La la. One. Two. Three. La la."


def test_long_talks_have_paragraphs(tmp_path: Path) -> None:
    file = tmp_path / "talk.srt"
    file.write_text("\n\n".join(f"{n}\n00:00:00,000 --> 00:00:01,000\nSentence {n}." for n in range(20)))
    assert [one.count("Sentence") for one in text_of(file).split("\n\n")] == [8, 8, 4]
