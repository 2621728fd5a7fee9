"""Episodes in the database and who works on them: claims, failures, delays, cancels, and what is kept."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from magpie.accounts.models import User
from magpie.accounts.principal import Principal
from magpie.config import Settings
from magpie.context import build_context
from magpie.engine.port import DirectJob, JobParked
from magpie.kit.clock import utcnow
from magpie.kit.db import WriteSession
from magpie.kit.errors import Unavailable
from magpie.podcasts.episodes import files, queueing, quota, repository, service, taking
from magpie.podcasts.episodes.schemas import ContinueIn, EpisodeUpdate, TranslateIn, VoiceIn, Wishes
from magpie.podcasts.llms.port import ChatFailed
from magpie.podcasts.making.order import Cost, Made, MakingOrder
from magpie.podcasts.making.publishing import Finished
from magpie.podcasts.models import Episode, EpisodeStatus, SourceKind
from magpie.podcasts.script.turns import Script
from magpie.podcasts.voices.port import Speech, VoiceFailed
from magpie.podcasts.worker import RETRIES, Producer, _Attempt
from magpie.preparation import prepare
from tests.podcasts.making.fakes import FakeTools, write_sound

LINES = ["line 0", "line 1", "line 2", "line 3"]


class Studio:
    """An installation with a worker whose parts are stand-ins; without a server and without an engine."""

    def __init__(self, database_url: str, folder: Path) -> None:
        settings = Settings(
            data_dir=folder, database_url=database_url, llm="ollama:fake", free_space_reserve_gb=0
        )
        self.context = build_context(settings)
        prepare(self.context)
        self.tools = FakeTools(settings)
        self.orders: list[MakingOrder] = []
        self.producer = self.worker("here")
        with self.context.database.write() as session:
            user = User(
                username="ada", username_key="ada", password_hash="-", created_at=utcnow(), is_superuser=True
            )
            session.add(user)
            session.flush()
            self.ada = Principal(user.id, "ada", is_superuser=True)

    def demote(self) -> None:
        """Ada is a user like any other from now on."""
        with self.context.database.write() as session:
            user = session.get(User, self.ada.id)
            assert user is not None
            user.is_superuser = False

    def worker(self, name: str) -> Producer:
        def tools(order: MakingOrder, _name: str) -> FakeTools:
            self.orders.append(order)
            return self.tools

        return Producer(self.context, name, tools)

    def begin(self, text: str = "\n".join(LINES), **wishes: object) -> str:
        with self.context.database.write() as session:
            source = taking.NewSource(SourceKind.TEXT, text=text)
            made = service.create(session, self.context, self.ada, Wishes.model_validate(wishes), [source])
            return made.key

    def row(self, key: str) -> Episode:
        with self.context.database.read() as session:
            found = repository.by_key(session, key)
            assert found is not None
            return found

    def script(self, key: str) -> Script:
        with self.context.database.read() as session:
            held = repository.script(session, self.row(key).id)
            assert held is not None
            return Script.of_json(held.script)

    def job(self, key: str) -> DirectJob:
        with self.context.database.read() as session:
            return DirectJob(queueing.job_of(self.row(key), self.context.job_epoch(session)))

    def work(self, key: str) -> Episode:
        self.producer.perform(self.job(key))
        return self.row(key)

    def do(self, what: Callable[..., Episode], key: str, *more: object) -> None:
        with self.context.database.write() as session:
            what(self.context, session, self.ada, key, *more)

    def file(self, key: str, ending: str) -> Path:
        return files.finished(files.root_of(self.context.settings), key, ending)


@pytest.fixture
def studio(database_url: str, tmp_path: Path) -> Iterator[Studio]:
    made = Studio(database_url, tmp_path / "data")
    yield made
    made.context.close()


def spoken(studio: Studio) -> Counter[str]:
    return Counter(speech.text for speech in studio.tools.provider.spoken)


def test_an_episode_is_made(studio: Studio) -> None:
    key = studio.begin()
    row = studio.work(key)
    assert (row.status, row.error_code, row.step) == (EpisodeStatus.COMPLETED, None, None)
    assert row.title == "What was written"
    assert row.duration is not None
    assert row.duration > 0
    assert row.size == studio.file(key, "mp3").stat().st_size
    assert row.files["mp3"] == f"{key}.mp3"
    assert row.report == {"lufs": -16.0}
    assert row.estimate == Cost(100, 10, 100, 1.0).as_json()
    assert row.usage["tokens"] == 440
    assert row.usage["characters"] == sum(len(turn.text) for turn in studio.script(key).turns)
    assert row.providers == {"llm": "ollama:fake", "tts": "espeak", "asr": "pocketsphinx"}
    for ending in ("mp3", "json", "vtt", "chapters.json", "jpg"):
        assert studio.file(key, ending).is_file()
    with studio.context.database.read() as session:
        (source,) = repository.sources(session, [row.id])[row.id]
    assert source.characters == len("\n".join(LINES))


def test_an_ended_episode_is_not_made_again(studio: Studio) -> None:
    key = studio.begin()
    job = studio.job(key)
    studio.producer.perform(job)
    before = studio.row(key)
    studio.producer.perform(job)
    assert studio.row(key).claim == before.claim
    assert len(studio.tools.chat.asked) == len(LINES)


def test_a_script_waits_for_approval_and_is_spoken_as_it_was_edited(studio: Studio) -> None:
    key = studio.begin(approve=True)
    row = studio.work(key)
    assert (row.status, row.step) == (EpisodeStatus.WAITING, "waiting")
    assert studio.tools.provider.spoken == []
    studio.do(service.approve, key, None)
    assert studio.work(key).status == EpisodeStatus.COMPLETED
    assert spoken(studio) == Counter(f"About {line}." for line in LINES)
    assert len(studio.tools.chat.asked) == len(LINES)


def test_transient_faults_become_later_attempts_and_then_a_failure(studio: Studio) -> None:
    key = studio.begin()

    def limited(question: str) -> None:
        if question == LINES[2]:
            raise ChatFailed("limited", "Too many questions.", retry_after=90)

    studio.tools.chat.before = limited
    for number in range(len(RETRIES)):
        row = studio.work(key)
        assert row.status == EpisodeStatus.PENDING, number
        assert row.error_code == "limited"
        assert row.next_attempt_at is not None
        delay = max(90.0, RETRIES[number])
        assert abs(row.next_attempt_at - utcnow() - timedelta(seconds=delay)) < timedelta(seconds=20)
    row = studio.work(key)
    assert (row.status, row.error_code) == (EpisodeStatus.FAILED, "limited")
    assert row.error_message == "The script could not be written: Too many questions."
    assert studio.tools.chat.asked == LINES[:2]
    studio.tools.chat.before = lambda _question: None
    studio.do(service.go_on, key, ContinueIn())
    row = studio.work(key)
    assert (row.status, row.error_code, row.failures) == (EpisodeStatus.COMPLETED, None, 0)
    assert studio.tools.chat.asked == LINES


def test_a_lasting_fault_ends_it_at_once(studio: Studio) -> None:
    key = studio.begin(speakers=[{"name": "Ada", "voiceId": "nobody"}])
    row = studio.work(key)
    assert (row.status, row.error_code, row.step) == (EpisodeStatus.FAILED, "unknown_voice", "checking")
    assert studio.tools.chat.asked == []


def test_a_full_disk_is_waited_for(studio: Studio) -> None:
    key = studio.begin()

    def full(_speech: Speech) -> None:
        raise OSError(28, "No space left on device")

    studio.tools.provider.before = full
    for _ in range(len(RETRIES) + 3):
        row = studio.work(key)
        assert (row.status, row.error_code, row.failures) == (EpisodeStatus.PENDING, "no_space", 0)
    studio.tools.provider.before = lambda _speech: None
    assert studio.work(key).status == EpisodeStatus.COMPLETED
    assert len(studio.tools.chat.asked) == len(LINES)


def test_a_crash_of_our_own_is_recorded(studio: Studio) -> None:
    key = studio.begin()

    def crash(_question: str) -> None:
        raise ZeroDivisionError

    studio.tools.chat.before = crash
    row = studio.work(key)
    assert (row.status, row.error_code) == (EpisodeStatus.FAILED, "crashed")
    assert "log" in (row.error_message or "")


def test_a_cancel_ends_it_within_two_seconds(studio: Studio) -> None:
    key = studio.begin()
    begun = threading.Event()
    studio.tools.provider.before = lambda _speech: begun.set()
    studio.tools.provider.seconds = 30
    worker = threading.Thread(target=studio.work, args=(key,))
    worker.start()
    assert begun.wait(20)
    studio.do(service.cancel, key)
    asked = time.monotonic()
    worker.join(20)
    assert time.monotonic() - asked < 2
    assert studio.row(key).status == EpisodeStatus.CANCELLED
    studio.tools.provider.seconds = 0
    studio.do(service.go_on, key, ContinueIn())
    assert studio.work(key).status == EpisodeStatus.COMPLETED
    assert len(studio.tools.chat.asked) == len(LINES)


def test_a_stop_of_the_program_puts_it_down(studio: Studio) -> None:
    key = studio.begin()
    job = studio.job(key)
    studio.tools.provider.before = lambda _speech: job.stopping.set()
    with pytest.raises(JobParked):
        studio.producer.perform(job)
    row = studio.row(key)
    assert (row.status, row.worker) == (EpisodeStatus.PENDING, None)
    studio.tools.provider.before = lambda _speech: None
    assert studio.work(key).status == EpisodeStatus.COMPLETED
    assert len(studio.tools.chat.asked) == len(LINES)


def test_only_the_holder_of_the_claim_records(studio: Studio) -> None:
    """Another worker takes the episode over in the middle: it makes it, and what the first one does counts for nothing."""
    key = studio.begin()
    job = studio.job(key)
    taken: list[str] = []

    def take_over(_speech: Speech) -> None:
        if not taken:
            taken.append("now")
            studio.worker("there").perform(job)

    studio.tools.provider.before = take_over
    studio.producer.perform(job)
    row = studio.row(key)
    assert row.status == EpisodeStatus.COMPLETED
    assert row.claim == 2
    with studio.context.database.read() as session:
        assert len(repository.scripts(session, row.id)) == 1


def title_in(path: Path) -> str:
    return str(json.loads(path.read_bytes())["title"])


def lose_lock(session: WriteSession) -> None:
    """As where the database ends a transaction of which it has not heard for long."""
    session.rollback()
    gate = session.get_bind().engine.get_execution_options().get("magpie_writer_gate")
    if gate is not None:
        gate.leave()


def frozen(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], None], *, is_locked: bool) -> None:
    """A host stands still before the renames of the next publishing, and `meanwhile` happens: before its transaction, or,
    `is_locked`, so long within it that the database has given its lock to others."""
    moments = [meanwhile]
    sessions: list[WriteSession] = []
    mine, conclude, place = _Attempt._mine, _Attempt._conclude, Finished.place

    def noted(self: _Attempt, session: WriteSession) -> Episode | None:
        sessions.append(session)
        return mine(self, session)

    def concluded(self: _Attempt, made: Made, placing: Callable[[], None]) -> None:
        if not is_locked and moments:
            moments.pop()()
        conclude(self, made, placing)

    def placed(self: Finished) -> None:
        if is_locked and moments:
            lose_lock(sessions[-1])
            moments.pop()()
        place(self)

    monkeypatch.setattr(_Attempt, "_mine", noted)
    monkeypatch.setattr(_Attempt, "_conclude", concluded)
    monkeypatch.setattr(Finished, "place", placed)


@pytest.mark.parametrize("is_locked", [False, True])
def test_who_wakes_up_before_the_renames_publishes_nothing_over_what_is_newer(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, is_locked: bool
) -> None:
    key = studio.begin()
    job = studio.job(key)

    def take_over() -> None:
        studio.do(service.update, key, EpisodeUpdate(title="Newer"))
        studio.worker("there").perform(job)
        assert studio.row(key).status == EpisodeStatus.COMPLETED

    frozen(monkeypatch, take_over, is_locked=is_locked)
    studio.producer.perform(job)
    row = studio.row(key)
    assert (row.status, row.claim, row.title) == (EpisodeStatus.COMPLETED, 2, "Newer")
    assert title_in(studio.file(key, "json")) == "Newer"
    with studio.context.database.read() as session:
        assert quota.used_minutes(session, row.user_id) * 60 == pytest.approx(row.duration)


@pytest.mark.parametrize("is_locked", [False, True])
def test_a_cancel_in_the_last_moment_leaves_what_was_published_before(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, is_locked: bool
) -> None:
    key = studio.begin(formats=["opus"])
    before = studio.work(key)
    published = [studio.file(key, ending).read_bytes() for ending in ("mp3", "json")]
    studio.do(service.voice, key, VoiceIn.model_validate({"formats": ["mp3"]}))
    frozen(monkeypatch, lambda: studio.do(service.cancel, key), is_locked=is_locked)
    studio.tools.before_master = lambda order: write_sound(order.clips[0].path, 0.5)
    row = studio.work(key)
    assert (row.status, row.size) == (EpisodeStatus.CANCELLED, before.size)
    assert [studio.file(key, ending).read_bytes() for ending in ("mp3", "json")] == published
    assert studio.file(key, "opus").is_file()
    studio.do(service.go_on, key, ContinueIn())
    row = studio.work(key)
    assert (row.status, row.size) == (EpisodeStatus.COMPLETED, studio.file(key, "mp3").stat().st_size)
    assert row.size != before.size
    assert not studio.file(key, "opus").exists()  # nobody wishes for it any more


def test_what_is_begun_anew_at_once_keeps_its_folder(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first worker stands still between its last commit and its cleaning; the next one has begun meanwhile."""
    key = studio.begin()
    tidy = Producer.tidy
    waiting: list[Callable[[], None]] = []
    monkeypatch.setattr(Producer, "tidy", lambda *late: waiting.append(lambda: tidy(*late)))
    studio.work(key)
    studio.do(service.voice, key, VoiceIn())
    studio.tools.before_master = lambda _order: waiting.pop(0)()
    assert studio.work(key).status == EpisodeStatus.COMPLETED
    waiting.pop()()
    assert sorted(
        path.name for path in (studio.file(key, "mp3").with_suffix("")).iterdir() if path.is_dir()
    ) == [
        "calls",
        "texts",
    ]


def test_an_episode_that_kills_its_processes_fails(studio: Studio) -> None:
    key = studio.begin()
    studio.producer.give_up(studio.job(key).ref, "Its process died 20 times.")
    row = studio.row(key)
    assert (row.status, row.error_code) == (EpisodeStatus.FAILED, "crashed")


def test_a_deleted_episode_leaves_nothing_behind(studio: Studio) -> None:
    key = studio.begin()
    deleted: list[str] = []

    def delete(_speech: Speech) -> None:
        if not deleted:
            deleted.append(key)
            studio.do(service.remove, key)

    studio.tools.provider.before = delete
    studio.tools.provider.seconds = 5
    studio.producer.perform(studio.job(key))
    root = files.root_of(studio.context.settings)
    assert deleted
    assert [path.name for path in root.iterdir() if path.name.startswith(key)] == []


def test_other_voices_and_other_languages_cost_no_writing(studio: Studio) -> None:
    key = studio.begin()
    studio.work(key)
    asked = list(studio.tools.chat.asked)
    names = list(dict.fromkeys(turn.speaker for turn in studio.script(key).turns))
    speakers = [{"name": name, "voiceId": voice} for name, voice in zip(names, ("cy", "ada"), strict=True)]
    studio.do(service.voice, key, VoiceIn.model_validate({"speakers": speakers}))
    assert studio.work(key).status == EpisodeStatus.COMPLETED
    assert studio.tools.chat.asked == asked
    assert {speech.voice_id for speech in studio.tools.provider.spoken[len(LINES) :]} == {"cy", "ada"}
    with studio.context.database.write() as session:
        other = service.translate(studio.context, session, studio.ada, key, TranslateIn(language="de")).key
    row = studio.work(other)
    assert row.status == EpisodeStatus.COMPLETED
    assert studio.script(other).language == "de"
    assert studio.tools.chat.asked[len(asked) :] == [turn.text for turn in studio.script(key).turns]


def test_only_superusers_are_told_where_services_are(studio: Studio) -> None:
    studio.context.settings = studio.context.settings.model_copy(
        update={"openai_speech_url": "http://voices.lan:8880/v1"}
    )
    said = "OpenAI (voices.lan:8880) does not accept its key (HTTP 401)."

    def refuse(_speech: Speech) -> None:
        raise VoiceFailed("refused", said)

    studio.tools.provider.before = refuse
    assert said in (studio.work(studio.begin()).error_message or "")
    studio.demote()
    told = studio.work(studio.begin()).error_message or ""
    assert told.endswith("OpenAI does not accept its key (HTTP 401).")
    assert "voices.lan" not in told


def test_minutes_that_were_not_wished_for_count_before_they_are_spoken(studio: Studio) -> None:
    studio.context.settings = studio.context.settings.model_copy(update={"podcast_minutes_a_month": 3})
    studio.tools.estimated = Cost(100, 10, 100, 2.0)
    first, second = studio.begin(), studio.begin()
    assert studio.work(first).status == EpisodeStatus.COMPLETED  # a superuser's
    studio.demote()
    with studio.context.database.write() as session:
        held = repository.lock_by_key(session, first)
        assert held is not None
        held.status = EpisodeStatus.VOICING  # as if it were still being made
    before = len(studio.tools.provider.spoken)
    row = studio.work(second)
    assert (row.status, row.error_code) == (EpisodeStatus.FAILED, "over_budget")
    assert "2 of 3 in 30 days" in (row.error_message or "")
    assert len(studio.tools.provider.spoken) == before


def test_two_that_count_their_minutes_in_one_moment_do_so_one_after_the_other(studio: Studio) -> None:
    """Each would find what is left for one of them."""
    settings = studio.context.settings.model_copy(update={"podcast_minutes_a_month": 3})
    first = studio.begin()
    studio.demote()
    database = studio.context.database
    with database.write() as session:
        held = repository.lock_by_key(session, first)
        assert held is not None
        assert quota.refusal(session, settings, held, 2.0) is None
        if not database.is_sqlite:  # there, who writes is alone anyway
            user = select(User.id).where(User.id == studio.ada.id)
            with database.engine.connect() as other:
                free = user.with_for_update(key_share=True, skip_locked=True)
                assert other.scalar(free) is None
                # Whoever only refers to the user, as all who save something do, does not wait.
                refers = user.with_for_update(read=True, key_share=True, skip_locked=True)
                assert other.scalar(refers) == studio.ada.id


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"options": {"format": "of another version"}}, "unreadable"),
        ({"options": {"speakers": [3]}}, "unreadable"),
        ({"options": {"music": 7}}, "crashed"),
    ],
)
def test_wishes_that_cannot_be_read_fail_once_and_with_words(
    studio: Studio, changed: dict[str, Any], code: str
) -> None:
    key = studio.begin()
    with studio.context.database.write() as session:
        held = repository.lock_by_key(session, key)
        assert held is not None
        for name, value in changed.items():
            setattr(held, name, value)
    row = studio.work(key)
    assert (row.status, row.error_code) == (EpisodeStatus.FAILED, code)
    assert row.error_message


def test_a_database_that_is_busy_is_waited_for(studio: Studio) -> None:
    key = studio.begin()

    def busy(_question: str) -> None:
        raise Unavailable("The database is busy: try again in a moment")

    studio.tools.chat.before = busy
    row = studio.work(key)
    assert (row.status, row.failures) == (EpisodeStatus.PENDING, 1)
    studio.tools.chat.before = lambda _question: None
    assert studio.work(key).status == EpisodeStatus.COMPLETED
