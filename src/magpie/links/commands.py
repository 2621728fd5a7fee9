"""`magpie follow` and `magpie links`: following from the command line, beside a running server or without one.

The commands write to the database alone. Checks are the server's to do: its reconciler finds what waits.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from pydantic import ValidationError

from magpie.accounts import service as accounts
from magpie.accounts.principal import Principal
from magpie.config import settings
from magpie.context import AppContext, build_context
from magpie.downloads.addresses import clean_address
from magpie.kit.db import ReadSession
from magpie.kit.errors import AppError, NotFound
from magpie.kit.logs import configure_logs
from magpie.links import service
from magpie.links.models import Link
from magpie.links.schemas import MAX_MINUTES, LinkCreate
from magpie.preparation import prepare

_EVERY = re.compile(r"(\d{1,6})\s*(m|min|h|d|w)?", re.IGNORECASE)
_MINUTES = {"m": 1, "min": 1, "h": 60, "d": 1440, "w": 10_080}
PAGE = 500


def open_context() -> AppContext:
    """The database, up to date."""
    chosen = settings()
    configure_logs(debug=chosen.debug, style=chosen.log_format, quiet=not chosen.debug)
    context = build_context(chosen)
    prepare(context)
    return context


def minutes_of(text: str) -> int:
    """`60m`, `6h`, `2d`, or a number of minutes. Raises ValueError with a plain sentence."""
    match = _EVERY.fullmatch(text.strip())
    minutes = int(match[1]) * _MINUTES[(match[2] or "m").lower()] if match else 0
    if not 1 <= minutes <= MAX_MINUTES:
        raise ValueError(f"{text!r} is no interval: write 60m, 6h or 2d, up to a year")
    return minutes


def whose(session: ReadSession, username: str | None) -> Principal:
    """The user whom a command acts for: the named one, or the first superuser. Raises `NotFound`."""
    if username is None:
        user = accounts.first_superuser(session)
        if user is None:
            raise NotFound("there is no account yet: open the page, or use `magpie users add`")
    else:
        user = accounts.user_named(session, username)
        if user is None:
            raise NotFound(f"nobody is called {username!r}")
    return Principal(user.id, user.username, user.is_superuser)


def follow(url: str, *, name: str | None, every: str | None, username: str | None, as_json: bool) -> int:
    """Follow a source. Returns the exit code: 0 followed, 1 followed already or not possible, 2 a wrong command."""
    try:
        wanted = LinkCreate(
            url=clean_address(url), name=name, interval_minutes=minutes_of(every) if every else None
        )
    except ValidationError as error:
        return _failed("follow", service.plain(error), 2)
    except ValueError as error:
        return _failed("follow", str(error), 2)

    def act(context: AppContext) -> int:
        with context.database.write() as session:
            principal = whose(session, username)
            link = service.create(context, session, principal, wanted)
        if as_json:
            print(json.dumps(_facts(link), ensure_ascii=False))
        else:
            print(_announcement(context, link, principal))
        return 0

    return _run("follow", act)


def _announcement(context: AppContext, link: Link, principal: Principal) -> str:
    kind = "" if link.type == "auto" else f" ({link.type.replace('_', ' ')})"
    minutes = link.interval_minutes or context.settings.link_monitor_interval_minutes
    return (
        f"Link {link.id}: {_shown(link.name)}{kind}, for {principal.username}.\n"
        f"A running server looks at it within a minute, then about every {minutes} minutes, and saves what is new "
        f"as {link.profile}. Without a server: magpie check {link.id}"
    )


def show(*, username: str | None, as_json: bool) -> int:
    """Print all links, or a user's, the oldest first."""

    def act(context: AppContext) -> int:
        with context.database.read() as session:
            # A superuser sees everybody's; a named user is shown their own.
            principal = whose(session, username)
            if username is not None:
                principal = replace(principal, is_superuser=False)
            skip, total = 0, 1
            while skip < total:
                links, total, _busy = service.page(
                    session, principal, service.Choice(), sort="oldest", skip=skip, limit=PAGE
                )
                for link in links:
                    print(json.dumps(_facts(link), ensure_ascii=False) if as_json else _line(link))
                skip += PAGE
        return 0

    return _run("links", act)


def remove(link_id: int, *, with_items: bool) -> int:
    """Follow a link no more."""

    def act(context: AppContext) -> int:
        with context.database.write() as session:
            principal = whose(session, None)
            link, gone = service.remove(context, session, principal, link_id, with_items=with_items)
        items = f" {gone} items went with it." if with_items else " What it brought stays in the library."
        print(f"Link {link.id} ({_shown(link.name)}) is followed no more.{items}")
        return 0

    return _run("links", act)


def _run(command: str, act: Callable[[AppContext], int]) -> int:
    context = open_context()
    try:
        return act(context)
    except AppError as error:
        return _failed(command, str(error), 1)
    finally:
        context.close()


def _failed(command: str, message: str, code: int) -> int:
    print(f"magpie {command}: {message}", file=sys.stderr)
    return code


def _facts(link: Link) -> dict[str, object]:
    return {
        "id": link.id,
        "user_id": link.user_id,
        "url": link.url,
        "name": link.name,
        "type": link.type,
        "site": link.site,
        "tags": link.tags,
        "is_enabled": link.is_enabled,
        "status": link.status,
        "error_message": link.error_message,
        "interval_minutes": link.interval_minutes,
        "last_checked_at": _moment(link.last_checked_at),
        "next_check_at": _moment(link.next_check_at),
        "counts": link.counts,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _line(link: Link) -> str:
    state = link.status if link.is_enabled else "disabled"
    return "\t".join([str(link.id), _shown(link.name), link.type, state, link.url])


def _shown(text: str) -> str:
    return text.encode(errors="replace").decode()
