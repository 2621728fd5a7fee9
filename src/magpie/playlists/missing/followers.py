"""What becomes of missing songs when downloads are identified, and when they end: in every process that does downloads."""

from __future__ import annotations

from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.downloads.extractors.port import Medium
from magpie.downloads.failures import Reason
from magpie.downloads.models import Download, Status
from magpie.kit.clock import utcnow
from magpie.kit.db import ReadSession, WriteSession
from magpie.library.service import Item
from magpie.library.trash import service as trash
from magpie.playlists.matching.aliases import Aliases
from magpie.playlists.missing import arriving, choosing, ordering, repository, searching, service
from magpie.playlists.missing.choosing import NOT_THE_SONG, Worth
from magpie.playlists.missing.models import OrderStatus, SongOrder
from magpie.playlists.models import Task
from magpie.playlists.sync.matchers import rules_of

# Of a download that is not wanted after all.
CANCELLED = "cancelled"
_BY_SOMEBODY = frozenset({"person", "api"})


def follow(context: AppContext) -> None:
    """Have orders of songs follow their downloads, and playlists whatever comes to the library."""

    def ended(session: WriteSession, download: Download) -> None:
        download_ended(context, session, download)

    def missing(session: WriteSession, task: Task) -> None:
        ordering.order_by_itself(context, session, task, utcnow())

    context.download_ended.append(ended)
    context.medium_found.append(lambda number, medium: medium_found(context, number, medium))
    context.songs_missing.append(missing)


def aliases_of(session: ReadSession, user_id: int) -> Aliases:
    """The names of artists as this user knows them."""
    names = rules_of(session, user_id).names
    return Aliases.shipped().with_extra(names) if names else Aliases.shipped()


def medium_found(context: AppContext, download_id: int, medium: Medium) -> tuple[str, str] | None:
    """Why a medium is not fetched although a search said that it is the song: its own page says otherwise."""
    with context.database.read() as session:
        order = repository.by_download(session, download_id)
        if order is None:
            return None
        if not repository.is_running(repository.session_of(session, order.session_id)):
            return CANCELLED, "Nobody waits for this song any more."
        candidate = service.present_candidate(order)
        aliases = aliases_of(session, order.user_id)
    if candidate.get("search") in _BY_SOMEBODY:
        return None
    track = searching.track_of_medium(medium)
    said = choosing.judge(service.song_of(order), track, aliases)
    fault = choosing.contradiction(said)
    if fault is None and candidate.get("worth") == "open" and said.worth is not Worth.FITS:
        fault = said.reasons[0] if said.reasons else NOT_THE_SONG
    if fault is None:
        return None
    with context.database.write() as writing:
        if (order := repository.lock_by_download(writing, download_id)) is not None:
            service.note_heard(order, choosing.heard(track))
    return NOT_THE_SONG, f"It is not the song that was looked for ({fault})."


def download_ended(context: AppContext, session: WriteSession, download: Download) -> None:
    """Whatever its end, in the unit of work in which it ends."""
    order = repository.lock_by_download(session, download.id)
    if order is None:
        if download.status == Status.COMPLETED and download.item_id is not None:
            arriving.note_item(context, session, download.user_id, download.item_id)
        return
    if download.status == Status.CANCELLED:
        service.finish(context, session, order, OrderStatus.CANCELLED)
    elif download.item_id is not None and download.status in (Status.COMPLETED, Status.SKIPPED):
        _landed(context, session, order, download)
    else:
        is_fault = download.reason not in (NOT_THE_SONG, CANCELLED, Reason.IS_A_LIST)
        message = (download.error_message or "The download failed.") if is_fault else None
        service.note_tried(order, download.reason or "failed", message)
        service.try_next(context, session, order)


def _landed(context: AppContext, session: WriteSession, order: SongOrder, download: Download) -> None:
    """It is in the library. What lasts otherwise than the song goes into the trash, and the next one is tried."""
    item = session.get_one(Item, download.item_id)
    candidate = service.present_candidate(order)
    fits = choosing.length_fits(service.song_of(order).duration, item.duration)
    if not fits and candidate.get("search") != "person":
        service.note_heard(order, choosing.heard(arriving.track_of_item(item)))
        service.note_tried(order, choosing.DURATION)
        if download.status == Status.COMPLETED:
            trash.throw(session, Principal(order.user_id, "", is_superuser=False), [item.id])
        service.try_next(context, session, order)
        return
    service.note_tried(order, "taken")
    service.complete(context, session, order, item.id)
