"""Imports over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import File, Form, UploadFile
from pydantic import TypeAdapter

from magpie.accounts.security import CurrentUser
from magpie.kit.bounds import takes_up_to
from magpie.kit.errors import NotAuthenticated, RuleBroken, TooLarge, responses
from magpie.kit.routing import SliceRouter
from magpie.links import service as links
from magpie.links.imports import service
from magpie.links.imports.schemas import ImportOut
from magpie.links.schemas import LinkSettings
from magpie.web import Context

router = SliceRouter(prefix="/api/v1/links", tags=["links"], responses=responses(NotAuthenticated))

MAX_FILE = 20_000_000  # bytes
_AROUND = 512 * 1024  # of a request around its file, with the keys of 10,000 sources
_KEYS = TypeAdapter(set[str])


@router.post("/import", responses=responses(RuleBroken, TooLarge))
@takes_up_to(MAX_FILE + _AROUND)
def import_links(
    user: CurrentUser,
    context: Context,
    file: Annotated[
        UploadFile,
        File(
            description="OPML, YouTube Takeout's subscriptions.csv, a list of addresses, a yt-dlp archive, or another "
            "program's JSON or CSV; up to 20 MB"
        ),
    ],
    dry_run: Annotated[bool, Form(description="only say what is in the file")] = False,
    tags: Annotated[str, Form(max_length=6000, description="for the new links, with commas between")] = "",
    profile: Annotated[str, Form(max_length=32, description="for the new links")] = "",
    only: Annotated[
        str | None,
        Form(
            description="a JSON list of `key`s that a dry run answered: of the file's sources only these are followed; "
            "left out: all that are new"
        ),
    ] = None,
    is_enabled: Annotated[bool, Form(description="of the new links")] = True,
    download_automatically: Annotated[bool, Form(description="of the new links")] = True,
) -> ImportOut:
    """Follow what another program followed, and leave alone what it has fetched already.

    Every source is answered by itself: what is followed already, or cannot be, stops nothing.
    """
    data = file.file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise TooLarge("The file is larger than 20 MB")
    said = {"tags": tags or None, "profile": profile or None}
    said_settings = {name: value for name, value in said.items() if value is not None}
    try:
        settings = LinkSettings(
            is_enabled=is_enabled, download_automatically=download_automatically, **said_settings
        )
    except ValueError as error:
        raise RuleBroken(links.plain(error), "body", "tags") from None
    return service.bring(context, user, data, settings, dry_run=dry_run, only=_keys(only))


def _keys(text: str | None) -> set[str] | None:
    if text is None:
        return None
    try:
        return _KEYS.validate_json(text)
    except ValueError:
        raise RuleBroken("This is no JSON list of keys.", "body", "only") from None
