"""From bytes to letters, whoever wrote them in whatever encoding, and from letters to a text that can be read aloud."""

from __future__ import annotations

import codecs
import re
import unicodedata

from magpie.podcasts.texts import encodings

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Named in pages, and meaning more than they say (the WHATWG's encoding standard).
_MEANT = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
}
_MEANT |= {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
}
_MEANT |= {"x-sjis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "iso-8859-9": "cp1254"}
# Python's own ways to write text, which no page means.
_NO_ENCODINGS = frozenset(
    ("punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem")
)
# Marks that are not said: soft hyphens, widths of nothing, directions, and whatever controls a terminal.
_SILENT = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
_BLANKS = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000 ]+")
_BREAKS = re.compile("\r\n?|[\x0c\x85\u2028\u2029]")


def decode(data: bytes, declared: str = "") -> str:
    """The text. A mark at the beginning counts first, then UTF-8 if it is valid, then what was declared, then likeness."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    if wide := _utf16_without_mark(data):
        return data.decode(wide, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(data) - 4:  # cut in the middle of a letter
            return data.decode("utf-8", errors="replace")
    for name in filter(None, (_known(declared), encodings.guess(data), "cp1252")):
        text = data.decode(name, errors="replace")
        if text.count("\ufffd") * 500 <= len(text):
            return text
    return data.decode("utf-8", errors="replace")


def without_silent(text: str) -> str:
    """Without what is not said; halves of letters are replaced."""
    return _SILENT.sub("", text.encode("utf-8", errors="replace").decode("utf-8"))


def clean(text: str) -> str:
    """Line ends, blanks and letters in one form, without what is not said; at most one empty line in a row."""
    text = _BREAKS.sub("\n", text)
    text = unicodedata.normalize("NFC", _BLANKS.sub(" ", without_silent(text)))
    lines = (line.strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def line_of(text: str, most: int = 300) -> str:
    """A title: in one line, and not too long."""
    line = " ".join(clean(text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _known(declared: str) -> str | None:
    name = declared.strip().strip("'\"").lower()
    name = _MEANT.get(name, name)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    is_text = getattr(found, "_is_text_encoding", True)
    return name if is_text and found.name.replace("-", "_") not in (*_NO_ENCODINGS, "utf_8") else None


def _utf16_without_mark(data: bytes) -> str | None:
    head = data[:4096]
    odd, even = head[1::2].count(0), head[::2].count(0)
    if max(odd, even) * 3 < len(head):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"
