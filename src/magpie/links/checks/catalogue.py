"""Deciding about known entries again: other rules, a dry run of rules, a person's word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from magpie.context import AppContext
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.links.checks import repository
from magpie.links.checks.intake import ONLY_LISTED, Policy, facts_of
from magpie.links.checks.rules import FILTERS, Decision, Rules, Why
from magpie.links.models import Link, LinkEntry, Verdict

SAMPLES = 20


def policy_of(link: Link, filters: Mapping[str, Any] | None = None) -> Policy:
    """How a link's entries are decided about; with other filters where they are given."""
    rules = Rules.of(link.filters if filters is None else filters)
    return Policy(rules, link.download_automatically, utcnow())


def decide_again(_context: AppContext, session: WriteSession, link: Link) -> int:
    """After a change of the rules: decide about all that nobody has queued; how many decisions differ.

    What a person decided, and what is in the library, stays.
    """
    session.flush()
    policy = policy_of(link)
    rows = [
        {"id": row.id, **_columns(decision)}
        for row in repository.facts_by_rules(session, link.id)
        if not _says(row, decision := _again(policy, row))
    ]
    if rows:
        repository.write_decisions(session, link.id, rows)
    return len(rows)


def _again(policy: Policy, row: Any) -> Decision:
    """What was wanted once (by `trigger-download`, say) stays wanted unless a rule says no."""
    decision = policy.decide(facts_of(row))
    if decision.reason is Why.NOT_AUTOMATIC and row.verdict == Verdict.WAITING and row.reason is None:
        return Decision(Verdict.WAITING)
    return decision


def _columns(decision: Decision) -> dict[str, Any]:
    return {
        "verdict": decision.verdict,
        "reason": decision.reason,
        "detail": decision.detail,
        "not_before": decision.not_before,
    }


def _says(row: Any, decision: Decision) -> bool:
    return (row.verdict, row.reason, row.detail) == (decision.verdict, decision.reason, decision.detail)


def only_list(session: WriteSession, link: Link) -> None:
    """Downloading by itself was switched off: what waits for its turn is only listed."""
    repository.only_list(session, link.id, Why.NOT_AUTOMATIC, ONLY_LISTED)


@dataclass(frozen=True, slots=True)
class Sample:
    """One entry whose verdict would change."""

    id: int
    title: str | None
    verdict: str
    reason: str | None
    would_be: str
    would_reason: str | None
    would_detail: str | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What rules would do. `counts`: entries by verdict and reason; `open`: by a rule that lacks a fact as yet."""

    total: int
    counts: dict[tuple[str, str | None], int]
    wanted: int
    unwanted: int
    held_but_ruled_out: int
    open: dict[str, int]
    samples: list[Sample]


def try_rules(session: ReadSession, link: Link, filters: Mapping[str, Any]) -> Trial:
    """What these filters would make of the whole catalogue. Nothing is written."""
    policy = policy_of(link, filters)
    counts: Counter[tuple[str, str | None]] = Counter()
    lacking: Counter[str] = Counter()
    samples: list[Sample] = []
    wanted = unwanted = ruled_out = total = 0
    for row in repository.facts_of_all(session, link.id):
        total += 1
        decision = policy.decide(facts_of(row))
        lacking.update(map(str, decision.open))
        if not _is_open(row):
            counts[row.verdict, row.reason] += 1
            ruled_out += decision.verdict is Verdict.SKIPPED and row.verdict == Verdict.DOWNLOADED
            continue
        decision = _again(policy, row)
        counts[decision.verdict.value, decision.reason.value if decision.reason else None] += 1
        was, becomes = row.verdict == Verdict.SKIPPED, decision.verdict is Verdict.SKIPPED
        wanted += was and not becomes
        unwanted += becomes and not was
        if was != becomes and len(samples) < SAMPLES:
            samples.append(_sample(row, decision))
    return Trial(total, dict(counts), wanted, unwanted, ruled_out, dict(lacking), samples)


def _is_open(row: Any) -> bool:
    """As the query of `facts_by_rules`."""
    ruled_out = row.verdict == Verdict.SKIPPED and row.reason in FILTERS
    return not row.by_person and (ruled_out or row.verdict in (Verdict.LISTED, Verdict.WAITING))


def _sample(row: Any, decision: Decision) -> Sample:
    return Sample(
        id=row.id,
        title=row.title,
        verdict=row.verdict,
        reason=row.reason,
        would_be=decision.verdict.value,
        would_reason=decision.reason.value if decision.reason else None,
        would_detail=decision.detail,
    )


def skip(entry: LinkEntry) -> None:
    """A person does not want it."""
    entry.verdict, entry.reason, entry.by_person = Verdict.SKIPPED, Why.PERSON, True
    entry.detail, entry.not_before = "A person has left it out.", None
