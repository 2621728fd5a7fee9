"""Figures for Prometheus."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from magpie import __version__
from magpie.context import AppContext
from magpie.downloads import service as downloads
from magpie.engine import EngineStatus
from magpie.kit.filesystem import free_bytes


class _Magpie(Collector):
    """Reads the figures when they are asked for: nothing is counted twice, and idling costs nothing."""

    def __init__(self, context: AppContext) -> None:
        self._context = context

    def collect(self) -> Iterable[Metric]:
        yield InfoMetricFamily("magpie", "This program.", value={"version": __version__})
        states = GaugeMetricFamily("magpie_downloads", "Downloads by state.", labels=["status"])
        with self._context.database.read() as session:
            for status, count in downloads.count_by_status(session).items():
                states.add_metric([status], count)
        yield states
        free = free_bytes(self._context.settings.media_root)
        yield GaugeMetricFamily("magpie_media_free_bytes", "Free space on the media's disk.", value=free)
        if self._context.engine is not None:
            yield from _jobs(self._context.engine.status())


def _jobs(status: EngineStatus) -> Iterable[Metric]:
    running = GaugeMetricFamily("magpie_jobs_running", "Jobs that run in this worker.", labels=["lane"])
    slots = GaugeMetricFamily(
        "magpie_job_slots", "Jobs that may run at once in this worker.", labels=["lane"]
    )
    for family, values in ((running, status.running), (slots, status.slots)):
        for lane, value in values.items():
            family.add_metric([lane], value)
        yield family


def registry_for(context: AppContext) -> CollectorRegistry:
    """A registry of this application's own: several may live in one process."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    registry.register(_Magpie(context))
    return registry


def render(registry: CollectorRegistry) -> bytes:
    return generate_latest(registry)
