"""Accounts over HTTP."""

from __future__ import annotations

from fastapi import APIRouter

from magpie.accounts.login_routes import router as login_router
from magpie.accounts.reset_routes import router as reset_router
from magpie.accounts.session_routes import router as session_router
from magpie.accounts.user_routes import router as user_router

router = APIRouter()
# The first that fits answers: `/users/me` comes before `/users/{user_id}`.
router.include_router(login_router)
router.include_router(session_router)
router.include_router(user_router)
router.include_router(reset_router)
