"""The parts of the work in a server: pages through the egress guard, items and episodes out of the database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from magpie.context import AppContext
from magpie.downloads.bench import Bench
from magpie.kit.db import ReadSession
from magpie.kit.errors import NotFound
from magpie.library import service as library
from magpie.library.models import Item, ItemFile
from magpie.podcasts.episodes import repository
from magpie.podcasts.making.failures import MakingFailed
from magpie.podcasts.making.order import MakingOrder
from magpie.podcasts.making.pages import page_reader
from magpie.podcasts.making.reading import ItemMatter
from magpie.podcasts.making.recordings import recording_fetcher
from magpie.podcasts.making.tools import Tools
from magpie.podcasts.script.brief import SourceText
from magpie.podcasts.script.turns import Script

SUBTITLE = "subtitle"
READABLE = frozenset({".vtt", ".srt", ".ass", ".ssa"})


def server_tools(context: AppContext, bench: Bench) -> Callable[[MakingOrder, str], Tools]:
    """What gives each order its tools; `name` is that of the work, for the guard."""

    def tools(_order: MakingOrder, name: str) -> Tools:
        settings = context.settings
        return Tools(
            settings,
            read_page=page_reader(bench, name),
            fetch_recording=recording_fetcher(settings, bench, name),
            of_item=lambda row_id: _item(context, row_id),
            of_episode=lambda row_id: _episode(context, row_id),
            ffmpeg=settings.ffmpeg,
        )

    return tools


def _item(context: AppContext, row_id: int) -> ItemMatter:
    with context.database.read() as session:
        return matter_of(session, library.roots_of(context), row_id)


def matter_of(session: ReadSession, roots: library.Roots, item_id: int) -> ItemMatter:
    """What an item's rows and files say. Raises `MakingFailed` if it has gone."""
    item = session.get(Item, item_id)
    if item is None:
        raise MakingFailed("reading", "gone", "The item is not in the library any more.")
    subtitles = [
        (path, file.language)
        for file in item.files
        if file.role == SUBTITLE
        and (path := _place(roots, file)) is not None
        and path.suffix.lower() in READABLE
    ]
    main = library.main_file(item)
    audible = main is not None and main.mime.startswith(("audio/", "video/"))
    return ItemMatter(
        title=item.title,
        description=item.description or "",
        address=item.source_url,
        subtitles=tuple(subtitles),
        recording=_place(roots, main) if main is not None and audible else None,
    )


def _place(roots: library.Roots, file: ItemFile) -> Path | None:
    try:
        return library.open_file(roots, file)
    except NotFound:
        return None


def _episode(context: AppContext, row_id: int) -> SourceText:
    with context.database.read() as session:
        episode = repository.get(session, row_id)
        held = repository.script(session, row_id)
        if episode is None or held is None:
            raise MakingFailed("reading", "gone", "The other episode is not there any more.")
        script = Script.of_json(held.script)
        text = "\n\n".join(f"{turn.speaker}: {turn.text}" for turn in script.turns)
        return SourceText(episode.title, text, None, script.language)
