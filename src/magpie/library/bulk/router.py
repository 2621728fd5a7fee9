"""Bulk actions over HTTP."""

from __future__ import annotations

from magpie.accounts.security import CurrentUser
from magpie.kit.errors import Conflict, NotAuthenticated, NotFound, RuleBroken, responses
from magpie.kit.routing import SliceRouter
from magpie.library.bulk import service
from magpie.library.bulk.schemas import Bulk, BulkDone
from magpie.library.turns import LongTurn
from magpie.web import Context

router = SliceRouter(prefix="/api/v1/items", tags=["library"], responses=responses(NotAuthenticated))


@router.post("/bulk", responses=responses(NotFound, Conflict, RuleBroken))
def act_on_items(body: Bulk, user: CurrentUser, context: Context, _turn: LongTurn) -> BulkDone:
    """Do one thing to many items: chosen one by one, or all that a filter finds."""
    return BulkDone(count=service.carry_out(context, user, body))
