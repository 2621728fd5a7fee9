"""Which extractor is asked for an address, in which order, and what becomes of their answers."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from magpie.downloads.extractors.finish import finish
from magpie.downloads.extractors.listing import (
    ListedEntry,
    Lister,
    Listing,
    ListOrder,
    ListSession,
    SourceFacts,
)
from magpie.downloads.extractors.look import Look, look_at
from magpie.downloads.extractors.port import (
    Claim,
    ClaimsByOptions,
    Declined,
    Extractor,
    GoesOn,
    IsAList,
    Medium,
    NotMine,
    Request,
    Saved,
    Session,
    Stage,
)
from magpie.downloads.extractors.titles import tidy, tidy_entry, tidy_source, web_address
from magpie.downloads.extractors.web import require_http
from magpie.downloads.failures import DownloadFailure, Reason

_KINDS = ("file", "page", "gallery", "list")
_ASK_THE_NEXT = frozenset({Reason.UNSUPPORTED, Reason.NO_MEDIA})
_TOOLS_FAULT = frozenset({Reason.TOOL_ERROR, Reason.TOOL_TOO_OLD})


class _Tidying:
    """A session that cleans what extractors report, since titles are somebody else's."""

    def __init__(self, session: Session, request: Request) -> None:
        self._request = request
        self._found = session.found
        self.stage = session.stage
        self.progress = session.progress
        self.should_finish = session.should_finish

    def found(self, medium: Medium) -> None:
        self._found(tidy(medium, self._request))


def candidates(
    url: str, options: dict[str, Any], extractors: list[Extractor]
) -> list[tuple[Claim, Extractor]]:
    """Those who may take the address: the surest first, and among equals in the order of registration.

    Registration puts plug-ins before what ships with Magpie, so a plug-in wins an equal claim.
    """
    claims = [(_claim(extractor, url, options), extractor) for extractor in extractors]
    return sorted((pair for pair in claims if pair[0] > Claim.NO), key=lambda pair: -pair[0])


def _claim(extractor: Extractor, url: str, options: dict[str, Any]) -> Claim:
    """The extractor's claim; one that raises, or answers something else, is passed over."""
    try:
        if isinstance(extractor, ClaimsByOptions):
            return Claim(extractor.claims_with(url, options))
        return Claim(extractor.claims(url))
    except Exception:  # noqa: BLE001  every address is shown to every plug-in: a faulty one must not end all downloads
        traceback.print_exc()
        return Claim.NO


def save(request: Request, session: Session, extractors: list[Extractor]) -> Saved:
    """Fetch the medium with the first extractor that can, then prove and complete what it brought.

    Raises `IsAList`, `Declined` or `DownloadFailure`.
    """
    require_http(request.url)
    session.stage(Stage.EXTRACTING)
    known_site, seen = False, None
    ranked = candidates(request.url, request.options, extractors)
    for claim, extractor in sorted(ranked, key=lambda pair: not _has_begun(pair[1], request)):
        known_site = known_site or claim is Claim.YES
        try:
            return _fetch(extractor, request, session)
        except NotMine:
            continue
        except DownloadFailure as failure:
            if failure.reason not in _ASK_THE_NEXT:
                raise
            seen = seen or failure
    raise seen or DownloadFailure(Reason.NO_MEDIA if known_site else Reason.UNSUPPORTED)


def _has_begun(extractor: Extractor, request: Request) -> bool:
    return isinstance(extractor, GoesOn) and extractor.has_begun(request)


class _TidyingList:
    """A list session that cleans what listers report, leaves out what cannot be saved, and counts requests."""

    def __init__(self, session: ListSession) -> None:
        self._session = session
        self.requests = 0
        self.reported = False

    def source(self, facts: SourceFacts) -> None:
        self._session.source(tidy_source(facts))

    def entries(self, entries: Sequence[ListedEntry]) -> None:
        self.reported = True
        self._session.entries([tidy_entry(entry) for entry in entries if web_address(entry.url)])

    def requested(self, count: int = 1) -> None:
        self.requests += count
        self._session.requested(count)


def list_entries(order: ListOrder, session: ListSession, extractors: list[Extractor]) -> Listing:
    """List with the first lister that can, in the order of their claims; the one that `order.options["lister"]`
    names is asked before all others. Raises `DownloadFailure`."""
    require_http(order.url)
    known_site, seen = False, None
    tidying = _TidyingList(session)
    for claim, lister in _listers(order, extractors):
        if seen is not None and seen.reason in _TOOLS_FAULT and claim is not Claim.YES:
            continue  # those who know the site have failed: what is on its page is not what was meant
        known_site = known_site or claim is Claim.YES
        try:
            listing = _list(lister, order, tidying)
            return replace(listing, requests=max(listing.requests, tidying.requests))
        except NotMine:
            continue
        except DownloadFailure as failure:
            another_may_know = claim is Claim.YES and failure.reason in _TOOLS_FAULT and not tidying.reported
            if failure.reason not in _ASK_THE_NEXT and not another_may_know:
                raise
            seen = seen or failure
    raise seen or DownloadFailure(Reason.NO_MEDIA if known_site else Reason.UNSUPPORTED)


def _listers(order: ListOrder, extractors: list[Extractor]) -> list[tuple[Claim, Lister]]:
    ranked = candidates(order.url, order.options, extractors)
    able = [(claim, extractor) for claim, extractor in ranked if isinstance(extractor, Lister)]
    if order.search is not None:  # nobody else would know what is meant
        return [pair for pair in able if pair[1].name == order.options.get("lister")]
    return sorted(able, key=lambda pair: pair[1].name != order.options.get("lister"))


def _list(lister: Lister, order: ListOrder, session: ListSession) -> Listing:
    try:
        return lister.list_entries(order, session)
    except (NotMine, DownloadFailure, OSError, MemoryError):
        raise
    except Exception as error:  # as in `_fetch`
        raise _fault(lister.name, error) from error


def _fetch(extractor: Extractor, request: Request, session: Session) -> Saved:
    try:
        return finish(extractor.extract(request, _Tidying(session, request)), request, session)
    except (NotMine, IsAList, Declined, DownloadFailure, OSError, MemoryError):
        raise
    except Exception as error:  # a tool's own fault, of whatever type; the name tells whose
        raise _fault(extractor.name, error) from error


def _fault(name: str, error: Exception) -> DownloadFailure:
    traceback.print_exc()
    return DownloadFailure(Reason.TOOL_ERROR, f"{name}: {type(error).__name__}: {error}")


def inspect(url: str, proxy: str, options: dict[str, Any], extractors: list[Extractor]) -> dict[str, Any]:
    """A quick classification: `{extractor, kind, title?}`, `kind` in file, page, gallery, list, unsupported.

    Addresses that an extractor claims cost no request, unknown pages at most one small GET of about a second.
    """
    try:
        require_http(url)
    except DownloadFailure:
        return {"extractor": None, "kind": "unsupported"}
    ranked = candidates(url, options, extractors)
    if ranked and ranked[0][0] >= Claim.LIKELY:
        extractor = ranked[0][1]
        return {"extractor": extractor.name, "kind": _kind_of(extractor, url)}
    return _after_a_look(look_at(url, proxy), ranked)


def _kind_of(extractor: Extractor, url: str) -> str:
    describe = getattr(extractor, "kind_of_address", None)
    try:
        kind = describe(url) if describe else None
    except Exception:  # noqa: BLE001  as with claims
        traceback.print_exc()
        kind = None
    return kind if kind in _KINDS else "page"


def _after_a_look(look: Look, ranked: list[tuple[Claim, Extractor]]) -> dict[str, Any]:
    if look.kind == "file":
        return {"extractor": "direct", "kind": "file"}
    names = [extractor.name for _, extractor in ranked]
    if look.kind == "unsupported" or not names:
        return {"extractor": None, "kind": "unsupported"}
    last = "webimages" if look.kind == "gallery" else "ytdlp"
    return {"extractor": last if last in names else names[-1], "kind": look.kind, "title": look.title}
