"""Texts and Markdown, in whatever encoding."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from magpie.podcasts.texts.decoding import clean, decode
from magpie.podcasts.texts.document import MAX_CHARACTERS, MAX_FILE, Unreadable
from magpie.podcasts.texts.kinds import Order, kind_of
from magpie.podcasts.texts.language import guess
from tests.podcasts.texts.conftest import Read

pytestmark = pytest.mark.once

SAMPLES = {
    "en": "The magpie is one of the most intelligent birds, and it is said that they can count.",
    "de": "Die Elster ist einer der klügsten Vögel, und es heißt, dass sie sich im Spiegel erkennt.",
    "fr": "La pie est l’un des oiseaux les plus intelligents, et on dit qu’elle se reconnaît dans un miroir.",
    "es": "La urraca es una de las aves más inteligentes, y se dice que puede contar con los dedos.",
    "pl": "Sroka jest jednym z najmądrzejszych ptaków i mówi się, że potrafi liczyć do pięciu.",
    "ru": "Сорока — одна из самых умных птиц, и говорят, что она умеет считать и узнаёт себя.",
    "el": "Η καρακάξα είναι από τα πιο έξυπνα πουλιά, και λένε ότι μπορεί να μετράει με το μυαλό της.",
    "tr": "Saksağan en akıllı kuşlardan biri ve bir aynada kendini tanıdığı gibi sayı da sayabilir.",
    "zh": "喜鹊是最聪明的鸟类之一。据说它们会数数，也能在镜子里认出自己。它们的巢有屋顶。",
    "ja": "カササギは最も賢い鳥の一つです。鏡の中の自分を認識できると言われています。",
    "ko": "까치는 가장 똑똑한 새 가운데 하나이며 거울 속의 자신을 알아본다고 한다.",
}


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("en", "utf-8"),
        ("de", "utf-8-sig"),
        ("de", "cp1252"),
        ("fr", "cp1252"),
        ("es", "latin-1"),
        ("pl", "cp1250"),
        ("ru", "cp1251"),
        ("ru", "koi8-r"),
        ("zh", "utf-8"),
        ("zh", "gb18030"),
        ("zh", "utf-16"),
        ("el", "cp1253"),
        ("tr", "cp1254"),
        ("zh", "big5"),
        ("ja", "utf-8"),
        ("ja", "cp932"),
        ("ja", "euc-jp"),
        ("ko", "cp949"),
        ("en", "utf-16-be"),
        ("en", "utf-32"),
    ],
)
def test_encodings_and_languages_are_found_out(read: Read, language: str, encoding: str) -> None:
    sample = SAMPLES[language]
    if encoding in ("latin-1", "cp1252", "koi8-r"):
        sample = sample.replace("’", "'").replace("—", "-")
    if encoding == "big5":
        sample = "喜鵲是最聰明的鳥類之一。據說牠們會數數，也能在鏡子裡認出自己。"
    text = "\n\n".join([sample] * 4)
    found = read(text.encode(encoding))
    assert found.text == text
    assert (found.language, found.kind, found.title) == (language, "txt", "notes")


def test_big5_when_it_is_declared(read: Read) -> None:
    text = "喜鵲是最聰明的鳥類之一。"
    assert read(text.encode("big5"), charset="big5").text == text


@pytest.mark.parametrize(
    "declared", ["utf-8", "nonsense", "base64", "hex", "unicode_escape", "x" * 500, "\0"]
)
def test_what_is_declared_wrongly_does_no_harm(declared: str) -> None:
    assert (
        decode("Vögel und Bäume, größer als Häuser".encode("cp1252"), declared)
        == "Vögel und Bäume, größer als Häuser"
    )


def test_a_letter_that_was_cut_at_the_end(read: Read) -> None:
    assert read("Vögel ü".encode()[:-1]).text.startswith("Vögel")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", "utf-8", "gb2312", "utf-7", "big5", "iso-2022-jp"]))
def test_any_bytes_become_a_text(data: bytes, declared: str) -> None:
    text = clean(decode(data, declared))
    text.encode("utf-8")
    assert "\0" not in text
    assert clean(text) == text


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(categories=["L", "N", "P"]), min_size=1, max_size=200))
def test_utf_8_comes_through_letter_by_letter(text: str) -> None:
    assert decode(text.encode()) == text or text.encode().startswith(codecs.BOM_UTF8)


def test_what_is_not_said_is_left_out(read: Read) -> None:
    odd = "One\u00ad two\u200b three\u202e four\x07.\r\n\r\n\r\n\r\nFive\u00a0\u3000six\u2028seven e\u0301"
    assert read(odd.encode()).text == "One two three four.\n\nFive six\nseven é"


def test_a_first_line_that_stands_alone_is_the_title(read: Read) -> None:
    assert read(b"On magpies\n\nThey build nests.").title == "On magpies"
    assert read(b"They build nests.\n\nAnd more.").title == "notes"
    assert read(b"They build\nnests.", "my_file.txt").title == "my file"


def test_lines_that_were_broken_at_a_width_are_joined(read: Read) -> None:
    line = "The magpie builds a nest with a roof of thorny twigs above it, and"
    book = "\n\n".join("\n".join([line] * 6) for _ in range(3))
    assert read(book.encode()).text == "\n\n".join(" ".join([line] * 6) for _ in range(3))
    poem = "\n\n".join("One for sorrow,\nTwo for mirth,\nThree for a funeral" for _ in range(5))
    assert read(poem.encode()).text == poem


def test_markdown_keeps_its_headings_and_loses_addresses(read: Read) -> None:
    page = (
        "---\ntitle: 'Of birds'\nlang: en-GB\n---\n\nMagpies\n=======\n\nSee [the nest](http://x.example/n) "
        "![a picture](p.png).\n\n<!-- not\nthis -->\n\nEggs\n----\n\nSix of them.\n\n[1]: http://x.example\n"
    )
    found = read(page.encode(), "birds.md")
    assert found.text == "# Magpies\n\nSee the nest .\n\n## Eggs\n\nSix of them."
    assert (found.title, found.language, found.kind) == ("Of birds", "en", "md")
    assert read(b"# Only\n\ntext of it", "x", "text/markdown").title == "Only"


@pytest.mark.parametrize(
    "given",
    [
        "WEBVTT\n\n00:00.000 --> 00:01.000\nGrüße\n\n00:01.000 --> 00:02.000\nan alle.\n",
        "1\r\n00:00:00,000 --> 00:00:01,000\r\n<i>Grüße</i>\r\n\r\n2\r\n00:00:01,000 --> 00:00:02,000\r\nan alle.\r\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_subtitles_are_read_without_their_times(read: Read, given: str, encoding: str) -> None:
    found = read(given.encode(encoding), "film.srt")
    assert (found.text, found.title, found.kind) == ("Grüße an alle.", "film", "subtitles")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no_text"),
        (b" \n\t\n", "no_text"),
        (b"... --- ...", "no_text"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "unsupported"),
        (b"ID3\x04" + b"\0" * 50, "unsupported"),
        (b"\0\0\0 ftypisom" + b"\0" * 50, "unsupported"),
        (b"{\\rtf1 hello}", "unsupported"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "unsupported"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 70_000 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"<?xml version='1.0'?><rss version='2.0'><channel/></rss>", "unsupported"),
        (b"<?xml version='1.0'?><svg><text>x</text></svg>", "unsupported"),
        (bytes(range(256)) * 9, "unsupported"),
        (b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" * 9, "unsupported"),
        (b"PK\x03\x04 and nothing", "damaged"),
    ],
)
def test_what_is_no_text(fault: Callable[..., str], data: bytes, code: str) -> None:
    assert fault(data) == code


def test_a_text_that_is_too_long(fault: Callable[..., str]) -> None:
    assert fault(b"A word. " * (MAX_CHARACTERS // 8 + 1)) == "too_large"


def test_200_mb_of_text_are_not_even_read(tmp_path: Path) -> None:
    """A sparse file: its size counts, not its content."""
    path = tmp_path / "large.txt"
    path.write_bytes(b"A" * 65_536)
    os.truncate(path, 200 << 20)
    with pytest.raises(Unreadable) as caught:
        kind_of(Order(str(path), "large.txt"))
    assert caught.value.code == "too_large"
    os.truncate(path, MAX_FILE + 1)
    with path.open("r+b") as file:
        file.write(b"%PDF-1.4")
    with pytest.raises(Unreadable) as caught:
        kind_of(Order(str(path), "large.pdf"))
    assert caught.value.code == "too_large"


def test_languages_that_are_declared() -> None:
    assert guess("Kurz", "de-AT") == "de"
    assert guess("Kurz", "x-not-one") is None
    assert guess(SAMPLES["en"], "de") == "en"  # a template's mistake
    assert (
        guess("let name = make(o); value = list.size; return render(name, value, a, width)", "en") == "en"
    )  # no prose: nothing to go by
    assert guess(SAMPLES["zh"], "en") == "zh"
    assert guess("12345") is None
    assert guess("שלום עולם, זה ספר על ציפורים") == "he"
