"""`magpie users`: accounts from the command line, beside a running server or without one."""

from __future__ import annotations

import getpass
import json
import sys

from magpie.accounts import passwords, service, users
from magpie.accounts.models import User
from magpie.accounts.schemas import NewUser, UserChanges
from magpie.accounts.strength import require_strong
from magpie.config import settings
from magpie.context import AppContext, build_context
from magpie.kit.errors import AppError, RuleBroken
from magpie.kit.logs import configure_logs
from magpie.preparation import prepare


def _open() -> AppContext:
    chosen = settings()
    configure_logs(debug=chosen.debug, style=chosen.log_format, quiet=not chosen.debug)
    context = build_context(chosen)
    prepare(context)
    return context


def read_password() -> str:
    """Asked for twice on a terminal, otherwise the first line of standard input; never an argument, which others see."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise RuleBroken("the two passwords differ")
    return password


def add(username: str, email: str, *, is_superuser: bool) -> int:
    """Make an account. Returns the exit code."""
    context = _open()
    try:
        service.checked_profile(username, email)
        password = read_password()
        require_strong(password, username, email)
        password_hash = passwords.hash_password(password)
        with context.database.write() as session:
            is_first = service.needs_first_user(session)
            wanted = NewUser(
                username=username, email=email, password=password, is_superuser=is_superuser or is_first
            )
            user = users.create(session, None, wanted, password_hash)
        print(_line(user))
    except AppError as error:
        return _failed(error)
    finally:
        context.close()
    return 0


def show(*, as_json: bool) -> int:
    """Print all accounts."""
    context = _open()
    with context.database.read() as session:
        for user in users.list_users(session, 0, None):
            print(json.dumps(_facts(user), ensure_ascii=False) if as_json else _line(user))
    context.close()
    return 0


def set_password(login: str) -> int:
    """Set an account's password, which ends its sessions and tokens. Returns the exit code."""
    context = _open()
    try:
        with context.database.read() as session:
            stored = service.find_password(session, login)
            user = users.get(session, stored.user_id) if stored else None
        if user is None:
            print(f"magpie: nobody is called {login!r}", file=sys.stderr)
            return 1
        password = read_password()
        require_strong(password, user.username, user.email)
        password_hash = passwords.hash_password(password)
        with context.database.write() as session:
            users.update(session, None, user.id, UserChanges(password=password), password_hash)
        print(_line(user))
    except AppError as error:
        return _failed(error)
    finally:
        context.close()
    return 0


def _facts(user: User) -> dict[str, object]:
    return {
        "id": user.id,
        "username": user.username,
        "email": user.email,
        "is_active": user.is_active,
        "is_superuser": user.is_superuser,
        "last_login_at": user.last_login_at.isoformat() if user.last_login_at else None,
    }


def _line(user: User) -> str:
    notes = ["superuser"] * user.is_superuser + ["deactivated"] * (not user.is_active)
    return "\t".join([str(user.id), user.username, user.email or "-", ", ".join(notes) or "user"])


def _failed(error: AppError) -> int:
    print(f"magpie: {error}", file=sys.stderr)
    return 1
