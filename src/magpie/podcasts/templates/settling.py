"""From a template and the wishes of one episode to the brief that its script and voices are made by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from magpie.podcasts.script.brief import Brief, Format, Speaker
from magpie.podcasts.templates.schemas import SpeakerIn

# Who usually speaks. Names are short, and easily told apart by ear in many languages.
USUAL: dict[Format, tuple[Speaker, ...]] = {
    Format.NARRATOR: (Speaker("Robin", "narrator"),),
    Format.TWO_HOSTS: (
        Speaker("Robin", "host; curious, asks what listeners would ask"),
        Speaker("Sam", "co-host; knows the subject and explains it plainly"),
    ),
    Format.INTERVIEW: (
        Speaker("Robin", "interviewer; prepared, short questions, follows up"),
        Speaker("Dr. Lee", "guest; answers from the sources, with examples"),
    ),
    Format.DEBATE: (
        Speaker("Robin", "moderator; fair, keeps to the question"),
        Speaker("Sam", "argues for"),
        Speaker("Kim", "argues against"),
    ),
    Format.NEWS: (Speaker("Robin", "anchor"), Speaker("Sam", "correspondent")),
    Format.LECTURE: (Speaker("Robin", "lecturer"),),
    Format.STORY: (Speaker("Robin", "storyteller"),),
    Format.BILINGUAL: (
        Speaker("Robin", "host; speaks the listener's language"),
        Speaker("Sam", "companion; says the key sentences in the other language"),
    ),
}


def settle(template: Mapping[str, Any], options: Mapping[str, Any]) -> Brief:
    """The brief of an episode. `template` as `Template` is kept in JSON (may be empty), `options` the wishes of the
    episode alone, in the same names; they go before. `Brief.language` is empty where nobody has named one: then it is
    the sources'."""
    tts = template.get("ttsConfig") or {}
    form = _format(template, options, tts)
    speakers = _speakers(form, options.get("speakers") or template.get("speakers") or [])
    first = speakers[0]
    if tts and not options.get("speakers"):
        first = _with_voice(first, tts.get("voiceId"), tts.get("style"))
    minutes = options.get("minutes") or template.get("minutes")
    said = [template.get("llmPromptInstructions"), options.get("instructions")]
    return Brief(
        format=form,
        speakers=(first, *speakers[1:]),
        language=options.get("language") or template.get("language") or "",
        minutes=float(minutes) if minutes else None,
        instructions="\n\n".join(text.strip() for text in said if text and text.strip()),
        style=options.get("style") or template.get("style") or "",
        title=options.get("title") or None,
    )


def _format(template: Mapping[str, Any], options: Mapping[str, Any], tts: Mapping[str, Any]) -> Format:
    said = options.get("format") or template.get("format")
    if said:
        return Format(said)
    count = len(options.get("speakers") or template.get("speakers") or [])
    if count == 1 or (count == 0 and tts.get("voiceId")):
        return Format.NARRATOR
    return Format.TWO_HOSTS


def _speakers(form: Format, given: list[Mapping[str, Any]]) -> tuple[Speaker, ...]:
    if not given:
        return USUAL[form]
    return tuple(
        Speaker(one.name, one.role, one.provider, one.voice_id, one.style, one.language)
        for one in map(SpeakerIn.model_validate, given)
    )


def _with_voice(speaker: Speaker, voice_id: str | None, style: str | None) -> Speaker:
    return Speaker(
        name=speaker.name,
        role=speaker.role,
        provider=speaker.provider,
        voice_id=speaker.voice_id or voice_id,
        style=speaker.style or style,
        language=speaker.language,
    )
