"""Hosts in every spelling that clients accept, and which addresses are public.

The tables are written out rather than taken from ``ipaddress.is_global``, whose answers changed between patch
releases of Python. Sources: the IANA special-purpose registries for IPv4 and IPv6, RFC 6052 (NAT64),
RFC 4380 (Teredo), RFC 3056 (6to4), RFC 5214 (ISATAP), the WHATWG URL standard (IPv4 parser).
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import idna

Address = IPv4Address | IPv6Address
Host = str | IPv4Address | IPv6Address
"""A canonical host: a parsed address, or a lower-case ASCII name without a trailing dot."""

_FORBIDDEN_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")
_FORBIDDEN_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",
        "3fff::/20",
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")

METADATA: frozenset[Address] = frozenset(
    {
        IPv4Address("169.254.169.254"),
        IPv4Address("169.254.170.2"),
        IPv4Address("100.100.100.200"),  # Alibaba, inside the carrier-grade NAT range
        IPv4Address("168.63.129.16"),  # Azure, formally public
        IPv4Address("192.0.0.192"),  # Oracle
        IPv6Address("fd00:ec2::254"),
        IPv6Address("fd00:ec2::23"),
        IPv6Address("fd20:ce::254"),
        IPv6Address("fd00:42::42"),
    }
)
"""Services that hand cloud credentials to whoever asks: no range in the allow-list covers them."""

_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")
_MAX_NAME = 253
_MAX_INPUT = 1024


def canonical_host(text: str) -> Host:
    """Parses a host as the most generous client would.

    Brackets around IPv6 are optional. Decimal, octal, hexadecimal and short IPv4 (``127.1``, ``0x7f000001``),
    full-width digits and ideographic dots are read as what they mean.

    Raises:
        ValueError: not a host; IPv6 zone ids and percent-encoding are not hosts either.
    """
    if not text or len(text) > _MAX_INPUT:
        raise ValueError("no host")
    if text.startswith("[") and text.endswith("]"):
        return _parse_v6(text[1:-1])
    if ":" in text:
        return _parse_v6(text)
    name = _ascii_name(text).lower().removesuffix(".")
    if len(name) > _MAX_NAME or not _NAME.fullmatch(name):
        raise ValueError("not a host name")
    if _NUMBER.fullmatch(name.rsplit(".", 1)[-1]):
        return _parse_v4(name)
    return name


def host_text(host: Host) -> str:
    """The host as it stands in a URL: IPv6 in brackets."""
    return f"[{host}]" if isinstance(host, IPv6Address) else str(host)


def parse_address(text: str) -> Address:
    """Parses what a resolver answered; IPv4 inside IPv6 becomes IPv4, a zone id is dropped."""
    plain = text.partition("%")[0]
    return _parse_v6(plain) if ":" in plain else IPv4Address(plain)


def is_public(address: Address) -> bool:
    """Whether this is a globally routable unicast address, also when it wraps another one."""
    if address in METADATA:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _FORBIDDEN_V4)
    inner = _embedded(address)
    if inner is not None and not is_public(inner):
        return False
    if address in _NAT64:
        return True
    return address in _GLOBAL_V6 and not any(address in network for network in _FORBIDDEN_V6)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address.sixtofour is not None:
        return address.sixtofour
    number = int(address)
    isatap = (number >> 32) & 0xFFFFFFFF in (0x00005EFE, 0x02005EFE)
    if isatap or address in _NAT64 or address in _COMPATIBLE:
        return IPv4Address(number & 0xFFFFFFFF)
    return None


def _parse_v6(text: str) -> Address:
    if "%" in text:
        raise ValueError("zone ids are not accepted")
    address = IPv6Address(text)
    return address.ipv4_mapped or address


def _ascii_name(text: str) -> str:
    if text.isascii():
        return text
    try:
        mapped = idna.uts46_remap(text, std3_rules=False, transitional=False)
        return mapped if mapped.isascii() else idna.encode(mapped).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise ValueError("not a host name") from error


def _parse_v4(text: str) -> IPv4Address:
    parts = text.split(".")
    if len(parts) > 4:
        raise ValueError("not an IPv4 address")
    numbers = [_parse_number(part) for part in parts]
    *leading, last = numbers
    if any(number > 255 for number in leading) or last >= 256 ** (5 - len(numbers)):
        raise ValueError("not an IPv4 address")
    value = last
    for index, number in enumerate(leading):
        value += number << (8 * (3 - index))
    return IPv4Address(value)


def _parse_number(text: str) -> int:
    if not _NUMBER.fullmatch(text) or len(text) > 64:
        raise ValueError("not an IPv4 address")
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8 if len(text) > 1 and text.startswith("0") else 10)
