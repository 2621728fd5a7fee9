"""The media folder of each file, of each name that is being filled, and of each download's latest attempt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Whatever was filed so far lies in the folder that the environment names, which is the empty text.
TABLES = ("downloads", "item_files", "placements")


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("root", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("item_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_files_root"), ["root"], unique=False)
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("media_root", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.drop_column("media_root")
    with op.batch_alter_table("item_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_files_root"))
    for table in reversed(TABLES):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("root")
