"""The address that counts: behind proxies the right-most that is none of them, whatever the client wrote."""

from __future__ import annotations

import pytest
from starlette.types import Scope

from magpie.kit.client import Client, client_of, trusted_networks

PROXIES = trusted_networks("10.0.0.0/8, ::1")


def scope(peer: str | None, *fields: tuple[str, str]) -> Scope:
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in fields]
    return {"type": "http", "client": (peer, 1234) if peer else None, "headers": headers}


def forwarded(value: str) -> tuple[str, str]:
    return "X-Forwarded-For", value


@pytest.mark.parametrize(
    ("peer", "fields", "ip"),
    [
        ("203.0.113.9", (), "203.0.113.9"),
        ("203.0.113.9", (forwarded("198.51.100.1"),), "203.0.113.9"),  # no proxy of ours
        ("10.0.0.1", (), "10.0.0.1"),
        ("10.0.0.1", (forwarded("198.51.100.1"),), "198.51.100.1"),
        ("::1", (forwarded("198.51.100.1:4711"),), "198.51.100.1"),
        ("10.0.0.1", (forwarded("[2001:db8::7]:4711"),), "2001:db8::7"),
        ("10.0.0.1", (forwarded("2001:DB8:0::7"),), "2001:db8::7"),
        ("::ffff:10.0.0.1", (forwarded("::ffff:198.51.100.1"),), "198.51.100.1"),
        # What the client wrote stands to the left of what our proxies wrote.
        ("10.0.0.1", (forwarded("192.0.2.66, 198.51.100.1, 10.9.9.9"),), "198.51.100.1"),
        ("10.0.0.1", (forwarded("192.0.2.66"), forwarded("198.51.100.1")), "198.51.100.1"),
        ("10.0.0.1", (forwarded("10.0.0.3, 10.0.0.2"),), "10.0.0.3"),
        ("10.0.0.1", (forwarded("192.0.2.66, unknown"),), "10.0.0.1"),
        ("10.0.0.1", (forwarded("192.0.2.66, <script>, 10.0.0.2"),), "10.0.0.2"),
        ("10.0.0.1", (forwarded(""),), "10.0.0.1"),
        ("10.0.0.1", (forwarded("192.0.2.1, " + "10.0.0.2, " * 1000),), "10.0.0.1"),
        ("10.0.0.1", (("Forwarded", "for=192.0.2.66, for=198.51.100.1;proto=https"),), "198.51.100.1"),
        ("10.0.0.1", (("Forwarded", 'proto=http; For="[2001:db8::7]:99"'),), "2001:db8::7"),
        ("10.0.0.1", (("Forwarded", 'for=_hidden;by="a,b"'),), "10.0.0.1"),
        ("10.0.0.1", (("Forwarded", "for=192.0.2.66"), forwarded("198.51.100.1")), "198.51.100.1"),
        (None, (forwarded("198.51.100.1"),), ""),
        ("/run/socket", (), "/run/socket"),
    ],
)
def test_the_address(peer: str | None, fields: tuple[tuple[str, str], ...], ip: str) -> None:
    assert client_of(scope(peer, *fields), PROXIES)[0].ip == ip


@pytest.mark.parametrize(
    ("peer", "fields", "scheme"),
    [
        ("10.0.0.1", (("X-Forwarded-Proto", "https"),), "https"),
        ("10.0.0.1", (forwarded("192.0.2.1"), ("X-Forwarded-Proto", "http, HTTPS")), "https"),
        ("10.0.0.1", (("Forwarded", "for=192.0.2.1;proto=https"),), "https"),
        ("10.0.0.1", (("X-Forwarded-Proto", "javascript"),), None),
        ("10.0.0.1", (), None),
        ("203.0.113.9", (("X-Forwarded-Proto", "https"),), None),
    ],
)
def test_the_scheme(peer: str, fields: tuple[tuple[str, str], ...], scheme: str | None) -> None:
    assert client_of(scope(peer, *fields), PROXIES)[1] == scheme


def test_the_program() -> None:
    client, _ = client_of(scope("192.0.2.1", ("User-Agent", "a" * 300)), ())
    assert client == Client("192.0.2.1", "a" * 255)
    assert client_of(scope("192.0.2.1"), ())[0].user_agent == ""


@pytest.mark.parametrize("text", ["proxy.example", "10.0.0.0/99", "*", "1.2.3.4;5.6.7.8"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        trusted_networks(text)
