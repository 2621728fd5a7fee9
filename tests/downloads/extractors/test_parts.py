"""The small parts: sniffing, pages, secrets, headers, names, configurations."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from magpie.downloads.extractors import figures
from magpie.downloads.extractors.chain import candidates
from magpie.downloads.extractors.direct.names import filename_of
from magpie.downloads.extractors.faults import failure_of_status, reason_of_status
from magpie.downloads.extractors.gallerydl.catalogue import parse_listing
from magpie.downloads.extractors.gallerydl.config import own_roots, write_configuration
from magpie.downloads.extractors.gallerydl.errors import failure_of, only_missing_files
from magpie.downloads.extractors.gallerydl.extractor import GalleryDl
from magpie.downloads.extractors.html import read_html
from magpie.downloads.extractors.port import (
    Claim,
    Extractor,
    Kind,
    NotMine,
    Request,
    Saved,
    Session,
    request_from_wire,
    to_wire,
)
from magpie.downloads.extractors.secrets import Redactor
from magpie.downloads.extractors.sniff import content_of
from magpie.downloads.extractors.titles import clean_facts, clean_lines, clean_text
from magpie.downloads.extractors.ytdlp.options import parameters
from magpie.downloads.failures import DownloadFailure, Reason
from tests.downloads.nest.support import PROXY, order

URL = "http://example.org/a"


@pytest.mark.parametrize(
    ("head", "mime", "url", "attachment", "expected"),
    [
        (b"\0\0\0\x18ftypisom", "text/plain", URL, False, (Kind.VIDEO, "mp4")),
        (b"\0\0\0\x18ftypM4A ", "", URL, False, (Kind.AUDIO, "m4a")),
        (b"\0\0\0\x18ftypisom", "audio/mp4", URL, False, (Kind.AUDIO, "m4a")),
        (b"\x1aE\xdf\xa3....webm", "", URL, False, (Kind.VIDEO, "webm")),
        (b"OggS" + b"\0" * 24 + b"OpusHead", "application/ogg", URL, False, (Kind.AUDIO, "opus")),
        (b"ID3\x04", "video/mp4", URL, False, (Kind.AUDIO, "mp3")),
        (b"RIFF1234WEBPVP8 ", "", URL, False, (Kind.IMAGE, "webp")),
        (b"G" + b"\0" * 187 + b"G" + b"\0" * 187 + b"G", "", URL, False, (Kind.VIDEO, "ts")),
        (b"%PDF-1.7", "text/html", URL, False, (Kind.FILE, "pdf")),
        (b"<!DOCTYPE html><p>", "video/mp4", "http://a/b.mp4", False, None),
        (b"\xef\xbb\xbf \n<html>", "", URL, False, None),
        (b"#EXTM3U\n", "video/mp4", URL, False, None),
        (b"<?xml version='1.0'?><MPD>", "", URL, False, None),
        (b'{"a": 1}', "application/json", URL, False, None),
        (b"hello", "text/plain", "http://a/notes.txt", False, None),
        (b"hello", "text/plain", URL, True, (Kind.FILE, "bin")),
        (b"\x01\x02", "application/octet-stream", "http://a/x", False, (Kind.FILE, "bin")),
        (b"\x01\x02", "", "http://a/x", False, None),
    ],
)
def test_sniffing(
    head: bytes, mime: str, url: str, attachment: bool, expected: tuple[Kind, str] | None
) -> None:
    found = content_of(head, mime, url, attachment)
    assert (found and (found.kind, found.extension)) == expected


def test_pages() -> None:
    page = read_html(
        """<base href="/deep/"><title> A  <b>title</b></title><meta name=author content=Ann>
        <img src=i.png width=16><img src="data:image/gif;base64,x" data-src=lazy.jpg>
        <a href=full.jpg><img src=thumb.jpg></a><img srcset="s.jpg 100w, l.jpg 900w">
        <picture><source srcset="p1.jpg 1x, p2.jpg 2x"><img src=p0.jpg></picture>
        <img src="javascript:alert(1)"><img src="file:///etc/passwd"><a rel=next href="?page=2">n</a><!-- ]]> <![x""",
        "http://host:81/a/b",
    )
    base = "http://host:81/deep/"
    assert page.images == [base + name for name in ("lazy.jpg", "full.jpg", "l.jpg", "p2.jpg")]
    assert (page.author, page.next_page, page.has_media) == ("Ann", f"{base}?page=2", False)
    assert read_html("<video src=x>", URL).has_media
    assert len(read_html("<img src=a{}>" * 5, URL).images) == 1
    assert len(read_html("".join(f"<img src={n}.jpg>" for n in range(5000)), URL).images) == 2000


def test_secrets_are_hidden(tmp_path: Path) -> None:
    cookies = tmp_path / "c.txt"
    cookies.write_text("# Netscape HTTP Cookie File\n.a.org\tTRUE\t/\tFALSE\t0\tsid\tverysecret\n")
    redact = Redactor(order(URL, tmp_path, cookies=cookies))
    told = redact(
        f"{PROXY} user-17 pass-4711 verysecret http://u:p@h/ Proxy-Authorization: Basic abc\nCookie: a=b"
    )
    for secret in ("user-17", "pass-4711", "verysecret", "u:p", "abc", "a=b"):
        assert secret not in told


def test_statuses_and_waits() -> None:
    for said, seconds in ((None, None), ("12", 12), ("99999999", 7 * 86400)):
        assert failure_of_status(429, {"retry-after": said} if said else {}).retry_after == seconds
    assert reason_of_status(502) is Reason.SITE_ERROR
    assert failure_of_status(403, {"X-Magpie-Egress": "refused"}).reason is Reason.REFUSED_ADDRESS
    assert failure_of_status(502, {"X-Magpie-Egress": "unresolved"}).reason is Reason.NETWORK


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="a b.mp4"', "a b.mp4"),
        ("attachment; filename*=UTF-8''%E6%99%B4.mp3; filename=x.mp3", "晴.mp3"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\evil\\\\x.exe"', "x.exe"),
        ('attachment; filename="a\\"b.mp3"', 'a"b.mp3'),
        ("attachment; filename*=nonsense''x%FF.mp3; filename=y.mp3", "y.mp3"),
        ("inline", None),
    ],
)
def test_file_names(header: str, name: str | None) -> None:
    assert filename_of(header) == name


def test_texts() -> None:
    assert clean_text("a\u202eb\x00c\r\nd\ud800 \u2028 e") == "ab c d e"
    assert clean_text("x" * 900) == "x" * 500
    assert clean_lines("one\x1b[31m\r\ntwo\n\n") == "one [31m\ntwo"
    assert clean_lines("\n \n") is None


def test_requests_survive_the_wire(tmp_path: Path) -> None:
    request = order(URL, tmp_path, cookies=tmp_path / "c", options={"a": {"b": [1]}})
    assert request_from_wire(json.loads(json.dumps(to_wire(request)))) == request


class Claims:
    def __init__(self, name: str, claim: Claim) -> None:
        self.name = name
        self._claim = claim

    def claims(self, url: str) -> Claim:
        return self._claim

    def preload(self) -> None: ...

    def version(self) -> str:
        return ""

    def extract(self, request: Request, session: Session) -> Saved:
        raise NotMine


def test_the_surest_is_asked_first_and_plugins_win_ties() -> None:
    given: list[Extractor] = [
        Claims("plugin-maybe", Claim.MAYBE),
        Claims("plugin-yes", Claim.YES),
        Claims("own-no", Claim.NO),
        Claims("own-likely", Claim.LIKELY),
        Claims("own-yes", Claim.YES),
        Claims("own-maybe", Claim.MAYBE),
    ]
    names = [extractor.name for _, extractor in candidates(URL, {}, given)]
    assert names == ["plugin-yes", "own-yes", "own-likely", "plugin-maybe", "own-maybe"]


def test_ytdlp_gets_no_string_of_a_users_as_an_option(tmp_path: Path) -> None:
    from dataclasses import replace

    hostile = replace(
        order("--exec=x", tmp_path, title="%(id)s", options={"ytdlp": {"exec": "x"}}).profile,
        subtitles=("en", "--exec", ".*", "a,b"),
        name="; rm",
    )
    params = parameters(
        order("--exec=x", tmp_path, title="%(id)s", profile=hostile, options={"exec_cmd": "x"})
    )
    assert params["subtitleslangs"] == ["en(-[A-Za-z0-9-]+)?", "-live_chat"]
    assert "exec" not in json.dumps(params)
    assert params["cachedir"] is params["enable_file_urls"] is params["usenetrc"] is False


LISTING = """PixivUserExtractor
Extractor for a pixiv user profile
Category: pixiv - Subcategory: user
Example : https://www.pixiv.net/en/users/12345

Category: tumblr - Subcategory: user
Example : https://USER.tumblr.com/

Category: directlink - Subcategory:
Example : https://en.wikipedia.org/static/images/project-logos/enwiki.png
"""


def test_gallery_dls_list() -> None:
    catalogue = parse_listing(LISTING)
    assert catalogue.knows("https://pixiv.net/artworks/1")
    assert catalogue.knows("https://www.pixiv.net/artworks/1")
    assert catalogue.knows("https://ann.tumblr.com/")
    assert not catalogue.knows("https://en.wikipedia.org/x.png")
    assert not catalogue.knows("http://127.0.0.1:80/")
    assert not parse_listing("").knows(URL)


def test_the_sites_of_gallery_dl_are_listed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = "https://www.pixiv.net/en/artworks/12345"
    first, second, elsewhere = GalleryDl(), GalleryDl(), GalleryDl()
    first.keep_in(tmp_path)
    first.begin_preload()
    first.preload()
    assert first.claims(page) is Claim.YES
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    second.keep_in(tmp_path)
    second.preload()
    assert second.claims(page) is Claim.YES
    assert second.claims("https://someone.fanbox.cc/posts/1") is Claim.YES
    with pytest.raises(FileNotFoundError):
        elsewhere.preload()


def test_gallery_dls_configuration(tmp_path: Path) -> None:
    options = {
        "gallerydl": {
            "roots": {"moebooru": {"mine": "http://h:1/x/", "bad name": "http://h", "evil": "file:///etc"}},
            "postprocessors": [{"name": "exec", "command": "x"}],
        }
    }
    assert own_roots(options) == {"moebooru": {"mine": "http://h:1/x"}}
    path = write_configuration(order(URL, tmp_path, options=options), tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "exec" not in path.read_text()
    assert json.loads(path.read_text())["extractor"]["proxy"] == PROXY


@pytest.mark.parametrize(
    ("code", "log", "reason"),
    [
        (4, ["[x][error] HttpError: '404 Not Found' for 'http://h/'"], Reason.NOT_FOUND),
        (4, ["[x][error] HttpError: '429 Too Many Requests' for 'http://h/'"], Reason.RATE_LIMITED),
        (8, ["[x][error] ChallengeError: Cloudflare challenge"], Reason.BOT_CHECK),
        (16, ["[x][error] AuthRequired: 'cookies' needed"], Reason.LOGIN_REQUIRED),
        (4, ["[x][error] NotFoundError: Requested user could not be found"], Reason.NOT_FOUND),
        (1, ["[x][error] OSError: [Errno 28] No space left on device"], Reason.NO_SPACE),
        (1, [], Reason.TOOL_ERROR),
    ],
)
def test_gallery_dls_ends(code: int, log: list[str], reason: Reason) -> None:
    failure = failure_of(code, log)
    assert isinstance(failure, DownloadFailure)
    assert failure.reason is reason


def test_gallery_dls_other_ends() -> None:
    assert isinstance(failure_of(64, []), NotMine)
    assert only_missing_files(4, ["[downloader.http][warning] '404 Not Found' for 'http://h/1.jpg'"])
    assert not only_missing_files(4, ["[downloader.http][warning] '503 Busy' for 'http://h/1.jpg'"])
    assert not only_missing_files(4, [])


def test_facts_of_sites_are_bounded_and_can_be_stored() -> None:
    facts: dict[str, Any] = {
        "channel": "x" * 1_000_000, "views": float("nan"), "likes": 10**30, "rating": float("-inf"), "good": 4.5,
        "nul": "a\0b\ud800", "tags": ["one", ["deep"], {"deeper": 1}, "y" * 9999] + ["more"] * 1000, "none": None,
        "n" * 1000: True, **{f"number {number}": number for number in range(1000)},
    }  # fmt: skip
    cleaned = clean_facts(facts)
    assert len(json.dumps(cleaned, allow_nan=False)) < 20_000
    assert cleaned["nul"] == "a b"
    assert cleaned["good"] == 4.5
    assert cleaned["tags"][:2] == ["one", "y" * 500]
    assert cleaned["n" * 64] is True
    assert not {"views", "likes", "rating", "none"} & set(cleaned)


@pytest.mark.parametrize("figure", [10**400, float("inf"), float("nan"), -1, 2**63, "12"])
def test_impossible_figures_are_none(figure: Any) -> None:
    assert figures.count(figure) is None
    assert figures.amount(figure) is None
    assert (figures.count(12.9), figures.amount(12.9)) == (12, 12.9)


@pytest.mark.parametrize(
    "mime", ["video/" + "x" * 300, "video/a b", "video/\u00e9", "video/x\r\nX-A: b", "video/"]
)
def test_media_types_that_are_none_are_not_kept(mime: str) -> None:
    found = content_of(b"bytes", mime, "http://example.org/" + "a." + "b" * 300)
    assert found is None
    film = content_of(b"\0\0\0\x18ftypisom", mime, URL)
    assert film is not None
    assert film.mime == "video/mp4"
