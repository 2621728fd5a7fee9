"""When a task's time has come: a cron line in somebody's own time zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

MAX_LENGTH = 128
_NAMED = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}


class BadSchedule(ValueError):
    """Not a schedule; the text says why."""


def checked(text: str) -> str:
    """The line with single spaces. Raises `BadSchedule`."""
    line = " ".join(text.split())
    if not line or len(line) > MAX_LENGTH:
        raise BadSchedule("a schedule looks like 0 4 * * *: minute, hour, day, month, day of the week")
    if line.startswith("@"):
        if line.lower() not in _NAMED:
            raise BadSchedule(f"names are {', '.join(_NAMED)}")
        return line.lower()
    if len(line.split()) != 5:
        raise BadSchedule("a schedule has five parts: minute, hour, day, month, day of the week")
    try:
        next(CronSim(line.upper(), datetime(2024, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        raise BadSchedule(f"this is no schedule: {error}") from None
    except StopIteration:
        raise BadSchedule("this never comes") from None
    return line


def zone(name: str) -> ZoneInfo:
    """Raises `BadSchedule` for a time zone that is not known here."""
    if name not in available_timezones():
        raise BadSchedule("a time zone looks like Europe/Berlin or Asia/Shanghai")
    return ZoneInfo(name)


def runs(schedule: str, timezone: str, after: datetime) -> Iterator[datetime]:
    """The moments after this one, in UTC. Where clocks are put forward or back, a run is neither lost nor doubled."""
    line = _NAMED.get(schedule, schedule).upper()
    return (moment.astimezone(UTC) for moment in CronSim(line, after.astimezone(zone(timezone))))


def next_run(schedule: str | None, timezone: str, after: datetime) -> datetime | None:
    """The first moment after this one; None without a schedule, or if it never comes."""
    return next(runs(schedule, timezone, after), None) if schedule else None


def preview(schedule: str, timezone: str, after: datetime, count: int) -> list[datetime]:
    """The next few moments."""
    return list(islice(runs(schedule, timezone, after), count))
