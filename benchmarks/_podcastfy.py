"""Runs in podcastfy's environment: has its own pipeline speak a script of two people with OpenAI's speech, as its manual
says it, and prints the seconds that it took.

The environment is not part of the repository:

    uv venv benchmarks/peers/podcastfy
    uv pip install --python benchmarks/peers/podcastfy/bin/python podcastfy setuptools

Arguments: the address of the service of voices, and where the recording goes.
"""

from __future__ import annotations

import json
import os
import sys
import time

PAIRS = 20


def main(address: str, output: str) -> None:
    os.environ["OPENAI_BASE_URL"] = address
    os.environ["OPENAI_API_KEY"] = "none"
    from podcastfy.text_to_speech import TextToSpeech  # type: ignore[import-not-found]

    script = "".join(
        f"<Person1>What did the keeper count in winter number {number}, and who read his book?</Person1>"
        f"<Person2>He counted {number * 7} ships, and nobody read it before the year {1900 + number}.</Person2>"
        for number in range(1, PAIRS + 1)
    )
    voices = {"default_voices": {"question": "echo", "answer": "shimmer"}, "model": "tts-1-hd"}
    wishes = {"text_to_speech": {"audio_format": "wav", "openai": voices}}
    speech = TextToSpeech(model="openai", api_key="none", conversation_config=wishes)
    began = time.monotonic()
    speech.convert_to_speech(script, output)
    seconds = time.monotonic() - began
    print(json.dumps({"turns": 2 * PAIRS, "seconds": seconds, "bytes": os.stat(output).st_size}))  # noqa: PTH116


if __name__ == "__main__":
    main(*sys.argv[1:])
