"""OPML 2.0 (http://opml.org/spec2.opml): all feeds of a user in one file, which podcast apps import."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from magpie.library.feeds.text import attribute, element_text, one_line

MIME = "text/x-opml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed: its title, its address, and the page that it is about."""

    title: str
    address: str
    page: str | None = None


def write(title: str, outlines: Iterable[Outline]) -> str:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0">\n<head><title>{element_text(one_line(title))}</title></head>\n<body>',
        *(_outline(outline) for outline in outlines),
        "</body>\n</opml>\n",
    ]
    return "\n".join(lines)


def _outline(outline: Outline) -> str:
    title, address = attribute(one_line(outline.title)), attribute(outline.address)
    page = f' htmlUrl="{attribute(one_line(outline.page, 2000))}"' if outline.page else ""
    return f'<outline type="rss" text="{title}" title="{title}" xmlUrl="{address}"{page}/>'
