"""HTML as Markdown: headings, paragraphs, points and rows, without anything that is not read. Goes through the tree
without calling itself, so that no depth of it is too deep."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from magpie.podcasts.texts.decoding import decode, without_silent

_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form header hr"
        " html li main nav ol p pre section summary table tbody td tfoot th thead tr ul",
    )
) | frozenset(_HEADINGS)
_UNREAD = frozenset(
    re.findall(
        r"\w+",
        "head script style template noscript head iframe object embed svg math canvas audio video map button select textarea"
        " input rt rp",
    )
)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)


def letters_of(data: bytes, charset: str = "") -> str:
    """A page's text with its markup. What the server said of the encoding counts before what the page says."""
    found = _META.search(data[:8192]) or _XML.search(data[:1024])
    return decode(data, charset or (found[1].decode("ascii") if found else ""))


def tree_of(text: str) -> Any:
    """The page as a tree of `lxml.html`; None if there is nothing in it."""
    from lxml import etree, html  # type: ignore[import-untyped]

    # A declaration of the encoding is wrong by now, and lxml refuses texts that have one.
    text = re.sub(r"\A\s*<\?xml[^>]*\?>", "", without_silent(text))
    try:
        return html.document_fromstring(
            text, parser=html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def drop_hidden(tree: Any) -> None:
    """Take out of a tree what its page does not show; what stands behind it stays."""
    for node in [one for one in tree.iter() if isinstance(one.tag, str) and _is_hidden(one)]:
        if node.getparent() is not None:
            node.drop_tree()


def level_blanks(tree: Any) -> None:
    """Line ends in the source of a page are blanks."""
    for node in tree.iter():
        if node.text:
            node.text = _blank(node.text)
        if node.tail:
            node.tail = _blank(node.tail)


def markdown_of(tree: Any) -> str:
    """The text of a tree."""
    text = re.sub(r"[ \t]+", " ", "".join(_pieces(tree)))
    text = re.sub(r" ?\n ?", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"(?m)^(?:#+|-)[ ]*$", "", text)).strip()


def _pieces(tree: Any) -> Iterator[str]:
    """Texts and breaks in their order."""
    todo: list[tuple[Any, bool]] = [(tree, True)]
    while todo:
        node, opens = todo.pop()
        name = node.tag if isinstance(node.tag, str) else ""
        if opens:
            read = bool(name) and name not in _UNREAD
            todo.append((node, False))
            if read:
                yield from _opening(name)
                if node.text:
                    yield _blank(node.text)
                todo.extend((child, True) for child in reversed(node))
            continue
        if name in _BLOCKS:
            yield (
                " | "
                if name in ("td", "th") and node.getnext() is not None
                else "\n\n"
                if name != "li"
                else "\n"
            )
        if node.tail and node is not tree:
            yield _blank(node.tail)


def _opening(name: str) -> Iterator[str]:
    if name in _HEADINGS:
        yield "\n\n"
        yield _HEADINGS[name]
    elif name == "li":
        yield "\n"
        yield "- "
    elif name == "br":
        yield "\n"
    elif name in _BLOCKS and name not in ("td", "th"):
        yield "\n\n"


def _blank(text: str) -> str:
    """What lxml gives may hold letters that it takes back from nobody: `&#7;` in a page."""
    return re.sub(r"\s+", " ", without_silent(text))


def _is_hidden(node: Any) -> bool:
    style = (node.get("style") or "").replace(" ", "").lower()
    return node.get("hidden") is not None or "display:none" in style or node.get("aria-hidden") == "true"
