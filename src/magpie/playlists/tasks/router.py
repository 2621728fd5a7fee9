"""Tasks over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import File, Query, Request, Response, UploadFile
from starlette.concurrency import run_in_threadpool

from magpie.accounts.security import CurrentUser
from magpie.kit.clock import utcnow
from magpie.kit.errors import (
    Conflict,
    NotAuthenticated,
    NotFound,
    RuleBroken,
    TooLarge,
    TooManyRequests,
    Unavailable,
    responses,
)
from magpie.kit.paging import decode_cursor, encode_cursor
from magpie.kit.routing import SliceRouter
from magpie.kit.web import LARGEST_ROW_ID, ReadDb, RowId, WriteDb
from magpie.playlists.media_servers import browsing
from magpie.playlists.sources.files import service as files
from magpie.playlists.sources.files.facts import Entry
from magpie.playlists.sources.port import SourceFailed
from magpie.playlists.sync.matchers import Matchers
from magpie.playlists.sync.songs import track_of
from magpie.playlists.tasks import answers, covers, cron, decisions, planning, recognising, service
from magpie.playlists.tasks.schemas import (
    DecisionIn,
    Format,
    MatchOut,
    MatchPage,
    NextRuns,
    PlanOut,
    Recognised,
    RunPage,
    ShareText,
    TaskCreate,
    TaskOut,
    TaskUpdate,
    UnmatchedOut,
    VerdictName,
)
from magpie.web import Context

router = SliceRouter(prefix="/api/v1/tasks", tags=["tasks"], responses=responses(NotAuthenticated))

NEXT_RUNS = 5
TOTAL: dict[int | str, dict[str, object]] = {
    200: {
        "headers": {
            "X-Total-Count": {"description": "how many there are in all", "schema": {"type": "integer"}}
        }
    }
}
OnServer = Annotated[
    int | None, Query(ge=1, le=LARGEST_ROW_ID, description="one of the task's servers; left out: its first")
]


@router.get("", responses=TOTAL)
def list_tasks(
    user: CurrentUser,
    session: ReadDb,
    response: Response,
    skip: Annotated[int, Query(ge=0, le=LARGEST_ROW_ID)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[TaskOut]:
    """The playlists that you keep in step, newest first."""
    tasks, total = service.page(session, user, skip=skip, limit=limit)
    response.headers["X-Total-Count"] = str(total)
    return answers.tasks_out(session, tasks)


@router.post("", responses=responses(RuleBroken))
async def create_task(body: TaskCreate, user: CurrentUser, context: Context) -> TaskOut:
    """Keep a playlist in step. It is synced at once; a task for a file waits for its file."""

    def create() -> TaskOut:
        # Outside of the unit of work: a short link is followed.
        ref = service.resolve(context.settings, body.playlist_url, body.platform)
        with context.database.write() as session:
            return answers.task_out(session, service.create(context, session, user, body, ref))

    return await run_in_threadpool(create)


@router.get("/next-runs", responses=responses(RuleBroken))
def preview_schedule(
    _user: CurrentUser,
    cron_schedule: Annotated[str, Query(max_length=256)],
    timezone: Annotated[str, Query(max_length=64)] = "UTC",
) -> NextRuns:
    """When a schedule would come next."""
    try:
        line = cron.checked(cron_schedule)
    except cron.BadSchedule as bad:
        raise RuleBroken(str(bad), "query", "cron_schedule") from None
    try:
        moments = cron.preview(line, timezone, utcnow(), NEXT_RUNS)
    except cron.BadSchedule as bad:
        raise RuleBroken(str(bad), "query", "timezone") from None
    return NextRuns(cron_schedule=line, timezone=timezone, next_runs=moments)


@router.post("/recognise")
def recognise_playlist(body: ShareText, _user: CurrentUser, context: Context) -> Recognised:
    """Say which playlist a pasted text is about. Nobody is asked: a short link is followed when a task is made."""
    return recognising.recognise(context.settings, body.text)


@router.get("/{task_id}", responses=responses(NotFound))
def get_task(task_id: RowId, user: CurrentUser, session: ReadDb) -> TaskOut:
    """One task."""
    return answers.task_out(session, service.get(session, user, task_id))


@router.put("/{task_id}", responses=responses(NotFound, RuleBroken))
async def update_task(task_id: RowId, body: TaskUpdate, user: CurrentUser, context: Context) -> TaskOut:
    """Change a task; what is left out stays."""

    def update() -> TaskOut:
        with context.database.read() as session:
            task = service.get(session, user, task_id)
            platform = body.platform or "auto"
            is_new = body.playlist_url is not None and body.playlist_url != task.playlist_url
        ref = service.resolve(context.settings, body.playlist_url or "", platform) if is_new else None
        with context.database.write() as session:
            return answers.task_out(session, service.update(context, session, user, task_id, body, ref))

    return await run_in_threadpool(update)


@router.delete("/{task_id}", responses=responses(NotFound))
def delete_task(task_id: RowId, user: CurrentUser, session: WriteDb, context: Context) -> TaskOut:
    """Keep a playlist in step no more. What is on the servers stays."""
    answer = answers.task_out(session, service.get(session, user, task_id))
    service.remove(context, session, user, task_id)
    return answer


@router.get("/{task_id}/cover", response_class=Response, responses=responses(NotFound, TooManyRequests))
def get_task_cover(task_id: RowId, user: CurrentUser, context: Context) -> Response:
    """The source's picture. The page shows no picture from elsewhere, so that no platform learns who looks."""
    with context.database.read() as session:
        address = service.get(session, user, task_id).source_cover_url
    return covers.answer(context.settings, address)


@router.post("/{task_id}/sync", responses=responses(NotFound))
def sync_task(task_id: RowId, user: CurrentUser, session: WriteDb, context: Context) -> TaskOut:
    """Sync now."""
    return answers.task_out(session, service.sync(context, session, user, task_id))


@router.post("/{task_id}/approve", responses=responses(NotFound, Conflict))
def approve_task(task_id: RowId, user: CurrentUser, session: WriteDb, context: Context) -> TaskOut:
    """Let the next sync remove as many entries as it has asked for, this once."""
    return answers.task_out(session, service.approve(context, session, user, task_id))


@router.post("/{task_id}/undo", responses=responses(NotFound, Conflict))
def undo_task(task_id: RowId, user: CurrentUser, session: WriteDb, context: Context) -> TaskOut:
    """Put the playlists back as they were before the last sync that changed them, and pause the schedule."""
    return answers.task_out(session, service.undo(context, session, user, task_id))


@router.post("/{task_id}/file", responses=responses(NotFound, RuleBroken, Conflict, TooLarge))
async def upload_task_file(
    task_id: RowId, file: Annotated[UploadFile, File()], user: CurrentUser, context: Context
) -> TaskOut:
    """Let a file's songs be the source of a task whose platform is `file`: M3U, CSV, JSPF or XSPF."""
    data = await file.read(files.MAX_BYTES + 1)
    if len(data) > files.MAX_BYTES:
        raise TooLarge

    def take() -> TaskOut:
        try:
            playlist = files.read(file.filename or "playlist", data)
        except SourceFailed as failure:
            raise RuleBroken(failure.message, "body", "file") from None
        with context.database.write() as session:
            return answers.task_out(session, service.take_file(context, session, user, task_id, playlist))

    return await run_in_threadpool(take)


@router.get("/{task_id}/plan", responses=responses(NotFound, Unavailable))
def plan_task(
    task_id: RowId,
    user: CurrentUser,
    context: Context,
    request: Request,
    fresh: Annotated[bool, Query(description="ask the source what it has now")] = False,
) -> PlanOut:
    """What the next sync would do, as a diff for each server. Nothing is written."""
    matchers: Matchers = request.app.state.matchers
    try:
        return answers.plan_out(planning.draft(context, matchers, user, task_id, fresh=fresh))
    except SourceFailed as failure:
        raise Unavailable(failure.message) from None


@router.get("/{task_id}/runs", responses=responses(NotFound, RuleBroken))
def list_task_runs(
    task_id: RowId,
    user: CurrentUser,
    session: ReadDb,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> RunPage:
    """What came of a task's syncs, newest first, each with its log."""
    before = int(decode_cursor(cursor, (int,))[0]) if cursor else None
    found, undoable = service.runs(session, user, task_id, before=before, limit=limit + 1)
    more, found = len(found) > limit, found[:limit]
    return RunPage(
        runs=[answers.run_out(run, undoable) for run in found],
        next_cursor=encode_cursor(found[-1].id) if more else None,
    )


@router.get("/{task_id}/matches", responses=responses(NotFound, RuleBroken))
def list_task_matches(
    task_id: RowId,
    user: CurrentUser,
    session: ReadDb,
    verdict: Annotated[list[VerdictName] | None, Query()] = None,
    q: Annotated[str | None, Query(max_length=200, description="in title or album")] = None,
    server_id: OnServer = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> MatchPage:
    """The playlist's songs, each with what the server has for it and why."""
    task = service.get(session, user, task_id)
    page = decisions.page(
        session,
        user,
        task_id,
        server_id=server_id,
        verdicts=list(verdict or ()),
        words=q,
        cursor=cursor,
        limit=limit,
    )
    return MatchPage(
        matches=[answers.match_out(one) for one in page.judged],
        next_cursor=page.next_cursor,
        counts=answers.counts_out(task),
    )


@router.put("/{task_id}/matches", responses=responses(NotFound))
def decide_task_match(
    task_id: RowId, body: DecisionIn, user: CurrentUser, session: WriteDb, context: Context
) -> list[MatchOut]:
    """Decide about a song, for good and for all of your playlists. Its places in this one, as they are now."""
    return [answers.match_out(one) for one in decisions.decide(context, session, user, task_id, body)]


@router.get("/{task_id}/unmatched", responses=responses(NotFound))
def list_unmatched(
    task_id: RowId, user: CurrentUser, session: ReadDb, server_id: OnServer = None
) -> list[UnmatchedOut]:
    """The songs that the server does not have, or not for sure."""
    wanted = ["review", "missing", "waiting"]
    found = decisions.every(session, user, task_id, server_id=server_id, verdicts=wanted)
    return [answers.unmatched_out(one) for one in found]


@router.get("/{task_id}/export", response_class=Response, responses=responses(NotFound))
def export_task(
    task_id: RowId,
    user: CurrentUser,
    session: ReadDb,
    format: Format = "csv",  # noqa: A002
    server_id: OnServer = None,
    verdict: Annotated[list[VerdictName] | None, Query(description="left out: all")] = None,
) -> Response:
    """The playlist as a file, with what is not matched, too."""
    task = service.get(session, user, task_id)
    found = decisions.every(session, user, task_id, server_id=server_id, verdicts=list(verdict or ()))
    entries = [Entry(track_of(one.song), one.track) for one in found]
    return browsing.file_answer(browsing.Listing(task.name, tuple(entries)), format)
