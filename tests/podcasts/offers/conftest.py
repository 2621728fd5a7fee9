"""The application without its worker, with people who make podcasts."""

from tests.accounts.conftest import _quick_hashes, app, client, configure, make_client  # noqa: F401
from tests.accounts.conftest import context as bare_context  # noqa: F401
from tests.links.conftest import ada, bob, context, root  # noqa: F401
from tests.podcasts.episodes.conftest import chief, other, studio  # noqa: F401
