"""Settings as they are answered: values without secrets, and what a page needs to show and change them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from magpie.accounts.principal import Principal
from magpie.admin.settings import cookies, repository, service
from magpie.admin.settings.models import SavedSetting
from magpie.admin.settings.schemas import ANSWERED, HIDDEN, SettingFact, SettingsAnswer, is_hidden
from magpie.config import Settings, is_runtime, is_secret, names_of, variable_of
from magpie.context import AppContext
from magpie.kit.db import ReadSession
from magpie.playlists.media_servers import service as servers
from magpie.playlists.media_servers.answers import server_out

_TYPES: dict[Any, Any] = {bool: "boolean", int: "integer", float: "number", str: "string", Path: "path"}


def answer(context: AppContext, session: ReadSession, principal: Principal) -> SettingsAnswer:
    """The settings object, with the media servers that the caller may see."""
    now = service.present(context, session)
    values = {name: _value(now, name) for name in ANSWERED}
    present = {f"has_{name}": bool(getattr(now, name)) for name in HIDDEN}
    found = servers.page(session, principal)
    listed = [server_out(context, server).model_dump(mode="json") for server in found]
    return SettingsAnswer.model_validate({**values, **present, "servers": listed})


def facts(context: AppContext, session: ReadSession) -> list[SettingFact]:
    """Every setting there is."""
    now = service.present(context, session)
    saved = {row.name: row for row in repository.all_saved(session)}
    return [_fact(context, now, name, saved) for name in Settings.model_fields]


def _value(now: Settings, name: str) -> Any:
    if name == cookies.FIELD:
        return cookies.shown(now)
    value = getattr(now, name)
    return None if is_hidden(name) else str(value) if isinstance(value, Path) else value


def _fact(context: AppContext, now: Settings, name: str, saved: Mapping[str, SavedSetting]) -> SettingFact:
    info = Settings.model_fields[name]
    locked = service.is_fixed(context, name)
    row = None if locked or not is_runtime(name) else saved.get(name)
    choices = list(get_args(info.annotation)) if get_origin(info.annotation) is Literal else None
    return SettingFact(
        name=name,
        type="choice" if choices else _TYPES[info.annotation],
        meaning=info.description or "",
        default=info.default,
        value=_value(now, name),
        has_value=getattr(now, name) not in (None, ""),
        secret=is_secret(name),
        source="environment" if locked else "saved" if row else "default",
        variables=names_of(name),
        locked=locked,
        locked_by=variable_of(name) if locked else None,
        needs_restart=not is_runtime(name),
        minimum=_limit(info.metadata, "ge"),
        maximum=_limit(info.metadata, "le"),
        max_length=_limit(info.metadata, "max_length"),
        choices=choices,
        changed_at=row.changed_at if row else None,
        changed_by=row.changed_by if row else None,
    )


def _limit(rules: list[Any], name: str) -> Any:
    return next((getattr(rule, name) for rule in rules if hasattr(rule, name)), None)
