"""No secret reaches a log line, whichever way it takes and whichever form the lines have."""

from __future__ import annotations

import io
import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
import structlog

from magpie.kit.logs import MASK, configure_logs, redact
from tests.conftest import plain_logs

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw"
SECRET = "hunter2-xyzzy"


@pytest.mark.parametrize(
    "text",
    [
        f"http://ada:{SECRET}@proxy.example:8080/",
        f"postgresql://ada:{SECRET}@host/db",
        f"http://ada:p@{SECRET}@host/",
        f"GET /feeds?token={SECRET}&page=2",
        f"https://x.example/a?X-Plex-Token={SECRET}",
        f"https://x.example/a?page=2&api_key={SECRET}#top",
        f"password={SECRET} was wrong",
        f"Authorization: Bearer {SECRET}",
        f"authorization: Token {SECRET}",
        f"sent basic {SECRET}",
        f"Cookie: a=1; session={SECRET}; b=2",
        f"Set-Cookie: sid={SECRET}; HttpOnly",
        f"X-Api-Key: {SECRET}",
        f"{{'password': '{SECRET}', 'x': 1}}",
        f'{{"access_token": "{SECRET}", "x": 1}}',
        f"GET /feeds/{SECRET}-0123456789-abcdefghij/library.xml",
        f'{{"api_key" : "with \\" inside {SECRET}"}}',
    ],
)
def test_texts_with_credentials(text: str) -> None:
    masked = redact(text)
    assert SECRET not in masked
    assert MASK in masked
    assert redact(masked) == masked


def test_a_token_by_its_looks() -> None:
    assert redact(f"got {JWT} from them") == f"got {MASK} from them"


@pytest.mark.parametrize(
    "text",
    [
        "https://www.youtube.com/@channel/videos?page=2",
        "saved Music/Artist/Song.mp3 in 3.2 s",
        "mail to ada@example.com",
        "https://example.com/feeds/a-channel/episodes.xml",
        "the passage is 3 m wide: see https://example.com/a@b",
    ],
)
def test_the_rest_stays_readable(text: str) -> None:
    assert redact(text) == text


def test_hostile_text_costs_little_time() -> None:
    started = time.perf_counter()
    for text in ("a-" * 20_000, "\"token': " * 4000, "http://" + "a" * 50_000, "'pass': '" + "\\" * 20_000):
        redact(text)
    assert time.perf_counter() - started < 5


@pytest.fixture(params=["json", "text"])
def lines(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """Logs as the program writes them, in both forms; gives what was written."""
    style: Literal["json", "text"] = request.param
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logs(style=style)
    yield stream.getvalue
    root.handlers[:], root.level = before
    plain_logs()


class Odd:
    """Something whose text holds a secret."""

    def __str__(self) -> str:
        return f"Odd(token={SECRET})"


def test_fields(lines: Callable[[], str]) -> None:
    structlog.get_logger("test").info(
        "asked",
        url=f"http://ada:{SECRET}@host/?token={SECRET}",
        password=SECRET,
        new_password=SECRET,
        api_key=SECRET.encode(),
        nested={"cookies": {"sid": SECRET}, "list": [{"secret_key": SECRET}], "ok": 7},
        pair=(f"token={SECRET}", None),
        odd=Odd(),
        count=3,
    )
    written = lines()
    assert "asked" in written
    assert MASK in written
    assert "hunter2" not in written


def test_messages_of_libraries(lines: Callable[[], str]) -> None:
    logging.getLogger("some.library").warning(
        "connect %s failed: %r", f"http://a:{SECRET}@h/", {"token": SECRET}
    )
    assert "some.library" in lines()
    assert "hunter2" not in lines()


def test_exceptions(lines: Callable[[], str]) -> None:
    def fail() -> None:
        try:
            raise ValueError(f"https://x.example/?api_key={SECRET}")
        except ValueError as error:
            raise RuntimeError(f"Authorization: Bearer {JWT}") from error

    for log in (structlog.get_logger("test").exception, logging.getLogger("library").exception):
        try:
            fail()
        except RuntimeError:
            log("it failed")
    written = lines()
    assert written.count("RuntimeError") >= 2
    assert written.count("api_key=") >= 2
    assert "hunter2" not in written
    assert JWT not in written


def test_a_line_is_a_line(lines: Callable[[], str]) -> None:
    structlog.get_logger("test").info("title", title="first\nsecond")
    written = lines().strip()
    assert written.count("\n") == 0
    if written.startswith("{"):
        assert json.loads(written)["title"] == "first\nsecond"
