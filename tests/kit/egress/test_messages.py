"""Message rewriting and body framing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.kit.egress.messages import (
    BadMessage,
    ChunkedBody,
    body_of,
    head_end,
    parse_request,
    request_bytes,
    response_bytes,
    response_status,
)


def test_a_request_loses_what_was_meant_for_the_proxy() -> None:
    head = (
        b"GET http://a/x HTTP/1.1\r\nHost: inner\r\nProxy-Authorization: Basic c2VjcmV0\r\nX-Drop: 1\r\n"
        b"Connection: keep-alive, X-Drop, Content-Length\r\nContent-Length: 3\r\nRange: bytes=0-\r\n\r\n"
    )
    sent = request_bytes(parse_request(head), "/x", "a", None)
    assert sent == (
        b"GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nRange: bytes=0-\r\nConnection: close\r\n\r\n"
    )


@pytest.mark.parametrize(
    "head",
    [
        b"GET  http://a/ HTTP/1.1\r\n\r\n",
        b"GET http://a/ HTTP/2.0\r\n\r\n",
        b"GET http://a/\x7f HTTP/1.1\r\n\r\n",
        b"GET http://a/ HTTP/1.1\r\nA : b\r\n\r\n",
        b"GET http://a/ HTTP/1.1\r\nA: b\r\n folded\r\n\r\n",
        b"GET http://a/ HTTP/1.1\r\nA: b\rC: d\r\n\r\n",
        b"GET http://a/ HTTP/1.1\r\nA: \x00\r\n\r\n",
        b"POST http://a/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST http://a/ HTTP/1.1\r\nContent-Length: +1\r\n\r\n",
        b"POST http://a/ HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST http://a/ HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
    ],
)
def test_ambiguous_requests_are_refused(head: bytes) -> None:
    with pytest.raises(BadMessage):
        body_of(parse_request(head))


def test_an_answer_ends_the_connection_and_cannot_pose_as_the_guard() -> None:
    head = b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nX-Magpie-Egress: refused\r\nETag: 1\r\n\r\n"
    assert response_bytes(head) == b"HTTP/1.1 200 OK\r\nETag: 1\r\nConnection: close\r\n\r\n"
    assert response_status(head) == 200
    assert response_status(b"ICY 200 OK\r\n\r\n") is None


def test_heads_may_end_in_bare_newlines() -> None:
    assert head_end(b"HTTP/1.0 200 OK\nA: b\n\nbody") == 22
    assert head_end(b"HTTP/1.0 200 OK\r\nA: b\r\n") == -1


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=5), st.integers(1, 30), st.booleans())
def test_a_chunked_body_ends_where_it_ends(chunks: list[bytes], step: int, trailer: bool) -> None:
    message = b"".join(b"%x;ext=1\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    message += b"0\r\n" + (b"Sum: 1\r\n" if trailer else b"") + b"\r\n"
    data = message + b"GET http://other/ HTTP/1.1\r\n\r\n"
    body = ChunkedBody()
    taken = 0
    for start in range(0, len(data), step):
        piece = data[start : start + step]
        used = body.take(piece)
        taken += used
        if used < len(piece):
            break
    assert body.complete
    assert taken == len(message)


@pytest.mark.parametrize("data", [b"zz\r\n", b"-1\r\n", b"1\r\nabc\r\n", b"a" * 9000, b"\r\n"])
def test_a_broken_chunk_ends_the_body(data: bytes) -> None:
    body = ChunkedBody()
    body.take(data)
    assert body.complete
    assert body.take(b"GET / HTTP/1.1\r\n") == 0
