"""What people are told of: downloads that end, and states that need them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from magpie.accounts.models import User
from magpie.context import AppContext
from magpie.downloads import service as downloads
from magpie.downloads.failures import DIAGNOSES, Reason
from magpie.downloads.models import Download, Status
from magpie.kit.clock import utcnow
from magpie.kit.db import WriteSession
from magpie.library.models import Item, ItemFile, Membership, Scan
from magpie.links.addresses import address_key
from magpie.links.checks import jobs as check_jobs
from magpie.links.models import Link, LinkEntry, LinkStatus
from magpie.notifications import sources
from magpie.notifications.models import Happening, Notice, NotificationTarget
from magpie.playlists.models import Task
from magpie.sites.models import Circuit, CookieJar, SiteState

pytestmark = pytest.mark.database
URL = "https://media.example/film"


class House:
    """Ada, who follows a link and wants to hear of everything, and Bob, who wants to hear of failures."""

    def __init__(self, context: AppContext) -> None:
        self.context = context
        check_jobs.follow_downloads(context)
        sources.follow_downloads(context)
        with context.database.write() as session:
            self.ada, self.bob = (self._user(session, name) for name in ("ada", "bob"))
            self._target(session, self.ada, list(Happening))
            self._target(session, self.bob, [Happening.FAILED])
            link = Link(user_id=self.ada, url="https://media.example/c", site="media.example", name="Birds")
            session.add(link)
            session.flush()
            self.link = link.id
            entry = LinkEntry(link_id=link.id, source_key="web x", url=URL, url_digest=address_key(URL))
            session.add(entry)
            session.flush()
            self.entry = entry.id

    def _user(self, session: WriteSession, name: str) -> int:
        email = f"{name}@example.com"
        user = User(username=name, username_key=name, email=email, email_key=email, password_hash="-")
        user.created_at = utcnow()
        session.add(user)
        session.flush()
        return user.id

    def _target(self, session: WriteSession, user_id: int, events: list[Happening]) -> None:
        sealed = self.context.vault.seal("mail:")
        session.add(
            NotificationTarget(
                user_id=user_id, name="mail", sealed_url=sealed, scheme="mail", events=list(events)
            )
        )

    def end(self, user_id: int, status: Status, reason: str | None = None, **more: Any) -> None:
        """A download of that user's ends."""
        with self.context.database.write() as session:
            download = Download(
                user_id=user_id, url=URL, site="media.example", status=Status.DOWNLOADING, title="A film"
            )
            for name, value in more.items():
                setattr(download, name, value)
            session.add(download)
            session.flush()
            message = DIAGNOSES[Reason(reason)].message if reason else None
            downloads.end(self.context, session, download, status, reason, message)

    def told(self) -> list[tuple[str, str, str]]:
        """What waits to be told, which is forgotten then."""
        with self.context.database.write() as session:
            found = session.scalars(select(Notice).order_by(Notice.id)).all()
            lines = [(notice.event, notice.title, notice.body) for notice in found]
            session.execute(delete(Notice))
            return lines

    def look(self, change: Any = None) -> list[tuple[str, str]]:
        """Titles and bodies of what is told when somebody looks, after a change of `Link` or new rows."""
        with self.context.database.write() as session:
            if change is not None:
                change(session)
        sources.look(self.context)
        told = self.told()
        assert {event for event, *_ in told} <= {"needs_attention"}
        return [(title, body) for _, title, body in told]


@pytest.fixture
def house(context: AppContext) -> House:
    return House(context)


def test_new_items_of_links_and_nothing_that_somebody_just_fetched(house: House) -> None:
    house.end(house.ada, Status.COMPLETED, link_id=house.link, entry_id=house.entry)
    assert house.told() == [("new_item", "A film", "Birds")]
    house.end(house.ada, Status.COMPLETED)
    house.end(house.ada, Status.SKIPPED, Reason.ALREADY_HELD, link_id=house.link)
    house.end(house.ada, Status.CANCELLED, link_id=house.link)
    assert house.told() == []


def test_a_better_copy_is_nothing_new(house: House) -> None:
    with house.context.database.write() as session:
        session.get_one(LinkEntry, house.entry).downloaded_at = utcnow()
    house.end(house.ada, Status.COMPLETED, link_id=house.link, entry_id=house.entry)
    assert house.told() == []


def test_failures_are_told_to_whose_they_are(house: House) -> None:
    house.end(house.bob, Status.FAILED, Reason.PRIVATE)
    assert house.told() == [("failed", "A film", "The medium is private.")]
    house.end(house.ada, Status.FAILED, Reason.GEO_BLOCKED, title=None, url=f"{URL}?token=planted-secret")
    ((event, title, _),) = house.told()
    assert event == "failed"
    assert title.startswith(URL)
    assert "planted-secret" not in title
    house.end(house.ada, Status.FAILED, Reason.NOT_YET, link_id=house.link)
    assert house.told() == []


def link_is(house: House, **values: Any) -> Any:
    def change(session: WriteSession) -> None:
        link = session.get_one(Link, house.link)
        for name, value in values.items():
            setattr(link, name, value)

    return change


def test_a_link_that_dies_is_told_once_and_again_when_it_has_lived_in_between(house: House) -> None:
    dead = link_is(
        house,
        died_at=utcnow(),
        failures=9,
        status=LinkStatus.ERROR,
        reason="not_found",
        error_message="It is gone.",
    )
    assert house.look() == []
    assert house.look(dead) == [("Birds is gone", "It is gone.")]
    assert house.look() == []
    alive = link_is(house, died_at=None, failures=0, status=LinkStatus.IDLE, reason=None, error_message=None)
    assert house.look(alive) == []
    assert house.look(dead) == [("Birds is gone", "It is gone.")]


def test_a_link_that_fails_now_and_then_is_nobodys_concern(house: House) -> None:
    fails = {"status": LinkStatus.ERROR, "reason": "network", "error_message": "Not reached."}
    assert house.look(link_is(house, failures=sources.FAILING - 1, **fails)) == []
    assert house.look(link_is(house, failures=sources.FAILING)) == [
        ("Birds cannot be checked", "Not reached.")
    ]


def test_the_next_check_does_not_end_the_failure_of_the_last(house: House) -> None:
    fails = link_is(house, failures=sources.FAILING, reason="network", error_message="Not reached.")
    assert len(house.look(fails)) == 1
    assert house.look(link_is(house, status=LinkStatus.CHECKING)) == []
    assert house.look(link_is(house, status=LinkStatus.ERROR)) == []


def test_one_that_wants_a_login_is_told_at_once(house: House) -> None:
    wants = {"status": LinkStatus.ERROR, "reason": "login_required", "error_message": "A login."}
    assert house.look(link_is(house, failures=1, **wants)) == [("Birds cannot be checked", "A login.")]


def test_a_playlist_that_cannot_be_kept_in_step_or_asks(house: House) -> None:
    def task_is(**values: object) -> object:
        def change(session: WriteSession) -> None:
            task = session.scalar(select(Task))
            if task is None:
                facts = {
                    "name": "Evenings",
                    "playlist_url": "",
                    "platform": "qq",
                    "source_id": "1",
                    "source_url": "",
                }
                task = Task(user_id=house.ada, counts={}, **facts)
                session.add(task)
            for name, value in values.items():
                setattr(task, name, value)

        return change

    assert house.look(task_is(failures=sources.FAILING - 1, status="error", error_message="Gone.")) == []
    assert house.look(task_is(failures=sources.FAILING)) == [("Evenings cannot be kept in step", "Gone.")]
    assert house.look(task_is(status="syncing")) == []
    ((title, body),) = house.look(task_is(failures=0, status="asking", counts={"removals": 12}))
    assert (title, body[:12]) == ("Evenings asks", "12 entries w")
    assert house.look(task_is(status="waiting")) == []


def test_cookies_that_are_of_no_use_any_more(house: House) -> None:
    def expired(session: WriteSession) -> None:
        past = utcnow() - timedelta(hours=1)
        session.add(CookieJar(user_id=house.ada, site="media.example", sealed="-", expires_at=past))
        session.add(CookieJar(user_id=house.bob, site="media.example", sealed="-", expires_at=past))
        session.add(
            CookieJar(user_id=house.ada, site="fine.example", sealed="-", mode="never", expires_at=past)
        )

    ((title, body),) = house.look(expired)
    assert title == "Cookies for media.example"
    assert "expired" in body


@pytest.mark.parametrize(("hours", "told"), [(1, 0), (7, 1)])
def test_a_site_that_is_left_alone_for_long(house: House, hours: int, told: int) -> None:
    def rests(session: WriteSession) -> None:
        now = utcnow()
        until = now + timedelta(hours=hours)
        state = SiteState(site="media.example", circuit=Circuit.OPEN, open_until=until, message="Too many.")
        state.changed_at = now
        session.add(state)

    found = house.look(rests)
    assert len(found) == told
    assert all(title == "media.example is left alone" for title, _ in found)


def test_a_full_disk(house: House) -> None:
    def full(session: WriteSession) -> None:
        waits = {"url": URL, "site": "media.example", "status": Status.PENDING, "reason": Reason.NO_SPACE}
        session.add_all([Download(user_id=house.ada, **waits) for _ in range(2)])

    assert house.look(full) == [("The disk is full", "2 downloads wait for free space.")]
    assert house.look() == []


def test_who_asks_later_hears_of_what_is(house: House) -> None:
    dead = link_is(house, died_at=utcnow(), error_message="It is gone.")
    assert len(house.look(dead)) == 1

    def another(session: WriteSession) -> None:
        house._target(session, house.ada, [Happening.NEEDS_ATTENTION])

    assert house.look(another) == [("Birds is gone", "It is gone.")]


def test_all_is_told_in_the_users_language(house: House) -> None:
    def speaks(session: WriteSession) -> None:
        session.get_one(User, house.ada).language = "zh-CN"
        waits = {"url": URL, "site": "media.example", "status": Status.PENDING, "reason": Reason.NO_SPACE}
        session.add(Download(user_id=house.ada, **waits))
        task = Task(
            user_id=house.ada, name="晚上", playlist_url="", platform="qq", source_id="1", source_url=""
        )
        task.counts, task.failures, task.reason = {}, sources.FAILING, "dns"
        task.error_message = "Its name cannot be found."
        session.add(task)
        past = utcnow() - timedelta(hours=1)
        session.add(CookieJar(user_id=house.ada, site="media.example", sealed="-", expires_at=past))
        state = SiteState(
            site="media.example", circuit=Circuit.OPEN, reason="rate_limited", message="Too many."
        )
        state.changed_at, state.open_until = utcnow(), utcnow() + timedelta(hours=7)
        session.add(state)
        link_is(house, died_at=utcnow(), reason="not_found", error_message="Gone.")(session)

    told = dict(house.look(speaks))
    assert told["“Birds”已失效"] == "网站表示该地址下没有内容（404）。"
    assert told["磁盘已满"] == "1 个下载正在等待可用空间。"
    assert told["歌单“晚上”无法保持同步"] == "找不到这个服务器名称。"
    assert told["media.example 的 Cookie"].startswith("它们已过期。")
    assert told["暂时不再访问 media.example"].startswith("网站表示请求过多。在 ")
    house.end(house.ada, Status.FAILED, Reason.PRIVATE)
    house.end(house.bob, Status.FAILED, Reason.PRIVATE)
    assert [body for *_, body in house.told()] == ["内容是私密的。", "The medium is private."]


# Files that are gone, or that the disk has changed


def item_of(session: WriteSession, user_id: int | None, title: str, files: int = 1, **of_files: Any) -> int:
    """An item of theirs (None: the household's) with so many files, all of them alike."""
    item = Item(extractor="file", source_id=title, kind="audio", quality="audio", site="local", title=title)
    item.source_url, item.size = "", files
    item.files = [
        ItemFile(path=f"{title} {n}", role="media", position=n, size=1, mime="audio/flac", **of_files)
        for n in range(files)
    ]
    session.add(item)
    session.flush()
    session.add(Membership(item_id=item.id, user_id=user_id))
    return item.id


def scanned(session: WriteSession, status: str = "completed", started_at: datetime | None = None) -> None:
    session.add(Scan(key=f"{utcnow():%f}".ljust(32, "0"), adopts=False, status=status, started_at=started_at))


def also_hears(house: House, *, is_superuser: bool = False) -> None:
    """Bob wants to hear of what needs attention, too."""
    with house.context.database.write() as session:
        house._target(session, house.bob, [Happening.NEEDS_ATTENTION])
        session.get_one(User, house.bob).is_superuser = is_superuser


def test_missing_files_are_one_notice_with_counts_and_names(house: House) -> None:
    also_hears(house)
    missed = utcnow() - timedelta(minutes=1)

    def gone(session: WriteSession) -> None:
        for title in ("Rain", "Sinnerman"):
            item_of(session, house.ada, title, files=2, missing_since=missed)
        item_of(session, house.ada, "There")
        item_of(session, None, "The household's", missing_since=missed)

    assert house.look(gone) == [("Files are missing", "4 files of 2 items are gone: Sinnerman, Rain.")]
    assert house.look() == []

    def more(session: WriteSession) -> None:
        item_of(session, house.ada, "Snow", missing_since=utcnow())

    ((_, body),) = house.look(more)
    assert body == "5 files of 3 items are gone: Snow, Sinnerman, Rain."


def test_what_a_running_scan_misses_waits_for_its_end(house: House) -> None:
    def scanning(session: WriteSession) -> None:
        scanned(session, "running", started_at=utcnow() - timedelta(minutes=2))
        item_of(session, house.ada, "Rain", missing_since=utcnow() - timedelta(minutes=1))

    def over(session: WriteSession) -> None:
        session.scalars(select(Scan)).one().status = "completed"

    assert house.look(scanning) == []
    assert house.look(over) == [("Files are missing", "1 file is gone: Rain.")]


def test_files_that_return_are_told_when_they_go_again_only(house: House) -> None:
    def is_missing(since: datetime | None) -> Any:
        def change(session: WriteSession) -> None:
            session.execute(update(ItemFile).values(missing_since=since))

        return change

    with house.context.database.write() as session:
        item_of(session, house.ada, "Rain")
    assert len(house.look(is_missing(utcnow()))) == 1
    assert house.look(is_missing(None)) == []
    assert len(house.look(is_missing(utcnow()))) == 1


def test_superusers_hear_of_everybodys_files(house: House) -> None:
    also_hears(house, is_superuser=True)

    def gone(session: WriteSession) -> None:
        item_of(session, house.ada, "Ada's", missing_since=utcnow())
        item_of(session, None, "The household's", missing_since=utcnow())

    assert sorted(body for _, body in house.look(gone)) == [
        "1 file is gone: Ada's.",
        "2 files of 2 items are gone: The household's, Ada's.",
    ]


def test_what_lies_in_the_trash_is_missed_by_nobody(house: House) -> None:
    def gone(session: WriteSession) -> None:
        item_id = item_of(session, house.ada, "Rain", missing_since=utcnow(), damaged_at=utcnow())
        session.scalars(select(Membership).where(Membership.item_id == item_id)).one().trashed_at = utcnow()

    assert house.look(gone) == []


def test_damage_is_told_at_once_and_more_of_it_once_a_day(house: House) -> None:
    now = utcnow()

    def damaged(title: str, moment: datetime) -> None:
        with house.context.database.write() as session:
            item_of(session, house.ada, title, damaged_at=moment)

    def look(moment: datetime) -> list[str]:
        sources.look(house.context, moment)
        return [body for _, title, body in house.told() if title == "Files are damaged"]

    damaged("Rain", now)
    (body,) = look(now + timedelta(minutes=1))
    assert body.startswith("1 file is not what it was, though nobody has written to it: Rain.")
    damaged("Snow", now + timedelta(minutes=2))
    assert look(now + timedelta(minutes=3)) == []
    (body,) = look(now + timedelta(days=1, minutes=2))
    assert "Snow, Rain" in body
    assert look(now + timedelta(days=3)) == []


def test_of_many_names_the_newest_are_told(house: House) -> None:
    def gone(session: WriteSession) -> None:
        for number in range(8):
            item_of(session, house.ada, f"No. {number}", missing_since=utcnow())

    ((_, body),) = house.look(gone)
    assert body == "8 files of 8 items are gone: No. 7, No. 6, No. 5, No. 4, No. 3 and 3 more."
