"""The programs that are built of the whole application: `magpie serve`, `magpie worker`, and its schema."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from types import FrameType

import structlog
import uvicorn
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from magpie.app import Service, build_api, create_app
from magpie.config import Settings, settings
from magpie.context import build_context
from magpie.kit import collector
from magpie.kit.bounds import BoundedHttp
from magpie.kit.logs import configure_logs
from magpie.kit.refusal import Refused, sentence_of

log = structlog.get_logger(__name__)

# Answers that are still being sent when the server is told to stop get so long; streams are cut.
ANSWER_GRACE_SECONDS = 3


def _settings(host: str | None, port: int | None) -> Settings:
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    return settings().model_copy(update=given)


def _log_to(chosen: Settings, name: str) -> None:
    configure_logs(debug=chosen.debug, style=chosen.log_format, file=chosen.data_dir / "logs" / name)


def run_server(host: str | None = None, port: int | None = None) -> None:
    """Serve until told to stop. Raises `Refused` if it cannot start as it is set up."""
    chosen = _settings(host, port)
    _log_to(chosen, "magpie.log")
    app = create_app(chosen)
    config = uvicorn.Config(
        _Plainly(app),
        host=chosen.host,
        port=chosen.port,
        http=BoundedHttp,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # `kit.web.Edge` reads them, and once is enough
        timeout_graceful_shutdown=ANSWER_GRACE_SECONDS,
        ws_max_size=65536,
        lifespan="on",
    )
    server = uvicorn.Server(config)
    # uvicorn raises the signal that stopped it once more when all is done; an orderly stop is no failure.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: None)
    with suppress(SystemExit):  # uvicorn's, which would leave no word to whoever has started it
        server.run()
    if not server.started:
        raise Refused(_failure_of(app) or "The server could not start: see the log above.")


def _failure_of(app: FastAPI) -> str | None:
    """Why the application did not start, where that is a matter of how it is set up."""
    failure = getattr(app.state, "failure", None)
    return None if failure is None else sentence_of(failure)


class _Plainly:
    """The application; of a start that failed for a reason that can be said in a sentence no traceback is logged."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def say(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed" and _failure_of(self._app):
                log.debug("start_failed", traceback=message.get("message"))
                message = {**message, "message": ""}
            await send(message)

        await self._app(scope, receive, say if scope["type"] == "lifespan" else send)


def run_worker() -> None:
    """Do jobs until told to stop."""
    chosen = settings()
    _log_to(chosen, "worker.log")
    if chosen.is_sqlite:
        raise Refused(
            "`magpie worker` needs PostgreSQL (DATABASE_URL): with SQLite, `magpie serve` does all the work itself."
        )
    service = Service(chosen)
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    service.start()
    collector.settle()
    log.info("worker_started")
    stop.wait()
    service.stop()


def print_schema() -> None:
    """The API's schema as JSON, independent of this machine's settings."""
    with tempfile.TemporaryDirectory() as folder:
        context = build_context(Settings(data_dir=Path(folder)))
        sys.stdout.write(json.dumps(build_api(context).openapi(), indent=2, ensure_ascii=False) + "\n")
        context.close()
