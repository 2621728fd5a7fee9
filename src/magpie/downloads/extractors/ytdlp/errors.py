"""yt-dlp's sentences as typed reasons.

The sentences were read in yt-dlp's sources (2026.08) and, for YouTube, are what the site itself answers. The table
is ordered: the first pattern that is found decides, so that "Private video. Sign in if …" is private, not a login.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from yt_dlp.networking.exceptions import HTTPError, IncompleteRead, ProxyError, TransportError  # type: ignore[import-untyped]
from yt_dlp.utils import (  # type: ignore[import-untyped]
    ContentTooShortError,
    GeoRestrictedError,
    UnsupportedError,
    UserNotLive,
)

from magpie.downloads.extractors.faults import REFUSAL_HEADER, failure_of_os_error, failure_of_status
from magpie.downloads.failures import DownloadFailure, Reason

MAX_DETAIL = 400
_BEGINS_IN = re.compile(r"\bin (\d{1,3}) (minute|hour|day|week)s?\b", re.IGNORECASE)
_SECONDS = {"minute": 60.0, "hour": 3600.0, "day": 86400.0, "week": 604800.0}

_TABLE: tuple[tuple[Reason, str], ...] = (
    (Reason.REFUSED_ADDRESS, r"tunnel connection failed: 403|CONNECT tunnel failed, response 403"),
    (Reason.NO_SPACE, r"no space left on device|disk quota exceeded"),
    (
        Reason.BOT_CHECK,
        (
            r"confirm you.?re not a (?:ro)?bot|anti-bot challenge|captcha|unusual traffic|verify (?:that )?you"
            r" are (?:a )?human|cf-mitigated"
        ),
    ),
    (Reason.RATE_LIMITED, r"rate.?limit|too many requests|HTTP error 429|content isn.?t available, try again later"),
    (Reason.DRM, r"DRM.?protected|protected (?:by|with) DRM|is DRM |drm protection|uses? (?:known )?DRM|Widevine"),
    (
        Reason.MEMBERS_ONLY,
        (
            r"members?.only|join this channel|channel.s members|available (?:only )?(?:to|for) "
            r"(?:paying |premium |paid )?(?:subscribers|members|patrons|supporters)|only available (?:to|for) "
            r"(?:premium|paid|"
            r"subscri|members|patrons)|requires (?:a )?(?:payment|subscription|purchase|premium|rental)|premium.?(?:account|"
            r"members|content|only|video)|must be purchased|purchase is required|not subscribed|paid (?:video|content)|"
            r"requires a .*subscription|subscribers? only"
        ),
    ),
    (
        Reason.AGE_GATED,
        (
            r"confirm your age|age.?restrict|age.?gate|age verification|inappropriate for some users|"
            r"adult content|only (?:available|suitable) (?:for|to) adults|nsfw tweet requires"
        ),
    ),
    (
        Reason.PRIVATE,
        (
            r"private (?:video|track|playlist|content|account|show|post)|(?:video|vod|account|post|clip|track|"
            r"playlist|channel) is private|video is protected by a password|password protected|protected by a password|"
            r"video.?password|granted access"
        ),
    ),
    (
        Reason.NOT_YET,
        (
            r"premieres? in|live (?:event|stream) will begin|will begin (?:in|shortly)|not (?:yet )?(?:started|"
            r"begun|available yet|aired)|not yet (?:available|live|started|been (?:published|released))|is upcoming|"
            r"scheduled (?:for|to)|not currently live|is not live|is offline|has not (?:yet )?(?:started|aired|been "
            r"released)|not available yet|waiting for (?:the )?(?:live|stream)"
        ),
    ),
    (
        Reason.GEO_BLOCKED,
        (
            r"(?:in|from|outside) your (?:country|region|location|area)|geo.?(?:restrict|block|"
            r"lock)|blocked (?:it )?(?:in|on) (?:this|your) (?:country|region)|in this (?:country|region)|available in your "
            r"country|country restriction|region.?(?:restrict|lock)|territor"
        ),
    ),
    (
        Reason.REMOVED,
        (
            r"(?:has been|was|been) (?:removed|deleted|taken down|terminated)|account (?:has been )?"
            r"(?:terminated|suspended)|no longer (?:available|exists?|online)|has expired|is expired|(?:video|track|content|"
            r"post|file) (?:was |is )?(?:removed|deleted)|copyright (?:claim|grounds|infring)|does not exist any ?more|"
            r"most likely expired"
        ),
    ),
    (
        Reason.LOGIN_REQUIRED,
        (
            r"log.?in (?:is )?(?:required|needed|to)|sign.?in (?:is )?(?:required|to)|login required|"
            r"(?:registered|logged.?in|authenticated) users|requires? (?:a )?(?:login|authentication|log.?in|account)|"
            r"need to log ?in|(?:use|pass|provide) .*--(?:cookies|username)|authenticat(?:ion|e) (?:is )?(?:required|"
            r"needed)|not logged in|unable to log ?in|login failed|HTTP error 401|cookies? (?:is|are) (?:no longer valid|"
            r"needed|required)|account credentials"
        ),
    ),
    (
        Reason.NOT_FOUND,
        (
            r"HTTP error 404|(?:video|page|track|post|playlist|user|channel|content|item|clip|file) (?:is |was )?"
            r"(?:not found|unavailable)|does ?n.?.?t exist|no such (?:video|page|user|track)|invalid (?:video )?(?:id|url)|"
            r"(?:this )?(?:video|content|post|tweet) is (?:un|not )available|not available\.?$"
        ),
    ),
    (Reason.UNSUPPORTED, r"unsupported (?:url|page|site)|urls are disabled|no suitable extractor|piracy"),
    (
        Reason.NO_MEDIA,
        (
            r"no (?:video|media|audio|track|stream|playable|image)s? (?:formats? )?(?:could be |can be |was |were )?"
            r"(?:found|available|in|on|data)|there is no video|no video in this|no media found|"
            r"does not (?:contain|have) (?:any )?"
            r"(?:video|media)|only images are available|no video on the|not a video"
        ),
    ),
    (
        Reason.TOOL_TOO_OLD,
        (
            r"the page needs to be reloaded|confirm you are on the latest version|signature extraction failed|"
            r"nsig extraction failed|unable to extract .*(?:sign|player)"
        ),
    ),
    (
        Reason.TRUNCATED,
        (
            r"content too short|bytes read, \d+ more expected|downloaded file is empty|did not get any data "
            r"blocks|fragment \d+ not found|conflicting range"
        ),
    ),
    (Reason.TIMED_OUT, r"timed? ?out"),
    (Reason.FORBIDDEN, r"HTTP error 403|forbidden"),
    (Reason.SITE_ERROR, r"HTTP error 5\d\d|service (?:temporarily )?unavailable|internal server error|bad gateway"),
    (
        Reason.NETWORK,
        (
            r"unable to connect|connection (?:refused|reset|aborted|closed|broken)|name or service not known|"
            r"temporary failure in name resolution|network is unreachable|no route to host|getaddrinfo|unable to download "
            r"(?:webpage|json|m3u8|mpd|xml|video data)|remote end closed|ssl:|certificate verify|eof occurred"
        ),
    ),
    (Reason.TOOL_MISSING, r"ffmpeg (?:not found|is not installed|could not be found)|ffprobe and ffmpeg not found"),
    (Reason.BROKEN_MEDIA, r"invalid data found|conversion failed|error opening (?:input|output)|postprocessing"),
)  # fmt: skip
_PATTERNS = tuple((reason, re.compile(pattern, re.IGNORECASE)) for reason, pattern in _TABLE)
_NOISE = re.compile(
    r"^ERROR: |^\[[^\]]{1,60}\] (?:[\w.%-]{1,40}: )?|; please report this issue on .*$|\(caused by .*$|"
    r"[\s,;.]*(?:\b(?:try again|please|install|or|provide|pass|use|using|via|with|the|path)\b[\s,]*)*--[a-z].*$|"
    r"See +https?://\S+.*$|You might want to use a VPN.*$",
    re.DOTALL,
)


def reason_of(text: str) -> Reason | None:
    """The reason that a sentence of yt-dlp's tells, None if no known one."""
    return next((reason for reason, pattern in _PATTERNS if pattern.search(text)), None)


def diagnose(error: BaseException, messages: list[str] | None = None) -> DownloadFailure:
    """The typed failure for what yt-dlp raised; `messages` are the warnings that preceded it."""
    detail = plain(str(error))
    for cause in causes(error):
        if isinstance(cause, DownloadFailure):
            return cause
        if isinstance(cause, HTTPError) and cause.response.headers.get(REFUSAL_HEADER):
            return failure_of_status(cause.status, cause.response.headers)
        if isinstance(cause, GeoRestrictedError):
            return DownloadFailure(Reason.GEO_BLOCKED, detail)
        if isinstance(cause, UnsupportedError):
            return DownloadFailure(Reason.UNSUPPORTED)
        if isinstance(cause, UserNotLive):
            return DownloadFailure(Reason.NOT_YET, detail)
    if (reason := reason_of(str(error))) is not None and not _is_only_status(reason, error):
        wait = _begins_in(detail) if reason is Reason.NOT_YET else _retry_after(error)
        return DownloadFailure(reason, detail, retry_after=wait)
    return _by_type(error, detail) or _by_words(messages or [], detail)


def _begins_in(sentence: str) -> float | None:
    """Seconds until a premiere or a live stream begins, at the earliest: sites round down ("in 2 hours")."""
    found = _BEGINS_IN.search(sentence)
    return int(found[1]) * _SECONDS[found[2].lower()] if found else None


def _is_only_status(reason: Reason, error: BaseException) -> bool:
    """The words say no more than the network's own exception does, which is exact."""
    network = (Reason.NETWORK, Reason.FORBIDDEN, Reason.SITE_ERROR, Reason.NOT_FOUND, Reason.RATE_LIMITED)
    return reason in network and any(isinstance(cause, HTTPError | TransportError) for cause in causes(error))


def _by_type(error: BaseException, detail: str) -> DownloadFailure | None:
    for cause in causes(error):
        if isinstance(cause, HTTPError):
            return failure_of_status(cause.status, cause.response.headers, cause.reason or "")
        if isinstance(cause, ContentTooShortError | IncompleteRead):
            return DownloadFailure(Reason.TRUNCATED, detail)
        if isinstance(cause, ProxyError):
            return DownloadFailure(Reason.NETWORK, detail)
        if isinstance(cause, TransportError):
            late = "timed out" in str(cause).lower()
            return DownloadFailure(Reason.TIMED_OUT if late else Reason.NETWORK, detail)
        if isinstance(cause, OSError):
            return failure_of_os_error(cause)
    return None


def _by_words(messages: list[str], detail: str) -> DownloadFailure:
    """When the error itself is vague ("No video formats found!") an earlier warning often tells why."""
    for message in reversed(messages):
        reason = reason_of(message)
        if reason is not None:
            return DownloadFailure(reason, plain(message))
    return DownloadFailure(Reason.TOOL_ERROR, detail)


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and everything that led to it, yt-dlp's own links included; each once."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        current = waiting.pop(0)
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        exc_info = getattr(current, "exc_info", None)
        linked = exc_info[1] if isinstance(exc_info, tuple) and len(exc_info) == 3 else None
        waiting += [linked, getattr(current, "cause", None), current.__cause__, current.__context__]


def _retry_after(error: BaseException) -> float | None:
    for cause in causes(error):
        if isinstance(cause, HTTPError):
            return failure_of_status(cause.status, cause.response.headers).retry_after
    return None


def plain(message: str) -> str:
    """A sentence without yt-dlp's prefixes, hints for its command line and requests for bug reports."""
    text = str(message)
    while (shorter := _NOISE.sub("", text, count=1).strip()) != text:
        text = shorter
    return " ".join(text.split())[:MAX_DETAIL].rstrip(" ;.")
