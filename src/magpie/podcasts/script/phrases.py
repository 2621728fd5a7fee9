"""The short plain lines that join sentences of a text, by language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """Lines in one language. `{title}` stands for the title of the episode or of the part that begins."""

    opening: str
    label: str  # says that no language model wrote this; for the description
    partly: str  # says of which parts that is so, in a script that a model wrote otherwise
    part: str
    more: tuple[str, ...]
    questions: tuple[str, ...]
    closing: str


_PHRASES = {
    "en": Phrases(
        opening="{title}. Here is what matters, in the text's own words.",
        label="Extractive, no LLM: the sources' own sentences, chosen and joined without a language model.",
        partly="Quoted from the sources, since the model gave nothing that could be used: {titles}.",
        part="Next: {title}.",
        more=(
            "And further.",
            "There is more to it.",
            "It goes on.",
            "Let us stay with that.",
            "Another point.",
        ),
        questions=(
            "What else does it say?",
            "And then?",
            "How does it go on?",
            "What follows?",
            "What is behind that?",
        ),
        closing="That was {title}. Thank you for listening.",
    ),
    "zh": Phrases(
        opening="{title}。下面用原文的话，说说要点。",
        label="摘录，未使用大模型（extractive, no LLM）：句子均选自原文，未经语言模型改写。",
        partly="以下部分因模型没有给出可用的内容，摘录自原文：{titles}。",
        part="接下来：{title}。",
        more=("再往下看。", "还不止这些。", "原文接着说。", "我们继续。", "还有一点。"),
        questions=("还说了什么？", "然后呢？", "接下来怎样？", "后来如何？", "背后是什么？"),
        closing="以上就是{title}。谢谢收听。",
    ),
    "ja": Phrases(
        opening="{title}。要点を、本文の言葉でお伝えします。",
        label="抜粋、LLM不使用（extractive, no LLM）：言語モデルを使わず、本文の文をそのまま選びました。",
        partly="モデルから使える答えが得られなかったため、次の部分は本文からの抜粋です：{titles}。",
        part="次は、{title}です。",
        more=("さらに続きます。", "それだけではありません。", "本文はこう続きます。", "もう一つあります。"),
        questions=("ほかには何とありますか。", "それから。", "続きはどうなりますか。", "そのあとは。"),
        closing="{title}をお届けしました。お聞きくださり、ありがとうございました。",
    ),
    "de": Phrases(
        opening="{title}. Das Wichtigste, in den Worten des Textes.",
        label="Auszüge, ohne Sprachmodell (extractive, no LLM): die Sätze der Quellen selbst.",
        partly="Aus den Quellen zitiert, weil das Modell nichts Brauchbares gab: {titles}.",
        part="Weiter mit: {title}.",
        more=("Und weiter.", "Da ist noch mehr.", "Es geht weiter.", "Noch ein Punkt."),
        questions=("Was steht da noch?", "Und dann?", "Wie geht es weiter?", "Was folgt daraus?"),
        closing="Das war {title}. Danke fürs Zuhören.",
    ),
    "fr": Phrases(
        opening="{title}. Voici l'essentiel, avec les mots du texte.",
        label="Extraits, sans modèle de langage (extractive, no LLM) : les phrases mêmes des sources.",
        partly="Cité des sources, le modèle n'ayant rien donné d'utilisable : {titles}.",
        part="Ensuite : {title}.",
        more=("Et encore.", "Ce n'est pas tout.", "Le texte continue.", "Un autre point."),
        questions=("Que dit-il encore ?", "Et ensuite ?", "Comment cela continue-t-il ?", "Et après ?"),
        closing="C'était {title}. Merci de votre écoute.",
    ),
    "es": Phrases(
        opening="{title}. Esto es lo esencial, con las palabras del texto.",
        label="Extractos, sin modelo de lenguaje (extractive, no LLM): las propias frases de las fuentes.",
        partly="Citado de las fuentes, porque el modelo no dio nada utilizable: {titles}.",
        part="A continuación: {title}.",
        more=("Y hay más.", "Eso no es todo.", "El texto sigue.", "Otro punto."),
        questions=("¿Qué más dice?", "¿Y luego?", "¿Cómo sigue?", "¿Qué pasa después?"),
        closing="Esto fue {title}. Gracias por escuchar.",
    ),
}


def of(language: str) -> Phrases:
    """The lines in a language; English where there are none."""
    return _PHRASES.get(language.lower().replace("_", "-").split("-", 1)[0], _PHRASES["en"])
