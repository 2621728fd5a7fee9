"""The application with people in it: whose things are asked for, and who asks."""

from __future__ import annotations

import itertools
import secrets
import uuid
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import delete
from starlette.websockets import WebSocketDisconnect

from magpie.accounts import passwords
from magpie.accounts.models import (
    SESSION_ID_LENGTH,
    LoginSession,
    LoginThrottle,
    PasswordReset,
    SessionKind,
    User,
)
from magpie.accounts.security import token_signer
from magpie.accounts.tokens import Claims
from magpie.app import build_api
from magpie.config import Settings
from magpie.context import AppContext, build_context
from magpie.downloads.extractors.port import Kind, Medium, Role
from magpie.downloads.models import Download, Status
from magpie.downloads.schemas import Inspection
from magpie.engine.port import Engine, EngineStatus, Lane
from magpie.history.models import HistoryRecord
from magpie.kit.clock import utcnow
from magpie.kit.db import WriteSession
from magpie.library.feeds.tokens import TOKEN_BYTES
from magpie.library.models import (
    Collection,
    CollectionItem,
    FeedToken,
    Item,
    ItemAlias,
    ItemFile,
    Membership,
    Scan,
)
from magpie.links.addresses import address_key
from magpie.links.models import Link, LinkEntry
from magpie.notifications.models import NotificationTarget
from magpie.podcasts.models import ItemTranscript
from magpie.preparation import prepare
from magpie.profiles.models import SavedProfile
from tests.authorization.things import FILM, Playlists, Podcasts, lay_template
from tests.support.server import wait_for

PASSWORD = "a quiet magpie keeps the shiny things"
SAFE = {"GET", "HEAD", "WS"}
STOCK = 8  # scenes that are made at a time
# Refused at the handshake: browsers and programs see HTTP 403.
SWITCHED, REFUSED = 101, 403


class Who(StrEnum):
    """The columns of the matrix, in its order."""

    ANYBODY = "nobody signed in"
    OWNER = "whose it is"
    OTHER = "another user"
    SUPERUSER = "superuser"
    READER = "the owner's read-only token"


@dataclass(slots=True)
class Scene:
    """Fresh people and things for one request. `ids` fills the braces of paths and bodies."""

    ids: dict[str, str] = field(default_factory=dict)
    users: dict[Who, int] = field(default_factory=dict)
    tokens: dict[Who, str] = field(default_factory=dict)

    def headers(self, who: Who) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[who]}"} if who in self.tokens else {}


class World:
    """One application with a real database, in which scenes are set up one after the other."""

    def __init__(self, context: AppContext) -> None:
        self.context = context
        self.app: FastAPI = build_api(context)
        self.app.state.bench = _bench()
        self.client = TestClient(self.app, base_url="http://magpie.test", raise_server_exceptions=False)
        self._numbers = itertools.count(1)
        self._untouched: Scene | None = None
        self._stock: list[Scene] = []

    def untouched(self) -> Scene:
        """A scene in which nothing has been changed yet: the last one again, unless somebody changed something since.

        To set one up takes far longer than most requests.
        """
        scene = self._untouched or self.scene()
        self._untouched = scene
        return scene

    def touch(self, *, of_all: bool = False) -> None:
        """Something of the last scene was changed, or may have been; `of_all`: or of those that are to come."""
        self._untouched = None
        if of_all:
            self._stock.clear()

    def scene(self) -> Scene:
        """New users A (the owner, with things), B and a superuser, signed in."""
        self.touch()
        if not self._stock:
            self._stock = self._laid([next(self._numbers) for _ in range(STOCK)])
        scene = self._stock.pop()
        with self.context.database.write() as session:
            session.execute(delete(LoginThrottle))  # all requests come from one address
        lay_template(self.context, scene.users[Who.OWNER], scene.ids["template_id"])
        return scene

    def _laid(self, numbers: list[int]) -> list[Scene]:
        """Scenes with these numbers: so many in one go take hardly longer than one.

        Those of earlier goes are taken away: some requests, as a backup, take longer with all there is.
        """
        scenes = []
        with self.context.database.write() as session:
            laying = [self._lay(session, number) for number in numbers]
            while laying:
                going, laying = laying, []
                for one in going:
                    try:
                        next(one)
                        laying.append(one)
                    except StopIteration as over:
                        scenes.append(over.value)
                session.flush()
            # Now that the new ones are there: no number comes twice.
            first = min(min(scene.users.values()) for scene in scenes)
            session.execute(delete(User).where(User.id < first))
            first = min(int(scene.ids[name]) for scene in scenes for name in ("item_id", "trashed"))
            session.execute(delete(Item).where(Item.id < first))
        return scenes

    def _lay(self, session: WriteSession, number: int) -> Generator[None, None, Scene]:
        """Make one scene; wait where the numbers are needed that the database gives."""
        scene = Scene()
        users = {
            who: _user(f"{name}{number}", is_superuser=who is Who.SUPERUSER)
            for who, name in ((Who.OWNER, "ada"), (Who.OTHER, "bob"), (Who.SUPERUSER, "root"))
        }
        session.add_all(users.values())
        yield
        for who, user in users.items():
            scene.users[who] = user.id
            scene.tokens[who] = self.token(session, user.id)
        owner = scene.users[Who.OWNER]
        scene.users[Who.READER] = owner
        scene.tokens[Who.READER] = self.token(session, owner, scopes="read")
        scene.ids |= {
            "n": str(number),
            "user_id": str(owner),
            "username": f"ada{number}",
            "superuser": f"root{number}",
        }
        scene.ids |= yield from self._things(session, owner, number)
        return scene

    def token(self, session: WriteSession, user_id: int, *, scopes: str | None = None) -> str:
        """A session of this user's, or with `scopes` an API token; the text that is sent along."""
        row = _session_row(user_id, scopes)
        session.add(row)
        return token_signer(self.context).issue(Claims(user_id, row.id), row.created_at, row.expires_at)

    def _things(
        self, session: WriteSession, owner: int, number: int
    ) -> Generator[None, None, dict[str, str]]:
        """First what belongs to the owner alone, then what belongs to that."""
        waiting = _download(owner, Status.PENDING)
        ended = _download(owner, Status.FAILED)
        item, trashed = _item(owner, number), _item(owner, number, "trashed")
        reset, reset_token = _reset(self.context, owner)
        other_session, api_token = _session_row(owner), _session_row(owner, "read")
        target = _target(self.context, owner)
        feed_token, feed_text = _feed_token(self.context, owner)
        scan = Scan(key=uuid.uuid4().hex, user_id=owner, adopts=False, status="completed")
        link, record = _link(owner, number), _record(owner)
        profile = SavedProfile(user_id=owner, name=f"profile {number}")
        collection = Collection(user_id=owner, name=f"collection {number}")
        playlists, podcasts = Playlists(owner), Podcasts(self.context, owner, number)
        session.add_all([waiting, ended, item, trashed, reset, other_session, api_token, target, feed_token])
        session.add_all([scan, link, record, profile, collection, *playlists.rows(), *podcasts.rows()])
        yield
        alias = ItemAlias(
            item_id=item.id, extractor="x", source_id=str(number), kind="video", quality="video", title="Film"
        )
        transcript = ItemTranscript(item_id=item.id, user_id=owner, status="completed")
        entry = _entry(link.id)
        session.add_all(
            [
                Membership(item_id=item.id, user_id=owner),
                Membership(item_id=trashed.id, user_id=owner, trashed_at=utcnow()),
                CollectionItem(collection_id=collection.id, item_id=item.id, position=1),
                *(alias, transcript, entry, *playlists.parts(), *podcasts.parts()),
            ]
        )
        yield
        ids = playlists.ids() | podcasts.ids()
        picture = self.context.settings.data_dir / f"picture-{number}.jpg"
        picture.write_bytes(FILM)
        link.picture_path = picture.name
        for file in item.files:
            path = self.context.settings.media_root / file.path
            path.write_bytes(FILM)
        return ids | {
            "download_id": str(waiting.id),
            "ended": str(ended.id),
            "item_id": str(item.id),
            "subtitles_id": str(item.files[-1].id),
            "trashed": str(trashed.id),
            "collection_id": str(collection.id),
            "link_id": str(link.id),
            "entry_id": str(entry.id),
            "history_id": str(record.id),
            "target_id": str(target.id),
            "scan_id": str(scan.id),
            "transcript_id": str(transcript.id),
            "alias_id": str(alias.id),
            "profile_id": str(profile.id),
            "session_id": other_session.id,
            "token_id": api_token.id,
            "reset_token": reset_token,
            "feed_token_id": str(feed_token.id),
            "feed_token": feed_text,
        }

    def ask(
        self, scene: Scene, who: Who, method: str, path: str, send: Mapping[str, Any] | None = None
    ) -> int:
        """The status that this person gets; `path` and `send` have braces of `scene.ids` filled in."""
        address = path.format_map(scene.ids)
        headers = scene.headers(who)
        self.client.cookies.clear()
        if method == "WS":
            return self._shake_hands(address, headers)
        request = _filled(dict(send or {}), scene.ids)
        status = self.client.request(method, address, headers=headers, **request).status_code
        if changes(method, status):
            self.touch(of_all=concerns_all(who, method, path))
            self._settle()
        return status

    def hand_token(self, scene: Scene, who: Who, scopes: str) -> None:
        """From now on this person asks with an API token of these scopes."""
        self.touch()
        with self.context.database.write() as session:
            scene.tokens[who] = self.token(session, scene.users[who], scopes=scopes)

    def prepare(self, scene: Scene, method: str, path: str, send: Mapping[str, Any]) -> None:
        """Have a superuser do something first; the words of the answer fill braces from now on."""
        path, send = path.format_map(scene.ids), _filled(dict(send), scene.ids)
        answer = self.client.request(method, path, headers=scene.headers(Who.SUPERUSER), **send)
        assert answer.is_success, answer.text
        body = answer.json()
        scene.ids |= {name: value for name, value in body.items() if isinstance(value, str)}

    def _settle(self) -> None:
        """Wait for the end of an import, which goes on after its answer."""
        wait_for(lambda: self.app.state.importer.state.state != "running", 20)

    def _shake_hands(self, address: str, headers: dict[str, str]) -> int:
        answer = REFUSED
        # The client's end of a conversation that the server would go on with is a cancellation.
        with (
            suppress(WebSocketDisconnect, CancelledError),
            self.client.websocket_connect(address, headers=headers) as socket,
        ):
            socket.receive_json()
            answer = SWITCHED
        return answer


def changes(method: str, status: int) -> bool:
    """Whether a request that was answered so may have changed something."""
    return method not in SAFE and status < 400


def concerns_all(who: Who, method: str, path: str) -> bool:
    """Whether what this person changes there may be anybody's: superusers empty the trash, do something with all that a
    filter finds, and bring a backup back."""
    everywhere = path.endswith(("/bulk", "/restore")) or (method == "DELETE" and "{" not in path)
    return who is Who.SUPERUSER and everywhere


def _filled(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return value.format_map(ids) if "{" in value else value
    if isinstance(value, dict):
        return {name: _filled(inner, ids) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, ids) for inner in value]
    return value


def _user(name: str, *, is_superuser: bool) -> User:
    return User(
        username=name,
        username_key=name,
        email=f"{name}@example.com",
        email_key=f"{name}@example.com",
        password_hash=passwords.hash_password(PASSWORD),
        is_superuser=is_superuser,
        created_at=utcnow(),
    )


def _session_row(user_id: int, scopes: str | None = None) -> LoginSession:
    now = utcnow()
    return LoginSession(
        id=secrets.token_hex(SESSION_ID_LENGTH // 2),
        user_id=user_id,
        kind=SessionKind.API if scopes else SessionKind.BEARER,
        name="a script" if scopes else None,
        scopes=scopes,
        created_at=now,
        expires_at=now + timedelta(hours=1),
        last_seen_at=now,
    )


def _feed_token(context: AppContext, owner: int) -> tuple[FeedToken, str]:
    """What the owner's feeds can be read by, and the token itself."""
    text = secrets.token_urlsafe(TOKEN_BYTES)
    digest = sha256(text.encode()).hexdigest()
    return FeedToken(user_id=owner, name="phone", digest=digest, sealed=context.vault.seal(text)), text


def _reset(context: AppContext, owner: int) -> tuple[PasswordReset, str]:
    """A reset that was asked for, and its token."""
    now, token = utcnow(), secrets.token_urlsafe(32)
    row = PasswordReset(
        user_id=owner,
        token_hash=sha256(token.encode()).hexdigest(),
        created_at=now,
        expires_at=now + timedelta(minutes=30),
        sealed_token=context.vault.seal(token),
    )
    return row, token


def _download(owner: int, status: Status) -> Download:
    return Download(
        user_id=owner,
        url="https://media.example/film",
        site="media.example",
        status=status,
        created_at=utcnow(),
    )


def _link(owner: int, number: int) -> Link:
    return Link(user_id=owner, url=f"https://media.example/{number}", site="media.example", name="A channel")


def _entry(link_id: int) -> LinkEntry:
    url = "https://media.example/entry"
    return LinkEntry(
        link_id=link_id, source_key="web x", url=url, url_digest=address_key(url), title="A film"
    )


def _target(context: AppContext, owner: int) -> NotificationTarget:
    """Somewhere where somebody wants to be told; here there is no mail server, so that nothing is sent."""
    sealed = context.vault.seal("mail:")
    return NotificationTarget(
        user_id=owner, name="My mail", sealed_url=sealed, scheme="mail", events=["failed"]
    )


def _record(owner: int) -> HistoryRecord:
    return HistoryRecord(user_id=owner, link_id=1, link_name="A channel", status="success")


def _item(owner: int, number: int, name: str = "film") -> Item:
    medium = Medium("test", f"{name}-{owner}-{number}", Kind.VIDEO, "A film", "https://media.example/film")
    files = [
        ItemFile(path=f"{name}-{number}.mp4", role=Role.MEDIA, position=0, size=len(FILM), mime="video/mp4"),
        ItemFile(
            path=f"{name}-{number}.jpg", role=Role.THUMBNAIL, position=1, size=len(FILM), mime="image/jpeg"
        ),
        ItemFile(
            path=f"{name}-{number}.vtt", role=Role.SUBTITLE, position=2, size=len(FILM), mime="text/vtt"
        ),
    ]
    return Item(
        extractor=medium.extractor,
        source_id=medium.source_id,
        kind=medium.kind,
        quality="best",
        title=medium.title,
        site="media.example",
        source_url=medium.url,
        size=3 * len(FILM),
        files=files,
    )


def _engine() -> Engine:
    """An engine that takes every job and does none."""
    slots = dict.fromkeys(Lane, 0)
    status = EngineStatus(worker="here", running=slots, slots=slots)

    def taken(*_: object, **__: object) -> None:
        return None

    return cast(Engine, SimpleNamespace(status=lambda: status, enqueue=taken, cancel=taken))


def _bench() -> SimpleNamespace:
    """A bench that knows every address without looking."""

    def inspect(url: str) -> Inspection:
        return Inspection(
            url=url, site="media.example", kind="file", extractor="direct", title=None, verbs=["save"],
            reason=None, message=None,
        )  # fmt: skip

    nest = SimpleNamespace(state=lambda: SimpleNamespace(problems=(), versions={}))
    return SimpleNamespace(inspect=inspect, warm=lambda: None, nest=nest)


@contextmanager
def open_world(database_url: str, folder: Path, **settings: Any) -> Iterator[World]:
    """The application in a folder of its own."""
    configured = Settings(data_dir=folder, database_url=database_url, free_space_reserve_gb=0, **settings)
    context = build_context(configured)
    context.engine = _engine()
    with pytest.MonkeyPatch.context() as patch:
        # Cheap Argon2 parameters: what is tested here is who may do what.
        patch.setattr(passwords, "_argon2", Argon2Hasher(1, 64, 1))
        passwords._decoy.cache_clear()
        prepare(context)
        context.events.start()
        try:
            world = World(context)
            # One event loop for all requests; the client would start one for each.
            with start_blocking_portal() as world.client.portal:
                yield world
        finally:
            context.close()
    passwords._decoy.cache_clear()
