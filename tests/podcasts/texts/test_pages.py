"""Web pages: what is read of them, and how they are fetched: through the guard, bounded, and polite."""

from __future__ import annotations

import gzip
import threading
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from magpie.config import Settings
from magpie.kit.egress import EgressGuard, EgressPolicy
from magpie.podcasts.texts import pages, service
from magpie.podcasts.texts.document import Unreadable
from magpie.podcasts.texts.formats.markup import markdown_of, tree_of
from tests.podcasts.texts import making
from tests.podcasts.texts.conftest import Read

pytestmark = pytest.mark.once
Fault = Callable[..., str]
Answer = tuple[int, dict[str, str], bytes]

ARTICLE = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>The nest – Bird Weekly</title>
<script>var no = "not this";</script></head><body><header><nav><a href="/">Home</a> <a href="/shop">Shop</a></nav></header>
<article><h1>The nest</h1><p>The magpie builds a nest with a <b>roof</b> of thorny twigs above it, and enters by a
<a href="/hole">hole</a> at its side.</p><h2>Eggs<a href="#eggs">¶</a></h2><p>It lays six eggs in the month
of April, and both parents feed their young for twenty-seven days, as it was seen by
many.</p><ul><li>green ones</li><li>spotted ones</li></ul></article>
<footer>Copyright Bird Weekly. Accept all cookies.</footer></body></html>"""


class TestReading:
    def test_the_article_and_nothing_else(self, read: Read) -> None:
        found = read(ARTICLE.encode(), "page", "text/html")
        assert found.text.split("\n\n")[:3] == [
            "# The nest",
            "The magpie builds a nest with a roof of thorny twigs above it, and enters by a hole at its side.",
            "## Eggs",
        ]
        assert "- green ones" in found.text
        assert not any(word in found.text for word in ("Shop", "cookies", "not this", "Bird Weekly"))
        assert (found.title, found.language, found.kind) == ("The nest", "en", "html")

    @pytest.mark.parametrize(
        ("head", "title"),
        [
            ("<title>A | Some Site</title>", "A"),
            ("<title>A</title><meta property='og:title' content='B &amp; C'>", "B & C"),
            ("", "page"),
        ],
    )
    def test_titles(self, read: Read, head: str, title: str) -> None:
        page = f"<html><head>{head}</head><body><p>Some words of it.</p></body></html>"
        assert read(page.encode(), "page.html").title == title

    def test_a_page_that_is_no_article_is_read_as_it_is(self, read: Read) -> None:
        page = "<html><body><div>One thing</div><div>Another <span hidden>not</span></div></body></html>"
        assert read(page.encode(), "x.html").text == "One thing\n\nAnother"

    @pytest.mark.parametrize(
        ("page", "charset"),
        [
            (
                "<html><head><meta charset=gb2312></head><body><p>喜鹊㐂</p></body></html>".encode("gb18030"),
                "",
            ),
            ("<html><body><p>喜鹊㐂</p></body></html>".encode("gb18030"), "gbk"),
            (
                '<?xml version="1.0" encoding="GBK"?><html><body><p>喜鹊㐂</p></body></html>'.encode(
                    "gb18030"
                ),
                "",
            ),
            ("<html><head><meta charset=gb2312></head><body><p>喜鹊㐂</p></body></html>".encode(), ""),
            ("<html><body><p>喜鹊㐂</p></body></html>".encode("utf-16"), ""),
        ],
    )
    def test_encodings_of_pages(self, read: Read, page: bytes, charset: str) -> None:
        assert read(page, "x.html", "text/html", charset).text == "喜鹊㐂"

    @pytest.mark.parametrize(
        ("page", "code"),
        [
            ("<html><body><script>x()</script></body></html>", "no_text"),
            ("<html><head><title>only</title></head></html>", "no_text"),
            ("<!doctype html>", "no_text"),
        ],
    )
    def test_pages_without_text(self, fault: Fault, page: str, code: str) -> None:
        assert fault(page.encode(), "x.html", "text/html") == code

    def test_deep_nesting(self, read: Read) -> None:
        deep = "<html><body>" + "<div>" * 5_000 + "The words at the bottom." + "</div>" * 5_000
        assert "The words at the bottom." in read(deep.encode(), "x.html").text

    def test_rows_rubies_and_breaks(self) -> None:
        tree = tree_of(
            "<div>漢<rt>kan</rt>字<br>next</div><table><tr><th>Year</th><th>Eggs</th></tr><tr><td>2025</td>"
            "<td>6</td></tr></table><pre>a\n b</pre><h3></h3>"
        )
        assert markdown_of(tree).split("\n\n") == ["漢字\nnext", "Year | Eggs", "2025 | 6", "a b"]


class Site:
    """A web server on 127.0.0.1: what it says by path; `seen` are the requests with their headers."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.hold = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                status, headers, body = site.answers.get(self.path, (404, {}, b"no"))
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body[: len(body) // 2])
                if "X-Hold" in headers:
                    self.wfile.flush()
                    site.hold.wait(30)
                self.wfile.write(body[len(body) // 2 :])

            def log_message(self, *_: object) -> None:
                """Nothing is printed."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.host = f"127.0.0.1:{self.server.server_address[1]}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.hold.set()
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(scope="module")
def guards() -> Iterator[list[EgressGuard]]:
    """A guard that lets nothing private through, and one that opens this machine's own address."""
    closed, opened = EgressGuard(EgressPolicy()), EgressGuard(EgressPolicy(["127.0.0.1"]))
    with closed, opened:
        yield [closed, opened]


@pytest.fixture
def fetch(guards: list[EgressGuard], tmp_path: Path) -> Callable[..., pages.Fetched]:
    def fetch(url: str, *, opened: bool = True, stop: Callable[[], bool] = lambda: False) -> pages.Fetched:
        with guards[opened].pass_for("test") as access:
            return pages.fetch(url, access.url, tmp_path / "page", stop)

    return fetch


HTML = {"Content-Type": "text/html; charset=GBK"}


class TestFetching:
    def test_a_page_as_it_is_announced(
        self, site: Site, fetch: Callable[..., pages.Fetched], tmp_path: Path
    ) -> None:
        site.answers["/a/nest.html?x=1"] = (200, HTML, b"<p>words</p>")
        found = fetch(site.url("/a/nest.html?x=1"))
        assert found == pages.Fetched(site.url("/a/nest.html?x=1"), "nest.html", "text/html", "gbk")
        assert (tmp_path / "page").read_bytes() == b"<p>words</p>"
        [(_, headers)] = site.seen
        assert "Magpie/" in headers["user-agent"]
        assert not {"cookie", "authorization", "proxy-authorization", "referer"} & set(headers)

    def test_a_name_that_the_server_gives(self, site: Site, fetch: Callable[..., pages.Fetched]) -> None:
        disposition = {"Content-Disposition": "attachment; filename*=UTF-8''..%2F..%2Fb%C3%BCcher.pdf"}
        site.answers["/get"] = (200, {"Content-Type": "application/pdf", **disposition}, b"%PDF-")
        assert fetch(site.url("/get")).name == "bücher.pdf"

    def test_redirects_are_followed_through_the_guard(
        self, site: Site, fetch: Callable[..., pages.Fetched]
    ) -> None:
        site.answers["/1"] = (302, {"Location": "../2?b=ü#part"}, b"")
        site.answers["/2?b=%C3%BC"] = (200, HTML, b"there")
        assert fetch(site.url("/1")).address.startswith(site.url("/2"))

    @pytest.mark.parametrize(
        "goal",
        [
            "http://127.0.0.1:{port}/",
            "http://localhost:{port}/",
            "http://169.254.169.254/latest",
            "http://[::1]:{port}/",
        ],
    )
    def test_redirects_to_private_places_are_refused(self, site: Site, tmp_path: Path, goal: str) -> None:
        """The site itself is allowed here by its host and port alone; where it sends on to is not."""
        other = Site()
        site.answers["/"] = (302, {"Location": goal.format(port=other.server.server_address[1])}, b"")
        guard = EgressGuard(EgressPolicy([site.host]))
        with guard, guard.pass_for("test") as access, pytest.raises(Unreadable) as caught:
            pages.fetch(site.url("/"), access.url, tmp_path / "page", lambda: False)
        other.server.shutdown()
        other.server.server_close()
        assert caught.value.code == "refused"
        assert other.seen == []

    def test_a_circle(self, site: Site, fetch: Callable[..., pages.Fetched]) -> None:
        site.answers["/"] = (301, {"Location": "/"}, b"")
        assert code_of(fetch, site.url("/")) == "refused"
        assert len(site.seen) == pages.MAX_HOPS

    def test_private_addresses(self, site: Site, fetch: Callable[..., pages.Fetched]) -> None:
        for url in (site.url("/"), "http://localhost/", "https://10.0.0.1/", "http://169.254.169.254/"):
            with pytest.raises(Unreadable) as caught:
                fetch(url, opened=False)
            assert caught.value.code == "refused"
        assert site.seen == []

    @pytest.mark.parametrize(
        "url",
        [
            "file:///etc/passwd",
            "ftp://127.0.0.1/x",
            "http://",
            "https://user:secret@127.0.0.1/",
            "http://a b/",
            "javascript:x",
            "http://127.0.0.1:0/",
            "http://[::1/",
            "",
            "http://x.example/" + "a" * 9000,
        ],
    )
    def test_what_is_no_address(self, fetch: Callable[..., pages.Fetched], url: str) -> None:
        assert code_of(fetch, url) == "bad_address"

    def test_a_redirect_to_no_address(self, site: Site, fetch: Callable[..., pages.Fetched]) -> None:
        site.answers["/"] = (302, {"Location": "file:///etc/passwd"}, b"")
        assert code_of(fetch, site.url("/")) == "bad_address"

    @pytest.mark.parametrize(
        ("status", "headers", "code", "wait"),
        [
            (404, {}, "gone", None),
            (410, {}, "gone", None),
            (401, {}, "refused", None),
            (403, {}, "refused", None),
            (204, {}, "refused", None),
            (429, {"Retry-After": "30"}, "limited", 30.0),
            (503, {"Retry-After": "5"}, "limited", 5.0),
            (503, {}, "unreachable", None),
            (500, {}, "unreachable", None),
            (200, {"Content-Type": "video/mp4"}, "unsupported", None),
            (200, {"Content-Type": "image/svg+xml"}, "unsupported", None),
            (200, {"Content-Type": "application/json"}, "unsupported", None),
            (200, {"Content-Encoding": "br"}, "unsupported", None),
            (200, {"Content-Encoding": "gzip"}, "unreachable", None),
            (200, {"Content-Length": "99999999999"}, "too_large", None),
        ],
    )
    def test_failures_are_typed(
        self,
        site: Site,
        fetch: Callable[..., pages.Fetched],
        status: int,
        headers: dict[str, str],
        code: str,
        wait: float | None,
    ) -> None:
        site.answers["/"] = (status, headers, b"" if status == 204 else b"words")
        with pytest.raises(Unreadable) as caught:
            fetch(site.url("/"))
        assert (caught.value.code, caught.value.retry_after) == (code, wait)
        assert caught.value.may_pass == (code in ("limited", "unreachable"))

    @pytest.mark.parametrize(
        ("encoding", "data"),
        [
            ("gzip", gzip.compress(b"words " * 9, mtime=0)),
            ("deflate", zlib.compress(b"words " * 9)),
        ],
        ids=["gzip", "deflate"],
    )
    def test_packed_answers(
        self, site: Site, fetch: Callable[..., pages.Fetched], tmp_path: Path, encoding: str, data: bytes
    ) -> None:
        site.answers["/"] = (200, {"Content-Encoding": encoding, "Content-Type": "text/plain"}, data)
        fetch(site.url("/"))
        assert (tmp_path / "page").read_bytes() == b"words " * 9

    @pytest.mark.parametrize("packed", [False, True])
    def test_what_comes_is_bounded(
        self,
        site: Site,
        fetch: Callable[..., pages.Fetched],
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
        packed: bool,
    ) -> None:
        monkeypatch.setattr(pages, "MAX_BYTES", 100_000)
        data = b"\0" * 30_000_000
        headers = (
            {"Content-Encoding": "gzip"} if packed else {"Content-Length": "3000000", "Connection": "close"}
        )
        site.answers["/"] = (200, headers, gzip.compress(data) if packed else data[:3_000_000])
        assert code_of(fetch, site.url("/")) == "too_large"
        assert (tmp_path / "page").stat().st_size < 300_000 if (tmp_path / "page").exists() else True

    def test_an_answer_that_breaks_off(self, site: Site, fetch: Callable[..., pages.Fetched]) -> None:
        site.answers["/"] = (200, {"Content-Length": "5000", "Connection": "close"}, b"words")
        assert code_of(fetch, site.url("/")) == "unreachable"

    def test_nobody_there(self, fetch: Callable[..., pages.Fetched], site: Site) -> None:
        site.server.server_close()
        assert code_of(fetch, site.url("/")) == "unreachable"

    def test_one_that_trickles(
        self, site: Site, fetch: Callable[..., pages.Fetched], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pages, "SECONDS", 0.0)
        site.answers["/"] = (200, HTML, b"words")
        assert code_of(fetch, site.url("/")) == "unreachable"

    def test_it_can_be_stopped(self, site: Site, fetch: Callable[..., pages.Fetched]) -> None:
        site.answers["/"] = (200, {"X-Hold": "1"}, b"words" * 20_000)
        with pytest.raises(Unreadable) as caught:
            fetch(site.url("/"), stop=lambda: bool(site.seen))
        assert caught.value.code == "stopped"


def code_of(fetch: Callable[..., pages.Fetched], url: str) -> str:
    with pytest.raises(Unreadable) as caught:
        fetch(url)
    assert "secret" not in caught.value.message
    return caught.value.code


def never() -> bool:
    return False


class TestService:
    def test_a_page_from_its_address_to_its_text(self, site: Site) -> None:
        site.answers["/old"] = (301, {"Location": "/nest"}, b"")
        site.answers["/nest"] = (200, {"Content-Type": "text/html"}, ARTICLE.encode())
        site.answers["/book"] = (
            200,
            {"Content-Type": "application/octet-stream"},
            making.epub({"a.html": "<p>Words.</p>"}),
        )
        with service.page_reader_of(Settings(egress_allow=site.host)) as read:
            page, book = read(site.url("/old"), never), read(site.url("/book"), never)
        assert (page.title, page.language, page.address) == ("The nest", "en", site.url("/nest"))
        assert page.text.startswith("# The nest\n\nThe magpie builds")
        assert (book.kind, book.text) == ("epub", "Words.")

    def test_without_leave_nothing_private_is_asked(self, site: Site) -> None:
        with service.page_reader_of(Settings()) as read, pytest.raises(Unreadable) as caught:
            read(site.url("/"), never)
        assert caught.value.code == "refused"
        assert "MAGPIE_EGRESS_ALLOW" in caught.value.message
        assert site.seen == []
