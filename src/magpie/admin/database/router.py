"""Export, import and backups over HTTP: for superusers only."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Request
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from magpie.accounts.security import Superuser
from magpie.admin.database import service, upload
from magpie.admin.database.backups import Backup, Backups, Why
from magpie.admin.database.importer import Importer
from magpie.admin.database.schemas import BackupList, BackupOut, ImportStarted, ImportStateOut
from magpie.context import AppContext
from magpie.kit.bounds import takes_up_to
from magpie.kit.errors import (
    Conflict,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RuleBroken,
    TooLarge,
    Unavailable,
    responses,
)
from magpie.kit.routing import SliceRouter
from magpie.web import Context

router = SliceRouter(prefix="/api/v1", tags=["database"])
SQL = "application/sql"
GUARDED = (NotAuthenticated, NotAllowed)
_FILE_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {SQL: {"schema": {"type": "string", "format": "binary"}}},
        "description": "The file.",
    }
}
_FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


def _importer(request: Request) -> Importer:
    importer: Importer = request.app.state.importer
    return importer


CurrentImporter = Annotated[Importer, Depends(_importer)]
BackupName = Annotated[str, Path(max_length=100, description="as in the list of backups")]


def _out(backup: Backup) -> BackupOut:
    return BackupOut(name=backup.name, kind=backup.why.value, created_at=backup.created_at, size=backup.size)


def _import_limit(app: FastAPI) -> int:
    """How many bytes a request to import may bring: the file, and what is around it."""
    context: AppContext = app.state.context
    return context.settings.import_max_mb * upload.MEGABYTE + upload.AROUND


@router.get(
    "/database/export", response_class=FileResponse, responses=_FILE_ANSWER | responses(*GUARDED, Unavailable)
)
def export_database(user: Superuser, context: Context) -> FileResponse:
    """The whole database as one file, as it is in this moment; without secrets."""
    path = service.export(context, user)
    return FileResponse(
        path,
        media_type=SQL,
        filename=service.export_name(),
        headers={"Cache-Control": "no-store"},
        background=BackgroundTask(path.unlink, missing_ok=True),
    )


@router.post(
    "/database/import",
    responses=responses(*GUARDED, RuleBroken, Conflict, TooLarge),
    openapi_extra=_FILE_BODY,
)
@takes_up_to(_import_limit)
async def import_database(
    user: Superuser, request: Request, context: Context, importer: CurrentImporter
) -> ImportStarted:
    """Replace the whole database by an exported one, in the background. All sessions end with it."""
    importer.require_idle()
    folder = Backups(context.settings.data_dir).prepare()
    limit = context.settings.import_max_mb * upload.MEGABYTE
    path, name = await upload.receive(request, folder, limit)
    try:
        receipt = importer.start(path, name, user, lambda: path.unlink(missing_ok=True))
    except Conflict:
        path.unlink(missing_ok=True)
        raise
    return ImportStarted(receipt=receipt)


@router.get("/database/import", responses=responses(*GUARDED))
def get_import(_user: Superuser, importer: CurrentImporter) -> ImportStateOut:
    """How the latest import is, or was."""
    return ImportStateOut.model_validate(importer.state)


@router.get("/database/import/{receipt}", responses=responses(NotFound))
def get_import_of_receipt(
    receipt: Annotated[str, Path(max_length=100, description="as the start answered")],
    importer: CurrentImporter,
) -> ImportStateOut:
    """How an import is, or was, for whoever has its receipt: an import that succeeds ends every session."""
    return ImportStateOut.model_validate(importer.state_for(receipt))


@router.get("/backups", responses=responses(*GUARDED))
def list_backups(_user: Superuser, context: Context) -> BackupList:
    """The backups in the data folder, newest first."""
    found = Backups(context.settings.data_dir).all()
    return BackupList(backups=[_out(backup) for backup in found])


@router.post("/backups", status_code=201, responses=responses(*GUARDED, Unavailable))
def create_backup(user: Superuser, context: Context) -> BackupOut:
    """Make a backup now; it is kept until somebody deletes it."""
    return _out(service.make_backup(context, Why.MANUAL, user))


@router.get(
    "/backups/{name}", response_class=FileResponse, responses=_FILE_ANSWER | responses(*GUARDED, NotFound)
)
def get_backup(name: BackupName, user: Superuser, context: Context) -> FileResponse:
    """A backup's file."""
    backup = service.note_download(context, name, user)
    return FileResponse(
        backup.path, media_type=SQL, filename=backup.name, headers={"Cache-Control": "no-store"}
    )


@router.delete("/backups/{name}", responses=responses(*GUARDED, NotFound))
def delete_backup(name: BackupName, user: Superuser, context: Context) -> BackupOut:
    """Delete a backup for good."""
    return _out(service.delete_backup(context, name, user))


@router.post("/backups/{name}/restore", responses=responses(*GUARDED, NotFound, Conflict))
def restore_backup(
    name: BackupName, user: Superuser, context: Context, importer: CurrentImporter
) -> ImportStarted:
    """Go back to a backup, in the background, as an import does."""
    backup = Backups(context.settings.data_dir).get(name)
    return ImportStarted(receipt=importer.start(backup.path, backup.name, user))
