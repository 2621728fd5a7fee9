"""The application without its worker, with people who follow things."""

from __future__ import annotations

from tests.links.conftest import (  # noqa: F401
    _quick_hashes,
    ada,
    app,
    bare_context,
    bob,
    client,
    configure,
    context,
    make_client,
    root,
)
