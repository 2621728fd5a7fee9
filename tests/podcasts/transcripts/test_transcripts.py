"""A transcript from the wish to the subtitles that players, feeds and media servers find; and all that comes between."""

from __future__ import annotations

import threading
from collections import deque
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from magpie.audit.models import AuditRecord
from magpie.engine.port import JobParked, JobRef, JobState
from magpie.kit.clock import utcnow
from magpie.library.models import Item, Placement
from magpie.library.trash import service as trash
from magpie.podcasts.models import TranscriptStatus
from magpie.podcasts.transcripts import jobs, repository
from magpie.podcasts.transcripts.worker import RETRIES, Scribe
from tests.podcasts.transcripts.support import TranscriptHouse
from tests.support.transcribers.double import Fault


def begin(house: TranscriptHouse, item_id: int, **body: str) -> int:
    answer = house.client(house.ada).post(f"/api/v1/items/{item_id}/transcripts", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "pending"
    made: int = answer.json()["id"]
    return made


def leftovers(house: TranscriptHouse) -> list[Path]:
    """Work folders, and what lies in them."""
    root = house.context.settings.media_root
    found = list((house.context.given.data_dir / "transcripts").rglob("*"))
    with house.context.database.read() as session:
        assert session.scalars(select(Placement)).all() == []
    return found + [one for one in (root / ".magpie" / "work").rglob("*") if one.is_file()]


def test_what_is_said_becomes_subtitles(house: TranscriptHouse) -> None:
    item_id, said = house.add()
    ada = house.client(house.ada)
    before = ada.get(f"/api/v1/items/{item_id}").json()
    number = begin(house, item_id)
    house.scribe.perform(house.job(number))
    listed = ada.get(f"/api/v1/items/{item_id}/transcripts").json()
    assert listed["provider"] == "whisper-asr"
    (transcript,) = listed["transcripts"]
    assert (transcript["status"], transcript["progress"], transcript["language"]) == ("completed", 1.0, "en")
    item = ada.get(f"/api/v1/items/{item_id}").json()
    (subtitles,) = [file for file in item["files"] if file["role"] == "subtitle"]
    assert (subtitles["path"], subtitles["language"]) == ("Music/Talk.en.vtt", "en")
    assert (subtitles["id"], subtitles["mime"]) == (transcript["file_id"], "text/vtt")
    assert item["size"] == before["size"] + subtitles["size"]
    shown = ada.get(f"/api/v1/items/{item_id}/subtitles/{subtitles['id']}")
    assert shown.headers["content-type"].startswith("text/vtt")
    assert shown.text.startswith("WEBVTT\n")
    assert [word for word in shown.text.replace(".", " ").split() if word in {one.text for one in said}] == [
        one.text for one in said
    ]
    assert (house.context.settings.media_root / "Music/Talk.en.vtt").read_text() == shown.text
    assert leftovers(house) == []
    with house.context.database.read() as session:
        stored = session.get_one(Item, item_id)
        assert stored.revision > 0
        actions = session.scalars(select(AuditRecord.action)).all()
    assert actions == ["item.transcribe"]


@pytest.mark.once
def test_feeds_offer_it(house: TranscriptHouse) -> None:
    item_id, _ = house.add()
    ada = house.client(house.ada)
    address = ada.get("/api/v1/users/me").json()["feeds"]["library"]
    assert "podcast:transcript" not in ada.get(address).text
    house.scribe.perform(house.job(begin(house, item_id)))
    feed = ada.get(address).text
    assert 'type="text/vtt" language="en"' in feed
    url = feed.split('<podcast:transcript url="')[1].split('"')[0]
    assert ada.get(url).text.startswith("WEBVTT")


@pytest.mark.once
def test_pages_follow_it_live(house: TranscriptHouse) -> None:
    item_id, _ = house.add()
    house.scribe.perform(house.job(begin(house, item_id)))
    states = [event["status"] for event in house.events]
    assert states[0] == "pending"
    assert states[-1] == "completed"
    assert "running" in states
    progress = [event["progress"] for event in house.events]
    assert all(before <= after for before, after in pairwise(progress))
    assert progress[-1] == 1.0
    assert {event["item_id"] for event in house.events} == {item_id}


@pytest.mark.once
def test_a_second_one_beside_the_first(house: TranscriptHouse) -> None:
    """Another language, or the same again: each has a name of its own, and the one that was asked for first stays."""
    item_id, _ = house.add()
    for _ in range(2):
        house.scribe.perform(house.job(begin(house, item_id)))
    house.scribe.perform(house.job(begin(house, item_id, language="pt-BR")))
    names = [Path(file.path).name for file in house.files(item_id)]
    assert names == ["Talk.mp3", "Talk.en.vtt", "Talk.2.en.vtt", "Talk.pt-BR.vtt"]
    asked = [call.query.get("language") for call in house.recogniser.recordings]
    assert asked == [None, None, ["pt"]]


def test_deleting_one_takes_its_subtitles_along(house: TranscriptHouse) -> None:
    item_id, _ = house.add()
    size = house.files(item_id)[0].size
    number = begin(house, item_id)
    house.scribe.perform(house.job(number))
    ada = house.client(house.ada)
    assert ada.delete(f"/api/v1/items/{item_id}/transcripts/{number}").status_code == 200
    assert ada.get(f"/api/v1/items/{item_id}/transcripts").json()["transcripts"] == []
    assert [file.role for file in house.files(item_id)] == ["media"]
    assert ada.get(f"/api/v1/items/{item_id}").json()["size"] == size
    assert not (house.context.settings.media_root / "Music/Talk.en.vtt").exists()
    assert leftovers(house) == []


def test_who_may(house: TranscriptHouse) -> None:
    item_id, _ = house.add()
    number, bob = begin(house, item_id), house.client(house.bob)
    at = f"/api/v1/items/{item_id}/transcripts"
    answers = [bob.get(at), bob.post(at, json={}), bob.delete(f"{at}/{number}")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    picture, _ = house.add("Pictures/a.png", "image/png")
    ada = house.client(house.ada)
    assert ada.post(f"/api/v1/items/{picture}/transcripts", json={}).status_code == 409
    assert ada.delete(f"/api/v1/items/{picture}/transcripts/{number}").status_code == 404
    assert ada.post(at, json={}).status_code == 409
    other, _ = house.add("Music/Other.mp3")
    broken = ada.post(f"/api/v1/items/{other}/transcripts", json={"language": "not a tag"})
    assert broken.status_code == 400
    assert broken.json()["errors"][0]["loc"] == ["body", "language"]


def test_a_recogniser_that_is_busy_is_asked_later(house: TranscriptHouse) -> None:
    item_id, _ = house.add()
    number = begin(house, item_id)
    house.recogniser.faults = deque([Fault(429, retry_after="4000")])
    house.scribe.perform(house.job(number))
    row = house.row(number)
    assert row is not None
    assert (row.status, row.failures, row.error_code) == ("pending", 1, "limited")
    assert row.next_attempt_at is not None
    assert row.next_attempt_at > utcnow() + timedelta(seconds=3900)
    (wanted,) = jobs._pending(house.context, utcnow())
    assert 3900 < wanted.delay <= 4000
    house.scribe.perform(house.job(number))
    row = house.row(number)
    assert row is not None
    assert (row.status, row.error_code, row.next_attempt_at) == ("completed", None, None)


@pytest.mark.once
def test_it_fails_in_the_end(house: TranscriptHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    item_id, _ = house.add()
    number = begin(house, item_id)
    house.recogniser.faults = deque([Fault(429, retry_after="90")] * 20)
    for _ in range(len(RETRIES) + 1):
        house.scribe.perform(house.job(number))
    row = house.row(number)
    assert row is not None
    assert (row.status, row.error_code) == ("failed", "limited")
    # Others than superusers do not hear where it is.
    assert row.error_message
    assert "127.0.0.1" not in row.error_message
    assert len(house.recogniser.recordings) == len(RETRIES) + 1
    house.recogniser.faults.clear()
    again = begin(house, item_id)
    assert house.row(number) is None
    house.scribe.perform(house.job(again))
    assert house.events[-1]["status"] == "completed"
    assert leftovers(house) == []


@pytest.mark.once
@pytest.mark.parametrize(
    ("ruin", "code"), [("gone", "missing"), ("silent", "silent"), ("broken", "unreadable")]
)
def test_what_cannot_be_heard_says_why(house: TranscriptHouse, ruin: str, code: str) -> None:
    from tests.support.transcribers import tones

    item_id, _ = house.add()
    path = house.context.settings.media_root / "Music/Talk.mp3"
    if ruin == "gone":
        path.unlink()
    elif ruin == "silent":
        tones.write(path, [1.0])
    else:
        path.write_bytes(b"\xff\xfb" + bytes(50))
    number = begin(house, item_id)
    house.scribe.perform(house.job(number))
    row = house.row(number)
    assert row is not None
    assert (row.status, row.error_code) == ("failed", code)
    assert row.error_message
    assert leftovers(house) == []


def hearing(
    house: TranscriptHouse, scribe: Scribe, number: int
) -> tuple[threading.Thread, list[BaseException]]:
    """A worker that waits for the recogniser's answer."""
    house.recogniser.hold = threading.Event()
    house.recogniser.held.clear()
    raised: list[BaseException] = []
    job = house.job(number)

    def work() -> None:
        try:
            scribe.perform(job)
        except BaseException as error:  # noqa: BLE001  looked at by the test
            raised.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert house.recogniser.held.wait(30)
    return thread, raised


def let_go(house: TranscriptHouse) -> None:
    assert house.recogniser.hold is not None
    house.recogniser.hold.set()
    house.recogniser.hold = None


@pytest.mark.once
def test_a_program_that_stops_puts_it_down(house: TranscriptHouse) -> None:
    item_id, _ = house.add()
    number = begin(house, item_id)
    thread, raised = hearing(house, house.scribe, number)
    house.scribe.holds.stop_all()
    thread.join(30)
    assert [type(error) for error in raised] == [JobParked]
    let_go(house)
    row = house.row(number)
    assert row is not None
    assert (row.status, row.worker) == (TranscriptStatus.PENDING, None)
    Scribe(house.context, "after the start").perform(house.job(number))
    assert house.events[-1]["status"] == "completed"


def test_one_that_is_cancelled_ends(house: TranscriptHouse) -> None:
    item_id, _ = house.add()
    number = begin(house, item_id)
    thread, raised = hearing(house, house.scribe, number)
    ada = house.client(house.ada)
    cancelled = ada.delete(f"/api/v1/items/{item_id}/transcripts/{number}")
    assert cancelled.json()["status"] == "cancelled"
    thread.join(30)
    let_go(house)
    assert raised == []
    assert not thread.is_alive()
    assert [file.role for file in house.files(item_id)] == ["media"]
    assert leftovers(house) == []


def test_a_frozen_worker_files_nothing(house: TranscriptHouse) -> None:
    """Another one has taken its row and made the transcript meanwhile."""
    item_id, _ = house.add()
    number = begin(house, item_id)
    frozen = Scribe(house.context, "frozen")
    frozen.holds._watch_seconds = 3600.0
    thread, raised = hearing(house, frozen, number)
    gate = house.recogniser.hold
    house.recogniser.hold = None
    house.scribe.perform(house.job(number))
    assert house.events[-1]["status"] == "completed"
    assert gate is not None
    gate.set()
    thread.join(30)
    assert raised == []
    assert [Path(file.path).name for file in house.files(item_id)] == ["Talk.mp3", "Talk.en.vtt"]
    assert leftovers(house) == []


@pytest.mark.once
def test_what_was_placed_before_the_power_failed_is_taken_away(
    house: TranscriptHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Renamed, but not recorded: the next attempt finds the name in the placements."""
    from magpie.library import adding

    item_id, _ = house.add()
    number = begin(house, item_id)

    class PowerCut(BaseException):
        pass

    def fail(*_: object) -> int:
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(adding, "_conclude", fail)
        patch.setattr("magpie.library.filing.Filing.recover", lambda *_: None)
        with pytest.raises(PowerCut):
            house.scribe.perform(house.job(number))
    assert (house.context.settings.media_root / "Music/Talk.en.vtt").exists()
    asked = len(house.recogniser.recordings)
    house.scribe.perform(house.job(number))
    assert [Path(file.path).name for file in house.files(item_id)] == ["Talk.mp3", "Talk.en.vtt"]
    assert len(house.recogniser.recordings) == asked
    assert leftovers(house) == []


def test_an_item_that_is_deleted_meanwhile(house: TranscriptHouse) -> None:
    item_id, _ = house.add()
    number = begin(house, item_id)
    thread, raised = hearing(house, house.scribe, number)
    with house.context.database.write() as session:
        from magpie.accounts.principal import Principal

        ada = Principal(id=house.ada, username="ada", is_superuser=False)
        assert trash.delete(session, ada, [item_id])
    let_go(house)
    thread.join(30)
    assert raised == []
    assert house.row(number) is None
    from magpie.library.service import DELETED, filing_of

    filing_of(house.context).recover(DELETED, 0)
    assert leftovers(house) == []


@pytest.mark.once
def test_an_engine_that_forgot_it_gets_it_anew(house: TranscriptHouse) -> None:
    item_id, _ = house.add()
    number = begin(house, item_id)
    ref: JobRef = house.job(number).ref
    jobs._begin_anew(house.context, ref, JobState.DONE)
    house.scribe.perform(house.job(number))
    assert house.events[-1]["status"] == "completed"
    jobs._begin_anew(house.context, ref, JobState.DONE)
    with house.context.database.read() as session:
        assert repository.unfinished(session) == []


@pytest.mark.once
def test_a_process_that_dies_over_it_again_and_again(house: TranscriptHouse) -> None:
    item_id, _ = house.add()
    number = begin(house, item_id)
    house.scribe.give_up(house.job(number).ref, "Its process died 5 times.")
    row = house.row(number)
    assert row is not None
    assert (row.status, row.error_code) == ("failed", "crashed")


@pytest.mark.once
def test_what_nobody_makes_any_more_is_swept_away(house: TranscriptHouse) -> None:
    item_id, _ = house.add()
    number = begin(house, item_id)
    row = house.row(number)
    assert row is not None
    for key in (row.key, "0" * 32):
        (house.scribe.home(key) / "heard").mkdir(parents=True)
    house.scribe.sweep()
    assert [one.name for one in house.scribe.home("any").parent.iterdir()] == [row.key]
