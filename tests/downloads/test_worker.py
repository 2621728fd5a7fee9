"""One download from its claim to its end, with a made-up bench: orders that arrive at the worst moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError

from magpie.accounts.models import User
from magpie.accounts.principal import Principal
from magpie.config import Settings
from magpie.context import build_context
from magpie.downloads import admission, attempt, jobs, repository, service, worker
from magpie.downloads.board import Running
from magpie.downloads.extractors.port import (
    Declined,
    Entry,
    IsAList,
    Kind,
    Medium,
    Role,
    Saved,
    SavedFile,
    Stage,
)
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.downloads.models import Download, Status
from magpie.downloads.nest.client import Cancelled, JobHandler
from magpie.downloads.worker import Workshop
from magpie.engine.port import DirectJob, JobParked, Source
from magpie.kit.clock import utcnow
from magpie.kit.errors import Unavailable
from magpie.kit.installation import Installation
from magpie.library import service as library
from magpie.library.models import Item, ItemFile, Membership, Placement
from magpie.links.models import Link
from magpie.preparation import prepare
from magpie.sites import jars
from magpie.sites import service as sites
from tests.support.server import wait_for
from tests.support.tools import lay_tools

URL = "https://media.example/film"
FILM = Medium("test", "film", Kind.VIDEO, "A film", URL, "Somebody")

Fetch = Callable[[JobHandler, Path], Saved]


def film(handler: JobHandler, workdir: Path, medium: Medium = FILM) -> Saved:
    """What a job does that all goes well with."""
    handler.on_stage(Stage.EXTRACTING)
    handler.on_found(medium)
    handler.on_progress(4, 4, 1.0, 0.0)
    (workdir / "media.mp4").write_bytes(b"film")
    return Saved(medium, (SavedFile("media.mp4", Role.MEDIA, 4, "video/mp4"),))


class House:
    """A workshop, one user, and downloads that bring what a test says."""

    def __init__(self, database_url: str, folder: Path) -> None:
        lay_tools(folder)
        settings = Settings(data_dir=folder, database_url=database_url, free_space_reserve_gb=0)
        self.context = build_context(settings)
        prepare(self.context)
        self.workshop = Workshop(self.context, "here")
        with self.context.database.write() as session:
            user = User(username="ada", username_key="ada", password_hash="-", created_at=utcnow())
            session.add(user)
            session.flush()
            self.ada = Principal(user.id, "ada", False)

    def bring(self, patch: pytest.MonkeyPatch, fetch: Fetch) -> None:
        def run(
            _key: str, _url: str, _profile: object, workdir: Path, handler: JobHandler, **_: Any
        ) -> Saved:
            return fetch(handler, workdir)

        patch.setattr(self.workshop.bench, "fetch", run)

    def ask(self, url: str = URL, profile: str = "video") -> Download:
        with self.context.database.write() as session:
            return service.create(self.context, session, self.ada.id, service.Wanted(url, profile))

    def cancel(self, download: Download) -> None:
        with self.context.database.write() as session:
            service.cancel(self.context, session, self.ada, download.id)

    def job(self, download: Download) -> DirectJob:
        return DirectJob(service.job_of(self.row(download), 1))

    def perform(self, download: Download, job: DirectJob | None = None) -> Download:
        self.workshop.perform(job or self.job(download))
        return self.row(download)

    def row(self, download: Download) -> Download:
        with self.context.database.read() as session:
            found = repository.get_by_key(session, download.key)
        assert found is not None
        return found

    def all(self, table: Any) -> list[Any]:
        with self.context.database.read() as session:
            return list(session.scalars(select(table)))

    def files(self) -> list[str]:
        """All files below the media root, work folders included."""
        root = self.context.settings.media_root
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())

    def check_empty(self) -> None:
        assert self.files() == []
        for table in (Item, ItemFile, Membership, Placement):
            assert self.all(table) == []


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    made = House(database_url, tmp_path / "data")
    yield made
    made.context.close()


def test_a_download_becomes_an_item(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.bring(monkeypatch, film)
    assert house.perform(house.ask()).status == Status.COMPLETED
    assert house.files() == ["Videos/Somebody/A film.mp4"]


def test_a_cancel_while_the_file_is_placed_leaves_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    download = house.ask()
    house.bring(monkeypatch, film)
    move = house.workshop.filing._move

    def cancelled_meanwhile(*given: Any) -> None:
        move(*given)
        house.cancel(download)

    monkeypatch.setattr(house.workshop.filing, "_move", cancelled_meanwhile)
    row = house.perform(download)
    assert (row.status, row.item_id) == (Status.CANCELLED, None)
    house.check_empty()


def test_a_cancel_of_what_is_held_already_adds_no_member(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.bring(monkeypatch, film)
    house.perform(house.ask())
    with house.context.database.write() as session:
        session.execute(delete(Membership))
    download = house.ask()

    def declined(handler: JobHandler, _workdir: Path) -> Saved:
        handler.on_found(FILM)
        house.cancel(download)
        raise Declined

    house.bring(monkeypatch, declined)
    assert house.perform(download).status == Status.CANCELLED
    assert house.all(Membership) == []


def test_a_cancelled_list_makes_no_downloads(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    download = house.ask()

    def found(_handler: JobHandler, _workdir: Path) -> Saved:
        house.cancel(download)
        raise IsAList([Entry(URL)])

    house.bring(monkeypatch, found)
    assert house.perform(download).status == Status.CANCELLED
    assert len(house.all(Download)) == 1


def test_a_recording_that_is_cancelled_keeps_what_it_has(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    download = house.ask()
    live = Medium("test", "live", Kind.VIDEO, "Live", URL, "Somebody", is_live=True)

    def recorded(handler: JobHandler, workdir: Path) -> Saved:
        saved = film(handler, workdir, live)
        house.cancel(download)
        return saved

    house.bring(monkeypatch, recorded)
    row = house.perform(download)
    assert row.status == Status.CANCELLED
    assert row.item_id is not None
    assert house.files() == ["Videos/Somebody/Live [live].mp4"]


def continuing(handler: JobHandler, workdir: Path) -> Saved:
    assert (workdir / "media.part").read_bytes() == b"fi"
    (workdir / "media.part").unlink()
    return film(handler, workdir)


def test_a_worker_that_lost_its_place_leaves_what_it_had_for_whoever_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = house.job(download := house.ask())

    def lost_meanwhile(handler: JobHandler, workdir: Path) -> Saved:
        (workdir / "media.part").write_bytes(b"fi")
        job.lost = True  # as the engine does before it calls
        house.workshop.abandon_all()
        return film(handler, workdir)

    house.bring(monkeypatch, lost_meanwhile)
    assert house.perform(download, job).status == Status.DOWNLOADING  # it is somebody else's to end
    assert house.files() == [f".magpie/work/{download.key}/1/media.part"]
    house.bring(monkeypatch, continuing)
    assert house.perform(download).status == Status.COMPLETED
    assert house.files() == ["Videos/Somebody/A film.mp4"]


def test_a_worker_that_lost_its_place_takes_away_what_nobody_goes_on_with(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = house.job(download := house.ask())

    def deleted_meanwhile(_handler: JobHandler, workdir: Path) -> Saved:
        (workdir / "media.part").write_bytes(b"fi")
        with house.context.database.write() as session:
            session.execute(delete(Download))
        job.lost = True
        raise Cancelled

    house.bring(monkeypatch, deleted_meanwhile)
    house.workshop.perform(job)
    house.check_empty()
    assert not (house.context.settings.media_root / ".magpie" / "work" / download.key).exists()


def test_a_fault_of_ours_does_not_throw_away_what_was_fetched(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crashing(_handler: JobHandler, workdir: Path) -> Saved:
        (workdir / "media.part").write_bytes(b"fi")
        raise OperationalError("SELECT 1", None, Exception("database is locked"))

    house.bring(monkeypatch, crashing)
    download = house.ask()
    row = house.perform(download)
    assert (row.status, row.reason) == (Status.PENDING, Reason.TOOL_ERROR)
    house.bring(monkeypatch, continuing)
    assert house.perform(download).status == Status.COMPLETED


def test_of_several_folders_the_latest_whole_one_is_continued(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that died late has made an older one anew, and one was being thrown away when its worker died."""
    download = house.ask()
    home = house.context.settings.media_root / ".magpie" / "work" / download.key
    for name in ("8.old", "9", "10", "2"):
        (home / name).mkdir(parents=True)
    (home / "10" / "media.part").write_bytes(b"fi")
    with house.context.database.write() as session:
        session.execute(update(Download).values(claim=10))
    house.bring(monkeypatch, continuing)
    assert house.perform(download).status == Status.COMPLETED
    assert not home.exists()


def test_a_worker_that_stops_begins_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.bring(monkeypatch, film)
    download = house.ask()
    house.workshop.stop_all()
    with pytest.raises(JobParked):
        house.perform(download)
    assert house.row(download).status == Status.PENDING


def test_an_endless_file_leaves_the_reserve_free(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    free = 1000

    def endless(handler: JobHandler, workdir: Path) -> Saved:
        nonlocal free
        handler.on_found(Medium("test", "x", Kind.VIDEO, "X", URL, estimated_bytes=10))
        for size in range(0, 10_000, 100):
            free = 1000 - size
            (workdir / "media.part").write_bytes(b"x" * size)
            handler.on_progress(size, None, None, None)
        raise AssertionError("it filled the disk")

    house.bring(monkeypatch, endless)
    monkeypatch.setattr(admission, "free_bytes", lambda _path: free)
    row = house.perform(house.ask())
    assert (row.status, row.reason) == (Status.PENDING, "no_space")
    assert free == -100  # the step in which it was noticed


@pytest.mark.parametrize("number", [10**30, float("inf"), float("nan"), -1])
def test_impossible_figures_are_nobodys_trouble(
    house: House, monkeypatch: pytest.MonkeyPatch, number: Any
) -> None:
    def boasting(handler: JobHandler, workdir: Path) -> Saved:
        saved = film(handler, workdir)
        handler.on_progress(4, number, number, number)
        house.workshop.board.tick()
        return saved

    house.bring(monkeypatch, boasting)
    assert house.perform(house.ask()).status == Status.COMPLETED


def test_what_is_there_already_needs_no_room_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty of a hundred bytes are fetched, and fifty are free: it goes on."""
    medium = replace(FILM, estimated_bytes=100)
    free = 110

    def broken_off(handler: JobHandler, workdir: Path) -> Saved:
        nonlocal free
        handler.on_found(medium)
        (workdir / "gallery").mkdir()
        (workdir / "gallery" / "media.part").write_bytes(b"x" * 60)
        free -= 60
        raise DownloadFailure(Reason.NETWORK)

    monkeypatch.setattr(admission, "free_bytes", lambda _path: free)
    house.bring(monkeypatch, broken_off)
    download = house.ask()
    assert house.perform(download).reason == Reason.NETWORK
    house.bring(monkeypatch, lambda handler, workdir: film(handler, workdir, medium))
    assert house.perform(download).status == Status.COMPLETED


def test_a_full_disk_is_no_reason_to_ask_the_site_again_and_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = 50
    asked: list[Path] = []

    def large(handler: JobHandler, workdir: Path) -> Saved:
        asked.append(workdir)
        return film(handler, workdir, replace(FILM, estimated_bytes=100))

    monkeypatch.setattr(admission, "free_bytes", lambda _path: free)
    house.bring(monkeypatch, large)
    download = house.ask()
    for _ in range(3):
        row = house.perform(download)
        assert (row.status, row.reason, row.total_bytes) == (Status.PENDING, Reason.NO_SPACE, 100)
    assert len(asked) == 1
    free = 150
    assert house.perform(download).status == Status.COMPLETED


def test_a_missing_media_folder_is_not_made_anew(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    root = house.context.settings.media_root
    root.rename(root.with_name("unmounted"))
    house.bring(monkeypatch, film)
    download = house.ask()
    for _ in range(house.context.settings.download_attempts + 1):  # for as long as it takes
        row = house.perform(download)
        assert (row.status, row.reason, row.failures) == (Status.PENDING, Reason.FOLDER_MISSING, 0)
        assert not root.exists()
    root.with_name("unmounted").rename(root)
    assert house.perform(download).status == Status.COMPLETED


@pytest.mark.once
def test_a_media_folder_that_goes_while_it_is_filled_is_waited_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tool makes its folder anew below the mount point: that goes again, and what is on the share is continued."""
    root = house.context.settings.media_root
    away, mounted = root.with_name("unmounted"), [root]
    monkeypatch.setattr(attempt, "mount_point", lambda _path: root)
    monkeypatch.setattr("os.path.ismount", lambda path: path in mounted)

    def unmounted(handler: JobHandler, workdir: Path) -> Saved:
        handler.on_found(FILM)
        (workdir / "media.part").write_bytes(b"fi")
        root.rename(away)
        mounted.clear()
        (workdir / "gallery").mkdir(parents=True)
        handler.on_progress(2, 4, None, None)
        raise AssertionError("it fills the mount point")

    house.bring(monkeypatch, unmounted)
    download = house.ask()
    row = house.perform(download)
    assert (row.status, row.reason, list(root.iterdir())) == (Status.PENDING, Reason.FOLDER_MISSING, [])
    root.rmdir()
    away.rename(root)
    mounted.append(root)
    house.bring(monkeypatch, continuing)
    assert house.perform(download).status == Status.COMPLETED


@pytest.mark.once
def test_what_a_tool_says_of_a_share_that_went_is_not_believed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = house.context.settings.media_root

    def puzzled(_handler: JobHandler, _workdir: Path) -> Saved:
        root.rename(root.with_name("unmounted"))
        raise DownloadFailure(Reason.NO_MEDIA, "no such file")

    house.bring(monkeypatch, puzzled)
    row = house.perform(house.ask())
    assert (row.status, row.reason) == (Status.PENDING, Reason.FOLDER_MISSING)
    assert not root.exists()


def choose(house: House, folder: Path) -> None:
    """As the settings do while the program runs."""
    library.open_folder(folder)
    house.context.settings = house.context.settings.model_copy(update={"media_root": folder})


def test_a_new_media_folder_is_for_downloads_that_start_afterwards(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, second = house.context.settings.media_root, tmp_path / "second"

    def changed_meanwhile(handler: JobHandler, workdir: Path) -> Saved:
        choose(house, second)
        return film(handler, workdir)

    house.bring(monkeypatch, changed_meanwhile)
    one = house.perform(house.ask())
    assert (one.status, one.root) == (Status.COMPLETED, "")
    assert (first / "Videos/Somebody/A film.mp4").is_file()
    other = replace(FILM, source_id="other", title="Another")
    house.bring(monkeypatch, lambda handler, workdir: film(handler, workdir, other))
    two = house.perform(house.ask("https://media.example/other"))
    assert (two.status, two.root) == (Status.COMPLETED, str(second))
    assert house.files() == ["Videos/Somebody/Another.mp4"]
    assert [file.root for file in house.all(ItemFile)] == ["", str(second)]
    for folder in (first, second):
        assert list((folder / ".magpie" / "work").iterdir()) == []


def test_a_full_disk_is_left_for_a_new_media_folder(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What waits for room goes on in the new folder, and leaves nothing in the old one."""
    first, second = house.context.settings.media_root, tmp_path / "second"
    free = {first: 10**6, second: 10**12}
    monkeypatch.setattr(admission, "free_bytes", lambda folder: free[folder])
    house.bring(monkeypatch, film)
    download = house.ask()
    assert house.perform(download).reason == Reason.NO_SPACE
    assert [path.name for path in (first / ".magpie" / "work").iterdir()] == [download.key]
    choose(house, second)
    assert house.perform(download).status == Status.COMPLETED
    assert house.files() == ["Videos/Somebody/A film.mp4"]
    assert list((first / ".magpie" / "work").iterdir()) == []


def test_a_cancel_sweeps_the_folder_of_the_latest_attempt(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = house.context.settings.media_root
    house.bring(monkeypatch, no_connection)
    download = house.ask()
    assert house.perform(download).status == Status.PENDING
    choose(house, tmp_path / "second")
    assert list((first / ".magpie" / "work").iterdir()) != []
    house.cancel(download)
    assert list((first / ".magpie" / "work").iterdir()) == []


def no_connection(handler: JobHandler, workdir: Path) -> Saved:
    (workdir / "media.mp4.part").write_bytes(b"fi")
    raise DownloadFailure(Reason.NETWORK)


@pytest.mark.parametrize("moment", ["before", "meanwhile"])
def test_a_chosen_folder_that_vanishes_is_a_plain_failure(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, moment: str
) -> None:
    disk = tmp_path / "disk"
    choose(house, disk)

    def unplug() -> None:
        disk.rename(disk.with_name("unplugged"))
        disk.mkdir()  # the mount point

    def unplugged_meanwhile(handler: JobHandler, workdir: Path) -> Saved:
        saved = film(handler, workdir)
        unplug()
        return saved

    house.bring(monkeypatch, unplugged_meanwhile)
    if moment == "before":
        unplug()
    download = house.ask()
    row = house.perform(download)
    assert row.status == Status.PENDING
    assert row.error_message
    assert "Traceback" not in row.error_message
    assert list(disk.iterdir()) == []
    assert house.all(Item) == []
    disk.rmdir()
    disk.with_name("unplugged").rename(disk)
    house.bring(monkeypatch, film)
    assert house.perform(download).status == Status.COMPLETED
    assert house.files() == ["Videos/Somebody/A film.mp4"]
    assert house.all(Placement) == []


def test_room_is_counted_disk_by_disk(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What others will take of one disk is no reason to wait for room on another."""
    monkeypatch.setattr(admission, "free_bytes", lambda _folder: 10**8)
    elsewhere = Running(id=99, key="x", claim=1, user_id=None, reserved=10**10, disk=-1)
    house.workshop.board.add(elsewhere)
    house.bring(monkeypatch, film)
    assert house.perform(house.ask()).status == Status.COMPLETED
    elsewhere.disk = house.context.settings.media_root.stat().st_dev
    other = replace(FILM, source_id="other")
    house.bring(monkeypatch, lambda handler, workdir: film(handler, workdir, other))
    assert house.perform(house.ask("https://media.example/other")).reason == Reason.NO_SPACE


@pytest.mark.parametrize("error", [Unavailable("busy"), OverflowError("too large"), RuntimeError("threads")])
def test_the_board_outlives_whatever_happens(
    house: House, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    board = house.workshop.board
    tick, calls, heard = board.tick, [0], threading.Event()

    def failing() -> None:
        calls[0] += 1
        if calls[0] == 1:
            raise error
        tick()

    monkeypatch.setattr(board, "tick", failing)
    board.start()
    try:
        download = house.ask()

        def waiting(handler: JobHandler, _workdir: Path) -> Saved:
            house.cancel(download)
            running = board.all()[0]
            heard.set() if running.cancelled.wait(10) else None
            handler.on_stage(Stage.DOWNLOADING)
            raise AssertionError("the cancel was not heard")

        house.bring(monkeypatch, waiting)
        assert house.perform(download).status == Status.CANCELLED
        assert heard.is_set()
    finally:
        board.stop()


def test_a_list_that_leads_to_itself_ends(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def circle(_handler: JobHandler, _workdir: Path) -> Saved:
        raise IsAList([Entry(URL), Entry(f"{URL}/next")])

    house.bring(monkeypatch, circle)
    house.ask()

    def work() -> bool:
        waiting = [one for one in house.all(Download) if one.status == Status.PENDING]
        for one in waiting[:20]:
            house.perform(one)
        assert len(house.all(Download)) < 100, "it goes on for ever"
        return not waiting

    wait_for(work, 30)


@pytest.mark.parametrize(
    "url", ["http://[::1", "https://user:secret@media.example/", "file:///etc/passwd", "http://" + "a" * 400,
            "https://media.example/\0", "https://media.example/\ud800"],
)  # fmt: skip
def test_one_hostile_entry_does_not_spoil_a_list(
    house: House, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    def found(_handler: JobHandler, _workdir: Path) -> Saved:
        raise IsAList([Entry(url), Entry(f"{URL}/good")])

    house.bring(monkeypatch, found)
    row = house.perform(house.ask())
    assert (row.status, row.reason) == (Status.SKIPPED, "is_a_list")
    children = [one for one in house.all(Download) if one.parent_id == row.id]
    assert [one.url for one in children] == [f"{URL}/good"]


def test_a_cancel_between_two_attempts_takes_the_partial_files_along(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_handler: JobHandler, workdir: Path) -> Saved:
        (workdir / "media.part").write_bytes(b"half")
        raise DownloadFailure(Reason.NETWORK)

    house.bring(monkeypatch, broken)
    download = house.ask()
    assert house.perform(download).status == Status.PENDING
    assert any(name.endswith("media.part") for name in house.files())  # the next attempt goes on with it
    house.cancel(download)
    assert house.row(download).status == Status.CANCELLED
    house.check_empty()


def crashed(house: House, patch: pytest.MonkeyPatch, download: Download) -> None:
    """Its worker dies when the file is in its place and the item is not made yet."""
    house.bring(patch, film)
    with patch.context() as dying:
        dying.setattr(house.workshop.filing, "_conclude", lambda *_: 1)
        dying.setattr(house.workshop.board, "remove", lambda *_: None)
        dying.setattr(attempt.Attempt, "_clean", lambda *_: None)
        house.perform(download)
    assert house.row(download).status == Status.DOWNLOADING
    assert "Videos/Somebody/A film.mp4" in house.files()


def test_a_cancel_after_a_crash_takes_the_placed_files_along(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    download = house.ask()
    crashed(house, monkeypatch, download)
    house.cancel(download)
    assert house.perform(download).status == Status.CANCELLED
    house.check_empty()


def test_a_crash_between_the_last_commit_and_the_cleaning_leaves_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    download = house.ask()
    house.bring(monkeypatch, film)
    with monkeypatch.context() as crash:
        crash.setattr(attempt.Attempt, "_clean", lambda _attempt: None)
        assert house.perform(download).status == Status.COMPLETED
    work = house.context.settings.media_root / ".magpie" / "work"
    assert [path.name for path in work.iterdir()] == [download.key]
    house.perform(download)  # as the engine does that never heard of the end
    assert list(work.iterdir()) == []
    assert house.files() == [file.path for file in house.all(ItemFile)]


def test_what_kills_its_worker_again_and_again_leaves_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    download = house.ask()
    crashed(house, monkeypatch, download)
    jobs._fail(house.context, house.job(download).ref)
    assert house.row(download).status == Status.FAILED
    house.check_empty()


def test_a_job_from_before_an_import_is_left_alone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    download = house.ask()
    former = house.job(download)
    with house.context.database.write() as session:
        session.execute(update(Installation).values(job_epoch=2))
    house.bring(monkeypatch, film)
    assert house.perform(download, former).status == Status.PENDING
    present = DirectJob(service.job_of(house.row(download), 2))
    assert house.perform(download, present).status == Status.COMPLETED


@pytest.mark.parametrize("crash", [False, True])
def test_a_row_that_vanishes_takes_its_work_along(
    house: House, monkeypatch: pytest.MonkeyPatch, crash: bool
) -> None:
    """An import replaces all rows while their media are being fetched."""
    download = house.ask()
    job = house.job(download)

    def fetch(handler: JobHandler, workdir: Path) -> Saved:
        with house.context.database.write() as session:
            session.execute(delete(Download))
        if crash:
            raise RuntimeError("in the middle")
        return film(handler, workdir)

    house.bring(monkeypatch, fetch)
    house.workshop.perform(job)
    house.check_empty()


def limited(house: House, patch: pytest.MonkeyPatch, download: Download) -> Download:
    """Its site has just said that it is too much, and asked for ten minutes."""

    def refuse(_handler: JobHandler, _workdir: Path) -> Saved:
        raise DownloadFailure(Reason.RATE_LIMITED, retry_after=600)

    house.bring(patch, refuse)
    return house.perform(download)


def test_what_a_site_asks_for_costs_no_attempt_and_holds_for_its_other_downloads(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = house.ask(f"{URL}/other")
    row = limited(house, monkeypatch, house.ask())
    assert (row.status, row.reason, row.failures) == (Status.PENDING, "rate_limited", 0)
    assert row.next_attempt_at is not None
    assert row.next_attempt_at > utcnow() + timedelta(seconds=590)
    house.bring(monkeypatch, film)
    with pytest.raises(JobParked):  # the dispatcher may not have heard of it yet
        house.perform(other)
    waiting = house.row(other)
    assert (waiting.status, waiting.attempt, waiting.claim) == (Status.PENDING, 1, 0)


def test_a_retry_by_hand_keeps_what_the_site_asked_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    row = limited(house, monkeypatch, house.ask())
    with house.context.database.write() as session:
        service.retry(house.context, session, house.ada, row.id)
    house.bring(monkeypatch, film)
    with pytest.raises(JobParked):
        house.perform(row)
    with house.context.database.write() as session:
        sites.reset(house.context, session, house.ada, row.site)
    assert house.perform(row).status == Status.COMPLETED


def test_a_command_does_not_wait_for_a_site_that_is_left_alone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(house, monkeypatch, house.ask())
    house.workshop.name = f"{worker.COMMAND_PREFIX}here"
    house.bring(monkeypatch, film)
    row = house.perform(house.ask(f"{URL}/other"))
    assert (row.status, row.reason) == (Status.FAILED, "site_rests")
    assert "is left alone" in str(row.error_message)


@pytest.mark.parametrize("is_live", [False, True])
def test_what_runs_at_a_site_that_asks_for_a_rest_is_put_down_unless_it_is_live(
    house: House, monkeypatch: pytest.MonkeyPatch, is_live: bool
) -> None:
    download = house.ask()

    def limited_meanwhile(handler: JobHandler, workdir: Path) -> Saved:
        saved = film(handler, workdir, replace(FILM, is_live=is_live))
        with house.context.database.write() as session:
            outcome = sites.Outcome(Reason.RATE_LIMITED, retry_after=600)
            sites.report(house.context, session, download.site, outcome)
        house.workshop.board.tick()
        handler.on_stage(Stage.DOWNLOADING)
        return saved

    house.bring(monkeypatch, limited_meanwhile)
    if is_live:
        assert house.perform(download).status == Status.COMPLETED
        return
    with pytest.raises(JobParked):
        house.perform(download)
    row = house.row(download)
    assert (row.status, row.attempt) == (Status.PENDING, 1)
    assert any(name.endswith("media.mp4") for name in house.files())  # it goes on there


def test_a_login_is_tried_within_the_same_attempt_and_leaves_no_cookies(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.context.database.write() as session:
        jars.save(house.context, session, house.ada, "media.example", given={"session": "abc"}, mode=None)
    sent: list[str | None] = []

    def run(_key: str, _url: str, _profile: object, workdir: Path, handler: JobHandler, **more: Any) -> Saved:
        sent.append(more["cookies"].read_text() if more["cookies"] else None)
        if more["cookies"] is None:
            raise DownloadFailure(Reason.MEMBERS_ONLY)
        return film(handler, workdir)

    monkeypatch.setattr(house.workshop.bench, "fetch", run)
    row = house.perform(house.ask())
    assert (row.status, row.attempt) == (Status.COMPLETED, 1)
    assert sent[0] is None
    assert "session\tabc" in str(sent[1])
    assert house.files() == ["Videos/Somebody/A film.mp4"]


class Registry:
    """As much of an engine as registering needs."""

    def __init__(self) -> None:
        self.source: Source | None = None

    def reconcile(self, source: Source) -> None:
        self.source = source

    def register(self, *_: object, **__: object) -> None: ...

    on_stopping = on_lost = register


def test_the_engine_is_told_of_what_waits_and_of_what_nobody_has_been_heard_of(house: House) -> None:
    registry = Registry()
    jobs.register(registry, house.context, house.workshop)  # type: ignore[arg-type]
    waiting, silent, running = (house.ask(f"https://media.example/{n}") for n in range(3))
    with house.context.database.write() as session:
        for one, beat in ((silent, timedelta(hours=1)), (running, timedelta(0))):
            values = {"status": Status.DOWNLOADING, "heartbeat_at": utcnow() - beat}
            session.execute(update(Download).where(Download.id == one.id).values(values))
        session.execute(
            update(Download)
            .where(Download.id == waiting.id)
            .values(priority=7, next_attempt_at=utcnow() + timedelta(seconds=90))
        )
    assert registry.source is not None
    first, second = registry.source.pending(utcnow())
    assert (first.ref, first.site, first.priority) == (house.job(waiting).ref, "media.example", 7)
    assert 80 < first.delay <= 90
    assert (second.ref, second.delay) == (house.job(silent).ref, 0)


def test_a_command_goes_on_with_a_download_whose_worker_has_died(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no server runs, nobody else would."""
    with house.context.database.write() as session:
        link = Link(user_id=house.ada.id, url=URL, site="media.example", name="Films")
        session.add(link)
        session.flush()
        download = service.create(house.context, session, house.ada.id, service.Wanted(URL, link_id=link.id))
        download.status, download.worker, download.heartbeat_at = Status.DOWNLOADING, "server", utcnow()
    house.workshop.name = f"{worker.COMMAND_PREFIX}here"
    house.bring(monkeypatch, film)

    def due() -> Download | None:
        with house.context.database.read() as session:
            return service.next_of_link(session, link.id, (), silent_since=utcnow() - worker.SILENCE)

    assert due() is None
    assert house.perform(download).status == Status.DOWNLOADING
    with house.context.database.write() as session:
        session.execute(update(Download).values(heartbeat_at=utcnow() - 2 * worker.SILENCE))
    found = due()
    assert found is not None
    assert house.perform(found).status == Status.COMPLETED


def test_pages_of_several_states_are_in_one_order(house: House) -> None:
    made = [house.ask(f"https://media.example/{number}").id for number in range(9)]
    kinds = (Status.PENDING, Status.FAILED, Status.COMPLETED)
    with house.context.database.write() as session:
        for place, number in enumerate(made):
            session.execute(update(Download).where(Download.id == number).values(status=kinds[place % 3]))
    with house.context.database.read() as session:
        pages = [
            repository.page(session, house.ada, statuses=kinds[:2], offset=offset, limit=2)
            for offset in (0, 2, 4, 6)
        ]
    assert {total for _, total in pages} == {6}
    found = [one.id for downloads, _ in pages for one in downloads]
    assert found == [number for place, number in enumerate(made) if place % 3 < 2][::-1]
