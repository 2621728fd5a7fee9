"""People, servers in memory and tasks, with a worker and a clock; without a server and without an engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from magpie.accounts.models import User
from magpie.config import Settings
from magpie.context import build_context
from magpie.engine.port import DirectJob
from magpie.kit.clock import utcnow
from magpie.playlists.models import Run, Server, Song, SongMatch, Target, Task
from magpie.playlists.servers.port import Fault, Login, MediaServer, ServerFailed
from magpie.playlists.sync.order import Trigger
from magpie.playlists.sync.worker import Syncer
from magpie.playlists.tasks import repository, turns
from magpie.playlists.tasks.schedule import Schedule
from magpie.playlists.tracks import Track
from magpie.preparation import prepare
from tests.playlists.fakes import FakeServer, FakeSource


class PlaylistHouse:
    """`now` moves only when a test says so. Servers are told apart by their addresses."""

    def __init__(self, database_url: str, folder: Path, **settings: Any) -> None:
        self.context = build_context(Settings(data_dir=folder, database_url=database_url, **settings))
        prepare(self.context)
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.source = FakeSource([])
        self.servers: dict[str, FakeServer] = {}
        self.syncer = self.make_syncer("here")
        self.schedule = Schedule(self.context, now=lambda: self.now)
        self.ada = self._user("ada")

    def make_syncer(self, name: str) -> Syncer:
        return Syncer(
            self.context, name, connect=self._connect, fetch=self.source.fetch, now=lambda: self.now
        )

    def _connect(self, _kind: str, login: Login) -> MediaServer:
        if login.url not in self.servers:
            raise ServerFailed(Fault.DNS, "nobody knows it")
        return self.servers[login.url]

    def close(self) -> None:
        self.syncer.holds.stop_all()
        self.context.close()

    def _user(self, name: str) -> int:
        with self.context.database.write() as session:
            user = User(
                username=name, username_key=name, password_hash="-", created_at=utcnow(), is_superuser=True
            )
            session.add(user)
            session.flush()
            return user.id

    def add_server(self, fake: FakeServer, url: str = "http://music.example") -> int:
        self.servers[url] = fake
        with self.context.database.write() as session:
            server = Server(user_id=self.ada, name="Music", server_type="fake", url=url)
            session.add(server)
            session.flush()
            return server.id

    def add_task(self, *server_ids: int, **values: Any) -> int:
        facts = {
            "platform": "netease",
            "source_id": "1",
            "source_url": "",
            "playlist_url": "x",
            "name": "New",
        }
        with self.context.database.write() as session:
            task = Task(user_id=self.ada, **{**facts, **values})
            session.add(task)
            session.flush()
            session.add_all(
                Target(task_id=task.id, server_id=one, rank=rank) for rank, one in enumerate(server_ids)
            )
            return task.id

    def ask(self, task_id: int, trigger: Trigger = Trigger.PERSON) -> DirectJob:
        """Ask for a sync; its job."""
        with self.context.database.write() as session:
            task = session.get_one(Task, task_id)
            turns.request(self.context, session, task, trigger)
        return self.job(task_id)

    def job(self, task_id: int) -> DirectJob:
        with self.context.database.read() as session:
            task = session.get_one(Task, task_id)
            return DirectJob(turns.job_of(task, self.context.job_epoch(session)))

    def sync(self, task_id: int, trigger: Trigger = Trigger.PERSON) -> Run | None:
        """Sync now, in this thread; the newest run."""
        self.now += timedelta(minutes=1)
        self.syncer.perform(self.ask(task_id, trigger))
        return self.run(task_id)

    def task(self, task_id: int) -> Task:
        with self.context.database.read() as session:
            return session.get_one(Task, task_id)

    def change(self, task_id: int, **values: Any) -> None:
        with self.context.database.write() as session:
            task = session.get_one(Task, task_id)
            for name, value in values.items():
                setattr(task, name, value)

    def target(self, task_id: int, rank: int = 0) -> Target:
        with self.context.database.read() as session:
            return repository.targets(session, [task_id])[task_id][rank]

    def run(self, task_id: int) -> Run | None:
        with self.context.database.read() as session:
            found = repository.runs(session, task_id, before=None, limit=1)
            return found[0] if found else None

    def codes(self, task_id: int) -> list[str]:
        """The codes of the newest run's lines."""
        run = self.run(task_id)
        return [line["code"] for line in run.lines] if run else []

    def verdicts(self, task_id: int, rank: int = 0) -> list[str | None]:
        """In the source's order."""
        target = self.target(task_id, rank)
        query = select(SongMatch.verdict).select_from(Song)
        mine = (SongMatch.song_id == Song.id) & (SongMatch.target_id == target.id)
        query = query.outerjoin(SongMatch, mine).where(Song.task_id == task_id).order_by(Song.position)
        with self.context.database.read() as session:
            return list(session.scalars(query))


def ids(tracks: Sequence[Track]) -> list[str]:
    return [track.id for track in tracks]
