"""Word's documents: paragraphs, points and tables in their order, styles of headings as headings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from magpie.podcasts.texts.document import Unreadable
from magpie.podcasts.texts.formats.archives import opened
from magpie.podcasts.texts.formats.raw import Raw

_HEADING = re.compile(r"(?i)^(?:heading|überschrift|titre|título|标题)\s*([1-6])$")
_TITLES = frozenset(("title", "titel", "titre", "título", "标题"))
_LIST = re.compile(r"(?i)^list\b")


def read_docx(path: Path) -> Raw:
    """Raises `Unreadable`."""
    from docx import Document
    from docx.opc.exceptions import OpcError
    from lxml import etree  # type: ignore[import-untyped]

    with opened(
        path
    ):  # judged before python-docx unpacks all of it, and open so that what it meets is told alike
        try:
            document = Document(str(path))
            title, text = _read(document)
            facts = document.core_properties
            return Raw(text, (facts.title or "").strip() or title, facts.language or None)
        except (
            OpcError,
            etree.LxmlError,
            KeyError,
            ValueError,
            AttributeError,
            TypeError,
            IndexError,
        ) as error:
            # Broken packages make python-docx stumble in many ways; none of them is ours.
            raise Unreadable("damaged", "The Word document is damaged and cannot be read.") from error


def _read(document: Any) -> tuple[str, str]:
    from docx.table import Table

    title, parts = "", []
    styles: dict[str, str] = {}
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            parts.append(_rows(block))
            continue
        text = block.text.strip()
        if not text:
            continue
        style = _style(block, styles)
        if style.lower() in _TITLES:
            title = title or text
            parts.append(f"# {text}")
        elif found := _HEADING.match(style):
            parts.append(f"{'#' * int(found[1])} {' '.join(text.split())}")
        else:
            parts.append(f"- {text}" if _LIST.match(style) else text)
    return title, "\n\n".join(part for part in parts if part)


def _style(paragraph: Any, known: dict[str, str]) -> str:
    """The style's name. Looking it up anew for each paragraph would take most of the time."""
    key = paragraph._p.style or ""
    if key not in known:
        known[key] = str(getattr(paragraph.style, "name", None) or "")
    return known[key]


def _rows(table: Any) -> str:
    """A row a line; cells that were merged are told once. Tables in tables are left to their cells' text."""
    lines = []
    for row in table.rows:
        cells, last = [], None
        for cell in row.cells:
            if cell._tc is not last and cell.text.strip():
                cells.append(" ".join(cell.text.split()))
            last = cell._tc
        lines.append(" | ".join(cells))
    return "\n".join(line for line in lines if line)
