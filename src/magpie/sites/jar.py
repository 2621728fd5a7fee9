"""Cookies of one site: what is kept of them, and the file that a job gets."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from magpie.downloads.sites import KNOWN_SITES, Site

FIRST_LINE = "# Netscape HTTP Cookie File"
# Names of cookies that carry a session, at the sites that were looked at.
_SIGNED_IN = re.compile(r"sess|sid|auth|token|login|user|remember|jwt|account|credential", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie. `domain` without a leading dot; `subdomains`: hosts below it get it, too; `expires` in Unix time,
    None for one that lasts as long as the browser is open."""

    domain: str
    name: str
    value: str
    path: str = "/"
    subdomains: bool = False
    secure: bool = False
    expires: int | None = None
    http_only: bool = False

    def __repr__(self) -> str:
        return f"Cookie({self.domain!r}, {self.name!r})"

    def line(self) -> str:
        """Its line in Netscape's format. http.cookiejar knows hosts without a dot by `.local` behind their name."""
        domain = self.domain if "." in self.domain or ":" in self.domain else f"{self.domain}.local"
        prefix = "#HttpOnly_" if self.http_only else ""
        columns = (
            f"{prefix}{'.' if self.subdomains else ''}{domain}",
            _flag(self.subdomains),
            self.path,
            _flag(self.secure),
            str(self.expires or 0),
            self.name,
            self.value,
        )
        return "\t".join(columns)


def _flag(value: bool) -> str:
    return "TRUE" if value else "FALSE"


@dataclass(frozen=True, slots=True, repr=False)
class Jar:
    """Cookies that all belong to one site."""

    cookies: tuple[Cookie, ...]

    def text(self) -> str:
        """As a Netscape file."""
        return "\n".join((FIRST_LINE, *(cookie.line() for cookie in self.cookies), ""))

    @property
    def expires_at(self) -> datetime | None:
        """When the first of those that matter for being signed in expires; None if none of them does."""
        named = [one for one in self.cookies if one.http_only or _SIGNED_IN.search(one.name)]
        moments = [one.expires for one in named or self.cookies if one.expires is not None]
        return datetime.fromtimestamp(min(moments), UTC) if moments else None

    def fresh(self, now: datetime) -> Jar:
        """Those that have not expired."""
        moment = now.timestamp()
        return Jar(tuple(one for one in self.cookies if one.expires is None or one.expires > moment))


def hosts_of(site: str, sites: Iterable[Site] = KNOWN_SITES) -> tuple[str, ...]:
    """The hosts that a site is; their subdomains belong to it, too. A site without a name is its host."""
    known = next((one.hosts for one in sites if one.name == site), None)
    return known if known else (site,)


def limited(cookie: Cookie, hosts: Iterable[str]) -> Cookie | None:
    """The cookie as far as it is for these hosts; None if it is not.

    One of a domain above (`.example.org` for `music.example.org`) is narrowed to the host, so that it never goes to
    the domain's other hosts.
    """
    for host in hosts:
        if cookie.domain == host or cookie.domain.endswith(f".{host}"):
            return cookie
        if cookie.subdomains and "." in cookie.domain and host.endswith(f".{cookie.domain}"):
            return replace(cookie, domain=host)
    return None


def is_address(host: str) -> bool:
    """Whether a host is an IP address, which has nothing below it."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
