"""What was restored is compared with the file, and nobody waits until it is put in place."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from magpie.accounts.models import User
from magpie.admin.database import service
from magpie.admin.database.dump import write_dump
from magpie.admin.database.fingerprint import Fingerprint, fingerprint
from magpie.admin.database.format import DumpRefused, Kind
from magpie.admin.database.scratch import require_same
from magpie.admin.database.secrets import without_secrets
from magpie.admin.database.tables import ENDED_BY_IMPORT, LEFT_OUT, MADE_ANEW, dumped_tables, kind_of
from magpie.context import AppContext
from magpie.downloads.models import Download
from magpie.kit.db import Database
from magpie.library.models import Item
from magpie.schema import metadata
from tests.admin.database.conftest import add_download, add_item, add_user, contents

KINDS = {"a": Kind.INTEGER, "b": Kind.REAL, "c": Kind.TIME, "d": Kind.JSON, "e": Kind.TEXT}
ROWS: list[tuple[Any, ...]] = [
    (1, 1.5, "2026-02-03 04:05:06.000789", '{"a": [1, true], "b": null}', "it's"),
    (2, None, None, "1e16", "雀\n"),
    (3, -0.0, "2026-02-03 04:05:06.000000", "-0.0", None),
]
TRIGGERS = {
    True: [
        "CREATE TRIGGER spoil AFTER INSERT ON items BEGIN UPDATE items SET title = 'x' WHERE id = new.id; END"
    ],
    False: [
        "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.title := 'x'; RETURN NEW; END $$",
        "CREATE TRIGGER spoil BEFORE INSERT ON items FOR EACH ROW EXECUTE FUNCTION spoil()",
    ],
}


def taken(rows: list[tuple[Any, ...]]) -> Fingerprint:
    found = Fingerprint()
    found.add(list(KINDS.values()), zip(*rows, strict=True))
    return found


@pytest.fixture
def dump(context: AppContext, tmp_path: Path) -> Path:
    with context.database.write() as session:
        ada = add_user(session, "ada")
        add_download(session, ada, item_id=add_item(session, ada).id, claim=3)
    path = tmp_path / "dump.sql"
    write_dump(context.database, path, without_secrets)
    return path


def restore(context: AppContext, path: Path, report: service.Report = lambda _stage, _part: None) -> None:
    service.import_dump(context, path, report=report, username="ada", source=path.name)


def test_the_same_rows_have_the_same_fingerprint_however_they_are_spelled() -> None:
    spelled: list[tuple[Any, ...]] = [
        (3, 0.0, "2026-02-03 04:05:06", "0", None),
        (2, None, None, "10000000000000000", "雀\n"),
        (1, 1.5, "2026-02-03 04:05:06.000789", '{"b":null,"a":[1,true]}', "it's"),
    ]
    assert taken(spelled) == taken(ROWS)


@pytest.mark.parametrize("column", range(len(KINDS)))
def test_no_value_can_change_unnoticed(column: int) -> None:
    others = (7, 1.25, "2026-02-03 04:05:06.000788", '{"a": [1, 1], "b": null}', "its")
    changed = list(ROWS[0])
    changed[column] = others[column]
    assert taken([tuple(changed), *ROWS[1:]]) != taken(ROWS)


def test_no_row_can_come_twice_go_or_lend_another_its_value() -> None:
    assert taken(ROWS[1:]) != taken(ROWS)
    assert taken([*ROWS, ROWS[0]]) != taken(ROWS)
    (one, *rest), (two, *more) = ROWS[0], ROWS[1]
    assert taken([(two, *rest), (one, *more), ROWS[2]]) != taken(ROWS)
    with pytest.raises(DumpRefused, match="items did not arrive"):
        require_same({"items": taken(ROWS)}, {"items": taken(ROWS[1:])})


def test_both_databases_give_the_same_fingerprints(
    context: AppContext, other_url: str, dump: Path, tmp_path: Path
) -> None:
    other = Database(other_url)
    there = AppContext(context.settings, other, context.secret, context.vault, context.events)
    try:
        restore(there, dump)
        for table in ("users", "items", "item_files", "memberships"):
            columns = metadata().tables[table].columns
            kinds = {one.name: kind_of(one) for one in columns if (table, one.name) not in MADE_ANEW}
            with context.database.engine.connect() as left, other.engine.connect() as right:
                found = fingerprint(left, f'"{table}"', kinds)
                assert found.rows == 1
                assert found == fingerprint(right, f'"{table}"', kinds)
    finally:
        other.close()


def test_rows_that_arrive_otherwise_than_they_stand_in_the_file_undo_everything(
    context: AppContext, dump: Path
) -> None:
    with context.database.write() as session:
        add_user(session, "only now")
        for statement in TRIGGERS[context.database.is_sqlite]:
            session.execute(text(statement))
    before = contents(context.database)
    with pytest.raises(DumpRefused, match="items did not arrive"):
        restore(context, dump)
    assert contents(context.database) == before


def test_nobody_waits_while_the_file_is_checked_and_brought_near(context: AppContext, dump: Path) -> None:
    """And whoever took up a download in that time, under however high a number, does not hold it afterwards."""
    wrote: list[str] = []

    def write(stage: str) -> None:
        with context.database.write() as session:
            session.execute(update(Download).values(claim=Download.claim + 5000))
        wrote.append(stage)

    def report(stage: str, _part: float) -> None:
        if stage in ("checking", "saving"):
            thread = threading.Thread(target=write, args=(stage,))
            thread.start()
            thread.join(20)
            assert not thread.is_alive(), f"a writer waits during {stage}"

    restore(context, dump, report)
    assert {"checking", "saving"} == set(wrote)
    with context.database.read() as session:
        assert (session.scalar(select(func.min(Download.claim))) or 0) > 5000 * len(wrote)
        assert session.scalar(select(func.count()).select_from(Item)) == 1


def test_references_are_looked_after_again_afterwards(context: AppContext, dump: Path) -> None:
    restore(context, dump)
    with context.database.write() as session:
        session.delete(session.get_one(User, 1))
    with context.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Download)) == 0


def test_nothing_that_stays_refers_to_what_is_replaced() -> None:
    """References are not checked in that one transaction."""
    replaced = {table.name for table in dumped_tables()}
    for name in (LEFT_OUT - set(ENDED_BY_IMPORT)) & set(metadata().tables):  # the others have no references
        referred = {key.column.table.name for key in metadata().tables[name].foreign_keys}
        assert not referred & replaced, f"{name} refers to {referred & replaced}"
