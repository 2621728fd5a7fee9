"""The templates that come with Magpie, and how a brief is settled from them."""

from __future__ import annotations

import pytest

from magpie.podcasts.script.brief import Format
from magpie.podcasts.templates.schemas import Template
from magpie.podcasts.templates.service import as_json, settle
from magpie.podcasts.templates.shipped import DEFAULT, shipped


def test_every_form_has_a_template() -> None:
    assert {one.format for one in shipped()} == set(Format)
    assert len({one.id for one in shipped()}) == len(shipped()) >= 8
    assert DEFAULT in {one.id for one in shipped()}


@pytest.mark.parametrize("template", shipped(), ids=lambda one: one.id)
def test_each_can_be_kept_and_read_and_made_a_brief_of(template: Template) -> None:
    kept = as_json(template)
    assert Template.model_validate(kept) == template
    brief = settle(kept, {})
    assert brief.format is template.format
    assert 1 <= len(brief.speakers) <= 4
    assert len(template.llm_prompt_instructions) > 400
    assert template.description
    assert brief.language == ""


def test_two_languages_are_spoken_in_the_bilingual_show() -> None:
    template = next(one for one in shipped() if one.format is Format.BILINGUAL)
    assert len({one.language for one in settle(as_json(template), {}).speakers}) == 2


def test_an_episodes_own_wishes_go_before_its_templates() -> None:
    template = {
        "format": "news",
        "minutes": 5,
        "language": "en",
        "style": "brisk",
        "llmPromptInstructions": "Short.",
        "ttsConfig": {"voiceId": "v1", "style": "calm"},
    }
    brief = settle(template, {})
    assert [one.voice_id for one in brief.speakers] == ["v1", None]
    assert brief.speakers[0].style == "calm"
    wishes = {
        "format": "interview",
        "minutes": 20,
        "language": "de",
        "style": "slow",
        "instructions": "And kind.",
        "speakers": [{"name": "A", "voiceId": "x", "provider": "openai:tts-1"}, {"name": "B"}],
        "title": "T",
    }
    brief = settle(template, wishes)
    assert brief.format is Format.INTERVIEW
    assert (brief.minutes, brief.language, brief.style, brief.title) == (20, "de", "slow", "T")
    assert brief.instructions == "Short.\n\nAnd kind."
    assert [(one.name, one.voice_id, one.provider) for one in brief.speakers] == [
        ("A", "x", "openai:tts-1"),
        ("B", None, None),
    ]


@pytest.mark.parametrize(
    ("template", "form", "count"),
    [
        ({}, Format.TWO_HOSTS, 2),
        ({"ttsConfig": {"voiceId": "v"}}, Format.NARRATOR, 1),
        ({"speakers": [{"name": "A"}]}, Format.NARRATOR, 1),
        ({"speakers": [{"name": "A"}, {"name": "B"}, {"name": "C"}]}, Format.TWO_HOSTS, 3),
        ({"format": "debate"}, Format.DEBATE, 3),
    ],
)
def test_a_form_follows_from_who_speaks(template: dict[str, object], form: Format, count: int) -> None:
    brief = settle(template, {})
    assert (brief.format, len(brief.speakers)) == (form, count)
