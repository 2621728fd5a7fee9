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
from magpie.kit.languages import Language
from magpie.kit.logs import redact
from magpie.library.care import losses
from magpie.library.care.losses import Loss
from magpie.links.models import Link
from magpie.notifications import repository, service
from magpie.notifications.digests import clean
from magpie.notifications.models import Concern, Happening
from magpie.notifications.words import fault, say, sentence
from magpie.playlists.models import Task
from magpie.sites.models import CookieJar, SiteState

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

        def why(language: Language) -> str:
            told = redact(download.error_message or "")
            return sentence(language, download.reason, told) or say(language, "download.failed")

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
    """By user, all that needs attention now, in their language."""
    found: dict[int, list[State]] = defaultdict(list)
    spoken = repository.languages(session, users)
    for link in repository.ailing_links(session, users):
        found[link.user_id] += _of_link(spoken[link.user_id], link)
    for task in repository.ailing_tasks(session, users, FAILING):
        found[task.user_id].append(_of_task(spoken[task.user_id], task))
    for jar in repository.stale_jars(session, users, now):
        found[jar.user_id].append(_of_jar(spoken[jar.user_id], jar))
    for user_id, site in repository.resting_sites(session, users, now):
        if site.open_until is not None and site.open_until - site.changed_at >= LONG_REST:
            found[user_id].append(_of_site(spoken[user_id], site, site.open_until))
    for user_id, count in repository.without_space(session, users, Reason.NO_SPACE).items():
        language = spoken[user_id]
        found[user_id].append(
            State("space", say(language, "space"), say(language, "space.body", count=count))
        )
    keepers = repository.superusers(session, users)
    for user_id, loss in losses.missing(session, users, of_all=keepers).items():
        found[user_id].append(_missing(spoken[user_id], loss))
    for user_id, loss in losses.damaged(session, users, of_all=keepers).items():
        found[user_id].append(_damaged(spoken[user_id], loss))
    return found


def _missing(language: Language, loss: Loss) -> State:
    names = _names(language, loss)
    body = (
        say(language, "missing.one", names=names)
        if loss.files == 1
        else say(language, "missing.body", files=loss.files, count=loss.items, names=names)
    )
    return State("missing", say(language, "missing"), body, loss.since)


def _damaged(language: Language, loss: Loss) -> State:
    body = say(language, "damaged.body", count=loss.files, names=_names(language, loss))
    return State("damaged", say(language, "damaged"), body, loss.since, DAMAGE_REST)


def _names(language: Language, loss: Loss) -> str:
    """The first titles, each bounded, and how many more there are."""
    more = loss.items - len(loss.titles)
    names = say(language, "names.between").join(clean(title, NAMES_LENGTH) for title in loss.titles)
    return say(language, "names.more", names=names, count=more) if more > 0 else names


def _of_jar(language: Language, jar: CookieJar) -> State:
    body = say(language, "cookies.refused" if jar.refused_at else "cookies.expired")
    return State(f"cookies:{jar.site}", say(language, "cookies", site=jar.site), body)


def _of_site(language: Language, site: SiteState, until: datetime) -> State:
    why = sentence(language, site.reason, site.message or "")
    body = say(language, "site.body", why=why, until=f"{until:%Y-%m-%d %H:%M} UTC").strip()
    return State(f"site:{site.site}", say(language, "site", site=site.site), body)


def _of_task(language: Language, task: Task) -> State:
    if task.failures >= FAILING:
        error = fault(language, task.reason, redact(task.error_message or ""))
        return State(f"task:{task.id}:failing", say(language, "task.failing", name=task.name), error)
    body = say(language, "task.asking.body", count=task.counts["removals"])
    return State(f"task:{task.id}:asking", say(language, "task.asking", name=task.name), body)


def _of_link(language: Language, link: Link) -> Iterator[State]:
    error = sentence(language, link.reason, redact(link.error_message or ""))
    if link.died_at is not None:
        yield State(f"link:{link.id}:dead", say(language, "link.dead", name=link.name), error)
    elif link.failures >= FAILING or link.reason in _WANTS_LOGIN:
        yield State(f"link:{link.id}:failing", say(language, "link.failing", name=link.name), error)
