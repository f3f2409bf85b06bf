"""Definitions in Spanish, French, German and Portuguese: only the plainest patterns.

Without a tagger a verb is easily taken for a term in these languages, so a sentence
must say "es un ... que" or the like with an article on both sides, or the layout must
say "term: definition".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from exams.gate.wording import FUNCTION_WORDS, shared, words
from exams.generation.offline.definitions import Definition
from exams.generation.offline.sentences import Sentence, is_clean
from exams.generation.offline.trimming import trim
from exams.reading.document import Role

_MIN_WORDS, _MAX_WORDS = 4, 26
_TERM = r"(?P<term>[^\W\d_][\w'’-]*(?: [\w'’-]+){0,3}?)"

_PATTERNS = {
    "es": (
        rf"^(?:El|La|Un|Una) {_TERM} es (?P<phrase>(?:un|una|el|la) .+)$",
        rf"^(?:El |La |Los |Las )?{_TERM} se (?:define|definen) como (?P<phrase>.+)$",
        (
            r"^Se (?:llama|denomina|conoce como) (?P<term>[\w -]+?) (?:a|al) "
            r"(?P<phrase>(?:la|el|un|una|los|las|\w+) .+)$"
        ),
    ),
    "fr": (
        rf"^(?:Le |La |Un |Une |L['’]){_TERM} est (?P<phrase>(?:un|une|le|la) .+)$",
        (
            rf"^(?:Le |La |Les |L['’])?{_TERM} (?:désigne|se définit comme|est défini"
            r"e? comme) (?P<phrase>.+)$"
        ),
        (
            r"^On appelle (?P<term>[\w -]+?) (?P<phrase>(?:un|une|le|la|l['’]|les|tout|"
            r"toute) ?.+)$"
        ),
    ),
    "de": (
        (
            rf"^(?:Der|Die|Das|Ein|Eine) {_TERM} ist (?P<phrase>(?:ein|eine|der|die|das) "
            r".+)$"
        ),
        (
            rf"^(?:Der |Die |Das |Unter )?{_TERM} (?:bezeichnet|versteht man) "
            r"(?P<phrase>.+)$"
        ),
        (
            rf"^(?P<phrase>(?:Ein|Eine|Der|Die|Das) .+?) (?:wird|nennt man|heißt) (?:als )?"
            rf"{_TERM}(?: bezeichnet| genannt)?\.$"
        ),
    ),
    "pt": (
        rf"^(?:O|A|Um|Uma) {_TERM} é (?P<phrase>(?:um|uma|o|a) .+)$",
        rf"^(?:O |A |Os |As )?{_TERM} (?:define-se|é definid[oa]) como (?P<phrase>.+)$",
        r"^(?:Chama-se|Denomina-se) (?P<term>[\w -]+?) (?:a|ao|à) (?P<phrase>.+)$",
    ),
}
_COMPILED = {
    language: tuple(re.compile(pattern) for pattern in patterns)
    for language, patterns in _PATTERNS.items()
}
_GLOSSARY = re.compile(
    rf"^{_TERM}(?:\s+\([^()]{{1,40}}\))?(?:\s?:\s+|\s+[-–—]\s+)(?P<phrase>\S.+)$",
    re.DOTALL,
)
_POINTING = re.compile(
    r"\b(?:est[aeo]s?|es[ao]s?|dich[ao]s?|aqu[ií]|figura|tabla|ejemplo|nosotros|siguiente"
    r"|anterior|ell[ao]s?|cett?e|ces|ci-dessus|tableau|exemple|suivante?|nous|celui"
    r"|celle|dies\w*|jene\w*|oben|unten|abbildung|tabelle|beispiel|folgend\w*|wir|sie|er"
    r"|nest[ae]s?|dest[ae]s?|tabela|exemplo|seguinte)\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"^(?:(?:un|una|une|um|uma|ein|eine|el|la|le|o|a|der|die|das) )?(?:ejemplo|exemple|"
    r"exemplo|beispiel|parte?|partie|teil|caso|cas|fall|primer\w*|premi\w+|erste\w*|"
    r"resultado|résultat|ergebnis|único|única|seule?|einzige\w*|más|plus|mais)\b",
    re.IGNORECASE,
)


def find_foreign_definitions(
    sentences: Iterable[Sentence], language: str
) -> Iterator[Definition]:
    for sentence in sentences:
        if found := _define(sentence, language):
            yield found


def _define(sentence: Sentence, language: str) -> Definition | None:
    text = sentence.text
    if text.endswith("."):
        for pattern in _COMPILED[language]:
            if (found := pattern.match(text)) and (made := _made(sentence, found)):
                return made
    listed = sentence.role is Role.BULLET or bool(sentence.bold)
    if listed and (found := _GLOSSARY.match(text)):
        return _made(sentence, found)
    return None


def _made(sentence: Sentence, found: re.Match[str]) -> Definition | None:
    term = found["term"].strip()
    phrase = trim(found["phrase"])
    said = words(phrase)
    if not _MIN_WORDS <= len(said) <= _MAX_WORDS or _POINTING.search(phrase):
        return None
    folded = words(term)
    joins = {"de", "del", "da", "do", "des", "du"}
    if not folded or any(w in FUNCTION_WORDS - joins for w in folded):
        return None
    if folded[0] in joins or folded[-1] in joins or _VAGUE.match(term):
        return None
    if _VAGUE.match(phrase) or not is_clean(phrase) or shared(term, phrase):
        return None
    if said[-1] in FUNCTION_WORDS:
        return None
    return Definition(
        term=term,
        phrase=phrase,
        sentence=sentence,
        pattern="foreign",
        plural=False,
    )
