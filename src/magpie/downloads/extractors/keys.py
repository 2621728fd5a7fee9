"""What a medium is called in every check, whoever lists it. Pure and light: no tool is imported here.

A lister that knows the site says `<tool's name of the site> <site's id>`, as yt-dlp's archives do. For everything
else an address stands for its medium. A reader of feeds has nothing but addresses: it finds the twin of an entry
that a lister named differently by `url_digest` of its address, since all spellings of one address (with and without
`www.`, trackers or a fragment; YouTube's `/shorts/…` and `youtu.be/…`) have the same one.
"""

from __future__ import annotations

import re

from magpie.downloads.extractors.listing import MAX_KEY
from magpie.links.addresses import address_key as url_digest
from magpie.links.addresses import normalised

__all__ = ["key_of_address", "normalised", "site_key", "url_digest", "web_key"]

_YOUTUBE = re.compile(r"youtube\.com/watch\?v=([\w-]{11})")


def site_key(site: str, identity: str) -> str | None:
    """The key of a medium with an id, as in yt-dlp's archives; None if that id cannot be one."""
    key = f"{site.lower()} {identity}"
    return key if key.isprintable() and len(key) <= MAX_KEY and not any(map(str.isspace, identity)) else None


def web_key(url: str) -> str:
    """The key of a medium that its address stands for; its digest where the address is long or not plain text."""
    key = f"web {normalised(url)}"
    plain = key.isprintable() and len(key) <= MAX_KEY
    return key if plain else f"web {url_digest(url)}"


def key_of_address(url: str) -> str:
    """The key for an address that somebody else than a lister has found, a feed's entry, say.

    The same as a lister's where the address itself tells (YouTube); otherwise `web_key`, and a lister that knows
    the site's ids may name the medium differently later: see the module's text.
    """
    found = _YOUTUBE.fullmatch(normalised(url))
    return f"youtube {found[1]}" if found else web_key(url)
