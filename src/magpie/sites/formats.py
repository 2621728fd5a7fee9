"""Reads cookies in the formats that people have them in. No message repeats anything of what was given."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any

from magpie.downloads.sites import KNOWN_SITES, Site
from magpie.kit.errors import RuleBroken
from magpie.sites.jar import Cookie, Jar, hosts_of, is_address, limited

MAX_TEXT = 256 * 1024  # characters
MAX_COOKIES = 300  # of one site; what belongs to other sites is not counted
MAX_NAME = 1024
MAX_VALUE = 8192
_LATEST = 253402300799  # the last second of the year 9999
_MILLISECONDS = 100_000_000_000  # what is larger cannot be meant in seconds
_NAME = re.compile(r"[!-+\--:<>-~]+")  # no control characters, spaces, commas, semicolons and equals
_VALUE = re.compile(r"[ -:<-~]*")  # no control characters, no semicolon
_DOMAIN = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,252}[a-z0-9])?|[0-9a-f:]{2,45}")
_HTTP_ONLY = "#HttpOnly_"


def parse(
    text: str, *, site: str, sites: Iterable[Site] = KNOWN_SITES, secure: bool = True, field: str = "cookies"
) -> Jar:
    """The cookies of a site in a text: a Netscape file, a JSON object of names and values, a browser's JSON export,
    or a header's `name=value; …`.

    Those of other sites are dropped. `secure`: whether those without a domain go over https only. Raises
    `RuleBroken` at `field` for anything else, and where nothing is left.
    """
    if len(text) > MAX_TEXT:
        raise RuleBroken(
            "These are more than 256 KB: export the cookies of this one site only.", "body", field
        )
    hosts = hosts_of(site, sites)
    kept: dict[tuple[str, str, str], Cookie] = {}
    seen = 0
    try:
        for where, given in _read(text, hosts[0], secure=secure):
            seen += 1
            cookie = limited(given, hosts)
            if cookie is not None:
                _check(where, cookie)
                kept[cookie.domain, cookie.path, cookie.name] = cookie
    except _Faulty as fault:
        raise RuleBroken(str(fault), "body", field) from None
    if not kept:
        none = "There are no cookies in it: give a Netscape cookie file, or JSON."
        raise RuleBroken(f"There is no cookie of {site} in it." if seen else none, "body", field)
    if len(kept) > MAX_COOKIES:
        raise RuleBroken(f"These are more than {MAX_COOKIES} cookies of one site.", "body", field)
    return Jar(tuple(kept.values()))


# A cookie as given, and where it stands.
_Given = tuple[str, Cookie]


class _Faulty(Exception):
    """Not one of the formats; the message says where."""


def _read(text: str, host: str, *, secure: bool) -> Iterator[_Given]:
    stripped = text.lstrip("\ufeff \t\r\n")
    if stripped[:1] in ("{", "["):
        return _json(stripped, host, secure=secure)
    if "\t" not in text and "=" in text:
        pairs = [pair.strip() for pair in text.strip().removeprefix("Cookie:").split(";") if pair.strip()]
        return _named(
            ((name.strip(), value.strip()) for name, _, value in map(_pair, pairs)), host, secure=secure
        )
    return _netscape(text)


def _pair(text: str) -> tuple[str, str, str]:
    return text.partition("=")


def _netscape(text: str) -> Iterator[_Given]:
    """https://curl.se/docs/http-cookies.html: seven columns between tabs."""
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        http_only = line.startswith(_HTTP_ONLY)
        written = line.removeprefix(_HTTP_ONLY)
        if not written.strip() or written.startswith("#"):
            continue
        columns = written.split("\t")
        if len(columns) not in (6, 7):
            raise _Faulty(
                f"Line {number} is not one of a Netscape cookie file: it needs seven columns with tabs."
            )
        domain, below, path, secure, expires, name, value = (*columns, "")[:7]
        yield _cookie(
            f"line {number}",
            domain=domain,
            subdomains=below.upper() == "TRUE" or domain.startswith("."),
            path=path,
            secure=secure.upper() == "TRUE",
            expires=expires,
            name=name,
            value=value,
            http_only=http_only,
        )


def _json(text: str, host: str, *, secure: bool) -> Iterator[_Given]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise _Faulty("This begins like JSON and is none.") from None
    if isinstance(data, dict) and isinstance(data.get("cookies"), list):  # as test browsers store it
        data = data["cookies"]
    if isinstance(data, dict):
        return _named(data.items(), host, secure=secure)
    return _exported(data)


def _named(pairs: Iterable[tuple[str, Any]], host: str, *, secure: bool) -> Iterator[_Given]:
    """Names and values without any domain: the site's own host and what is below it."""
    for number, (name, value) in enumerate(pairs, 1):
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise _Faulty(f"Cookie {number} has no text as its value.")
        below = not is_address(host) and "." in host
        yield _cookie(
            f"cookie {number}", domain=host, subdomains=below, secure=secure, name=name, value=str(value)
        )


def _exported(entries: list[Any]) -> Iterator[_Given]:
    """What browsers' extensions and test browsers write."""
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            raise _Faulty(f"Cookie {number} is not an object with name, value and domain.")
        domain = str(entry.get("domain") or "")
        yield _cookie(
            f"cookie {number}",
            domain=domain,
            subdomains=domain.startswith(".") or entry.get("hostOnly") is False,
            path=str(entry.get("path") or "/"),
            secure=entry.get("secure") is True,
            expires=entry.get("expirationDate", entry.get("expires", entry.get("expiry"))),
            name=str(entry.get("name") or ""),
            value=str(entry.get("value") if entry.get("value") is not None else ""),
            http_only=entry.get("httpOnly") is True,
        )


def _cookie(
    where: str,
    *,
    domain: str,
    name: str,
    value: str,
    path: str = "/",
    subdomains: bool = False,
    secure: bool = False,
    expires: Any = None,
    http_only: bool = False,
) -> _Given:
    domain = domain.strip().lower().lstrip(".").strip("[]")
    if not _DOMAIN.fullmatch(domain):
        raise _Faulty(f"The domain of {where} is none.")
    below = subdomains and not is_address(domain)
    return where, Cookie(domain, name, value, path, below, secure, _moment(expires), http_only)


def _check(where: str, cookie: Cookie) -> None:
    """Only for those that are kept: a whole browser's export holds all sorts of things."""
    if not _NAME.fullmatch(cookie.name) or len(cookie.name) > MAX_NAME:
        raise _Faulty(f"The name of {where} is not one that a cookie can have.")
    if not _VALUE.fullmatch(cookie.value) or len(cookie.value) > MAX_VALUE:
        raise _Faulty(f"The value of {where} has characters that no cookie can have, or is too long.")
    if not cookie.path.startswith("/") or not _VALUE.fullmatch(cookie.path) or len(cookie.path) > MAX_NAME:
        raise _Faulty(f"The path of {where} is none.")


def _moment(value: Any) -> int | None:
    """Unix time in seconds; None for a session's cookie, which is written as 0, -1 or nothing."""
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        return None
    if not math.isfinite(seconds) or seconds <= 0:
        return None
    return int(min(seconds / 1000 if seconds > _MILLISECONDS else seconds, _LATEST))
