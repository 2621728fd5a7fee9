"""The guard's behaviour: passes, rebinding, limits, half-close, hanging and broken origins."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import httpx
import pytest
import structlog

from magpie.kit.egress import EgressAccess, EgressGuard, EgressPolicy, GuardLimits, RefusalReason
from tests.kit.egress.doubles import SMALL, Origin, raw_client, read_all, read_head, scripted


@contextmanager
def guarded(policy: EgressPolicy | None = None, **limits: float) -> Iterator[EgressAccess]:
    settings = GuardLimits(**limits)  # type: ignore[arg-type]
    with (
        EgressGuard(policy or EgressPolicy(["127.0.0.1"]), limits=settings) as guard,
        guard.pass_for("j") as access,
    ):
        yield access


def eventually(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not true() and time.monotonic() < deadline:
        time.sleep(0.005)
    return true()


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def get(proxy: str, url: str) -> httpx.Response:
    return httpx.get(url, proxy=proxy, trust_env=False, timeout=10)


def ask(access: EgressAccess, head: str) -> bytes:
    with raw_client(access, head) as sock:
        return read_all(sock)


def test_without_a_valid_pass_nothing_goes_out(origin: Origin) -> None:
    with EgressGuard(EgressPolicy(["127.0.0.1"])) as guard, guard.pass_for("j") as access:
        for proxy in (f"http://127.0.0.1:{guard.port}", access.url[:20] + "0000" + access.url[24:]):
            answer = get(proxy, origin.plain)
            assert answer.status_code == 407
            assert answer.headers["Proxy-Authenticate"].startswith("Basic")
    assert not origin.seen
    assert access.requests == 0


def test_a_revoked_pass_is_dead_and_its_connections_close(origin: Origin) -> None:
    with (
        EgressGuard(EgressPolicy(["127.0.0.1"])) as guard,
        scripted(read_all) as port,
        guard.pass_for("other") as other,
    ):
        with guard.pass_for("j") as access:
            sock = raw_client(access, f"CONNECT 127.0.0.1:{port} HTTP/1.1")
            kept = raw_client(other, f"CONNECT 127.0.0.1:{port} HTTP/1.1")
            assert read_head(sock).startswith(b"HTTP/1.1 200")
            assert read_head(kept).startswith(b"HTTP/1.1 200")
        with sock, pytest.raises(ConnectionResetError):
            sock.recv(1)
        assert get(access.url, origin.plain).status_code == 407
        with kept:
            kept.settimeout(0.05)
            with pytest.raises(TimeoutError):
                kept.recv(1)


def test_a_rebinding_name_is_connected_where_it_was_vetted(origin: Origin) -> None:
    answers = cycle([["127.0.0.1"], ["127.66.66.66"]])
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    with guarded(EgressPolicy(["127.0.0.1/32"], resolver=resolver)) as access:
        url = f"http://rebind.example:{origin.plain_port}/"
        assert get(access.url, url).content == SMALL
        assert asked == ["rebind.example"]
        assert get(access.url, url).headers["X-Magpie-Egress"] == "refused"
    assert origin.seen[0][2]["Host"] == f"rebind.example:{origin.plain_port}"
    assert len(origin.seen) == 1


def test_allow_by_host_and_port(origin: Origin) -> None:
    with guarded(EgressPolicy([f"127.0.0.1:{origin.plain_port}"])) as access:
        assert get(access.url, origin.plain).content == SMALL
        assert b"403 Forbidden" in ask(access, f"CONNECT 127.0.0.1:{origin.tls_port} HTTP/1.1")


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("GET / HTTP/1.1", 400),
        ("CONNECT example.org HTTP/1.1", 400),
        ("GET http://example.org:x/ HTTP/1.1", 400),
        ("NONSENSE", 400),
        ("GET https://example.org/ HTTP/1.1", 403),
        ("GET ftp://example.org/ HTTP/1.1", 403),
        ("GET http://a@127.0.0.1/ HTTP/1.1", 403),
        ("GET http://127.0.0.1:22/ HTTP/1.1", 403),
        ("CONNECT 2130706434:443 HTTP/1.1", 403),
        ("CONNECT [::1]:443 HTTP/1.1", 403),
        ("CONNECT 127.0.0.1:25 HTTP/1.1", 403),
        ("CONNECT gone.example:443 HTTP/1.1", 502),
    ],
)
def test_what_cannot_be_forwarded_is_answered(request_line: str, status: int) -> None:
    def resolver(host: str, port: int) -> list[str]:
        raise OSError

    with guarded(EgressPolicy(["127.0.0.1"], resolver=resolver)) as access:
        answer = ask(access, request_line)
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert (b"X-Magpie-Egress: refused" in answer) == (status == 403)
    assert len(access.refusals) == (status == 403)


def test_an_origin_cannot_pose_as_the_guard(access: EgressAccess, origin: Origin) -> None:
    answer = get(access.url, f"{origin.plain}/posing")
    assert answer.status_code == 403
    assert not {"x-magpie-egress", "proxy-connection", "keep-alive"} & set(answer.headers)


def test_nothing_after_the_request_reaches_the_origin(access: EgressAccess) -> None:
    got: list[bytes] = []

    def origin(sock: socket.socket) -> None:
        head = read_head(sock)
        got.append(head + sock.recv(5, socket.MSG_WAITALL))
        sock.settimeout(0.2)
        try:
            got.append(sock.recv(100))
        except TimeoutError:
            got.append(b"nothing more")
        sock.sendall(b"HTTP/1.0 200 OK\n\nfine")

    with scripted(origin) as port:
        sock = raw_client(access, f"POST http://127.0.0.1:{port}/ HTTP/1.1\r\nContent-Length: 5")
        with sock:
            sock.sendall(b"12345GET http://127.0.0.1/second HTTP/1.1\r\n\r\n")
            assert read_all(sock).endswith(b"Connection: close\r\n\r\nfine")
    assert got[0].endswith(b"\r\n\r\n12345")
    assert got[1] == b"nothing more"


def test_interim_answers_and_chunked_uploads_pass(access: EgressAccess) -> None:
    def origin(sock: socket.socket) -> None:
        read_head(sock)
        sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = b""
        while not body.endswith(b"0\r\n\r\n"):
            body += sock.recv(1000)
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + body)

    with scripted(origin) as port:
        sock = raw_client(access, f"PUT http://127.0.0.1:{port}/ HTTP/1.1\r\nTransfer-Encoding: chunked")
        with sock:
            assert read_head(sock) == b"HTTP/1.1 100 Continue\r\n\r\n"
            sock.sendall(b"3\r\nabc\r\n0\r\n\r\n")
            assert read_all(sock).endswith(b"\r\n\r\n3\r\nabc\r\n0\r\n\r\n")


def test_radio_answers_pass_as_they_are(access: EgressAccess) -> None:
    def origin(sock: socket.socket) -> None:
        read_head(sock)
        sock.sendall(b"ICY 200 OK\r\nicy-name: x\r\n\r\nsound")

    with scripted(origin) as port:
        assert (
            ask(access, f"GET http://127.0.0.1:{port}/ HTTP/1.0") == b"ICY 200 OK\r\nicy-name: x\r\n\r\nsound"
        )


def test_a_tunnel_closes_one_half_at_a_time(access: EgressAccess) -> None:
    with (
        scripted(lambda sock: sock.sendall(b"got " + read_all(sock))) as port,
        raw_client(access, f"CONNECT 127.0.0.1:{port} HTTP/1.1") as sock,
    ):
        read_head(sock)
        sock.sendall(b"question")
        sock.shutdown(socket.SHUT_WR)
        assert read_all(sock) == b"got question"
    assert eventually(lambda: access.received == 12)
    assert access.sent == 8


@pytest.mark.parametrize("tunnel", [True, False])
def test_a_slow_reader_holds_the_origin_back(access: EgressAccess, tunnel: bool) -> None:
    size = 64 * 1024 * 1024
    pushed = [0]

    def origin(sock: socket.socket) -> None:
        if not tunnel:
            read_head(sock)
            sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        block = bytes(1024 * 1024)
        for _ in range(size // len(block)):
            sock.sendall(block)
            pushed[0] += len(block)

    with scripted(origin) as port:
        target = f"127.0.0.1:{port}"
        with raw_client(
            access, f"CONNECT {target} HTTP/1.1" if tunnel else f"GET http://{target}/ HTTP/1.1"
        ) as sock:
            read_head(sock)
            before = -1
            while pushed[0] != before:  # until a tenth of a second brings nothing more
                before = pushed[0]
                time.sleep(0.1)
            assert pushed[0] < size // 2
            assert len(read_all(sock)) == size


def test_a_body_that_breaks_off_does_not_look_complete(access: EgressAccess) -> None:
    def origin(sock: socket.socket) -> None:
        read_head(sock)
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\npart")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    with scripted(origin) as port, pytest.raises(ConnectionResetError):
        ask(access, f"GET http://127.0.0.1:{port}/ HTTP/1.1")


def test_a_hanging_origin_is_given_up() -> None:
    released = threading.Event()
    with (
        guarded(idle_timeout=0.2, linger=0.1) as access,
        scripted(lambda sock: read_head(sock) and released.wait(10)) as port,
    ):
        answer = ask(access, f"GET http://127.0.0.1:{port}/ HTTP/1.1")
        assert answer.startswith(b"HTTP/1.1 504 ")
        assert b"X-Magpie-Egress: unreachable" in answer
        with raw_client(access, f"CONNECT 127.0.0.1:{port} HTTP/1.1") as sock:
            read_head(sock)
            with pytest.raises(ConnectionResetError):
                sock.recv(1)
        released.set()


def test_a_silent_or_refusing_origin_is_told_apart(access: EgressAccess) -> None:
    with scripted(lambda sock: None) as port:
        assert b"502 Bad Gateway" in ask(access, f"GET http://127.0.0.1:{port}/ HTTP/1.1")
    assert b"502 Bad Gateway" in ask(access, f"CONNECT 127.0.0.1:{port} HTTP/1.1")
    assert access.refusals == []


def test_a_hanging_name_server_is_given_up() -> None:
    released = threading.Event()

    def resolver(host: str, port: int) -> list[str]:
        released.wait(10)
        return ["127.0.0.1"]

    with guarded(EgressPolicy(["127.0.0.1"], resolver=resolver), resolve_timeout=0.1) as access:
        assert b"unresolved" in ask(access, "CONNECT slow.example:443 HTTP/1.1")
        released.set()


def test_heads_and_connections_are_limited() -> None:
    with guarded(head=2000, head_timeout=0.2, connections_per_pass=1) as access, scripted(read_all) as port:
        assert b"400 Bad Request" in ask(access, f"GET http://127.0.0.1:{port}/{'a' * 3000} HTTP/1.1")
        with raw_client(access, f"CONNECT 127.0.0.1:{port} HTTP/1.1") as first:
            read_head(first)
            assert b"503 Service Unavailable" in ask(access, f"CONNECT 127.0.0.1:{port} HTTP/1.1")
        with (
            socket.create_connection(("127.0.0.1", httpx.URL(access.url).port or 0), timeout=10) as silent,
            pytest.raises(ConnectionResetError),
        ):
            silent.recv(1)


def test_connections_over_the_limit_wait(origin: Origin) -> None:
    with guarded(connections=1) as access, scripted(read_all) as port:
        first = raw_client(access, f"CONNECT 127.0.0.1:{port} HTTP/1.1")
        read_head(first)
        second = raw_client(access, f"GET {origin.plain}/ HTTP/1.1")
        with second:
            second.settimeout(0.1)
            with pytest.raises(TimeoutError):
                second.recv(1)
            first.close()
            second.settimeout(10)
            assert read_all(second).endswith(SMALL)


def test_many_requests_leak_nothing(origin: Origin) -> None:
    others = set(threading.enumerate())
    with EgressGuard(EgressPolicy(["127.0.0.1"])) as guard, guard.pass_for("j") as access:
        get(access.url, origin.plain)
        server = guard._server
        assert server is not None
        assert eventually(lambda: not server._sessions)
        before = open_files()
        with httpx.Client(proxy=access.url, trust_env=False) as client:
            for _ in range(1000):
                assert client.get(origin.plain).content == SMALL
        assert eventually(lambda: not server._sessions)
        assert eventually(lambda: open_files() <= before)
        assert access.requests == 1001
        assert access.hosts["127.0.0.1"].requests == 1001
    ours = set(threading.enumerate()) - others
    assert not any(thread.name.startswith("egress-guard") for thread in ours)


def test_stop_closes_everything_and_can_be_followed_by_start(origin: Origin) -> None:
    guard = EgressGuard(EgressPolicy(["127.0.0.1"]))
    with pytest.raises(RuntimeError, match="not running"):
        guard.port.bit_length()
    guard.start()
    with (
        scripted(read_all) as port,
        guard.pass_for("j") as access,
        raw_client(access, f"CONNECT 127.0.0.1:{port} HTTP/1.1") as sock,
    ):
        read_head(sock)
        guard.stop()
        with pytest.raises(ConnectionResetError):
            sock.recv(1)
    guard.stop()
    with guard, guard.pass_for("k") as access:
        assert get(access.url, origin.plain).content == SMALL


def test_secrets_are_not_logged(origin: Origin) -> None:
    with structlog.testing.capture_logs() as lines, guarded() as access:
        get(access.url, f"{origin.plain}/?key=hidden")
        get(access.url, "http://10.0.0.1/?key=hidden")
        url = httpx.URL(access.url)
    text = f"{lines} {access!r}"
    assert "egress refused" in text
    assert [line["job"] for line in lines] == ["j", "j"]
    for secret in ("hidden", url.username, url.password):
        assert secret not in text
    assert access.refusals[0].reason is RefusalReason.ADDRESS


def test_new_rules_count_for_connections_that_come_later(origin: Origin) -> None:
    with EgressGuard(EgressPolicy()) as guard, guard.pass_for("j") as access:
        assert get(access.url, origin.plain).status_code == 403
        guard.reconfigure(EgressPolicy(["127.0.0.1"]))
        assert get(access.url, origin.plain).status_code == 200
        with pytest.raises(ValueError, match="upstream proxy"):
            guard.reconfigure(EgressPolicy(), "socks5://127.0.0.1:1")
        assert get(access.url, origin.plain).status_code == 200
        with scripted(read_all) as closed:
            pass  # a port that nobody listens on any more
        guard.reconfigure(EgressPolicy(["127.0.0.1"]), f"http://127.0.0.1:{closed}")
        assert get(access.url, origin.plain).status_code == 502
        guard.reconfigure(EgressPolicy())
        assert get(access.url, origin.plain).status_code == 403
