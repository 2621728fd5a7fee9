"""How long a server asks to be left alone: `Retry-After` in both of its forms, and `retry-after-ms`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 86_400.0  # seconds; nobody is left alone for longer than a day, unless whoever asks says so
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,9})?", re.ASCII)


def retry_after(
    headers: Mapping[str, str], *, longest: float = LONGEST, now: datetime | None = None
) -> float | None:
    """Seconds, at most `longest`; None if nothing is asked for. Names of headers are in lower case, or in any if
    `headers` does not tell them apart."""
    if _NUMBER.fullmatch(milliseconds := str(headers.get("retry-after-ms", "")).strip()):
        return min(float(milliseconds) / 1000, longest)
    value = str(headers.get("retry-after", "")).strip()
    if _NUMBER.fullmatch(value):
        return min(float(value), longest)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, min((moment - (now or datetime.now(UTC))).total_seconds(), longest))
