"""Data that a page holds for its own program, as JSON in a script."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from magpie.playlists.sources.fetching import Answer

_SCRIPT = re.compile(r"<script\b([^>]{0,500})>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)


def script_json(answer: Answer, name: str) -> Any:
    """What the script with this id holds. Raises `SourceFailed("unreadable")`."""
    wanted = re.compile(rf"""\bid\s*=\s*["']?{re.escape(name)}["'\s>]?""", re.IGNORECASE)
    for attributes, body in _SCRIPT.findall(answer.text()):
        if wanted.search(attributes):
            try:
                return json.loads(body)
            except (ValueError, RecursionError) as error:
                raise answer.unreadable() from error
    raise answer.unreadable()


def meta(answer: Answer, name: str) -> str | None:
    """The content of a page's `<meta property=…>` or `<meta name=…>`."""
    for tag in re.findall(r"<meta\b[^>]{0,4000}>", answer.text(), re.IGNORECASE):
        if re.search(rf"""\b(?:property|name)\s*=\s*["']{re.escape(name)}["']""", tag, re.IGNORECASE):
            content = re.search(r"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag, re.IGNORECASE)
            return unescape(content.group(1) or content.group(2) or "") if content else None
    return None
