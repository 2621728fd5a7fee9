"""Kana in Latin letters, by Hepburn's rules (https://en.wikipedia.org/wiki/Hepburn_romanization)."""

from __future__ import annotations

_ROWS = """
あa いi うu えe おo かka きki くku けke こko さsa しshi すsu せse そso たta ちchi つtsu てte とto なna にni ぬnu ねne のno
はha ひhi ふfu へhe ほho まma みmi むmu めme もmo やya ゆyu よyo らra りri るru れre ろro わwa ゐi ゑe をo んn
がga ぎgi ぐgu げge ごgo ざza じji ずzu ぜze ぞzo だda ぢji づzu でde どdo ばba びbi ぶbu べbe ぼbo ぱpa ぴpi ぷpu ぺpe ぽpo
ゔvu ぁa ぃi ぅu ぇe ぉo ゃya ゅyu ょyo ゎwa ゕka ゖke
"""
_SOUNDS = {pair[0]: pair[1:] for pair in _ROWS.split()}
_GLIDES = frozenset("ゃゅょ")
_SMALL_VOWELS = frozenset("ぁぃぅぇぉ")
_DOUBLED, _LONG = "っ", "ー"
_SHIFT = ord("ァ") - ord("ぁ")


def hiragana(text: str) -> str:
    """Katakana as hiragana; the rest stays."""
    return "".join(chr(ord(char) - _SHIFT) if "ァ" <= char <= "ヶ" else char for char in text)


def romaji(text: str) -> str:
    """Kana as they are typed; long vowels in katakana are not marked."""
    said: list[str] = []
    doubled = False
    for char in hiragana(text):
        if char == _DOUBLED:
            doubled = True
            continue
        sound = _SOUNDS.get(char, "")
        if said and char in _GLIDES and said[-1].endswith("i") and len(said[-1]) > 1:
            begin = said.pop()[:-1]
            sound = begin + (sound[1:] if begin in ("sh", "ch", "j") else sound)
        elif said and char in _SMALL_VOWELS and len(said[-1]) > 1:
            sound = said.pop()[:-1] + sound
        elif doubled and sound:
            sound = ("t" if sound.startswith("ch") else sound[0]) + sound
        doubled = False
        said.append(sound)
    return "".join(said)


def shortened(letters: str) -> str:
    """Romaji as people write it who leave long vowels out: toukyou is tokyo."""
    for long, short in (("ou", "o"), ("oo", "o"), ("uu", "u"), ("aa", "a"), ("ii", "i"), ("ee", "e")):
        letters = letters.replace(long, short)
    return letters
