from __future__ import annotations

import pytest

from exams.reading.language import language_of, languages_of

TEXTS = {
    "en": "The leaf of a plant is a factory that runs on light, and the light is for free.",
    "es": "La hoja de una planta es una f\u00e1brica que funciona con la luz y el agua del suelo.",
    "fr": "La feuille d'une plante est une usine qui fonctionne avec la lumi\u00e8re et l'eau du sol dans les cellules.",
    "de": "Das Blatt einer Pflanze ist eine Fabrik, die mit dem Licht und mit Wasser von der Erde l\u00e4uft.",
    "pt": "A folha de uma planta \u00e9 uma f\u00e1brica que funciona com a luz e com a \u00e1gua do solo, mas n\u00e3o \u00e0 noite.",
    "it": "La foglia di una pianta \u00e8 una fabbrica che funziona con la luce e non con il fuoco della terra.",
    "nl": "Het blad van een plant is een fabriek die op het licht en op het water van de bodem draait.",
    "ru": "\u041b\u0438\u0441\u0442 \u0440\u0430\u0441\u0442\u0435\u043d\u0438\u044f \u2014 \u044d\u0442\u043e \u043c\u0430\u043b\u0435\u043d\u044c\u043a\u0430\u044f \u0444\u0430\u0431\u0440\u0438\u043a\u0430, \u043a\u043e\u0442\u043e\u0440\u0430\u044f \u0440\u0430\u0431\u043e\u0442\u0430\u0435\u0442 \u043e\u0442 \u0441\u0432\u0435\u0442\u0430.",
    "el": "\u03a4\u03bf \u03c6\u03cd\u03bb\u03bb\u03bf \u03b5\u03bd\u03cc\u03c2 \u03c6\u03c5\u03c4\u03bf\u03cd \u03b5\u03af\u03bd\u03b1\u03b9 \u03ad\u03bd\u03b1 \u03bc\u03b9\u03ba\u03c1\u03cc \u03b5\u03c1\u03b3\u03bf\u03c3\u03c4\u03ac\u03c3\u03b9\u03bf \u03c6\u03c9\u03c4\u03cc\u03c2.",
    "ja": "\u690d\u7269\u306e\u8449\u306f\u5149\u3067\u52d5\u304f\u5c0f\u3055\u306a\u5de5\u5834\u3067\u3042\u308b\u3002"
    * 3,
    "und": "Lorem ipsum dolor sit amet consectetuer adipiscing elit vestibulum placerat felis curabitur.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_the_language_is_told_by_its_small_words_or_its_script(language):
    assert language_of([TEXTS[language]]) == language


def test_a_few_letters_prove_nothing():
    assert language_of(["the of and"]) == "und"


def test_a_page_that_says_too_little_is_in_the_language_of_the_document():
    pages = [TEXTS["en"], "Figure 3", TEXTS["de"]]
    assert languages_of(pages, "en") == ["en", "en", "de"]
