"""Which speaker is meant by the name that an answer gives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from magpie.podcasts.script.brief import Speaker

_KINDS = (
    "person|speaker|host|co-?host|guest|narrator|interviewer|interviewee|moderator|presenter|anchor|expert|voice"
    "|reporter|correspondent|teacher|student|lecturer|说话人|說話人|主持人|嘉宾|嘉賓|旁白|讲述者|角色|发言人"
    "|话者|話者|スピーカー|司会|ゲスト|ホスト|ナレーター|sprecher|moderator(?:in)?|locuteur|animateur|presentador"
)
_GENERIC = re.compile(
    rf"(?P<kind>{_KINDS})[\s_#\-]*(?P<number>\d{{1,2}}|[a-d]|[一二三四甲乙丙丁])?", re.IGNORECASE
)
_NUMBERED_ONLY = re.compile(r"(?:p|s|h|spk)?[\s_#\-]?(\d{1,2}|[a-d]|[甲乙丙丁])", re.IGNORECASE)
_ORDINALS = {
    "a": 1,
    "b": 2,
    "c": 3,
    "d": 4,
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "甲": 1,
    "乙": 2,
    "丙": 3,
    "丁": 4,
}
_DECORATION = re.compile(r"[\s*_`\"“”'‘’\[\]【】「」()（）<>#:：.,]+")


def fold(name: str) -> str:
    """A name for comparing: case, marks and spaces around it do not matter."""
    return _DECORATION.sub(" ", name).strip().casefold()


def is_generic(label: str) -> bool:
    """Whether it is a name for any speaker: `Person1`, `Host`, 主持人A."""
    folded = fold(label)
    return _GENERIC.fullmatch(folded) is not None or folded in _ORDINALS


class Cast:
    """The speakers of a show, and the names that one answer uses for them.

    `labels` are the answer's names in order of appearance. Known ones are found by name, by number (`Person2`), by role
    (`Interviewer`) and by parts of a name; each unknown one stands for a speaker whom nobody else stands for, and only
    when all are taken for one of them in turn. The same name is always the same speaker.
    """

    def __init__(self, speakers: Sequence[Speaker], labels: Iterable[str] = ()) -> None:
        self._speakers = tuple(speakers)
        self._by_name = {fold(speaker.name): speaker.name for speaker in reversed(self._speakers)}
        self._found: dict[str, str] = {}
        unknown: list[str] = []
        folded = [fold(label) for label in labels]
        starts_at_zero = any(match and int(match.group(1)) == 0 for match in map(_tail, folded))
        for label in dict.fromkeys(folded):
            name = self._known(label, starts_at_zero)
            if name is None:
                unknown.append(label)
            else:
                self._found[label] = name
        self.unknown = tuple(unknown)
        self._settle(unknown)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(speaker.name for speaker in self._speakers)

    def name_of(self, label: str) -> str:
        """The speaker's name for one of the labels."""
        return self._found[fold(label)]

    def after(self, name: str | None) -> str:
        """The speaker who comes after another; the first for None."""
        names = self.names
        return names[(names.index(name) + 1) % len(names)] if name in names else names[0]

    def _settle(self, unknown: Sequence[str]) -> None:
        free = [name for name in self.names if name not in set(self._found.values())]
        for position, label in enumerate(unknown):
            self._found[label] = free.pop(0) if free else self.names[position % len(self.names)]

    def _known(self, label: str, starts_at_zero: bool) -> str | None:
        if label in self._by_name:
            return self._by_name[label]
        return self._numbered(label, starts_at_zero) or self._by_role(label) or self._by_part(label)

    def _numbered(self, label: str, starts_at_zero: bool) -> str | None:
        generic = _GENERIC.fullmatch(label)
        number = generic.group("number") if generic else None
        if generic is None and (bare := _NUMBERED_ONLY.fullmatch(label)):
            number = bare.group(1)
        if number is None:
            return None
        position = _ORDINALS[number] if number in _ORDINALS else int(number) + (1 if starts_at_zero else 0)
        alike = self._with_role(generic.group("kind")) if generic else []
        group = alike if len(alike) > 1 else list(self.names)
        return group[position - 1] if 1 <= position <= len(group) else None

    def _with_role(self, kind: str) -> list[str]:
        pattern = re.compile(rf"(?<!\w){re.escape(kind)}(?!\w)", re.IGNORECASE)
        return [speaker.name for speaker in self._speakers if pattern.search(speaker.role)]

    def _by_role(self, label: str) -> str | None:
        alike = self._with_role(label) if label else []
        return alike[0] if len(alike) == 1 else None

    def _by_part(self, label: str) -> str | None:
        parts = set(label.split())
        alike = [
            name
            for folded, name in self._by_name.items()
            if parts and (parts <= set(folded.split()) or set(folded.split()) <= parts)
        ]
        return alike[0] if len(alike) == 1 else None


def _tail(label: str) -> re.Match[str] | None:
    return re.search(r"(?<!\d)(\d{1,2})$", label)
