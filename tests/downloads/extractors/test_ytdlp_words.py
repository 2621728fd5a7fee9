"""yt-dlp's sentences and yt-dlp's extractors: both tables against the real thing."""

from __future__ import annotations

from pathlib import Path

import pytest
from yt_dlp.extractor import gen_extractor_classes  # type: ignore[import-untyped]
from yt_dlp.utils import DownloadError, GeoRestrictedError  # type: ignore[import-untyped]

from magpie.downloads.extractors.ytdlp import suitable
from magpie.downloads.extractors.ytdlp.downloader import enabled_extractors, specific_extractor
from magpie.downloads.extractors.ytdlp.errors import diagnose, plain, reason_of
from magpie.downloads.extractors.ytdlp.suitable import Index, demanded, kept_index
from magpie.downloads.failures import Reason

SENTENCES = [
    ("[youtube] abc: Private video. Sign in if you've been granted access to this video", Reason.PRIVATE),
    ("[youtube] abc: Join this channel to get access to members-only content like this video", Reason.MEMBERS_ONLY),
    ("[youtube] abc: This video is available to this channel's members on level: Gold", Reason.MEMBERS_ONLY),
    ("[youtube] abc: This video requires payment to watch", Reason.MEMBERS_ONLY),
    ("[youtube] abc: Video unavailable. This video has been removed by the uploader", Reason.REMOVED),
    (("[youtube] abc: Video unavailable. This video is no longer available because the YouTube account associated "
      "with this video has been terminated."), Reason.REMOVED),
    ("[youtube] abc: Video unavailable", Reason.NOT_FOUND),
    (("[youtube] abc: Sign in to confirm you’re not a bot. Use --cookies-from-browser or --cookies for the "
      "authentication."), Reason.BOT_CHECK),
    ("[youtube] abc: Sign in to confirm your age. This video may be inappropriate for some users.", Reason.AGE_GATED),
    ("[youtube] abc: The uploader has not made this video available in your country", Reason.GEO_BLOCKED),
    ("[youtube] abc: Premieres in 3 hours", Reason.NOT_YET),
    ("[youtube] abc: This live event will begin in 2 days.", Reason.NOT_YET),
    (("[youtube] abc: This content isn't available, try again later. The current session has been rate-limited by "
      "YouTube for up to an hour."), Reason.RATE_LIMITED),
    ("[youtube] abc: This video is DRM protected", Reason.DRM),
    ("[generic] Got HTTP Error 403 caused by Cloudflare anti-bot challenge; try again with --extractor-args",
     Reason.BOT_CHECK),
    ("[DRM] The requested site is known to use DRM protection. It will NOT be supported.", Reason.DRM),
    ("[twitch:stream] foo: The channel is not currently live", Reason.NOT_YET),
    ("[vimeo] 1: This video is protected by a password, use the --video-password option", Reason.PRIVATE),
    ("[twitter] 1: NSFW tweet requires authentication. Use --cookies", Reason.AGE_GATED),
    ("[twitter] 1: No video could be found in this tweet", Reason.NO_MEDIA),
    ("[Instagram] x: There is no video in this post", Reason.NO_MEDIA),
    ("[BiliBili] x: This is a premium-only video. Use --cookies", Reason.MEMBERS_ONLY),
    ("[site] x: This video is only available for registered users. Use --cookies, --cookies-from-browser",
     Reason.LOGIN_REQUIRED),
    ("[site] x: You need to log in to see this", Reason.LOGIN_REQUIRED),
    ("[site] x: This account is not subscribed to this content", Reason.MEMBERS_ONLY),
    ("[site] x: This stream has expired", Reason.REMOVED),
    ("[site] x: No video formats found!; please report this issue on https://github.com/…", Reason.NO_MEDIA),
    ("Unsupported URL: https://example.org/", Reason.UNSUPPORTED),
    ("unable to download video data: HTTP Error 403: Forbidden", Reason.FORBIDDEN),
    ("[x] Unable to download webpage: HTTP Error 429: Too Many Requests", Reason.RATE_LIMITED),
    ("[x] Unable to download webpage: HTTP Error 502: Bad Gateway", Reason.SITE_ERROR),
    ("[x] Unable to download webpage: timed out", Reason.TIMED_OUT),
    ("[x] Unable to download webpage: [Errno -2] Name or service not known", Reason.NETWORK),
    ("content too short (expected 100 bytes and served 50)", Reason.TRUNCATED),
    ("unable to write data: [Errno 28] No space left on device", Reason.NO_SPACE),
    ("[youtube] abc: The page needs to be reloaded.", Reason.TOOL_TOO_OLD),
    ("Unable to connect to proxy: Tunnel connection failed: 403 Forbidden", Reason.REFUSED_ADDRESS),
    ("ffmpeg not found. Please install or provide the path using --ffmpeg-location", Reason.TOOL_MISSING),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "reason"), SENTENCES)
def test_sentences(sentence: str, reason: Reason) -> None:
    assert reason_of(sentence) is reason
    failure = diagnose(DownloadError(f"ERROR: {sentence}"))
    assert failure.reason is reason
    assert "ERROR" not in failure.detail
    assert "--" not in failure.detail


@pytest.mark.parametrize(
    ("sentence", "seconds"),
    [
        ("[youtube] abc: Premieres in 3 hours", 3 * 3600),
        ("[youtube] abc: This live event will begin in 2 days.", 2 * 86400),
        ("[youtube] abc: This live event will begin in 1 minute.", 60),
        ("[youtube] abc: This live event will begin in a few moments.", None),
        ("[twitch:stream] foo: The channel is not currently live", None),
    ],
)
def test_when_it_begins(sentence: str, seconds: float | None) -> None:
    failure = diagnose(DownloadError(f"ERROR: {sentence}"))
    assert (failure.reason, failure.retry_after) == (Reason.NOT_YET, seconds)


def test_types_tell_more_than_words() -> None:
    cause = GeoRestrictedError("Not here", countries=["DE"])
    assert diagnose(DownloadError("ERROR: Not here", (type(cause), cause, None))).reason is Reason.GEO_BLOCKED


def test_a_vague_error_is_explained_by_the_warning_before_it() -> None:
    failure = diagnose(DownloadError("ERROR: something odd"), ["[x] Sign in to confirm your age"])
    assert failure.reason is Reason.AGE_GATED
    assert diagnose(DownloadError("ERROR: something odd")).reason is Reason.TOOL_ERROR


def test_plain_words() -> None:
    assert plain("ERROR: [youtube] dQw4: Video unavailable") == "Video unavailable"
    assert len(plain("x" * 10_000)) <= 400


def test_the_index_finds_what_the_whole_scan_finds() -> None:
    """For the addresses in yt-dlp's own tests, one of each extractor."""
    urls = [
        test["url"] for extractor in gen_extractor_classes() for test in list(extractor.get_testcases())[:1]
    ]
    assert len(urls) > 1000
    for url in urls:
        whole = next(extractor.ie_key() for extractor in enabled_extractors() if extractor.suitable(url))
        assert (specific_extractor(url) or "Generic") == whole, url


def test_unknown_addresses_touch_few_patterns() -> None:
    index = Index(enabled_extractors()[:-1])
    assert len(index._always) < 20
    assert index.first("http://127.0.0.1:8000/files/7.mp4") is None


def test_what_patterns_demand_is_worked_out_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extractors = enabled_extractors()[:-1]
    first = kept_index(extractors, tmp_path)
    monkeypatch.setattr(suitable, "patterns", None)  # nothing can be worked out any more
    second = kept_index(extractors, tmp_path)
    assert (second._table, second._always) == (first._table, first._always)
    with pytest.raises(AttributeError):
        kept_index(extractors, None)


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        (r"https?://(?:www\.)?vimeo\.com/(?P<id>\d+)", {"vimeo.com/"}),
        (r"https?://(?:one|three)\.example/", {".example/"}),
        (r"https?://(?:a\.example|b\.test)", {"a.example", "b.test"}),
        (r"(?:https?://)?(?:optional\.example)?/x", None),
        (r"(?i)HTTPS?://UPPER\.example", {"://upper.example"}),
        (r"(?:wrapped\.){1,2}example", {"wrapped."}),
        (r".*", None),
    ],
)
def test_demanded_texts(pattern: str, texts: set[str] | None) -> None:
    assert demanded(pattern, {}) == texts
