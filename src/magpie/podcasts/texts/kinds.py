"""What kind of document a file is: its first bytes count before its name, and its name before what a server says."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from magpie.podcasts.texts.document import MAX_FILE, MAX_PLAIN, Unreadable

_HEAD = 64 << 10  # bytes that are looked at
_HTML = re.compile(rb"<\s*(!doctype\s+html|html[\s>]|head[\s>]|body[\s>])", re.IGNORECASE)
_FEED = re.compile(rb"<\s*(rss|feed|rdf:RDF|opml|urlset)[\s>]", re.IGNORECASE)
_XML = re.compile(rb"\s*<(\?xml\s|svg[\s>])", re.IGNORECASE)
_SUBTITLES = re.compile(rb"\s*(WEBVTT\b|1\s+\d\d:\d\d:\d\d[,.]\d{3} --> |\[Script Info\])")
_WORDS = {
    b"\xd0\xcf\x11\xe0": "an old Word, Excel or PowerPoint file: save it as .docx or PDF",
    b"{\\rtf": "RTF: save it as .docx or PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"ID3": "a recording",
    b"OggS": "a recording",
    b"fLaC": "a recording",
    b"RIFF": "a recording or a picture",
    b"\x1aE\xdf\xa3": "a video",
    b"\x1f\x8b": "an archive",
    b"7z\xbc\xaf": "an archive",
    b"Rar!": "an archive",
}
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_MIMES = {
    "application/pdf": "pdf",
    "application/epub+zip": "epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "md",
    "text/x-markdown": "md",
    "text/plain": "txt",
}
_SUFFIXES = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "md",
    ".markdown": "md",
    ".mdown": "md",
}
# What a server calls something of which nothing is known, or what servers call everything.
_VAGUE = frozenset(
    ("", "application/octet-stream", "binary/octet-stream", "application/zip", "application/xml", "text/xml")
)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be read: a file, and what was said of it."""

    path: str
    name: str  # for people, with its suffix
    content_type: str = ""
    charset: str = ""
    address: str = ""


def is_welcome(content_type: str) -> bool:
    """Whether what a server announces may be a text at all."""
    return content_type in _VAGUE or content_type in _MIMES or content_type.startswith("text/")


def kind_of(order: Order) -> str:
    """`txt`, `md`, `subtitles`, `html`, `pdf`, `docx` or `epub`. Raises `Unreadable`."""
    path = Path(order.path)
    size = path.stat().st_size
    if size > MAX_FILE:
        raise Unreadable("too_large", f"The file has more than {MAX_FILE >> 20} MB.")
    if size == 0:
        raise Unreadable("no_text", "The file is empty.")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    kind = _by_content(path, head, order)
    if kind in ("txt", "md", "html", "subtitles") and size > MAX_PLAIN:
        raise Unreadable("too_large", f"The text has more than {MAX_PLAIN >> 20} MB.")
    return kind


def _by_content(path: Path, head: bytes, order: Order) -> str:
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK"):
        return _by_parts(path)
    if _ENCRYPTED_OFFICE in head or (head.startswith(b"\xd0\xcf\x11\xe0") and _is_encrypted_office(path)):
        raise Unreadable("encrypted", "The document is locked with a password.")
    for start, what in _WORDS.items():
        if head.startswith(start):
            raise Unreadable("unsupported", f"This is {what}.")
    if head[4:8] == b"ftyp":
        raise Unreadable("unsupported", "This is a video or a recording.")
    if not _is_text(head):
        known = Path(order.name).suffix.lower() in (".pdf", ".docx", ".epub") or order.content_type in _MIMES
        if known:
            raise Unreadable("damaged", "The file is damaged: it does not begin as such files do.")
        raise Unreadable("unsupported", "This is no text, web page, PDF, Word document or EPUB.")
    return _of_text(head, order)


def _of_text(head: bytes, order: Order) -> str:
    suffix = _SUFFIXES.get(Path(order.name).suffix.lower())
    plain = head.replace(b"\0", b"")  # UTF-16 and UTF-32
    if suffix == "md" or order.content_type in ("text/markdown", "text/x-markdown"):
        return "md"
    if _HTML.search(plain[:4096]):
        return "html"
    if _FEED.search(plain[:4096]):
        raise Unreadable(
            "unsupported", "This is a feed or a list of addresses: follow it, or give the pages it names."
        )
    if _XML.match(plain):
        raise Unreadable("unsupported", "This is data in XML and no text to be read.")
    if _SUBTITLES.match(plain.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe")):
        return "subtitles"
    return suffix or ("html" if _MIMES.get(order.content_type) == "html" else "txt")


def _by_parts(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable("damaged", "The file is damaged: its parts cannot be found.") from error
    if "META-INF/container.xml" in names:
        return "epub"
    if "word/document.xml" in names or any(name.endswith("/document.xml") for name in names):
        return "docx"
    raise Unreadable(
        "unsupported", "This is an archive, a spreadsheet or something else that is no Word document or EPUB."
    )


def _is_encrypted_office(path: Path) -> bool:
    """The directory of such a file may lie anywhere in it; real ones are small."""
    with path.open("rb") as file:
        return _ENCRYPTED_OFFICE in file.read(8 << 20)


def _is_text(head: bytes) -> bool:
    """Whether these bytes may be text in some encoding: hardly any control characters, and NUL only as UTF-16 has it."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\0\0\xfe\xff")):
        return True
    zeros = head.count(0)
    if zeros:
        odd, even = head[1::2].count(0), head[::2].count(0)
        return zeros > len(head) // 5 and (min(odd, even) * 20 <= max(odd, even))
    odd_ones = sum(head.count(code) for code in range(32) if code not in (7, 8, 9, 10, 11, 12, 13, 26, 27))
    return odd_ones * 200 <= len(head)
