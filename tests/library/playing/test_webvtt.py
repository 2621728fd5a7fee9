"""SubRip's subtitles as browsers read them: the text, and over HTTP."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.library.models import Item, ItemFile
from magpie.library.playing.webvtt import MOST_BYTES, of_subrip
from tests.library.playing.conftest import STRANGER, Library

pytestmark = pytest.mark.once

SRT = "1\r\n00:00:01,500 --> 00:00:02,000\r\nDrip.\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nDrop.\r\nDrap.\r\n"
VTT = "WEBVTT\n\n00:00:01.500 --> 00:00:02.000\nDrip.\n\n00:00:03.000 --> 00:00:04.000\nDrop.\nDrap.\n"


def cue(said: str, times: str = "00:00:01,000 --> 00:00:02,000") -> str:
    """What becomes of one cue, without its times."""
    made = of_subrip(f"1\n{times}\n{said}\n".encode()).decode()
    return made.removeprefix("WEBVTT\n\n").partition("\n")[2].rstrip("\n")


def test_cues_lose_their_numbers_and_keep_their_times() -> None:
    assert of_subrip(SRT.encode()) == VTT.encode()


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("<i>Drip</i> <B>drop</B>", "<i>Drip</i> <b>drop</b>"),
        ('<font color="#fff">Drip</font>', "Drip"),
        ("{\\an8}{\\pos(1,2)}Drip", "Drip"),
        ("1 < 2 & 3 --> 4", "1 &lt; 2 &amp; 3 --&gt; 4"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<b onclick=x>Drip</b>", "&lt;b onclick=x&gt;Drip</b>"),
        ("Drip\x00\x07", "Drip"),
        ("1984", "1984"),
        ("{\\an8}", ""),
    ],
)
def test_text_keeps_what_webvtt_has_and_runs_nothing(said: str, written: str) -> None:
    assert cue(said) == written


@pytest.mark.parametrize(
    ("times", "written"),
    [
        ("0:00:01.5 --> 0:00:02", "00:00:01.500 --> 00:00:02.000"),
        ("100:00:01,000 --> 100:00:02,000 X1:1 X2:2", "100:00:01.000 --> 100:00:02.000"),
        ("00:00:02,000 --> 00:00:01,000", None),
        ("00:00:01,000 -> 00:00:02,000", None),
    ],
)
def test_times_are_read_as_players_do(times: str, written: str | None) -> None:
    made = of_subrip(f"1\n{times}\nDrip\n".encode()).decode()
    assert made == (f"WEBVTT\n\n{written}\nDrip\n" if written else "WEBVTT\n")


def test_what_stands_at_the_top_does_so_again() -> None:
    assert b"00:00:02.000 line:0\nDrip\n" in of_subrip(b"1\n00:00:01,000 --> 00:00:02,000\n{\\an8}Drip\n")


def test_cues_without_empty_lines_or_numbers_are_parted() -> None:
    packed = "1\n00:00:01,500 --> 00:00:02,000\nDrip.\n2\n00:00:03,000 --> 00:00:04,000\nDrop.\n\n\n\nDrap."
    assert of_subrip(packed.encode()) == VTT.encode()
    bare = "\n".join(line for line in packed.split("\n") if line not in ("1", "2"))
    assert of_subrip(bare.encode()) == VTT.encode()


@pytest.mark.parametrize(
    ("encoding", "language", "said"),
    [
        ("utf-8-sig", None, "雨"),
        ("utf-16", None, "雨"),
        ("gb18030", "zh-Hans", "下雨了"),
        ("cp932", "ja", "雨が降る"),
        ("cp1251", "ru", "Дождь"),
        ("cp1252", "de", "Es regnet häufig"),
    ],
)
def test_old_files_are_read_by_their_language(encoding: str, language: str | None, said: str) -> None:
    text = f"1\n00:00:01,000 --> 00:00:02,000\n{said}\n"
    assert f"\n{said}\n" in of_subrip(text.encode(encoding), language).decode()


@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"0:0:1,0 --> 0:0:2,0\n{text}".encode())
)
def test_whatever_is_given_no_cue_ends_early_and_nothing_is_marked_but_letters(content: bytes) -> None:
    made = of_subrip(content).decode()
    head, *cues = made.rstrip("\n").split("\n\n")
    assert head == "WEBVTT"
    for one in cues:
        times, *lines = one.split("\n")
        assert times.count("-->") == 1
        assert lines
        assert all("-->" not in line for line in lines)
        plain = "".join(lines)
        for tag in ("b", "i", "u"):
            plain = plain.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
        assert "<" not in plain


def with_subtitles(library: Library, name: str, content: bytes) -> tuple[int, int]:
    """An item with such a file beside it; the numbers of both."""
    item_id = library.add(b"film", f"{Path(name).stem}.mp4")
    (library.context.settings.media_root / name).write_bytes(content)
    with library.context.database.write() as session:
        item = session.get_one(Item, item_id)
        file = ItemFile(
            path=name,
            role="subtitle",
            position=1,
            size=len(content),
            mime="application/x-subrip",
            language="en",
        )
        item.files.append(file)
        session.flush()
        return item_id, file.id


def test_a_browser_is_given_webvtt(library: Library, player: httpx.Client) -> None:
    item, file = with_subtitles(library, "rain.srt", SRT.encode())
    answer = player.get(f"/{item}/subtitles/{file}")
    assert (answer.status_code, answer.text) == (200, VTT)
    assert answer.headers["content-type"] == "text/vtt; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    tag = {"If-None-Match": answer.headers["etag"]}
    assert player.get(f"/{item}/subtitles/{file}", headers=tag).status_code == 304
    head = player.head(f"/{item}/subtitles/{file}")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(VTT)))
    assert player.get(f"/{item}/file", params={"file": file}).content == SRT.encode()


def test_what_is_webvtt_is_sent_as_it_lies_there(library: Library, player: httpx.Client) -> None:
    item, file = with_subtitles(library, "snow.vtt", VTT.encode())
    answer = player.get(f"/{item}/subtitles/{file}", headers={"Range": "bytes=0-5"})
    assert (answer.status_code, answer.content) == (206, b"WEBVTT")


def test_what_are_no_subtitles_are_not_found(library: Library, player: httpx.Client) -> None:
    item, file = with_subtitles(library, "big.srt", b"x" * (MOST_BYTES + 1))
    assert player.get(f"/{item}/subtitles/{file}").status_code == 404
    assert player.get(f"/{item}/subtitles/{file - 1}").status_code == 404
    other, other_file = with_subtitles(library, "hail.srt", SRT.encode())
    assert player.get(f"/{item}/subtitles/{other_file}").status_code == 404
    headers = {"Authorization": f"Bearer {library.token(STRANGER)}"}
    assert player.get(f"/{other}/subtitles/{other_file}", headers=headers).status_code == 404
    ass, ass_file = with_subtitles(library, "wind.ass", b"[Script Info]")
    assert player.get(f"/{ass}/subtitles/{ass_file}").status_code == 404
