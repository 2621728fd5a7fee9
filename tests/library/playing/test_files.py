"""Files over HTTP: every answer is what slicing the file's bytes gives."""

from __future__ import annotations

import email
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import Message
from email.policy import HTTP
from email.utils import formatdate
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.library.playing.conftest import CONTENT, Served

SIZE = len(CONTENT)
URL = "/file"
POSITION = st.integers(0, SIZE + 300) | st.sampled_from([0, 1, SIZE - 1, SIZE, 10**25])


@contextmanager
def serving(served: Served, **changes: object) -> Iterator[None]:
    """Serve something else for a moment."""
    before = replace(served)
    for name, value in changes.items():
        setattr(served, name, value)
    try:
        yield
    finally:
        for name in changes:
            setattr(served, name, getattr(before, name))


@st.composite
def range_specs(draw: st.DrawFn) -> tuple[str, range]:
    """One range of the header, and the positions in the file that it means; maybe none."""
    first = draw(POSITION)
    form = draw(st.sampled_from(["a-b", "a-", "-n"]))
    everything = range(SIZE)
    if form == "-n":
        return f"-{first}", everything[SIZE - min(first, SIZE) :]
    if form == "a-":
        return f"{first}-", everything[first:]
    last = first + draw(st.integers(0, 3000))
    return f"{first}-{last}", everything[first : last + 1]


def held_in(positions: range) -> bytes:
    return bytes(CONTENT[position] for position in positions)


def parts_of(answer: httpx.Response) -> list[tuple[str, bytes]]:
    """The parts of a multipart answer, each with its `Content-Range`, read by the standard library."""
    head = f"Content-Type: {answer.headers['content-type']}\r\n\r\n".encode()
    message = email.message_from_bytes(head + answer.content, policy=HTTP)
    payload = message.get_payload()
    assert isinstance(payload, list)
    found = []
    for part in payload:
        assert isinstance(part, Message)
        assert part["Content-Type"] == "video/mp4"
        # The standard library reads text; the bytes are taken from the raw answer at the place that it found.
        found.append(str(part["Content-Range"]))
    pieces = answer.content.split(f"--{message.get_boundary()}".encode())[1:-1]
    return [(span, piece.partition(b"\r\n\r\n")[2][:-2]) for span, piece in zip(found, pieces, strict=True)]


@settings(max_examples=100, deadline=None)
@given(spec=range_specs())
def test_one_range_is_the_slice(client: httpx.Client, spec: tuple[str, range]) -> None:
    text, positions = spec
    answer = client.get(URL, headers={"Range": f"bytes={text}"})
    if not positions:
        assert answer.status_code == 416
        assert answer.headers["content-range"] == f"bytes */{SIZE}"
        return
    assert answer.status_code == 206
    assert answer.content == held_in(positions)
    assert answer.headers["content-range"] == f"bytes {positions[0]}-{positions[-1]}/{SIZE}"
    assert int(answer.headers["content-length"]) == len(positions)


@settings(max_examples=100, deadline=None)
@given(specs=st.lists(range_specs(), min_size=2, max_size=20))
def test_many_ranges_are_their_slices_or_the_whole(
    client: httpx.Client, specs: list[tuple[str, range]]
) -> None:
    answer = client.get(URL, headers={"Range": "bytes=" + ", ".join(text for text, _ in specs)})
    held = [positions for _, positions in specs if positions]
    overlapping = len({place for one in held for place in one}) < sum(map(len, held))
    if len(specs) > 16 or overlapping:
        assert (answer.status_code, answer.content) == (200, CONTENT)
    elif not held:
        assert answer.status_code == 416
    elif len(held) == 1:
        assert (answer.status_code, answer.content) == (206, held_in(held[0]))
    else:
        assert answer.status_code == 206
        assert int(answer.headers["content-length"]) == len(answer.content)
        spans = [f"bytes {one[0]}-{one[-1]}/{SIZE}" for one in held]
        assert parts_of(answer) == list(zip(spans, map(held_in, held), strict=True))


@settings(max_examples=100, deadline=None)
@given(text=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40))
def test_any_other_header_gets_the_whole(client: httpx.Client, text: str) -> None:
    answer = client.get(URL, headers={"Range": text})
    if answer.status_code == 200:
        assert answer.content == CONTENT
    else:
        assert re.match(r"(?i)bytes=[\d,-]+$", text)


@pytest.mark.parametrize(
    "header", ["bytes=5-3", "bytes=-", "bytes=a-b", "bytes=", "lines=1-2", "bytes=1-2,x", "bytes=0-9,5-20"]
)
def test_malformed_and_overlapping_ranges_get_the_whole(client: httpx.Client, header: str) -> None:
    answer = client.get(URL, headers={"Range": header})
    assert (answer.status_code, answer.content) == (200, CONTENT)


def test_head_tells_all_that_get_tells(client: httpx.Client) -> None:
    head, get = client.head(URL, headers={"Range": "bytes=0-1"}), client.get(URL)
    assert (head.status_code, head.content) == (200, b"")
    skipped = {"date", "server"}
    assert {name: value for name, value in head.headers.items() if name not in skipped} == {
        name: value for name, value in get.headers.items() if name not in skipped
    }
    assert head.headers["accept-ranges"] == "bytes"
    assert head.headers["content-length"] == str(SIZE)


def test_one_connection_carries_answers_of_every_kind(client: httpx.Client) -> None:
    for _ in range(3):
        assert client.get(URL).content == CONTENT
        assert client.head(URL).status_code == 200
        assert client.get(URL, headers={"Range": "bytes=5-9"}).content == CONTENT[5:10]
        assert client.get(URL, headers={"Range": f"bytes={SIZE}-"}).status_code == 416


def dated(client: httpx.Client, seconds: float) -> str:
    """The file's date, moved by so much."""
    return formatdate(email.utils.parsedate_to_datetime(modified(client)).timestamp() + seconds, usegmt=True)


def modified(client: httpx.Client) -> str:
    return client.head(URL).headers["last-modified"]


def etag(client: httpx.Client) -> str:
    return client.head(URL).headers["etag"]


def test_conditions_are_judged_in_order(client: httpx.Client, served: Served) -> None:
    os.utime(served.path, (time.time() - 100, time.time() - 100))
    mine, same = etag(client), modified(client)
    older, newer = dated(client, -10), dated(client, 10)
    assert re.fullmatch(r'"[0-9a-f]{24}"', mine)
    for headers, status in (
        ({"If-None-Match": mine}, 304),
        ({"If-None-Match": f'"other", W/{mine}'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-None-Match": '"other"', "If-Modified-Since": newer}, 200),
        ({"If-Modified-Since": same}, 304),
        ({"If-Modified-Since": newer}, 304),
        ({"If-Modified-Since": older}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-Modified-Since": "Mon, 99 Foo 99999 99:99:99 GMT"}, 200),
        ({"If-Match": mine}, 200),
        ({"If-Match": f"W/{mine}"}, 412),
        ({"If-Match": '"other"'}, 412),
        ({"If-Match": "*"}, 200),
        ({"If-Match": mine, "If-Unmodified-Since": older}, 200),
        ({"If-Unmodified-Since": older}, 412),
        ({"If-Unmodified-Since": same}, 200),
        ({"If-Match": mine, "If-None-Match": mine}, 304),
        ({"If-Match": '"other"', "If-None-Match": mine}, 412),
    ):
        for method in ("GET", "HEAD"):
            answer = client.request(method, URL, headers=headers)
            assert answer.status_code == status, (method, headers)
            if status == 304:
                assert answer.content == b""
                assert answer.headers["etag"] == mine
                assert "content-length" not in answer.headers


def test_a_part_is_sent_only_of_the_same_state(client: httpx.Client, served: Served) -> None:
    os.utime(served.path, (time.time() - 100, time.time() - 100))
    asked = {"Range": "bytes=0-9"}
    for if_range, status in (
        (etag(client), 206),
        (f"W/{etag(client)}", 200),
        ('"other"', 200),
        (modified(client), 206),
        (dated(client, 1), 200),
        ("nonsense", 200),
    ):
        assert client.get(URL, headers=asked | {"If-Range": if_range}).status_code == status, if_range
    # Of a file that is newer than its date is exact, the date names no state.
    os.utime(served.path, (time.time() + 50, time.time() + 50))
    assert client.get(URL, headers=asked | {"If-Range": modified(client)}).status_code == 200


def test_another_state_has_another_etag(client: httpx.Client, served: Served, tmp_path: Path) -> None:
    before = etag(client)
    facts = served.path.stat()
    os.utime(served.path, ns=(facts.st_atime_ns, facts.st_mtime_ns + 1))
    assert etag(client) != before
    other = tmp_path / "same.mp4"
    other.write_bytes(CONTENT)
    os.utime(other, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    with serving(served, path=other):
        assert etag(client) != before


def test_an_empty_file_has_no_ranges(client: httpx.Client, served: Served, tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    with serving(served, path=empty):
        assert (client.get(URL).status_code, client.get(URL).content) == (200, b"")
        for asked in ("bytes=0-", "bytes=0-0", "bytes=-1"):
            answer = client.get(URL, headers={"Range": asked})
            assert (answer.status_code, answer.headers["content-range"]) == (416, "bytes */0")


def test_what_is_no_file_any_more_is_not_found(client: httpx.Client, served: Served, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)  # opening it would wait for its other end
    for path in (tmp_path / "gone.mp4", tmp_path, pipe):
        with serving(served, path=path):
            assert client.get(URL).status_code == 404
            assert client.head(URL).status_code == 404


NAMES = [
    "song.mp3",
    "Ein “Titel”: ½ “é”.mp4",
    '"; filename="evil.exe',
    "a\r\nSet-Cookie: stolen=1\r\n\r\n.mp4",
    "../../etc/passwd",
    "日本語の歌.opus",
    "\u202egpj.exe",
    "100% \\ sure.mp4",
    "lone \ud800 surrogate.mp4",
    "",
    "\x00\x07",
]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_breaks_the_header(client: httpx.Client, served: Served, name: str) -> None:
    with serving(served, name=name):
        check_disposition(client.get(URL), name)


@settings(max_examples=100, deadline=None)
@given(name=st.text(max_size=60))
def test_no_name_at_all_breaks_the_header(client: httpx.Client, served: Served, name: str) -> None:
    with serving(served, name=name):
        check_disposition(client.head(URL), name)


def check_disposition(answer: httpx.Response, name: str) -> None:
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    told = answer.headers["content-disposition"]
    match = re.fullmatch(
        r"""inline; filename="([^"\\%/]+)"(?:; filename\*=UTF-8''([\w.~%-]+))?""", told, re.ASCII
    )
    assert match, told
    assert match[1].isascii()
    assert match[1].isprintable()
    saved_as = unquote(match[2]) if match[2] else match[1]
    assert not re.search(r"[/\\\x00-\x1f\u202e]", saved_as)
    if re.fullmatch(r"[\w.]+", name, re.ASCII):
        assert saved_as == name


@pytest.mark.parametrize(
    ("mime", "told", "shown"),
    [
        ("video/mp4", "video/mp4", True),
        ("audio/opus", "audio/opus", True),
        ("image/png", "image/png", True),
        ("text/vtt", "text/vtt; charset=utf-8", True),
        ("text/plain; charset=latin1", "text/plain; charset=utf-8", True),
        ("application/pdf", "application/pdf", False),
        ("application/x-subrip", "application/x-subrip", False),
        *(
            (runs, "application/octet-stream", False)
            for runs in (
                "text/html", "image/svg+xml", "text/xml", "application/xml", "application/xhtml+xml", "text/css",
                "text/javascript", "application/javascript", "application/wasm", "TEXT/HTML ; x=y", "", "nonsense",
                "application/x-shockwave-flash", "multipart/x-mixed-replace",
            )
        ),
    ],
)  # fmt: skip
def test_what_a_browser_would_run_is_handed_over(
    client: httpx.Client, served: Served, mime: str, told: str, shown: bool
) -> None:
    with serving(served, mime=mime):
        answer = client.get(URL)
    assert answer.headers["content-type"] == told
    assert answer.headers["content-disposition"].startswith("inline;" if shown else "attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["cache-control"].startswith("private")
    with serving(served, mime=mime, download=True):
        assert client.get(URL).headers["content-disposition"].startswith("attachment;")
