"""What an episode would take, said before anything is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.kit.db import ReadSession
from magpie.kit.errors import NotFound, RuleBroken
from magpie.library import service as library
from magpie.podcasts.episodes import files, repository, service, taking
from magpie.podcasts.episodes.schemas import EpisodeCreate, SourceIn
from magpie.podcasts.llms.port import ChatFailed
from magpie.podcasts.making import costing
from magpie.podcasts.making.failures import MakingFailed
from magpie.podcasts.making.folder import Used
from magpie.podcasts.making.order import Cost
from magpie.podcasts.making.tools import Tools
from magpie.podcasts.models import Episode
from magpie.podcasts.offers import experience
from magpie.podcasts.script.brief import Brief, SourceText
from magpie.podcasts.templates import service as templates
from magpie.podcasts.texts.document import Unreadable
from magpie.podcasts.voices.port import VoiceFailed

# What people say in a minute when a recording's words are not known.
WORDS_A_MINUTE = 150
LONGEST_SECONDS = 48 * 3600.0  # that anybody records; files claim anything
MOST_PAGES = 5  # that are fetched for one estimate


@dataclass(frozen=True, slots=True)
class Known:
    """A source as far as it is known now."""

    title: str | None
    text: SourceText | None
    is_guessed: bool = False


@dataclass(frozen=True, slots=True)
class Estimated:
    """What it would take, and from which sources that is known. `seconds`: how long the making takes; None: unknown."""

    cost: Cost
    is_extractive: bool
    sources: tuple[Known, ...]
    seconds: float | None


def estimate(context: AppContext, user: Principal, wanted: EpisodeCreate, tools: Tools) -> Estimated:
    """What an episode would take. Pages are read for it, at most five; nothing is kept. Raises `RuleBroken`."""
    settings = context.settings
    if not wanted.sources:
        raise RuleBroken("say what the podcast is to be made of", "body", "sources")
    service.require_free_choice(context, user, wanted)
    service.require_free_voices(context, user, wanted.speakers)
    template = service.template_of(files.root_of(settings), user, wanted)
    known = tuple(_known(context, user, one, index, tools) for index, one in enumerate(wanted.sources))
    texts = [one.text for one in known if one.text is not None]
    brief = templates.settle(template, service.options_of(wanted))
    brief = replace(brief, language=brief.language or tools.language_of(texts) or "en")
    brief = replace(brief, wpm=_pace(tools, brief, wanted.tts or settings.tts))
    llm = wanted.llm or settings.llm
    is_extractive = tools.is_extractive(llm)
    context_tokens = None if is_extractive else _room(tools, llm)
    with context.database.read() as session:
        learned = experience.of(session, llm, wanted.tts or settings.tts)
    cost = _cost(tools, brief, texts, context_tokens, is_extractive, learned)
    # How long it takes to listen to recordings, and to read what is not known yet, nobody has measured.
    is_known = all(one.text is not None and not one.is_guessed for one in known)
    seconds = learned.pace * cost.minutes if is_known and learned.pace is not None else None
    return Estimated(cost, is_extractive, known, seconds)


def _cost(
    tools: Tools,
    brief: Brief,
    texts: Sequence[SourceText],
    context_tokens: int | None,
    is_extractive: bool,
    learned: experience.Experience,
) -> Cost:
    from magpie.podcasts.script.estimate import estimate as estimated

    if not texts:
        return costing.cost_of(tools.settings, Used(), brief.minutes or 0.0)
    try:
        found = estimated(brief, texts, context_tokens, is_extractive)
    except ChatFailed as failed:
        raise RuleBroken(failed.message, "body", "sources", code=failed.reason) from failed
    used = Used(
        round(found.prompt_tokens * learned.prompt),
        round(found.completion_tokens * learned.completion),
        found.characters,
    )
    return costing.cost_of(tools.settings, used, found.minutes)


def _pace(tools: Tools, brief: Brief, tts: str) -> float | None:
    """Words a minute of the voices that would speak, as far as they have spoken before."""
    try:
        cast = tools.cast(brief.speakers, tts, brief.language)
    except VoiceFailed:
        return None
    return tools.paces.of([f"{speaking.identity} {voice_id}" for speaking, voice_id in cast])


def _room(tools: Tools, llm: str) -> int:
    """How much the model takes at once; if it cannot be asked, what the settings allow."""
    try:
        return tools.model(llm).context_tokens()
    except ChatFailed:
        return tools.settings.llm_context_tokens


def _known(context: AppContext, user: Principal, one: SourceIn, index: int, tools: Tools) -> Known:
    place = ("body", "sources", index)
    if one.text is not None:
        return Known(one.title, SourceText(one.title or "", one.text, None, one.language))
    if one.url is not None:
        return _page(one, place, tools) if index < MOST_PAGES else Known(one.title, None)
    with context.database.read() as session:
        if one.item_id is not None:
            return _item(session, context, user, one, place, tools)
        return _episode(session, user, one, place)


def _page(one: SourceIn, place: tuple[str | int, ...], tools: Tools) -> Known:
    address = taking.clean_source_address(one.url or "", place)
    try:
        found = tools.read_page(address, lambda: False)
    except Unreadable:
        return Known(one.title, None)
    return Known(one.title or found.title, found)


def _item(
    session: ReadSession,
    context: AppContext,
    user: Principal,
    one: SourceIn,
    place: tuple[str | int, ...],
    tools: Tools,
) -> Known:
    try:
        item = library.get_item(session, user, one.item_id or 0)
    except NotFound:
        raise RuleBroken("there is no such item", *place, "itemId") from None
    try:
        matter = tools.of_item(item.id)
        said = tools.read_subtitles(matter.subtitles[0][0]) if matter.subtitles else None
    except (MakingFailed, OSError):  # it goes just now
        return Known(one.title or item.title, None)
    title = one.title or matter.title
    written = matter.description
    if said is not None:
        return Known(title, SourceText(title, f"{written}\n\n{said}", None, one.language))
    if matter.recording is not None and item.duration:
        said = "words " * int(min(item.duration, LONGEST_SECONDS) / 60 * WORDS_A_MINUTE)
        return Known(title, SourceText(title, f"{written}\n\n{said}", None, one.language), is_guessed=True)
    return Known(title, SourceText(title, written, None, one.language) if written else None)


def _episode(session: ReadSession, user: Principal, one: SourceIn, place: tuple[str | int, ...]) -> Known:
    try:
        other: Episode = service.get(session, user, one.episode_id or "")
    except NotFound:
        raise RuleBroken("there is no such episode", *place, "episodeId") from None
    row = repository.script(session, other.id)
    if row is None:
        raise RuleBroken("this episode has no script yet", *place, "episodeId")
    text = "\n".join(str(turn["text"]) for turn in row.script.get("turns", ()))
    return Known(other.title, SourceText(other.title, text, None, row.language))
