"""The application without its worker, and people who have songs."""

from tests.accounts.conftest import _quick_hashes, app, client, configure, make_client  # noqa: F401
from tests.accounts.conftest import context as bare_context  # noqa: F401
from tests.links.conftest import ada, context, root  # noqa: F401
