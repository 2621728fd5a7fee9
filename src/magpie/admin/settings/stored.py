"""The settings that count for a command which neither makes nor migrates a database."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from magpie.admin.settings import service
from magpie.config import Settings
from magpie.context import AppContext
from magpie.kit.crypto import Vault, load_or_make_key
from magpie.kit.db import Database, normalise_url
from magpie.kit.events import EventBus
from magpie.kit.refusal import Refused


@dataclass(frozen=True, slots=True)
class Effective:
    """`settings` counts. `trouble` says why what is saved could not be read: then it is the environment's alone."""

    settings: Settings
    trouble: str | None = None


def effective(given: Settings) -> Effective:
    """The environment's settings, completed by what is saved in the database, if there is one."""
    try:
        if _is_not_there(given):  # opening it would make its folder
            return Effective(given)
        database = Database(given.effective_database_url)
        try:
            return Effective(_read(given, database))
        finally:
            database.close()
    except SQLAlchemyError as error:
        return Effective(given, str(getattr(error, "orig", error)).strip().splitlines()[0])
    except (OSError, Refused) as error:
        return Effective(given, str(error))


def _is_not_there(given: Settings) -> bool:
    url = normalise_url(given.effective_database_url)
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file()


def _read(given: Settings, database: Database) -> Settings:
    if not inspect(database.engine).has_table("settings"):  # empty, or of an earlier version
        return given
    secret = _secret(given)
    context = AppContext(given, database, secret, Vault(secret, *given.former_keys), EventBus())
    with database.read() as session:
        return service.present(context, session)


def _secret(given: Settings) -> str:
    """The installation's secret; where there is none nothing can be sealed with it, and any text will do."""
    if given.secret_key:
        return given.secret_key
    path = given.data_dir / "secret.key"
    return load_or_make_key(path) if path.is_file() else secrets.token_urlsafe(48)
