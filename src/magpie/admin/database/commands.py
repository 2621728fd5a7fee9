"""`magpie backup` and `magpie restore`."""

from __future__ import annotations

import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from magpie.admin.database import service
from magpie.admin.database.dump import write_dump
from magpie.admin.database.secrets import PassphraseSeal, without_secrets
from magpie.audit import service as audit
from magpie.config import Settings, settings
from magpie.context import build_context
from magpie.engine.port import LOCK_FILE
from magpie.kit.logs import configure_logs
from magpie.kit.refusal import Refused
from magpie.preparation import prepare

USERNAME = "(command line)"


class NotNow(Refused):
    """The command cannot do its work as things are; the message says what to do."""


def _passphrase(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        text = file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise NotNow(f"The passphrase cannot be read: {error}") from None
    if len(text) < 8:
        raise NotNow("A passphrase has at least eight characters.")
    return text


def backup(target: Path, passphrase_file: Path | None) -> int:
    """Write the whole database into a new file."""
    chosen = settings()
    configure_logs(debug=chosen.debug, style=chosen.log_format)
    passphrase = _passphrase(passphrase_file)
    if target.exists():
        raise NotNow(f"{target} exists already: choose another name.")
    if not target.absolute().parent.is_dir():
        raise NotNow(f"{target.absolute().parent} is no folder.")
    context = build_context(chosen)
    try:
        prepare(context)
        seal = PassphraseSeal(passphrase) if passphrase else None
        row_filter = seal.sealed_anew(context.vault) if seal else without_secrets
        header = write_dump(context.database, target, row_filter, seal.sealing if seal else None)
        with context.database.write() as session:
            details = {"rows": sum(header.rows.values()), "secrets": seal is not None}
            audit.record(session, "database.export", principal=None, username=USERNAME, details=details)
    finally:
        context.close()
    print(target)
    return 0


def restore(source: Path, *, yes: bool, passphrase_file: Path | None) -> int:
    """Replace the whole database by a file's, once the file has proved to be sound."""
    chosen = settings()
    configure_logs(debug=chosen.debug, style=chosen.log_format)
    passphrase = _passphrase(passphrase_file)
    if not source.is_file():
        raise NotNow(f"{source} is not there.")
    if not yes and not _confirmed():
        print("Nothing was changed.", file=sys.stderr)
        return 1
    with _alone(chosen):
        context = build_context(chosen)
        try:
            prepare(context)
            header = service.import_dump(
                context,
                source,
                report=lambda _message, _progress: None,
                username=USERNAME,
                source=source.name,
                passphrase=passphrase,
            )
        finally:
            context.close()
    print(f"{sum(header.rows.values())} rows of {header.created_at:%Y-%m-%d %H:%M:%S} UTC were restored.")
    if header.sealing is not None and passphrase is None:
        print("Its secrets were left out: name their --passphrase-file to restore them.", file=sys.stderr)
    return 0


def _confirmed() -> bool:
    if not sys.stdin.isatty():
        raise NotNow("This replaces the whole database: say --yes if you mean it.")
    print("This replaces the whole database, and everybody signs in again. Go on? [y/N] ", end="", flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


@contextmanager
def _alone(chosen: Settings) -> Iterator[None]:
    """On SQLite only without a running server, whose lock is held meanwhile. PostgreSQL's workers may go on."""
    if not chosen.is_sqlite:
        yield
        return
    chosen.data_dir.mkdir(parents=True, exist_ok=True)
    with (chosen.data_dir / LOCK_FILE).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise NotNow("Magpie is running: stop it first, or restore on its page.") from None
        yield
