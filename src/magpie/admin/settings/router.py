"""Settings over HTTP."""

from __future__ import annotations

from fastapi import Request

from magpie.accounts.security import Superuser
from magpie.admin.settings import facts, service
from magpie.admin.settings.schemas import SettingFact, SettingsAnswer, SettingsChange
from magpie.kit.errors import Conflict, NotAllowed, NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, WriteDb
from magpie.web import Context

router = SliceRouter(prefix="/api/v1/settings", tags=["settings"])


@router.get("", responses=responses(NotAuthenticated, NotAllowed))
def get_settings(context: Context, session: ReadDb, user: Superuser) -> SettingsAnswer:
    """The settings that can be changed while the program runs."""
    return facts.answer(context, session, user)


@router.put("", responses=responses(RuleBroken, NotAuthenticated, NotAllowed, Conflict))
def change_settings(
    change: SettingsChange, context: Context, session: WriteDb, user: Superuser, request: Request
) -> SettingsAnswer:
    """Change settings, at once and for good; what is left out stays."""
    service.change(session, context, user, change.wanted(), request.headers.get("host", ""))
    return facts.answer(context, session, user)


@router.get("/schema", responses=responses(NotAuthenticated, NotAllowed))
def list_settings(context: Context, session: ReadDb, _user: Superuser) -> list[SettingFact]:
    """Every setting: its meaning, limits, default, present value, and where that comes from."""
    return facts.facts(context, session)


@router.delete("/saved/{name}", responses=responses(RuleBroken, NotAuthenticated, NotAllowed, NotFound))
def reset_setting(
    name: str, context: Context, session: WriteDb, user: Superuser, request: Request
) -> SettingsAnswer:
    """Forget what was saved, so that the default counts again."""
    service.reset(session, context, user, name, request.headers.get("host", ""))
    return facts.answer(context, session, user)
