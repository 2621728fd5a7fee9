"""The rules of templates: those that ship and those of the file are one set; whose they are, and who may change them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.kit.db import WriteSession
from magpie.kit.errors import Conflict, NotAllowed, NotFound, RuleBroken
from magpie.podcasts.templates.file import FileUnusable, TemplateFile, plain, written
from magpie.podcasts.templates.schemas import ID, Template, TemplateCreate, TemplateProblem, TemplateUpdate
from magpie.podcasts.templates.settling import settle
from magpie.podcasts.templates.shipped import DEFAULT, shipped

__all__ = ["DEFAULT", "Templates", "find", "settle", "templates_in"]

MOST_OF_USER = 50  # so that nobody fills the file, which is everybody's
SHIPPED_ALREADY = "This template ships with Magpie: it can be changed, not deleted"
_KNOWN: dict[Path, TemplateFile] = {}


def templates_in(root: Path) -> Templates:
    """The templates of an installation whose podcasts lie in `root`."""
    if root not in _KNOWN:
        _KNOWN[root] = TemplateFile(root)
    return Templates(_KNOWN[root])


def find(root: Path, template_id: str) -> Template:
    """A template, whoever it belongs to: for the command line. Raises `NotFound`."""
    return templates_in(root).get(None, template_id)


def as_json(template: Template) -> dict[str, Any]:
    """As it is kept in an episode's row."""
    return template.model_dump(mode="json", by_alias=True, exclude_none=True)


class Templates:
    """The set. Without a principal everything may be seen."""

    def __init__(self, file: TemplateFile) -> None:
        self._file = file

    @property
    def path(self) -> Path:
        return self._file.path

    def problems(self) -> list[TemplateProblem]:
        """What in the file cannot be used."""
        return self._file.read().problems

    def every(self, principal: Principal | None) -> list[Template]:
        """Those that ship first, in their order, then the file's."""
        held = self._file.read().templates
        own = {one.id for one in shipped()}
        all_ = [held.get(one.id, one) for one in shipped()] + [
            one for one in held.values() if one.id not in own
        ]
        return [one for one in all_ if _may_see(principal, one)]

    def get(self, principal: Principal | None, template_id: str) -> Template:
        """Raises `NotFound`, also for those of others."""
        for template in self.every(principal):
            if template.id == template_id:
                return template
        raise NotFound("There is no such template")

    def is_shipped(self, template: Template) -> bool:
        """Whether it is as it came with Magpie."""
        return template.id not in self._file.read().templates

    def can_edit(self, principal: Principal, template: Template) -> bool:
        return principal.is_superuser or (template.owner is not None and template.owner == principal.id)

    def create(self, session: WriteSession, principal: Principal, wanted: TemplateCreate) -> Template:
        """A new template. Raises `RuleBroken`, `Conflict`, `NotAllowed`."""
        if wanted.owner is not None and not principal.is_superuser and wanted.owner != principal.id:
            raise NotAllowed
        owner = wanted.owner if principal.is_superuser else principal.id
        own = sum(one.owner == principal.id for one in self.every(principal))
        if own >= MOST_OF_USER and not principal.is_superuser:
            raise Conflict(f"{MOST_OF_USER} templates are yours already")
        taken = {one.id for one in self.every(None)}
        if wanted.id is not None and wanted.id in taken:
            raise RuleBroken("there is a template of this id", "body", "id", code="taken")
        id_ = wanted.id or _made_id(wanted.name, taken)
        values = wanted.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"id", "owner"})
        template = Template.model_validate({"id": id_, **values, "owner": owner})

        def add(entries: Any) -> None:
            if any(isinstance(one, Mapping) and one.get("id") == id_ for one in entries):
                raise Conflict("There is a template of this id")
            entries.append(_entry(as_json(template)))

        self._change(add)
        _note(session, principal, "create", template)
        return template

    def update(
        self, session: WriteSession, principal: Principal, template_id: str, wanted: TemplateUpdate
    ) -> Template:
        """Change a template; one that ships gets its changed copy into the file. Raises `NotFound`, `NotAllowed`,
        `RuleBroken`, `Conflict`."""
        template = self._own(principal, template_id)
        changes = wanted.model_dump(mode="json", by_alias=True, exclude_unset=True)
        try:
            changed = Template.model_validate({**as_json(template), **_without_none(changes, template)})
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            raise RuleBroken(fault["msg"].removeprefix("Value error, "), "body", *fault["loc"]) from None

        def put(entries: Any) -> None:
            for entry in entries:
                if isinstance(entry, Mapping) and entry.get("id") == template_id:
                    _edit(entry, as_json(changed))
                    return
            entries.append(_entry(as_json(changed)))

        self._change(put)
        _note(session, principal, "update", changed)
        return changed

    def delete(self, session: WriteSession, principal: Principal, template_id: str) -> Template:
        """Take a template out of the file; a changed one that ships is as it came again. Raises `NotFound`,
        `NotAllowed`, `Conflict`."""
        template = self._own(principal, template_id)
        if self.is_shipped(template):
            raise Conflict(SHIPPED_ALREADY)

        def drop(entries: Any) -> None:
            for index, entry in enumerate(entries):
                if isinstance(entry, Mapping) and entry.get("id") == template_id:
                    del entries[index]
                    return

        self._change(drop)
        _note(session, principal, "delete", template)
        return template

    def _own(self, principal: Principal, template_id: str) -> Template:
        template = self.get(principal, template_id)
        if not self.can_edit(principal, template):
            raise NotAllowed
        return template

    def _change(self, change: Callable[[Any], None]) -> None:
        try:
            self._file.change(change)
        except FileUnusable as unusable:
            problem = unusable.problem
            where = f", line {problem.line}" if problem.line else ""
            raise Conflict(
                f"Mend the file of templates first ({self.path.name}{where}): {problem.message}"
            ) from None


def _may_see(principal: Principal | None, template: Template) -> bool:
    if principal is None or template.owner is None:
        return True
    return principal.is_superuser or template.owner == principal.id


def _made_id(name: str, taken: set[str]) -> str:
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")[:56] or "template"
    id_, number = stem, 1
    while id_ in taken or not ID.fullmatch(id_):
        number += 1
        id_ = f"{stem}-{number}"
    return id_


def _without_none(changes: dict[str, Any], template: Template) -> dict[str, Any]:
    """Null takes a field back to its default; those that need a value keep theirs."""
    kept = as_json(template)
    return {
        name: kept[name] if value is None and name == "name" else value for name, value in changes.items()
    }


def _entry(values: dict[str, Any]) -> Any:
    from ruamel.yaml.comments import CommentedMap

    made = CommentedMap()
    for name, value in values.items():
        made[name] = _node(value)
    return made


def _node(value: Any) -> Any:
    if isinstance(value, str):
        return written(value)
    if isinstance(value, Mapping):
        return _entry(dict(value))
    return [_node(one) for one in value] if isinstance(value, list) else value


def _edit(entry: Any, values: dict[str, Any]) -> None:
    """Put what differs, so that the rest keeps its form and its comments."""
    for name in [name for name in entry if name not in values]:
        del entry[name]
    for name, value in values.items():
        if name not in entry or plain(entry[name]) != value:
            entry[name] = _node(value)


def _note(session: WriteSession, principal: Principal, verb: str, template: Template) -> None:
    audit.record(
        session,
        f"template.{verb}",
        principal=principal,
        subject=f"template:{template.id}",
        details={"name": template.name},
    )
