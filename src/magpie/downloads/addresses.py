"""Addresses that people paste."""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import urlsplit

MAX_LENGTH = 8192
MAX_HOST = 253  # RFC 1035, 2.3.4
# Spaces, control characters, and half surrogate pairs, which cannot even be stored.
_NOT_IN_ADDRESSES = re.compile("[\x00-\x20\x7f\ud800-\udfff]")


class Fault(StrEnum):
    """What is wrong with an address."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    SPACES = "spaces"
    INVALID = "invalid"
    NOT_WEB = "not_web"
    CREDENTIALS = "credentials"


_SENTENCES = {
    Fault.EMPTY: "Paste an address.",
    Fault.TOO_LONG: "This address is too long.",
    Fault.SPACES: "An address has no spaces or control characters in it.",
    Fault.INVALID: "This is not a valid address.",
    Fault.NOT_WEB: "Only full web addresses can be saved: http://… or https://…",
    Fault.CREDENTIALS: "Leave user name and password out of the address.",
}


class BadAddress(ValueError):
    """Not an address that can be saved: `fault` says it to programs, the text to people."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(_SENTENCES[fault])
        self.fault = fault


def clean_address(text: str) -> str:
    """The address without surrounding space.

    Raises `BadAddress` for what is not a full http or https address, also for whatever looks like an option of a
    program.
    """
    url = text.strip()
    if not url:
        raise BadAddress(Fault.EMPTY)
    if len(url) > MAX_LENGTH:
        raise BadAddress(Fault.TOO_LONG)
    if _NOT_IN_ADDRESSES.search(url):
        raise BadAddress(Fault.SPACES)
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise BadAddress(Fault.INVALID) from error
    if parts.scheme.lower() not in ("http", "https") or not host or len(host) > MAX_HOST:
        raise BadAddress(Fault.NOT_WEB)
    if parts.username is not None or parts.password is not None:
        raise BadAddress(Fault.CREDENTIALS)
    return url
