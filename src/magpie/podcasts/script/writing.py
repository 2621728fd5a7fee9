"""A script by a language model: outline, segments one after another, one correction of the length, grounding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from magpie.podcasts.llms.port import ChatFailed, ChatModel
from magpie.podcasts.script import extractive, outline, phrases
from magpie.podcasts.script.asking import Asker
from magpie.podcasts.script.brief import Brief, SourceText
from magpie.podcasts.script.grounding import Ground, Places, grounded
from magpie.podcasts.script.outline import Frame, Plan
from magpie.podcasts.script.phrases import Phrases
from magpie.podcasts.script.segments import Draft, SegmentWriter
from magpie.podcasts.script.turns import Script, Turn
from magpie.podcasts.script.work import Budget, Journal, Report, Stop

_NEAR_ENOUGH = 0.10  # of the time that was asked for
_WORTH_CORRECTING = 0.15  # of a segment's time
_CARRIED = (0.75, 1.35)  # how far a segment's time may be moved by what those before it took


class NothingToSay(ChatFailed):
    """The sources hold no text (`nothing_to_say`)."""

    def __init__(self) -> None:
        super().__init__("nothing_to_say", "The sources hold no text.")


def write(
    brief: Brief,
    sources: Sequence[SourceText],
    model: ChatModel,
    journal: Journal,
    report: Report,
    stop: Stop,
    *,
    budget: Budget | None = None,
    wait: Callable[[float, Stop], None] | None = None,
) -> Script:
    """The script. Every answer of the model is in the journal, so the same call goes on where it ended.

    `report` hears of the steps `outline`, `segment`, `correction`. `budget` bounds and counts the tokens; `wait` stands in
    for sleeping. Raises `NothingToSay`, `ChatFailed` (`stopped` among others), `OverBudget`, `Later`.
    """
    asker = Asker(model, journal, stop, budget, wait)
    framed = outline.frame(brief, sources, asker.context_tokens())
    if not framed.passages:
        raise NothingToSay
    report("outline", 0, 1)
    plan = outline.plan(brief, sources, framed, asker)
    report("outline", 1, 1)
    writer = SegmentWriter(brief, plan, asker)
    drafts = _written(writer, brief, plan, report, stop)
    drafts = _corrected(writer, brief, plan, drafts, report, stop)
    return _script(brief, sources, framed, plan, drafts)


def _written(writer: SegmentWriter, brief: Brief, plan: Plan, report: Report, stop: Stop) -> list[Draft]:
    drafts: list[Draft] = []
    count = len(plan.segments)
    for number, planned in enumerate(plan.segments):
        report("segment", number, count)
        _look(stop)
        drafts.append(writer.write(number, drafts, planned.minutes * _carried(brief, plan, drafts)))
    report("segment", count, count)
    return drafts


def _carried(brief: Brief, plan: Plan, drafts: Sequence[Draft]) -> float:
    """By how much the rest is to be longer or shorter, given what the segments so far took."""
    rest = sum(one.minutes for one in plan.segments[len(drafts) :])
    total = sum(one.minutes for one in plan.segments)
    taken = sum(draft.minutes(brief) for draft in drafts)
    least, most = _CARRIED
    return min(most, max(least, (total - taken) / rest))


def _corrected(
    writer: SegmentWriter, brief: Brief, plan: Plan, drafts: list[Draft], report: Report, stop: Stop
) -> list[Draft]:
    """One pass over the segments that are furthest off, until the whole is near what was asked for."""
    wanted = sum(one.minutes for one in plan.segments)
    lengths = [draft.minutes(brief) for draft in drafts]
    surplus = sum(lengths) - wanted
    chosen: list[int] = []
    off = [own - planned.minutes for own, planned in zip(lengths, plan.segments, strict=True)]
    for index in sorted(range(len(drafts)), key=lambda i: -abs(off[i])):
        if abs(surplus) <= wanted * _NEAR_ENOUGH:
            break
        is_off = abs(off[index]) > plan.segments[index].minutes * _WORTH_CORRECTING
        if is_off and off[index] * surplus > 0 and not drafts[index].is_quoted:
            chosen.append(index)
            surplus -= off[index]
    for done, index in enumerate(sorted(chosen)):
        report("correction", done, len(chosen))
        _look(stop)
        drafts[index] = writer.correct(index, drafts, plan.segments[index].minutes)
    if chosen:
        report("correction", len(chosen), len(chosen))
    return drafts


def _look(stop: Stop) -> None:
    if stop():
        raise ChatFailed("stopped", "The writing was stopped.")


def _script(
    brief: Brief, sources: Sequence[SourceText], framed: Frame, plan: Plan, drafts: Sequence[Draft]
) -> Script:
    ground = Ground(sources, [speaker.name for speaker in brief.speakers])
    places = Places(framed.passages)
    turns: list[Turn] = []
    for number, draft in enumerate(drafts):
        own = [replace(turn, segment=number) for turn in draft.turns]
        turns += own if draft.is_quoted else grounded(own, draft.cites, places, ground)
    summaries = [
        draft.summary or planned.segment.summary for draft, planned in zip(drafts, plan.segments, strict=True)
    ]
    is_quoted = all(draft.is_quoted for draft in drafts)
    language = extractive.language_of(brief, sources) if is_quoted else brief.language
    return Script(
        title=plan.title,
        language=language,
        segments=tuple(replace(one, summary=told) for one, told in zip(plan.table, summaries, strict=True)),
        turns=tuple(turns),
        is_extractive=is_quoted,
        description=_description(plan, drafts, phrases.of(language)),
    )


def _description(plan: Plan, drafts: Sequence[Draft], said: Phrases) -> str:
    """The plan's, and which parts are no model's."""
    quoted = [one.segment.title for one, draft in zip(plan.segments, drafts, strict=True) if draft.is_quoted]
    if not quoted:
        return plan.description
    told = said.label if len(quoted) == len(drafts) else said.partly.format(titles="; ".join(quoted))
    return f"{plan.description}\n{told}".strip()
