"""What every program of Magpie's does before it touches the database."""

from __future__ import annotations

from magpie.accounts import service as accounts
from magpie.admin.settings import service as saved_settings
from magpie.context import AppContext
from magpie.kit import installation
from magpie.schema import migrate


def prepare(context: AppContext) -> None:
    """Bring the database up to date and take the settings that are saved in it; make the media folder and, on an
    empty database, the first superuser."""
    migrate(context.database, context.settings.data_dir)
    saved_settings.refresh(context)
    settings = context.settings
    settings.media_root.mkdir(parents=True, exist_ok=True)
    with context.database.write() as session:
        installation.ensure_installation(session)
        accounts.ensure_initial_superuser(session, settings)
