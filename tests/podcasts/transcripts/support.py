"""A house with items that say something, a recogniser that hears it, and a worker; without a server and an engine."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from magpie.accounts.models import SESSION_ID_LENGTH, LoginSession, SessionKind, User
from magpie.accounts.security import token_signer
from magpie.accounts.tokens import Claims
from magpie.app import build_api
from magpie.config import Settings
from magpie.context import build_context
from magpie.engine.port import DirectJob
from magpie.kit.clock import utcnow
from magpie.library.models import Item, ItemFile, Membership
from magpie.podcasts.models import ItemTranscript
from magpie.podcasts.transcripts import queueing
from magpie.podcasts.transcripts.worker import Scribe
from magpie.preparation import prepare
from tests.support.transcribers import tones
from tests.support.transcribers.tones import Heard
from tests.support.transcribers.whisper_double import WhisperDouble

SAID = ("amber", "birch", 1.0, "cedar", "dune", 1.0, "ember", "fjord", "grove")


class TranscriptHouse:
    """People ada, who has the items, and bob; `recogniser` is what the setting `asr` names."""

    def __init__(self, database_url: str, folder: Path, recogniser: WhisperDouble, **settings: Any) -> None:
        self.recogniser = recogniser
        given = {"asr": "whisper-asr", "whisper_asr_url": recogniser.url, **settings}
        self.context = build_context(Settings(data_dir=folder, database_url=database_url, **given))
        prepare(self.context)
        self.app: FastAPI = build_api(self.context)
        self.scribe = Scribe(self.context, "here")
        self.ada, self.bob = self._user("ada"), self._user("bob")
        self.events: list[dict[str, Any]] = []
        publish = self.context.events.publish

        def note(events: list[Any]) -> None:
            self.events.extend(event.body for event in events if event.body["type"] == queueing.KIND)
            publish(events)

        self.context.events.publish = note  # type: ignore[method-assign]

    def close(self) -> None:
        self.scribe.holds.stop_all()
        self.context.close()

    def _user(self, name: str) -> int:
        with self.context.database.write() as session:
            user = User(username=name, username_key=name, password_hash="-", created_at=utcnow())
            session.add(user)
            session.flush()
            return user.id

    def client(self, user_id: int) -> TestClient:
        """Signed in."""
        now = utcnow()
        row = LoginSession(
            id=secrets.token_hex(SESSION_ID_LENGTH // 2), user_id=user_id, kind=SessionKind.BEARER,
            created_at=now, last_seen_at=now, expires_at=now + timedelta(hours=1),
        )  # fmt: skip
        with self.context.database.write() as session:
            session.add(row)
        signer = token_signer(self.context)
        token = signer.issue(Claims(user_id, row.id), row.created_at, row.expires_at)
        return TestClient(self.app, headers={"Authorization": f"Bearer {token}"})

    def add(self, name: str = "Music/Talk.mp3", mime: str = "audio/mpeg") -> tuple[int, list[Heard]]:
        """An item of ada's with this one file, and what it says."""
        path = self.context.settings.media_root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        said: list[Heard] = []
        if mime.startswith("audio/"):
            said = tones.write(path, SAID)
        else:
            path.write_bytes(b"no sound")
        with self.context.database.write() as session:
            item = Item(
                extractor="test", source_id=name, kind=mime.partition("/")[0], quality="best", title="Talk",
                site="here", source_url="http://here.example/", size=path.stat().st_size,
            )  # fmt: skip
            item.files = [ItemFile(path=name, role="media", position=0, size=item.size, mime=mime)]
            session.add(item)
            session.flush()
            session.add(Membership(item_id=item.id, user_id=self.ada))
            return item.id, said

    def row(self, transcript_id: int) -> ItemTranscript | None:
        with self.context.database.read() as session:
            return session.get(ItemTranscript, transcript_id)

    def files(self, item_id: int) -> list[ItemFile]:
        """Of the item, the main one first."""
        with self.context.database.read() as session:
            query = select(ItemFile).where(ItemFile.item_id == item_id).order_by(ItemFile.position)
            return list(session.scalars(query))

    def job(self, transcript_id: int) -> DirectJob:
        """What the engine would start now."""
        with self.context.database.read() as session:
            row = session.get_one(ItemTranscript, transcript_id)
            return DirectJob(queueing.job_of(row, self.context.job_epoch(session)))
