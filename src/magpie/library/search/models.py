"""Tables beside the index: how far it has come, and the words that misspelt ones may have been meant to be.

The index itself is no table of the models: on SQLite the FTS5 table `search_index`, on PostgreSQL a GIN index over
`items`, whose expression calls the function `search_terms`. The migrations make them.
"""

from __future__ import annotations

from sqlalchemy import Column, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from magpie.kit.db import Base


class SearchState(Base):
    """One row, with id 1."""

    __tablename__ = "search_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]  # of the terms that are in the index: `terms.VERSION`
    pending: Mapped[int]  # items with an id below this one have not been indexed yet; 0: all have been


# In the order of their letters, whatever language PostgreSQL's database has.
_WORD = Text().with_variant(Text(collation="C"), "postgresql")
# Each word of a name once, there and back: `spelling`. Nothing is unique here: whoever adds a word that another one
# adds at the same time need not wait for them.
spellings = Table(
    "search_spellings",
    Base.metadata,
    Column("word", _WORD, nullable=False, index=True),
    Column("backwards", _WORD, nullable=False, index=True),
)
