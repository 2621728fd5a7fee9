"""The language of users; an index for lists of their downloads; new words entered together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("language", sa.String(length=16), nullable=True))
    op.create_index("ix_downloads_user_id_status_id", "downloads", ["user_id", "status", "id"])
    _enter_words(
        "on, gin_pending_list_limit = 64"
    )  # kilobytes, which each search goes through: some 60 items


def downgrade() -> None:
    _enter_words("off")
    op.drop_index("ix_downloads_user_id_status_id", "downloads")
    op.drop_column("users", "language")


def _enter_words(how: str) -> None:
    """Whether the words of new items wait in a list until there are enough to be entered together."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER INDEX ix_items_search SET (fastupdate = {how})")
