"""The server: puts the slices together, and starts and stops what they share."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool

from magpie import __version__, live, page
from magpie.accounts import router as accounts
from magpie.accounts import service as account_service
from magpie.admin import metrics
from magpie.admin import router as admin
from magpie.admin.database import jobs as database_jobs
from magpie.admin.database import rotation
from magpie.admin.database import router as database_router
from magpie.admin.database.importer import Importer
from magpie.admin.logs import router as logs
from magpie.admin.logs.recorder import Recorder
from magpie.admin.settings import router as settings_router
from magpie.admin.settings import service as settings_service
from magpie.audit import jobs as audit_jobs
from magpie.audit import router as audit
from magpie.config import Settings, secret_values, unknown_names
from magpie.context import AppContext, build_context
from magpie.downloads import jobs as download_jobs
from magpie.downloads import router as downloads
from magpie.downloads.worker import Workshop
from magpie.engine import Engine, Where, open_engine
from magpie.history import jobs as history_jobs
from magpie.history import router as history
from magpie.kit import collector
from magpie.kit.bounds import BodyLimit
from magpie.kit.hosts import AllowedHosts, Cors
from magpie.kit.logs import hide, set_debug
from magpie.kit.openapi import declare_refusals
from magpie.kit.routing import take_over
from magpie.kit.web import Edge, install_error_handlers
from magpie.library import router as library
from magpie.library import service as library_service
from magpie.library.bulk import router as bulk
from magpie.library.care import jobs as care_jobs
from magpie.library.care import router as care
from magpie.library.collections import router as collections
from magpie.library.feeds import public as public_feeds
from magpie.library.feeds import router as feeds
from magpie.library.feeds.service import Feeds
from magpie.library.personal import router as personal
from magpie.library.playing import jobs as playing_jobs
from magpie.library.playing import routes as playing
from magpie.library.playing.service import Playing
from magpie.library.search import jobs as search_jobs
from magpie.library.trash import jobs as trash_jobs
from magpie.library.trash import router as trash
from magpie.library.twins import jobs as twin_jobs
from magpie.library.twins import router as twins
from magpie.library.zipping import router as zipping
from magpie.links import catalogue_routes
from magpie.links import router as links
from magpie.links import storage as links_storage
from magpie.links.checks import jobs as check_jobs
from magpie.links.checks.worker import Checker
from magpie.links.imports import routes as link_imports
from magpie.links.retention import jobs as retention_jobs
from magpie.links.retention import routes as retention
from magpie.notifications import jobs as notification_jobs
from magpie.notifications import router as notifications
from magpie.notifications import sources as notification_sources
from magpie.notifications.courier import Courier
from magpie.notifications.delivery import Delivery
from magpie.playlists.artists import router as artists
from magpie.playlists.media_servers import router as media_servers
from magpie.playlists.media_servers import service as media_server_service
from magpie.playlists.missing import followers as missing_followers
from magpie.playlists.missing import jobs as missing_jobs
from magpie.playlists.missing import router as missing_songs
from magpie.playlists.missing.worker import Seeker
from magpie.playlists.sync.matchers import Matchers
from magpie.playlists.sync.worker import Syncer
from magpie.playlists.tasks import jobs as task_jobs
from magpie.playlists.tasks import router as tasks
from magpie.plugins import plugins
from magpie.podcasts import jobs as podcast_jobs
from magpie.podcasts.digests import router as digests
from magpie.podcasts.digests import worker as digest_jobs
from magpie.podcasts.episodes import care as podcast_care
from magpie.podcasts.episodes import listening as podcast_files
from magpie.podcasts.episodes import router as podcasts
from magpie.podcasts.feed import router as podcast_feed
from magpie.podcasts.feed.writing import PodcastFeed
from magpie.podcasts.making.serving import server_tools
from magpie.podcasts.offers import router as podcast_offers
from magpie.podcasts.templates import router as podcast_templates
from magpie.podcasts.transcripts import jobs as transcript_jobs
from magpie.podcasts.transcripts import router as transcripts
from magpie.podcasts.transcripts.worker import Scribe
from magpie.podcasts.worker import Producer
from magpie.preparation import prepare
from magpie.profiles import router as profiles
from magpie.sites import router as sites
from magpie.sites import service as site_service

log = structlog.get_logger(__name__)

STOP_GRACE_SECONDS = 10.0
JOBS_KEPT = timedelta(days=3)

DESCRIPTION = """Magpie keeps your media: paste or follow links, and it saves, tags and files them.

Sign in at `/auth/login` and send `Authorization: Bearer <token>` with every request."""


class Service:
    """One running process: the context, and the worker's machinery around it."""

    def __init__(self, settings: Settings) -> None:
        self.context: AppContext = build_context(settings)
        self.workshop = Workshop(self.context, settings.worker_name or socket.gethostname())
        self.checker = Checker(self.context, self.workshop.bench, self.workshop.name)
        self.playing = Playing(self.context)
        self.syncer = Syncer(self.context, self.workshop.name)
        self.seeker = Seeker(self.context, self.workshop.bench, self.workshop.name)
        self.scribe = Scribe(self.context, self.workshop.name)
        self.producer = Producer(
            self.context, self.workshop.name, server_tools(self.context, self.workshop.bench)
        )
        self.engine: Engine = open_engine(settings, self.context.database)
        self.context.engine = self.engine
        self.recorder = Recorder(self.context, self.workshop.name)
        self._hide_secrets()
        self.context.follow_settings(self._follow_settings)
        self._register_jobs()

    def _register_jobs(self) -> None:
        self.engine.limit_sites(site_service.watch_circuits(self.context))
        check_jobs.follow_downloads(self.context)
        notification_sources.follow_downloads(self.context)
        missing_followers.follow(self.context)
        download_jobs.register(self.engine, self.context, self.workshop)
        check_jobs.register(self.engine, self.context, self.checker)
        retention_jobs.register(self.engine, self.context)
        trash_jobs.register(self.engine, self.context)
        search_jobs.register(self.engine, self.context)
        care_jobs.register(self.engine, self.context)
        twin_jobs.register(self.engine, self.context)
        delivery = Delivery(self.context, Courier(self.workshop.bench))
        notification_jobs.register(self.engine, self.context, delivery)
        playing_jobs.register(self.engine, self.context, self.playing)
        task_jobs.register(self.engine, self.context, self.syncer)
        missing_jobs.register(self.engine, self.context, self.seeker)
        transcript_jobs.register(self.engine, self.context, self.scribe)
        podcast_jobs.register(self.engine, self.context, self.producer)
        podcast_care.register(self.engine, self.context)
        digester = digest_jobs.server_digester(self.context, self.workshop.bench)
        digest_jobs.register(self.engine, self.context, digester)
        audit_jobs.register(self.engine, self.context)
        history_jobs.register(self.engine, self.context)
        database_jobs.register(self.engine, self.context)
        self.engine.every("settings", settings_service.LOOK_SECONDS, self._refresh_settings, Where.EACH)
        self.engine.every("expired sessions", 3600, self._delete_expired_sessions, Where.ONE)
        self.engine.every("old jobs", 3600, self._prune_jobs, Where.ONE)
        self.engine.every("deleted files", 3600, self._finish_deletions, Where.ONE)

    def _hide_secrets(self) -> None:
        hide([self.context.secret, *secret_values(self.context.settings)])

    def _follow_settings(self, settings: Settings) -> None:
        self._hide_secrets()
        set_debug(settings.debug)
        self.workshop.bench.reconfigure(settings)
        self.engine.reconfigure(
            settings.max_concurrent_downloads, settings.site_concurrency, settings.site_delay_seconds
        )

    def _refresh_settings(self) -> None:
        try:
            settings_service.refresh(self.context)
        except OperationalError as error:  # out of reach: whatever needs it says more
            log.info("settings_not_read", error=type(error).__name__)

    def _delete_expired_sessions(self) -> None:
        with self.context.database.write() as session:
            account_service.delete_expired(session)

    def _finish_deletions(self) -> None:
        """Files that could not be removed when their item was: the disk was read-only, or the server was killed."""
        self.workshop.filing.recover(library_service.DELETED, 0)

    def _prune_jobs(self) -> None:
        self.engine.prune(JOBS_KEPT)

    def start(self) -> None:
        """Bring the database up to date, then take work."""
        prepare(self.context)
        rotation.seal_anew(self.context)
        with self.context.database.write() as session:
            media_server_service.keep_environment(self.context, session)
        self.recorder.start()
        self.context.events.start()
        self.workshop.start()
        self.engine.start()
        for problem in plugins().problems:
            log.warning("plugin_not_usable", plugin=problem.plugin, error=problem.error)
        for name in unknown_names():
            log.warning("unknown_setting", name=name)

    def stop(self) -> None:
        """Park running work and stop; what was parked goes on at the next start."""
        self.engine.stop(STOP_GRACE_SECONDS)
        self.workshop.stop()
        self.recorder.stop()
        self.context.close()


def create_app(settings: Settings) -> FastAPI:
    """The whole application; started and stopped with the server's lifespan."""
    service = Service(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        try:
            await run_in_threadpool(service.start)
        except Exception as error:
            app.state.failure = error
            raise
        collector.settle()
        try:
            yield
        finally:
            await run_in_threadpool(service.stop)

    app = build_api(service.context, lifespan=lifespan)
    app.state.bench = service.workshop.bench
    app.state.playing = service.playing
    app.state.matchers = service.syncer.matchers
    return app


def build_api(context: AppContext, *, lifespan: object = None) -> FastAPI:
    """The HTTP side alone: also used to write the schema, without starting anything."""
    app = FastAPI(
        title="Magpie",
        version=__version__,
        description=DESCRIPTION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,  # type: ignore[arg-type]
        redirect_slashes=False,
    )
    app.state.context = context
    app.state.importer = Importer(context)
    app.state.playing = Playing(context)
    app.state.metrics = metrics.registry_for(context)
    app.state.feeds = Feeds(context)
    app.state.podcast_feed = PodcastFeed(context)
    app.state.matchers = Matchers()
    context.own_feeds = feeds.own_feeds
    install_error_handlers(app)
    take_over(
        app.router,
        accounts.router,
        downloads.router,
        personal.router,
        zipping.router,
        library.router,
        playing.router,
        collections.router,
        bulk.router,
        trash.router,
        care.router,
        twins.router,
        feeds.router,
        public_feeds.router,
        links_storage.router,
        links.router,
        profiles.router,
        sites.router,
        link_imports.router,
        catalogue_routes.router,
        retention.router,
        history.router,
        notifications.router,
        live.router,
        audit.router,
        logs.router,
        admin.router,
        settings_router.router,
        media_servers.router,
        media_servers.aliases,
        tasks.router,
        missing_songs.router,
        artists.router,
        podcast_offers.router,
        podcasts.router,
        podcast_files.router,
        podcast_templates.router,
        transcripts.router,
        podcast_feed.router,
        digests.router,
        database_router.router,
        page.router,
    )
    declare_refusals(app)
    _install_middleware(app, context)
    return app


def _install_middleware(app: FastAPI, context: AppContext) -> None:
    """The last one added is the outermost."""
    app.add_middleware(BodyLimit)
    app.add_middleware(Cors, origins=lambda: context.settings.cors_origins)
    app.add_middleware(AllowedHosts, allowed=lambda: context.settings.allowed_hosts)
    app.add_middleware(Edge, trusted_proxies=lambda: context.settings.trusted_proxies)
