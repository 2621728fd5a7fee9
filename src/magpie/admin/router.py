"""Health and metrics over HTTP."""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from magpie.accounts.security import Superuser
from magpie.admin import details, health, metrics
from magpie.downloads.bench import Bench
from magpie.downloads.nest.client import NestState
from magpie.kit.errors import NotAllowed, NotAuthenticated, responses
from magpie.kit.routing import SliceRouter
from magpie.web import Context

router = SliceRouter(tags=["service"])


@router.head("/health", include_in_schema=False)  # as many monitors and `wget --spider` ask
@router.get("/health", responses={503: {"model": health.Health, "description": "A vital part ails."}})
def get_health(context: Context, request: Request, response: Response) -> health.Health:
    """200 when all is well, 503 with the part that ails."""
    nest = _nest(request)
    found = health.check(context, nest.problems if nest else ())
    response.status_code = 200 if found.status == "ok" else 503
    response.headers["Cache-Control"] = "no-store"
    return found


@router.get("/api/v1/health/details", responses=responses(NotAuthenticated, NotAllowed))
def get_health_details(context: Context, request: Request, _user: Superuser) -> details.HealthDetails:
    """Everything about the installation: database, workers, disks, tools and their age, extractors, plug-ins."""
    nest = _nest(request)
    return details.describe(context, health.check(context, nest.problems if nest else ()), nest)


def _nest(request: Request) -> NestState | None:
    bench: Bench | None = getattr(request.app.state, "bench", None)
    return bench.nest.state() if bench else None


@router.head("/metrics", include_in_schema=False)
@router.get("/metrics", response_class=PlainTextResponse)
def get_metrics(request: Request) -> Response:
    """Figures in Prometheus' text format."""
    return Response(metrics.render(request.app.state.metrics), media_type=CONTENT_TYPE_LATEST)
