"""What there is to choose from, what it would take, and how one turn sounds."""

from __future__ import annotations

import io
import socket
import threading
import wave
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from magpie.config import Settings
from magpie.library.models import Item, Membership
from magpie.podcasts.episodes import files, quota
from magpie.podcasts.making import tools as making_tools
from magpie.podcasts.making.reading import ItemMatter
from magpie.podcasts.making.voicing import Part, speech_of
from magpie.podcasts.models import EpisodeStatus
from magpie.podcasts.offers import estimating, service, waiting
from magpie.podcasts.script.turns import Script
from magpie.podcasts.templates.service import settle
from magpie.podcasts.texts.document import Document, Unreadable
from magpie.podcasts.voices import service as voices
from magpie.podcasts.voices.cache import key as clip_key
from tests.podcasts.episodes.conftest import DONE_AT, Studio, script

pytestmark = pytest.mark.once
TEXT = "Lakes freeze from above, since cold water sinks. Ice floats. " * 40


def ask(studio: Studio, path: str, method: str = "GET", **request: Any) -> Any:
    studio.client.cookies.clear()
    return studio.client.request(method, f"/api/v1{path}", headers=studio.headers, **request)


def by_name(answer: Any) -> dict[str, Any]:
    return {one["name"]: one for one in answer.json()}


def test_voices_by_provider_and_language(studio: Studio, chief: Studio) -> None:
    (told,) = ask(studio, "/voices?provider=espeak&language=de-AT").json()["providers"]
    assert (told["name"], told["isDefault"], told["error"]) == ("espeak", True, None)
    assert {one["language"].split("-")[0] for one in told["voices"]} == {"de"}
    (told,) = ask(chief, "/voices?provider=nobody").json()["providers"]
    assert (told["voices"], told["error"]["code"]) == ([], "not_configured")
    assert ask(studio, "/voices?provider=a b").status_code == 400


def test_only_superusers_hear_voices_of_other_providers(studio: Studio, chief: Studio) -> None:
    wanted = "/voices/preview?provider=kyutai&voiceId=x"
    assert ask(studio, wanted).json()["errors"][0]["loc"] == ["query", "provider"]
    assert ask(chief, wanted).json()["errors"][0]["loc"] == ["body", "voiceId"]


def test_everybody_is_offered_what_they_may_choose(
    studio: Studio, chief: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = {"llm": "ollama:finch,extractive", "tts": "kyutai", "asr": "whisper-asr"}
    studio.context.settings = studio.context.settings.model_copy(update=changed)
    monkeypatch.setattr(service, "together", lambda asks, _seconds: [None for _ in asks])

    def offered(who: Studio) -> tuple[set[str], set[tuple[str, str]]]:
        speaking = {one["name"] for one in ask(who, "/voices").json()["providers"]}
        return speaking, {(one["role"], one["name"]) for one in ask(who, "/providers").json()}

    speaking, working = offered(studio)
    assert speaking == {"kyutai", "espeak"}
    assert working == {
        ("llm", "ollama:finch"), ("llm", "extractive"), ("tts", "kyutai"), ("tts", "espeak"),
        ("asr", "whisper-asr"), ("asr", "pocketsphinx"),
    }  # fmt: skip
    assert ask(studio, "/voices?provider=elevenlabs").json()["providers"] == []
    for name in speaking:
        assert studio.ok("POST", "", json={"sources": [{"text": TEXT}], "tts": name})
    speaking, working = offered(chief)
    assert speaking > {"elevenlabs", "kyutai", "pocket-tts"}
    assert ("llm", "openai") in working
    # What the settings name for one kind of work is nobody's choice for another.
    for wrong in ({"tts": "whisper-asr"}, {"asr": "kyutai"}, {"tts": "extractive"}):
        assert studio.ask("POST", "", json={"sources": [{"text": TEXT}], **wrong}).status_code == 403


def test_a_voice_says_a_sentence(studio: Studio) -> None:
    answer = ask(studio, "/voices/preview", params={"voiceId": "en-us+f3", "language": "en"})
    assert answer.headers["content-type"].startswith("audio/")
    with wave.open(io.BytesIO(answer.content)) as sound:
        assert sound.getnframes() / sound.getframerate() > 0.5
    refused = ask(studio, "/voices/preview", params={"voiceId": "no-such-voice"})
    assert refused.status_code == 400
    told = refused.json()["errors"][0]
    assert (told["loc"], told["type"]) == (["body", "voiceId"], "unknown_voice")


def test_nobody_is_asked_that_nobody_has_set_up(
    studio: Studio, chief: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://user:secret@127.0.0.1:{closed.getsockname()[1]}"
    changed = {
        f"{name}_url": nowhere.replace("user:secret@", "")
        for name in ("ollama", "kyutai", "pocket_tts", "whisper_asr")
    }
    studio.context.settings = studio.context.settings.model_copy(update=changed)
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolved(host: Any, *rest: Any, **more: Any) -> Any:
        asked.append(str(host))
        return real("127.0.0.1", *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    found = ask(chief, "/providers")
    assert not [host for host in asked if "openai" in host or "eleven" in host]
    roles = {(one["role"], one["name"]): one for one in found.json()}
    assert roles["llm", "extractive"]["isOk"]
    assert roles["llm", "extractive"]["isChosen"]
    assert roles["tts", "espeak"]["isOk"]
    assert roles["llm", "ollama"]["error"]["code"] == "unreachable"
    assert roles["tts", "kyutai"]["error"]["code"] == "unreachable"
    assert roles["llm", "openai"]["error"]["code"] == "not_configured"
    assert roles["llm", "ollama"]["address"] == changed["ollama_url"]
    # Others than superusers learn that it does not answer, and not where it is.
    for one in ask(studio, "/providers").json():
        assert one["address"] is None
        assert one["error"] is None or one["error"]["message"] is None


def test_no_service_is_looked_for_where_magpie_listens() -> None:
    own = Settings.model_fields["port"].default
    names = {name for held in service.ADDRESSES.values() for name in held}
    assert {urlsplit(str(Settings.model_fields[name].default)).port for name in names}.isdisjoint({own})


def test_a_password_in_an_address_is_not_told() -> None:
    assert service._plain("http://user:secret@models.lan:1234/v1?key=x") == "http://models.lan:1234/v1"


def test_nobody_waits_for_somebody_who_does_not_answer() -> None:
    never = threading.Event()
    try:
        assert waiting.together([lambda: 1, lambda: never.wait(30) and 2, lambda: 3], 0.2) == [1, None, 3]
    finally:
        never.set()


def test_music_that_may_be_named(studio: Studio) -> None:
    folder = files.root_of(studio.context.settings) / files.MUSIC
    assert ask(studio, "/music").json() == {"files": []}
    folder.mkdir(parents=True)
    for name in ("rain.opus", "chimes.MP3", ".hidden.mp3", "notes.txt"):
        (folder / name).write_bytes(b"x")
    assert ask(studio, "/music").json() == {"files": ["chimes.MP3", "rain.opus"]}


def estimate(studio: Studio, **body: Any) -> Any:
    studio.client.app.state.bench = None  # type: ignore[attr-defined]
    return ask(studio, "/podcasts/estimate", "POST", json=body)


def test_an_estimate_makes_nothing(studio: Studio) -> None:
    told = estimate(studio, sources=[{"text": TEXT, "title": "Ice"}]).json()
    assert (told["isExtractive"], told["isWhole"], told["tokens"], told["cost"]) == (True, True, 0, None)
    assert told["characters"] > 0
    assert told["minutes"] > 0
    assert told["sources"] == [{"title": "Ice", "characters": len(TEXT), "isGuessed": False}]
    short = estimate(studio, sources=[{"text": TEXT}], minutes=0.5).json()
    assert short["minutes"] < 1
    assert studio.ok("GET", "") == []
    assert estimate(studio, sources=[]).status_code == 400
    costly = [{"name": "Robin", "provider": "elevenlabs"}]
    assert estimate(studio, sources=[{"text": TEXT}], speakers=costly).status_code == 400
    assert estimate(studio, sources=[{"text": "a"}], llm="ollama:big").status_code == 403


def test_an_estimate_with_a_model_and_prices(studio: Studio) -> None:
    changed = {
        "llm": "ollama:absent",
        "llm_price": "1/2",
        "tts_price": 15.0,
        "ollama_url": "http://127.0.0.1:9",
    }
    studio.context.settings = studio.context.settings.model_copy(update=changed)
    told = estimate(studio, sources=[{"text": TEXT}], minutes=3).json()
    assert told["isExtractive"] is False
    assert told["tokens"] == told["promptTokens"] + told["completionTokens"] > 0
    assert told["cost"] == pytest.approx(
        (told["promptTokens"] + 2 * told["completionTokens"] + 15 * told["characters"]) / 1e6
    )


def test_what_cannot_be_estimated_is_told(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = {"llm": "ollama:tiny", "ollama_url": "http://127.0.0.1:9"}
    studio.context.settings = studio.context.settings.model_copy(update=changed)
    monkeypatch.setattr(estimating, "_room", lambda *_: 256)
    refused = estimate(studio, sources=[{"text": TEXT}])
    assert refused.status_code == 400
    told = refused.json()["errors"][0]
    assert (told["loc"], told["type"]) == (["body", "sources"], "too_long")


def test_an_estimate_learns_from_what_was_made_before(studio: Studio) -> None:
    providers = {"llm": "ollama:absent", "tts": "espeak", "asr": "pocketsphinx"}
    changed = {"llm": providers["llm"], "ollama_url": "http://127.0.0.1:9"}
    studio.context.settings = studio.context.settings.model_copy(update=changed)
    wish: dict[str, Any] = {"sources": [{"text": TEXT}], "minutes": 3}
    before = estimate(studio, **wish).json()
    assert before["seconds"] is None

    def made(work: float, *, tokens: int = 1000, **more: Any) -> None:
        """An episode of a minute that took so many seconds, and 1000 tokens each way had been estimated."""
        key = studio.make()
        studio.finish(key, seconds=60)
        values: dict[str, Any] = {
            "estimate": {"promptTokens": 1000, "completionTokens": 1000},
            "usage": {"promptTokens": tokens, "completionTokens": tokens},
            "started_at": DONE_AT,
            "completed_at": DONE_AT + timedelta(seconds=work),
            "providers": providers,
        }
        studio.change(key, **{**values, **more})

    for work, tokens in ((20, 1400), (30, 1500), (90, 1600)):
        made(work, tokens=tokens)
    # What has waited, and what others have made, tells nothing of how long it takes.
    made(9000, tokens=1500, attempt=2)
    made(1, tokens=1, providers={**providers, "llm": "extractive"})
    made(1, tokens=1, options={"translate": {"language": "de"}})
    made(1, status=EpisodeStatus.FAILED)
    after = estimate(studio, **wish).json()
    assert after["seconds"] == pytest.approx(30 * before["minutes"], rel=0.01)
    for what in ("promptTokens", "completionTokens"):
        assert after[what] == pytest.approx(1.5 * before[what], abs=1)
    assert (after["characters"], after["minutes"]) == (before["characters"], before["minutes"])


def test_an_estimate_of_pages_items_and_episodes(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def page(_tools: Any, address: str, _stop: Any) -> Any:
        if "gone" in address:
            raise Unreadable("gone", "It is not there.")
        return Document(title="A page", text=TEXT, language="en", address=address)

    monkeypatch.setattr(making_tools.Tools, "read_page", page)
    me = ask(studio, "/users/me").json()["id"]
    item = Item(
        extractor="t", source_id="1", kind="audio", quality="audio", title="A talk", site="media.example",
        source_url="https://media.example/talk", size=1, duration=600.0, description="About ice.",
    )  # fmt: skip
    with studio.context.database.write() as session:
        session.add(item)
        session.flush()
        session.add(Membership(item_id=item.id, user_id=me))
        item_id = item.id
    first = studio.make()
    studio.written(first)
    sources = [
        {"url": "https://news.example/ice"},
        {"url": "https://news.example/gone"},
        {"itemId": item_id},
        {"episodeId": first},
    ]
    told = estimate(studio, sources=sources).json()
    assert told["isWhole"] is False
    assert [one["title"] for one in told["sources"]][:1] == ["A page"]
    assert [one["characters"] is None for one in told["sources"]] == [False, True, False, False]
    # A file may claim to last for ages.
    heard = ItemMatter("A talk", recording=Path("talk.mp3"))
    monkeypatch.setattr(making_tools.Tools, "of_item", lambda _tools, _item: heard)
    with studio.context.database.write() as session:
        session.get_one(Item, item_id).duration = 1e15
    guessed = estimate(studio, sources=[{"itemId": item_id}]).json()["sources"][0]
    assert guessed["isGuessed"] is True
    assert guessed["characters"] < 4_000_000
    wrong = estimate(studio, sources=[{"itemId": 99}])
    assert wrong.json()["errors"][0]["loc"] == ["body", "sources", 0, "itemId"]


def test_a_turn_is_heard_as_the_episode_would_have_it_and_kept_for_it(studio: Studio) -> None:
    key = studio.make()
    studio.written(key)
    body = {"speaker": "Sam", "text": "And fish live on below."}
    heard = studio.ask("POST", f"/{key}/say", json=body)
    assert heard.status_code == 200, heard.text
    with wave.open(io.BytesIO(heard.content)) as sound:
        assert sound.getnframes() > sound.getframerate() / 2
    kept: Script = script()
    brief = settle({}, studio.row(key).options)
    settings = studio.context.settings
    cast = voices.assign(brief.speakers, settings, "en")
    speaking, voice_id = cast[1]
    speech = speech_of(kept.turns[1], Part(brief.speakers[1], speaking, voice_id), "en")
    assert voices.clips(settings).get(clip_key(speaking, speech)) is not None
    # It costs what it lasts, once.
    assert studio.ask("POST", f"/{key}/say", json=body).content == heard.content
    with wave.open(io.BytesIO(heard.content)) as sound, studio.context.database.read() as session:
        minutes = quota.used_minutes(session, studio.row(key).user_id)
        assert minutes * 60 == pytest.approx(sound.getnframes() / sound.getframerate(), abs=0.1)
    other = studio.ask(
        "POST", f"/{key}/say", json={**body, "speakers": [{"name": "Sam", "voiceId": "en-us+m1"}]}
    )
    assert other.content != heard.content
    assert studio.ask("POST", f"/{key}/say", json={**body, "speaker": "Nobody"}).status_code == 400
    wrong = {**body, "speakers": [{"name": "Sam", "voiceId": "xx"}, {"name": "Robin"}]}
    refused = studio.ask("POST", f"/{key}/say", json=wrong)
    assert refused.status_code == 400, refused.text
