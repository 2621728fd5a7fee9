"""The made-up web is what it claims to be: real tools save from it, and it misbehaves exactly as told."""

from __future__ import annotations

import hashlib
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
import yt_dlp  # type: ignore[import-untyped]

from magpie.demo import DemoSite
from magpie.demo.media import find_ffmpeg
from tests.site.behaviour import PRESETS
from tests.site.files import NUMBERED, RECIPES
from tests.site.hostile import FORBIDDEN, TITLES, URLS
from tests.site.web import MediaWeb

_PLUGIN = Path(__file__).parent / "ytdlp_plugin"
_YTDLP = [sys.executable, "-m", "yt_dlp", "--ignore-config", "--quiet", "--no-warnings", "--no-progress"]


def _decodes(*paths: Path) -> None:
    """ffmpeg reads every file to its end without a complaint."""
    inputs = [part for path in paths for part in ("-i", str(path))]
    outputs = [part for number in range(len(paths)) for part in ("-map", str(number), "-f", "null", "-")]
    command = [find_ffmpeg(), "-v", "error", "-nostdin", "-xerror", *inputs, *outputs]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def _ytdlp(folder: Path, *urls: str) -> list[Path]:
    """Saves with yt-dlp; answers the files, sorted by name."""
    name = {"default": str(folder / "%(autonumber)s.%(ext)s")}
    options = {"quiet": True, "no_warnings": True, "noprogress": True, "outtmpl": name}
    with yt_dlp.YoutubeDL({**options, "ffmpeg_location": find_ffmpeg()}) as tool:
        assert tool.download(urls) == 0
    return sorted(folder.iterdir())


def _ytdlp_program(*arguments: str, code: int = 0) -> str:
    """Runs yt-dlp with the test extractors; answers what it printed, or complained about if `code` is not 0."""
    command = [*_YTDLP, "--plugin-dirs", str(_PLUGIN), "--ffmpeg-location", find_ffmpeg(), *arguments]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert run.returncode == code, run.stderr
    return run.stderr if code else run.stdout


def test_every_file_is_real_media(web: MediaWeb, tmp_path: Path) -> None:
    began = time.monotonic()
    addresses = [f"/media/{name}" for name in RECIPES] + [f"/files/7.{kind}" for kind in NUMBERED]
    paths: list[Path] = []
    for address in [*addresses, "/noext/3", "/get?file=clip.mp4", "/big/300000.mp4"]:
        answer = httpx.get(web.url(address))
        assert answer.status_code == 200, address
        path = tmp_path / f"{len(paths)}.{address.rsplit('.', 1)[-1].replace('/', '_')}"
        path.write_bytes(answer.content)
        paths.append(path)
    assert (
        time.monotonic() - began < 60
    )  # made while they are asked for: what hangs is found, what is busy is let be
    _decodes(*paths)


def test_numbered_files_all_differ_and_cost_little(web: MediaWeb) -> None:
    with httpx.Client() as client, ThreadPoolExecutor(64) as pool:
        client.get(web.url("/files/0.mp4"))
        began = time.monotonic()
        bodies = list(pool.map(lambda n: client.get(web.url(f"/files/{n}.mp4")).content, range(1, 257)))
    assert len({hashlib.sha256(body).digest() for body in bodies}) == 256
    assert max(map(len, bodies)) < 30_000
    assert time.monotonic() - began < 4


def test_64_requests_are_served_at_the_same_time(web: MediaWeb) -> None:
    web.latency = 2.0  # longer than a busy machine needs to ask 64 times
    limits = httpx.Limits(max_connections=64)
    with httpx.Client(limits=limits, timeout=30) as client, ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(lambda n: client.get(web.url(f"/files/{n}.jpg")).status_code, range(64)))
    assert set(answers) == {200}
    assert web.peak >= 48
    assert web.count("/files/*", state="done") == 64


def test_ranges_and_validators(web: MediaWeb) -> None:
    url = web.url("/media/clip.mp4")
    with httpx.Client() as client:
        whole = client.get(url)
        assert whole.headers["accept-ranges"] == "bytes"
        head = client.head(url)
        assert (head.headers["content-length"], head.content) == (str(len(whole.content)), b"")
        for wanted, got in (
            ("bytes=100-199", whole.content[100:200]),
            ("bytes=-50", whole.content[-50:]),
            ("bytes=1000-", whole.content[1000:]),
        ):
            part = client.get(url, headers={"range": wanted})
            assert (part.status_code, part.content) == (206, got)
        assert client.get(url, headers={"range": "bytes=99999999-"}).status_code == 416
        other = {"range": "bytes=5-9", "if-range": '"another"'}
        assert client.get(url, headers=other).status_code == 200
        assert client.get(url, headers={"if-none-match": whole.headers["etag"]}).status_code == 304
        since = {"if-modified-since": whole.headers["last-modified"]}
        assert client.get(url, headers=since).status_code == 304
        plain = client.get(web.url("/media/clip.mp4", "norange"), headers={"range": "bytes=5-9"})
        assert (plain.status_code, plain.content) == (200, whole.content)
        assert "accept-ranges" not in plain.headers
        chunked = client.get(web.url("/media/clip.mp4", "chunked"))
        assert chunked.headers["transfer-encoding"] == "chunked"
        assert chunked.content == whole.content
        assert client.get(web.url("/media/clip.mp4", "notype")).headers.get("content-type") is None


def test_big_files_have_known_bytes(web: MediaWeb) -> None:
    size = 1_500_000
    answer = httpx.get(web.url(f"/big/{size}.bin"))
    assert hashlib.sha256(answer.content).hexdigest() == web.files.big_sha256(size)
    part = httpx.get(web.url(f"/big/{size}.bin"), headers={"range": "bytes=700000-1200000"})
    assert part.content == answer.content[700_000:1_200_001]


def test_transfers_can_be_slow_and_watched(web: MediaWeb) -> None:
    web.behave("/big/*", rate=400_000)
    with httpx.stream("GET", web.url("/big/2000000.bin")) as answer:
        seen = web.wait_until_downloading("/big/2000000.bin", sent=50_000)
        assert (seen.state, answer.headers["content-length"]) == ("open", "2000000")
    assert web.wait_for("/big/2000000.bin", state="broken", timeout=15).sent < 2_000_000
    web.wait_until_idle(timeout=2)
    began = time.monotonic()
    assert len(httpx.get(web.url("/big/400000.bin")).content) == 400_000
    assert 0.6 < time.monotonic() - began < 3


@pytest.mark.parametrize("preset", ["truncated", "reset", "empty", "nonsense", "badheaders"])
def test_broken_transfers_break(web: MediaWeb, preset: str) -> None:
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        httpx.get(web.url("/media/clip.mp4", preset))
    web.wait_for(f"/as/{preset}/*", state="broken", timeout=15)


def test_truncation_promises_more_than_it_sends(web: MediaWeb) -> None:
    with httpx.stream("GET", web.url("/media/clip.mp4", "truncated")) as answer:
        assert int(answer.headers["content-length"]) > 2000
        received: list[bytes] = []
        with pytest.raises(httpx.RemoteProtocolError):
            received.extend(answer.iter_raw())
    assert sum(map(len, received)) == 2000


def test_hanging_requests_wait_for_release(web: MediaWeb) -> None:
    rule = web.behave("/media/*", fault="hang")
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(httpx.get, web.url("/media/photo.jpg"), timeout=10)
        web.wait_for("/media/photo.jpg", state="open")
        assert not answer.done()
        web.forgive(rule)
        assert answer.result().status_code == 200
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(web.url("/media/clip.mp4", "hangbody"), timeout=0.3)
    web.wait_for("/as/hangbody/*", state="broken", timeout=15)


def test_the_web_stops_although_somebody_hangs(media_folder: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        with MediaWeb(media_folder) as web:
            answer = pool.submit(httpx.get, web.url("/media/photo.jpg", "hang"), timeout=30)
            web.wait_for("/as/hang/*")
            began = time.monotonic()
        assert time.monotonic() - began < 2
        with pytest.raises(httpx.TransportError):
            answer.result()


def test_errors_flaky_answers_and_cookies(web: MediaWeb) -> None:
    with httpx.Client() as client:
        for code in (403, 404, 410, 429, 500, 503):
            assert client.get(web.url(f"/status/{code}")).status_code == code
        assert client.get(web.url("/status/429?retry_after=7")).headers["retry-after"] == "7"
        assert client.get(web.url("/status/503?retry_after=date")).headers["retry-after"].endswith("GMT")
        flaky = [client.get(web.url("/media/photo.jpg", "flaky")).status_code for _ in range(4)]
        assert flaky == [503, 503, 200, 200]
        web.behave("/media/photo.png", status=403, skip=1, times=1)
        bent = [client.get(web.url("/media/photo.png")).status_code for _ in range(3)]
        assert bent == [200, 403, 200]
        assert client.get(web.url("/members/page")).status_code == 302
        assert client.get(web.url("/media/photo.jpg", "cookie")).status_code == 403
        client.post(web.url("/login"))
        assert client.get(web.url("/members/page")).status_code == 200
        assert client.get(web.url("/media/photo.jpg", "cookie")).status_code == 200
    assert web.requests[-1].cookies == {"session": "magpie"}


def test_redirects(web: MediaWeb) -> None:
    with httpx.Client(follow_redirects=True) as client:
        assert client.get(web.url("/redirect/5")).headers["content-type"] == "video/mp4"
        with pytest.raises(httpx.TooManyRedirects):
            client.get(web.url("/redirect/loop"))
    for key, target in FORBIDDEN.items():
        # Not httpx: it parses every Location and refuses some of these.
        raw = http.client.HTTPConnection("127.0.0.1", web.port, timeout=5)
        raw.request("GET", f"/redirect/forbidden/{key}")
        answer = raw.getresponse()
        raw.close()
        assert (answer.status, answer.headers["location"]) == (302, target)
        assert httpx.get(web.url(f"/embed/forbidden/{key}")).status_code == 200


def test_bomb_and_endless_page(web: MediaWeb) -> None:
    with httpx.stream("GET", web.url("/bomb?mb=20")) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) < 100_000
        assert sum(map(len, answer.iter_bytes())) == 20 << 20
    with httpx.stream("GET", web.url("/endless")) as answer:
        for received, _ in enumerate(answer.iter_raw()):
            if received > 20:
                break
    web.wait_for("/endless", state="broken", timeout=15)


def test_hostile_words_arrive_as_they_are(web: MediaWeb) -> None:
    with httpx.Client(follow_redirects=True) as client:
        for key, title in TITLES.items():
            page = client.get(web.url(f"/hostile/title/{key}"))
            block = page.text.split('<script type="application/ld+json">')[1].split("</script>")[0]
            assert json.loads(block)["name"] == title
            named = client.get(web.url(f"/hostile/name/{key}"))
            assert named.headers["content-disposition"].startswith("attachment; filename=")
            assert named.headers["content-type"] == "video/mp4"
        for key in URLS:
            answer = client.get(web.url(f"/hostile/url/key/{key}"))
            assert answer.headers["content-type"] == "video/mp4", key
        feed = client.get(web.url("/channels/hostile/feed.xml"))
        assert feed.text.count("<item>") == len(TITLES)


def test_feeds_lie_when_told(web: MediaWeb) -> None:
    channel = web.channel("news", 20)
    url = web.url("/channels/news/feed.xml")
    with httpx.Client() as client:
        first = client.get(url)
        assert first.text.count("<item>") == 15
        again = {"if-none-match": first.headers["etag"]}
        assert client.get(url, headers=again).status_code == 304
        channel.add("Brand new")
        second = client.get(url, headers=again)
        assert (second.status_code, "Brand new" in second.text) == (200, True)
        channel.lag = 1
        assert "Brand new" not in client.get(url).text
        channel.lag = 0
        channel.edit(21, title="Renamed")
        assert "Renamed" in client.get(web.url("/channels/news/atom.xml")).text
        channel.delete(21)
        assert client.get(web.url("/channels/news/21")).status_code == 410
        assert client.get(web.url("/channels/news/99")).status_code == 404
        channel.validators = False
        assert "etag" not in client.get(url).headers
        channel.feed = "500"
        assert client.get(url).status_code == 500
        channel.feed = "garbage"
        assert not client.get(url).text.endswith("</rss>\n")


def test_a_channel_of_ten_thousand(web: MediaWeb) -> None:
    web.channel("huge", 10_000, window=None)
    began = time.monotonic()
    feed = httpx.get(web.url("/channels/huge/feed.xml")).text
    assert feed.count("<item>") == 10_000
    page = httpx.get(web.url("/channels/huge/items.json?page=100&limit=100")).json()
    assert (page["items"][-1]["id"], page["more"]) == ("huge-1", False)
    assert time.monotonic() - began < 4


def test_ytdlp_saves_files_pages_and_streams(web: MediaWeb, tmp_path: Path) -> None:
    paths = [
        "/media/clip.mp4",
        "/page/video",
        "/hls/ts/master.m3u8",
        "/hls/fmp4/master.m3u8",
        "/dash/manifest.mpd",
        "/page/jsonld",
    ]
    saved = _ytdlp(tmp_path, *map(web.url, paths))
    assert len(saved) == len(paths)
    _decodes(*saved)


def test_ytdlp_saves_a_live_stream_that_ends(web: MediaWeb, tmp_path: Path) -> None:
    web.live("show", length=5, pace=0.3)
    saved = _ytdlp(tmp_path, web.url("/live/show/index.m3u8"))
    _decodes(*saved)
    # How many segments depends on when ffmpeg joined (it begins three before the newest); the last one it must have.
    assert web.count("/live/show/4.ts") == 1
    assert web.count("/live/show/index.m3u8") >= 2


def test_a_live_stream_runs_until_told(web: MediaWeb) -> None:
    stream = web.live("talk", window=4, pace=0.05)

    def segments(playlist: str) -> int:
        return playlist.count("#EXTINF")

    playlist: Callable[[], str] = lambda: httpx.get(web.url("/live/talk/index.m3u8")).text  # noqa: E731
    assert segments(playlist()) == 3
    while stream.available() < 40:
        assert "#EXT-X-ENDLIST" not in playlist()
    assert segments(playlist()) == 4
    assert httpx.get(web.url("/live/talk/39.ts")).status_code == 200
    stream.end()
    assert "#EXT-X-ENDLIST" in playlist()


def test_ytdlp_reads_a_feed(web: MediaWeb) -> None:
    web.channel("news", 4)
    with yt_dlp.YoutubeDL({"quiet": True, "extract_flat": True}) as tool:
        feed = tool.extract_info(web.url("/channels/news/feed.xml"), download=False)
    assert [entry["title"] for entry in feed["entries"]] == ["news 4", "news 3", "news 2", "news 1"]


def test_ytdlp_test_extractor(web: MediaWeb, tmp_path: Path) -> None:
    subtitles = ("--embed-chapters", "--write-subs", "--sub-langs", "en")
    _ytdlp_program("-P", str(tmp_path), *subtitles, web.url("/tube/first"))
    saved = sorted(tmp_path.iterdir())
    assert [path.suffix for path in saved] == [".vtt", ".mp4"]
    _decodes(saved[1])
    web.channel("huge", 10_000)
    lazily = ("--flat-playlist", "--lazy-playlist", "-I", "1:40", "--print", "id")
    assert _ytdlp_program(*lazily, web.url("/tube-channel/huge")).split()[::39] == ["huge-10000", "huge-9961"]
    assert web.count("/channels/huge/items.json") == 2
    complaints = _ytdlp_program("-i", web.url("/tube/error-private"), web.url("/tube/error-geo"), code=1)
    assert "Private video" in complaints
    assert "not available" in complaints


def test_gallery_dl_reads_the_board(web: MediaWeb, tmp_path: Path) -> None:
    web.galleries.posts = 130
    root = web.url("/booru")
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"extractor": {"moebooru": {"madeup": {"root": root}}}}))
    command = [sys.executable, "-m", "gallery_dl", "--config-ignore", "--config", str(config)]
    listing = subprocess.run(
        [*command, "-j", f"{root}/post?tags=even"], capture_output=True, text=True, timeout=60, check=True
    )
    urls = [row[1] for row in json.loads(listing.stdout) if row[0] == 3]
    assert len(urls) == 65
    assert web.count("/booru/post.json") == 1
    folder = tmp_path / "saved"
    subprocess.run([*command, "-q", "-D", str(folder), f"{root}/post?tags=pool:1"], timeout=60, check=True)
    _decodes(*sorted(folder.iterdir()))
    for path in folder.iterdir():
        assert path.stem.rpartition("_")[2] == hashlib.md5(path.read_bytes()).hexdigest()


def test_galleries_are_whole(web: MediaWeb) -> None:
    with httpx.Client() as client:
        pages = [client.get(web.url(f"/gallery-of/120?page={n}")).text for n in (1, 2, 3)]
        assert [page.count('<a href="/images/') for page in pages] == [50, 50, 20]
        assert ['rel="next"' in page for page in pages] == [True, True, False]
        assert client.get(web.url("/images/5.png")).headers["content-type"] == "image/png"
        assert client.get(web.url("/inline-gallery/8")).text.count("/images/") == 8


def test_a_premiere_opens(web: MediaWeb) -> None:
    url = web.url("/premiere/tomorrow")
    assert "<video" not in httpx.get(url).text
    web.trouble.premieres["tomorrow"] = time.time() - 1
    assert "<video" in httpx.get(url).text


def test_webs_are_independent_and_presets_are_documented(media_folder: Path) -> None:
    with MediaWeb(media_folder) as one, MediaWeb(media_folder) as two:
        one.behave("/media/photo.jpg", status=404)
        assert httpx.get(one.url("/media/photo.jpg")).status_code == 404
        assert httpx.get(two.url("/media/photo.jpg")).status_code == 200
        assert (one.count(), two.count()) == (1, 1)
    text = (Path(__file__).parent / "README.md").read_text()
    assert [name for name in PRESETS if f"`{name}`" not in text] == []


def test_demo_site(media_folder: Path, tmp_path: Path) -> None:
    with DemoSite(media_folder) as site:
        for path in (
            "/",
            "/channel",
            "/channel/feed.xml",
            "/listen/first-light",
            "/journal/why-magpies-collect",
        ):
            assert httpx.get(site.url + path).status_code == 200, path
        picture = httpx.get(f"{site.url}/pictures/coast.jpg").content
        assert httpx.get(f"{site.url}/pictures/nothing.jpg").status_code == 404
        saved = _ytdlp(tmp_path, f"{site.url}/watch/colour-fields")
    (tmp_path / "coast.jpg").write_bytes(picture)
    _decodes(*saved, tmp_path / "coast.jpg")
