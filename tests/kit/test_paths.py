"""Names from elsewhere become names that every file system takes, and paths stay where they belong."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from magpie.kit.paths import MAX_NAME_BYTES, OutsideRoot, below, numbered, safe_name

# Everything that a hostile title is made of, and ordinary text between.
PIECES = st.one_of(
    st.text(max_size=12),
    st.characters(),
    st.sampled_from(
        [
            "con",
            "NUL",
            "com1",
            "LPT9",
            "aux",
            "COM¹",
            "CONIN$",
            ".",
            "..",
            "/",
            "\\",
            "-",
            "~",
            ":",
            "?",
            "*",
            "晴天",
        ]
    ),
    st.sampled_from(list(" \0\n\u202e\u200b\ufeff\u0301\u2028\ud800👩\u200d👧")),
)
TITLES = st.lists(PIECES, max_size=40).map("".join)
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(\..*)?", re.IGNORECASE)


@given(TITLES, st.integers(min_value=8, max_value=MAX_NAME_BYTES))
@example("con" + "." * 300 + "x", MAX_NAME_BYTES)
@example("con" + " ." * 40 + "x", 40)
@example("a" + "\u0301" * 400, MAX_NAME_BYTES)
@example("lpt1" + "\u0301" * 3, 8)
@example("_" * 179 + "\ud800é", MAX_NAME_BYTES)
@example("-\u0338", 20)
def test_a_safe_name_is_safe_everywhere(text: str, limit: int) -> None:
    name = safe_name(text, max_bytes=limit)
    assert name
    assert len(name.encode()) <= limit
    assert name not in (".", "..")
    assert not set(name) & set('/\\:|?*<>"')
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for char in name)
    assert name[0] not in ".-~ "
    assert name[-1] not in ". "
    assert not RESERVED.fullmatch(name)
    assert unicodedata.is_normalized("NFC", name)


@given(TITLES, st.integers(min_value=8, max_value=MAX_NAME_BYTES))
@example("con" + "." * 300 + "x", MAX_NAME_BYTES)
@example("nul.txt", 8)
def test_a_safe_name_stays_as_it_is(text: str, limit: int) -> None:
    name = safe_name(text, max_bytes=limit)
    assert safe_name(name, max_bytes=limit) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("NUL .txt", "_NUL .txt"),
        ("Com1", "_Com1"),
        ("lpt¹.mp3", "_lpt¹.mp3"),
        ("console", "console"),
        ("com10", "com10"),
        ("AC/DC: Live?", "AC⧸DC꞉ Live？"),
        ("../../etc/passwd", "⧸..⧸etc⧸passwd"),
        ("..", "untitled"),
        ("", "untitled"),
        ("\u200b\u202e", "untitled"),
        ("  a\tb\n\nc  ", "a b c"),
        ("-rf", "rf"),
        ("Caf\u0065\u0301", "Café"),
        ("evil\u202e3pm.exe", "evil3pm.exe"),
        ("晴天", "晴天"),
    ],
)
def test_examples(text: str, name: str) -> None:
    assert safe_name(text) == name


def test_a_cut_falls_between_characters() -> None:
    assert safe_name("天" * 100, max_bytes=16) == "天" * 5
    assert safe_name("abcde\u0323", max_bytes=6) == "abcd"


@given(st.text(alphabet="ab. ", min_size=1, max_size=12), st.integers(min_value=1, max_value=9999))
def test_numbers_tell_names_apart(name: str, number: int) -> None:
    assert numbered(name, 1) == name
    assert len({numbered(name, n) for n in range(1, 5)}) == 4
    assert name[:1] == numbered(name, number)[:1]


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("song.mp3", "song (2).mp3"),
        ("song", "song (2)"),
        (".hidden", ".hidden (2)"),
        ("Vol. 1 of the story", "Vol. 1 of the story (2)"),
        ("a.tar.gz", "a.tar (2).gz"),
    ],
)
def test_the_ending_stays_at_the_end(name: str, second: str) -> None:
    assert numbered(name, 2) == second


@pytest.mark.parametrize(
    "path", ["", ".", "..", "../x", "a/../..", "/etc/passwd", "a/../../x", "link/x", "loop"]
)
def test_what_leads_out_is_refused(tmp_path: Path, path: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    (root / "loop").symlink_to(root)
    with pytest.raises(OutsideRoot):
        below(root, path)


def test_what_stays_inside_is_absolute(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    (root / "inside").symlink_to(root / "folder")
    (tmp_path / "alias").symlink_to(root)
    assert below(root, "a/../b") == root / "b"
    assert below(root, "inside/x") == root / "folder" / "x"
    assert below(tmp_path / "alias", "x") == root / "x"
    assert below(root, "..x") == root / "..x"


@given(st.text(alphabet="./a\\", max_size=30))
def test_nothing_ever_leads_out(path: str) -> None:
    root = Path("/tmp/a-root-that-is-not-there")
    try:
        found = below(root, path)
    except OutsideRoot:
        return
    assert found.is_relative_to(root)
    assert found != root
