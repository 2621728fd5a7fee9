"""What people are told of: downloads that end, and states of things that do not mend themselves.

The states are looked at every minute, and compared with what each target was told of: one is told when it begins, and
again only after it has ended in between, or if there is more of it. So nothing that happens has to think of
notifications, and what began while nothing ran is told, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from magpie.context import AppContext
from magpie.downloads.failures import Reason
from magpie.downloads.models import Download, Status
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.logs import redact
from magpie.library.care import losses
from magpie.library.care.losses import Loss
from magpie.links.models import Link
from magpie.notifications import repository, service
from magpie.notifications.digests import clean
from magpie.notifications.models import Concern, Happening
from magpie.playlists.models import Task

# A site that is left alone for a while comes back by itself; after so long somebody may want to know.
LONG_REST = timedelta(hours=6)
# Failures of a link in a row that are no accident any more.
FAILING = 3
# And what no further check will mend.
_WANTS_LOGIN = frozenset({Reason.LOGIN_REQUIRED, Reason.PRIVATE, Reason.MEMBERS_ONLY, Reason.AGE_GATED})
# A failing disk is noticed file by file, for days: who knows of it is told of more of it once a day.
DAMAGE_REST = timedelta(days=1)
NAMES_LENGTH = 80  # of one title among several
# These are not the end: the medium is asked for again.
_NOT_FINAL = frozenset({Reason.NOT_YET, Reason.SITE_RESTS})


class State(NamedTuple):
    """Something that needs a user's attention. `topic` names it as long as it lasts.

    `grew_at`: there is more of it since then, so that who was told of it before is told again, after `rest`.
    """

    topic: str
    title: str
    body: str
    grew_at: datetime | None = None
    rest: timedelta = timedelta(0)

    def is_news(self, told_at: datetime | None, now: datetime) -> bool:
        """For whoever was told of it at that moment (None: never, or it was over since)."""
        if told_at is None:
            return True
        return self.grew_at is not None and self.grew_at > told_at and now - told_at >= self.rest


def follow_downloads(context: AppContext) -> None:
    """Hear of downloads that end: in every process that does downloads. Comes before those followers that note at a
    link's entry that it has been downloaded: what was there before is nothing new."""

    def ended(session: WriteSession, download: Download) -> None:
        download_ended(context, session, download)

    context.download_ended.insert(0, ended)


def download_ended(context: AppContext, session: WriteSession, download: Download) -> None:
    """In the unit of work in which a download ends. What a person has just asked for by hand is told only if it fails."""
    if download.user_id is None or download.is_upgrade:  # a medium that is there either way
        return
    if download.status == Status.COMPLETED and download.link_id is not None:
        if download.entry_id is not None and repository.entry_was_there(session, download.entry_id):
            return
        name = repository.link_name(session, download.link_id) or download.site
        service.tell(context, session, download.user_id, Happening.NEW_ITEM, _title(download), name)
    elif download.status == Status.FAILED and download.reason not in _NOT_FINAL:
        why = redact(download.error_message or "It could not be downloaded.")
        service.tell(context, session, download.user_id, Happening.FAILED, _title(download), why)


def _title(download: Download) -> str:
    return download.title or redact(download.url)


def look(context: AppContext, now: datetime | None = None) -> None:
    """Compare how things are with what each target was told of."""
    now = now or utcnow()
    with context.database.read() as session:
        listening = _listening(session)
        states = _states(session, set(listening.values()), now) if listening else {}
        told = {target_id: repository.concerns_of(session, target_id) for target_id in listening}
    for target_id, user_id in listening.items():
        present = {state.topic: state for state in states.get(user_id, ())}
        before = told[target_id]
        is_news = any(state.is_news(before.get(topic), now) for topic, state in present.items())
        if is_news or before.keys() - present.keys():
            _note(context, target_id, present, now)


def _listening(session: ReadSession) -> dict[int, int]:
    """The targets that want to hear of such states, each with its user."""
    wanted = Happening.NEEDS_ATTENTION
    found = repository.all_listening(session)
    return {target.id: target.user_id for target in found if wanted in target.events}


def _note(context: AppContext, target_id: int, present: dict[str, State], now: datetime) -> None:
    with context.database.write() as session:
        target = repository.lock(session, target_id)
        if target is None:
            return
        told = repository.concerns_of(session, target_id)
        news = {topic: state for topic, state in present.items() if state.is_news(told.get(topic), now)}
        repository.forget_concerns(session, target_id, (told.keys() - present.keys()) | news.keys())
        for topic, state in news.items():
            session.add(Concern(target_id=target_id, topic=topic, noticed_at=now))
            session.add(service.notice_for(target, Happening.NEEDS_ATTENTION, state.title, state.body, now))


def _states(session: ReadSession, users: set[int], now: datetime) -> dict[int, list[State]]:
    """By user, all that needs attention now."""
    found: dict[int, list[State]] = defaultdict(list)
    for link in repository.ailing_links(session, users):
        found[link.user_id] += _of_link(link)
    for task in repository.ailing_tasks(session, users, FAILING):
        found[task.user_id].append(_of_task(task))
    for jar in repository.stale_jars(session, users, now):
        why = "The site does not take them any more." if jar.refused_at else "They have expired."
        body = f"{why} Give new ones under Sites."
        found[jar.user_id].append(State(f"cookies:{jar.site}", f"Cookies for {jar.site}", body))
    for user_id, site in repository.resting_sites(session, users, now):
        if site.open_until is not None and site.open_until - site.changed_at >= LONG_REST:
            until = f"{site.open_until:%Y-%m-%d %H:%M} UTC"
            body = f"{site.message or ''} Nothing is fetched there until {until}.".strip()
            found[user_id].append(State(f"site:{site.site}", f"{site.site} is left alone", body))
    for user_id, count in repository.without_space(session, users, Reason.NO_SPACE).items():
        many = "1 download waits" if count == 1 else f"{count} downloads wait"
        found[user_id].append(State("space", "The disk is full", f"{many} for free space."))
    keepers = repository.superusers(session, users)
    for user_id, loss in losses.missing(session, users, of_all=keepers).items():
        found[user_id].append(_missing(loss))
    for user_id, loss in losses.damaged(session, users, of_all=keepers).items():
        found[user_id].append(_damaged(loss))
    return found


def _missing(loss: Loss) -> State:
    many = "1 file is gone" if loss.files == 1 else f"{loss.files} files of {_items(loss)} are gone"
    return State("missing", "Files are missing", f"{many}: {_names(loss)}.", loss.since)


def _damaged(loss: Loss) -> State:
    many = "1 file is not what it was" if loss.files == 1 else f"{loss.files} files are not what they were"
    which = "it" if loss.files == 1 else "them"
    body = f"{many}, though nobody has written to {which}: {_names(loss)}. The disk may be failing."
    return State("damaged", "Files are damaged", body, loss.since, DAMAGE_REST)


def _items(loss: Loss) -> str:
    return "1 item" if loss.items == 1 else f"{loss.items} items"


def _names(loss: Loss) -> str:
    """The first titles, each bounded, and how many more there are."""
    more = loss.items - len(loss.titles)
    names = ", ".join(clean(title, NAMES_LENGTH) for title in loss.titles)
    return f"{names} and {more} more" if more > 0 else names


def _of_task(task: Task) -> State:
    if task.failures >= FAILING:
        error = redact(task.error_message or "")
        return State(f"task:{task.id}:failing", f"{task.name} cannot be kept in step", error)
    body = f"{task.counts['removals']} entries would go from the playlist. Look at the plan, and approve it or not."
    return State(f"task:{task.id}:asking", f"{task.name} asks", body)


def _of_link(link: Link) -> Iterator[State]:
    error = redact(link.error_message or "")
    if link.died_at is not None:
        yield State(f"link:{link.id}:dead", f"{link.name} is gone", error)
    elif link.failures >= FAILING or link.reason in _WANTS_LOGIN:
        yield State(f"link:{link.id}:failing", f"{link.name} cannot be checked", error)
