"""The rules of profiles: whose they are, how they are found by name, and when one may go."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import IntegrityError

from magpie.accounts.ownership import owned
from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.downloads.extractors.port import Profile
from magpie.downloads.models import Download
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import Conflict, RuleBroken
from magpie.library.naming import Naming
from magpie.profiles import repository
from magpie.profiles.convert import to_profile
from magpie.profiles.models import SavedProfile
from magpie.profiles.schemas import ProfileCreate, ProfileOut, ProfileSpec, ProfileUpdate
from magpie.profiles.shipped import DEFAULT, SHIPPED

__all__ = ["DEFAULT", "SHIPPED", "NoProfile", "check", "find", "naming_of"]

NAMED_LINKS = 5  # so many are named where there are more
LIST_TYPE = "playlist"


class NoProfile(LookupError):
    """There is no profile of this name for this user; the message says which there are."""


def spec_named(session: ReadSession, user_id: int | None, name: str) -> ProfileSpec:
    """What a user's profile, or a shipped one, says. Raises `NoProfile`."""
    shipped = SHIPPED.get(name)
    if shipped is not None:
        return shipped.spec
    row = repository.named(session, user_id, name) if user_id is not None else None
    if row is None:
        own = [one.name for one in repository.of_user(session, user_id)] if user_id is not None else []
        raise NoProfile(f"there is no profile of this name: use one of {', '.join([*own, *SHIPPED])}")
    return ProfileSpec.model_validate(row.spec)


def find(session: ReadSession, user_id: int | None, name: str) -> Profile:
    """The profile that a user means by this name. Raises `NoProfile`."""
    return to_profile(name, spec_named(session, user_id, name))


def check(session: ReadSession, user_id: int | None, name: str) -> str:
    """The name, if there is such a profile; raises `RuleBroken` at `body.profile`."""
    try:
        spec_named(session, user_id, name)
    except NoProfile as error:
        raise RuleBroken(str(error), "body", "profile") from None
    return name


def naming_of(context: AppContext, session: ReadSession, download: Download, profile: Profile) -> Naming:
    """How the files of a download are named: by its profile, and with what its link or list knows."""
    if profile.template is None and profile.server is None:
        return Naming().within(download.hints or {})
    link = repository.link(session, download.link_id) if download.link_id else None
    picture = context.settings.data_dir / link.picture_path if link and link.picture_path else None
    return Naming(
        template=profile.template,
        server=profile.server,
        playlist=(link.source_title or link.name) if link else None,
        index=_index(session, download, profile, in_order=bool(link and link.type == LIST_TYPE)),
        picture=picture if picture and picture.is_file() else None,
    ).within(download.hints or {})


def _index(session: ReadSession, download: Download, profile: Profile, *, in_order: bool) -> int | None:
    if "{index" not in (profile.template or ""):
        return None
    entry = repository.entry(session, download.entry_id) if download.entry_id else None
    if entry is not None:
        return repository.place_in_link(session, entry[0], newest_first=in_order)
    return repository.place_in_list(session, download) if download.parent_id else None


# Over HTTP.


def shown(row: SavedProfile, links: int = 0) -> ProfileOut:
    """A user's own profile."""
    spec = ProfileSpec.model_validate(row.spec)
    return ProfileOut(
        id=row.id,
        name=row.name,
        is_shipped=False,
        spec=spec,
        quality=to_profile(row.name, spec).quality,
        links=links,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def list_all(session: ReadSession, principal: Principal) -> list[ProfileOut]:
    """The shipped profiles in their order, then the caller's own by name."""
    links = repository.links_by_profile(session, principal.id)
    shipped = [
        ProfileOut(
            id=None,
            name=name,
            is_shipped=True,
            description=one.description,
            spec=one.spec,
            quality=to_profile(name, one.spec).quality,
            links=links.get(name, 0),
        )
        for name, one in SHIPPED.items()
    ]
    own = repository.of_user(session, principal.id)
    return [*shipped, *(shown(row, links.get(row.name, 0)) for row in own)]


def get(session: ReadSession, principal: Principal, profile_id: int) -> ProfileOut:
    """Raises `NotFound` for what is not there or not the caller's."""
    return _answer(session, owned(repository.get(session, profile_id), principal))


def _answer(session: ReadSession, row: SavedProfile) -> ProfileOut:
    return shown(row, repository.links_by_profile(session, row.user_id).get(row.name, 0))


def create(session: WriteSession, principal: Principal, wanted: ProfileCreate) -> ProfileOut:
    """Raises `Conflict` for a name that is taken."""
    row = SavedProfile(user_id=principal.id, name=_free_name(wanted.name), spec=_stored(wanted.spec))
    try:
        repository.add(session, row)
    except IntegrityError:
        raise Conflict(_taken(wanted.name)) from None
    _note(session, principal, "create", row)
    return shown(row)


def update(
    session: WriteSession, principal: Principal, profile_id: int, changes: ProfileUpdate
) -> ProfileOut:
    """Change name or spec; links and waiting downloads follow a new name. Raises `NotFound`, `Conflict`."""
    row = owned(repository.lock(session, profile_id), principal)
    if changes.name is not None and changes.name != row.name:
        _rename(session, row, _free_name(changes.name))
    if changes.spec is not None:
        row.spec = _stored(changes.spec)
    row.updated_at = utcnow()
    session.flush()
    _note(session, principal, "update", row)
    return _answer(session, row)


def _rename(session: WriteSession, row: SavedProfile, name: str) -> None:
    old = row.name
    if repository.named(session, row.user_id, name) is not None:
        raise Conflict(_taken(name))
    row.name = name
    session.flush()
    repository.rename(session, row.user_id, old, name)


def remove(session: WriteSession, principal: Principal, profile_id: int) -> ProfileOut:
    """Delete a profile that nothing uses. Raises `NotFound`, or `Conflict` that names what does."""
    row = owned(repository.lock(session, profile_id), principal)
    links = repository.links_using(session, row.user_id, row.name, NAMED_LINKS + 1)
    if links:
        raise Conflict(f"This profile is used by {_listed(links)}: give them another one first")
    if count := repository.downloads_using(session, row.user_id, row.name):
        raise Conflict(
            f"This profile is used by {count} downloads that have not ended: wait for them, or cancel them"
        )
    answer = shown(row)
    _note(session, principal, "delete", row)
    session.delete(row)
    session.flush()
    return answer


def _listed(links: list[str]) -> str:
    names = ", ".join(f"“{name}”" for name in links[:NAMED_LINKS])
    return f"{names} and others" if len(links) > NAMED_LINKS else names


def _free_name(name: str) -> str:
    if name.casefold() in SHIPPED:
        raise Conflict(f"“{name}” is a profile that ships with Magpie: choose another name")
    return name


def _taken(name: str) -> str:
    return f"You have a profile “{name}” already"


def _stored(spec: ProfileSpec) -> dict[str, Any]:
    return spec.model_dump(mode="json", exclude_defaults=True)


def _note(session: WriteSession, principal: Principal, verb: str, row: SavedProfile) -> None:
    subject = f"profile:{row.id}"
    audit.record(session, f"profile.{verb}", principal=principal, subject=subject, details={"name": row.name})
