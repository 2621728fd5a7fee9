"""From what the network and the system say to typed reasons; shared by all extractors."""

from __future__ import annotations

import errno
from collections.abc import Mapping

from magpie.downloads.failures import DownloadFailure, Reason
from magpie.kit.waits import retry_after

REFUSAL_HEADER = "X-Magpie-Egress"  # set by the egress guard on its own answers
MAX_RETRY_AFTER = 7 * 86400.0

_BY_STATUS: dict[int, Reason] = {
    401: Reason.LOGIN_REQUIRED,
    402: Reason.MEMBERS_ONLY,
    403: Reason.FORBIDDEN,
    404: Reason.NOT_FOUND,
    408: Reason.NETWORK,
    410: Reason.REMOVED,
    423: Reason.FORBIDDEN,
    425: Reason.SITE_ERROR,
    429: Reason.RATE_LIMITED,
    451: Reason.GEO_BLOCKED,
}


def reason_of_status(status: int) -> Reason:
    """What an HTTP error status means for a download."""
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return Reason.SITE_ERROR if status >= 500 else Reason.FORBIDDEN


def failure_of_status(status: int, headers: Mapping[str, str], phrase: str = "") -> DownloadFailure:
    """The failure for an HTTP error answer. `headers` must be case-insensitive."""
    guard = (headers.get(REFUSAL_HEADER) or "").lower()
    if guard:  # the guard's own answer, not the site's
        return DownloadFailure(Reason.REFUSED_ADDRESS if guard == "refused" else Reason.NETWORK)
    after = retry_after(headers, longest=MAX_RETRY_AFTER)
    reason = reason_of_status(status)
    if status == 503 and after is not None:
        reason = Reason.RATE_LIMITED
    return DownloadFailure(reason, f"HTTP {status} {phrase}".rstrip(), retry_after=after)


def failure_of_os_error(error: OSError) -> DownloadFailure:
    """The failure for an error of the operating system; connection errors are OSErrors, too."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DownloadFailure(Reason.NO_SPACE)
    if isinstance(error, ConnectionError | TimeoutError):
        return DownloadFailure(Reason.NETWORK, str(error))
    return DownloadFailure(Reason.TOOL_ERROR, str(error.strerror or error))
