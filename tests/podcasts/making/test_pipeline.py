"""From sources to finished files, whatever happens in between."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from magpie.podcasts.llms.port import ChatFailed
from magpie.podcasts.making.failures import MakingFailed, Stopped
from magpie.podcasts.making.folder import EpisodeFolder
from magpie.podcasts.making.order import Cost, Given, Made, MakingOrder, NewScript
from magpie.podcasts.making.pipeline import make
from magpie.podcasts.making.reading import ItemMatter
from magpie.podcasts.mastering.order import MasteringFailed, MasteringOrder
from magpie.podcasts.models import Origin, SourceKind
from magpie.podcasts.script.brief import Brief, Format, SourceText, Speaker
from magpie.podcasts.script.turns import Script, Segment, Turn
from magpie.podcasts.script.work import Later
from magpie.podcasts.texts.document import Unreadable
from tests.podcasts.making.conftest import KEY
from tests.podcasts.making.fakes import FakeTools

pytestmark = pytest.mark.once

BRIEF = Brief(Format.TWO_HOSTS, (Speaker("Ada"), Speaker("Ben")))
LINES = [f"line {n}" for n in range(6)]


@pytest.fixture
def order(folder: EpisodeFolder) -> MakingOrder:
    folder.path.mkdir(parents=True)
    source = folder.path / "source-0.txt"
    source.write_text("\n".join(LINES))
    given = Given(SourceKind.TEXT, title="A text", file=source)
    return MakingOrder(KEY, BRIEF, (given,), "fake:model", "fake", "fake", template_id="two-hosts")


class Kept:
    """What a caller keeps of the work."""

    def __init__(self) -> None:
        self.scripts: list[NewScript] = []
        self.estimates: list[Cost] = []
        self.steps: list[str] = []

    def report(self, step: str, _done: int, _total: int) -> None:
        if step not in self.steps:
            self.steps.append(step)


def run(order: MakingOrder, tools: FakeTools, folder: EpisodeFolder, kept: Kept | None = None) -> Made:
    kept = kept or Kept()
    return make(
        order,
        tools,
        folder,
        kept.report,
        lambda: False,
        keep_script=kept.scripts.append,
        keep_estimate=kept.estimates.append,
    )


def said(tools: FakeTools) -> Counter[str]:
    return Counter(speech.text for speech in tools.provider.spoken)


def test_from_a_text_to_the_files(order: MakingOrder, tools: FakeTools, folder: EpisodeFolder) -> None:
    kept = Kept()
    made = run(order, tools, folder, kept)
    assert made.is_whole
    assert {what: path.name for what, path in made.files.items()} == {
        "mp3": f"{KEY}.mp3",
        "cover": f"{KEY}.jpg",
        "transcript": f"{KEY}.vtt",
        "chapters": f"{KEY}.chapters.json",
        "metadata": f"{KEY}.json",
    }
    assert all(path.parent == folder.root and path.is_file() for path in made.files.values())
    assert kept.steps == ["checking", "reading", "segment", "voicing", "mastering", "publishing"]
    assert [one.origin for one in kept.scripts] == [Origin.WRITTEN]
    assert kept.estimates == [tools.estimated]
    assert (made.used.prompt_tokens, made.used.completion_tokens) == (600, 60)
    assert made.used.characters == sum(len(turn.text) for turn in made.script.turns)
    assert said(tools) == Counter(f"About {line}." for line in LINES)
    assert [clip.text for clip in tools.mastered[0].clips] == [f"About {line}." for line in LINES]


def test_the_sidecar_has_exactly_the_fields_of_the_seed(
    order: MakingOrder, tools: FakeTools, folder: EpisodeFolder
) -> None:
    made = run(order, tools, folder)
    told: dict[str, Any] = json.loads(made.files["metadata"].read_text())
    assert list(told) == [
        "id",
        "title",
        "audioUrl",
        "duration",
        "generatedDate",
        "sourceText",
        "sourceAudioUrl",
        "templateUsed",
    ]
    assert told["id"] == KEY
    assert told["title"] == "What was written"
    assert told["duration"] == pytest.approx(made.seconds)
    assert told["sourceText"] == "\n".join(LINES)
    assert told["sourceAudioUrl"] is None
    assert told["templateUsed"] == "two-hosts"


class Killed(BaseException):
    """The end of a process, wherever it is."""


class Limit:
    """Lets so many calls pass in each run, then ends it."""

    def __init__(self, each: int) -> None:
        self.each = each
        self.left = each

    def __call__(self, _what: object) -> None:
        if self.left == 0:
            raise Killed
        self.left -= 1


@pytest.mark.parametrize("each", [1, 2, 4])
def test_an_end_after_any_call_repeats_none(
    order: MakingOrder, tools: FakeTools, folder: EpisodeFolder, each: int
) -> None:
    tools.provider.parallel = 1
    limit = Limit(each)
    tools.chat.before = tools.provider.before = limit
    ends, made = 0, None
    while made is None:
        limit.left = each
        try:
            made = run(order, tools, folder)
        except Killed:
            ends += 1
    assert made.is_whole
    assert ends == (2 * len(LINES) - 1) // each
    assert Counter(tools.chat.asked) == Counter(LINES)
    assert said(tools) == Counter(f"About {line}." for line in LINES)


def test_a_failure_of_mastering_keeps_all_that_was_paid_for(
    order: MakingOrder, tools: FakeTools, folder: EpisodeFolder
) -> None:
    def fail(_order: MasteringOrder) -> None:
        raise MasteringFailed("clip_damaged", "The turn is no sound.", clip=2)

    tools.before_master = fail
    with pytest.raises(MakingFailed) as failure:
        run(order, tools, folder)
    assert (failure.value.step, failure.value.may_pass) == ("mastering", True)
    tools.before_master = lambda _order: None
    assert run(order, tools, folder).is_whole
    assert len(tools.chat.asked) == len(LINES)
    # The turn that was no good, and no other, is spoken again.
    assert said(tools) == Counter([*(f"About {line}." for line in LINES), "About line 2."])


def test_a_wrong_voice_is_found_before_anything_is_asked(
    order: MakingOrder, tools: FakeTools, folder: EpisodeFolder
) -> None:
    brief = replace(BRIEF, speakers=(Speaker("Ada"), Speaker("Ben", voice_id="nobody")))
    with pytest.raises(MakingFailed) as failure:
        run(replace(order, brief=brief), tools, folder)
    assert (failure.value.step, failure.value.reason) == ("checking", "unknown_voice")
    assert "nobody" in failure.value.message
    assert not failure.value.may_pass
    assert tools.chat.asked == []
    assert not tools.files
    assert not tools.pages


@pytest.mark.parametrize(
    ("estimate", "bound"),
    [
        (Cost(2_000_000, 10, 100, 1.0), "MAGPIE_PODCAST_MAX_TOKENS"),
        (Cost(100, 10, 500_000, 500.0), "MAGPIE_PODCAST_MAX_CHARACTERS"),
    ],
)
def test_what_would_cost_too_much_is_not_begun(
    order: MakingOrder, tools: FakeTools, folder: EpisodeFolder, estimate: Cost, bound: str
) -> None:
    tools.estimated = estimate
    kept = Kept()
    with pytest.raises(MakingFailed) as failure:
        run(order, tools, folder, kept)
    assert failure.value.reason == "over_budget"
    assert bound in failure.value.message
    assert kept.estimates == [estimate]
    assert tools.chat.asked == []


def test_without_room_on_the_disk_nothing_is_begun(
    order: MakingOrder, tools: FakeTools, folder: EpisodeFolder
) -> None:
    tools.settings = tools.settings.model_copy(update={"free_space_reserve_gb": 1e6})
    with pytest.raises(MakingFailed) as failure:
        run(order, tools, folder)
    assert (failure.value.step, failure.value.reason, failure.value.waits) == ("checking", "no_space", True)
    assert tools.chat.asked == []


def test_a_script_that_is_to_be_approved_is_not_spoken(
    order: MakingOrder, tools: FakeTools, folder: EpisodeFolder
) -> None:
    waiting = run(replace(order, stops_at_script=True), tools, folder)
    assert not waiting.is_whole
    assert tools.provider.spoken == []
    asked = list(tools.chat.asked)
    edited = replace(waiting.script, turns=waiting.script.turns[:3])
    made = run(replace(order, script=edited), tools, folder)
    assert made.is_whole
    assert tools.chat.asked == asked
    assert len(tools.provider.spoken) == 3


def test_other_voices_cost_no_writing(order: MakingOrder, tools: FakeTools, folder: EpisodeFolder) -> None:
    made = run(order, tools, folder)
    asked = list(tools.chat.asked)
    brief = replace(BRIEF, speakers=(Speaker("Ada"), Speaker("Ben", voice_id="cy")))
    again = run(replace(order, brief=brief, script=made.script), tools, folder)
    assert again.is_whole
    assert tools.chat.asked == asked
    assert {speech.voice_id for speech in tools.provider.spoken[6:]} == {"cy"}
    assert len(tools.provider.spoken) == 9


def test_a_translation_is_of_the_script_as_it_stands(
    order: MakingOrder, tools: FakeTools, folder: EpisodeFolder
) -> None:
    made = run(order, tools, folder)
    tools.chat.asked.clear()
    kept = Kept()
    again = run(replace(order, script=made.script, translate_to="de"), tools, folder, kept)
    assert again.is_whole
    assert again.script.language == "de"
    assert [one.origin for one in kept.scripts] == [Origin.TRANSLATED]
    assert tools.chat.asked == [turn.text for turn in made.script.turns]
    assert {speech.language for speech in tools.provider.spoken[6:]} == {"de"}


def test_sources_of_all_kinds_are_read_once(
    tools: FakeTools, folder: EpisodeFolder, order: MakingOrder, tmp_path: Path
) -> None:
    document, recording, subtitles = (tmp_path / name for name in ("a.pdf", "b.mp3", "c.vtt"))
    document.write_text("Of the document")
    recording.write_bytes(b"sound")
    subtitles.write_text("WEBVTT\n\n1\n00:00.000 --> 00:01.000\n<v Ada>Said aloud.\n")
    items = {
        1: ItemMatter("With subtitles", "Described.", "https://a.example/1", ((subtitles, "en"),), recording),
        2: ItemMatter("Without", "Told.", "https://a.example/2", (), recording),
    }
    tools = FakeTools(
        tools.settings,
        of_item=items.__getitem__,
        of_episode=lambda number: SourceText("E", f"Episode {number}"),
    )
    sources = (
        *order.sources,
        Given(SourceKind.URL, address="https://a.example/page"),
        Given(SourceKind.FILE, file=document, name="a.pdf", title="Named by a person"),
        Given(SourceKind.AUDIO, file=recording, name="b.mp3"),
        Given(SourceKind.ITEM, row_id=1),
        Given(SourceKind.ITEM, row_id=2),
        Given(SourceKind.EPISODE, row_id=7),
    )

    def fail(_order: MasteringOrder) -> None:
        raise MasteringFailed("failing", "Not now.")

    tools.before_master = fail
    for _ in range(2):
        with pytest.raises(MakingFailed):
            run(replace(order, sources=sources), tools, folder)
    found = folder.texts()
    assert [text.text for text in found[1:]] == [
        "Words of https://a.example/page",
        "Of the document",
        "Heard in b.mp3",
        "Described.\n\nSaid aloud.",
        "Told.\n\nHeard in b.mp3",
        "Episode 7",
    ]
    assert found[2].title == "Named by a person"
    assert found[4].address == "https://a.example/1"
    assert tools.pages == {"https://a.example/page": 1}
    assert tools.files == {"a.pdf": 1}
    assert tools.heard == {"b.mp3": 2}


def test_a_source_without_a_word_is_no_episode(
    order: MakingOrder, tools: FakeTools, folder: EpisodeFolder
) -> None:
    file = order.sources[0].file
    assert file is not None
    file.write_text(" \n")
    with pytest.raises(MakingFailed) as failure:
        run(order, tools, folder)
    assert (failure.value.step, failure.value.reason) == ("reading", "empty")
    assert tools.chat.asked == []


@pytest.mark.parametrize(
    ("error", "reason", "may_pass", "retry_after"),
    [
        (ChatFailed("limited", "Too many.", retry_after=9), "limited", True, 9),
        (ChatFailed("unreachable", "Nobody there."), "unreachable", True, None),
        (ChatFailed("failing", "500"), "failing", True, None),
        (ChatFailed("refused", "Wrong key."), "refused", False, None),
        (Later(77, "Wait."), "limited", True, 77),
        (OSError(28, "No space left on device"), "no_space", True, 60),
    ],
)
def test_faults_name_the_step_and_whether_they_may_pass(
    order: MakingOrder,
    tools: FakeTools,
    folder: EpisodeFolder,
    error: Exception,
    reason: str,
    may_pass: bool,
    retry_after: float | None,
) -> None:
    def fail(_question: str) -> None:
        raise error

    tools.chat.before = fail
    with pytest.raises(MakingFailed) as failure:
        run(order, tools, folder)
    found = failure.value
    assert (found.step, found.reason, found.may_pass) == ("writing", reason, may_pass)
    assert found.retry_after == retry_after
    assert found.message.startswith("The script could not be written: ")


def test_the_sources_own_sentences_stand_in_where_that_is_wished(
    order: MakingOrder, tools: FakeTools, folder: EpisodeFolder
) -> None:
    def fail(_question: str) -> None:
        raise ChatFailed("unreachable", "Nobody there.")

    tools.chat.before = fail
    with pytest.raises(MakingFailed):
        run(order, tools, folder)
    made = run(replace(order, llm="fake:model,extractive"), tools, folder)
    assert made.is_whole
    assert made.script.is_extractive


def test_a_stop_is_no_failure(order: MakingOrder, tools: FakeTools, folder: EpisodeFolder) -> None:
    stopped = False

    def stop(_question: str) -> None:
        nonlocal stopped
        stopped = True
        raise ChatFailed("unreachable", "The connection was closed.")

    tools.chat.before = stop
    with pytest.raises(Stopped):
        make(order, tools, folder, lambda *_: None, lambda: stopped)


def test_a_person_s_title_stays(order: MakingOrder, tools: FakeTools, folder: EpisodeFolder) -> None:
    made = run(replace(order, brief=replace(BRIEF, title="Mine")), tools, folder)
    assert made.script.title == "Mine"
    assert tools.mastered[0].facts.title == "Mine"


def test_a_speaker_who_was_renamed_in_the_script_still_has_a_voice(
    order: MakingOrder, tools: FakeTools, folder: EpisodeFolder
) -> None:
    made = run(replace(order, stops_at_script=True), tools, folder)
    turns = [
        replace(turn, speaker="Zoe" if turn.speaker == "Ben" else turn.speaker) for turn in made.script.turns
    ]
    script: Script = replace(made.script, turns=tuple(turns))
    assert run(replace(order, script=script), tools, folder).is_whole
    assert {clip.speaker for clip in tools.mastered[0].clips} == {"Ada", "Zoe"}


@pytest.mark.parametrize(
    "fault", [Unreadable("refused", "The guard is gone."), OSError("The folder is gone.")]
)
def test_what_breaks_because_everything_stops_is_no_failure(
    order: MakingOrder,
    tools: FakeTools,
    folder: EpisodeFolder,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
) -> None:
    stopped = False

    def read(_address: str, _stop: object) -> SourceText:
        nonlocal stopped
        stopped = True
        raise fault

    monkeypatch.setattr(tools, "read_page", read)
    page = Given(SourceKind.URL, address="https://example.org/a")
    with pytest.raises(Stopped):
        make(replace(order, sources=(page,)), tools, folder, Kept().report, lambda: stopped)


def test_what_models_say_can_be_stored_and_shown(
    order: MakingOrder, tools: FakeTools, folder: EpisodeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Script(
        "On \x00ice\ud83d",
        "en",
        (Segment("I\x07ce"),),
        (Turn("Ada", "Lakes \x00freeze\udc00.\nÜ 😀", "calm\x00"), Turn("Ben", "\x00")),
        description="Why\x1b",
    )
    monkeypatch.setattr(tools, "write", lambda *_given: said)
    kept = Kept()
    made = run(order, tools, folder, kept)
    assert kept.scripts[0].script == made.script
    assert (made.script.title, made.script.description) == ("On ice", "Why")
    assert made.script.segments == (Segment("Ice"),)
    assert made.script.turns == (Turn("Ada", "Lakes freeze.\nÜ 😀", "calm"), Turn("Ben", ""))
    assert said_texts(tools) == ["Lakes freeze.\nÜ 😀"]


def said_texts(tools: FakeTools) -> list[str]:
    return [speech.text for speech in tools.provider.spoken]
