"""Episodes over HTTP: making them, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Body, Path, Query, Request, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from magpie.accounts.principal import Principal
from magpie.accounts.security import CurrentUser
from magpie.context import AppContext
from magpie.kit.bounds import takes_up_to
from magpie.kit.errors import (
    Conflict,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RuleBroken,
    TooLarge,
    responses,
)
from magpie.kit.routing import SliceRouter
from magpie.kit.web import LARGEST_ROW_ID, ReadDb, WriteDb
from magpie.podcasts.episodes import answers, files, scripts, service, uploads
from magpie.podcasts.episodes.schemas import (
    ContinueIn,
    Created,
    EpisodeCreate,
    EpisodeOut,
    EpisodeUpdate,
    GenerateText,
    GenerateUrl,
    ScriptIn,
    ScriptOut,
    ScriptVersion,
    SourceIn,
    TranslateIn,
    VoiceIn,
    Wishes,
)
from magpie.podcasts.episodes.taking import NewSource
from magpie.podcasts.models import Episode, EpisodeStatus, SourceKind
from magpie.web import Context

router = SliceRouter(prefix="/api/v1/podcasts", tags=["podcasts"], responses=responses(NotAuthenticated))

T = TypeVar("T")
PodcastId = Annotated[str, Path(max_length=100, description="as the making of the podcast answered")]
MAX_JSON = 40 << 20  # bytes of a text with everything escaped
MAX_SCRIPT = 16 << 20
TOTAL: dict[int | str, dict[str, object]] = {
    200: {
        "headers": {
            "X-Total-Count": {"description": "how many there are in all", "schema": {"type": "integer"}}
        }
    }
}
_MAKING = responses(RuleBroken, NotAllowed, Conflict, TooLarge)
_BINARY = {"type": "string", "format": "binary"}


def _form(**properties: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


def _source(one: SourceIn, index: int) -> NewSource:
    kinds = {"text": one.text, "url": one.url, "item": one.item_id, "episode": one.episode_id}
    kind = next(kind for kind, value in kinds.items() if value is not None)
    return NewSource(
        SourceKind(kind),
        text=one.text,
        address=one.url,
        item_id=one.item_id,
        episode=one.episode_id,
        title=one.title,
        language=one.language,
        place=("body", "sources", index),
    )


def _create(context: AppContext, user: Principal, wishes: Wishes, sources: Sequence[NewSource]) -> Created:
    with context.database.write() as session:
        episode = service.create(session, context, user, wishes, sources)
        return Created(podcast_id=episode.key, status=episode.status)


@router.post("/generate/text", responses=_MAKING)
@takes_up_to(MAX_JSON)
def generate_from_text(body: GenerateText, user: CurrentUser, context: Context) -> Created:
    """Make a podcast of a text."""
    wishes = Wishes(title=body.title, template_id=body.template_id)
    return _create(context, user, wishes, [NewSource(SourceKind.TEXT, text=body.text)])


@router.post("/generate/url", responses=_MAKING)
def generate_from_url(body: GenerateUrl, user: CurrentUser, context: Context) -> Created:
    """Make a podcast of a page, document or recording elsewhere."""
    wishes = Wishes(title=body.title, template_id=body.template_id)
    return _create(context, user, wishes, [NewSource(SourceKind.URL, address=body.url)])


@router.post(
    "/generate/audio",
    responses=_MAKING,
    openapi_extra=_form(audioFile=_BINARY, templateId={"type": "string"}, title={"type": "string"}),
)
@takes_up_to(uploads.MAX_REQUEST)
async def generate_from_audio(user: CurrentUser, request: Request, context: Context) -> Created:
    """Make a podcast of a recording."""
    with files.incoming(files.root_of(context.settings)) as folder:
        form = await uploads.receive(request, folder, "audioFile", reserve=_reserve(context))
        if len(form.files) != 1:
            raise RuleBroken(
                "There is no file in the field `audioFile`.", "body", "audioFile", code="missing"
            )
        said = {name: form.fields.get(name) or None for name in ("title", "templateId")}
        wishes = _checked(Wishes.model_validate, said)
        return await run_in_threadpool(_create, context, user, wishes, _uploaded(form))


def _reserve(context: AppContext) -> int:
    return int(context.settings.free_space_reserve_gb * 10**9)


def _uploaded(form: uploads.Form) -> list[NewSource]:
    return [
        NewSource(one.kind, path=one.path, name=one.name, place=("body", one.field)) for one in form.files
    ]


def _checked(read: Callable[[Any], T], said: Any) -> T:
    """Raises `RuleBroken` that names the field."""
    try:
        return read(said)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        message = fault["msg"].removeprefix("Value error, ")
        raise RuleBroken(message, "body", *fault["loc"], code=fault["type"]) from None


@router.post("", responses=_MAKING)
@takes_up_to(MAX_JSON)
def create_podcast(body: EpisodeCreate, user: CurrentUser, context: Context) -> Created:
    """Make a podcast of one or several sources of any kind: texts, addresses, items of the library, other episodes."""
    return _create(context, user, body, [_source(one, index) for index, one in enumerate(body.sources)])


@router.post(
    "/files",
    responses=_MAKING,
    openapi_extra=_form(
        files={"type": "array", "items": _BINARY},
        podcast={"type": "string", "description": "the JSON of `POST /podcasts`; its sources come first"},
    ),
)
@takes_up_to(uploads.MAX_REQUEST)
async def create_podcast_of_files(user: CurrentUser, request: Request, context: Context) -> Created:
    """Make a podcast of uploaded documents and recordings, together with whatever else is named."""
    with files.incoming(files.root_of(context.settings)) as folder:
        form = await uploads.receive(request, folder, "files", "audioFile", reserve=_reserve(context))
        wanted = _checked(EpisodeCreate.model_validate_json, form.fields.get("podcast") or "{}")
        sources = [_source(one, index) for index, one in enumerate(wanted.sources)]
        return await run_in_threadpool(_create, context, user, wanted, [*sources, *_uploaded(form)])


@router.get("", responses=TOTAL)
def list_podcasts(
    user: CurrentUser,
    session: ReadDb,
    response: Response,
    status: Annotated[EpisodeStatus | None, Query()] = None,
    skip: Annotated[int, Query(ge=0, le=LARGEST_ROW_ID)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[EpisodeOut]:
    """Your podcasts, newest first."""
    found, total = service.page(session, user, status=status, skip=skip, limit=limit)
    response.headers["X-Total-Count"] = str(total)
    return answers.episodes_out(session, found)


def _answer(session: ReadDb, context: AppContext, episode: Episode) -> EpisodeOut:
    return answers.episode_out(session, context.settings, episode)


@router.get("/{podcast_id}", responses=responses(NotFound))
def get_podcast(podcast_id: PodcastId, user: CurrentUser, session: ReadDb, context: Context) -> EpisodeOut:
    """One podcast, with what it was made of."""
    return _answer(session, context, service.get(session, user, podcast_id))


@router.put("/{podcast_id}", responses=responses(NotFound))
def update_podcast(
    podcast_id: PodcastId, body: EpisodeUpdate, user: CurrentUser, session: WriteDb, context: Context
) -> EpisodeOut:
    """Give a podcast another title or description."""
    return _answer(session, context, service.update(context, session, user, podcast_id, body))


@router.delete("/{podcast_id}", responses=responses(NotFound))
def delete_podcast(
    podcast_id: PodcastId, user: CurrentUser, session: WriteDb, context: Context
) -> EpisodeOut:
    """Delete a podcast with all its files."""
    answer = answers.episodes_out(session, [service.get(session, user, podcast_id)])[0]
    service.remove(context, session, user, podcast_id)
    return answer


@router.post("/{podcast_id}/cancel", responses=responses(NotFound, Conflict))
def cancel_podcast(
    podcast_id: PodcastId, user: CurrentUser, session: WriteDb, context: Context
) -> EpisodeOut:
    """End the making of a podcast; what was done is kept."""
    return _answer(session, context, service.cancel(context, session, user, podcast_id))


@router.post("/{podcast_id}/continue", responses=responses(NotFound, NotAllowed, Conflict))
def continue_podcast(
    podcast_id: PodcastId,
    user: CurrentUser,
    session: WriteDb,
    context: Context,
    body: Annotated[ContinueIn | None, Body()] = None,
) -> EpisodeOut:
    """Go on where the making has failed or was cancelled; nothing that was done is done again."""
    return _answer(session, context, service.go_on(context, session, user, podcast_id, body or ContinueIn()))


@router.post("/{podcast_id}/approve", responses=responses(NotFound, Conflict))
def approve_podcast(
    podcast_id: PodcastId,
    user: CurrentUser,
    session: WriteDb,
    context: Context,
    version: Annotated[int | None, Query(ge=1, le=LARGEST_ROW_ID, description="left out: the newest")] = None,
) -> EpisodeOut:
    """Let a script be spoken that waits for it."""
    return _answer(session, context, service.approve(context, session, user, podcast_id, version))


@router.post("/{podcast_id}/voice", responses=responses(NotFound, RuleBroken, NotAllowed, Conflict))
def voice_podcast(
    podcast_id: PodcastId,
    user: CurrentUser,
    session: WriteDb,
    context: Context,
    body: Annotated[VoiceIn | None, Body()] = None,
) -> EpisodeOut:
    """Have the script spoken: after it was changed, or with other voices. Nothing is written anew, and turns that have
    not changed are not spoken again."""
    return _answer(session, context, service.voice(context, session, user, podcast_id, body or VoiceIn()))


@router.post("/{podcast_id}/translate", responses=responses(NotFound, RuleBroken, Conflict))
def translate_podcast(
    podcast_id: PodcastId, body: TranslateIn, user: CurrentUser, context: Context
) -> Created:
    """Make a podcast of the same script in another language."""
    with context.database.write() as session:
        episode = service.translate(context, session, user, podcast_id, body)
        return Created(podcast_id=episode.key, status=episode.status)


Version = Annotated[int | None, Query(ge=1, le=LARGEST_ROW_ID, description="left out: the newest")]


@router.get("/{podcast_id}/script", responses=responses(NotFound))
def get_script(
    podcast_id: PodcastId, user: CurrentUser, session: ReadDb, version: Version = None
) -> ScriptOut:
    """A podcast's script."""
    return answers.script_out(*scripts.get(session, user, podcast_id, version))


@router.put("/{podcast_id}/script", responses=responses(NotFound, RuleBroken, Conflict, TooLarge))
@takes_up_to(MAX_SCRIPT)
def put_script(
    podcast_id: PodcastId, body: ScriptIn, user: CurrentUser, session: WriteDb, context: Context
) -> ScriptOut:
    """Write a new version of the script; the ones before stay."""
    return answers.script_out(*scripts.put(context, session, user, podcast_id, body))


@router.get("/{podcast_id}/scripts", responses=responses(NotFound))
def list_scripts(podcast_id: PodcastId, user: CurrentUser, session: ReadDb) -> list[ScriptVersion]:
    """All versions of a podcast's script, the newest first."""
    episode, rows = scripts.versions(session, user, podcast_id)
    return [answers.version_out(episode, row) for row in rows]
