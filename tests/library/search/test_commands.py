"""What a command brings in is found, although no server runs in its process."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import select

from magpie.accounts.principal import Principal
from magpie.kit.db import Database
from magpie.library import listing
from magpie.library.listing import Filter
from magpie.library.models import Item

pytestmark = pytest.mark.database

# With no more of Magpie than what `magpie save` needs.
COMMAND = """
import sys
from magpie.kit.db import Database
import magpie.downloads.commands
from magpie.library.models import Item, Membership
database = Database(sys.argv[1])
with database.write() as session:
    item = Item(extractor="test", source_id="1", kind="audio", quality="best", title="A barn owl at night",
                site="media.example", source_url="https://media.example/1", size=1)
    session.add(item)
    session.flush()
    session.add(Membership(item_id=item.id, user_id=None))
database.close()
"""


def test_what_a_command_files_is_in_the_index(database: Database, database_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, database_url], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    superuser = Principal(1, "root", True)
    with database.read() as session:
        found = listing.ids(session, superuser, Filter(q="owl", kind="audio"), 10)
        assert found == session.scalars(select(Item.id)).all()
    assert len(found) == 1
