"""What a sync is told to do, what it reports, and how it learns that it is not to go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from magpie.kit.logs import redact

MOST_LINES = 200
MAX_TEXT = 500


class SyncLost(Exception):
    """The task belongs to another worker by now, or is gone: end, write nothing more."""


class PutDown(Exception):
    """The program stops: the sync goes on later, from what the server says then."""


class Trigger(StrEnum):
    """Why a sync runs."""

    SCHEDULE = "schedule"
    PERSON = "person"
    ARRIVAL = "arrival"  # songs have come to a server: with the source's list as it was read last
    UNDO = "undo"


class Note(StrEnum):
    """Codes of the lines in a run's log."""

    RESUMED = "resumed"
    SOURCE_READ = "source_read"
    SOURCE_INCOMPLETE = "source_incomplete"
    INDEXED = "indexed"
    MATCHED = "matched"
    MADE = "made"
    FOUND_AGAIN = "found_again"
    GONE = "gone"
    WRITTEN = "written"
    UNCHANGED = "unchanged"
    NOTHING_YET = "nothing_yet"
    NOT_TAKEN = "not_taken"
    NO_DOUBLES = "no_doubles"
    ASKED = "asked"
    TITLED = "titled"
    DESCRIBED = "described"
    COVERED = "covered"
    NOT_COVERED = "not_covered"
    PUT_BACK = "put_back"
    DELETED = "deleted"
    UNDONE = "undone"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Order:
    """One sync of one task, as its worker holds it."""

    id: int
    key: str
    claim: int
    user_id: int
    trigger: Trigger
    run_id: int
    is_resumed: bool  # an earlier start of this very sync has ended with its process


class TargetStatus(StrEnum):
    """How a target's playlist is."""

    IN_STEP = "in_step"
    BEHIND = "behind"  # songs are missing there, or were not taken
    ASKING = "asking"
    ERROR = "error"


@dataclass(slots=True)
class TargetOutcome:
    """What became of one target."""

    target_id: int
    server_name: str
    status: TargetStatus = TargetStatus.IN_STEP
    reason: str | None = None
    message: str | None = None
    counts: dict[str, int] = field(default_factory=dict)  # added, removed, moved
    verdicts: dict[str, int] = field(default_factory=dict)  # matched, review, missing
    removals: int = 0  # that a person is asked about


@dataclass(slots=True)
class Report:
    """The run's log. Bounded."""

    now: Callable[[], datetime]
    lines: list[dict[str, Any]] = field(default_factory=list)

    def note(self, code: Note, text: str, *, level: str = "info", **values: str | int | None) -> None:
        """`text`: the line in English. `values`: what it is about, so that the page can say it in other languages; what is
        None is left out. Names: server, reason (as `Task.reason`), count, total, added, removed, moved."""
        if len(self.lines) < MOST_LINES:
            line = {
                "at": self.now().isoformat(),
                "level": level,
                "code": code.value,
                "text": redact(text)[:MAX_TEXT],
                "values": {name: value for name, value in values.items() if value is not None},
            }
            self.lines.append(line)
