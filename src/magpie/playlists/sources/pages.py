"""Data that a page holds for its own program, as JSON in a script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from magpie.playlists.sources.fetching import Answer

_HEAD = 64 << 10  # characters of a page in which its own facts stand
_TAG = 500  # characters of a script's attributes


def script_json(answer: Answer, name: str) -> Any:
    """What the script with this id holds. Raises `SourceFailed("unreadable")`."""
    wanted = re.compile(rf"""\bid\s*=\s*["']?{re.escape(name)}(?=["'\s]|$)""")
    for attributes, body in _scripts(answer.text()):
        if wanted.search(attributes):
            try:
                return json.loads(body)
            except (ValueError, RecursionError) as error:
                raise answer.unreadable() from error
    raise answer.unreadable()


def _scripts(page: str) -> Iterator[tuple[str, str]]:
    """The attributes and texts of a page's scripts, in one pass over it: a page may have a million of them."""
    end = 0
    while (start := page.find("<script", end)) >= 0:
        opened = page.find(">", start, start + _TAG)
        end = page.find("</script", start)
        if end < 0:
            return
        if 0 <= opened < end:
            yield page[start:opened], page[opened + 1 : end]


def meta(answer: Answer, name: str) -> str | None:
    """The content of a page's `<meta property=…>` or `<meta name=…>`."""
    for tag in re.findall(r"<meta\b[^<>]{0,4000}>", answer.text()[:_HEAD], re.IGNORECASE):
        if re.search(rf"""\b(?:property|name)\s*=\s*["']{re.escape(name)}["']""", tag, re.IGNORECASE):
            content = re.search(r"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag, re.IGNORECASE)
            return unescape(content.group(1) or content.group(2) or "") if content else None
    return None
