"""Following what a file names, and leaving alone what it says is held."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.kit.errors import RuleBroken
from magpie.links import archive
from magpie.links import service as links
from magpie.links.addresses import address_key
from magpie.links.imports import detect
from magpie.links.imports.reading import Found, Reading
from magpie.links.imports.schemas import FoundOut, ImportOut, ProblemOut
from magpie.links.recognise import recognise
from magpie.links.schemas import LinkSettings

# So many at a time: others get their turn at writing in between.
LINKS_AT_ONCE = 200
MEDIA_AT_ONCE = 5000


def bring(
    context: AppContext,
    principal: Principal,
    data: bytes,
    settings: LinkSettings,
    *,
    dry_run: bool,
    only: Set[str] | None = None,
) -> ImportOut:
    """Read the file; unless it is a dry run, follow what it names with these settings. Raises `RuleBroken`.

    `only`: the keys of the sources that are to be followed; None: all that are new. In several units of
    work: an import that breaks off can be repeated.
    """
    reading = detect.read(data)
    found = _preview(context, principal, reading)
    if only is not None:
        _leave_out(found, only)
    if not dry_run:
        names = {one.url: one.name for one in reading.found}
        _follow(context, principal, found, names, settings)
        _archive(context, principal, reading.archived)
    return ImportOut(
        kind=reading.kind.value,
        dry_run=dry_run,
        found=found,
        archived=len(reading.archived),
        added=sum(one.status == "added" for one in found),
        problems=[ProblemOut.model_validate(problem) for problem in reading.problems],
    )


def _preview(context: AppContext, principal: Principal, reading: Reading) -> list[FoundOut]:
    with context.database.read() as session:
        known = links.links_by_address(session, principal.id, (one.url for one in reading.found))
    return [_out(one, known.get(one.url)) for one in reading.found]


def _leave_out(found: list[FoundOut], only: Set[str]) -> None:
    """Raises `RuleBroken` where something is chosen that the file does not name: it is not the file of the dry run."""
    if not only <= {one.key for one in found}:
        raise RuleBroken(
            "This file does not hold all that was chosen: look at it again.",
            "body",
            "only",
            code="import_changed",
        )
    for one in found:
        if one.status == "new" and one.key not in only:
            one.status = "left_out"


def _out(found: Found, known: links.Link | None) -> FoundOut:
    told = recognise(found.url)
    return FoundOut(
        key=address_key(found.url),
        url=found.url,
        name=known.name if known else found.name or told.name,
        type=known.type if known else told.type or "auto",
        line=found.line,
        exists=known is not None,
        status="exists" if known else "new",
        link_id=known.id if known else None,
    )


def _follow(
    context: AppContext,
    principal: Principal,
    found: list[FoundOut],
    names: dict[str, str | None],
    settings: LinkSettings,
) -> None:
    shared: dict[str, Any] = settings.model_dump(exclude_unset=True)
    new = [one for one in found if one.status == "new"]
    for start in range(0, len(new), LINKS_AT_ONCE):
        with context.database.write() as session:
            for one in new[start : start + LINKS_AT_ONCE]:
                said = {**shared, "name": names[one.url]}
                result = links.add_one(context, session, principal, one.url, said)
                one.status, one.link_id, one.message = result.status, result.link_id, result.message


def _archive(context: AppContext, principal: Principal, keys: list[str]) -> None:
    for start in range(0, len(keys), MEDIA_AT_ONCE):
        with context.database.write() as session:
            archive.add(session, principal.id, keys[start : start + MEDIA_AT_ONCE])
            if start == 0:
                audit.record(session, "archive.import", principal=principal, details={"count": len(keys)})
