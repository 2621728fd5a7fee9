"""Who is at the other end of a request: the address that counts, and the program that asks.

Behind reverse proxies the address is the right-most one in the forwarded headers that is no trusted proxy's.
What stands left of it was written by the client, and says whatever the client likes.
"""

from __future__ import annotations

import functools
import ipaddress
import re
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # commands read their settings through this module, and need no web framework
    from starlette.types import Scope

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]

MAX_IP = 45  # an IPv6 address with an embedded IPv4 one
MAX_USER_AGENT = 255
MAX_HOPS = 32
MAX_TEXT = 64  # of an address as it is written
_SCHEMES = frozenset({"http", "https"})
_PAIR = re.compile(r'\s*([A-Za-z]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;,"]*)\s*(?:;|$)')
_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')


@dataclass(frozen=True, slots=True)
class Client:
    """Both empty where nobody asks: in commands and jobs."""

    ip: str = ""
    user_agent: str = ""


_NOBODY = Client()
_current: ContextVar[Client] = ContextVar("magpie_client", default=_NOBODY)


def current_client() -> Client:
    """The client of the request that is being answered."""
    return _current.get()


def set_client(client: Client) -> None:
    """For the edge. Each request and each WebSocket has a context of its own."""
    _current.set(client)


@functools.lru_cache(maxsize=8)
def trusted_networks(text: str) -> Networks:
    """Comma-separated addresses and networks. Raises `ValueError` for anything else."""
    return tuple(
        ipaddress.ip_network(entry.strip(), strict=False) for entry in text.split(",") if entry.strip()
    )


def client_of(scope: Scope, trusted: Networks) -> tuple[Client, str | None]:
    """The client of a request, and the scheme that it used according to a trusted proxy (None: no word of it)."""
    peer = (scope.get("client") or ("", 0))[0]
    agent = b"".join(_values(scope, b"user-agent")[:1]).decode("latin-1")[:MAX_USER_AGENT]
    address = _address(peer)
    if address is None or not _is_trusted(address, trusted):
        return Client(str(address or peer)[:MAX_IP], agent), None
    hops, schemes = _hops(scope)
    for hop in hops[-1 : -MAX_HOPS - 1 : -1]:
        found = _address(_without_port(hop))
        if found is None:
            break  # the proxy does not say who it was: its own address is the last that is known
        address = found
        if not _is_trusted(address, trusted):
            break
    scheme = schemes[-1].strip().lower() if schemes else ""
    return Client(str(address)[:MAX_IP], agent), scheme if scheme in _SCHEMES else None


def _values(scope: Scope, name: bytes) -> list[bytes]:
    return [value for key, value in scope["headers"] if key == name]


def _text(scope: Scope, name: bytes) -> str:
    return b",".join(_values(scope, name)).decode("latin-1")


def _hops(scope: Scope) -> tuple[list[str], list[str]]:
    """Addresses and schemes as the proxies wrote them, the nearest last. `X-Forwarded-For` wins."""
    if plain := _text(scope, b"x-forwarded-for"):
        protocols = _text(scope, b"x-forwarded-proto")
        return plain.split(","), protocols.split(",") if protocols else []
    elements = [_forwarded(element) for element in _ELEMENT.findall(_text(scope, b"forwarded"))]
    if not elements:
        protocols = _text(scope, b"x-forwarded-proto")
        return [], protocols.split(",") if protocols else []
    return [element.get("for", "") for element in elements], [
        element.get("proto", "") for element in elements
    ]


def _forwarded(element: str) -> dict[str, str]:
    """One element of a `Forwarded` field (RFC 7239, section 4)."""
    return {name.lower(): value.strip().strip('"') for name, value in _PAIR.findall(element)}


def _without_port(hop: str) -> str:
    hop = hop.strip()
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def _address(text: str) -> Address | None:
    return _parsed(text) if len(text) <= MAX_TEXT else None


@functools.lru_cache(maxsize=512)
def _parsed(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: Address, trusted: Networks) -> bool:
    return any(address in network for network in trusted)
