"""Live progress: one WebSocket that tells the signed-in user what changes."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

from fastapi import WebSocket, WebSocketDisconnect
from starlette.concurrency import run_in_threadpool

from magpie.accounts.ownership import may_see
from magpie.accounts.principal import Principal
from magpie.accounts.security import WebSocketUser, session_alive
from magpie.admin.logs.service import LOG_EVENT
from magpie.context import AppContext
from magpie.kit.events import Event, Subscription
from magpie.kit.routing import SliceRouter
from magpie.web import Context

router = SliceRouter()

# An open socket closes within five seconds of its session's end.
ALIVE_CHECK_SECONDS = 3.0
SESSION_ENDED = 4401
# A browser cannot ask whether the other end is still there (after a night's sleep, say): so it hears of it.
PULSE_SECONDS = 20.0


@router.websocket("/api/v1/events")
async def events(socket: WebSocket, user: WebSocketUser, context: Context, logs: bool = False) -> None:
    """Events `{type, id, status, …}` of what the user may see, within a second of the change.

    With `logs`, superusers get log lines, too: events of the type `log`.
    """
    await socket.accept()
    bench = getattr(socket.app.state, "bench", None)
    if bench is not None:
        await run_in_threadpool(bench.warm)

    def wants(event: Event) -> bool:
        return may_see(user, event.owner) and (logs or event.body.get("type") != LOG_EVENT)

    with context.events.subscribe(wants) as subscription:
        await socket.send_json({"type": "hello", "time": datetime.now(UTC).isoformat()})
        tasks = [
            asyncio.create_task(_forward(socket, subscription)),
            asyncio.create_task(_listen(socket)),
            asyncio.create_task(_watch(socket, context, user)),
            asyncio.create_task(_pulse(socket)),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _forward(socket: WebSocket, subscription: Subscription) -> None:
    while True:
        event = await subscription.next()
        await socket.send_json(event.body)


async def _pulse(socket: WebSocket) -> None:
    while True:
        await asyncio.sleep(PULSE_SECONDS)
        await socket.send_json({"type": "pulse"})


async def _listen(socket: WebSocket) -> None:
    """The page sends nothing; reading is how its leaving is noticed."""
    with suppress(WebSocketDisconnect):
        while True:
            await socket.receive_bytes()


async def _watch(socket: WebSocket, context: AppContext, user: Principal) -> None:
    while True:
        await asyncio.sleep(ALIVE_CHECK_SECONDS)
        if user.session_id is None or not await run_in_threadpool(session_alive, context, user.session_id):
            await socket.close(SESSION_ENDED, "The session has ended")
            return
