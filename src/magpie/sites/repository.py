"""Every query of the sites."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.links.models import Link
from magpie.sites.models import Circuit, CookieJar, SiteState


def state_of(session: ReadSession, site: str) -> SiteState | None:
    return session.get(SiteState, site)


def lock_state(session: WriteSession, site: str) -> SiteState:
    """The site's row, made where there is none, locked until the end of the unit of work."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    fresh = {
        "site": site,
        "circuit": Circuit.CLOSED,
        "trips": 0,
        "successes": 0,
        "low_heights": 0,
        "refusals": 0,
        "is_asked": False,
        "changed_at": utcnow(),
    }
    session.execute(dialect.insert(SiteState).values(fresh).on_conflict_do_nothing())
    query = select(SiteState).where(SiteState.site == site).execution_options(populate_existing=True)
    return session.scalars(query.with_for_update()).one()


def all_states(session: ReadSession) -> list[SiteState]:
    return list(session.scalars(select(SiteState).order_by(SiteState.site)))


def careful_states(session: ReadSession) -> list[SiteState]:
    """The states of sites that are not simply well: few."""
    return list(session.scalars(select(SiteState).where(SiteState.circuit != Circuit.CLOSED)))


def resting(session: ReadSession, sites: Iterable[str], now: datetime) -> dict[str, SiteState]:
    """Of these sites, those that are left alone at that moment."""
    wanted = SiteState.site.in_(set(sites))
    query = select(SiteState).where(wanted, SiteState.circuit == Circuit.OPEN, SiteState.open_until > now)
    return {row.site: row for row in session.scalars(query)}


def link_of(session: ReadSession, link_id: int) -> Link | None:
    """The followed link, for the cookies that it has of its own."""
    return session.get(Link, link_id)


def jar_of(session: ReadSession, user_id: int, site: str) -> CookieJar | None:
    return session.scalar(select(CookieJar).where(CookieJar.user_id == user_id, CookieJar.site == site))


def jars_of(session: ReadSession, user_id: int) -> list[CookieJar]:
    query = select(CookieJar).where(CookieJar.user_id == user_id).order_by(CookieJar.site)
    return list(session.scalars(query))
