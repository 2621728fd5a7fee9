"""The settings of podcasts: who writes, who speaks, who listens, and what is kept."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, field_validator

from magpie.setting import base_address, setting

_PROVIDER = re.compile(r"[a-z][a-z0-9_-]{0,31}(:[^\s,]{1,200})?")


class PodcastSettings(BaseModel):
    """Part of `config.Settings`."""

    llm: str = setting(
        "extractive",
        "Who writes scripts: `provider:model`, such as `ollama:llama3.1` or `openai:gpt-4o-mini`; several with commas "
        "between them: each is asked where the one before fails. `extractive` takes the sources' own sentences, without "
        "a model.",
        runtime=True,
        max_length=1000,
    )
    tts: str = setting(
        "espeak",
        "Who speaks: `espeak` (embedded), `openai:MODEL`, `kyutai`, `pocket-tts`, `elevenlabs:MODEL`.",
        runtime=True,
        max_length=255,
    )
    asr: str = setting(
        "pocketsphinx",
        "Who makes text of recordings: `pocketsphinx` (embedded; drafts, English only), `whisper-asr`, `openai:MODEL`, "
        "`faster-whisper:MODEL` where it is installed.",
        runtime=True,
        max_length=255,
    )
    ollama_url: str = setting("http://127.0.0.1:11434", "Address of the Ollama server.", runtime=True)
    openai_url: str = setting(
        "https://api.openai.com/v1",
        "Address of a server that speaks OpenAI's language: chat, speech and transcription. LM Studio, vLLM, LocalAI, "
        "llama.cpp, Kokoro-FastAPI and Speaches do, too.",
        runtime=True,
    )
    openai_api_key: str = setting("", "Key for that server, if it asks for one.", secret=True, runtime=True)
    openai_speech_url: str = setting(
        "", "Address of the server for speech, where it is not the one for chat.", runtime=True
    )
    openai_speech_api_key: str = setting("", "Key for the server for speech.", secret=True, runtime=True)
    openai_transcription_url: str = setting(
        "", "Address of the server for transcription, where it is not the one for chat.", runtime=True
    )
    openai_transcription_api_key: str = setting(
        "", "Key for the server for transcription.", secret=True, runtime=True
    )
    kyutai_url: str = setting("http://127.0.0.1:8080", "Address of Kyutai's moshi-server.", runtime=True)
    kyutai_api_key: str = setting("public_token", "Key for Kyutai's server.", secret=True, runtime=True)
    kyutai_transport: Literal["websocket", "http"] = setting(
        "websocket",
        "How Kyutai's server is spoken to; only `websocket` tells when each word is said.",
        runtime=True,
    )
    pocket_tts_url: str = setting(
        "http://127.0.0.1:8001",
        "Address of a pocket-tts server. By itself that listens on Magpie's own port: start it with `--port 8001`.",
        runtime=True,
    )
    elevenlabs_url: str = setting(
        "https://api.elevenlabs.io", "ElevenLabs, or what stands in for it.", runtime=True
    )
    elevenlabs_api_key: str = setting("", "Key for ElevenLabs.", secret=True, runtime=True)
    whisper_asr_url: str = setting(
        "http://127.0.0.1:9000", "Address of a Whisper ASR webservice.", runtime=True
    )
    ai_parallel: int = setting(
        4, "How many texts are spoken at once for one episode.", runtime=True, ge=1, le=32
    )
    ai_timeout_seconds: int = setting(
        600,
        "How long one answer of a model, voice or recogniser may take, in seconds.",
        runtime=True,
        ge=5,
        le=14_400,
    )
    llm_context_tokens: int = setting(
        16_384,
        "The most that is asked of a local model's context, in tokens: more takes memory there.",
        runtime=True,
        ge=2048,
        le=2_000_000,
    )
    llm_price: str = setting(
        "", "What a million tokens cost, for estimates: `IN/OUT`, such as `0.15/0.60`.", runtime=True
    )
    tts_price: float = setting(
        0, "What a million spoken characters cost, for estimates.", runtime=True, ge=0, le=1_000_000
    )
    podcast_max_tokens: int = setting(
        1_000_000,
        "The most tokens that one episode's script may take; it ends with an error beyond.",
        runtime=True,
        ge=1000,
        le=1_000_000_000,
    )
    podcast_max_characters: int = setting(
        400_000, "The most characters that are spoken for one episode.", runtime=True, ge=1000, le=100_000_000
    )
    podcast_minutes_a_month: int = setting(
        0,
        "Minutes of podcasts that each user may make in 30 days; 0 for any.",
        runtime=True,
        ge=0,
        le=1_000_000,
    )
    podcast_purge_sources: Literal["keep", "after_success", "after_days"] = setting(
        "keep",
        "What becomes of an episode's source texts and intermediate files once it is done.",
        runtime=True,
    )
    podcast_purge_days: int = setting(
        30, "After how many days they are deleted, with `after_days`.", runtime=True, ge=1, le=3650
    )
    voice_cache_mb: int = setting(
        2048,
        "Room for spoken turns that are kept, so that nothing is spoken twice, in MB.",
        runtime=True,
        ge=16,
        le=1_048_576,
    )

    @field_validator("llm")
    @classmethod
    def _llm(cls, value: str) -> str:
        parts = [part.strip() for part in value.split(",")]
        if not all(_PROVIDER.fullmatch(part) for part in parts):
            raise ValueError(
                "must be provider:model, such as ollama:llama3.1, several with commas between them"
            )
        return ",".join(parts)

    @field_validator("tts", "asr")
    @classmethod
    def _provider(cls, value: str) -> str:
        if not _PROVIDER.fullmatch(value):
            raise ValueError("must be a provider, or provider:model")
        return value

    @field_validator(
        "ollama_url", "openai_url", "kyutai_url", "pocket_tts_url", "elevenlabs_url", "whisper_asr_url"
    )
    @classmethod
    def _service(cls, value: str) -> str:
        return base_address(value)

    @field_validator("openai_speech_url", "openai_transcription_url")
    @classmethod
    def _service_or_none(cls, value: str) -> str:
        return base_address(value) if value else value

    @field_validator("llm_price")
    @classmethod
    def _price(cls, value: str) -> str:
        if value and not re.fullmatch(r"\d{1,6}(\.\d{1,6})?/\d{1,6}(\.\d{1,6})?", value):
            raise ValueError("must be two prices, such as 0.15/0.60")
        return value
