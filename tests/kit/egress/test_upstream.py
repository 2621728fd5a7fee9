"""Going out through somebody else's proxy."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from magpie.kit.egress import EgressAccess, EgressGuard, EgressPolicy
from tests.kit.egress.doubles import SMALL, Origin, raw_client, read_all, read_head, scripted, splice

AUTH = base64.b64encode(b"me:p@ss").decode()


@contextmanager
def through_upstream(origin: Origin, *allow: str) -> Iterator[tuple[EgressAccess, list[str]]]:
    """A guard behind a proxy double that knows every name: it leads them all to the plain site."""
    heads: list[str] = []

    def proxy(sock: socket.socket) -> None:
        head = read_head(sock).decode()
        heads.append(head)
        if f"Proxy-Authorization: Basic {AUTH}" not in head:
            sock.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            return
        method, target, _ = head.split("\r\n", 1)[0].split(" ")
        with socket.create_connection(("127.0.0.1", origin.plain_port), timeout=10) as site:
            if method == "CONNECT":
                sock.sendall(b"HTTP/1.1 200 OK\r\nVia: x\r\n\r\n")
            else:
                path = "/" + target.split("/", 3)[3]
                site.sendall(f"{method} {path} HTTP/1.1\r\nConnection: close\r\n\r\n".encode())
            splice(sock, site)

    def resolver(host: str, port: int) -> list[str]:
        found = {"inner.example": ["10.0.0.1"], "public.example": ["8.8.8.8"]}.get(host)
        if found is None:
            raise OSError
        return found

    with scripted(proxy) as port:
        guard = EgressGuard(EgressPolicy(allow, resolver=resolver), f"http://me:p%40ss@127.0.0.1:{port}")
        with guard, guard.pass_for("j") as access:
            yield access, heads


@pytest.mark.parametrize("host", ["public.example", "only-the-proxy-knows.example"])
def test_plain_requests_go_through_as_whole_urls(origin: Origin, host: str) -> None:
    with through_upstream(origin) as (access, heads):
        answer = httpx.get(f"http://{host}/a?b", proxy=access.url, trust_env=False)
    assert answer.content == SMALL
    assert heads[0].startswith(f"GET http://{host}/a?b HTTP/1.1\r\nHost: {host}\r\n")
    assert heads[0].count("Proxy-Authorization") == 1
    assert origin.seen[0][1] == "/a?b"


def test_tunnels_go_through(origin: Origin) -> None:
    line = "CONNECT public.example:443 HTTP/1.1"
    with through_upstream(origin) as (access, heads), raw_client(access, line) as sock:
        assert read_head(sock).startswith(b"HTTP/1.1 200")
        sock.sendall(b"GET /in HTTP/1.1\r\nConnection: close\r\n\r\n")
        assert read_all(sock).endswith(SMALL)
    assert heads[0].startswith("CONNECT public.example:443 HTTP/1.1\r\n")


@pytest.mark.parametrize("host", ["inner.example", "localhost", "nas.local", "plex", "127.0.0.1", "0x7f.1"])
def test_inner_names_are_refused_before_the_proxy_hears_of_them(origin: Origin, host: str) -> None:
    with through_upstream(origin) as (access, heads):
        answer = httpx.get(f"http://{host}/", proxy=access.url, trust_env=False)
        with raw_client(access, f"CONNECT {host}:443 HTTP/1.1") as sock:
            assert read_all(sock).startswith(b"HTTP/1.1 403 ")
    assert answer.headers["X-Magpie-Egress"] == "refused"
    assert heads == []
    assert len(access.refusals) == 2


def test_an_allowed_inner_name_goes_through(origin: Origin) -> None:
    with through_upstream(origin, "nas.local") as (access, _):
        assert httpx.get("http://nas.local/", proxy=access.url, trust_env=False).content == SMALL


@pytest.mark.parametrize(
    "line", ["GET http://public.example/ HTTP/1.1", "CONNECT public.example:443 HTTP/1.1"]
)
def test_the_upstream_asking_for_a_password_is_not_passed_on(line: str) -> None:
    def proxy(sock: socket.socket) -> None:
        read_head(sock)
        sock.sendall(b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n")

    policy = EgressPolicy(resolver=lambda host, port: ["8.8.8.8"])
    with scripted(proxy) as port, EgressGuard(policy, f"http://127.0.0.1:{port}") as guard:
        with guard.pass_for("j") as access, raw_client(access, line) as sock:
            assert read_all(sock).startswith(b"HTTP/1.1 502 ")
        assert not access.refusals


@pytest.mark.parametrize("url", ["socks5://h:1", "http://u:secret@h:x", "h:3128", "http://h:1/path"])
def test_an_unreadable_upstream_is_told_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        EgressGuard(EgressPolicy(), url)
    assert "secret" not in str(caught.value)
