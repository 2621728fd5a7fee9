"""The application without its worker, with people who have profiles."""

from __future__ import annotations

from tests.accounts.conftest import _quick_hashes, app, client, configure, make_client
from tests.accounts.conftest import context as bare_context
from tests.links.conftest import ada, bob, context, root

__all__ = [
    "_quick_hashes",
    "ada",
    "app",
    "bare_context",
    "bob",
    "client",
    "configure",
    "context",
    "make_client",
    "root",
]
