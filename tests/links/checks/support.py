"""Links, a checker and a clock, on the made-up web with the real tools; without a server and without an engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from magpie.accounts.models import User
from magpie.config import Settings
from magpie.context import build_context
from magpie.downloads import service as downloads
from magpie.downloads.models import Download, Status
from magpie.downloads.sites import site_of
from magpie.downloads.worker import Workshop
from magpie.engine.port import DirectJob
from magpie.history.models import HistoryRecord
from magpie.kit.clock import utcnow
from magpie.links.checks import jobs, service
from magpie.links.checks.schedule import Schedule
from magpie.links.checks.service import Mode
from magpie.links.checks.worker import Checker
from magpie.links.models import Link, LinkEntry
from magpie.preparation import prepare
from tests.support.tools import lay_tools


class Household:
    """Users, their links, and all that checks need. `now` moves only when a test says so."""

    def __init__(self, database_url: str, folder: Path, **settings: Any) -> None:
        lay_tools(folder)
        chosen = {"free_space_reserve_gb": 0, "egress_allow": "127.0.0.1", "site_delay_seconds": 0}
        self.context = build_context(
            Settings(data_dir=folder, database_url=database_url, **{**chosen, **settings})
        )
        prepare(self.context)
        jobs.follow_downloads(self.context)
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.workshop = Workshop(self.context, "here")
        self.workshop.start()
        self.checker = self.make_checker("here")
        self.schedule = Schedule(self.context, now=lambda: self.now, dice=lambda: 0.5)

    def make_checker(self, name: str) -> Checker:
        return Checker(self.context, self.workshop.bench, name, now=lambda: self.now, dice=lambda: 0.5)

    def close(self) -> None:
        self.checker.holds.stop_all()
        self.workshop.stop()
        self.context.events.stop()
        self.context.database.close()

    def user(self, name: str) -> int:
        with self.context.database.write() as session:
            user = User(username=name, username_key=name, password_hash="-", created_at=utcnow())
            session.add(user)
            session.flush()
            return user.id

    def follow(self, user_id: int, url: str, **more: Any) -> int:
        """A new link; its check is due."""
        values = {"name": url[:100], "next_check_at": self.now, "created_at": self.now, **more}
        with self.context.database.write() as session:
            link = Link(user_id=user_id, url=url, site=site_of(url), **values)
            session.add(link)
            session.flush()
            return link.id

    def check(
        self, link_id: int, mode: Mode = Mode.CHECK, *, after: timedelta | None = None
    ) -> HistoryRecord:
        """Check a link now, in this thread; its record."""
        self.now += after if after is not None else timedelta(hours=1)
        with self.context.database.write() as session:
            link = session.get_one(Link, link_id)
            service.request(self.context, session, link, mode, now=True)
        self.checker.perform(self.job(link_id))
        return self.records(link_id)[0]

    def job(self, link_id: int) -> DirectJob:
        with self.context.database.read() as session:
            link = session.get_one(Link, link_id)
            return DirectJob(service.job_of(link, self.context.job_epoch(session)))

    def link(self, link_id: int) -> Link:
        with self.context.database.read() as session:
            return session.get_one(Link, link_id)

    def change(self, link_id: int, **values: Any) -> None:
        """As if a person had changed the link."""
        with self.context.database.write() as session:
            link = session.get_one(Link, link_id)
            for name, value in values.items():
                setattr(link, name, value)
            service.changed(self.context, session, link, values)

    def entries(self, link_id: int) -> list[LinkEntry]:
        """Newest first."""
        query = select(LinkEntry).where(LinkEntry.link_id == link_id)
        with self.context.database.read() as session:
            return list(session.scalars(query.order_by(LinkEntry.rank.desc(), LinkEntry.id)))

    def titles(self, link_id: int) -> list[str | None]:
        return [entry.title for entry in self.entries(link_id)]

    def records(self, link_id: int) -> list[HistoryRecord]:
        """Newest first."""
        query = select(HistoryRecord).where(HistoryRecord.link_id == link_id)
        with self.context.database.read() as session:
            return list(session.scalars(query.order_by(HistoryRecord.id.desc())))

    def downloads(self, link_id: int) -> list[Download]:
        """In the order in which they will be done."""
        query = select(Download).where(Download.link_id == link_id)
        with self.context.database.read() as session:
            return list(session.scalars(query.order_by(Download.priority, Download.id)))

    def download(self, link_id: int, most: int = 1000) -> int:
        """Do the downloads that wait; how many."""
        waiting = [one for one in self.downloads(link_id) if one.status == Status.PENDING][:most]
        for one in waiting:
            with self.context.database.read() as session:
                epoch = self.context.job_epoch(session)
            self.workshop.perform(DirectJob(downloads.job_of(one, epoch)), attempts=1)
        return len(waiting)
