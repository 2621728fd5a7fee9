"""What goes wrong on the way, as typed reasons; and that nothing leaks or stays behind."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from magpie.downloads.extractors.port import Declined, Kind, Role, Stage
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.downloads.nest.client import Cancelled, Verdict
from tests.downloads.extractors.conftest import Yard
from tests.downloads.extractors.test_saving import booru, check_media
from tests.downloads.nest.support import VIDEO, Remembering, living_children, until
from tests.site.behaviour import Behaviour


def failure(yard: Yard, path: str, **more: object) -> DownloadFailure:
    with pytest.raises(DownloadFailure) as caught:
        yard.save(path, **more)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/status/401", Reason.LOGIN_REQUIRED),
        ("/status/403", Reason.FORBIDDEN),
        ("/status/404", Reason.NOT_FOUND),
        ("/status/410", Reason.REMOVED),
        ("/status/451", Reason.GEO_BLOCKED),
        ("/status/500", Reason.SITE_ERROR),
        ("/redirect/loop", Reason.SITE_ERROR),
        ("/as/truncated/media/clip.mp4", Reason.TRUNCATED),
        ("/as/cookie/media/clip.mp4", Reason.FORBIDDEN),
        ("/page/article", Reason.NO_MEDIA),
        ("/page/empty", Reason.NO_MEDIA),
        ("/media/notes.txt", Reason.UNSUPPORTED),
        ("/bomb?mb=100", Reason.NO_MEDIA),
        ("/hls/evil.m3u8", Reason.NO_MEDIA),
        ("/nothing/here", Reason.NOT_FOUND),
        ("ftp://example.org/x.mp4", Reason.BAD_ADDRESS),
        ("http://exa mple.org/", Reason.BAD_ADDRESS),
        ("http://nobody.invalid/x.mp4", Reason.NETWORK),
        ("http://10.0.0.1/x.mp4", Reason.REFUSED_ADDRESS),
        ("https://10.0.0.1/x.mp4", Reason.REFUSED_ADDRESS),
        ("/redirect/forbidden/metadata", Reason.REFUSED_ADDRESS),
        ("/tube/error-private", Reason.PRIVATE),
        ("/tube/error-members", Reason.MEMBERS_ONLY),
        ("/tube/error-removed", Reason.REMOVED),
        ("/tube/error-terminated", Reason.REMOVED),
        ("/tube/error-age", Reason.AGE_GATED),
        ("/tube/error-bot", Reason.BOT_CHECK),
        ("/tube/error-ratelimited", Reason.RATE_LIMITED),
        ("/tube/error-drm", Reason.DRM),
        ("/tube/error-premiere", Reason.NOT_YET),
        ("/tube/error-live-soon", Reason.NOT_YET),
        ("/tube/error-geo", Reason.GEO_BLOCKED),
        ("/tube/error-login", Reason.LOGIN_REQUIRED),
        ("/tube/error-offline", Reason.NOT_YET),
    ],
)
def test_reasons(yard: Yard, path: str, reason: Reason) -> None:
    found = failure(yard, path)
    assert found.reason is reason
    assert "@127.0.0.1" not in found.detail
    left = [path.name for path in yard.workdir.rglob("*") if path.is_file()]
    assert all(name.endswith((".part", ".part.json", ".ytdl")) for name in left)


def test_retry_after(yard: Yard) -> None:
    assert failure(yard, "/status/429?retry_after=30").retry_after == 30
    late = failure(yard, "/status/503?retry_after=%2B60")
    assert late.reason is Reason.RATE_LIMITED
    assert late.retry_after is not None
    assert 50 < late.retry_after <= 60
    assert failure(yard, "/status/429?retry_after=garbage").retry_after is None


@pytest.mark.parametrize("preset", ["flaky", "flaky500", "flakybody"])
def test_short_faults_are_overcome(yard: Yard, preset: str) -> None:
    saved = yard.save(f"/as/{preset}/big/400000.mp4")
    assert yard.path(saved.files[0]).stat().st_size == 400_000


def test_wrong_media(yard: Yard) -> None:
    yard.web.behave("/media/clip.mp4", status=200, body=b"\0\0\0\x18ftypisom" + b"\0" * 5000)
    assert failure(yard, "/media/clip.mp4").reason is Reason.BROKEN_MEDIA
    yard.web.forgive()
    playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"
    yard.web.behave("/media/clip.mp4", body=playlist, headers={"content-type": "video/mp4"})
    assert failure(yard, "/media/clip.mp4").reason in (
        Reason.UNSUPPORTED,
        Reason.BROKEN_MEDIA,
        Reason.NO_MEDIA,
    )


def test_too_large(yard: Yard) -> None:
    for path in ("/big/300000.mp4", "/as/chunked/big/300000.mp4"):
        assert failure(yard, path, max_bytes=100_000).reason is Reason.TOO_LARGE
    assert failure(yard, "/gallery-of/9", max_bytes=2_000).reason is Reason.TOO_LARGE
    assert (
        failure(yard, "/booru/post?tags=all", max_bytes=1_000, options=booru(yard)).reason is Reason.TOO_LARGE
    )


def interrupted(yard: Yard, path: str, sent: int, **more: object) -> None:
    """Save, and kill the job in the middle of the transfer."""
    handler = Remembering()
    thread = threading.Thread(target=lambda: _cancelled(yard, path, handler, more))
    thread.start()
    yard.web.wait_until_downloading("/big/*", sent=sent)
    assert handler.moving.wait(5)
    assert yard.nest.kill(yard.job_id)
    thread.join(5)


def _cancelled(yard: Yard, path: str, handler: Remembering, more: dict[str, object]) -> None:
    with pytest.raises(Cancelled):
        yard.save(path, handler=handler, **more)  # type: ignore[arg-type]


def test_a_killed_transfer_goes_on_where_it_was(yard: Yard) -> None:
    slow = yard.web.behave("/big/*", rate=600_000)
    interrupted(yard, "/big/2000000.mp4", 400_000)
    part = yard.workdir / "direct.part"
    held = part.stat().st_size
    assert held > 50_000
    yard.web.forgive(slow)
    saved = yard.save("/big/2000000.mp4")
    file = yard.path(saved.files[0])
    assert hashlib.sha256(file.read_bytes()).hexdigest() == yard.web.files.big_sha256(2_000_000)
    assert yard.access is not None
    assert yard.access.received < 2_000_000 - held + 10_000
    assert len(yard.last.media) == 1


def test_a_file_that_is_whole_is_not_fetched_again(yard: Yard) -> None:
    """The server stopped while it was made ready or brought to the disk, or just before."""
    saved = yard.save("/big/300000.mp4")
    for is_part in (False, True):
        if is_part:
            yard.path(saved.files[0]).rename(yard.workdir / "direct.part")
        saved = yard.save("/big/300000.mp4")
        content = yard.path(saved.files[0]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == yard.web.files.big_sha256(300_000)
        assert yard.access is not None
        assert yard.access.received < 10_000


@pytest.mark.parametrize(
    "how", [Behaviour(ranges=False), Behaviour(headers={"etag": '"another"'}, ranges=False)]
)
def test_what_cannot_be_resumed_starts_again(yard: Yard, how: Behaviour) -> None:
    yard.workdir.mkdir()
    (yard.workdir / "direct.part").write_bytes(b"x" * 1000)
    url = yard.web.url("/big/300000.mp4")
    (yard.workdir / "direct.part.json").write_text(
        f'{{"url": "{url}", "validator": "\\"old\\"", "total": 300000}}'
    )
    yard.web.behave("/big/*", how)
    saved = yard.save("/big/300000.mp4")
    content = yard.path(saved.files[0]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == yard.web.files.big_sha256(300_000)


def test_a_part_of_another_address_is_not_continued(yard: Yard) -> None:
    yard.workdir.mkdir()
    (yard.workdir / "direct.part").write_bytes(b"x" * 1000)
    (yard.workdir / "direct.part.json").write_text(
        '{"url": "http://other/", "validator": "\\"a\\"", "total": 9}'
    )
    saved = yard.save("/big/300000.mp4")
    content = yard.path(saved.files[0]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == yard.web.files.big_sha256(300_000)


def test_ytdlp_goes_on_where_it_was(yard: Yard) -> None:
    page = b'<html><title>Big</title><video src="/big/2000000.mp4"></video></html>'
    yard.web.behave("/page/video", body=page, headers={"content-type": "text/html"})
    slow = yard.web.behave("/big/*", rate=600_000)
    interrupted(yard, "/page/video", 600_000)
    held = (yard.workdir / "media.mp4.part").stat().st_size
    assert held > 50_000
    yard.web.forgive(slow)
    saved = yard.save("/page/video")
    check_media(yard.path(saved.files[0]), Kind.VIDEO)
    assert yard.access is not None
    assert yard.access.received < 2_000_000 - held + 20_000


def test_declined_before_the_bytes(yard: Yard) -> None:
    for path in ("/big/5000000.mp4", "/page/video", "/gallery-of/9"):
        with pytest.raises(Declined):
            yard.save(path, handler=Remembering(Verdict.STOP))
    assert yard.access is not None
    assert yard.access.received < 100_000
    yard.web.behave("/booru/image/*", delay=2)  # gallery-dl does not wait for the answer
    with pytest.raises(Declined):
        yard.save("/booru/post?tags=all", handler=Remembering(Verdict.STOP), options=booru(yard))
    assert len(list((yard.workdir / "gallery").glob("*.jpg"))) <= 1


def test_a_hanging_site_times_out(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yard.nest, "inactivity_seconds", 2)
    started = time.monotonic()
    assert failure(yard, "/as/hangbody/media/clip.mp4").reason is Reason.TIMED_OUT
    assert time.monotonic() - started < 10


LIVE_SECONDS = 10


def test_a_live_stream_that_ends(yard: Yard) -> None:
    yard.web.live("short", length=5, pace=0.2)
    saved = yard.save("/live/short/index.m3u8")
    assert Stage.RECORDING in yard.last.stages
    assert saved.medium.is_live
    assert saved.files[0].duration == pytest.approx(5, abs=1)
    check_media(yard.path(saved.files[0]), Kind.VIDEO)


def test_a_live_stream_is_finished_on_request(yard: Yard) -> None:
    yard.web.live("endless", pace=0.3)
    handler = Remembering()
    result: list[object] = []
    thread = threading.Thread(
        target=lambda: result.append(yard.save("/live/endless/index.m3u8", handler=handler))
    )
    thread.start()
    assert handler.reached[Stage.RECORDING].wait(20)
    until(lambda: handler.progress and handler.progress[-1][0] > 10_000, LIVE_SECONDS)
    started = time.monotonic()
    assert yard.nest.finish(yard.job_id)
    assert time.monotonic() - started < LIVE_SECONDS
    thread.join(5)
    assert len(result) == 1
    files = [path for path in yard.workdir.iterdir() if path.name == "media.mp4"]
    check_media(files[0], Kind.VIDEO)


def command_lines(yard: Yard) -> list[str]:
    pid = yard.nest.state().pid
    assert pid is not None
    lines = []
    for process in living_children(pid):
        try:
            lines.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return lines


COOKIES = "# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tmagpie\n"


@pytest.mark.parametrize(
    "path", ["/as/cookie/media/clip.mp4", "/as/cookie/page/video", "/booru/post?tags=all", "/live"]
)
def test_cookies_and_proxy_are_used_and_seen_nowhere(yard: Yard, tmp_path: Path, path: str) -> None:
    cookies = tmp_path / "cookies.txt"
    cookies.write_text(COOKIES)
    cookies.chmod(0o600)
    seen: set[str] = set()
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            seen.update(command_lines(yard))

    looker = threading.Thread(target=look)
    looker.start()
    if path == "/live":
        yard.web.live("cookied", length=4, pace=0.1)
        path = "/live/cookied/index.m3u8"
    try:
        saved = yard.save(path, cookies=cookies, options=booru(yard))
    finally:
        stop.set()
        looker.join(5)
    assert saved.files
    assert seen
    assert yard.access is not None
    password = yard.access.url.partition("@")[0].rpartition(":")[2]
    assert not [line for line in seen if password in line or "session=" in line or "magpie;" in line]


def test_a_missing_ffmpeg_is_named(yard: Yard) -> None:
    profile = replace(VIDEO, name="a", kind="audio")
    yard.workdir.mkdir()
    with pytest.raises(DownloadFailure) as caught:
        _with_ffmpeg(yard, "/media/clip.mp4", profile)
    assert caught.value.reason is Reason.TOOL_MISSING


def _with_ffmpeg(yard: Yard, path: str, profile: object) -> None:
    from tests.downloads.nest.support import order

    with yard.guard.pass_for("f") as access:
        request = order(yard.web.url(path), yard.workdir, access.url, profile)  # type: ignore[arg-type]
        yard.nest.run(replace(request, ffmpeg="/nowhere/ffmpeg"), Remembering(), memory_mb=1500, job_id="f")


def test_hostile_titles_are_cleaned(yard: Yard) -> None:
    from tests.site.hostile import TITLES

    for key in ("nul", "rtl", "newline", "ansi", "long", "traversal"):
        saved = yard.save(f"/hostile/title/{key}")
        title = saved.medium.title
        assert title
        assert len(title) <= 500
        assert not set(title) & set("\x00\n\r\x1b\u202e")
        assert {path.parent for path in yard.workdir.rglob("*") if path.is_file()} <= {yard.workdir}
        yard.clear()
    assert TITLES


def test_a_gallery_with_missing_pictures_is_saved(yard: Yard) -> None:
    yard.web.behave("/images/2.jpg", status=404)
    saved = yard.save("/gallery-of/4")
    assert sum(file.role is Role.IMAGE for file in saved.files) == 3
    assert saved.medium.extra["missing_images"] == 1


def test_no_gallery_silently_lacks_a_picture_that_the_site_could_not_serve_just_now(yard: Yard) -> None:
    rule = yard.web.behave("/images/3.jpg", status=503)
    assert failure(yard, "/gallery-of/4").reason is Reason.SITE_ERROR
    yard.web.forgive(rule)
    before = yard.web.count("/images/1.jpg", method="GET")
    saved = yard.save("/gallery-of/4")
    assert sum(file.role is Role.IMAGE for file in saved.files) == 4
    assert yard.web.count("/images/1.jpg", method="GET") == before  # what is there is not fetched again


def test_a_gallery_that_grew_meanwhile_keeps_what_came(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page shows its newest picture first, so that each has another place in it."""
    galleries, asked = yard.web.galleries, len(yard.web.requests)
    monkeypatch.setattr(galleries, "album_pictures", 4)
    with yard.web.behaving("/images/1.jpg", status=503), pytest.raises(DownloadFailure):
        yard.save("/album")
    galleries.album_pictures = 6
    saved = yard.save("/album")
    images = [yard.path(file).read_bytes() for file in saved.files if file.role is Role.IMAGE]
    assert len(set(images)) == len(images) == 6
    answered = [one.path for one in yard.web.requests[asked:] if one.method == "GET" and one.status == 200]
    assert [answered.count(f"/images/{number}.jpg") for number in range(1, 7)] == [1] * 6
