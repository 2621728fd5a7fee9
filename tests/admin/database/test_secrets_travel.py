"""Cookies and the addresses of notifications: in no export, and in backups under a passphrase only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from magpie.admin.database import service
from magpie.admin.database.dump import write_dump
from magpie.admin.database.secrets import PassphraseSeal, without_secrets
from magpie.context import AppContext
from magpie.kit.crypto import Vault
from magpie.kit.db import Database
from magpie.links.models import Link, LinkEntry
from magpie.notifications.models import Notice, NotificationTarget
from magpie.sites.models import CookieJar
from tests.admin.database.conftest import add_user, context_of

WORDS = ("links-cookie", "users-cookie", "targets-password")
PHRASE = "long enough"


@pytest.fixture
def other(other_url: str, tmp_path: Path) -> Iterator[AppContext]:
    """Another installation, with another key, on the other kind of database."""
    database = Database(other_url)
    made = context_of(database, tmp_path / "other")
    made.vault = Vault("another secret of at least thirty-two characters")
    yield made
    database.close()


def fill(context: AppContext) -> None:
    seal = context.vault.seal
    with context.database.write() as session:
        ada = add_user(session, "ada").id
        for number, cookies in enumerate((seal(WORDS[0]), None)):
            link = Link(user_id=ada, url=f"https://media.example/{number}", site="media.example", name="A link",
                        sealed_cookies=cookies)  # fmt: skip
            session.add(link)
            session.flush()
            session.add(LinkEntry(link_id=link.id, source_key="a b", url=link.url, url_digest="0" * 32))
        session.add(CookieJar(user_id=ada, site="media.example", sealed=seal(WORDS[1]), count=1))
        target = NotificationTarget(user_id=ada, name="Phone", sealed_url=seal(WORDS[2]), scheme="ntfy")
        session.add(target)
        session.flush()
        session.add(Notice(target_id=target.id, event="new_item", title="A film"))


def restore(context: AppContext, path: Path, passphrase: str | None = None) -> None:
    service.import_dump(
        context,
        path,
        report=lambda _message, _part: None,
        username="ada",
        source=path.name,
        passphrase=passphrase,
    )


def found(context: AppContext) -> tuple[list[str | None], list[str], list[str], int]:
    """The secrets of links, jars and targets, opened; and how many entries the links have."""
    opened = context.vault.open
    with context.database.read() as session:
        links = session.scalars(select(Link.sealed_cookies).order_by(Link.id)).all()
        jars = session.scalars(select(CookieJar.sealed)).all()
        targets = session.scalars(select(NotificationTarget.sealed_url)).all()
        assert session.scalars(select(Notice)).all() == []
        entries = len(session.scalars(select(LinkEntry)).all())
    return [one and opened(one) for one in links], [*map(opened, jars)], [*map(opened, targets)], entries


def test_an_export_has_the_links_and_nothing_that_is_sealed(
    context: AppContext, other: AppContext, tmp_path: Path
) -> None:
    fill(context)
    path = tmp_path / "plain.sql"
    header = write_dump(context.database, path, without_secrets)
    assert (header.rows["links"], header.rows["cookie_jars"], header.rows["notification_targets"]) == (
        2,
        0,
        0,
    )
    assert "gAAAA" not in path.read_text()  # how everything begins that the vault has sealed
    restore(other, path)
    assert found(other) == ([None, None], [], [], 2)
    restore(context, path)
    assert found(context) == ([None, None], [], [], 2)


def test_under_a_passphrase_they_come_along(context: AppContext, other: AppContext, tmp_path: Path) -> None:
    fill(context)
    path = tmp_path / "sealed.sql"
    seal = PassphraseSeal(PHRASE)
    write_dump(context.database, path, seal.sealed_anew(context.vault), seal.sealing)
    assert not any(word in path.read_text() for word in WORDS)
    restore(other, path, PHRASE)
    assert found(other) == ([WORDS[0], None], [WORDS[1]], [WORDS[2]], 2)
    restore(other, path)
    assert found(other) == ([None, None], [], [], 2)


def test_what_this_installation_cannot_open_stays_behind(
    context: AppContext, other: AppContext, tmp_path: Path
) -> None:
    fill(context)
    path = tmp_path / "sealed.sql"
    seal = PassphraseSeal(PHRASE)
    write_dump(context.database, path, seal.sealed_anew(other.vault), seal.sealing)
    restore(other, path, PHRASE)
    assert found(other) == ([None, None], [], [], 2)
