"""The application without its worker, with people."""

from tests.accounts.conftest import _quick_hashes, app, client, configure, make_client  # noqa: F401
from tests.accounts.conftest import context as bare_context  # noqa: F401
from tests.links.conftest import ada, context, root  # noqa: F401
