"""The fixed words of our stems, in the languages the offline engine can ask in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """Braces are filled by the makers; nothing here comes from a lecture."""

    which_term: str
    term_for: str
    matching: str
    complete: str
    essay: str
    explain: str


ENGLISH = Phrasebook(
    which_term="Which term refers to {phrase}?",
    term_for="What is the term for {phrase}?",
    matching="Match each term with its definition.",
    complete="Complete the sentence: “{sentence}”",
    essay="Explain in your own words what is meant by “{term}”.",
    explain="Page {page}: “{quote}”",
)

PHRASEBOOKS = {
    "en": ENGLISH,
    "es": Phrasebook(
        which_term="¿Qué término designa lo siguiente: {phrase}?",
        term_for="¿Qué término corresponde a esta definición: «{phrase}»?",
        matching="Relacione cada término con su definición.",
        complete="Complete la oración: «{sentence}»",
        essay="Explique con sus propias palabras qué se entiende por «{term}».",
        explain="Página {page}: «{quote}»",
    ),
    "fr": Phrasebook(
        which_term="Quel terme désigne ceci : {phrase} ?",
        term_for="Quel terme correspond à cette définition : « {phrase} » ?",
        matching="Associez chaque terme à sa définition.",
        complete="Complétez la phrase : « {sentence} »",
        essay="Expliquez avec vos propres mots ce que l’on entend par « {term} ».",
        explain="Page {page} : « {quote} »",
    ),
    "de": Phrasebook(
        which_term="Welcher Begriff bezeichnet Folgendes: {phrase}?",
        term_for="Welcher Begriff gehört zu dieser Definition: „{phrase}“?",
        matching="Ordnen Sie jedem Begriff seine Definition zu.",
        complete="Ergänzen Sie den Satz: „{sentence}“",
        essay="Erklären Sie mit eigenen Worten, was man unter „{term}“ versteht.",
        explain="Seite {page}: „{quote}“",
    ),
    "pt": Phrasebook(
        which_term="Que termo designa o seguinte: {phrase}?",
        term_for="Que termo corresponde a esta definição: «{phrase}»?",
        matching="Associe cada termo à sua definição.",
        complete="Complete a frase: «{sentence}»",
        essay="Explique por palavras suas o que se entende por «{term}».",
        explain="Página {page}: «{quote}»",
    ),
}


UNKNOWN = "und"


def base_language(tag: str) -> str:
    """Cut "en-GB" to "en". No known language is tried as English.

    The patterns find nothing in another, so no harm is done.
    """
    base = tag.replace("_", "-").split("-")[0].casefold()
    return "en" if base in {"", UNKNOWN} else base
