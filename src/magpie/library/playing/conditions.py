"""Conditional requests (RFC 9110, 13): whether the client's copy is the present one."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import formatdate, parsedate_to_datetime

_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells this state of a file from others. `etag` is strong and quoted; `modified` in seconds since 1970."""

    etag: str
    modified: int

    @property
    def last_modified(self) -> str:
        return formatdate(self.modified, usegmt=True)


def judge(headers: Mapping[str, str], present: Validators) -> int | None:
    """412 or 304 if the request's conditions say so, for GET and HEAD. In the order of RFC 9110, 13.2.2."""
    if_match, unmodified_since = headers.get("if-match"), _seconds(headers.get("if-unmodified-since"))
    if if_match is not None:
        if not _names(if_match, present.etag, weakly=False):
            return 412
    elif unmodified_since is not None and present.modified > unmodified_since:
        return 412
    none_match, modified_since = headers.get("if-none-match"), _seconds(headers.get("if-modified-since"))
    if none_match is not None:
        return 304 if _names(none_match, present.etag, weakly=True) else None
    if modified_since is not None and present.modified <= modified_since:
        return 304
    return None


def range_holds(headers: Mapping[str, str], present: Validators) -> bool:
    """Whether `If-Range`, if there is one, names the present state: only then may a part of the file be sent.

    A date counts as its name only if the file was not changed in this very second, as it could change again within it.
    """
    given = headers.get("if-range")
    if given is None:
        return True
    given = given.strip()
    if given.startswith(('"', "W/")):
        return given == present.etag
    return _seconds(given) == present.modified and present.modified < int(time.time())


def _names(header: str, etag: str, *, weakly: bool) -> bool:
    if header.strip() == "*":
        return True
    return any(tag == etag and (weakly or not weak) for weak, tag in _TAG.findall(header))


def _seconds(date: str | None) -> int | None:
    """Seconds since 1970; None for what is no date: such a condition is ignored."""
    if not date:
        return None
    try:
        moment = parsedate_to_datetime(date)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None
