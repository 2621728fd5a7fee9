"""Who is asking."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """The signed-in user behind a request; `session_id` is None where a command acts for a user."""

    id: int
    username: str
    is_superuser: bool
    session_id: str | None = None
    # Only where an API token asks: what it may do. A token without `admin` is no superuser, whoever owns it.
    scopes: frozenset[str] | None = None
    is_cookie: bool = False  # signed in by the page's cookie
    mark: str | None = None  # of the one password that this sign-in goes back to: see `tokens.Claims`
