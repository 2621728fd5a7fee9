"""Which language a text is in: by its script, and in the Latin and Cyrillic ones by its smallest words."""

from __future__ import annotations

import re

from magpie.podcasts.script.letters import detect

_SAMPLE = 40_000  # characters
_ENOUGH = 0.06  # of all words have to be among a language's smallest ones
_PLAIN = 0.2  # so many speak against what a document says of itself
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = {
    "en": "the of and to in is that it was for on with as are this be at by not from have which but they you",
    "de": "der die und das ist nicht ein eine zu den von mit sich des auf für dem auch es im wird sind als",
    "fr": "le la les des et est une un dans que qui pour pas sur du au par plus avec ce sont il elle nous",
    "es": "el la los las de que y en un una es por con para se no del su al lo como más pero fue",
    "it": "il la le di che e è un una per non con sono del della si da gli nel anche come più alla",
    "pt": "o a os as de que e em um uma é por com para não do da se no na mais como foi ao",
    "nl": "de het een en van is dat niet te op in zijn met voor er aan ook maar door naar wordt bij",
    "sv": "och att det som en på är av för med den till inte har om ett var från jag kan ska",
    "da": "og at det som en på er af for med den til ikke har om et blev fra jeg efter der",
    "nb": "og at det som en på er av for med den til ikke har om et ble fra jeg etter å",
    "pl": "i w na z się nie to do że jest jak o po od za są przez dla ale który może",
    "cs": "a se v na je že to s z do o jako pro ale by jsou byl který jeho podle",
    "tr": "ve bir bu da de için ile ne çok daha gibi olarak olan var ama ya kadar sonra",
    "fi": "ja on ei se että oli hän mutta ovat kun niin joka myös tai sen voi mukaan",
    "hu": "a az és hogy nem is egy ez de van meg volt mint csak vagy ki el már",
    "ru": "и в не на что с как это по но из у к за от для так же был его",
    "uk": "і в не на що з як це до та за від для але є його також був про",
    "el": "και το να του η της με που την από για είναι τα τον οι δεν θα σε στο των",
    "bg": "и в на да не от за се с че по като са към това има или във",
}
_WORDS = {name: frozenset(words.split()) for name, words in _SMALL.items()}
_OTHERS = {
    "el": re.compile("[\u0370-\u03ff]"),
    "he": re.compile("[\u05d0-\u05ea]"),
    "hi": re.compile("[\u0900-\u097f]"),
}
_CYRILLIC = frozenset(("ru", "uk", "bg"))


def guess(text: str, declared: str | None = None) -> str | None:
    """The primary subtag of the language. What was declared counts where the text does not speak against it."""
    sample = text[:_SAMPLE]
    said = _primary(declared)
    script = _script(sample)
    if script is None:
        return said
    if script not in ("en", "ru"):
        return said if said == script else script
    among = _CYRILLIC if script == "ru" else frozenset(_WORDS) - _CYRILLIC - frozenset(_OTHERS)
    shares = {name: small_words(sample, name) for name in sorted(among)}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= (_PLAIN if said else _ENOUGH) else said


def small_words(text: str, language: str) -> float:
    """How much of a text is the smallest words of a language: 0.2 to 0.4 in one that is in it."""
    words = [word.lower() for word in _WORD.findall(text)]
    return sum(1 for word in words if word in _WORDS[language]) / max(1, len(words))


def _script(text: str) -> str | None:
    """What `detect` says, and the scripts that it does not know."""
    letters = sum(1 for letter in text if letter.isalpha())
    for name, pattern in _OTHERS.items():
        if len(pattern.findall(text)) * 2 > letters:
            return name
    return detect(text) if letters else None


def _primary(declared: str | None) -> str | None:
    """ "en" of "en-US"; None for what is no language."""
    found = re.match(r"([A-Za-z]{2,3})(?:[-_][\w-]*)?$", (declared or "").strip())
    return found[1].lower() if found and found[1].lower() not in ("und", "mul", "zxx") else None
