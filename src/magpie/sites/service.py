"""How sites treat us, and what follows: whether a site is left alone, and how many may be there at once."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

import structlog

from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.downloads.failures import DIAGNOSES, Reason
from magpie.kit.clock import utcnow
from magpie.kit.db import Database, ReadSession, WriteSession
from magpie.kit.errors import NotFound
from magpie.kit.events import Event
from magpie.sites import breaker, repository
from magpie.sites.breaker import LOW_RESOLUTION, Outcome, State
from magpie.sites.models import Circuit, SiteState

__all__ = [
    "Allowance",
    "Outcome",
    "Rest",
    "pause_between_pages",
    "report",
    "reset",
    "resting",
    "rests_until",
    "watch_circuits",
]

log = structlog.get_logger(__name__)

# How long a host may go by what it has read; shorter than any rest.
FRESH_SECONDS = 1.0
# Between the pages of one listing, as a part of the pause between two starts at a site. By default that is the
# 0.75 s of yt-dlp's own preset (`-t sleep`), with which 10,000 entries take four minutes; a long pause is bounded,
# or such a listing would take hours, and other checks of the site wait for it.
PAGE_PART = 0.75
LONGEST_PAGE_PAUSE = 5.0
_LOW_RESOLUTION_MESSAGE = "The site suddenly sends media in a far lower quality than usual."


@dataclass(frozen=True, slots=True)
class Rest:
    """A site that is left alone. `is_asked`: the site itself named the time, and nobody may be sooner."""

    site: str
    until: datetime
    is_asked: bool
    message: str


def pause_between_pages(site_delay: float) -> float:
    """Seconds between the requests of one listing, where `site_delay` is between two starts."""
    return min(site_delay * PAGE_PART, LONGEST_PAGE_PAUSE)


def report(context: AppContext, session: WriteSession, site: str, outcome: Outcome) -> None:
    """Note how one attempt at a download, or one check, went at its site, in the unit of work that settles it."""
    row = repository.state_of(session, site)
    state = state_of(row)
    if breaker.step(state, outcome, utcnow()) == state:
        return
    row = repository.lock_state(session, site)
    before, now = state_of(row), utcnow()
    after = breaker.step(before, outcome, now)
    _write(row, after)
    if after.circuit is not before.circuit or after.open_until != before.open_until:
        _note_change(context, session, row, now, principal=None)
    elif after.allowed != before.allowed:
        session.after_commit(lambda: _tell_followers(context))


def _tell_followers(context: AppContext) -> None:
    for follower in context.site_changed:
        follower()


def _note_change(
    context: AppContext, session: WriteSession, row: SiteState, now: datetime, *, principal: Principal | None
) -> None:
    """Audit and announce what has just been written."""
    row.changed_at = now
    row.message = message_of(row.reason)
    details = {
        "circuit": row.circuit,
        "reason": row.reason,
        "until": _text(row.open_until),
        "trips": row.trips,
    }
    verb = "reset" if principal else str(row.circuit)
    audit.record(session, f"site.{verb}", principal=principal, subject=f"site:{row.site}", details=details)
    event = Event(None, {"type": "site", "id": row.site, "status": str(state_of(row).at(now)), **details})
    session.flush()
    session.after_commit(lambda: _announce(context, event))


def _announce(context: AppContext, event: Event) -> None:
    log.info("site_changed", site=event.body["id"], status=event.body["status"], until=event.body["until"])
    _tell_followers(context)
    context.events.publish([event])


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def message_of(reason: str | None) -> str | None:
    """A rest's reason in plain words."""
    if reason == LOW_RESOLUTION:
        return _LOW_RESOLUTION_MESSAGE
    return DIAGNOSES[Reason(reason)].message if reason else None


def rests_until(session: ReadSession, site: str) -> datetime | None:
    """When the site's rest ends, if it is left alone now. Exact on all hosts: whoever begins asks here."""
    found = resting(session, [site]).get(site)
    return found.until if found else None


def resting(session: ReadSession, sites: Iterable[str]) -> dict[str, Rest]:
    """Of these sites, those that are left alone now."""
    return {
        site: Rest(site, row.open_until, row.is_asked, row.message or "")
        for site, row in repository.resting(session, sites, utcnow()).items()
        if row.open_until is not None
    }


def sentence_of(rest: Rest) -> str:
    """For people: why something waits."""
    seconds = max(0.0, (rest.until - utcnow()).total_seconds())
    span = f"{math.ceil(seconds)} s" if seconds < 100 else f"{math.ceil(seconds / 60)} min"
    who = "as it asked" if rest.is_asked else "to be safe"
    return f"{rest.message} {rest.site} is left alone for {span} more, {who}."


def end_rest(context: AppContext, session: WriteSession, principal: Principal, site: str) -> bool:
    """End a rest that nobody but Magpie thought of, since a person wants it: one may try at once. False for a rest
    that the site itself asked for."""
    rest = resting(session, [site]).get(site)
    if rest is None or rest.is_asked:
        return rest is None
    _end(context, session, principal, site)
    return True


def reset(context: AppContext, session: WriteSession, principal: Principal, site: str) -> SiteState:
    """End a site's rest, whoever asked for it; one canary goes first. Raises `NotFound` for an unknown site."""
    if repository.state_of(session, site) is None:
        raise NotFound
    return _end(context, session, principal, site)


def _end(context: AppContext, session: WriteSession, principal: Principal, site: str) -> SiteState:
    row, now = repository.lock_state(session, site), utcnow()
    _write(row, breaker.ended_early(state_of(row), now))
    _note_change(context, session, row, now, principal=principal)
    return row


def states(session: ReadSession) -> list[SiteState]:
    """All sites that have ever been noted."""
    return repository.all_states(session)


def state_of(row: SiteState | None) -> State:
    """The breaker's state in a row; of a site without a row, that all is well."""
    if row is None:
        return State()
    values = {field.name: getattr(row, field.name) for field in fields(State)}
    return State(**{**values, "circuit": Circuit(row.circuit)})


def _write(row: SiteState, state: State) -> None:
    for field in fields(State):
        setattr(row, field.name, getattr(state, field.name))


class Allowance:
    """How many may be at a site at once, for the dispatcher: 0 leave it alone, 1 a canary, None as many as else.

    Called for every site with waiting jobs, several times a second: it reads all sites that are not simply well,
    at most once a second.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._states: dict[str, State] = {}
        self._read_at = -math.inf
        self._lock = threading.Lock()

    def __call__(self, site: str) -> int | None:
        """Raises SQLAlchemy's errors where the database cannot be reached: then nothing is begun."""
        with self._lock:
            if time.monotonic() - self._read_at > FRESH_SECONDS:
                moment = time.monotonic()
                with self._database.read() as session:
                    rows = repository.careful_states(session)
                self._states = {row.site: state_of(row) for row in rows}
                self._read_at = moment
            state = self._states.get(site)
        return state.allowance(utcnow()) if state else None

    def forget(self) -> None:
        """Look again at the next question."""
        with self._lock:
            self._read_at = -math.inf


def watch_circuits(context: AppContext) -> Allowance:
    """The dispatcher's view of the sites, which hears at once of what this process changes."""
    allowance = Allowance(context.database)
    context.site_changed.append(allowance.forget)
    return allowance
