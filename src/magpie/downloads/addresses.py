"""Addresses that people paste."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

MAX_LENGTH = 8192
MAX_HOST = 253  # RFC 1035, 2.3.4
# Spaces, control characters, and half surrogate pairs, which cannot even be stored.
_NOT_IN_ADDRESSES = re.compile("[\x00-\x20\x7f\ud800-\udfff]")


def clean_address(text: str) -> str:
    """The address without surrounding space.

    Raises ValueError with a plain sentence for what is not a full http or https address, also for whatever
    looks like an option of a program.
    """
    url = text.strip()
    if not url:
        raise ValueError("Paste an address.")
    if len(url) > MAX_LENGTH:
        raise ValueError("This address is too long.")
    if _NOT_IN_ADDRESSES.search(url):
        raise ValueError("An address has no spaces or control characters in it.")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError("This is not a valid address.") from error
    if parts.scheme.lower() not in ("http", "https") or not host or len(host) > MAX_HOST:
        raise ValueError("Only full web addresses can be saved: http://… or https://…")
    if parts.username is not None or parts.password is not None:
        raise ValueError("Leave user name and password out of the address.")
    return url
