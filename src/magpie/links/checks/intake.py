"""What a listing or a feed brings, batch by batch: stored, decided about, and queued while the rest still comes.

One batch is one short unit of work. Its last statement asks whether the check still holds its link; if another one
has taken over, nothing of the batch is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from magpie.context import AppContext
from magpie.downloads.extractors.keys import url_digest
from magpie.downloads.extractors.listing import ListedEntry
from magpie.kit.db import WriteSession
from magpie.links import archive
from magpie.links.checks import live, repository, turns
from magpie.links.checks.rules import FILTERS, Decision, Facts, Rules, Why, decide, moment
from magpie.links.models import Link, LinkEntry, Verdict
from magpie.links.retention import upgrade

# Between the ranks of two neighbours of a listing: room for what turns up between them later.
RANK_STEP = 64
ONLY_LISTED = "The link only lists what is new: downloading by itself is switched off."


class CheckLost(Exception):
    """The check does not hold its link any more: it was taken over, cancelled, or the link is gone."""


@dataclass(slots=True)
class Tally:
    """What has come so far. `fresh`: of the new ones those that were not there at the check before, either;
    `overlap`: entries that were known before."""

    seen: int = 0
    new: int = 0
    fresh: int = 0
    skipped: int = 0
    queued: int = 0
    overlap: int = 0


def facts_of(entry: Any) -> Facts:
    """What rules look at, of a stored entry or of a row with its columns."""
    facts = entry.facts or {}
    size = facts.get("size")
    language = facts.get("language")
    return Facts(
        title=entry.title,
        kind=None if facts.get("kind_unknown") else entry.kind,
        duration=entry.duration,
        published_at=entry.published_at,
        size=size if isinstance(size, int) else None,
        language=language if isinstance(language, str) else None,
        starts_at=moment(facts.get("starts_at")),
    )


@dataclass(frozen=True, slots=True)
class Policy:
    """How entries of one check are decided about. `automatic`: what the rules let pass is downloaded."""

    rules: Rules
    automatic: bool
    now: datetime

    def decide(self, facts: Facts) -> Decision:
        decision = decide(facts, self.rules, self.now)
        if self.automatic or decision.verdict is Verdict.SKIPPED:
            return decision
        return Decision(Verdict.LISTED, Why.NOT_AUTOMATIC, ONLY_LISTED)


@dataclass(slots=True)
class Intake:
    """One tier's entries, in the order of the listing.

    `top`: the rank of its first entry. `is_listing`: it names entries as listers do, so that its names count; a
    feed's do not. `all_old`: what it brings was there before, and goes after what is new.
    """

    context: AppContext
    claim: int
    history_id: int
    policy: Policy
    top: int
    is_listing: bool
    all_old: bool
    tally: Tally = field(default_factory=Tally)
    _reached_known: bool = False

    def take(
        self,
        session: WriteSession,
        link: Link,
        entries: Sequence[ListedEntry],
        progress: Callable[[], dict[str, Any]],
    ) -> None:
        """Take one batch of the link's; `progress`: tells columns of the link's row that say how far the listing is.

        Raises `CheckLost`.
        """
        listed = list({entry.key: entry for entry in reversed(entries)}.values())[::-1]
        digests = {entry.key: url_digest(entry.url) for entry in listed}
        found = repository.known(session, link.id, list(digests), set(digests.values()))
        by_key = {entry.source_key: entry for entry in found}
        by_digest = {entry.url_digest: entry for entry in reversed(found)}
        fresh: list[dict[str, Any]] = []
        own: set[str] = set()
        for entry in listed:
            digest = digests[entry.key]
            known = by_key.get(entry.key) or by_digest.get(digest)
            if known is not None and live.is_another_broadcast(link, known, entry):
                live.set_aside(session, known)
                known = None
            if known is not None:
                self._meet(session, link, known, entry, digest, by_key)
            elif digest not in own:
                own.add(digest)
                fresh.append(self._row(link, entry, digest))
        repository.touch(session, [entry.id for entry in found], self.policy.now)
        self._add(session, link, fresh)
        self.tally.seen += len(listed)
        self.tally.overlap += len(listed) - len(fresh)
        if not repository.still_mine(session, link.id, self.claim, **progress()):
            raise CheckLost

    def _meet(
        self,
        session: WriteSession,
        link: Link,
        known: LinkEntry,
        entry: ListedEntry,
        digest: str,
        by_key: dict[str, LinkEntry],
    ) -> None:
        """An entry that is known: what has changed of it is noted."""
        self.top = known.rank
        self._reached_known = True
        if self.is_listing and known.source_key != entry.key and entry.key not in by_key:
            by_key[entry.key] = known
            known.source_key = entry.key
        if self.policy.automatic and upgrade.has_grown(known, entry.facts):
            upgrade.look_again(self.context, session, link, known)
        changed = _update(known, entry, digest)
        was_gone = known.gone_at is not None
        if was_gone:
            known.gone_at = None
        if (changed or was_gone) and _is_open(known):
            _write(known, self.policy.decide(facts_of(known)))

    def _row(self, link: Link, entry: ListedEntry, digest: str) -> dict[str, Any]:
        self.top -= 1 if self._reached_known else RANK_STEP
        return {
            "link_id": link.id,
            "source_key": entry.key,
            "url": entry.url,
            "url_digest": digest,
            "title": entry.title,
            "kind": entry.kind,
            "duration": entry.duration,
            "published_at": moment(entry.published_at),
            "thumbnail_url": entry.thumbnail_url,
            "facts": entry.facts,
            "rank": self.top,
            "history_id": self.history_id,
            "first_seen_at": self.policy.now,
            "last_seen_at": self.policy.now,
            "is_new": not self.all_old and not (self.is_listing and self._reached_known),
        }

    def _add(self, session: WriteSession, link: Link, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._decide(session, link, rows)
            new = {row["source_key"] for row in rows if row.pop("is_new")}
            repository.add(session, link.id, rows)
            self.tally.new += len(rows)
            self.tally.fresh += 0 if self.all_old else len(rows)
            self.tally.skipped += sum(row["verdict"] == Verdict.SKIPPED for row in rows)
            ready = [
                entry
                for entry in (repository.by_source_keys(session, link.id, new) if new else ())
                if entry.verdict == Verdict.WAITING and entry.reason is None
            ]
            self.tally.queued += turns.begin_new(self.context, session, link, ready)
        if self.policy.automatic:
            self.tally.queued += turns.fill(self.context, session, link)

    def _decide(self, session: WriteSession, link: Link, rows: list[dict[str, Any]]) -> None:
        keys = [row["source_key"] for row in rows]
        archived = archive.held(session, link.user_id, keys)
        held = repository.held_elsewhere(session, link, keys)
        for row in rows:
            key = row["source_key"]
            row |= {"by_person": False, "item_id": held.get(key), "not_before": None}
            if key in archived or key in held:
                detail = (
                    "Another link has brought it."
                    if key in held
                    else "You have it, says an archive of yours."
                )
                row |= {"verdict": Verdict.SKIPPED, "reason": Why.ARCHIVE, "detail": detail}
                continue
            decision = self.policy.decide(_facts_of_row(row))
            row |= {
                "verdict": decision.verdict,
                "reason": decision.reason,
                "detail": decision.detail,
                "not_before": decision.not_before,
            }


@dataclass(frozen=True, slots=True)
class _Columns:
    title: str | None
    kind: str
    duration: float | None
    published_at: datetime | None
    facts: dict[str, Any]


def _facts_of_row(row: dict[str, Any]) -> Facts:
    names = ("title", "kind", "duration", "published_at", "facts")
    return facts_of(_Columns(**{name: row[name] for name in names}))


def _is_open(entry: LinkEntry) -> bool:
    """Whether rules may decide about it."""
    if entry.by_person:
        return False
    ruled_out = entry.verdict == Verdict.SKIPPED and (entry.reason in FILTERS or entry.reason == Why.GONE)
    return ruled_out or entry.verdict in (Verdict.LISTED, Verdict.WAITING)


def _write(entry: LinkEntry, decision: Decision) -> None:
    entry.verdict, entry.reason, entry.detail = decision.verdict, decision.reason, decision.detail
    entry.not_before = decision.not_before


def _update(known: LinkEntry, entry: ListedEntry, digest: str) -> bool:
    """Take over what the source says differently now; whether anything that matters to rules was.

    What it does not say is kept: a feed tells less than a listing.
    """
    values: dict[str, Any] = {
        "title": entry.title,
        "duration": entry.duration,
        "thumbnail_url": entry.thumbnail_url,
    }
    published = moment(entry.published_at)
    if not (entry.facts.get("approximate_date") and known.published_at):
        values["published_at"] = published
    facts = {**known.facts, **entry.facts}
    if entry.facts.get("kind_unknown"):
        if not known.facts.get("kind_unknown"):
            facts.pop("kind_unknown")
    else:
        facts.pop("kind_unknown", None)
        values["kind"] = entry.kind
    values["facts"] = facts
    if digest != known.url_digest:
        values |= {"url": entry.url, "url_digest": digest}
    changed = {name for name, value in values.items() if value is not None and value != getattr(known, name)}
    for name in changed:
        setattr(known, name, values[name])
    return bool(changed - {"thumbnail_url"})
