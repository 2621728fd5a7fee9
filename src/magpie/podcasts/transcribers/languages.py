"""Languages as recognisers of Whisper's kin name them: codes of ISO 639 in questions, English names in some answers.

The list is that of Whisper's tokenizer (https://github.com/openai/whisper/blob/main/whisper/tokenizer.py).
"""

from __future__ import annotations

import re

_NAMES = """
en english|zh chinese|de german|es spanish|ru russian|ko korean|fr french|ja japanese|pt portuguese|tr turkish|pl polish
|ca catalan|nl dutch|ar arabic|sv swedish|it italian|id indonesian|hi hindi|fi finnish|vi vietnamese|he hebrew|uk ukrainian
|el greek|ms malay|cs czech|ro romanian|da danish|hu hungarian|ta tamil|no norwegian|th thai|ur urdu|hr croatian
|bg bulgarian|lt lithuanian|la latin|mi maori|ml malayalam|cy welsh|sk slovak|te telugu|fa persian|lv latvian|bn bengali
|sr serbian|az azerbaijani|sl slovenian|kn kannada|et estonian|mk macedonian|br breton|eu basque|is icelandic|hy armenian
|ne nepali|mn mongolian|bs bosnian|kk kazakh|sq albanian|sw swahili|gl galician|mr marathi|pa punjabi|si sinhala|km khmer
|sn shona|yo yoruba|so somali|af afrikaans|oc occitan|ka georgian|be belarusian|tg tajik|sd sindhi|gu gujarati|am amharic
|yi yiddish|lo lao|uz uzbek|fo faroese|ht haitian creole|ps pashto|tk turkmen|nn nynorsk|mt maltese|sa sanskrit
|lb luxembourgish|my myanmar|bo tibetan|tl tagalog|mg malagasy|as assamese|tt tatar|haw hawaiian|ln lingala|ha hausa
|ba bashkir|jw javanese|su sundanese|yue cantonese
"""
_BY_NAME = {
    name: code for code, _, name in (entry.strip().partition(" ") for entry in _NAMES.split("|") if entry)
}
KNOWN = frozenset(_BY_NAME.values())
# As people and files have them, and as Whisper does.
_OTHERWISE = {"jv": "jw", "nb": "no", "cmn": "zh", "iw": "he", "in": "id", "fil": "tl"}
_BACK = {"jw": "jv"}
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def asked(language: str | None) -> str | None:
    """A language tag as a recogniser takes it: `pt-BR` is `pt`; None if it is none that Whisper knows."""
    if not language:
        return None
    code = language.partition("-")[0].lower()
    code = _OTHERWISE.get(code, code)
    return code if code in KNOWN else None


def heard(name: object) -> str | None:
    """The tag of what a recogniser names, as a code or in English; None for anything else."""
    if not isinstance(name, str):
        return None
    text = name.strip().lower()
    code = text if text in KNOWN else _BY_NAME.get(text)
    return _BACK.get(code, code) if code else None


def spoken(name: object, language: str | None) -> str | None:
    """The tag of what a recogniser names; the one that was asked for, which may say more (`pt-BR`), if it is that."""
    found = heard(name)
    return language if found is None or (language and asked(language) == asked(found)) else found


def is_tag(text: str) -> bool:
    """Whether it looks like a language tag (BCP 47)."""
    return len(text) <= 16 and _TAG.fullmatch(text) is not None
