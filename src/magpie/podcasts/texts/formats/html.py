"""Web pages: the article in them, without menus, comments and advertising."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from magpie.podcasts.texts.formats.markup import drop_hidden, letters_of, level_blanks, markdown_of, tree_of
from magpie.podcasts.texts.formats.raw import Raw

_LITTLE = 250  # characters; an article that is shorter was perhaps not found
_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_LINK = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)")
_STRONG = re.compile(r"(\*{1,3})(?=\S)([^*\n]+?)(?<=\S)\1")
_NO_TEXT = re.compile(r"<(script|style|head|title)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_ANCHOR = re.compile(r"(?m)^(#+ .*?)\s*[¶§🔗]$")  # the links to headings that show when they are pointed at
_SITE = re.compile(r"\s+[|–—·»-]\s+[^|–—·»]{2,40}$")


def read_html(path: Path, charset: str, address: str) -> Raw:
    """The main text of a page; all of it where it is not an article."""
    page = letters_of(path.read_bytes(), charset)
    tree = tree_of(page)
    if tree is None:
        return Raw("")
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    title = _title(tree)
    drop_hidden(tree)
    level_blanks(tree)
    whole = markdown_of(tree) or _without_tags(page)
    article = _article(tree, address)
    # What little was found is believed where the page has little else.
    text = article if len(article) >= min(_LITTLE, len(whole) * 2 // 3) else whole
    return Raw(_ANCHOR.sub(r"\1", text), title, language)


def _without_tags(page: str) -> str:
    """For pages that are nested deeper than the parser goes."""
    return _TAG.sub(" ", _NO_TEXT.sub(" ", page))


def _article(tree: Any, address: str) -> str:
    """As trafilatura finds it, which changes the tree. Empty where it finds nothing, or fails."""
    from trafilatura import extract

    try:
        found = extract(
            tree,
            url=address or None,
            output_format="markdown",
            include_comments=False,
            include_tables=True,
            include_images=False,
            include_links=False,
            favor_recall=True,
        )
    except Exception:  # noqa: BLE001  a heuristic that stumbles over somebody's page: then it is read as a whole
        return ""
    return _STRONG.sub(r"\2", _LINK.sub(r"\1", _IMAGE.sub("", found or "")))


def _title(tree: Any) -> str:
    """What the page calls itself for others, or its title without the site's name, or its first heading."""
    for query in ("//meta[@property='og:title']/@content", "//meta[@name='twitter:title']/@content"):
        for found in tree.xpath(query)[:1]:
            if found.strip():
                return str(found)
    headings = [" ".join(one.text_content().split()) for one in tree.xpath("//h1")[:5]]
    title = " ".join((tree.findtext(".//title") or "").split())
    for heading in headings:
        if heading and heading in title:
            return heading
    return _SITE.sub("", title) or next((one for one in headings if one), "")
