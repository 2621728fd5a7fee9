"""A user's own cookies for sites: given, looked at without being seen, and taken away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from magpie.accounts.principal import Principal
from magpie.audit import service as audit
from magpie.context import AppContext
from magpie.downloads.sites import site_of
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.kit.errors import NotFound, RuleBroken
from magpie.plugins import plugins
from magpie.sites import cookies, repository
from magpie.sites.cookies import Mode
from magpie.sites.models import CookieJar

MAX_SITE = 255


def site_named(name: str) -> str:
    """The site that a person means by its name, a host or an address. Raises `RuleBroken`."""
    known = plugins().sites
    given = name.strip().lower()
    if any(site.name == given for site in known):
        return given
    try:
        site = site_of(given if "://" in given else f"https://{given}/", known)
    except ValueError:
        site = "unknown"
    if (
        site == "unknown"
        or len(site) > MAX_SITE
        or not site.isprintable()
        or any(char in site for char in " /%")
    ):
        raise RuleBroken(
            "This is no site: give its name, or a host such as media.example.org.", "path", "site"
        )
    return site


def jar_of(session: ReadSession, principal: Principal, site: str) -> CookieJar | None:
    return repository.jar_of(session, principal.id, site)


def jars_of(session: ReadSession, principal: Principal) -> dict[str, CookieJar]:
    """All of a user's, by site."""
    return {jar.site: jar for jar in repository.jars_of(session, principal.id)}


def save(
    context: AppContext,
    session: WriteSession,
    principal: Principal,
    site: str,
    *,
    given: str | Mapping[str, Any] | list[Any] | None,
    mode: str | None,
) -> CookieJar:
    """Keep cookies, or the mode, or both. Raises `RuleBroken`, `NotFound` for a mode without cookies."""
    jar = repository.jar_of(session, principal.id, site)
    if given is None and jar is None:
        raise NotFound("There are no cookies of this site yet: give them first")
    if jar is None:
        jar = CookieJar(user_id=principal.id, site=site, created_at=utcnow())
        session.add(jar)
    if given is not None:
        content = cookies.parse(given if isinstance(given, str) else json.dumps(given), site=site)
        jar.sealed = cookies.seal(context.vault, content)
        jar.count, jar.expires_at = len(content.cookies), content.expires_at
        jar.refused_at = jar.last_used_at = None
    jar.mode = mode or jar.mode or Mode.WHEN_NEEDED
    jar.updated_at = utcnow()
    session.flush()
    details = {"count": jar.count, "mode": jar.mode, "replaced": given is not None}
    audit.record(session, "cookies.save", principal=principal, subject=f"site:{site}", details=details)
    return jar


def delete(session: WriteSession, principal: Principal, site: str) -> None:
    """Forget a user's cookies for a site, if there are any."""
    jar = repository.jar_of(session, principal.id, site)
    if jar is not None:
        session.delete(jar)
        audit.record(session, "cookies.delete", principal=principal, subject=f"site:{site}")
