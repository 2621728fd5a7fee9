"""Transcripts of items over HTTP."""

from __future__ import annotations

from magpie.accounts.security import CurrentUser
from magpie.kit.errors import Conflict, NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, RowId, WriteDb
from magpie.podcasts.transcripts import service
from magpie.podcasts.transcripts.schemas import TranscriptIn, TranscriptList, TranscriptOut
from magpie.web import Context

router = SliceRouter(prefix="/api/v1/items", tags=["library"], responses=responses(NotAuthenticated))


@router.get("/{item_id}/transcripts", responses=responses(NotFound))
def list_transcripts(item_id: RowId, user: CurrentUser, context: Context, session: ReadDb) -> TranscriptList:
    """The transcripts of an item that you have asked for. Finished ones are subtitles among the item's files, too."""
    found = service.of_item(session, user, item_id)
    return TranscriptList(
        transcripts=[TranscriptOut.model_validate(one) for one in found], provider=context.settings.asr
    )


@router.post("/{item_id}/transcripts", responses=responses(NotFound, Conflict, RuleBroken))
def begin_transcript(
    item_id: RowId, body: TranscriptIn, user: CurrentUser, context: Context, session: WriteDb
) -> TranscriptOut:
    """Have the sound of an item written down, by the recogniser of the setting `asr`. It becomes one of the item's
    subtitle files."""
    return TranscriptOut.model_validate(service.begin(context, session, user, item_id, body.language))


@router.delete("/{item_id}/transcripts/{transcript_id}", responses=responses(NotFound))
def delete_transcript(
    item_id: RowId, transcript_id: RowId, user: CurrentUser, context: Context, session: WriteDb
) -> TranscriptOut:
    """Stop a transcript that is being made (it stays, as cancelled), or delete one with its subtitles."""
    removed = service.remove(context, session, user, item_id, transcript_id)
    return TranscriptOut.model_validate(removed)
