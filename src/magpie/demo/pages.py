"""HTML of the made-up site: one frame, one style sheet, and the parts that pages are put together from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

SITE_NAME = "Hedgerow"

_STYLE = """
:root{color-scheme:light dark;--ink:#1d2433;--soft:#5a6478;--paper:#f6f7fb;--card:#fff;--line:#e2e5ee;--accent:#3858e9}
@media(prefers-color-scheme:dark){:root{--ink:#e8ebf4;--soft:#9aa4ba;--paper:#12151d;--card:#1b202c;--line:#2b3242;
--accent:#8ea2ff}}
*{box-sizing:border-box}body{margin:0;font:16px/1.6 system-ui,sans-serif;background:var(--paper);color:var(--ink)}
header,main,footer{max-width:60rem;margin:auto;padding:1.25rem}
header{display:flex;gap:1.5rem;align-items:baseline;flex-wrap:wrap}header b{font-size:1.35rem;letter-spacing:-.02em}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}nav{display:flex;gap:1rem}
.grid{display:grid;gap:1.25rem;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));padding:0;list-style:none}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;overflow:hidden}
.card img{width:100%;aspect-ratio:16/10;object-fit:cover;display:block}.card div{padding:.8rem 1rem}
.card p,footer,.soft{color:var(--soft);margin:.2rem 0;font-size:.92rem}
video{width:100%;border-radius:14px;background:#000}audio{width:100%}h1{letter-spacing:-.02em;line-height:1.2}
article{max-width:42rem}
"""


def json_ld(data: Mapping[str, Any]) -> str:
    """A JSON-LD block; `<` is escaped so that no title can end the script element early."""
    text = json.dumps({"@context": "https://schema.org", **data}).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'


def open_graph(values: Mapping[str, str]) -> str:
    """`<meta property="og:…">` elements."""
    return "".join(
        f'<meta property="og:{escape(key)}" content="{escape(value)}">' for key, value in values.items()
    )


def feed_links(rss: str, atom: str) -> str:
    """The autodiscovery links of a page's feeds."""
    return (
        f'<link rel="alternate" type="application/rss+xml" title="RSS" href="{escape(rss)}">'
        f'<link rel="alternate" type="application/atom+xml" title="Atom" href="{escape(atom)}">'
    )


def page(title: str, body: str, *, head: str = "", site: str = SITE_NAME) -> str:
    """A whole document; `title` is escaped here, `body` and `head` are markup."""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">{head}<style>{_STYLE}</style></head>'
        f'<body><header><b><a href="/">{site}</a></b><nav><a href="/channel">Films</a><a href="/music">Music</a>'
        f'<a href="/gallery">Gallery</a><a href="/journal">Journal</a></nav></header>\n<main>{body}</main>\n'
        f"<footer>Everything here is made up, and made by your own machine.</footer></body></html>\n"
    )


def card(url: str, image: str, title: str, text: str) -> str:
    """One tile of a grid."""
    picture = f'<img src="{escape(image)}" alt="" loading="lazy">' if image else ""
    return (
        f'<li class="card"><a href="{escape(url)}">{picture}</a>'
        f'<div><a href="{escape(url)}">{escape(title)}</a><p>{escape(text)}</p></div></li>'
    )


def grid(cards: list[str]) -> str:
    """A list of tiles."""
    return f'<ul class="grid">{"".join(cards)}</ul>'
