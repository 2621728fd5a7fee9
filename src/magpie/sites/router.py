"""Sites over HTTP: how they treat us, and your cookies for them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path

from magpie.accounts.security import CurrentUser, Superuser
from magpie.downloads import service as downloads
from magpie.kit.clock import utcnow
from magpie.kit.errors import NotAllowed, NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.kit.web import ReadDb, WriteDb
from magpie.sites import jars, service
from magpie.sites.cookies import health_of
from magpie.sites.models import CookieJar, SiteState
from magpie.sites.schemas import CookiesIn, CookiesOut, SiteOut
from magpie.web import Context

router = SliceRouter(prefix="/api/v1/sites", tags=["sites"], responses=responses(NotAuthenticated))


def _site(site: Annotated[str, Path(max_length=2048, description="its name, or a host")]) -> str:
    return jars.site_named(site)


Site = Annotated[str, Depends(_site)]


def cookies_out(site: str, jar: CookieJar | None) -> CookiesOut:
    if jar is None:
        return CookiesOut(site=site, has_cookies=False)
    fields = {name: getattr(jar, name, None) for name in CookiesOut.model_fields}
    fields |= {"has_cookies": True, "health": health_of(jar.expires_at, jar.refused_at)}
    return CookiesOut.model_validate(fields)


def site_out(site: str, row: SiteState | None, jar: CookieJar | None, counts: dict[str, int]) -> SiteOut:
    state, now = service.state_of(row), utcnow()
    circuit = state.at(now)
    return SiteOut(
        site=site,
        circuit=circuit.value,
        rests_until=state.open_until if circuit == "open" else None,
        is_asked=state.is_asked,
        reason=state.reason,
        message=service.message_of(state.reason),
        allowed=state.allowance(now),
        trips=state.trips,
        changed_at=row.changed_at if row else None,
        pending=counts.get("pending", 0),
        downloading=counts.get("downloading", 0),
        cookies=cookies_out(site, jar),
    )


@router.get("")
def list_sites(user: CurrentUser, session: ReadDb) -> list[SiteOut]:
    """Sites that you have downloads waiting at or cookies of; for superusers also those that are not simply well."""
    states = {row.site: row for row in service.states(session)}
    own = jars.jars_of(session, user)
    counts = downloads.count_by_site(session, user)
    careful = {site for site, row in states.items() if user.is_superuser and row.circuit != "closed"}
    names = sorted({*careful, *own, *counts})
    return [site_out(name, states.get(name), own.get(name), counts.get(name, {})) for name in names]


@router.get("/{site}/cookies", responses=responses(RuleBroken))
def get_cookies(site: Site, user: CurrentUser, session: ReadDb) -> CookiesOut:
    """Whether you have given cookies for a site, and how they are."""
    return cookies_out(site, jars.jar_of(session, user, site))


@router.put("/{site}/cookies", responses=responses(RuleBroken, NotFound))
def put_cookies(
    site: Site, body: CookiesIn, user: CurrentUser, session: WriteDb, context: Context
) -> CookiesOut:
    """Give cookies for a site, or say when they are sent. They go with your own requests only."""
    jar = jars.save(context, session, user, site, given=body.cookies, mode=body.mode)
    return cookies_out(site, jar)


@router.delete("/{site}/cookies", responses=responses(RuleBroken))
def delete_cookies(site: Site, user: CurrentUser, session: WriteDb) -> CookiesOut:
    """Forget your cookies for a site, if there are any."""
    jars.delete(session, user, site)
    return cookies_out(site, None)


@router.post("/{site}/reset", responses=responses(RuleBroken, NotAllowed, NotFound))
def reset_site(site: Site, user: Superuser, session: WriteDb, context: Context) -> SiteOut:
    """End a site's rest before its time, also one that it asked for: one request goes first, to see."""
    row = service.reset(context, session, user, site)
    counts = downloads.count_by_site(session, user).get(site, {})
    return site_out(site, row, jars.jar_of(session, user, site), counts)
