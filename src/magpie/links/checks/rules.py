"""What is decided about an entry, and why. Pure: no database, no clock, no network.

A rule that needs a fact which the listing does not tell (a duration, say) lets the entry pass and is named in
`Decision.open`; the same rules decide again when the extractor has reported the medium.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

import re2  # type: ignore[import-untyped]  # it brings no types along

from magpie.links.models import Verdict

MAX_PATTERN = 1000  # characters
_PATTERN_MEMORY = 4 << 20  # bytes that one compiled pattern may take
_MEGABYTE = 1_000_000


class Why(StrEnum):
    """Typed reasons of decisions."""

    FILTER_TITLE = "filter_title"
    FILTER_DURATION = "filter_duration"
    FILTER_DATE = "filter_date"
    FILTER_KIND = "filter_kind"
    FILTER_SIZE = "filter_size"
    FILTER_LANGUAGE = "filter_language"
    ARCHIVE = "archive"
    RETENTION = "retention"
    SPACE = "space"
    BLOCKED = "blocked"
    NOT_AUTOMATIC = "not_automatic"
    PREMIERE = "premiere"
    LIVE = "live"
    PERSON = "person"
    GONE = "gone"
    LIST = "list"


FILTERS = frozenset(why for why in Why if why.startswith("filter_"))


class Pattern:
    """A compiled regular expression. Takes any text, also halves of surrogate pairs."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled

    def found_in(self, text: str) -> bool:
        return self._compiled.search(_storable(text)) is not None


def _storable(text: str) -> str:
    return text.encode(errors="replace").decode()


@cache
def pattern(text: str) -> Pattern:
    """A person's regular expression, without regard to case, that takes linear time whatever it meets.

    Raises `ValueError` with a plain sentence.
    """
    if len(text) > MAX_PATTERN:
        raise ValueError(f"A pattern has at most {MAX_PATTERN} characters.")
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _PATTERN_MEMORY
    try:
        return Pattern(re2.compile(_storable(text), options))
    except re2.error as error:
        cause = error.args[0] if error.args else error
        said = cause.decode(errors="replace") if isinstance(cause, bytes) else str(cause)
        raise ValueError(f"This pattern cannot be used: {said}.") from error


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an entry. Duration in seconds, size in bytes; None: not told."""

    title: str | None = None
    kind: str | None = None
    duration: float | None = None
    published_at: datetime | None = None
    size: int | None = None
    language: str | None = None
    starts_at: datetime | None = None  # of a premiere or an announced live stream


@dataclass(frozen=True, slots=True)
class Decision:
    """`detail` says in plain words what `reason` says as a code. `open`: rules that wait for a fact."""

    verdict: Verdict
    reason: Why | None = None
    detail: str | None = None
    not_before: datetime | None = None
    open: tuple[Why, ...] = ()


Refusal = tuple[Why, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """A link's filters, ready for use. All that are set must agree."""

    title_include: Pattern | None = None
    title_exclude: Pattern | None = None
    min_seconds: float | None = None
    max_seconds: float | None = None
    published_after: datetime | None = None
    published_before: datetime | None = None
    max_age_days: float | None = None
    kinds: frozenset[str] = frozenset()
    min_mb: float | None = None
    max_mb: float | None = None
    languages: frozenset[str] = frozenset()
    patterns: Mapping[str, str] = field(default_factory=dict)  # as written, for saying why

    @classmethod
    def of(cls, filters: Mapping[str, Any]) -> Rules:
        """From `schemas.Filters` as it is stored. What cannot be read (an older program's) is no rule."""
        written = {name: filters[name] for name in ("title_include", "title_exclude") if filters.get(name)}
        numbers = {name: _number(filters.get(name)) for name in _NUMBERS}
        return cls(
            title_include=_readable(written.get("title_include")),
            title_exclude=_readable(written.get("title_exclude")),
            min_seconds=numbers["min_seconds"],
            max_seconds=numbers["max_seconds"],
            max_age_days=numbers["max_age_days"],
            min_mb=numbers["min_mb"],
            max_mb=numbers["max_mb"],
            published_after=moment(filters.get("published_after")),
            published_before=moment(filters.get("published_before")),
            kinds=frozenset(filters.get("kinds") or ()),
            languages=frozenset(language.casefold() for language in filters.get("languages") or ()),
            patterns=written,
        )


_NUMBERS = ("min_seconds", "max_seconds", "max_age_days", "min_mb", "max_mb")


def _readable(text: str | None) -> Pattern | None:
    try:
        return pattern(text) if text else None
    except ValueError:
        return None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def moment(value: Any) -> datetime | None:
    """A time as ISO 8601 says it, by UTC, also where it names no zone; None for anything else."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    try:
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except OverflowError:
        return None


def decide(facts: Facts, rules: Rules, now: datetime) -> Decision:
    """Whether an entry is to be downloaded: `WAITING` for its turn or its time, or `SKIPPED`."""
    waits: list[Why] = []
    for rule in _RULES:
        for outcome in rule(facts, rules, now):
            if isinstance(outcome, Why):
                waits.append(outcome)
            else:
                return Decision(Verdict.SKIPPED, *outcome)
    if facts.starts_at is not None and facts.starts_at > now:
        why = Why.LIVE if facts.kind == "live" else Why.PREMIERE
        detail = f"It begins on {_time(facts.starts_at)}."
        return Decision(Verdict.WAITING, why, detail, facts.starts_at, tuple(waits))
    return Decision(Verdict.WAITING, open=tuple(waits))


Outcomes = Iterator[Refusal | Why]
"""A refusal, or the rule that lacks its fact."""


def _by_title(facts: Facts, rules: Rules, _now: datetime) -> Outcomes:
    if facts.title is None:
        if rules.title_include or rules.title_exclude:
            yield Why.FILTER_TITLE
        return
    if rules.title_include and not rules.title_include.found_in(facts.title):
        yield Why.FILTER_TITLE, f"Its title does not match “{rules.patterns['title_include']}”."
    if rules.title_exclude and rules.title_exclude.found_in(facts.title):
        yield Why.FILTER_TITLE, f"Its title matches “{rules.patterns['title_exclude']}”, which is left out."


def _by_kind(facts: Facts, rules: Rules, _now: datetime) -> Outcomes:
    if not rules.kinds:
        return
    if facts.kind is None:
        yield Why.FILTER_KIND
    elif facts.kind not in rules.kinds:
        wanted = ", ".join(sorted(rules.kinds))
        yield Why.FILTER_KIND, f"It is of the kind {facts.kind}; wanted: {wanted}."


def _by_duration(facts: Facts, rules: Rules, _now: datetime) -> Outcomes:
    if rules.min_seconds is None and rules.max_seconds is None:
        return
    if facts.duration is None:
        if facts.kind not in ("gallery", "image"):
            yield Why.FILTER_DURATION
        return
    if rules.min_seconds is not None and facts.duration < rules.min_seconds:
        yield Why.FILTER_DURATION, f"{_length(facts.duration)} is shorter than {_length(rules.min_seconds)}."
    if rules.max_seconds is not None and facts.duration > rules.max_seconds:
        yield Why.FILTER_DURATION, f"{_length(facts.duration)} is longer than {_length(rules.max_seconds)}."


def _by_date(facts: Facts, rules: Rules, now: datetime) -> Outcomes:
    bounds = (rules.published_after, rules.published_before, rules.max_age_days)
    if all(bound is None for bound in bounds):
        return
    published = facts.published_at
    if published is None:
        yield Why.FILTER_DATE
        return
    day = f"{published:%Y-%m-%d}"
    if rules.published_after and published < rules.published_after:
        yield Why.FILTER_DATE, f"It is of {day}; wanted: from {rules.published_after:%Y-%m-%d} on."
    if rules.published_before and published > rules.published_before:
        yield Why.FILTER_DATE, f"It is of {day}; wanted: until {rules.published_before:%Y-%m-%d}."
    if rules.max_age_days is not None and published < now - timedelta(days=min(rules.max_age_days, 400_000)):
        yield Why.FILTER_DATE, f"It is of {day}: older than {rules.max_age_days:g} days."


def _by_size(facts: Facts, rules: Rules, _now: datetime) -> Outcomes:
    if rules.min_mb is None and rules.max_mb is None:
        return
    if facts.size is None:
        yield Why.FILTER_SIZE
        return
    size = facts.size / _MEGABYTE
    if rules.min_mb is not None and size < rules.min_mb:
        yield Why.FILTER_SIZE, f"{size:.1f} MB is smaller than {rules.min_mb:g} MB."
    if rules.max_mb is not None and size > rules.max_mb:
        yield Why.FILTER_SIZE, f"{size:.1f} MB is larger than {rules.max_mb:g} MB."


def _by_language(facts: Facts, rules: Rules, _now: datetime) -> Outcomes:
    if not rules.languages:
        return
    if facts.language is None:
        yield Why.FILTER_LANGUAGE
    elif not _speaks(facts.language.casefold(), rules.languages):
        wanted = ", ".join(sorted(rules.languages))
        yield Why.FILTER_LANGUAGE, f"Its language is {facts.language}; wanted: {wanted}."


def _speaks(language: str, wanted: frozenset[str]) -> bool:
    """`en-GB` is English; who wants `en-GB` does not want `en-US`."""
    return any(language == one or language.startswith(f"{one}-") for one in wanted)


_RULES: tuple[Callable[[Facts, Rules, datetime], Outcomes], ...] = (
    _by_kind,
    _by_title,
    _by_duration,
    _by_date,
    _by_size,
    _by_language,
)


def _length(seconds: float) -> str:
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
