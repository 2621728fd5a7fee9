"""People with things in their library: as for what is personal."""

from __future__ import annotations

from tests.accounts.conftest import (  # noqa: F401
    _quick_hashes,
    app,
    client,
    configure,
    make_client,
)
from tests.accounts.conftest import context as bare_context  # noqa: F401
from tests.library.personal.conftest import as_ada, as_bob, as_root, keep, meant, media  # noqa: F401
from tests.links.conftest import ada, bob, context, root  # noqa: F401
