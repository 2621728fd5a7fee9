"""Documents made at run time: PDF, Word, EPUB."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="{path}" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def pdf(
    pages: Sequence[Sequence[str]],
    *,
    title: str = "",
    bookmarks: Mapping[int, str] | None = None,
    password: str | None = None,
    owner: str | None = None,
) -> bytes:
    """A PDF with these lines on its pages. `password` locks it; `owner` only against changes."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(_plain_pdf(pages))))
    if title:
        writer.add_metadata({"/Title": title})
    for page, name in (bookmarks or {}).items():
        writer.add_outline_item(title=name, page_number=page)
    if password is not None or owner is not None:
        writer.encrypt(password or "", owner_password=owner, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _plain_pdf(pages: Sequence[Sequence[str]]) -> bytes:
    objects = ["", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"]
    kids = []
    for lines in pages:
        shown = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 50 780 Td\n{shown}ET"
        objects.append(f"<</Length {len(stream.encode('cp1252'))}>>stream\n{stream}\nendstream")
        content = len(objects)
        page = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {content} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        objects.append(page)
        kids.append(f"{len(objects)} 0 R")
    objects[0] = "<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += "".join(f"{offset:010} 00000 n \n" for offset in offsets).encode()
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF".encode()
    return bytes(out)


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def scan(pages: int = 3) -> bytes:
    """A PDF of pictures."""
    from PIL import Image

    out = io.BytesIO()
    first, *rest = [Image.new("RGB", (200, 280), (250, 250, 240)) for _ in range(pages)]
    first.save(out, "PDF", save_all=True, append_images=rest)
    return out.getvalue()


def epub(
    chapters: Mapping[str, str],
    *,
    title: str = "Of Birds",
    language: str = "en",
    ncx: Mapping[str, str] | None = None,
    nav: Mapping[str, str] | None = None,
    locked: Sequence[str] = (),
    folder: str = "OEBPS/",
) -> bytes:
    """A book. `chapters`: the bodies of pages by their file names; `ncx`, `nav`: titles by the same names."""
    items = [
        f'<item id="c{at}" href="{name}" media-type="application/xhtml+xml"/>'
        for at, name in enumerate(chapters)
    ]
    spine = [f'<itemref idref="c{at}"/>' for at in range(len(chapters))]
    parts: dict[str, str] = {
        f"{folder}{name.replace('%20', ' ')}": _page(body) for name, body in chapters.items()
    }
    if ncx is not None:
        items.append('<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>')
        points = "".join(
            f'<navPoint><navLabel><text>{label}</text></navLabel><content src="{name}#top"/></navPoint>'
            for name, label in ncx.items()
        )
        parts[f"{folder}toc.ncx"] = (
            f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{points}</navMap></ncx>'
        )
    if nav is not None:
        items.append('<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>')
        spine.insert(0, '<itemref idref="nav"/>')
        links = "".join(f'<li><a href="{name}">{label}</a></li>' for name, label in nav.items())
        parts[f"{folder}nav.xhtml"] = _page(f"<nav><h1>Contents of all</h1><ol>{links}</ol></nav>")
    if locked:
        names = "".join(
            f'<EncryptedData><CipherData><CipherReference URI="{name}"/></CipherData></EncryptedData>'
            for name in locked
        )
        parts["META-INF/encryption.xml"] = f"<encryption>{names}</encryption>"
    parts[f"{folder}content.opf"] = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
        f"<dc:language>{language}</dc:language></metadata>"
        f"<manifest>{''.join(items)}</manifest><spine>{''.join(spine)}</spine></package>"
    )
    parts["META-INF/container.xml"] = CONTAINER.format(path=f"{folder}content.opf")
    return archive({"mimetype": "application/epub+zip", **parts})


def _page(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
        f"<head><title>x</title><style>p {{ color: red }}</style></head><body>{body}</body></html>"
    )


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


def docx(
    paragraphs: Sequence[tuple[str, str]], *, title: str = "", rows: Sequence[Sequence[str]] = ()
) -> bytes:
    """A Word document: (style, text) for each paragraph, and a table behind them."""
    from docx import Document

    document = Document()
    document.core_properties.title = title
    for style, text in paragraphs:
        document.add_paragraph(text, style=style)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
