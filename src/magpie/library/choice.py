"""Many items at once: named one by one, or by what is true of them."""

from __future__ import annotations

from array import array
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import select

from magpie.accounts.principal import Principal
from magpie.kit.db import ReadSession
from magpie.library.listing import Filter, Id, ask, conditions
from magpie.library.models import Item

MOST_IDS = 10_000
FETCH = 10_000


class Choice(BaseModel):
    """Either `ids`, or a `filter` as `GET /items` has it."""

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[list[Id], Field(min_length=1, max_length=MOST_IDS)] | None = None
    filter: Filter | None = Field(
        None, description="all items that it finds; an empty one finds your whole library"
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.ids is None) == (self.filter is None):
            raise ValueError("Name either ids or a filter.")
        return self


def found(
    session: ReadSession, principal: Principal, wanted: Filter, *, as_written: bool = False
) -> array[int]:
    """Ids of all items that are meant, the oldest first; eight bytes each, however many there are.

    `as_written`: misspelt words are not corrected. They would be as soon as nothing is left that has them: an order
    that is repeated would be about other items then.
    """
    meant = (
        ask(session, principal, wanted).where(session)
        if as_written
        else conditions(session, principal, wanted)
    )
    query = select(Item.id).where(*meant).order_by(Item.id)
    return array("q", session.scalars(query.execution_options(yield_per=FETCH)))
