"""gallery-dl's exit bits and log lines as typed reasons."""

from __future__ import annotations

import re

from magpie.downloads.extractors.faults import reason_of_status
from magpie.downloads.extractors.port import NotMine
from magpie.downloads.failures import DownloadFailure, Reason

EXTRACTION, CHALLENGE, AUTHENTICATION, UNSUPPORTED = 4, 8, 16, 64  # 1 and 32 say nothing more

_STATUS = re.compile(r"'(\d{3}) [^']*' for '")
_LEVEL = re.compile(r"^\[[^\]]*\]\[(error|warning)\]\s*")
_WORDS: tuple[tuple[Reason, str], ...] = (
    (Reason.REFUSED_ADDRESS, r"tunnel connection failed: 403"),
    (Reason.NO_SPACE, r"no space left|disk quota"),
    (Reason.BOT_CHECK, r"challenge|captcha"),
    (Reason.RATE_LIMITED, r"rate limit|too many requests"),
    (Reason.LOGIN_REQUIRED, r"AuthRequired|AuthenticationError|login|authenticat|credentials|cookies needed"),
    (Reason.PRIVATE, r"private|protected"),
    (Reason.REMOVED, r"deleted|removed|suspended"),
    (Reason.NOT_FOUND, r"NotFoundError|could not be found|does not exist|not found"),
    (Reason.AGE_GATED, r"age.?(?:restrict|verif|gate)"),
    (Reason.GEO_BLOCKED, r"in your (?:country|region)"),
    (Reason.TIMED_OUT, r"timed? ?out|Timeout"),
    (Reason.NETWORK, r"connection|ProxyError|SSLError|ConnectionError|name resolution"),
)  # fmt: skip
_PATTERNS = tuple((reason, re.compile(pattern, re.IGNORECASE)) for reason, pattern in _WORDS)


def statuses(log: list[str]) -> list[int]:
    """The HTTP error statuses that the log names."""
    return [int(found[1]) for line in log if (found := _STATUS.search(line))]


def only_missing_files(code: int, log: list[str]) -> bool:
    """True if all that went wrong is that the site no longer has some of the files it names."""
    found = statuses(log)
    return code == EXTRACTION and bool(found) and all(status in (404, 410) for status in found)


def failure_of(code: int, log: list[str]) -> Exception:
    """The exception for an exit status other than 0; NotMine if gallery-dl does not know the address."""
    if code & UNSUPPORTED:
        return NotMine()
    errors = [_LEVEL.sub("", line) for line in log if "[error]" in line or "[warning]" in line]
    detail = errors[-1][:400] if errors else ""
    if code & CHALLENGE:
        return DownloadFailure(Reason.BOT_CHECK, detail)
    if code & AUTHENTICATION:
        return DownloadFailure(Reason.LOGIN_REQUIRED, detail)
    text = "\n".join(errors)
    if found := statuses(log):
        return DownloadFailure(reason_of_status(found[-1]), detail)
    for reason, pattern in _PATTERNS:
        if pattern.search(text):
            return DownloadFailure(reason, detail)
    return DownloadFailure(Reason.TOOL_ERROR, detail or f"gallery-dl ended with status {code}")
