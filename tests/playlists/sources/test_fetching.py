"""Asking platforms: bounds, attempts, and what errors say."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator

import httpx
import pytest

from magpie.config import Settings
from magpie.playlists.sources.fetching import ATTEMPTS, MAX_BYTES, Fetcher
from magpie.playlists.sources.port import SourceFailed

SETTINGS = Settings(egress_allow="127.0.0.1")


def reply(status: int = 200, body: bytes = b'{"ok": 1}', **headers: str) -> httpx.Response:
    """An answer whose bytes come in pieces, as from a network."""

    class Stream(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield from (body[start : start + 65536] for start in range(0, len(body), 65536))

    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, headers=named, stream=Stream())


def fetcher_of(
    answer: Callable[[httpx.Request], httpx.Response], waited: list[float] | None = None
) -> Fetcher:
    transport = httpx.MockTransport(answer)
    return Fetcher(SETTINGS, transport=transport, sleep=(waited if waited is not None else []).append)


def reason_of(answer: Callable[[httpx.Request], httpx.Response], waited: list[float] | None = None) -> str:
    with fetcher_of(answer, waited) as fetcher, pytest.raises(SourceFailed) as caught:
        fetcher.get("netease_url", "/x").json()
    return caught.value.reason


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (301, "unreadable"),
        (400, "unreadable"),
        (401, "private"),
        (403, "refused"),
        (404, "gone"),
        (410, "gone"),
        (429, "limited"),
        (451, "refused"),
        (500, "unreachable"),
        (503, "unreachable"),
    ],
)
def test_what_a_status_means(status: int, reason: str) -> None:
    assert reason_of(lambda _: reply(status, Location="https://elsewhere.example")) == reason


def test_redirects_are_not_followed() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return reply(302, Location="http://169.254.169.254/latest/meta-data")

    reason_of(answer)
    assert asked == ["https://music.163.com/x"]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_troubles_that_pass_are_tried_again(status: int) -> None:
    answers: Iterator[httpx.Response] = iter([reply(status), reply()])
    waited: list[float] = []
    with fetcher_of(lambda _: next(answers), waited) as fetcher:
        assert fetcher.get("netease_url", "/x").json() == {"ok": 1}
    assert len(waited) == 1
    assert waited[0] > 0


def test_lost_connections_are_tried_again_and_end() -> None:
    asked: list[float] = []

    def answer(_: httpx.Request) -> httpx.Response:
        asked.append(1)
        raise httpx.ConnectError("no route to secret-place")

    assert reason_of(answer) == "unreachable"
    assert len(asked) == ATTEMPTS


def test_a_long_wait_is_not_waited_for() -> None:
    waited: list[float] = []
    assert reason_of(lambda _: reply(503, Retry_After="600"), waited) == "unreachable"
    assert waited == []


@pytest.mark.parametrize("packed", [False, True])
def test_answers_are_bounded_also_when_they_are_unpacked(packed: bool) -> None:
    data = b" " * (MAX_BYTES + 1)
    headers = {"Content_Encoding": "gzip"} if packed else {}
    body = gzip.compress(data, 1) if packed else data
    assert reason_of(lambda _: reply(200, body, **headers)) == "unreadable"


def test_packed_answers_are_unpacked() -> None:
    body = gzip.compress(b'{"ok": 1}')
    with fetcher_of(lambda _: reply(200, body, Content_Encoding="gzip")) as fetcher:
        assert fetcher.get("netease_url", "/x").json() == {"ok": 1}


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a": ', b"[" * 100_000, b"\xff\xfe\xfa", b"1" * 5000])
def test_what_is_not_json_is_unreadable(body: bytes) -> None:
    assert reason_of(lambda _: reply(200, body)) == "unreadable"


def test_errors_name_the_host_and_nothing_else_of_the_question() -> None:
    with fetcher_of(lambda _: reply(403)) as fetcher, pytest.raises(SourceFailed) as caught:
        fetcher.get("netease_url", "/x", params={"q": "hidden"}, headers={"Authorization": "Bearer hidden"})
    assert "music.163.com" in caught.value.message
    assert "hidden" not in f"{caught.value!r} {caught.value.message}"


def test_the_name_of_the_program_goes_along_and_no_cookies_stay() -> None:
    seen: list[httpx.Headers] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return reply()

    with fetcher_of(answer) as fetcher:
        fetcher.get("netease_url", "/x")
    assert seen[0]["User-Agent"].startswith("Magpie/")
    assert "Cookie" not in seen[0]


class TestAddressesOfPluginsOwn:
    @pytest.mark.parametrize(
        "base",
        [
            "http://169.254.169.254",
            "http://localhost:1",
            "http://10.0.0.1",
            "ftp://x.example",
            "http://u:p@x.example",
        ],
    )
    def test_private_places_are_refused(self, base: str) -> None:
        with fetcher_of(lambda _: reply()) as fetcher, pytest.raises(SourceFailed) as caught:
            fetcher.get(base, "/x")
        assert caught.value.reason == "refused"

    def test_what_an_administrator_allows_is_not(self) -> None:
        with fetcher_of(lambda _: reply()) as fetcher:
            assert fetcher.get("http://127.0.0.1:8080", "/x").json() == {"ok": 1}


def test_it_goes_through_the_proxy() -> None:
    """A proxy sees the whole address of what is asked for without TLS."""
    from tests.support.servers.double import Call, Double, Reply

    class Proxy(Double):
        def is_write(self, call: Call) -> bool:
            return False

        def reply(self, call: Call) -> Reply:
            return Reply(b'{"through": "the proxy"}', content_type="application/json")

    with Proxy() as proxy:
        settings = Settings(proxy=proxy.url, netease_url="http://music.example")
        with Fetcher(settings, sleep=lambda _: None) as fetcher:
            assert fetcher.get("netease_url", "/x").json() == {"through": "the proxy"}
        assert [call.headers["host"] for call in proxy.calls] == ["music.example"]


def test_several_threads_may_fetch_at_once() -> None:
    with fetcher_of(lambda _: reply()) as fetcher:
        found: list[object] = []
        threads = [
            threading.Thread(target=lambda: found.append(fetcher.get("netease_url", "/x").json()))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [{"ok": 1}] * 8
