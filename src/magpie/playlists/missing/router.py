"""Missing songs over HTTP, under the paths of Plex Playlist Sync."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from magpie.accounts.security import CurrentUser
from magpie.context import AppContext
from magpie.kit.errors import Conflict, NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import LARGEST_ROW_ID, ReadDb, RowId, WriteDb
from magpie.playlists.missing import external, options, ordering, service
from magpie.playlists.missing.answers import sessions_out
from magpie.playlists.missing.schemas import (
    AllMissing,
    DownloadSettings,
    DownloadSettingsOut,
    SessionOut,
    Single,
    StatusOut,
    TestOut,
)
from magpie.web import Context

router = SliceRouter(prefix="/api/v1/download", tags=["missing"], responses=responses(NotAuthenticated))


@router.get("/download-settings")
def get_download_settings(user: CurrentUser, session: ReadDb, context: Context) -> DownloadSettingsOut:
    """How your missing songs are fetched."""
    return options.shown(context, session, user.id)


@router.post("/download-settings", responses=responses(RuleBroken))
def save_download_settings(
    body: DownloadSettings, user: CurrentUser, session: WriteDb, context: Context
) -> DownloadSettingsOut:
    """Change how your missing songs are fetched; what is left out stays."""
    return options.save(context, session, user, body)


@router.post("/download-settings/test")
def test_download_settings(user: CurrentUser, context: Context) -> TestOut:
    """Try the external downloader, and name the fault."""
    outcome = _tried(user.id, context)
    with context.database.write() as session:
        options.note_test(session, user, outcome)
    return outcome


def _tried(user_id: int, context: AppContext) -> TestOut:
    try:
        with context.database.read() as session:
            ways = options.ways_of(context, session, user_id)
    except external.ApiFailed as failed:
        return TestOut(success=False, message=failed.message, reason=failed.reason.value)
    return options.tried(ways)


@router.get("/status")
def get_download_status(
    user: CurrentUser,
    session: ReadDb,
    session_id: Annotated[int | None, Query(ge=1, le=LARGEST_ROW_ID)] = None,
    task_id: Annotated[int | None, Query(ge=1, le=LARGEST_ROW_ID)] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="sessions")] = 20,
    items: Annotated[int, Query(ge=0, le=5000, description="songs of each session")] = 200,
) -> StatusOut:
    """Your sessions, newest first, with their songs."""
    found = service.sessions(session, user, session_id=session_id, task_id=task_id, limit=limit)
    return StatusOut(sessions=sessions_out(session, found, items))


@router.post("/all-missing", responses=responses(NotFound))
def download_all_missing(
    user: CurrentUser, session: WriteDb, context: Context, body: AllMissing | None = None
) -> SessionOut:
    """Fetch all that is missing in one of your playlists, or in all of them. What is being fetched is not fetched
    twice."""
    made = ordering.order_missing(context, session, user, body.task_id if body else None)
    return sessions_out(session, [made], 0)[0]


@router.post("/single", responses=responses(NotFound, Conflict, RuleBroken))
def download_single(body: Single, user: CurrentUser, session: WriteDb, context: Context) -> SessionOut:
    """Fetch one song of a playlist."""
    made = ordering.order_single(context, session, user, body)
    return sessions_out(session, [made], 1)[0]


@router.post("/cancel-session/{session_id}", responses=responses(NotFound, Conflict))
def cancel_download_session(
    session_id: RowId, user: CurrentUser, session: WriteDb, context: Context
) -> SessionOut:
    """End a session. What has been fetched stays."""
    return sessions_out(session, [ordering.cancel(context, session, user, session_id)], 0)[0]
