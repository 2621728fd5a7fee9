"""Templates over HTTP: one set with the file, each person's own, and faults that name their field."""

from __future__ import annotations

from typing import Any

import pytest

from magpie.podcasts.episodes import files
from magpie.podcasts.templates import service
from tests.podcasts.episodes.conftest import Studio

TEMPLATES = "/api/v1/templates"
NEW = {
    "name": "Sunday talk",
    "llmPromptInstructions": "Talk.\nSlowly.",
    "speakers": [{"name": "Ann", "voiceId": "v1", "provider": "espeak"}, {"name": "Ben"}],
    "minutes": 12,
    "language": "de",
}


def ask(studio: Studio, method: str, path: str = "", **request: Any) -> Any:
    studio.client.cookies.clear()
    return studio.client.request(method, f"{TEMPLATES}{path}", headers=studio.headers, **request)


def test_a_template_is_made_used_changed_and_deleted(studio: Studio) -> None:
    made = ask(studio, "POST", json=NEW).json()
    assert made["id"] == "sunday-talk"
    assert (made["canEdit"], made["isShipped"]) == (True, False)
    file = files.root_of(studio.context.settings) / "templates.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# Templates of podcasts.")
    assert "llmPromptInstructions: |" in text
    key = studio.make(templateId="sunday-talk")
    changed = ask(studio, "PUT", "/sunday-talk", json={"minutes": None, "style": "dry"}).json()
    assert (changed["minutes"], changed["style"], changed["name"]) == (None, "dry", "Sunday talk")
    # What was begun keeps the template as it was.
    episode = studio.ok("GET", f"/{key}")
    assert (episode["minutes"], episode["templateUsed"]) == (12, "sunday-talk")
    assert [one["name"] for one in episode["speakers"]] == ["Ann", "Ben"]
    assert ask(studio, "DELETE", "/sunday-talk").status_code == 200
    assert ask(studio, "GET", "/sunday-talk").status_code == 404


def test_what_somebody_writes_into_the_file_is_there_at_once(studio: Studio) -> None:
    ask(studio, "POST", json=NEW)
    file = files.root_of(studio.context.settings) / "templates.yaml"
    with file.open("a", encoding="utf-8") as more:
        more.write("- id: by-hand  # mine\n  name: By hand\n")
    assert ask(studio, "GET", "/by-hand").json()["name"] == "By hand"
    ask(studio, "PUT", "/sunday-talk", json={"name": "Other"})
    assert "- id: by-hand  # mine" in file.read_text(encoding="utf-8")


def test_nobody_fills_the_file(studio: Studio, other: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_OF_USER", 2)
    answers = [ask(studio, "POST", json=NEW).status_code for _ in range(3)]
    assert answers == [200, 200, 409]
    assert ask(other, "POST", json=NEW).status_code == 200


def test_others_neither_see_nor_change_what_is_somebodys(
    studio: Studio, other: Studio, chief: Studio
) -> None:
    ask(studio, "POST", json={**NEW, "id": "private"})
    assert ask(other, "GET", "/private").status_code == 404
    assert ask(other, "PUT", "/private", json={"name": "X"}).status_code == 404
    assert "private" not in [one["id"] for one in ask(other, "GET").json()]
    refused = other.ask("POST", "", json={"sources": [{"text": "a"}], "templateId": "private"})
    assert refused.json()["errors"][0]["loc"] == ["body", "templateId"]
    assert ask(chief, "PUT", "/private", json={"name": "Seen"}).json()["name"] == "Seen"
    ask(chief, "POST", json={**NEW, "id": "ours"})
    assert ask(other, "GET", "/ours").json()["canEdit"] is False
    assert ask(other, "PUT", "/ours", json={"name": "X"}).status_code == 403
    assert ask(other, "DELETE", "/two-hosts").status_code == 403
    assert ask(other, "POST", json={**NEW, "owner": 1}).status_code == 403


def test_one_that_ships_can_be_changed_and_comes_back(chief: Studio) -> None:
    assert ask(chief, "DELETE", "/debate").status_code == 409
    changed = ask(chief, "PUT", "/debate", json={"minutes": 3}).json()
    assert (changed["minutes"], changed["isShipped"]) == (3, False)
    ask(chief, "DELETE", "/debate")
    again = ask(chief, "GET", "/debate").json()
    assert (again["minutes"], again["isShipped"]) == (None, True)


@pytest.mark.parametrize(
    ("body", "loc"),
    [
        ({"name": ""}, ["body", "name"]),
        ({**NEW, "speakers": [{"name": "A", "voice": "x"}]}, ["body", "speakers", 0, "voice"]),
        ({**NEW, "speakers": [{"name": "A"}] * 5}, ["body", "speakers"]),
        ({**NEW, "language": "German!"}, ["body", "language"]),
        ({**NEW, "minutes": 0}, ["body", "minutes"]),
        ({**NEW, "minuets": 5}, ["body", "minuets"]),
        ({**NEW, "ttsConfig": {"voiceId": ""}}, ["body", "ttsConfig", "voiceId"]),
        ({**NEW, "id": "two-hosts"}, ["body", "id"]),
        ({**NEW, "format": "opera"}, ["body", "format"]),
    ],
)
def test_the_wrong_field_is_named(studio: Studio, body: dict[str, Any], loc: list[Any]) -> None:
    answer = ask(studio, "POST", json=body)
    assert answer.status_code in (400, 422)
    told = answer.json()
    assert (told["errors"] if "errors" in told else told["detail"])[0]["loc"] == loc


def test_a_broken_file_is_told_and_left_alone(studio: Studio, chief: Studio) -> None:
    folder = files.root_of(studio.context.settings)
    folder.mkdir(exist_ok=True)
    (folder / "templates.yaml").write_text("- id: a\n  name: [\n", encoding="utf-8")
    told = ask(chief, "GET", "/file").json()
    assert told["problems"][0]["line"] == 3
    refused = ask(studio, "POST", json=NEW)
    assert refused.status_code == 409
    assert "line 3" in refused.json()["detail"]
    assert len(ask(studio, "GET").json()) >= 8
    assert studio.make(templateId="story")
