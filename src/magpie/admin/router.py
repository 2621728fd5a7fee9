"""Health and metrics over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from magpie.admin import health, metrics
from magpie.downloads.bench import Bench
from magpie.web import Context

router = APIRouter(tags=["service"])


@router.get("/health", responses={503: {"model": health.Health, "description": "A vital part ails."}})
def get_health(context: Context, request: Request, response: Response) -> health.Health:
    """200 when all is well, 503 with the part that ails."""
    bench: Bench | None = getattr(request.app.state, "bench", None)
    found = health.check(context, bench.nest.state().problems if bench else ())
    response.status_code = 200 if found.status == "ok" else 503
    response.headers["Cache-Control"] = "no-store"
    return found


@router.get("/metrics", response_class=PlainTextResponse)
def get_metrics(request: Request) -> Response:
    """Figures in Prometheus' text format."""
    return Response(metrics.render(request.app.state.metrics), media_type=CONTENT_TYPE_LATEST)
