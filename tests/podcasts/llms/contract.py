"""What every kind of server of language models has to do, whoever wrote it: `llms/port.py` in tests.

A subclass gives `kind`, `double` and `settings`. The double has the model "finch" with room for 8,192 tokens.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from magpie.config import Settings
from magpie.podcasts.llms.port import Ask, ChatFailed, ChatKind, ChatModel, Message
from tests.support.models import double as doubles
from tests.support.models.double import Fault, ModelDouble

SOURCE = "Magpies build domed nests. They hide food in the ground. Some have learnt to open bottles of milk."
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["title", "turns"],
    "properties": {
        "title": {"type": "string"},
        "turns": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["speaker", "text"],
                "properties": {"speaker": {"enum": ["Ann", "Ben"]}, "text": {"type": "string"}},
            },
        },
    },
}
SECRET = "sk-a-secret-of-somebody-4711"
PLAIN = Ask([Message("system", "You are brief."), Message("user", f"Say something in 12 words. {SOURCE}")])
SHAPED = Ask(
    [Message("user", f"Write a dialogue of 200 words as JSON.\n<source>{SOURCE}</source>")], schema=SCHEMA
)


def never() -> bool:
    return False


def failure(model: ChatModel, ask: Ask = PLAIN) -> ChatFailed:
    """How the question fails; nothing secret stands in it."""
    with pytest.raises(ChatFailed) as caught:
        model.ask(ask, lambda _: None, never)
    assert SECRET not in caught.value.message
    assert SECRET not in repr(caught.value)
    assert caught.value.message.endswith(".")
    return caught.value


class ChatContract:
    """The tests."""

    @pytest.fixture
    def double(self) -> Iterator[ModelDouble]:
        raise NotImplementedError

    @pytest.fixture
    def kind(self) -> ChatKind:
        raise NotImplementedError

    @pytest.fixture
    def settings(self, double: ModelDouble) -> Settings:
        raise NotImplementedError

    @pytest.fixture
    def model(self, kind: ChatKind, settings: Settings) -> ChatModel:
        return kind.model("finch", settings)

    def test_it_is_a_kind_with_a_name_for_settings(self, kind: ChatKind, model: ChatModel) -> None:
        assert isinstance(kind, ChatKind)
        assert model.name == f"{kind.name}:finch"
        assert kind.title

    def test_it_tells_what_is_there(
        self, kind: ChatKind, settings: Settings, model: ChatModel, double: ModelDouble
    ) -> None:
        assert kind.models(settings) == ["finch"]
        model.check()
        assert model.context_tokens() == 8192
        assert double.chats == []

    def test_a_model_that_is_not_there_costs_nothing(
        self, kind: ChatKind, settings: Settings, double: ModelDouble
    ) -> None:
        with pytest.raises(ChatFailed) as caught:
            kind.model("dodo", settings).check()
        assert caught.value.reason == "unknown_model"
        assert "dodo" in caught.value.message
        assert failure(kind.model("dodo", settings)).reason == "unknown_model"
        assert double.answered == []

    def test_no_name_is_no_model(self, kind: ChatKind, settings: Settings) -> None:
        with pytest.raises(ChatFailed) as caught:
            kind.model("", settings)
        assert caught.value.reason == "not_configured"

    def test_an_answer_streams(self, model: ChatModel, double: ModelDouble) -> None:
        heard: list[str] = []
        answer = model.ask(PLAIN, heard.append, never)
        assert answer.text == double.chats[0].answer == "".join(heard)
        assert len(heard) > 1
        assert (answer.is_cut, answer.model) == (False, model.name)
        assert answer.completion_tokens == doubles.count(answer.text)
        assert answer.prompt_tokens >= doubles.count(double.chats[0].question)
        assert [one["role"] for one in double.chats[0].body["messages"]] == ["system", "user"]

    def test_the_first_words_come_before_the_last_are_there(
        self, model: ChatModel, double: ModelDouble
    ) -> None:
        held = threading.Event()
        double.faults.append(Fault(hold=held, held_after=1))

        def on_text(text: str) -> None:
            heard.append(text)
            held.set()  # the rest comes only now

        heard: list[str] = []
        model.ask(PLAIN, on_text, never)
        assert len(heard) > 1

    def test_an_answer_follows_its_schema(self, model: ChatModel) -> None:
        said = json.loads(model.ask(SHAPED, lambda _: None, never).text)
        assert set(said) == {"title", "turns"}
        assert {turn["speaker"] for turn in said["turns"]} == {"Ann", "Ben"}
        words = sum(len(turn["text"].split()) for turn in said["turns"])
        assert 180 <= words <= 260

    def test_an_answer_that_is_cut_says_so(self, model: ChatModel, double: ModelDouble) -> None:
        double.faults.append(Fault(is_length=True))
        assert model.ask(PLAIN, lambda _: None, never).is_cut

    def test_what_it_says_is_not_changed(self, model: ChatModel, double: ModelDouble) -> None:
        odd = '<think>\nnever closed\n\n```json\n{"a": "喜鹊 – “é”\\u2028'
        double.faults.append(Fault(text=odd))
        assert model.ask(SHAPED, lambda _: None, never).text == odd

    @pytest.mark.parametrize(
        ("fault", "reason"),
        [
            (Fault(status=500), "failing"),
            (Fault(status=503, headers=(("Retry-After", "7"),)), "failing"),
            (Fault(status=429), "limited"),
            (Fault(status=403), "refused"),
            (Fault(status=418), "unreadable"),
            (Fault(cut_after=0), "failing"),
            (Fault(cut_after=2), "failing"),
            (Fault(error_after=2), "failing"),
            (Fault(text=""), "failing"),
            (Fault(status=500, error=f"no: Bearer {SECRET} " + "x" * 9000), "failing"),
            (Fault(raw=b""), "failing"),
            (Fault(raw=b"data: <html>\n\n"), "unreadable"),
            (Fault(raw=b"[" * 100_000 + b"\n"), None),
            (Fault(raw=b"data: " + b"[" * 100_000 + b"\n"), "unreadable"),
            (Fault(raw=b'data: {"choices": {"a": 1}, "usage": 7, "done": true}\n\ndata: [DONE]\n'), None),
        ],
    )
    def test_failures_are_typed(
        self, model: ChatModel, double: ModelDouble, fault: Fault, reason: str | None
    ) -> None:
        double.faults.append(fault)
        failed = failure(model)
        assert failed.reason in ({reason} if reason else {"failing", "unreadable"})
        assert len(failed.message) < 500
        assert len(double.chats) == 1  # nothing is tried again by itself
        assert model.ask(PLAIN, lambda _: None, never).text

    @pytest.mark.parametrize("kind_of_wait", ["seconds", "date", "neither"])
    def test_a_wait_is_passed_on(self, model: ChatModel, double: ModelDouble, kind_of_wait: str) -> None:
        later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
        said = {"seconds": "90", "date": later, "neither": "soon"}[kind_of_wait]
        double.faults.append(doubles.limited(said))
        wait = failure(model).retry_after
        assert wait is None if kind_of_wait == "neither" else wait is not None and 30 < wait <= 90

    def test_a_question_that_does_not_fit_is_not_cut(self, model: ChatModel, double: ModelDouble) -> None:
        long = Ask([Message("user", "nest " * 9000)])
        assert failure(model, long).reason == "too_long"
        assert double.answered == []

    def test_the_room_that_is_needed_is_known_before(self, model: ChatModel, double: ModelDouble) -> None:
        model.context_tokens()
        assert failure(model, Ask(PLAIN.messages, context_tokens=9000)).reason == "too_long"
        assert double.chats == []

    def test_it_stops_while_the_server_thinks(self, model: ChatModel, double: ModelDouble) -> None:
        held = threading.Event()
        double.faults.append(Fault(hold=held))
        with pytest.raises(ChatFailed) as caught:
            model.ask(PLAIN, lambda _: None, lambda: bool(double.chats))
        held.set()
        assert caught.value.reason == "stopped"
        assert double.answered == []

    def test_it_stops_in_the_middle(self, model: ChatModel, double: ModelDouble) -> None:
        heard: list[str] = []
        held = threading.Event()
        double.faults.append(Fault(hold=held, held_after=2))
        with pytest.raises(ChatFailed) as caught:
            model.ask(PLAIN, heard.append, lambda: bool(heard))
        held.set()
        assert caught.value.reason == "stopped"

    def test_a_server_that_says_nothing_for_too_long(
        self, kind: ChatKind, settings: Settings, double: ModelDouble
    ) -> None:
        held = threading.Event()
        double.faults.append(Fault(hold=held))
        impatient = kind.model("finch", settings.model_copy(update={"ai_timeout_seconds": 1}))
        began = time.monotonic()
        assert failure(impatient).reason == "unreachable"
        held.set()
        assert time.monotonic() - began >= 0.9

    def test_nobody_is_there(self, kind: ChatKind, settings: Settings, double: ModelDouble) -> None:
        double.__exit__()
        model = kind.model("finch", settings)
        assert failure(model).reason == "unreachable"
        for question in (model.check, model.context_tokens, lambda: kind.models(settings)):
            with pytest.raises(ChatFailed) as caught:
                question()
            assert caught.value.reason == "unreachable"
        double.__enter__()

    def test_one_model_answers_several_at_once(self, model: ChatModel, double: ModelDouble) -> None:
        def say(number: int) -> str:
            ask = Ask([Message("user", f"Say it in 12 words. Number {number} it is, that very one.")])
            return model.ask(ask, lambda _: None, never).text

        with ThreadPoolExecutor(8) as pool:
            said = list(pool.map(say, range(16)))
        assert all(f"Number {number} " in text for number, text in enumerate(said))
        assert len(double.answered) == 16
