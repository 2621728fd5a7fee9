"""What belongs to others is not there."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from magpie.accounts.models import LoginSession
from magpie.accounts.ownership import may_see, owned, visible_to
from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.kit.errors import NotFound
from tests.accounts.conftest import register, sign_in

ADA = Principal(1, "ada", is_superuser=False)
ROOT = Principal(9, "root", is_superuser=True)


@dataclass
class Thing:
    user_id: int | None


@pytest.mark.parametrize(
    ("principal", "owner_id", "sees"),
    [
        (ADA, 1, True),
        (ADA, 2, False),
        (ADA, None, False),
        (ROOT, 1, True),
        (ROOT, 9, True),
        (ROOT, None, True),
    ],
)
def test_single_records(principal: Principal, owner_id: int | None, sees: bool) -> None:
    thing = Thing(owner_id)
    assert may_see(principal, owner_id) is sees
    if sees:
        assert owned(thing, principal) is thing
    else:
        with pytest.raises(NotFound, match="Item not found"):
            owned(thing, principal)


@pytest.mark.parametrize("principal", [ADA, ROOT])
def test_what_is_not_there_looks_like_what_is_not_yours(principal: Principal) -> None:
    nothing: Thing | None = None
    with pytest.raises(NotFound, match="Item not found"):
        owned(nothing, principal)


@pytest.mark.database
def test_queries(context: AppContext, client: TestClient) -> None:
    context.settings = context.settings.model_copy(update={"allow_registration": True})
    ids = []
    for name in ("ada", "bob"):
        ids.append(int(str(register(client, name)["id"])))
        sign_in(client, name)

    def seen(principal: Principal) -> set[int]:
        with context.database.read() as session:
            rows = session.scalars(select(LoginSession).where(visible_to(principal, LoginSession.user_id)))
            return {owned(row, principal).user_id for row in rows}

    assert seen(Principal(ids[0], "ada", False)) == {ids[0]}
    assert seen(Principal(ids[1], "bob", False)) == {ids[1]}
    assert seen(Principal(max(ids) + 1, "eve", False)) == set()
    assert seen(Principal(max(ids) + 1, "root", True)) == set(ids)
