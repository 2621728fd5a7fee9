"""Reading a page of the web."""

from __future__ import annotations

import httpx

from magpie.downloads.extractors import sniff, web
from magpie.downloads.extractors.port import NotMine


def read_web_page(client: httpx.Client, url: str) -> tuple[str, str]:
    """A page's address after redirects, and its text. Raises `NotMine` for what is no page."""
    with web.get(client, url) as response:
        chunks = response.iter_raw(65536)
        head = next(chunks, b"")
        if not sniff.looks_like_page(head) and "html" not in response.headers.get("Content-Type", "").lower():
            raise NotMine
        return str(response.url), web.read_page(response, head, chunks)
