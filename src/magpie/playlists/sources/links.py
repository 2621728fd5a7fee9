"""The links in what people paste: most often a whole share text, with a link somewhere in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qsl, unquote, urlsplit

MAX_PASTED = 20_000  # characters that are looked at
_MAX_LINKS = 50
# What an address is made of; the words of a text around it, in whatever script, end it.
_LINK = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%|]+", re.IGNORECASE)
_BEGINS = re.compile(
    r"(?=(?:https?|orpheus)://)", re.IGNORECASE
)  # an address may be glued to a word before it
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_ENDS = ".,;:!'|?&"


@dataclass(frozen=True, slots=True)
class Link:
    """An address in its parts. `host` is lower case; `query` has the fragment's parameters, too, its own first.

    Pages that are made of one program write their paths behind a `#`: `path` is then that one.
    """

    scheme: str
    host: str
    path: str
    query: dict[str, str]

    def below(self, *hosts: str) -> bool:
        """Whether the host is one of these or lies below one."""
        return any(self.host == host or self.host.endswith(f".{host}") for host in hosts)

    @property
    def steps(self) -> list[str]:
        """The path's parts, without empty ones."""
        return [step for step in self.path.split("/") if step]


def links_in(text: str) -> Iterator[Link]:
    """All links of a text, those without a scheme, too; at most fifty."""
    found = 0
    plain = unescape(_INVISIBLE.sub("", text[:MAX_PASTED]))
    for match in _LINK.finditer(plain):
        for address in _BEGINS.split(match.group()):
            link = parse(_trimmed(address))
            if link is not None:
                yield link
                found += 1
            if found >= _MAX_LINKS:
                return


def parse(url: str) -> Link | None:
    """An address, or something like it; None for what is none."""
    if "://" not in url:
        url = f"https://{url}" if _HOST.match(url) else ""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        usable = parts.scheme in ("http", "https", "orpheus", "spotify") and host and not parts.username
    except ValueError:
        return None
    if not usable:
        return None
    path, query = parts.path, parts.query
    if parts.fragment.startswith(("/", "!/")):
        path, _, inner = parts.fragment.lstrip("!").partition("?")
        query = f"{inner}&{query}" if query else inner
    fields: dict[str, str] = {}
    for name, value in parse_qsl(query, max_num_fields=200):
        fields.setdefault(name, value)
    return Link(parts.scheme, host, unquote(path), fields)


def _trimmed(text: str) -> str:
    """Without the sentence's punctuation around it, and without a bracket that was opened before it."""
    text = text.lstrip("-._~:/?#[]@!$&'()*+,;=%|")
    while text and (text[-1] in _ENDS or _is_odd(text)):
        text = text[:-1]
    return text


def _is_odd(text: str) -> bool:
    """Whether the last sign is a bracket without its other half."""
    last = text[-1]
    pairs = {")": "(", "]": "["}
    return last in pairs.values() or (last in pairs and text.count(pairs[last]) < text.count(last))
