"""PDF: the text of its pages as paragraphs, its bookmarks as headings; lines that every page repeats are left out."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from magpie.podcasts.texts.document import MAX_CHARACTERS, Unreadable
from magpie.podcasts.texts.formats.raw import Raw

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_PAGES = 5000
_A_PAGE = 15  # characters on each page at least; with less it is pictures of pages
_REPEATS = 0.5  # of the pages that a header or footer stands on
_EDGE = 3  # lines at the top and bottom that may be headers and footers
_NO_TITLE = re.compile(
    r"(?i)^(untitled|unknown|document\d*|microsoft \w+ - .*|.*\.(docx?|indd|tex|pdf|qxd|odt))$"
)
_ENDS = (".", "!", "?", ":", "”", '"', "…", "。", "！", "？")


def read_pdf(path: Path) -> Raw:
    """Raises `Unreadable`."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    with path.open("rb") as file:
        try:
            reader = PdfReader(file)
            _unlock(reader)
            count = len(reader.pages)
            if count > MAX_PAGES:
                raise Unreadable("too_large", f"The PDF has {count} pages; {MAX_PAGES} can be read.")
            pages, failed = _pages(reader)
            chapters = _chapters(reader)
            title = _title(reader)
        except (Unreadable, MemoryError):
            raise
        except RecursionError as error:
            raise Unreadable("damaged", "The PDF is nested too deeply.") from error
        except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, OSError) as error:
            # pypdf meets other people's bytes; what it raises for broken ones is not all its own.
            raise Unreadable("damaged", "The PDF is damaged and cannot be read.") from error
    letters = sum(len(page.strip()) for page in pages)
    if letters < _A_PAGE * max(1, count):
        if failed == count and count:
            raise Unreadable("damaged", "The PDF is damaged: none of its pages can be read.")
        raise Unreadable(
            "no_text",
            "The PDF holds pictures of pages and no text. Let a program recognise the text first (OCR).",
        )
    return Raw(_together(pages, chapters), title)


def _unlock(reader: PdfReader) -> None:
    """Many are locked against changes only, and open without a password."""
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("encrypted", "The PDF is locked with a password.")


def _pages(reader: PdfReader) -> tuple[list[str], int]:
    """The text of each page, and how many pages failed: one broken page does not lose the others."""
    pages, failed, total = [], 0, 0
    for page in reader.pages:
        try:
            text = page.extract_text() or ""
        except (MemoryError, RecursionError):
            raise
        except Exception:  # noqa: BLE001  see above: anything may come out of a broken page
            text, failed = "", failed + 1
        total += len(text)
        if total > MAX_CHARACTERS * 2:
            raise Unreadable("too_large", f"The text has more than {MAX_CHARACTERS:,} characters.")
        pages.append(text)
    return pages, failed


def _chapters(reader: PdfReader) -> dict[int, list[str]]:
    """Titles of the outermost bookmarks by the page (from 0) that they lead to."""
    found: dict[int, list[str]] = {}
    try:
        for mark in reader.outline:
            if isinstance(mark, list):
                continue
            page = reader.get_destination_page_number(mark)
            if page is not None and page >= 0 and mark.title:
                found.setdefault(page, []).append(" ".join(str(mark.title).split())[:200])
    except (MemoryError, RecursionError):
        raise
    except Exception:  # noqa: BLE001  the text can do without
        return {}
    return found if sum(map(len, found.values())) > 1 else {}


def _title(reader: PdfReader) -> str:
    facts: Any = reader.metadata
    title = str((facts.title if facts else None) or "").strip()
    return "" if _NO_TITLE.match(title) or len(title) < 3 else title


def _together(pages: list[str], chapters: dict[int, list[str]]) -> str:
    cut = [[line.strip() for line in page.strip().split("\n")] for page in pages]
    repeated = _repeated(cut)
    widths = [len(line) for page in cut for line in page if line]
    width = median(widths) if widths else 0
    parts: list[str] = []
    for number, lines in enumerate(cut):
        kept = _without_edges(lines, repeated)
        headings = chapters.get(number, [])
        parts += [f"# {heading}" for heading in headings]
        paragraphs = _paragraphs(kept, width)
        parts += [one for one in paragraphs if one.casefold() not in {h.casefold() for h in headings}]
    return _continued(parts)


def _without_edges(lines: list[str], repeated: set[str]) -> list[str]:
    """The lines without the headers at the top, the footers at the bottom, and the page's number."""
    first, last = 0, len(lines)
    while first < min(_EDGE, last) and (_shape(lines[first]) in repeated or lines[first].isdecimal()):
        first += 1
    while last > max(first, len(lines) - _EDGE) and (
        _shape(lines[last - 1]) in repeated or lines[last - 1].isdecimal()
    ):
        last -= 1
    return lines[first:last]


def _shape(line: str) -> str:
    """A line with its numbers made alike: `Page 7 of 120`."""
    return re.sub(r"\d+", "0", line)


def _repeated(pages: list[list[str]]) -> set[str]:
    """The shapes of headers and footers."""
    if len(pages) < 4:
        return set()
    counts: Counter[str] = Counter()
    for lines in pages:
        counts.update({_shape(line) for line in lines[:_EDGE] + lines[-_EDGE:] if line})
    return {shape for shape, count in counts.items() if count >= len(pages) * _REPEATS}


def _paragraphs(lines: list[str], width: float) -> list[str]:
    """Lines joined until one ends early, at the end of a sentence, or an empty one comes."""
    found: list[str] = []
    current = ""
    for line in lines:
        if not line:
            found, current = [*found, current] if current else found, ""
            continue
        current = _joined(current, line)
        if line.endswith(_ENDS) and len(line) < width * 0.8:
            found, current = [*found, current], ""
    return [*found, current] if current else found


def _joined(text: str, line: str) -> str:
    if not text:
        return line
    if re.search(r"[^\W\d_]-$", text) and line[:1].islower():
        return text[:-1] + line  # a word that was parted at the end of the line
    is_wide = ord(text[-1]) > 0x2E80 and ord(line[0]) > 0x2E80
    return text + ("" if is_wide else " ") + line


def _continued(parts: list[str]) -> str:
    """Paragraphs that go on over the page's end are one."""
    whole: list[str] = []
    for part in parts:
        before = whole[-1] if whole else ""
        goes_on = before and not before.startswith("# ") and not before.endswith(_ENDS) and part[:1].islower()
        if goes_on:
            whole[-1] = _joined(before, part)
        else:
            whole.append(part)
    return "\n\n".join(whole)
