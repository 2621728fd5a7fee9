"""Templates of podcasts over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path

from magpie.accounts.principal import Principal
from magpie.accounts.security import CurrentUser, Superuser
from magpie.kit.errors import Conflict, NotAllowed, NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import WriteDb
from magpie.podcasts.episodes import files
from magpie.podcasts.templates.schemas import (
    Template,
    TemplateCreate,
    TemplateFileOut,
    TemplateOut,
    TemplateUpdate,
)
from magpie.podcasts.templates.service import Templates, templates_in
from magpie.web import Context

router = SliceRouter(prefix="/api/v1/templates", tags=["podcasts"], responses=responses(NotAuthenticated))

TemplateId = Annotated[str, Path(max_length=100)]


def _templates(context: Context) -> Templates:
    return templates_in(files.root_of(context.settings))


Set = Annotated[Templates, Depends(_templates)]


def _out(templates: Templates, user: Principal, template: Template) -> TemplateOut:
    return TemplateOut(
        **template.model_dump(),
        is_shipped=templates.is_shipped(template),
        can_edit=templates.can_edit(user, template),
    )


@router.get("")
def list_templates(user: CurrentUser, templates: Set) -> list[TemplateOut]:
    """The templates that you may use: those that ship, everybody's, and your own."""
    return [_out(templates, user, one) for one in templates.every(user)]


@router.post("", responses=responses(RuleBroken, NotAllowed, Conflict))
def create_template(body: TemplateCreate, user: CurrentUser, session: WriteDb, templates: Set) -> TemplateOut:
    """A template of your own; a superuser's is everybody's."""
    return _out(templates, user, templates.create(session, user, body))


@router.get("/file", responses=responses(NotAllowed))
def get_template_file(_user: Superuser, templates: Set) -> TemplateFileOut:
    """The file that holds the templates besides those that ship, and what in it cannot be used."""
    return TemplateFileOut(
        path=str(templates.path), exists=templates.path.is_file(), problems=templates.problems()
    )


@router.get("/{template_id}", responses=responses(NotFound))
def get_template(template_id: TemplateId, user: CurrentUser, templates: Set) -> TemplateOut:
    """One template."""
    return _out(templates, user, templates.get(user, template_id))


@router.put("/{template_id}", responses=responses(NotFound, NotAllowed, RuleBroken, Conflict))
def update_template(
    template_id: TemplateId, body: TemplateUpdate, user: CurrentUser, session: WriteDb, templates: Set
) -> TemplateOut:
    """Change a template; what is left out stays. Episodes that were begun keep it as it was."""
    return _out(templates, user, templates.update(session, user, template_id, body))


@router.delete("/{template_id}", responses=responses(NotFound, NotAllowed, Conflict))
def delete_template(
    template_id: TemplateId, user: CurrentUser, session: WriteDb, templates: Set
) -> TemplateOut:
    """Delete a template. One that ships and was changed is as it came again."""
    template = templates.get(user, template_id)
    answer = _out(templates, user, template)
    templates.delete(session, user, template_id)
    return answer
