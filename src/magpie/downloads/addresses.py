"""Addresses that people paste."""

from __future__ import annotations

from urllib.parse import urlsplit

MAX_LENGTH = 8192


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
    if any(ord(character) < 33 or ord(character) == 127 for character in url):
        raise ValueError("An address has no spaces or control characters in it.")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError("This is not a valid address.") from error
    if parts.scheme.lower() not in ("http", "https") or not host:
        raise ValueError("Only full web addresses can be saved: http://… or https://…")
    if parts.username is not None or parts.password is not None:
        raise ValueError("Leave user name and password out of the address.")
    return url
