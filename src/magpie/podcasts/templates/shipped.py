"""The templates that come with Magpie."""

from __future__ import annotations

from functools import cache

from magpie.podcasts.script.brief import Format
from magpie.podcasts.templates.schemas import SpeakerIn, Template
from magpie.podcasts.templates.settling import USUAL

DEFAULT = "two-hosts"

# In every template: what makes a script worth hearing, whatever its form.
_ALWAYS = """\
Write for the ear: short sentences, one thought each, everyday words, no lists, no headings, no links, no stage directions.
Say numbers the way people say them, and round them where the exact figure does not matter.
Name the source of a claim when it is contested. Never invent facts, names, numbers, quotes or experiences: if the \
sources do not say it, leave it out or say that they do not.
Begin with what makes this worth the listener's time, not with a greeting. Do not repeat what was said before. \
End when the last point is made, with one sentence to take along."""


def _instructions(text: str) -> str:
    return f"{text.strip()}\n\n{_ALWAYS}"


_NARRATOR = """
One narrator tells a single listener what the sources say. Open with the most surprising true thing in them.
Then give the background that is needed to understand it, and no more. Go on in the order in which questions
come up in a listener's mind, and answer each before the next. Give every abstract statement an example from the
sources. Between parts, say in one sentence how the next one follows from the last."""

_TWO_HOSTS = """
Two hosts talk about the sources as friends would who have both read them, one a little better than the other.
The curious host asks what a clever listener without background would ask, says back in plain words what was
understood, and is sometimes wrong in an instructive way. The other explains, with pictures from daily life and
examples from the sources. Turns are short, two to four sentences, and differ in length. They react to what was
just said before they go on. No flattery, no "great question", no "absolutely". They may disagree where the
sources leave room for it."""

_INTERVIEW = """
An interview. The interviewer has read everything, asks one thing at a time in one or two sentences, and follows
up when an answer was vague, bold or surprising. The guest answers as somebody who knows these sources well:
first the answer, then the reason, then an example. The guest says so when the sources do not answer a question,
and makes up no experiences. Go from the concrete to the general: what happened, why, what it means, what is
still open. One question should be critical."""

_DEBATE = """
A debate on the one question that the sources divide people on; the moderator states it in one sentence at the
beginning. One side argues for, one against, both only with what the sources hold, and each with its strongest
arguments, not with straw men. Each answers the other's last point before making its own. The moderator speaks
little: asks for evidence, points out where both agree, and names what would settle it. End with each side's
best argument in one sentence, and no winner."""

_NEWS = """
A news brief. The most important story first; each story is complete in itself. Of each: what happened, who is
concerned, when and where, and why it matters, in this order. First the sentence that would be the headline,
then the details. Name the source of every story. Keep what is known, what is claimed and what is expected
apart. Neutral words, active voice, no opinions, no jokes. The anchor leads over to each story, the
correspondent gives the details. If several sources tell the same story, tell it once, and say where they
differ."""

_LECTURE = """
A lecture for people who want to understand the matter, not only to hear about it. Begin with the problem that
the subject solves. Say in one sentence what listeners will be able to do afterwards. Build up from what
everybody knows; define every term when it first comes up and use it the same way from then on. After each step
give an example from the sources, and a question to think about before you answer it. Warn of the usual
misunderstanding. End with a summary of three sentences, each of which could be checked against the sources."""

_STORY = """
Tell it as a true story. Find in the sources a person, an object or a moment in which the whole matter shows,
and begin there, in the middle of it. Keep to the order of events, but hold back one answer until the listener
wants it. Show by concrete details that the sources give: places, objects, words that were said. Explain only
what the story needs, and where it needs it. Quote nobody with words that are not in the sources. Long and short
sentences take turns. Close by coming back to the opening picture, which means something else now."""

_BILINGUAL = """
A show for people who learn a language. The host speaks the language of the show, the companion the other one,
as it stands beside their names. The host tells what the sources say in small steps. After each step the
companion says its key sentence in the other language, simply and idiomatically; the host points out one word or
turn of phrase in it that is worth keeping, and says what it means. Use each such word once more later on. No
grammar terms. Every few minutes the companion sums up in three easy sentences what was said. Nothing important
is said only in the other language."""


def _speakers(form: Format, *languages: str | None) -> list[SpeakerIn]:
    tongues = dict(enumerate(languages))
    return [
        SpeakerIn(name=one.name, role=one.role, language=tongues.get(index))
        for index, one in enumerate(USUAL[form])
    ]


def _template(
    id_: str,
    name: str,
    description: str,
    form: Format,
    instructions: str,
    *,
    minutes: float | None = None,
    style: str = "",
    speakers: list[SpeakerIn] | None = None,
) -> Template:
    return Template(
        id=id_,
        name=name,
        description=description,
        format=form,
        llm_prompt_instructions=_instructions(instructions),
        minutes=minutes,
        style=style,
        speakers=speakers or _speakers(form),
    )


@cache
def shipped() -> tuple[Template, ...]:
    """All of them; made at first use."""
    return (
        _template(
            "two-hosts",
            "Two hosts",
            "A conversation: one asks what listeners would ask, the other explains.",
            Format.TWO_HOSTS,
            _TWO_HOSTS,
            style="lively, warm",
        ),
        _template(
            "narrator",
            "Single narrator",
            "One voice tells what the sources say, clearly and in order.",
            Format.NARRATOR,
            _NARRATOR,
            style="calm, clear",
        ),
        _template(
            "interview",
            "Interview",
            "Short questions, full answers, and one critical question.",
            Format.INTERVIEW,
            _INTERVIEW,
            style="attentive",
        ),
        _template(
            "debate",
            "Debate",
            "For and against with the strongest arguments of both, moderated.",
            Format.DEBATE,
            _DEBATE,
            style="engaged, fair",
        ),
        _template(
            "news-brief",
            "News brief",
            "What happened, in a few minutes: the most important first, each with its source.",
            Format.NEWS,
            _NEWS,
            minutes=5,
            style="neutral, brisk",
        ),
        _template(
            "lecture",
            "Lecture",
            "Built up step by step, with examples and questions to think about.",
            Format.LECTURE,
            _LECTURE,
            style="patient, precise",
        ),
        _template(
            "story",
            "Story",
            "The matter told as a true story.",
            Format.STORY,
            _STORY,
            style="warm, unhurried",
        ),
        _template(
            "bilingual",
            "Bilingual",
            "In your language, with the key sentences in the one that you learn: English and Spanish, until you change it.",
            Format.BILINGUAL,
            _BILINGUAL,
            style="friendly, clear, slow",
            speakers=_speakers(Format.BILINGUAL, "en", "es"),
        ),
        _template(
            "digest",
            "Digest of what is new",
            "What followed links and feeds have brought since the last time.",
            Format.TWO_HOSTS,
            """
A digest of several new items. Open with one sentence on what there is today. Take the items in the order of
their weight, not of the list; put related ones together and drop what adds nothing. Of each say who made it and
what it is called, what is in it, and for whom it is worth the time. Spend as long on an item as it deserves. Do
not pretend to have seen more of an item than its description or transcript.""",
            minutes=8,
            style="lively, to the point",
        ),
    )
