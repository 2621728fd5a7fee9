"""PDF, Word documents and EPUB, made here; good ones and hostile ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from magpie.podcasts.texts.formats import archives, pdf
from tests.podcasts.texts import making
from tests.podcasts.texts.conftest import Read

pytestmark = pytest.mark.once
Fault = Callable[..., str]

PAGE = [
    "The magpie builds a nest with a roof of thorny twigs above it, and it en-",
    "ters by a hole at the side. In the north it lays six eggs in the month of",
    "April, and both of the parents feed their young for twenty-seven days.",
    "They do well.",
    "Some say that it steals. It was studied: it is rather afraid of what is shiny,",
    "and keeps away from it for as long as",
]
NEXT = ["it can. That is all that is known of it at this time, and it is enough for us.", "The end of it."]


class TestPdf:
    def test_paragraphs_chapters_and_title(self, read: Read) -> None:
        data = making.pdf([PAGE, NEXT], title="Of Magpies", bookmarks={0: "The nest", 1: "What is known"})
        found = read(data, "x.pdf")
        assert (found.kind, found.title, found.language) == ("pdf", "Of Magpies", "en")
        first, second, *_ = found.text.split("\n\n")
        assert first == "# The nest"
        assert second.startswith(
            "The magpie builds a nest with a roof of thorny twigs above it, and it enters by"
        )
        assert second.endswith("twenty-seven days. They do well.")
        assert "# What is known" in found.text

    def test_a_sentence_over_the_page_s_end_is_one(self, read: Read) -> None:
        assert "for as long as it can. That is all" in read(making.pdf([PAGE, NEXT]), "x.pdf").text

    def test_headers_footers_and_page_numbers_are_left_out(self, read: Read) -> None:
        pages = [
            ["Journal of Birds 12", f"Chapter {word} begins here", *PAGE, f"Page {number} of 5", str(number)]
            for number, word in enumerate(("one", "two", "three", "four", "five"), 1)
        ]
        text = read(making.pdf(pages), "x.pdf").text
        assert "Journal" not in text
        assert "Page" not in text
        assert all(f"Chapter {word} begins here The magpie" in text for word in ("one", "three", "five"))

    @pytest.mark.parametrize("title", ["", "untitled", "Microsoft Word - final.doc", "thesis_v3.docx"])
    def test_a_title_that_is_none(self, read: Read, title: str) -> None:
        assert read(making.pdf([PAGE], title=title), "Nests_of_birds.pdf").title == "Nests of birds"

    def test_its_name_does_not_matter(self, read: Read) -> None:
        assert read(making.pdf([PAGE]), "notes.txt", "text/plain").kind == "pdf"

    def test_locked(self, read: Read, fault: Fault) -> None:
        assert fault(making.pdf([PAGE], password="secret"), "x.pdf") == "encrypted"
        assert "thorny twigs" in read(making.pdf([PAGE], owner="may change it"), "x.pdf").text

    def test_a_scan(self, fault: Fault) -> None:
        assert fault(making.scan(), "x.pdf") == "no_text"

    @pytest.mark.parametrize("cut", [20, 300, 700])
    def test_cut(self, fault: Fault, cut: int) -> None:
        assert fault(making.pdf([PAGE])[:cut], "x.pdf") in ("damaged", "no_text")

    def test_too_many_pages(self, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pdf, "MAX_PAGES", 3)
        assert fault(making.pdf([PAGE] * 4), "x.pdf") == "too_large"


class TestWord:
    PARAGRAPHS = (
        ("Title", "Of Magpies"),
        ("Heading 1", "The nest"),
        ("Normal", "It has a roof of twigs, and it is built in the top of a tree."),
        ("List Bullet", "six eggs"),
        ("Heading 2", "The\tyoung"),
        ("Normal", "They are fed for 27 days."),
    )

    def test_its_parts_in_their_order(self, read: Read) -> None:
        data = making.docx(self.PARAGRAPHS, rows=[["Year", "Eggs"], ["2025", "6"]])
        found = read(data, "x.docx")
        assert found.text.split("\n\n") == [
            "# Of Magpies",
            "# The nest",
            "It has a roof of twigs, and it is built in the top of a tree.",
            "- six eggs",
            "## The young",
            "They are fed for 27 days.",
            "Year | Eggs\n2025 | 6",
        ]
        assert (found.title, found.language, found.kind) == ("Of Magpies", "en", "docx")

    def test_a_title_of_its_own(self, read: Read) -> None:
        assert (
            read(making.docx(self.PARAGRAPHS, title="Magpies, 2nd edition"), "x.docx").title
            == "Magpies, 2nd edition"
        )

    def test_under_another_name(self, read: Read) -> None:
        assert read(making.docx(self.PARAGRAPHS), "x.txt").kind == "docx"

    def test_empty(self, fault: Fault) -> None:
        assert fault(making.docx([]), "x.docx") == "no_text"

    @pytest.mark.parametrize("broken", ["<w:document", "", "<html>no</html>"])
    def test_damaged(self, fault: Fault, broken: str) -> None:
        data = _changed(making.docx(self.PARAGRAPHS), {"word/document.xml": broken})
        assert fault(data, "x.docx") in ("damaged", "no_text")

    def test_a_bomb_of_entities(self, fault: Fault) -> None:
        entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "boom"}">' for n in range(12))
        bomb = (
            f'<?xml version="1.0"?><!DOCTYPE x [{entities}]>'
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
            "<w:t>&e11;</w:t></w:r></w:p></w:body></w:document>"
        )
        assert fault(_changed(making.docx(self.PARAGRAPHS), {"word/document.xml": bomb}), "x.docx") in (
            "damaged",
            "no_text",
        )


def _changed(data: bytes, parts: dict[str, str]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return making.archive({name: archive.read(name) for name in archive.namelist()} | dict(parts))


class TestEpub:
    def test_chapters_in_reading_order_with_headings(self, read: Read) -> None:
        book = making.epub(
            {
                "b.xhtml": "<h1>The nest</h1><p>It has a roof.</p>",
                "a%20b.xhtml": "<p>They are fed for <i>27</i> days,<br/>and it is enough.</p><script>no()</script>",
                "c.xhtml": "<p>Afterword</p><p>That was it.</p>",
            },
            ncx={"b.xhtml": "Unused", "a%20b.xhtml": "The young", "c.xhtml": "Afterword"},
        )
        found = read(book, "x.epub")
        assert found.text.split("\n\n") == [
            "# The nest",
            "It has a roof.",
            "# The young",
            "They are fed for 27 days,\nand it is enough.",
            "# Afterword",
            "That was it.",
        ]
        assert (found.title, found.language, found.kind) == ("Of Birds", "en", "epub")

    def test_the_contents_of_epub_3(self, read: Read) -> None:
        book = making.epub({"c/1.xhtml": "<p>One thing.</p>"}, nav={"c/1.xhtml#x": "First of all"}, folder="")
        assert read(book).text == "# First of all\n\nOne thing."

    def test_locked_by_its_seller(self, fault: Fault, read: Read) -> None:
        pages = {"a.xhtml": "<p>Some words.</p>"}
        assert fault(making.epub(pages, locked=["OEBPS/a.xhtml"])) == "encrypted"
        assert read(making.epub(pages, locked=["OEBPS/font.otf"])).text == "Some words."

    @pytest.mark.parametrize(
        "parts",
        [
            {"META-INF/container.xml": ""},
            {"META-INF/container.xml": "<container/>"},
            {"META-INF/container.xml": making.CONTAINER.format(path="../../etc/passwd")},
            {"META-INF/container.xml": making.CONTAINER.format(path="a.opf"), "a.opf": "no xml"},
        ],
    )
    def test_damaged(self, fault: Fault, parts: dict[str, str]) -> None:
        assert fault(making.archive(parts), "x.epub") == "damaged"

    def test_nothing_outside_is_read(self, fault: Fault) -> None:
        opf = (
            '<!DOCTYPE p [<!ENTITY f SYSTEM "file:///etc/passwd">]><package><metadata>&f;</metadata><manifest>'
            '<item id="a" href="/etc/passwd" media-type="text/html"/>'
            '<item id="b" href="../../../etc/hostname" media-type="text/html"/></manifest>'
            '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>'
        )
        container = making.CONTAINER.format(path="a.opf")
        assert fault(making.archive({"META-INF/container.xml": container, "a.opf": opf})) == "no_text"

    def test_another_archive(self, fault: Fault) -> None:
        assert fault(making.archive({"xl/workbook.xml": "<x/>"}), "x.docx") == "unsupported"


class TestBombs:
    def test_much_out_of_little(self, fault: Fault) -> None:
        pages = {"a.xhtml": "<p>" + "a" * (8 << 20) + "</p>"}
        assert fault(making.epub(pages)) == "too_large"

    def test_many_parts(self, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archives, "MAX_PARTS", 10)
        assert fault(making.epub({f"{n}.xhtml": "<p>x</p>" for n in range(12)})) == "too_large"

    def test_all_together(self, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archives, "MAX_UNPACKED", 5000)
        assert fault(making.docx(TestWord.PARAGRAPHS)) == "too_large"

    def test_one_that_lies_about_its_size(self, fault: Fault) -> None:
        """What is unpacked is bounded by what was announced: a part with more in it is broken."""
        data = bytearray(making.epub({"a.xhtml": "<p>" + "words and " * 500 + "</p>"}))
        with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
            size = archive.getinfo("OEBPS/a.xhtml").file_size
        old, new = size.to_bytes(4, "little"), (100).to_bytes(4, "little")
        assert data.count(old) >= 1
        assert fault(bytes(data.replace(old, new)), "x.epub") == "damaged"

    def test_a_part_with_a_password(self, fault: Fault) -> None:
        data = bytearray(making.epub({"a.xhtml": "<p>words</p>"}))
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = -1
            while (at := data.find(mark, at + 1)) >= 0:
                data[at + offset] |= 1
        assert fault(bytes(data)) == "encrypted"
