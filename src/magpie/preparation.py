"""What every program of Magpie's does before it touches the database."""

from __future__ import annotations

from pathlib import Path

import structlog

from magpie.accounts import service as accounts
from magpie.admin.settings import service as saved_settings
from magpie.context import AppContext
from magpie.downloads import service as downloads
from magpie.kit import installation
from magpie.kit.db import Database
from magpie.library import service as library
from magpie.schema import metadata, migrate

log = structlog.get_logger(__name__)


def _save(database: Database, path: Path) -> None:
    from magpie.admin.database.before import save_before_migration  # needed once in a while: at an update

    save_before_migration(database, path)


def prepare(context: AppContext) -> None:
    """Bring the database up to date and take the settings that are saved in it; make the media folder and, on an
    empty database, the first superuser.

    A media folder that was chosen at run time is not made: where it is missing, its disk is. Neither is the one of the
    environment, where all that was in it is.
    """
    metadata()  # tables refer to those of slices that a command does not import
    migrate(context.database, context.settings.data_dir, _save)
    saved_settings.refresh(context)
    with context.database.write() as session:
        installation.ensure_installation(session)
        accounts.ensure_initial_superuser(session, context.settings)
        roots = library.roots_of(context)
        is_gone = library.base_is_gone(session, roots)
        if (former := library.follow_base(session, roots)) is not None:
            downloads.rename_root(session, library.BASE, former)
    if is_gone:
        log.error("media_folder_missing", folder=str(roots.base), hint=library.GONE)
    else:
        library.open_base(context)
