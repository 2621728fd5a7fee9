"""A table and a little application of these tests' own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Annotated

import pytest
from fastapi import FastAPI, Query
from fastapi.testclient import TestClient
from pydantic import BaseModel, field_validator
from sqlalchemy import Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

from magpie.kit.db import Database, JsonValue, UtcDateTime
from magpie.kit.errors import (
    Conflict,
    InvalidCredentials,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RuleBroken,
    TooManyRequests,
)
from magpie.kit.web import Edge, ReadDb, RowId, WriteDb, install_error_handlers


class Tables(DeclarativeBase):
    """Apart from the application's tables."""

    type_annotation_map = {datetime: UtcDateTime, dict[str, int]: JsonValue}  # noqa: RUF012


class Note(Tables):
    """A row with what the kit stores."""

    __tablename__ = "test_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text, unique=True)
    moment: Mapped[datetime | None]
    facts: Mapped[dict[str, int]] = mapped_column(default=dict)


class NoteIn(BaseModel):
    """A note as it is posted."""

    text: str
    number: int = 0

    @field_validator("text")
    @classmethod
    def _not_rude(cls, value: str) -> str:
        if value == "rude":
            raise ValueError("Be kind.")
        return value


@pytest.fixture
def notes(database: Database) -> Iterator[Database]:
    """The database, with the table of notes."""
    with database.migrating() as connection:
        Tables.metadata.create_all(connection)
    yield database
    if not database.is_sqlite:  # whose file nobody uses again
        with database.migrating() as connection:
            Tables.metadata.drop_all(connection)


RAISED: dict[str, Exception] = {
    "rule": RuleBroken("Too long.", "body", "text", code="too_long"),
    "anonymous": NotAuthenticated(),
    "stranger": InvalidCredentials(),
    "forbidden": NotAllowed(),
    "missing": NotFound(),
    "conflict": Conflict("It is running."),
    "busy": TooManyRequests(retry_after=7),
    "bug": RuntimeError("a secret: token=hunter2"),
}


@pytest.fixture
def app(notes: Database) -> FastAPI:
    app = FastAPI(redirect_slashes=False)
    app.state.context = SimpleNamespace(database=notes)
    install_error_handlers(app)
    app.add_middleware(Edge)

    @app.post("/notes")
    def add(body: NoteIn, session: WriteDb) -> dict[str, int | str]:
        note = Note(text=body.text, facts={"number": body.number})
        session.add(note)
        session.flush()
        return {"id": note.id, "text": note.text}

    @app.get("/notes")
    def find(session: ReadDb, q: Annotated[str, Query(max_length=20)] = "") -> list[str]:
        with sessionmaker(session.get_bind())() as own:
            return [note.text for note in own.query(Note).filter(Note.text.contains(q))]

    @app.get("/notes/{note_id}")
    def get(note_id: RowId) -> int:
        return note_id

    @app.get("/raise/{name}")
    def fail(name: str) -> None:
        raise RAISED[name]

    return app


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client
