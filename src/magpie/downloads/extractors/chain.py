"""Which extractor is asked for an address, in which order, and what becomes of their answers."""

from __future__ import annotations

from typing import Any

from magpie.downloads.extractors.finish import finish
from magpie.downloads.extractors.look import Look, look_at
from magpie.downloads.extractors.port import (
    Claim,
    ClaimsByOptions,
    Extractor,
    Medium,
    NotMine,
    Request,
    Saved,
    Session,
    Stage,
)
from magpie.downloads.extractors.titles import tidy
from magpie.downloads.extractors.web import require_http
from magpie.downloads.failures import DownloadFailure, Reason

_ASK_THE_NEXT = frozenset({Reason.UNSUPPORTED, Reason.NO_MEDIA})


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
    if isinstance(extractor, ClaimsByOptions):
        return extractor.claims_with(url, options)
    return extractor.claims(url)


def save(request: Request, session: Session, extractors: list[Extractor]) -> Saved:
    """Fetch the medium with the first extractor that can, then prove and complete what it brought.

    Raises `IsAList`, `Declined` or `DownloadFailure`.
    """
    require_http(request.url)
    session.stage(Stage.EXTRACTING)
    known_site, seen = False, None
    for claim, extractor in candidates(request.url, request.options, extractors):
        known_site = known_site or claim is Claim.YES
        try:
            return finish(extractor.extract(request, _Tidying(session, request)), request, session)
        except NotMine:
            continue
        except DownloadFailure as failure:
            if failure.reason not in _ASK_THE_NEXT:
                raise
            seen = seen or failure
    raise seen or DownloadFailure(Reason.NO_MEDIA if known_site else Reason.UNSUPPORTED)


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
        describe = getattr(extractor, "kind_of_address", None)
        return {"extractor": extractor.name, "kind": describe(url) if describe else "page"}
    return _after_a_look(look_at(url, proxy), ranked)


def _after_a_look(look: Look, ranked: list[tuple[Claim, Extractor]]) -> dict[str, Any]:
    if look.kind == "file":
        return {"extractor": "direct", "kind": "file"}
    names = [extractor.name for _, extractor in ranked]
    if look.kind == "unsupported" or not names:
        return {"extractor": None, "kind": "unsupported"}
    last = "webimages" if look.kind == "gallery" else "ytdlp"
    return {"extractor": last if last in names else names[-1], "kind": look.kind, "title": look.title}
