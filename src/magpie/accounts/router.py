"""Accounts over HTTP."""

from __future__ import annotations

from magpie.accounts.login_routes import router as login_router
from magpie.accounts.reset_routes import router as reset_router
from magpie.accounts.session_routes import router as session_router
from magpie.accounts.user_routes import router as user_router
from magpie.kit.routing import SliceRouter, take_over

router = SliceRouter()
# The first that fits answers: `/users/me` comes before `/users/{user_id}`.
take_over(router, login_router, session_router, user_router, reset_router)
