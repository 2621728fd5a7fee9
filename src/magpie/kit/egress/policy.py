"""Which addresses a download may reach.

Public unicast addresses are open; everything else needs an entry in the allow-list. A name is judged by
the addresses it has at the moment of the connection, and only the judged addresses are connected to: a name
server that changes its answer in between (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final, NoReturn
from urllib.parse import urlsplit

from magpie.kit.egress.addresses import METADATA, Address, Host, canonical_host, is_public, parse_address
from magpie.kit.egress.errors import EgressRefused, EgressUnresolved, RefusalReason

Resolver = Callable[[str, int], Iterable[str]]
"""Answers the addresses of a name as text; raises ``OSError`` if there are none."""

# The Fetch standard's "bad ports": mail, shells, file servers and others that no web server uses.
# fmt: off
BLOCKED_PORTS: Final = frozenset((
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103,
    104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514,
    515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723,
    2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
))
# fmt: on
_LOCAL_SUFFIXES: Final = (".localhost", ".local", ".localdomain", ".internal", ".home.arpa")
_LOOPBACKS: Final[tuple[Address, ...]] = (IPv4Address("127.0.0.1"), IPv6Address("::1"))
_UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f\\]")
_PORT = re.compile(r"[0-9]{1,5}")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads; ``host`` is canonical and without brackets."""

    scheme: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class _Range:
    network: IPv4Network | IPv6Network
    port: int | None

    def covers(self, address: Address, port: int) -> bool:
        if self.port is not None and self.port != port:
            return False
        single = self.network.num_addresses == 1
        return address in self.network and (single or address not in METADATA)


def system_resolver(host: str, port: int) -> list[str]:
    """The operating system's answer, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def split_authority(text: str, default_port: int | None) -> tuple[str, int]:
    """Splits ``host[:port]``; IPv6 must be in brackets.

    Raises:
        ValueError: not an authority, or the port is missing and there is no default.
    """
    if text.startswith("["):
        host, bracket, rest = text.partition("]")
        host += bracket
        if not bracket or (rest and not rest.startswith(":")):
            raise ValueError("unfinished IPv6 address")
        port_text = rest[1:]
    else:
        host, _, port_text = text.partition(":")
    if not port_text and default_port is not None:
        return host, default_port
    if not _PORT.fullmatch(port_text) or not 0 < int(port_text) <= 65535:
        raise ValueError("not a port")
    return host, int(port_text)


class EgressPolicy:
    """The rules, as a library; thread-safe, since nothing changes after construction.

    Args:
        allow: hosts, ``host:port``, addresses or CIDRs that are open besides public addresses. A host name
            opens whatever it resolves to; a CIDR never opens cloud metadata services, which must be named one
            by one.
        resolver: how names become addresses.

    Raises:
        ValueError: an entry cannot be read; the message names it.
    """

    def __init__(self, allow: Sequence[str] = (), *, resolver: Resolver = system_resolver) -> None:
        self._resolver = resolver
        self._ranges: list[_Range] = []
        self._names: set[tuple[str, int | None]] = set()
        for entry in allow:
            if entry.strip():
                self._add(entry.strip())

    def check_url(self, url: str) -> Target:
        """Judges a URL without asking a name server: a quick and early "no", not the last word.

        Raises:
            EgressRefused: with the reason in plain words.
        """
        if _UNSAFE_IN_URL.search(url):
            _refuse_invalid()
        try:
            parts = urlsplit(url)
        except ValueError:
            _refuse_invalid()
        default_port = _DEFAULT_PORTS.get(parts.scheme)
        if default_port is None:
            raise EgressRefused(RefusalReason.SCHEME, "Only http and https addresses can be downloaded.")
        if "@" in parts.netloc:
            raise EgressRefused(
                RefusalReason.CREDENTIALS,
                "Addresses with a user name or password in them are not accepted. Leave that part out.",
            )
        try:
            host, port = split_authority(parts.netloc, default_port)
        except ValueError:
            _refuse_invalid()
        return Target(parts.scheme, str(self.check(host, port)), port)

    def check(self, host: str, port: int) -> Host:
        """Judges what needs no name server, and answers the canonical host.

        Raises:
            EgressRefused: not a host, a forbidden port or literal address, or a name of this machine.
        """
        try:
            canonical = canonical_host(host)
        except ValueError:
            _refuse_invalid()
        if port in BLOCKED_PORTS and not self._opens_port(canonical, port):
            raise EgressRefused(
                RefusalReason.PORT,
                f"Port {port} is not used for web pages or media, so it is not fetched from.",
                host=str(canonical),
                port=port,
            )
        if isinstance(canonical, str):
            own = canonical == "localhost" or canonical.endswith(".localhost")
            if own and not self._opens_own(canonical, port):
                _refuse_address(canonical, port)
        elif not self.permits(canonical, port):
            _refuse_address(str(canonical), port)
        return canonical

    def resolve(self, host: str, port: int) -> list[Address]:
        """The addresses that a connection to this host may use, best first; may block on the name server.

        Raises:
            EgressRefused: none of the host's addresses is permitted.
            EgressUnresolved: the name has no address.
        """
        canonical = self.check(host, port)
        if not isinstance(canonical, str):
            return [canonical]
        try:
            found = [parse_address(text) for text in self._resolver(canonical, port)]
        except (OSError, ValueError) as error:
            raise EgressUnresolved(canonical) from error
        if not found:
            raise EgressUnresolved(canonical)
        if self._allows_name(canonical, port):
            return found
        vetted = [address for address in found if self.permits(address, port)]
        if not vetted:
            _refuse_address(canonical, port)
        return vetted

    def check_remote_name(self, host: str, port: int) -> Host:
        """As `check`, for a host that an upstream proxy will resolve: local names are refused too."""
        canonical = self.check(host, port)
        if isinstance(canonical, str) and not self._allows_name(canonical, port):
            local = "." not in canonical or canonical.endswith(_LOCAL_SUFFIXES) or canonical == "home.arpa"
            if local:
                _refuse_address(canonical, port)
        return canonical

    def permits(self, address: Address, port: int) -> bool:
        """Whether this very address and port may be connected to."""
        return any(entry.covers(address, port) for entry in self._ranges) or is_public(address)

    def _allows_name(self, name: str, port: int) -> bool:
        return (name, None) in self._names or (name, port) in self._names

    def _opens_own(self, name: str, port: int) -> bool:
        return self._allows_name(name, port) or any(self.permits(address, port) for address in _LOOPBACKS)

    def _opens_port(self, host: Host, port: int) -> bool:
        if isinstance(host, str):
            return (host, port) in self._names
        return any(entry.port == port and entry.covers(host, port) for entry in self._ranges)

    def _add(self, entry: str) -> None:
        try:
            if "/" in entry:
                self._ranges.append(_Range(ip_network(entry, strict=False), None))
                return
            bare_v6 = entry.count(":") > 1 and not entry.startswith("[")
            port_given = not bare_v6 and re.search(r":[^\]]*$", entry) is not None
            host, port = split_authority(entry, None) if port_given else (entry, None)
            canonical = canonical_host(host)
        except ValueError as error:
            raise ValueError(f"{entry!r} is neither a host, a host:port, an address nor a CIDR") from error
        if isinstance(canonical, str):
            self._names.add((canonical, port))
        else:
            self._ranges.append(_Range(ip_network(canonical), port))


def _refuse_invalid() -> NoReturn:
    raise EgressRefused(RefusalReason.INVALID, "This is not a valid web address.")


def _refuse_address(host: str, port: int) -> NoReturn:
    raise EgressRefused(
        RefusalReason.ADDRESS,
        f"{host} is not a public internet address, so it is not fetched from. "
        "An administrator can allow it with MAGPIE_EGRESS_ALLOW.",
        host=host,
        port=port,
    )
