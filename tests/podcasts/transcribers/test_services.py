"""Recognisers that are services: whatever goes wrong there, every word is heard once, in its place, or the failure says
what is wrong."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from magpie.podcasts.transcribers import service
from magpie.podcasts.transcribers.asking import Listener
from magpie.podcasts.transcribers.port import Limits, TranscriptionFailed
from tests.podcasts.transcribers.benches import Bench, Memory, Narrow, openai, settings, whisper
from tests.support.transcribers import tones
from tests.support.transcribers.double import Fault
from tests.support.transcribers.openai_double import KEY, OpenAiDouble
from tests.support.transcribers.tones import Heard
from tests.support.transcribers.whisper_double import WhisperDouble

pytestmark = pytest.mark.once

# Three pieces of at most six seconds, the last after a silence that nobody need be asked about.
LONG = (
    *("amber", "birch", "cedar", "dune", 1.2, "ember", "fjord", 1.0, "grove", "haze", "inlet", 1.5),
    *("jade", "knoll", 1.0, "lagoon", "meadow", 8.0, "north", "oasis", "prairie"),
)


def never() -> bool:
    return False


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Heard]]:
    path = tmp_path_factory.mktemp("long") / "long.mp3"
    return path, tones.write(path, LONG)


@pytest.fixture(scope="module", params=["whisper-asr", "openai"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    with whisper("openai_whisper") if request.param == "whisper-asr" else openai("whisper-1") as made:
        yield made


@pytest.fixture
def ready(bench: Bench) -> Bench:
    """Without what other tests have asked."""
    assert bench.double is not None
    bench.double.calls.clear()
    bench.double.heard.clear()
    bench.double.faults.clear()
    bench.double.most_at_once = 0
    return bench


class Pauses:
    """Waits for nothing, and notes for how long it would have."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float, stop: Callable[[], bool]) -> None:
        self.seconds.append(seconds)


def test_no_fault_loses_a_word_or_hears_it_twice(ready: Bench, long: tuple[Path, list[Heard]]) -> None:
    assert ready.double is not None
    fine = Fault()
    first = [Fault(429, retry_after="7"), Fault(500), fine]
    second = [Fault(body="malformed"), Fault(body="empty"), Fault(body="cut"), fine]
    ready.double.faults = deque([*first, *second, Fault(503), Fault(body="dead"), fine])
    pauses, journal = Pauses(), Memory()
    narrow = Narrow(ready.transcriber, Limits(max_seconds=6.0))
    transcript = service.transcribe(narrow, long[0], None, lambda _: None, never, journal, pause=pauses)
    words = [word for one in transcript.passages for word in one.words]
    assert [word.text for word in words] == [word.text for word in long[1]]
    assert transcript.text.replace(".", "").split() == [word.text for word in long[1]]
    for heard, said in zip(words, long[1], strict=True):
        assert heard.start == pytest.approx(said.start, abs=0.1)
        assert heard.end == pytest.approx(said.end, abs=0.1)
    assert pauses.seconds[:2] == [7.0, 2.0]
    assert not ready.double.faults
    answered = [seconds for found, seconds in ready.double.heard if found]
    assert max(answered) <= 6.0
    assert journal.asked >= 3


def test_what_was_heard_is_never_asked_for_again(ready: Bench, long: tuple[Path, list[Heard]]) -> None:
    assert ready.double is not None
    journal = Memory()
    narrow = Narrow(ready.transcriber, Limits(max_seconds=6.0))
    ready.double.faults = deque([Fault(), Fault(429, retry_after="3600")])
    with pytest.raises(TranscriptionFailed) as failed:
        service.transcribe(narrow, long[0], None, lambda _: None, never, journal)
    assert (failed.value.reason, failed.value.retry_after) == ("limited", 3600.0)
    asked = len(ready.double.recordings)
    assert asked == 2
    transcript = service.transcribe(narrow, long[0], None, lambda _: None, never, journal)
    assert [word.text for one in transcript.passages for word in one.words] == [word.text for word in long[1]]
    assert len(ready.double.recordings) == asked + len(journal.kept) - 1
    again = service.transcribe(narrow, long[0], None, lambda _: None, never, journal)
    assert again == transcript
    assert len(ready.double.recordings) == asked + len(journal.kept) - 1


def test_it_gives_up_after_four_attempts(ready: Bench, long: tuple[Path, list[Heard]]) -> None:
    assert ready.double is not None
    ready.double.faults = deque([Fault(500)] * 9)
    pauses = Pauses()
    with pytest.raises(TranscriptionFailed, match="HTTP 500") as failed:
        service.transcribe(ready.transcriber, long[0], None, lambda _: None, never, Memory(), pause=pauses)
    assert failed.value.reason == "failing"
    assert pauses.seconds == [1.0, 2.0, 4.0]
    assert len(ready.double.recordings) == 4


def test_pieces_are_asked_for_side_by_side_within_the_limit(
    ready: Bench, long: tuple[Path, list[Heard]]
) -> None:
    """The second question comes while the first one waits; the double lets both go then."""
    assert ready.double is not None
    double = ready.double
    double.hold = threading.Event()
    done = threading.Event()

    def release() -> None:
        while double.most_at_once < 2 and not done.wait(0.02):
            pass
        assert double.hold is not None
        double.hold.set()

    releasing = threading.Thread(target=release, daemon=True)
    releasing.start()
    narrow = Narrow(ready.transcriber, Limits(max_seconds=6.0, parallel=2))
    transcript = service.transcribe(narrow, long[0], None, lambda _: None, never, Memory())
    done.set()
    releasing.join(10)
    double.hold = None
    assert double.most_at_once == 2
    assert [word.text for one in transcript.passages for word in one.words] == [word.text for word in long[1]]


def test_no_request_is_larger_than_the_service_takes(tmp_path: Path) -> None:
    """Noise does not become smaller as FLAC."""
    path = tmp_path / "noise.wav"
    said: tuple[str | float, ...] = ("birch", 2.0)
    tones.write(path, ("amber", 2.0, *said * 5), noise=0.02)
    with OpenAiDouble(max_bytes=(64 << 10) + 6 * 33_000) as double:
        given = settings(openai_url=f"{double.url}/v1", openai_api_key=KEY)
        own = Narrow(service.connect(given, "openai"), Limits(max_bytes=double.max_bytes))
        transcript = service.transcribe(own, path, None, lambda _: None, never, Memory())
        assert len(double.recordings) >= 3
        assert max(call.size for call in double.recordings) <= double.max_bytes
        assert service.connect(given, "openai").limits.max_bytes == OpenAiDouble().max_bytes
    assert [word.text for one in transcript.passages for word in one.words] == ["amber", *["birch"] * 5]


def test_silence_is_nobody_s_business(tmp_path: Path) -> None:
    path = tmp_path / "silence.wav"
    tones.write(path, [2.0])
    with WhisperDouble() as double:
        asked = service.connect(settings(whisper_asr_url=double.url), "whisper-asr")
        with pytest.raises(TranscriptionFailed) as failed:
            service.transcribe(asked, path, None, lambda _: None, never, Memory())
    assert failed.value.reason == "silent"
    assert double.calls == []


@pytest.mark.parametrize(
    ("spec", "given", "reason"),
    [
        ("openai:whisper-1", {"openai_api_key": "wrong"}, "refused"),
        ("openai:whisper-9", {"openai_api_key": KEY}, "unknown_model"),
        ("whisper-asr", {}, "refused"),  # another service answers there
        ("whisper-asr", {"whisper_asr_url": "http://127.0.0.1:9"}, "unreachable"),
    ],
)
def test_what_is_wrong_is_found_before_anything_is_sent(
    spec: str, given: dict[str, str], reason: str
) -> None:
    with OpenAiDouble() as double:
        at = {"openai_url": f"{double.url}/v1", "whisper_asr_url": double.url}
        with pytest.raises(TranscriptionFailed) as failed:
            service.connect(settings(**{**at, **given}), spec).check()
        assert failed.value.reason == reason
        assert double.recordings == []
        assert "wrong" not in failed.value.message


@pytest.mark.parametrize("spec", ["whisper-asr:large", "pocketsphinx:big", "nobody"])
def test_what_there_is_not_is_said_at_once(spec: str) -> None:
    with pytest.raises(TranscriptionFailed) as failed:
        service.connect(settings(), spec)
    assert failed.value.reason == "not_configured"


def test_a_recogniser_that_is_not_installed_is_said_at_once() -> None:
    with pytest.raises(TranscriptionFailed, match="not installed"):
        service.connect(settings(), "faster-whisper")


def test_an_unknown_model_of_faster_whisper_is_named(tmp_path: Path) -> None:
    from tests.podcasts.transcribers.benches import PACKAGES, ROOT

    tones.write(tmp_path / "a.flac", ["amber"])
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(PACKAGES))
        patch.setenv("PYTHONPATH", f"{PACKAGES}:{ROOT}")
        asked = service.connect(settings(), "faster-whisper:enormous")
        with pytest.raises(TranscriptionFailed) as failed:
            asked.transcribe(tmp_path / "a.flac", None, lambda _: None, never)
    assert failed.value.reason == "unknown_model"


def test_a_language_that_it_does_not_understand() -> None:
    with pytest.raises(TranscriptionFailed) as failed:
        service.connect(settings()).transcribe(Path("any"), "de-CH", lambda _: None, never)
    assert failed.value.reason == "language"


def test_a_server_that_refuses_times_is_asked_without(tmp_path: Path) -> None:
    """A model that is not known to do so: the answer's text is spread over the piece."""
    words = tones.write(tmp_path / "a.flac", ["amber", "birch"])
    with OpenAiDouble() as double:
        given = settings(openai_url=f"{double.url}/v1", openai_api_key=KEY)
        asked = service.connect(given, "openai:tts-1")
        transcript = asked.transcribe(tmp_path / "a.flac", "en", lambda _: None, never)
        asked.transcribe(tmp_path / "a.flac", "en", lambda _: None, never)
        shapes = [call.form["response_format"] for call in double.recordings]
    assert shapes == [["verbose_json"], ["json"], ["json"]]
    assert transcript.text == " ".join(word.text for word in words)


def test_no_redirect_is_followed_with_the_recording_or_the_key(tmp_path: Path) -> None:
    tones.write(tmp_path / "a.flac", ["amber"])
    with OpenAiDouble() as double, OpenAiDouble() as elsewhere:
        double.faults = deque([Fault(302, location=f"{elsewhere.url}{OpenAiDouble.path}")])
        asked = service.connect(settings(openai_url=f"{double.url}/v1", openai_api_key=KEY), "openai")
        with pytest.raises(TranscriptionFailed) as failed:
            asked.transcribe(tmp_path / "a.flac", None, lambda _: None, never)
    assert failed.value.reason == "refused"
    assert elsewhere.calls == []


def test_an_endless_answer_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Listener, "most", 100)
    tones.write(tmp_path / "a.flac", ["amber", "birch"])
    with WhisperDouble() as double:
        asked = service.connect(settings(whisper_asr_url=double.url), "whisper-asr")
        with pytest.raises(TranscriptionFailed, match="more than") as failed:
            asked.transcribe(tmp_path / "a.flac", None, lambda _: None, never)
    assert failed.value.may_pass


def test_an_answer_that_does_not_come_in_time(tmp_path: Path) -> None:
    tones.write(tmp_path / "a.flac", ["amber"])
    with WhisperDouble() as double:
        double.hold = threading.Event()
        given = settings(whisper_asr_url=double.url, ai_timeout_seconds=5)
        object.__setattr__(given, "ai_timeout_seconds", 1)  # less than anybody may choose
        with pytest.raises(TranscriptionFailed, match="in time") as failed:
            service.connect(given, "whisper-asr").transcribe(tmp_path / "a.flac", None, lambda _: None, never)
    assert failed.value.reason == "unreachable"


def test_the_proxy_is_for_what_is_far(tmp_path: Path) -> None:
    """The double is the proxy, too. Nobody listens at the first one: what is on this machine is asked all the same."""
    tones.write(tmp_path / "a.flac", ["amber"])
    with WhisperDouble() as double:
        near = settings(whisper_asr_url=double.url, proxy="http://127.0.0.1:9")
        heard = service.connect(near, "whisper-asr").transcribe(
            tmp_path / "a.flac", None, lambda _: None, never
        )
        assert heard.text == "amber."
        far = settings(whisper_asr_url="http://93.184.216.34:9000", proxy=double.url)
        service.connect(far, "whisper-asr").check()
    assert double.calls[-1].headers["host"] == "93.184.216.34:9000"


def test_a_key_for_chat_is_not_sent_to_another_server() -> None:
    with OpenAiDouble() as double:
        given = settings(openai_api_key=KEY, openai_transcription_url=f"{double.url}/v1")
        with pytest.raises(TranscriptionFailed):
            service.connect(given, "openai").check()
    assert "authorization" not in double.calls[0].headers
