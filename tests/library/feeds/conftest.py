"""The application without its worker, with people who have saved things."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from magpie.accounts.models import User
from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.library.models import Collection, CollectionItem, Item, ItemFile, Membership
from magpie.library.roots import open_base
from magpie.links.models import Link, LinkEntry
from tests.accounts.conftest import (  # noqa: F401
    _quick_hashes,
    app,
    client,
    configure,
    make_client,
)
from tests.accounts.conftest import context as bare_context  # noqa: F401
from tests.links.conftest import ada, bob, context, root  # noqa: F401

PUBLIC = "https://magpie.example"
SOUND = bytes(range(256)) * 40
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
Headers = dict[str, str]


@dataclass
class Shelf:
    """Puts things into libraries, past the downloads, and asks for feeds."""

    context: AppContext
    client: TestClient
    headers: Headers
    user_id: int
    token: str = ""
    made: list[int] = field(default_factory=list)

    def save(self, title: str = "A talk", *, user_id: int | None = None, **fields: Any) -> int:
        """An item with a main file, a picture, and what `subtitles` (endings) says; its id."""
        number = len(self.made) + 1
        kind = fields.pop("kind", "audio")
        ending, mime = fields.pop(
            "file", (".mp3", "audio/mpeg") if kind == "audio" else (".mp4", "video/mp4")
        )
        item = Item(
            extractor="test",
            source_id=fields.pop("source_id", f"s{self.user_id}-{number}"),
            kind=kind,
            quality="audio",
            title=title,
            site="media.example",
            source_url=fields.pop("source_url", f"https://media.example/{number}"),
            size=len(SOUND),
            created_at=START + timedelta(minutes=number),
            files=self._files(f"{self.user_id}-{number}", ending, mime, fields.pop("subtitles", ())),
            **fields,
        )
        with self.context.database.write() as session:
            session.add(item)
            session.flush()
            session.add(Membership(item_id=item.id, user_id=user_id or self.user_id))
            self.made.append(item.id)
            return item.id

    def _files(self, stem: str, ending: str, mime: str, subtitles: Sequence[str]) -> list[ItemFile]:
        wanted = [(f"{stem}{ending}", "media", mime), (f"{stem}.jpg", "thumbnail", "image/jpeg")]
        wanted += [(f"{stem}.en{one}", "subtitle", "text/vtt") for one in subtitles]
        for name, _, _ in wanted:
            (self.context.settings.media_root / name).write_bytes(SOUND)
        return [
            ItemFile(
                path=name, role=role, position=position, size=len(SOUND), mime=mime,
                language="en" if role == "subtitle" else None,
            )
            for position, (name, role, mime) in enumerate(wanted)
        ]  # fmt: skip

    def change(self, change: Callable[[Any], None]) -> None:
        """Do something to the database."""
        with self.context.database.write() as session:
            change(session)

    def trash(self, item_id: int) -> None:
        def throw(session: Any) -> None:
            for row in session.query(Membership).filter(Membership.item_id == item_id):
                row.trashed_at = utcnow()

        self.change(throw)

    def link(self, name: str, item_ids: Sequence[int], *, user_id: int | None = None) -> int:
        """A followed link that has brought these items."""
        url = f"https://media.example/{name}"
        with self.context.database.write() as session:
            link = Link(user_id=user_id or self.user_id, url=url, site="media.example", name=name)
            session.add(link)
            session.flush()
            for item_id in item_ids:
                entry = LinkEntry(
                    link_id=link.id, source_key=f"k {item_id}", url=url, url_digest="d", item_id=item_id
                )
                session.add(entry)
            return link.id

    def collection(self, name: str, item_ids: Sequence[int] = (), query: Any = None) -> int:
        with self.context.database.write() as session:
            collection = Collection(user_id=self.user_id, name=name, query=query)
            session.add(collection)
            session.flush()
            session.add_all(
                CollectionItem(collection_id=collection.id, item_id=item_id, position=position)
                for position, item_id in enumerate(item_ids)
            )
            return collection.id

    def ask(self, path: str, *, method: str = "GET", **headers: str) -> Any:
        """Something under the token, as an app asks for it: without signing in."""
        self.client.cookies.clear()
        return self.client.request(method, f"/feeds/{self.token}{path}", headers=headers)

    def local(self, address: str) -> str:
        """The path of an absolute address, which must lie below the public one and under the token."""
        start = f"{PUBLIC}/feeds/{self.token}"
        assert address.startswith(start + "/"), address
        return address.removeprefix(start)


def shelf_of(context: AppContext, client: TestClient, headers: Headers, name: str) -> Shelf:  # noqa: F811
    with context.database.read() as session:
        user_id = session.query(User.id).filter(User.username == name).scalar()
    shelf = Shelf(context, client, headers, user_id)
    shelf.token = client.get("/api/v1/feeds/tokens", headers=headers).json()[0]["token"]
    return shelf


@pytest.fixture
def shelf(context: AppContext, client: TestClient, ada: Headers) -> Shelf:  # noqa: F811
    """Ada's, with the token that was made when she first looked at her feeds."""
    folder = context.settings.data_dir
    changed = {"public_url": PUBLIC, "media_root": folder / "media"}
    context.settings = context.settings.model_copy(update=changed)
    context.given = context.settings
    open_base(context)
    assert client.get("/api/v1/feeds", headers=ada).status_code == 200
    return shelf_of(context, client, ada, "ada")
