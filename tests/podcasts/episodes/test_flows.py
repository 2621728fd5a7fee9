"""What people do with episodes: several sources, scripts in versions, approval, voices, translations, and their end."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from magpie.audit.models import AuditRecord
from magpie.kit.clock import utcnow
from magpie.library.models import Item, Membership
from magpie.podcasts.episodes import care, files, repository, service, uploads
from magpie.podcasts.making.folder import EpisodeFolder, Used
from magpie.podcasts.models import EpisodeStatus, EpisodeUse
from magpie.podcasts.script.brief import SourceText
from tests.podcasts.episodes.conftest import SOUND, Studio, script

TURNS = [
    {"speaker": "Robin", "text": "Lakes freeze from above."},
    {"speaker": "Sam", "text": "And fish live."},
]


def fault(answer: Any) -> list[Any]:
    """Where the first fault of a refused request is."""
    told = answer.json()
    found: list[Any] = (told["errors"] if "errors" in told else told["detail"])[0]["loc"]
    return found


def save_item(studio: Studio) -> int:
    me = studio.client.get("/auth/me", headers=studio.headers).json()["id"]
    item = Item(
        extractor="t", source_id="1", kind="audio", quality="audio", title="A talk", site="media.example",
        source_url="https://media.example/talk", size=1,
    )  # fmt: skip
    with studio.context.database.write() as session:
        session.add(item)
        session.flush()
        session.add(Membership(item_id=item.id, user_id=me))
        return item.id


def test_sources_of_every_kind_together(studio: Studio) -> None:
    first = studio.make("An earlier show.")
    studio.written(first)
    sources = [
        {"text": "Lakes freeze.", "title": "Note", "language": "en"},
        {"url": "https://news.example/ice"},
        {"itemId": save_item(studio)},
        {"episodeId": first},
    ]
    body = {
        "sources": sources,
        "minutes": 7,
        "speakers": [{"name": "Ann", "voiceId": "x"}],
        "formats": ["opus"],
    }
    form = {
        "data": {"podcast": json.dumps(body)},
        "files": [
            ("files", ("../../ice.PDF", b"%PDF-1.4", "application/pdf")),
            ("files", ("a.mp3", SOUND, "x")),
        ],
    }
    key = studio.ok("POST", "/files", **form)["podcastId"]
    found = studio.ok("GET", f"/{key}")
    assert [one["kind"] for one in found["sources"]] == ["text", "url", "item", "episode", "file", "audio"]
    assert [one["title"] for one in found["sources"][:4]] == [
        "Note",
        None,
        "A talk",
        "An earlier show.",
    ]
    assert found["sources"][3]["episodeId"] == first
    assert found["sources"][4]["name"] == "ice.PDF"
    assert (found["minutes"], [one["name"] for one in found["speakers"]]) == (7, ["Ann"])
    folder = files.work_folder(files.root_of(studio.context.settings), key)
    assert sorted(one.name for one in folder.iterdir()) == ["source-0.txt", "source-4.pdf", "source-5.mp3"]
    assert (folder / "source-5.mp3").read_bytes() == SOUND
    assert studio.row(key).options["formats"] == ["mp3", "opus"]
    assert not list(folder.parent.glob(f"{files.INCOMING}*"))


@pytest.mark.once
@pytest.mark.parametrize(
    ("body", "loc"),
    [
        ({"sources": []}, ["body", "sources"]),
        ({"sources": [{"text": "a"}, {"text": "a", "url": "https://a.example"}]}, ["body", "sources", 1]),
        ({"sources": [{"text": "a"}, {"url": "ftp://a"}]}, ["body", "sources", 1, "url"]),
        ({"sources": [{"itemId": 99}]}, ["body", "sources", 0, "itemId"]),
        ({"sources": [{"episodeId": "0" * 32}]}, ["body", "sources", 0, "episodeId"]),
        ({"sources": [{"text": "a"}], "minuets": 4}, ["body", "minuets"]),
        ({"sources": [{"text": "a"}], "language": "!"}, ["body", "language"]),
        ({"sources": [{"text": "a"}], "templateId": "gone"}, ["body", "templateId"]),
        ({"sources": [{"text": "a"}], "speakers": [{"name": "A"}, {"name": "a"}]}, ["body"]),
        ({"sources": [{"text": "a"}], "tts": "no spaces please"}, ["body", "tts"]),
    ],
)
def test_the_wrong_field_is_named_and_nothing_is_left_behind(
    studio: Studio, body: dict[str, Any], loc: list[Any]
) -> None:
    answer = studio.ask("POST", "", json=body)
    assert answer.status_code in (400, 422), answer.text
    assert fault(answer) == loc
    root = files.root_of(studio.context.settings)
    assert not root.exists() or not [one for one in root.iterdir() if one.is_dir()]


@pytest.mark.once
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {}}, 400),
        ({"files": {"other": ("a.txt", b"x")}}, 400),
        ({"files": {"files": ("a.txt", b"")}}, 400),
        ({"files": {"files": ("a.txt", b"x" * 5000)}}, 413),
        ({"files": [("files", ("a.txt", b"x"))] * 3}, 400),
        ({"files": {"files": ("a.txt", b"x")}, "data": {"podcast": "{"}}, 400),
        ({"files": {"files": ("a.txt", b"x")}, "data": {"podcast": '{"minutes": 0}'}}, 400),
        ({"content": b"--x\r\nbroken", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}, 400),
    ],
)
def test_uploads_have_bounds_and_leave_nothing_when_refused(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, sent: dict[str, Any], status: int
) -> None:
    monkeypatch.setattr(uploads, "MAX_DOCUMENT", 4000)
    monkeypatch.setattr(uploads, "MAX_FILES", 2)
    assert studio.ask("POST", "/files", **sent).status_code == status
    root = files.root_of(studio.context.settings)
    assert [one for one in root.iterdir() if one.is_dir()] == []
    assert studio.ok("GET", "") == []


def test_uploads_leave_the_reserve_of_the_disk_alone(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    reserve = round(studio.context.settings.free_space_reserve_gb * 10**9)
    free = [reserve + uploads.LOOK_BYTES, reserve]  # somebody else fills it meanwhile
    monkeypatch.setattr(uploads, "free_bytes", lambda _folder: free.pop(0))
    monkeypatch.setattr(uploads, "LOOK_BYTES", 1000)
    answer = studio.ask("POST", "/files", files={"files": ("a.txt", b"x" * 1500)})
    assert (answer.status_code, answer.json()["detail"]) == (409, uploads.NO_SPACE)
    assert [one for one in files.root_of(studio.context.settings).iterdir() if one.is_dir()] == []


def test_only_superusers_choose_other_providers(studio: Studio, chief: Studio) -> None:
    body = {"sources": [{"text": "a"}], "tts": "openai:tts-1-hd"}
    assert studio.ask("POST", "", json=body).status_code == 403
    assert studio.ask("POST", "", json={**body, "tts": "espeak"}).status_code == 200
    key = chief.ok("POST", "", json=body)["podcastId"]
    assert chief.row(key).options["tts"] == "openai:tts-1-hd"


def test_nobody_fills_the_queue(studio: Studio, other: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_BUSY", 2)
    first = studio.make()
    studio.make()
    assert studio.ask("POST", "", json={"sources": [{"text": "a"}]}).status_code == 409
    assert other.make()
    studio.ok("POST", f"/{first}/cancel")
    assert studio.make()


def test_a_script_is_edited_in_versions_and_approved(studio: Studio) -> None:
    key = studio.make(approve=True)
    assert studio.ask("GET", f"/{key}/script").status_code == 404
    assert studio.ask("PUT", f"/{key}/script", json={"turns": TURNS}).status_code == 409
    studio.written(key)
    before = studio.ok("GET", f"/{key}/script")
    assert (before["version"], before["origin"], before["isApproved"]) == (1, "written", False)
    assert before["turns"][0]["sourceSpan"] == {"source": 0, "start": 0, "end": 10}
    changed = {**before, "turns": [before["turns"][0], {**before["turns"][1], "text": "Fish live on below!"}]}
    after = studio.ok("PUT", f"/{key}/script", json=changed)
    assert (after["version"], after["origin"], after["title"]) == (2, "edited", "On ice")
    assert after["turns"][1]["text"] == "Fish live on below!"
    assert after["segments"] == before["segments"]
    # The version before is as it was.
    assert studio.ok("GET", f"/{key}/script?version=1") == before
    assert [(one["version"], one["turns"]) for one in studio.ok("GET", f"/{key}/scripts")] == [(2, 2), (1, 2)]
    approved = studio.ok("POST", f"/{key}/approve")
    assert (approved["status"], approved["approvedVersion"], approved["scriptVersion"]) == ("pending", 2, 2)
    assert studio.ask("POST", f"/{key}/approve").status_code == 409
    assert studio.ok("GET", f"/{key}/script")["isApproved"] is True


@pytest.mark.once
@pytest.mark.parametrize(
    ("body", "loc"),
    [
        ({"turns": []}, ["body", "turns"]),
        ({"turns": [{"speaker": "Nobody", "text": "x"}]}, ["body", "turns", 0, "speaker"]),
        ({"turns": [TURNS[0], {"speaker": "Sam", "text": "  "}]}, ["body", "turns", 1, "text"]),
        ({"turns": [{**TURNS[0], "segment": 2}]}, ["body", "turns", 0, "segment"]),
        ({"turns": [{**TURNS[0], "text": 5}]}, ["body", "turns", 0, "text"]),
        (
            {"turns": [{**TURNS[0], "sourceSpan": {"source": 0, "start": 5, "end": 2}}]},
            ["body", "turns", 0, "sourceSpan", "end"],
        ),
        ({"turns": TURNS, "language": "klingon!"}, ["body", "language"]),
    ],
)
def test_a_script_that_nobody_could_speak_is_refused(studio: Studio, body: Any, loc: list[Any]) -> None:
    key = studio.make()
    studio.written(key)
    answer = studio.ask("PUT", f"/{key}/script", json=body)
    assert answer.status_code in (400, 422)
    assert fault(answer) == loc
    assert studio.ok("GET", f"/{key}")["scriptVersion"] == 1


def test_what_is_mended_after_a_failure_is_what_is_gone_on_with(studio: Studio) -> None:
    key = studio.make()
    studio.written(key)
    studio.ok("POST", f"/{key}/approve")
    studio.change(key, status=EpisodeStatus.FAILED, error_code="unknown_speaker")
    turns = [{"speaker": "Robin", "text": "Lakes freeze."}]
    assert studio.ok("PUT", f"/{key}/script", json={"turns": turns})["isApproved"] is True
    studio.ok("POST", f"/{key}/continue")
    assert studio.row(key).approved_version == 2
    # What was spoken stays what it is until somebody has the new version spoken.
    studio.finish(key)
    assert studio.ok("PUT", f"/{key}/script", json={"turns": turns})["isApproved"] is False


def test_another_title_stands_beside_the_recording_too(studio: Studio) -> None:
    key = studio.make(formats=["opus"])
    studio.finish(key, report={"formats": {"opus": {"bytes": 4711}}})
    studio.change(key, files={**studio.row(key).files, "opus": f"{key}.opus"})
    told = studio.ok("PUT", f"/{key}", json={"title": "On ponds"})
    assert {one["format"]: one["size"] for one in told["files"]}["opus"] == 4711
    path = files.finished(files.root_of(studio.context.settings), key, "json")
    assert json.loads(path.read_bytes())["title"] == "On ponds"


def test_a_finished_episode_is_spoken_again_with_other_voices(studio: Studio) -> None:
    key = studio.make()
    assert studio.ask("POST", f"/{key}/voice").status_code == 409
    studio.finish(key)
    speakers = [{"name": "Robin", "voiceId": "en+f1"}, {"name": "Sam", "voiceId": "en+m1"}]
    refused = studio.ask("POST", f"/{key}/voice", json={"speakers": speakers[:1]})
    assert fault(refused) == ["body", "speakers"]
    found = studio.ok("POST", f"/{key}/voice", json={"speakers": speakers})
    assert found["status"] == "pending"
    assert [one["voiceId"] for one in found["speakers"]] == ["en+f1", "en+m1"]
    # Until the new recording is there, the old one plays.
    assert studio.ask("GET", f"/{key}/audio").content == SOUND


def test_a_translation_is_an_episode_of_its_own(studio: Studio) -> None:
    key = studio.make(templateId="interview")
    assert studio.ask("POST", f"/{key}/translate", json={"language": "de"}).status_code == 409
    studio.written(key)
    assert fault(studio.ask("POST", f"/{key}/translate", json={"language": "EN"})) == ["body", "language"]
    made = studio.ok("POST", f"/{key}/translate", json={"language": "de"})
    row = studio.row(made["podcastId"])
    assert row.options["translate"] == {"language": "de", "version": 1}
    assert row.options["language"] == "de"
    found = studio.ok("GET", f"/{made['podcastId']}")
    assert (found["templateUsed"], found["sources"][0]["episodeId"]) == ("interview", key)
    assert found["language"] == "de"


def test_what_has_failed_is_continued_and_what_runs_is_cancelled(studio: Studio, chief: Studio) -> None:
    key = studio.make()
    assert studio.ask("POST", f"/{key}/continue").status_code == 409
    assert studio.ok("POST", f"/{key}/cancel")["status"] == "cancelled"
    claim = studio.row(key).claim
    assert claim == 1
    assert studio.ask("POST", f"/{key}/cancel").status_code == 409
    studio.change(key, status=EpisodeStatus.FAILED, error_code="failing", error_message="Speaking: no")
    told = studio.ok("GET", f"/{key}")
    assert (told["errorCode"], told["errorMessage"]) == ("failing", "Speaking: no")
    assert studio.ask("POST", f"/{key}/continue", json={"tts": "kyutai"}).status_code == 403
    attempt = studio.row(key).attempt
    found = chief.ok("POST", f"/{key}/continue", json={"tts": "kyutai"})
    assert (found["status"], found["errorCode"], found["providers"]) == ("pending", None, {"tts": "kyutai"})
    assert studio.row(key).attempt == attempt + 1


def test_work_that_was_taken_back_writes_nothing(studio: Studio) -> None:
    key = studio.make()
    studio.change(key, status=EpisodeStatus.WRITING, claim=4)
    row = studio.row(key)
    with studio.context.database.write() as session:
        assert repository.still_mine(session, row.id, 4, step="outline")
        assert not repository.still_mine(session, row.id, 3, step="late")
    studio.ok("POST", f"/{key}/cancel")
    with studio.context.database.write() as session:
        assert not repository.still_mine(session, row.id, 4, step="late")
        assert not repository.still_mine(session, row.id, 5, step="late")
    assert studio.row(key).step == "outline"


def test_deleting_takes_all_files_away(studio: Studio) -> None:
    key, kept = studio.make(), studio.make()
    studio.finish(key)
    studio.finish(kept)
    root = files.root_of(studio.context.settings)
    assert len(list(root.glob(f"{key}*"))) == 6
    studio.ok("DELETE", f"/{key}")
    assert list(root.glob(f"{key}*")) == []
    assert len(list(root.glob(f"{kept}*"))) == 6
    assert studio.ask("GET", f"/{key}").status_code == 404
    assert studio.ask("GET", "/not-a-key").status_code == 404


@pytest.mark.parametrize("kept", [True, False])
def test_a_users_podcasts_go_along_or_are_handed_over(studio: Studio, chief: Studio, *, kept: bool) -> None:
    key = studio.make()
    studio.finish(key)
    waiting = studio.make()
    me = studio.client.get("/auth/me", headers=studio.headers).json()["id"]
    query = "?items=keep" if kept else "?items=delete"
    answer = chief.client.delete(f"/api/v1/users/{me}{query}", headers=chief.headers)
    assert answer.status_code == 200, answer.text
    root = files.root_of(studio.context.settings)
    assert {one["id"] for one in chief.ok("GET", "")} == ({key, waiting} if kept else set())
    assert bool(list(root.glob(f"{key}*"))) is kept


def test_minutes_are_counted_over_thirty_days_and_deleting_gives_none_back(
    studio: Studio, chief: Studio
) -> None:
    settings = studio.context.settings
    studio.context.settings = settings.model_copy(update={"podcast_minutes_a_month": 10})
    assert studio.ask("POST", "", json={"sources": [{"text": "a"}], "minutes": 11}).status_code == 409
    key = studio.make()
    studio.finish(key, seconds=601)
    studio.ok("DELETE", f"/{key}")
    refused = studio.ask("POST", "", json={"sources": [{"text": "a"}]})
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "10 of 10 minutes of podcasts in 30 days are used",
    )
    assert chief.make()
    with studio.context.database.write() as session:
        session.execute(update(EpisodeUse).values(at=utcnow() - timedelta(days=31)))
    assert studio.make()


@pytest.mark.parametrize(
    ("policy", "age", "purged"),
    [("keep", 90, False), ("after_success", 0, True), ("after_days", 29, False), ("after_days", 31, True)],
)
def test_sources_are_purged_as_the_settings_say(
    studio: Studio, policy: str, age: int, *, purged: bool
) -> None:
    studio.context.settings = studio.context.settings.model_copy(update={"podcast_purge_sources": policy})
    key, running = studio.make(), studio.make()
    EpisodeFolder(files.root_of(studio.context.settings), key).prepare()
    EpisodeFolder(files.root_of(studio.context.settings), key).keep_text(
        0, SourceText("T", "As it was read.")
    )
    studio.change(key, started_at=utcnow())
    studio.finish(key, completed_at=utcnow() - timedelta(days=age))
    assert studio.ask("GET", f"/{key}/sources/0/text").text == "As it was read."
    assert studio.ask("GET", f"/{key}/sources/0").text.startswith("Lakes freeze")
    care.tidy(studio.context)
    root = files.root_of(studio.context.settings)
    found = studio.ok("GET", f"/{key}")
    assert (found["sourceText"] is None) is purged
    assert (found["purgedAt"] is not None) is purged
    assert (json.loads((root / f"{key}.json").read_bytes())["sourceText"] is None) is purged
    assert files.work_folder(root, key).exists() is not purged
    assert files.work_folder(root, running).exists()
    assert studio.ask("GET", f"/{key}/audio").status_code == 200
    assert studio.ask("GET", f"/{key}/sources/0").status_code == (404 if purged else 200)


def test_what_cannot_be_purged_is_tried_again_and_what_was_used_is_not_forgotten(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = {"podcast_purge_sources": "after_success"}
    studio.context.settings = studio.context.settings.model_copy(update=changed)
    keys = [studio.make(), studio.make()]
    root = files.root_of(studio.context.settings)
    for key in keys:
        studio.finish(key)
    EpisodeFolder(root, keys[1]).count(prompt_tokens=30, characters=7)

    def full(*_: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(files, "write_whole", full)
        assert care.purge(studio.context) == 0
    assert [studio.row(key).purged_at for key in keys] == [None, None]
    assert care.purge(studio.context) == 2
    assert not files.work_folder(root, keys[0]).exists()
    assert [path.name for path in files.work_folder(root, keys[1]).iterdir()] == ["ledger.jsonl"]
    assert EpisodeFolder(root, keys[1]).used() == Used(30, 0, 7)


def test_what_people_do_is_noted(studio: Studio) -> None:
    key = studio.make()
    studio.written(key)
    studio.ok("PUT", f"/{key}", json={"title": "Named"})
    studio.ok("PUT", f"/{key}/script", json={"turns": TURNS})
    assert studio.ok("GET", f"/{key}")["title"] == "Named"
    studio.ok("POST", f"/{key}/approve")
    studio.ok("DELETE", f"/{key}")
    with studio.context.database.read() as session:
        noted = [row.action for row in session.query(AuditRecord).order_by(AuditRecord.id)]
    wanted = ["create", "update", "script", "approve", "delete"]
    assert [one.removeprefix("episode.") for one in noted if one.startswith("episode.")] == wanted


def test_scripts_keep_what_checks_have_said_of_unchanged_words(studio: Studio) -> None:
    key = studio.make()
    kept = script("In 1999 Ann said so.", "Yes.").as_json()
    kept["turns"][0]["flags"] = [{"kind": "number", "text": "1999"}, {"kind": "name", "text": "Ann"}]
    studio.written(key, type(script()).of_json(kept))
    held = studio.ok("GET", f"/{key}/script")
    assert len(held["turns"][0]["flags"]) == 2
    held["turns"][0]["text"] = "In 2001 Ann said so."
    after = studio.ok("PUT", f"/{key}/script", json=held)
    assert [one["text"] for one in after["turns"][0]["flags"]] == ["Ann"]


def test_no_speaker_brings_a_provider_that_somebody_else_pays(studio: Studio, chief: Studio) -> None:
    costly = [{"name": "Robin", "provider": "elevenlabs"}, {"name": "Sam", "provider": "espeak"}]
    sources = [{"text": "Lakes freeze from above."}]
    templates = "/api/v1/templates"
    own = studio.client.post(templates, headers=studio.headers, json={"name": "Mine", "speakers": costly})
    for_all = chief.client.post(templates, headers=chief.headers, json={"name": "Ours", "speakers": costly})
    key = studio.make(speakers=[{"name": "Robin", "provider": "espeak"}, {"name": "Sam"}])
    studio.written(key)
    assert studio.make(templateId=for_all.json()["id"])
    refused = {
        "speakers": studio.ask("POST", "", json={"sources": sources, "speakers": costly}),
        "templateId": studio.ask("POST", "", json={"sources": sources, "templateId": own.json()["id"]}),
        "voice": studio.ask("POST", f"/{key}/voice", json={"speakers": costly}),
        "say": studio.ask(
            "POST", f"/{key}/say", json={"speaker": "Sam", "text": "Hello", "speakers": costly}
        ),
        "translate": studio.ask("POST", f"/{key}/translate", json={"language": "de", "speakers": costly}),
    }
    for way, answer in refused.items():
        assert answer.status_code == 400, (way, answer.text)
        assert answer.json()["errors"][0]["msg"].startswith("only superusers choose"), way
    assert chief.ask("POST", "", json={"sources": sources, "speakers": costly}).status_code == 200


@pytest.mark.parametrize(
    "options",
    [{"speakers": [5]}, {"speakers": {"Robin": 1}}, {"minutes": "ten"}, {"format": "opera"}, {"title": {}}],
)
def test_one_that_another_version_has_kept_hides_no_other(studio: Studio, options: dict[str, Any]) -> None:
    strange, plain = studio.make(), studio.make()
    studio.change(strange, options=options)
    assert {one["id"] for one in studio.ok("GET", "")} == {strange, plain}
    assert studio.ok("GET", f"/{strange}")["id"] == strange
