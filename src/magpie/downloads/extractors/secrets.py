"""Keeps secrets out of what people and logs see."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from magpie.downloads.extractors.listing import ListOrder
from magpie.downloads.extractors.port import Request

_IN_ADDRESS = re.compile(r"(?<=://)[^/\s@'\"]+@")
_HEADER = re.compile(r"(?i)\b((?:proxy-)?authorization|set-cookie|cookie)(['\"]?\s*[:=]\s*)[^\r\n]+")
_SHORTEST = 4  # shorter cookie values are flags and counters; hiding them would garble every sentence
HIDDEN = "•••"


class Redactor:
    """Replaces a request's proxy credentials and cookie values in any text."""

    def __init__(self, request: Request | ListOrder) -> None:
        self._secrets = sorted(set(_proxy_secrets(request.proxy)) | set(_cookie_values(request)), key=len)[
            ::-1
        ]

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _HEADER.sub(rf"\1\2{HIDDEN}", _IN_ADDRESS.sub(f"{HIDDEN}@", text))


def _proxy_secrets(proxy: str) -> list[str]:
    parts = urlsplit(proxy)
    values = [value for value in (parts.username, parts.password) if value]
    return [
        form for value in values for form in (value, unquote(value), quote(value)) if len(form) >= _SHORTEST
    ]


def _cookie_values(request: Request | ListOrder) -> list[str]:
    """The last column of a Netscape cookie file."""
    if request.cookies is None:
        return []
    try:
        lines = request.cookies.read_text(errors="replace").splitlines()
    except OSError:
        return []
    values = [line.split("\t")[6].strip() for line in lines if line.count("\t") >= 6]
    return [value for value in values if len(value) >= _SHORTEST]
