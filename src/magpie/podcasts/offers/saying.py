"""One turn, to be heard before or after a change: spoken as the episode would speak it, and kept for the episode."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from magpie.accounts.principal import Principal
from magpie.context import AppContext
from magpie.kit.errors import OutOfReach, RuleBroken
from magpie.podcasts.episodes import quota, repository, service
from magpie.podcasts.making.ordering import providers_of
from magpie.podcasts.making.pipeline import strangers
from magpie.podcasts.making.voicing import Part, speech_of
from magpie.podcasts.offers.schemas import SayIn
from magpie.podcasts.script.brief import Brief, Speaker
from magpie.podcasts.script.turns import Script, Turn
from magpie.podcasts.templates.service import settle
from magpie.podcasts.voices import service as voices
from magpie.podcasts.voices.cache import key
from magpie.podcasts.voices.port import VoiceFailed


def say(context: AppContext, user: Principal, episode_key: str, wanted: SayIn) -> Path:
    """A WAV file in the cache. Raises `NotFound`, `RuleBroken`, `Conflict`, `OutOfReach`."""
    settings = context.settings
    service.require_free_voices(context, user, wanted.speakers)
    with context.database.read() as session:
        episode = service.get(session, user, episode_key)
        # What is heard here costs what it costs in an episode.
        quota.require(session, settings, user, 0.0, owner_id=episode.user_id)
        row = repository.script(session, episode.id)
        options = dict(episode.options)
        if wanted.speakers is not None:
            options["speakers"] = [
                one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in wanted.speakers
            ]
        brief = settle(episode.template, options)
        tts = providers_of(episode, settings)["tts"]
    script = Script.of_json(row.script) if row is not None else None
    speakers = _speakers(brief, script)
    number = next((index for index, one in enumerate(speakers) if one.name == wanted.speaker), None)
    if number is None:
        raise RuleBroken("this is none of the speakers", "body", "speaker")
    language = script.language if script is not None else brief.language or "en"
    try:
        cast = voices.assign(speakers, settings.model_copy(update={"tts": tts}), language)
        speaking, voice_id = cast[number]
        turn = Turn(wanted.speaker, wanted.text.strip(), wanted.style)
        speech = speech_of(turn, Part(speakers[number], speaking, voice_id), language)
        kept, name = voices.clips(settings), key(speaking, speech)
        held = kept.get(name)
        if held is None:
            with TemporaryDirectory(prefix="magpie-turn-") as folder:
                file = Path(folder) / "turn.wav"
                spoken = voices.speak(speaking, speech, file, lambda: False)
                held = kept.put(name, file, spoken)
            with context.database.write() as session:
                quota.note(session, episode, spoken.seconds)
    except VoiceFailed as failure:
        raise as_answer(failure, user, "speakers") from failure
    return held[0]


def _speakers(brief: Brief, script: Script | None) -> list[Speaker]:
    """In the same order as the whole episode has them, so that each gets the same voice."""
    return [*brief.speakers, *(strangers(script, replace(brief)) if script is not None else ())]


def as_answer(failure: VoiceFailed, user: Principal, field: str) -> RuleBroken | OutOfReach:
    """A fault of the wish, or one of the provider's. Others than superusers hear no addresses."""
    if failure.reason in ("unknown_voice", "unknown_model", "not_configured"):
        return RuleBroken(failure.message, "body", field, code=failure.reason)
    return OutOfReach(
        failure.message if user.is_superuser else f"The voices do not answer ({failure.reason})"
    )
