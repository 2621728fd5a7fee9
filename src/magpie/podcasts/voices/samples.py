"""What voices say when they are tried."""

from __future__ import annotations

PROBE = "Yes."

_SENTENCES = {
    "ar": "مرحبا، هكذا يبدو صوتي حين أقرأ لكم حلقة جديدة.",
    "cs": "Dobrý den, takto zní můj hlas, když vám čtu novou epizodu.",
    "da": "Hej, sådan lyder min stemme, når jeg læser et nyt afsnit.",
    "de": "Guten Tag, so klingt meine Stimme, wenn ich eine neue Folge lese.",
    "el": "Γεια σας, έτσι ακούγεται η φωνή μου όταν διαβάζω ένα νέο επεισόδιο.",
    "en": "Hello, this is how my voice sounds when I read you a new episode.",
    "es": "Hola, así suena mi voz cuando les leo un nuevo episodio.",
    "fi": "Hei, tältä ääneni kuulostaa, kun luen teille uuden jakson.",
    "fr": "Bonjour, voici comment sonne ma voix quand je vous lis un nouvel épisode.",
    "hi": "नमस्ते, जब मैं आपको नया एपिसोड सुनाता हूँ तो मेरी आवाज़ ऐसी लगती है।",
    "it": "Salve, ecco come suona la mia voce quando vi leggo un nuovo episodio.",
    "ja": "こんにちは。あたらしいエピソードをよむとき、わたしのこえはこうきこえます。",
    "ko": "안녕하세요, 새 에피소드를 읽을 때 제 목소리는 이렇게 들립니다.",
    "nb": "Hei, slik høres stemmen min ut når jeg leser en ny episode.",
    "nl": "Hallo, zo klinkt mijn stem als ik een nieuwe aflevering voorlees.",
    "pl": "Dzień dobry, tak brzmi mój głos, gdy czytam nowy odcinek.",
    "pt": "Olá, é assim que soa a minha voz quando leio um novo episódio.",
    "ru": "Здравствуйте, так звучит мой голос, когда я читаю новый выпуск.",
    "sv": "Hej, så här låter min röst när jag läser ett nytt avsnitt.",
    "tr": "Merhaba, yeni bir bölüm okurken sesim böyle duyulur.",
    "uk": "Вітаю, так звучить мій голос, коли я читаю новий випуск.",
    "vi": "Xin chào, đây là giọng của tôi khi đọc một tập mới.",
    "zh": "大家好，我为您朗读新一期节目时，声音就是这样的。",
}


def sample(language: str | None) -> str:
    """A sentence in a language (BCP 47), else in English."""
    base = (language or "en").lower().partition("-")[0]
    return _SENTENCES.get(
        {"cmn": "zh", "yue": "zh", "no": "nb", "nn": "nb"}.get(base, base), _SENTENCES["en"]
    )
