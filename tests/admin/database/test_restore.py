"""Out of one database and into another: whole, or not at all."""

from __future__ import annotations

import gc
import hashlib
import re
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from magpie.accounts.models import LoginSession, PasswordReset, User
from magpie.admin.database import replace, service
from magpie.admin.database.backups import Backups, Why
from magpie.admin.database.dump import write_dump
from magpie.admin.database.format import DumpRefused
from magpie.admin.database.secrets import PassphraseSeal, without_secrets
from magpie.admin.settings.models import SavedSetting
from magpie.audit.models import AuditRecord
from magpie.context import AppContext
from magpie.downloads.models import Download, Status
from magpie.kit.db import Database
from magpie.kit.installation import job_epoch
from magpie.library.models import Item
from magpie.library.search import service as search
from magpie.library.search import terms
from tests.admin.database.conftest import (
    MOMENT,
    add_download,
    add_item,
    add_user,
    contents,
    context_of,
)

# What an import changes on purpose.
CHANGED = ("installation", "audit_records", "downloads")


def fill(database: Database) -> None:
    with database.write() as session:
        ada = add_user(session, "ada")
        bob = add_user(session, "bob", is_superuser=False)
        item = add_item(session, ada, "O'Brien \\ 雀 \n'); DROP TABLE users; --\r\n😀")
        parent = add_download(session, ada, Status.SKIPPED)
        add_download(session, bob, Status.COMPLETED, parent_id=parent.id, item_id=item.id, claim=2)
        add_download(session, bob, Status.DOWNLOADING, claim=4, worker="nas", speed=1e300, eta=0.1)
        session.add(SavedSetting(name="session_days", value=12, changed_by=ada.id))
        session.add(SavedSetting(name="public_url", value=None))


def restore(context: AppContext, path: Path, **more: str) -> None:
    service.import_dump(
        context, path, report=lambda _message, _part: None, username="ada", source=path.name, **more
    )


def same(left: dict[str, list[str]], right: dict[str, list[str]]) -> None:
    for table, rows in left.items():
        if table not in CHANGED:
            assert rows == right[table]


@pytest.fixture
def dump(context: AppContext, tmp_path: Path) -> Path:
    fill(context.database)
    path = tmp_path / "dump.sql"
    write_dump(context.database, path, without_secrets)
    return path


@pytest.fixture
def other(other_url: str, tmp_path: Path) -> Iterator[AppContext]:
    database = Database(other_url)
    yield context_of(database, tmp_path / "other")
    database.close()


def found_by_words(database: Database) -> list[int]:
    with database.read() as session:
        found = search.condition(session, terms.query("obrien 雀"))
        return list(session.scalars(select(Item.id).where(found)))


def test_there_and_back_through_the_other_kind_of_database(
    context: AppContext, other: AppContext, dump: Path, tmp_path: Path
) -> None:
    before = contents(context.database)
    restore(other, dump)
    there = contents(other.database)
    same(before, there)
    back = tmp_path / "back.sql"
    write_dump(other.database, back, without_secrets)
    restore(context, back)
    same(before, contents(context.database))
    for one in (context, other):
        assert found_by_words(one.database) == []
        search.rebuild(one.database)
        assert found_by_words(one.database) == [1]
        with one.database.write() as session:  # numbers go on behind those that came
            assert add_user(session, "cleo").id > 2
            add_item(session, session.get_one(User, 1))


def test_the_file_is_for_its_owner_only_and_says_what_it_holds(dump: Path) -> None:
    assert dump.stat().st_mode & 0o777 == 0o600
    head = dump.read_text().split("\n\n", maxsplit=1)[0]
    assert head.startswith("-- Magpie database export\n-- format: 1\n-- revision: ")
    assert "users=2" in head
    assert "downloads=3" in head
    for left_out in ("sessions", "workers", "placements", "log_lines", "password_resets", "login_throttles"):
        assert f'INSERT INTO "{left_out}"' not in dump.read_text()


def test_an_import_fences_whoever_works_and_ends_all_sessions(context: AppContext, dump: Path) -> None:
    with context.database.write() as session:
        ada = session.get_one(User, 1)
        session.add(
            LoginSession(
                id="x" * 32, user_id=ada.id, kind="bearer",
                created_at=MOMENT, expires_at=MOMENT, last_seen_at=MOMENT,
            )
        )  # fmt: skip
        session.add(PasswordReset(user_id=ada.id, token_hash="h", created_at=MOMENT, expires_at=MOMENT))
        held = {row.key: row.claim for row in session.scalars(select(Download))}
        newest = add_download(session, ada, Status.DOWNLOADING, claim=9)
        vanishing = newest.key
        epoch = job_epoch(session)
    restore(context, dump)
    with context.database.read() as session:
        rows = {row.key: row for row in session.scalars(select(Download))}
        assert vanishing not in rows
        assert set(rows) == set(held)
        # Nobody's number is met again, not even by the next one who takes the row.
        assert all(row.claim > 9 for row in rows.values())
        assert sorted(row.status for row in rows.values()) == ["completed", "pending", "skipped"]
        assert all(row.worker is None for row in rows.values() if row.status == Status.PENDING)
        assert job_epoch(session) == epoch + 1
        for table in (LoginSession, PasswordReset):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        [record] = session.scalars(select(AuditRecord).where(AuditRecord.action == "database.import"))
        assert (record.username, record.user_id, record.outcome) == ("ada", None, "success")
    [backup] = Backups(context.settings.data_dir).all()
    assert backup.why is Why.BEFORE_IMPORT


def signed(data: bytes) -> bytes:
    """The file with the right hash for what it holds now: hostile files have one, too."""
    blank = re.sub(rb"(?m)^-- sha256: .*$", b"-- sha256: " + b"0" * 64, data, count=1)
    return blank.replace(b"0" * 64, hashlib.sha256(blank).hexdigest().encode(), 1)


HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _data: b"",
    "truncated": lambda data: data[: len(data) // 2],
    "truncated at a row's end": lambda data: signed(data[: data.rindex(b"INSERT INTO")]),
    "one byte changed": lambda data: data.replace(b"ada", b"adb", 1),
    "attach": lambda data: signed(data + b"ATTACH DATABASE '/tmp/x' AS x;\n"),
    "drop": lambda data: signed(data + b'DROP TABLE "users";\n'),
    "load_extension": lambda data: signed(data + b"SELECT load_extension('x');\n"),
    "comment": lambda data: signed(data.replace(b"INSERT", b"-- odd\nINSERT", 1)),
    "another table": lambda data: signed(
        data + b'INSERT INTO "sqlite_master" ("type", "name") VALUES (\'a\', \'b\');\n'
    ),
    "sessions": lambda data: signed(data + b'INSERT INTO "sessions" ("id") VALUES (\'a\');\n'),
    "another column": lambda data: signed(data.replace(b'"username"', b'"userhame"')),
    "a column left out": lambda data: signed(data.replace(b'"key", ', b"")),
    "a newer revision": lambda data: signed(re.sub(rb"-- revision: \d+", b"-- revision: 9999", data)),
    "an older revision": lambda data: signed(re.sub(rb"-- revision: \d+", b"-- revision: 0001", data)),
    "wrong counts": lambda data: signed(data.replace(b"users=2", b"users=3")),
    "a row twice": lambda data: signed(data + data[data.rindex(b"INSERT INTO") :]),
    "a dangling reference": lambda data: signed(
        re.sub(rb"(INSERT INTO \"memberships\".*\(1, )1", rb"\g<1>77", data)
    ),
    "no superuser": lambda data: signed(re.sub(rb"(not-a-real-one', TRUE, )TRUE", rb"\g<1>FALSE", data)),
    "an unknown state": lambda data: signed(data.replace(b"'skipped'", b"'sleeping'")),
    "text for a number": lambda data: signed(data.replace(b"5000000000", b"'many'")),
    "random bytes": lambda _data: hashlib.shake_256(b"seed").digest(100_000),
    "random bytes behind the header": lambda data: signed(
        data[: data.index(b"INSERT")] + hashlib.shake_256(b"seed").digest(100_000)
    ),
    "an SQLite file": lambda _data: b"SQLite format 3\0" + bytes(4096),
}


def test_no_hostile_or_broken_file_changes_anything(context: AppContext, dump: Path, tmp_path: Path) -> None:
    good = dump.read_bytes()
    before = contents(context.database)
    for name, spoil in HOSTILE.items():
        bad = tmp_path / "bad.sql"
        bad.write_bytes(spoil(good))
        assert bad.read_bytes() != good, name
        with pytest.raises(DumpRefused):
            restore(context, bad)
        assert contents(context.database) == before, name
    folder = Backups(context.settings.data_dir).folder
    assert list(folder.iterdir()) == []  # no backup for what was refused, and nothing of the scratch database
    assert signed(good) == good


def test_a_fault_in_the_middle_leaves_everything_as_it_was(
    context: AppContext, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with context.database.write() as session:
        add_user(session, "only now")
    before = contents(context.database)

    def fail(*_given: object) -> None:
        raise RuntimeError("the very last moment")

    monkeypatch.setattr(replace, "_advance_sequences", fail)
    with pytest.raises(RuntimeError, match="last moment"):
        restore(context, dump)
    assert contents(context.database) == before


@pytest.mark.postgres_only
def test_what_postgresql_cannot_hold_is_said_and_nothing_changes(
    context: AppContext, dump: Path, tmp_path: Path
) -> None:
    before = contents(context.database)
    bad = tmp_path / "bad.sql"
    bad.write_bytes(signed(dump.read_bytes().replace(b"media.example", b"m" * 300)))
    with pytest.raises(DumpRefused, match="cannot be stored"):
        restore(context, bad)
    assert contents(context.database) == before


def test_secrets_travel_only_sealed_under_a_passphrase(
    context: AppContext, other: AppContext, tmp_path: Path
) -> None:
    fill(context.database)
    name = "proxy"
    with context.database.write() as session:
        session.add(SavedSetting(name=name, value=context.vault.seal("http://u:hidden-word@proxy:1")))
    plain, sealed = tmp_path / "plain.sql", tmp_path / "sealed.sql"
    write_dump(context.database, plain, without_secrets)
    assert '"proxy"' not in plain.read_text()
    assert "'proxy'" not in plain.read_text()
    seal = PassphraseSeal("long enough")
    write_dump(context.database, sealed, seal.sealed_anew(context.vault), seal.sealing)
    assert "hidden-word" not in sealed.read_text()

    before = contents(other.database)
    with pytest.raises(DumpRefused, match="passphrase"):
        restore(other, sealed, passphrase="another one")
    assert contents(other.database) == before
    restore(other, sealed, passphrase="long enough")
    with other.database.read() as session:
        value = session.get_one(SavedSetting, name).value
    assert other.vault.open(value) == "http://u:hidden-word@proxy:1"
    restore(other, sealed)
    with other.database.read() as session:
        assert session.get(SavedSetting, name) is None


def test_an_export_is_one_moment_although_others_write(context: AppContext, tmp_path: Path) -> None:
    fill(context.database)
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with context.database.write() as session:
                user = session.get_one(User, 1)
                add_download(session, user, Status.FAILED, item_id=add_item(session, user).id)

    writer = threading.Thread(target=write)
    writer.start()
    path = tmp_path / "busy.sql"
    try:
        header = write_dump(context.database, path, without_secrets)
        for _ in range(4):
            header = write_dump(context.database, path, without_secrets)
            # Every item that was made had its download made with it.
            assert header.rows["items"] == header.rows["downloads"] - 2
            assert header.rows["items"] == path.read_text().count('INSERT INTO "items"')
    finally:
        stop.set()
        writer.join()
    restore(context, path)
    with context.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Item)) == header.rows["items"]


def test_an_import_waits_for_those_who_write_and_they_go_on_afterwards(
    context: AppContext, dump: Path
) -> None:
    stop, wrote = threading.Event(), threading.Event()
    faults: list[Exception] = []

    def write() -> None:
        while not stop.is_set():
            try:
                with context.database.write() as session:
                    user = session.scalar(select(User).order_by(User.id).limit(1))
                    assert user is not None
                    item = add_item(session, user)
                    session.execute(text("UPDATE downloads SET item_id = :item"), {"item": item.id})
                wrote.set()
            except Exception as error:  # noqa: BLE001
                faults.append(error)

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    try:
        for _ in range(3):
            restore(context, dump)
            wrote.clear()
            assert wrote.wait(20)
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert faults == []


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_an_export_of_an_earlier_revision_comes_along(context: AppContext, revision: str) -> None:
    fixture = Path(__file__).with_name(f"export_{revision}.sql")
    assert f"-- revision: {revision}\n".encode() in fixture.read_bytes()
    restore(context, fixture)
    with context.database.read() as session:
        [user] = session.scalars(select(User))
        assert (user.username, user.display_name, user.is_superuser) == ("ada", None, True)
        assert user.created_at == datetime(2025, 11, 2, 10, 20, 30, 123456, UTC)
        [item] = session.scalars(select(Item))
        assert item.extra == {"tags": ["it's", "雀"]}
        assert item.files[0].path == "Media/It's a title.mp4"
        assert item.files[0].root == ""
        done, waiting = session.scalars(select(Download).order_by(Download.id))
        assert (done.status, done.item_id) == ("completed", item.id)
        assert (waiting.status, waiting.parent_id) == ("pending", done.id)


def test_what_is_held_in_memory_does_not_grow_with_the_file(
    context: AppContext, dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two files that are both many times what is read at once (rows, or a block for the hash): what the second one has
    more is not held."""
    for module in ("dump", "reading", "fingerprint"):
        monkeypatch.setattr(f"magpie.admin.database.{module}.ROWS_AT_ONCE", 50)
    restore(context, dump)  # what is made once and kept (queries, patterns, modules) is none of this
    before = gc.get_threshold()
    row = {"at": MOMENT, "action": "a", "outcome": "success", "details": {"text": "x" * 8_000}}
    peaks, sizes = [], []
    for number in (1, 2):
        with context.database.write() as session:
            session.execute(insert(AuditRecord), [row] * 250)
        path = tmp_path / f"{number}.sql"
        gc.set_threshold(700, 10, 10)  # garbage that waits to be collected is none of what is held
        tracemalloc.start()
        try:
            write_dump(context.database, path, without_secrets)
            restore(context, path)
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
            gc.set_threshold(*before)
        sizes.append(path.stat().st_size)
    more = sizes[1] - sizes[0]
    assert more > 250 * 8_000
    assert peaks[1] - peaks[0] < more / 4, peaks
