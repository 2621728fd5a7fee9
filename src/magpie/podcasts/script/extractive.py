"""Scripts without a language model: the sources' own most telling sentences, said in turn, joined by short plain lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from magpie.podcasts.script import cleaning, length, letters, phrases, ranking, sentences
from magpie.podcasts.script.brief import Brief, Format, SourceText, Speaker
from magpie.podcasts.script.material import Passage
from magpie.podcasts.script.sentences import Sentence
from magpie.podcasts.script.turns import Script, Segment, SourceSpan, Turn
from magpie.podcasts.script.work import Report

_SEGMENT_MINUTES = 3.0
_TURN_MINUTES = 0.3
_MOST_IN_TURN = 3  # sentences
_LINES_TAKE = 0.05  # of the time, for what joins; an interviewer takes more
_INTERVIEWER_TAKES = 0.12
_LONGEST_TITLE = 60
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_NEARLY_ALL = 1.12  # a sentence or two are not left out for a few seconds
_FIRST_WEIGHT = 1.5  # what begins a text tells most of it


@dataclass(frozen=True, slots=True)
class _Quote:
    """A sentence of a source. `heading` is what it stands under there, if anything."""

    source: int
    sentence: Sentence
    text: str  # the sentence without marks
    heading: str
    minutes: float


@dataclass(frozen=True, slots=True)
class Speakable:
    """What a text offers to be quoted, read once."""

    quotes: tuple[_Quote, ...]

    @property
    def minutes(self) -> float:
        return sum(quote.minutes for quote in self.quotes)


def write(brief: Brief, sources: Sequence[SourceText], report: Report) -> Script:
    """A script of the sources' sentences, as long as the brief asks if they suffice. Never raises for want of text:
    sources without a sentence give a script without turns."""
    language = language_of(brief, sources)
    report("sentences", 0, 2)
    offered = _offered(sources, language, brief.wpm)
    report("sentences", 1, 2)
    takes = _INTERVIEWER_TAKES if _is_interview(brief) else _LINES_TAKE
    chosen = _choose(offered, length.wanted(brief, offered.minutes) * (1 - takes))
    groups = list(_segments(chosen))
    said = phrases.of(language)
    title = brief.title or _title(sources, chosen)
    turns: list[Turn] = []
    for number, group in enumerate(groups):
        turns += _Dialogue(brief, said, number).say(group, _opening(said, title, groups, number))
    if turns:
        turns.append(
            Turn(turns[0].speaker, said.closing.format(title=_spoken(title)), segment=len(groups) - 1)
        )
    report("sentences", 2, 2)
    return Script(
        title=title,
        language=language,
        segments=tuple(Segment(one) for one in _numbered([_segment_title(group) for group in groups])),
        turns=tuple(turns),
        is_extractive=True,
        description=said.label,
    )


def quoted(brief: Brief, passages: Sequence[Passage], segment: int, minutes: float) -> list[Turn]:
    """Turns of one segment out of its passages alone, `minutes` long at most: what is said where a model fails."""
    sources = [SourceText("", passage.text) for passage in passages]
    language = language_of(brief, sources)
    chosen = _choose(_offered(sources, language, brief.wpm), minutes)
    turns = _Dialogue(brief, phrases.of(language), segment).say(chosen, "")
    return [_moved(turn, passages) for turn in turns]


def language_of(brief: Brief, sources: Sequence[SourceText]) -> str:
    """The language of the script: the sources', since nothing is translated. Latin letters do not tell which; the brief
    is believed then."""
    given = next((one.language for one in sources if one.language), None)
    if given:
        return given
    found = letters.detect("\n".join(one.text[:2000] for one in sources))
    asked = brief.language.lower().split("-", 1)[0]
    latin = found == "en" and asked not in {"zh", "ja", "ko", "ru", "ar", "th"}
    return brief.language if latin or asked == found else found


def _moved(turn: Turn, passages: Sequence[Passage]) -> Turn:
    """With its place in the source instead of the passage."""
    if turn.span is None:
        return turn
    passage = passages[turn.span.source]
    span = SourceSpan(passage.source, passage.start + turn.span.start, passage.start + turn.span.end)
    return replace(turn, span=span)


def _offered(sources: Sequence[SourceText], language: str, wpm: float | None) -> Speakable:
    """All sentences but those that are repeated: navigation and footers of pages come again and again."""
    quotes: list[_Quote] = []
    seen: set[str] = set()
    for number, source in enumerate(sources):
        heading = ""
        # Code becomes spaces, so that places stay.
        text = _CODE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), source.text)
        for sentence in sentences.split(text):
            if sentence.is_heading:
                heading = cleaning.plain(sentence.text)
                continue
            said = cleaning.plain(sentence.text)
            key = letters.letters(said).casefold()
            if key not in seen:
                seen.add(key)
                quotes.append(_Quote(number, sentence, said, heading, length.minutes(said, language, wpm)))
    return Speakable(tuple([quote for quote in quotes if _is_prose(quote.text)] or quotes))


def _is_prose(text: str) -> bool:
    """Whether it can be said: tables, code and rows of links are mostly marks."""
    inked = len(text) - text.count(" ")
    return (
        len(letters.letters(text)) >= 0.72 * inked
        and "](" not in text
        and not text.startswith(("<", "{", "|"))
    )


def _choose(offered: Speakable, minutes: float) -> list[_Quote]:
    quotes = offered.quotes
    if offered.minutes <= minutes * _NEARLY_ALL:
        return list(quotes)
    weights = ranking.scores([quote.text for quote in quotes])
    for index, quote in enumerate(quotes):
        is_first = index == 0 or quotes[index - 1].source != quote.source
        weights[index] *= _FIRST_WEIGHT if is_first else 1.0
        weights[index] *= min(1.0, quote.minutes / 0.05)  # eight words say little
    # A telling sentence beside a taken one reads better than one alone; short texts keep their beginning.
    chosen = ranking.best(weights, [quote.minutes for quote in quotes], minutes)
    return [quotes[i] for i in chosen or [0][: len(quotes)]]


def _segments(chosen: Sequence[_Quote]) -> Iterator[list[_Quote]]:
    """Parts of about three minutes that begin with a source, a heading, or at least a paragraph."""
    group: list[_Quote] = []
    lasted = 0.0
    for quote in chosen:
        if group and _begins_part(group[-1], quote, lasted):
            yield group
            group, lasted = [], 0.0
        group.append(quote)
        lasted += quote.minutes
    if group:
        yield group


def _begins_part(before: _Quote, quote: _Quote, lasted: float) -> bool:
    if quote.source != before.source:
        return True
    if quote.heading != before.heading:
        return lasted > _SEGMENT_MINUTES / 4
    if quote.sentence.paragraph != before.sentence.paragraph:
        return lasted > _SEGMENT_MINUTES
    return lasted > _SEGMENT_MINUTES * 1.5


def _segment_title(group: Sequence[_Quote]) -> str:
    if group[0].heading:
        return _clipped(group[0].heading)
    weights = ranking.scores([quote.text for quote in group])
    return _clipped(group[max(range(len(group)), key=lambda i: weights[i])].text)


def _title(sources: Sequence[SourceText], chosen: Sequence[_Quote]) -> str:
    for name in [one.title for one in sources] + [quote.heading for quote in chosen[:1]]:
        if letters.has_letters(name):
            return " ".join(name.split())[:200]
    return _clipped(chosen[0].text) if chosen else ""


def _numbered(titles: list[str]) -> list[str]:
    """Chapters with the same title are told apart."""
    seen: dict[str, int] = {}
    for index, title in enumerate(titles):
        seen[title] = seen.get(title, 0) + 1
        if seen[title] > 1:
            titles[index] = f"{title} ({seen[title]})"
    return titles


def _clipped(sentence: str) -> str:
    """A title made of a sentence: its first clause, in 60 letters at most."""
    if len(sentence) > _LONGEST_TITLE:
        clause = re.match(rf".{{12,{_LONGEST_TITLE}}}?(?=[,;:，；：、—–])", sentence)
        if clause:
            sentence = clause.group()
        else:
            cut = sentence[:_LONGEST_TITLE]
            sentence = (cut.rsplit(" ", 1)[0] if " " in cut[20:] else cut) + "…"
    return sentence.strip().rstrip(".。!！?？,，")


def _spoken(title: str) -> str:
    return title.rstrip(".。!！?？…:： ")


def _opening(said: phrases.Phrases, title: str, groups: Sequence[Sequence[_Quote]], number: int) -> str:
    if number == 0:
        return said.opening.format(title=_spoken(title))
    before, here = groups[number - 1][-1], groups[number][0]
    if here.heading and here.heading != before.heading:
        return said.part.format(title=_spoken(_clipped(here.heading)))
    return said.more[number % len(said.more)]


def _is_interview(brief: Brief) -> bool:
    return brief.format is Format.INTERVIEW and len(brief.speakers) > 1


class _Dialogue:
    """Gives the sentences of one segment to the speakers."""

    def __init__(self, brief: Brief, said: phrases.Phrases, segment: int) -> None:
        self._brief, self._said, self._segment = brief, said, segment
        self._asker = brief.speakers[0]
        self._tellers = brief.speakers[1:] if _is_interview(brief) else brief.speakers
        self._next = segment
        self._lines = segment

    def say(self, group: Sequence[_Quote], opening: str) -> list[Turn]:
        turns: list[Turn] = []
        if opening:
            turns.append(self._line(self._asker, opening))
        for number, part in enumerate(_parts(group)):
            if number and (line := self._join(number)):
                turns.append(line)
            turns.append(self._turn(self._teller(part), part))
        return turns

    def _teller(self, part: Sequence[_Quote]) -> Speaker:
        if self._brief.format is not Format.BILINGUAL:
            return self._next_teller()
        language = letters.detect(part[0].text)
        return self._next_teller([one for one in self._tellers if self._speaks(one, language)])

    def _speaks(self, speaker: Speaker, language: str) -> bool:
        return (speaker.language or self._brief.language).lower().split("-", 1)[0] == language

    def _next_teller(self, among: Sequence[Speaker] = ()) -> Speaker:
        among = among or self._tellers
        self._next += 1
        return among[(self._next - 1) % len(among)]

    def _join(self, number: int) -> Turn | None:
        """A line between two turns: an interviewer asks every time; of others now and then whoever's turn it is asks, and
        the next one tells."""
        if _is_interview(self._brief):
            return self._line(self._asker, self._one_of(self._said.questions))
        if number % 4 != 3 or self._brief.format is Format.BILINGUAL:
            return None
        if len(self._tellers) == 1:
            return self._line(self._asker, self._one_of(self._said.more))
        return self._line(self._next_teller(), self._one_of(self._said.questions))

    def _one_of(self, lines: Sequence[str]) -> str:
        self._lines += 1
        return lines[self._lines % len(lines)]

    def _line(self, speaker: Speaker, text: str) -> Turn:
        return Turn(speaker.name, text, speaker.style, self._segment)

    def _turn(self, speaker: Speaker, part: Sequence[_Quote]) -> Turn:
        text = part[0].text
        for quote in part[1:]:
            gap = "" if letters.is_ideographic(quote.text) else " "
            text += gap + quote.text
        span = SourceSpan(part[0].source, part[0].sentence.start, part[-1].sentence.end)
        return Turn(speaker.name, text, speaker.style, self._segment, span)


def _parts(group: Sequence[_Quote]) -> Iterator[list[_Quote]]:
    """Up to three sentences of a paragraph, about 18 seconds, for one speaker in one go."""
    part: list[_Quote] = []
    for quote in group:
        if part and (
            len(part) == _MOST_IN_TURN
            or sum(one.minutes for one in part) + quote.minutes > _TURN_MINUTES
            or (quote.source, quote.sentence.paragraph) != (part[-1].source, part[-1].sentence.paragraph)
        ):
            yield part
            part = []
        part.append(quote)
    if part:
        yield part
