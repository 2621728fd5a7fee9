"""Cookies as people have them."""

from __future__ import annotations

import http.cookiejar
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from magpie.kit.errors import RuleBroken
from magpie.sites import formats
from magpie.sites.jar import Cookie, Jar

SITE = "media.example"
LATER = int(time.time()) + 90 * 86400


def parse(text: str, site: str = SITE, *, secure: bool = True) -> Jar:
    return formats.parse(text, site=site, secure=secure)


def line(domain: str, name: str, value: str, expires: int = 0, prefix: str = "") -> str:
    below = "TRUE" if domain.startswith(".") else "FALSE"
    return f"{prefix}{domain}\t{below}\t/\tTRUE\t{expires}\t{name}\t{value}"


def pairs(jar: Jar) -> dict[str, str]:
    return {cookie.name: cookie.value for cookie in jar.cookies}


def test_a_netscape_file() -> None:
    text = "\r\n".join(
        (
            "# Netscape HTTP Cookie File",
            "",
            line(".media.example", "session", "abc", LATER, "#HttpOnly_"),
            line("www.media.example", "lang", ""),
            line(".elsewhere.example", "other", "x"),
        )
    )
    jar = parse(text)
    assert pairs(jar) == {"session": "abc", "lang": ""}
    assert jar.expires_at == datetime.fromtimestamp(LATER, UTC)


@pytest.mark.parametrize(
    "text",
    ['{"session": "abc", "n": 1}', " session=abc; n=1 ", "Cookie: session=abc; n=1;"],
)
def test_names_and_values_go_to_the_site_and_what_is_below_it(text: str) -> None:
    jar = parse(text)
    assert pairs(jar) == {"session": "abc", "n": "1"}
    assert {(one.domain, one.subdomains, one.secure) for one in jar.cookies} == {(SITE, True, True)}


def test_a_browsers_export() -> None:
    entries = [
        {
            "domain": ".media.example",
            "name": "sid",
            "value": "1",
            "expirationDate": LATER + 0.5,
            "httpOnly": True,
        },
        {"domain": "media.example", "hostOnly": True, "name": "b", "value": "2", "expires": -1, "path": "/a"},
        {"domain": ".elsewhere.example", "name": "ö ;", "value": "\n"},  # not ours, so nobody minds
    ]
    for text in (json.dumps(entries), json.dumps({"cookies": entries, "origins": []})):
        jar = parse(text)
        assert pairs(jar) == {"sid": "1", "b": "2"}
        assert [one.expires for one in jar.cookies] == [LATER, None]
        assert [one.subdomains for one in jar.cookies] == [True, False]


def test_a_known_site_has_several_hosts() -> None:
    text = f"{line('.youtube.com', 'SID', '1')}\n{line('.google.com', 'NID', '2')}\n{line('.youtu.be', 'x', '3')}"
    assert pairs(parse(text, "youtube")) == {"SID": "1", "x": "3"}


def test_one_of_a_domain_above_is_narrowed_to_the_site() -> None:
    jar = parse(line(".example.org", "session", "abc"), "music.example.org")
    assert [(one.domain, one.subdomains) for one in jar.cookies] == [("music.example.org", True)]


@pytest.mark.parametrize(
    "domain", ["example.org", ".org.evil", ".usic.example.org", "evilmusic.example.org", ".org"]
)
def test_others_hosts_are_left_out(domain: str) -> None:
    with pytest.raises(RuleBroken):
        parse(line(domain, "session", "abc"), "music.example.org")


SECRET = "Planted.value.0123456789"


@pytest.mark.parametrize(
    "text",
    [
        "",
        SECRET,
        "{" + SECRET,
        f'{{"a": ["{SECRET}"]}}',
        f'["{SECRET}"]',
        f'[{{"name": "{SECRET}"}}]',
        f"media.example\t{SECRET}",
        line("media.example", "a;b", SECRET),
        line("media.example", "a", f"{SECRET}\x01"),
        line("media.example", "a", f"{SECRET};b=c"),
        line("media.example", "a", f"{SECRET}ä"),
        line("", "a", SECRET),
        f"media.example\tTRUE\tno path {SECRET}\tTRUE\t0\ta\tb",
        f"media.example\tTRUE\t/\tTRUE\t0\ta\t{SECRET}{'x' * formats.MAX_VALUE}",
        SECRET * 20_000,
        "\n".join(line("media.example", f"n{number}", SECRET) for number in range(formats.MAX_COOKIES + 1)),
        "[" * 100_000,
    ],
)
def test_what_is_none_is_refused_without_a_word_of_it(text: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        parse(text)
    assert SECRET not in str(caught.value.body())


@given(st.text() | st.text(alphabet='\t=;{}[]",:.#\nab1'))
def test_nothing_crashes_it(text: str) -> None:
    try:
        jar = parse(text)
    except RuleBroken:
        return
    assert parse(jar.text()) == jar


@pytest.mark.parametrize("site", ["media.example", "127.0.0.1", "localhost", "nas", "youtube"])
def test_the_file_is_what_the_tools_read_and_send(site: str, tmp_path: Path) -> None:
    jar = parse('{"session": "abc"}', site, secure=False)
    path = tmp_path / "cookies.txt"
    path.write_text(jar.text())
    loaded = http.cookiejar.MozillaCookieJar(str(path))
    loaded.load(ignore_discard=True, ignore_expires=True)
    host = "www.youtube.com" if site == "youtube" else site
    for cookie in loaded:
        cookie.expires, cookie.discard = None, True
    client = httpx.Client(cookies=loaded)
    assert client.build_request("GET", f"http://{host}:8080/x").headers.get("Cookie") == "session=abc"
    assert "Cookie" not in client.build_request("GET", "http://elsewhere.example/x").headers


def test_what_shows_a_jar_shows_no_value() -> None:
    cookie = Cookie("media.example", "session", SECRET)
    assert SECRET not in f"{cookie!r} {cookie} {Jar((cookie,))!r}"


def test_what_matters_for_being_signed_in_tells_when_it_expires() -> None:
    soon = int(time.time()) + 60
    text = f"{line('media.example', 'advert', '1', soon)}\n{line('media.example', 'session_id', '2', LATER)}"
    assert parse(text).expires_at == datetime.fromtimestamp(LATER, UTC)
    assert parse(line("media.example", "a", "1", 99999999999999999)).expires_at is not None
    assert parse(line("media.example", "session", "1")).expires_at is None
