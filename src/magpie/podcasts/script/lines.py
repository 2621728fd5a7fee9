"""Turns in text: `<Person1>…</Person1>`, `Anna: …`, `**Anna:** …`, a name on a line of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from magpie.podcasts.script import casting
from magpie.podcasts.script.brief import Speaker
from magpie.podcasts.script.cleaning import is_chatter
from magpie.podcasts.script.letters import has_letters, is_ideographic
from magpie.podcasts.script.shapes import RawTurn

_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[^<>/\s=][^<>/=\"']{0,40}?)[ \t]*(?P<rest>\s\w{1,20}\s*=[^<>]{0,120})?/?>"
)
_ATTRIBUTE = re.compile(r"(?:speaker|name|id|role|who)\s*=\s*[\"']?([^\"'<>]{1,40})[\"']?", re.IGNORECASE)
_NAMED_TAGS = {"turn", "line", "dialogue", "utterance", "speech", "say", "person", "speaker"}

_LEAD = (
    r"^(?P<lead>[ \t]*(?:(?:[>\-*+•]|#{1,6}|\d{1,3}[.)])[ \t]+){0,4}"
    r"(?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?[ \t]*(?:[-–—][ \t]*)?)?)"
)
_OPEN = r"(?P<open>[*_\[【「]{0,6})"
_NAME = r"(?P<name>[^\s:：*_\[\]【】「」()（）<>\"{}][^:：*\[\]【】「」()（）<>\"{}\n]{0,39}?)"
_STYLE = r"[ \t]*(?:[(（\[](?P<style>[^()（）\[\]\n]{1,80})[)）\]])?[ \t]*"
_STYLE_AFTER = r"(?:[ \t]*[(（\[](?P<style_after>[^()（）\[\]\n]{1,80})[)）\]])?"
_CLOSE = r"(?P<close>[*_\]】」]{0,6})"
_COLON = re.compile(
    _LEAD
    + _OPEN
    + _NAME
    + _STYLE
    + _CLOSE
    + _STYLE_AFTER
    + r"[ \t]*[:：][ \t]*(?P<after>\*{1,3}|_{1,3})?(?P<text>.*)$"
)
_BARE = re.compile(_LEAD + _OPEN + _NAME + _STYLE + _CLOSE + r"(?:[ \t]+[-–—][ \t]+(?P<text>.*)|[ \t]*)$")
_BRACKETED = re.compile(_LEAD + r"[\[【](?P<name>[^\[\]【】\n]{1,40})[\]】][ \t]*(?P<text>.*)$")

# What stands before a colon at the beginning of a line without being anybody's name.
_NO_NAMES = frozenset(
    word
    for line in (
        "note notes example examples question questions answer answers first second third fourth finally tip tips",
        "warning step fact facts source sources chapter part conclusion summary title subject topic result results",
        "reason update remember quote definition today tomorrow yesterday here there this that these those what why how",
        "when where who which and but so or because however also next then now yes no ok okay well look see imagine",
        "consider spoiler disclaimer music intro outro introduction segment section scene pause important key problem",
        "solution background bottom pros cons in on at by with for from to of the a an it he she they we you i",
        "one two three four five http https ftp mailto",
    )
    for word in line.split(" ")
)


@dataclass(slots=True)
class _Line:
    """A line that may begin a turn."""

    label: str | None
    style: str | None
    text: str  # the line without the name; all of it where there is none
    is_marked: bool = False  # bold, or in brackets


def tagged(text: str, speakers: Sequence[Speaker]) -> list[RawTurn]:
    """The turns of a text with tags of speakers, in order; empty if it has none. What stands outside of tags is kept."""
    turns: list[RawTurn] = []
    label: str | None = None
    position = 0
    is_any = False
    for tag in _TAG.finditer(text):
        name = _tag_label(tag, speakers)
        if name is None:
            continue
        _keep(turns, label, text[position : tag.start()], is_first=not is_any)
        position, is_any = tag.end(), True
        if not tag.group("end"):
            label = name
    if not is_any:
        return []
    _keep(turns, label, text[position:], is_first=False)
    return turns


def _tag_label(tag: re.Match[str], speakers: Sequence[Speaker]) -> str | None:
    name = tag.group("name")
    attribute = _ATTRIBUTE.search(tag.group("rest") or "")
    kind = name.split(None, 1)[0].casefold()
    if kind in _NAMED_TAGS and (attribute or tag.group("end")):
        return attribute.group(1).strip() if attribute else kind
    folded = casting.fold(name)
    if (len(folded) > 1 and casting.is_generic(name)) or any(
        folded == casting.fold(one.name) for one in speakers
    ):
        return name
    return None


def _keep(turns: list[RawTurn], label: str | None, text: str, *, is_first: bool) -> None:
    if not has_letters(text):
        return
    if is_first:
        text = _without_chatter(text)
    if text:
        turns.append(RawTurn(label, text))


def _without_chatter(text: str) -> str:
    lines = text.strip().splitlines()
    while lines and is_chatter(lines[0]):
        lines.pop(0)
    while lines and is_chatter(lines[-1]):
        lines.pop()
    return "\n".join(lines)


def named(text: str, speakers: Sequence[Speaker], *, is_after_thought: bool = False) -> list[RawTurn]:
    """The turns of a text with names at the beginnings of lines, in order; empty if it names nobody.

    `is_after_thought`: what stands before the first name is a thought that was never closed, and no part of the script.
    """
    lines = [_line(line, speakers) for line in _with_line_ends(text, speakers).splitlines()]
    known = Counter(line.label for line in lines if line.label and _is_known(line.label, speakers))
    labels = known + _unknown(lines, known, speakers)
    if not labels:
        return []
    turns: list[RawTurn] = []
    before: list[str] = []
    for line, original in zip(lines, _with_line_ends(text, speakers).splitlines(), strict=True):
        if line.label in labels:
            turns.append(RawTurn(line.label, line.text, line.style))
        elif turns:
            turns[-1].text += "\n" + original
        else:
            before.append(original)
    if (said := _without_chatter("\n".join(before))) and not is_after_thought:
        turns.insert(0, RawTurn(None, said))
    return [turn for turn in turns if has_letters(turn.text) or turn.style]


def _with_line_ends(text: str, speakers: Sequence[Speaker]) -> str:
    """With every known name that follows a sentence and has a colon on a line of its own."""
    names = "|".join(sorted((re.escape(one.name) for one in speakers), key=len, reverse=True))
    titles = "".join(rf"(?<!\b{title}\.)" for title in ("Dr", "Mr", "Ms", "Mrs", "Prof"))
    label = rf"\*{{0,3}}(?:{names}|(?:Person|Speaker|Host) ?\d)\*{{0,3}}[ \t]*[:：]"
    pattern = rf"{titles}(?<=[.!?。！？…”\"])[ \t]+(?={label})"
    return re.sub(pattern, "\n", text)


def _line(line: str, speakers: Sequence[Speaker]) -> _Line:
    found = _COLON.match(line)
    if found:
        text = found.group("text")
        opening = found.group("open").strip("[]【】「」")
        if found.group("after") and not (opening and not found.group("close")):
            text = found.group("after") + text  # the mark belongs to what is said
        style = _styled(found.group("style") or found.group("style_after"))
        return _Line(found.group("name").strip(" _"), style, text, is_marked=bool(found.group("open")))
    bare = _BARE.match(line) or _BRACKETED.match(line)
    if bare and _stands_alone(bare, speakers):
        style = _styled(bare.groupdict().get("style"))
        return _Line(bare.group("name").strip(" _"), style, bare.group("text") or "")
    return _Line(None, None, line)


def _stands_alone(bare: re.Match[str], speakers: Sequence[Speaker]) -> bool:
    """Whether a name without a colon begins a turn: a speaker's own, or any known one with marks around it."""
    name = bare.group("name")
    if any(casting.fold(name) == casting.fold(one.name) for one in speakers):
        return True
    is_marked = bool(bare.groupdict().get("open", "[")) or "#" in bare.group("lead")
    return is_marked and _is_known(name, speakers)


def _styled(style: str | None) -> str | None:
    return style.strip() or None if style else None


def _is_known(label: str, speakers: Sequence[Speaker]) -> bool:
    if casting.fold(label) == "" or label.strip().isdigit():
        return False
    if len(speakers) == 1 and casting.fold(label) in _NO_NAMES:
        return False
    if casting.is_generic(label):
        return True
    return not casting.Cast(speakers, [label]).unknown and not _is_common(label, speakers)


def _is_common(label: str, speakers: Sequence[Speaker]) -> bool:
    """Whether a role happens to hold a word that is no name."""
    folded = casting.fold(label)
    return (
        folded in _NO_NAMES
        and all(folded != casting.fold(one.name) for one in speakers)
        and folded not in "abcd"
    )


def _unknown(lines: list[_Line], known: Counter[str], speakers: Sequence[Speaker]) -> Counter[str]:
    """Names that nobody has and that are names of speakers all the same."""
    if len(speakers) == 1:
        return Counter()
    candidates = [line for line in lines if line.label and line.label not in known and _is_name(line.label)]
    counts = Counter(line.label for line in candidates if line.label)
    several = len(counts) > 1 or any(count > 1 for count in counts.values())
    found: Counter[str] = Counter()
    for line in candidates:
        label = line.label or ""
        if counts[label] > 1 or (several and not known) or (known and _is_said(line)):
            found[label] += 1
    return found


def _is_said(line: _Line) -> bool:
    """Whether what stands behind a name that comes once is speech, and no value in a list ("Tokyo: 37 million")."""
    if line.is_marked:
        return True
    is_sentence = re.search(r"[.!?…][\"”’)]*\s*$", line.text) is not None
    return is_sentence and not is_ideographic(line.label or "")


def _is_name(label: str) -> bool:
    words = label.split()
    if len(words) > 3 or casting.fold(label) in _NO_NAMES or casting.fold(words[0]) in _NO_NAMES:
        return False
    if is_ideographic(label):
        return len(label) <= 4
    return all(word[:1].isupper() for word in words)
