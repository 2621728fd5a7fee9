"""The application without its worker."""

from __future__ import annotations

from tests.accounts.conftest import (  # noqa: F401
    _quick_hashes,
    app,
    client,
    configure,
    context,
    make_client,
)
