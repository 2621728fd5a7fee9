"""Scans and storage over HTTP, and scans as jobs: asked for, told, ended, taken up again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from magpie.audit.models import AuditRecord
from magpie.context import AppContext
from magpie.downloads.admission import admit_user
from magpie.downloads.failures import DownloadFailure, Reason
from magpie.engine.port import DirectJob, JobParked, JobRef, JobState
from magpie.kit.clock import utcnow
from magpie.library.care import service
from magpie.library.care.jobs import Scans
from magpie.library.models import Item, Membership, Scan
from tests.library.care.conftest import write_film, write_sound
from tests.links.conftest import Headers

pytestmark = pytest.mark.database
SCANS = "/api/v1/library/scans"
STORAGE = "/api/v1/library/storage"


@pytest.fixture
def scans(context: AppContext) -> Scans:
    folder = context.settings.media_root
    write_sound(folder / "Music/Nina Simone/Pastel Blues/07 Sinnerman.mp3", title="Sinnerman")
    write_film(folder / "Videos/Rain.mp4")
    return Scans(context)


def row(context: AppContext, scan_id: int) -> Scan:
    with context.database.read() as session:
        return session.get_one(Scan, scan_id)


def job_of(context: AppContext, scan_id: int) -> JobRef:
    with context.database.read() as session:
        return service.job_of(session.get_one(Scan, scan_id), context.job_epoch(session))


def begin(client: TestClient, headers: Headers, *, adopt: bool = False) -> dict[str, Any]:
    answer = client.post(SCANS, json={"adopt": adopt}, headers=headers)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


def perform(context: AppContext, scans: Scans, scan_id: int) -> None:
    scans.perform(DirectJob(job_of(context, scan_id)))


def test_a_scan_from_asking_to_its_end(
    client: TestClient,
    root: Headers,
    context: AppContext,
    scans: Scans,
) -> None:
    asked = begin(client, root, adopt=True)
    assert (asked["status"], asked["adopts"], asked["counts"]["files"]) == ("pending", True, 0)
    assert client.post(SCANS, json={}, headers=root).status_code == 409
    perform(context, scans, asked["id"])
    told = client.get(f"{SCANS}/{asked['id']}", headers=root).json()
    assert told["status"] == "completed"
    assert (told["counts"]["files"], told["counts"]["adopted"]) == (2, 2)
    assert told["ended_at"] is not None
    items = client.get("/api/v1/items", headers=root).json()["items"]
    assert {item["title"] for item in items} == {"Sinnerman", "Rain"}
    with context.database.read() as session:
        actions = set(session.scalars(select(AuditRecord.action)))
    assert "library.scan" in actions
    begin(client, root)
    listed = client.get(SCANS, params={"limit": 1}, headers=root).json()
    assert [one["id"] for one in listed["scans"]] == [asked["id"] + 1]
    older = client.get(SCANS, params={"cursor": listed["next_cursor"]}, headers=root).json()
    assert [one["id"] for one in older["scans"]] == [asked["id"]]
    assert older["next_cursor"] is None


def test_a_cancelled_scan_does_nothing_more(
    client: TestClient,
    root: Headers,
    context: AppContext,
    scans: Scans,
) -> None:
    asked = begin(client, root, adopt=True)
    assert client.post(f"{SCANS}/{asked['id']}/cancel", headers=root).json()["status"] == "cancelled"
    perform(context, scans, asked["id"])
    assert client.get("/api/v1/items", headers=root).json()["total"] == 0
    assert client.post(f"{SCANS}/{asked['id']}/cancel", headers=root).json()["status"] == "cancelled"


def test_a_stopping_server_puts_it_down_and_it_is_taken_up_again(
    client: TestClient,
    root: Headers,
    context: AppContext,
    scans: Scans,
) -> None:
    asked = begin(client, root, adopt=True)
    job = DirectJob(job_of(context, asked["id"]))
    job.stopping.set()
    with pytest.raises(JobParked):
        scans.perform(job)
    assert row(context, asked["id"]).status == "running"
    assert [wanted.ref for wanted in scans.pending(utcnow())] == [job.ref]
    perform(context, scans, asked["id"])
    assert row(context, asked["id"]).status == "completed"
    assert scans.pending(utcnow()) == []


def test_one_whose_job_ended_without_it_begins_a_new_attempt(
    client: TestClient,
    root: Headers,
    context: AppContext,
    scans: Scans,
) -> None:
    asked = begin(client, root)
    first = row(context, asked["id"])
    job = job_of(context, first.id)
    scans.ended(job, JobState.DONE)
    again = row(context, asked["id"])
    assert (again.status, again.attempt) == ("pending", 2)
    scans.perform(DirectJob(job))  # the old attempt counts for nothing
    assert row(context, asked["id"]).status == "pending"
    scans.give_up(DirectJob(job_of(context, again.id)))
    assert row(context, asked["id"]).status == "failed"


def test_scans_come_by_themselves_when_they_are_due(
    client: TestClient,
    root: Headers,
    context: AppContext,
    scans: Scans,
) -> None:
    scans.begin_due()
    assert client.get(SCANS, headers=root).json()["scans"] == []  # there is nothing to look after yet
    perform(context, scans, begin(client, root, adopt=True)["id"])
    scans.begin_due()
    assert len(client.get(SCANS, headers=root).json()["scans"]) == 1
    with context.database.write() as session:
        session.execute(update(Scan).values(created_at=utcnow() - timedelta(hours=25)))
    scans.begin_due()
    scans.begin_due()  # one at a time
    newest = client.get(SCANS, headers=root).json()["scans"][0]
    assert (newest["status"], newest["adopts"]) == ("pending", False)


def test_storage_says_what_takes_room(
    client: TestClient,
    root: Headers,
    ada: Headers,
    context: AppContext,
    scans: Scans,
) -> None:
    perform(context, scans, begin(client, root, adopt=True)["id"])
    size = sum(item["size"] for item in client.get("/api/v1/items", headers=root).json()["items"])
    everything = client.get(STORAGE, headers=root).json()
    assert (everything["total"]["items"], everything["total"]["bytes"]) == (2, size)
    assert {share["name"]: share["items"] for share in everything["by_kind"]} == {"audio": 1, "video": 1}
    assert [(share["name"], share["bytes"]) for share in everything["by_user"]] == [("root", size)]
    assert everything["disks"][0]["is_there"]
    assert everything["disks"][0]["path"] == str(context.settings.media_root)
    hers = client.get(STORAGE, headers=ada).json()
    assert (hers["total"]["bytes"], hers["by_user"], hers["by_kind"]) == (0, [], [])
    assert hers["disks"][0]["path"] is None
    assert client.get(f"{STORAGE}/links", headers=ada).json() == []


def test_a_quota_holds(client: TestClient, root: Headers, ada: Headers, context: AppContext) -> None:
    me = client.get("/auth/me", headers=ada).json()
    answer = client.put(f"/api/v1/users/{me['id']}", json={"quota_gb": 0.001}, headers=root)
    assert answer.json()["quota_gb"] == 0.001
    assert client.get(STORAGE, headers=ada).json()["quota_bytes"] == 1_000_000

    def admit(wanted: int) -> None:
        admit_user(context.settings, context.database, me["id"], wanted)

    admit(1_000_000)
    with pytest.raises(DownloadFailure) as refusal:
        admit(1_000_001)
    assert refusal.value.reason is Reason.QUOTA
    with context.database.write() as session:
        item = Item(
            extractor="x",
            source_id="1",
            kind="video",
            quality="video",
            title="x",
            site="x",
            source_url="",
            size=400_000,
        )
        session.add(item)
        session.flush()
        session.add(Membership(item_id=item.id, user_id=me["id"], trashed_at=utcnow()))
    admit(600_000)
    with pytest.raises(DownloadFailure):
        admit(600_001)  # the trash counts
    client.put(f"/api/v1/users/{me['id']}", json={"quota_gb": 0}, headers=root)
    admit(10**12)
    client.put(f"/api/v1/users/{me['id']}", json={"quota_gb": None}, headers=root)
    context.settings = context.settings.model_copy(update={"default_quota_gb": 0.001})
    with pytest.raises(DownloadFailure):
        admit(10**6)
