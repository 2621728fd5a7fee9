"""The context, for routes that need it. Apart from `context`, since commands must not pay for a web framework."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from magpie.context import AppContext


def _context(connection: HTTPConnection) -> AppContext:
    context: AppContext = connection.app.state.context
    return context


Context = Annotated[AppContext, Depends(_context)]
