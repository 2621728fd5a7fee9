"""The application without its worker, with people who have things in their library."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from magpie.accounts.models import User
from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.downloads.extractors.port import Role
from magpie.library import listing
from magpie.library.models import Item, ItemFile, Membership
from tests.accounts.conftest import (  # noqa: F401
    _quick_hashes,
    app,
    client,
    configure,
    make_client,
)
from tests.accounts.conftest import context as bare_context  # noqa: F401
from tests.links.conftest import (  # noqa: F401
    Headers,
    ada,
    bob,
    context,
    root,
)

Keep = Callable[..., int]


@pytest.fixture
def media(context: AppContext, tmp_path: Path) -> Path:  # noqa: F811
    """The media folder."""
    folder = tmp_path / "data" / "media"
    (folder / ".magpie").mkdir(parents=True, exist_ok=True)
    context.settings = context.given = context.settings.model_copy(update={"media_root": folder})
    return folder


@pytest.fixture
def keep(context: AppContext, media: Path) -> Keep:  # noqa: F811
    """Puts an item with its files into libraries: `keep("Title", "ada", "bob")`; None is the household."""
    numbers = itertools.count(1)

    def put(title: str, *names: str | None, content: bytes = b"sound", **more: Any) -> int:
        number = next(numbers)
        paths = more.pop("paths", [f"{title}.mp3"])
        with context.database.write() as session:
            item = Item(
                extractor="test", source_id=str(number), kind="audio", quality="best", title=title,
                site="media.example", source_url=f"https://media.example/{number}",
                size=len(content) * len(paths), **more,
            )  # fmt: skip
            item.files = [
                ItemFile(path=path, role=Role.MEDIA, position=place, size=len(content), mime="audio/mpeg")
                for place, path in enumerate(paths)
            ]
            session.add(item)
            session.flush()
            for name in names:
                owner = session.scalar(select(User.id).where(User.username == name)) if name else None
                assert owner or name is None
                session.add(Membership(item_id=item.id, user_id=owner))
        for path in paths:
            (media / path).parent.mkdir(parents=True, exist_ok=True)
            (media / path).write_bytes(content)
        return item.id

    return put


class Person:
    """Somebody's way to the API."""

    def __init__(self, client: TestClient, headers: Headers) -> None:  # noqa: F811
        self._client, self._headers = client, headers

    def ask(self, method: str, path: str, status: int = 200, **more: Any) -> Any:
        """The answer's body, which has this status."""
        answer = self._client.request(method, f"/api/v1{path}", headers=self._headers, **more)
        assert answer.status_code == status, answer.text
        return answer.json()

    def titles(self, path: str = "/items") -> list[str]:
        """Titles of a list of items, in its order."""
        return [item["title"] for item in self.ask("GET", path)["items"]]


Meant = Callable[..., list[str]]


@pytest.fixture
def meant(context: AppContext) -> Meant:  # noqa: F811
    """Titles of what a filter means for somebody: `meant("ada", tag="slow")`."""

    def find(name: str, **wanted: Any) -> list[str]:
        with context.database.read() as session:
            user = session.scalars(select(User).where(User.username == name)).one()
            principal = Principal(user.id, user.username, user.is_superuser)
            ids = listing.ids(session, principal, listing.Filter(**wanted), 1000)
            return sorted(session.scalars(select(Item.title).where(Item.id.in_(ids))))

    return find


@pytest.fixture
def as_ada(client: TestClient, ada: Headers) -> Person:  # noqa: F811
    return Person(client, ada)


@pytest.fixture
def as_bob(client: TestClient, bob: Headers) -> Person:  # noqa: F811
    return Person(client, bob)


@pytest.fixture
def as_root(client: TestClient, root: Headers) -> Person:  # noqa: F811
    """A superuser."""
    return Person(client, root)
