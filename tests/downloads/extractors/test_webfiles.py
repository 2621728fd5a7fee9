"""What a stream's manifest can make us open: files of the web, in parts and encrypted, and nothing else."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yt_dlp  # type: ignore[import-untyped]

from magpie.downloads.extractors.port import NotMine, Profile, Request, Saved
from magpie.downloads.extractors.ytdlp.downloader import prepare
from magpie.downloads.extractors.ytdlp.job import fetch
from magpie.downloads.extractors.ytdlp.record import open_input
from magpie.downloads.failures import DownloadFailure
from magpie.downloads.tools import find_tools

HEAD = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n"
PLAYLISTS = {
    "segment": HEAD + "#EXTINF:2,\n{}\n#EXT-X-ENDLIST\n",
    "key": HEAD + '#EXT-X-KEY:METHOD=AES-128,URI="{}"\n#EXTINF:2,\na.ts\n#EXT-X-ENDLIST\n',
    "map": HEAD + '#EXT-X-MAP:URI="{}"\n#EXTINF:2,\na.ts\n#EXT-X-ENDLIST\n',
    "variant": "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\n{}\n",
    "description": "v=0\no=- 0 0 IN IP4 {0}\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n",
}
SCHEMES = ("httpproxy://{}/a.ts", "tcp://{}", "tls://{}", "crypto+tcp://{}", "ftp://{}/a.ts", "rtmp://{}/a")


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        return None

    def do_GET(self) -> None:
        """With one byte range, which the standard library's handler does not know."""
        wanted = self.headers.get("Range", "").removeprefix("bytes=")
        if not wanted:
            super().do_GET()
            return
        data = Path(self.translate_path(self.path)).read_bytes()
        first, _, last = wanted.partition("-")
        part = data[int(first) : int(last) + 1 if last else None]
        self.send_response(206)
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        self.wfile.write(part)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("web")


@pytest.fixture(scope="module")
def web(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class _Downloader:
    """What `_open` uses of yt-dlp's downloaders."""

    def __init__(self) -> None:
        self.ydl = yt_dlp.YoutubeDL({"quiet": True, "socket_timeout": 5, "proxy": ""})


def packets(url: str) -> list[int]:
    source = open_input(_Downloader(), {"url": url}, {})
    try:
        return [packet.size for packet in source.container.demux() if packet.size]
    finally:
        source.container.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("where", PLAYLISTS)
def test_nothing_but_the_web_is_connected_to(web: str, folder: Path, where: str, scheme: str) -> None:
    with socket.socket() as canary:
        canary.bind(("127.0.0.1", 0))
        canary.listen()
        canary.settimeout(0)
        address = scheme.format(f"127.0.0.1:{canary.getsockname()[1]}")
        (folder / "hostile.m3u8").write_text(PLAYLISTS[where].format(address))
        with pytest.raises(DownloadFailure):
            packets(f"{web}/hostile.m3u8")
        with pytest.raises(BlockingIOError):
            canary.accept()


def make(folder: Path, name: str, *options: str) -> str:
    """A two-second stream as HLS."""
    command = [find_tools("").ffmpeg, "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=64x36:rate=10",
               "-t", "2", "-c:v", "libx264", "-g", "10", "-f", "hls", "-hls_time", "1", "-hls_list_size", "0",
               *options, f"{name}.m3u8"]  # fmt: skip
    subprocess.run(command, cwd=folder, check=True)
    return f"{name}.m3u8"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("encrypted", ("-hls_key_info_file", "key-info")),
        ("parts-of-one-file", ("-hls_flags", "single_file")),
        ("fragmented-mp4", ("-hls_segment_type", "fmp4")),
    ],
)
def test_streams_of_every_make_are_read_whole(
    web: str, folder: Path, name: str, options: tuple[str, ...]
) -> None:
    (folder / "secret.key").write_bytes(os.urandom(16))
    (folder / "key-info").write_text("secret.key\nsecret.key\n")
    assert len(packets(f"{web}/{make(folder, name, *options)}")) == 20


def test_a_missing_segment_is_left_out(web: str, folder: Path) -> None:
    name = make(folder, "holed")
    (folder / "holed1.ts").unlink()
    assert len(packets(f"{web}/{name}")) == 10


def test_why_the_stream_does_notopen_input(web: str) -> None:
    with pytest.raises(DownloadFailure) as failure:
        packets(f"{web}/nowhere.m3u8")
    assert failure.value.reason == "not_found"


class _Session:
    """Agrees to everything."""

    def found(self, *_given: object) -> None:
        return None

    stage = progress = found

    def should_finish(self) -> bool:
        return False


def fetched(address: str, workdir: Path) -> Saved:
    prepare()
    return fetch(Request(address, Profile("video"), workdir, "", find_tools("").ffmpeg), _Session())


def test_no_program_is_run_that_knows_no_guard(
    web: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("rtmpdump", "mpv", "mplayer", "phantomjs"):
        (tmp_path / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.setenv("PATH", path)
    player = 'jwplayer("x").setup({"sources": [{"file": "rtmp://127.0.0.1:9/a/b"}]});'
    (folder / "page.html").write_text(f'<title>x</title><div id="x"></div><script>{player}</script>')
    with pytest.raises((DownloadFailure, NotMine)):
        fetched(f"{web}/page.html", tmp_path)
    assert not (tmp_path / "ran").exists()
    assert os.environ["PATH"] == path


def test_endless_texts_of_a_page_do_not_keep_its_film(web: str, folder: Path, tmp_path: Path) -> None:
    make(folder, "film")
    command = [find_tools("").ffmpeg, "-loglevel", "error", "-y", "-i", "film.m3u8", "-c", "copy", "film.mp4"]
    subprocess.run(command, cwd=folder, check=True)
    text = "endless " * 100_000
    (folder / "talker.html").write_text(
        f'<title>{text}</title><meta property="og:description" content="{text}"><video src="film.mp4"></video>'
    )
    saved = fetched(f"{web}/talker.html", tmp_path)
    assert (tmp_path / saved.files[0].name).stat().st_size > 1000
