"""Settings that superusers change while the program runs.

Order of the sources: environment, `.env`, saved, default. `AppContext.settings` always holds the outcome. A change
is taken by the process that made it before its answer goes out, and by all others at their next look (`refresh`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import structlog
from cryptography.fernet import InvalidToken
from pydantic import ValidationError

from magpie.accounts.principal import Principal
from magpie.admin.settings import cookies, folder, repository
from magpie.admin.settings.models import SavedSetting
from magpie.audit import service as audit
from magpie.config import Settings, is_runtime, is_secret, variable_of
from magpie.context import AppContext
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, NotFound, RuleBroken
from magpie.kit.hosts import is_allowed_host, names_in
from magpie.library import service as library

log = structlog.get_logger(__name__)

LOOK_SECONDS = 2.0


def refresh(context: AppContext) -> None:
    """Make what is saved effective in this process; cheap when nothing has changed."""
    with context.settings_lock:
        with context.database.read() as session:
            saved = repository.all_saved(session)
        seen = [(row.name, json.dumps(row.value), row.changed_at) for row in saved]
        if seen != context.settings_seen and context.replace_settings(_merged(context, saved)):
            context.settings_seen = seen


def present(context: AppContext, session: ReadSession) -> Settings:
    """The settings as this session sees them saved."""
    return _merged(context, repository.all_saved(session))


def _merged(context: AppContext, saved: Iterable[SavedSetting]) -> Settings:
    """What the program was started with, completed by what is saved and can be used."""
    values: dict[str, Any] = {}
    for row in saved:
        if not _is_changeable(row.name) or is_fixed(context, row.name):
            continue
        try:
            values[row.name] = _opened(context, row)
        except (InvalidToken, ValueError, TypeError, AttributeError) as error:
            # Sealed with another key (a restored database), or by a version with other limits.
            log.warning("saved_setting_not_usable", name=row.name, error=type(error).__name__)
    return context.given.model_copy(update=values)


def _opened(context: AppContext, row: SavedSetting) -> Any:
    if row.name == folder.FIELD:
        return library.roots_of(context).folder(row.value)
    return _validated(row.name, context.vault.open(row.value) if is_secret(row.name) else row.value)


def _is_changeable(name: str) -> bool:
    return name in Settings.model_fields and is_runtime(name)


def is_fixed(context: AppContext, name: str) -> bool:
    """Whether the environment, `.env` or the command line sets it."""
    return name in context.given.model_fields_set


def _validated(name: str, value: Any) -> Any:
    return getattr(Settings.model_validate({name: value}), name)


def change(
    session: WriteSession, context: AppContext, principal: Principal, wanted: Mapping[str, Any], host: str
) -> None:
    """Save other values; None and what is as wanted already are passed over.

    `host`: the name by which the caller reached the server, which a list of allowed hosts must keep open. Raises
    `RuleBroken` for a value that breaks a rule, `Conflict` for a setting that cannot be changed here.
    """
    now = present(context, session)
    roots = replace(library.roots_of(context), present=now.media_root)
    values = {
        name: value
        for name, given in wanted.items()
        if given is not None and not _is_same(roots, now, name, value := _checked(roots, now, name, given))
    }
    for name in values:
        _require_changeable(context, name)
    if "allowed_hosts" in values:
        _require_way_back(values["allowed_hosts"], host)
    if folder.FIELD in values:
        folder.make(values[folder.FIELD])
        values[folder.FIELD] = roots.name_of(values[folder.FIELD])
    for name, value in values.items():
        if name == folder.FIELD and value == library.BASE:
            repository.forget(session, name)
            continue
        repository.save(session, name, context.vault.seal(value) if is_secret(name) else value, principal.id)
    if values:
        audit.record(session, "settings.update", principal=principal, details={"names": sorted(values)})
        session.after_commit(lambda: refresh(context))


def _checked(roots: library.Roots, now: Settings, name: str, value: Any) -> Any:
    """The value as it would count. Raises `RuleBroken`."""
    if isinstance(value, str):
        value.encode()  # half a surrogate pair: refused as everywhere
        if name != cookies.FIELD and not value.isprintable():
            raise RuleBroken("must be one line without control characters", "body", name)
    if name == folder.FIELD:
        return folder.accepted(roots, value)
    try:
        found = _validated(name, value)
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False, include_context=False)[0]
        raise RuleBroken(fault["msg"].removeprefix("Value error, "), "body", name) from None
    return cookies.accepted(now, found) if name == cookies.FIELD else found


def _is_same(roots: library.Roots, now: Settings, name: str, value: Any) -> bool:
    if name == folder.FIELD:
        return folder.is_present(roots, value)
    return cookies.same(now, value) if name == cookies.FIELD else bool(value == getattr(now, name))


def _require_changeable(context: AppContext, name: str) -> None:
    if is_fixed(context, name):
        raise Conflict(
            f"{name} is set by {variable_of(name)} in the environment: change it there, or take it out there"
        )


def _require_way_back(allowed: str, host: str) -> None:
    if not is_allowed_host(host, names_in(allowed)):
        raise RuleBroken(
            "must contain the name by which you reach this server now, or you would lock yourself out",
            "body",
            "allowed_hosts",
        )


def reset(session: WriteSession, context: AppContext, principal: Principal, name: str, host: str) -> None:
    """Forget what is saved, so that the default counts. Raises `NotFound` for what is no run-time setting."""
    if not _is_changeable(name):
        raise NotFound
    if repository.forget(session, name):
        now = present(context, session)
        if name == "allowed_hosts":
            _require_way_back(now.allowed_hosts, host)
        if name == folder.FIELD:
            folder.make(now.media_root)
        audit.record(session, "settings.reset", principal=principal, subject=f"setting:{name}")
        session.after_commit(lambda: refresh(context))
