"""Other people's words as XML text: nothing that they hold can end an element, and every parser reads the same."""

from __future__ import annotations

import re
from html import escape

MAX_TITLE = 500
MAX_DESCRIPTION = 4000  # characters; what most podcast apps show at most

# What XML 1.0 cannot hold, however it is written (https://www.w3.org/TR/xml/#charsets), and the control characters of
# C1, which it could and which mean nothing to anybody.
_ILLEGAL = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEW_LINE = re.compile("\r\n?|[\x85\u2028\u2029]")


def clean(text: str) -> str:
    """Only what XML can hold; every kind of new line is `\\n`."""
    if text.replace("\n", "").isprintable():  # nearly always, and much quicker to see
        return text
    return _ILLEGAL.sub("", _NEW_LINE.sub("\n", text))


def one_line(text: str, limit: int = MAX_TITLE) -> str:
    """The same in one line, with single blanks, cut where it is too long."""
    return _cut(" ".join(clean(text).split()), limit)


def element_text(text: str) -> str:
    """Between tags. Takes clean text; `>` is written out, too, since `]]>` may not stand there."""
    return escape(text, quote=False)


def attribute(text: str) -> str:
    """In double quotes. Takes clean text of one line."""
    return escape(text, quote=True)


def html(text: str) -> str:
    """The text as HTML: apps read descriptions so, and would take a `<` in it for a tag."""
    lines = escape(_cut(clean(text).strip(), MAX_DESCRIPTION), quote=False).split("\n")
    return f"<p>{'<br>'.join(lines)}</p>"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
