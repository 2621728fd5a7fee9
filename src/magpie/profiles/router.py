"""Profiles over HTTP."""

from __future__ import annotations

from magpie.accounts.security import CurrentUser, SignedIn
from magpie.kit.errors import Conflict, NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, RowId, WriteDb
from magpie.profiles import preview, service
from magpie.profiles.schemas import Preview, PreviewRequest, ProfileCreate, ProfileOut, ProfileUpdate

router = SliceRouter(prefix="/api/v1/profiles", tags=["profiles"], responses=responses(NotAuthenticated))


@router.get("")
def list_profiles(user: CurrentUser, session: ReadDb) -> list[ProfileOut]:
    """The profiles that ship with Magpie, then your own."""
    return service.list_all(session, user)


@router.post("", responses=responses(RuleBroken, Conflict))
def create_profile(body: ProfileCreate, user: CurrentUser, session: WriteDb) -> ProfileOut:
    """Make a profile of your own."""
    return service.create(session, user, body)


@router.post("/preview", responses=responses(RuleBroken, NotFound))
def preview_names(body: PreviewRequest, user: SignedIn, session: ReadDb) -> Preview:
    """Where the files of a medium would lie under a template, a media server's names, or a profile."""
    return preview.preview(session, user, body)


@router.get("/{profile_id}", responses=responses(NotFound))
def get_profile(profile_id: RowId, user: CurrentUser, session: ReadDb) -> ProfileOut:
    """One of your own profiles."""
    return service.get(session, user, profile_id)


@router.put("/{profile_id}", responses=responses(NotFound, RuleBroken, Conflict))
def update_profile(profile_id: RowId, body: ProfileUpdate, user: CurrentUser, session: WriteDb) -> ProfileOut:
    """Change a profile. What is saved already stays as it is; links and waiting downloads follow a new name."""
    return service.update(session, user, profile_id, body)


@router.delete("/{profile_id}", responses=responses(NotFound, Conflict))
def delete_profile(profile_id: RowId, user: CurrentUser, session: WriteDb) -> ProfileOut:
    """Delete a profile that no link and no waiting download uses."""
    return service.remove(session, user, profile_id)
