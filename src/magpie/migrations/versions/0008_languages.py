"""The language of users; an index for lists of their downloads."""

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


def downgrade() -> None:
    op.drop_index("ix_downloads_user_id_status_id", "downloads")
    op.drop_column("users", "language")
