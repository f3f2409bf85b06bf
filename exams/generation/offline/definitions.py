"""Sentences that say what something is, taken apart into term and definition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from exams.gate.wording import FUNCTION_WORDS, shared, singular, words
from exams.generation.offline.phrases import (
    Capitals,
    article_of,
    head,
    is_code,
    is_plural,
    is_term,
    without_article,
)
from exams.generation.offline.sentences import Sentence, is_clean, points_elsewhere
from exams.generation.offline.trimming import cut_before, trim
from exams.generation.offline.words import (
    IMPERATIVES,
    IRREGULAR_PARTICIPLES,
    LEANING_WORDS,
    NO_HYPERNYM,
    PRONOUNS,
)
from exams.reading.document import Role

_MIN_WORDS, _MAX_WORDS = 5, 26
_MIN_WORDS_NAMED = 4
_SETTLED = 5
_MOST_PARTS = 2


@dataclass(frozen=True, slots=True)
class Definition:
    """`term` is what is defined, `phrase` what it is, both as in running text.

    `pattern` tells how the lecture said it; `verb` is the copula that fits the term,
    `article` the one it had. `synonyms` are other names the sentence itself gives.
    `qualified` says that the sentence limits where this holds.
    """

    term: str
    phrase: str
    sentence: Sentence
    pattern: str
    plural: bool
    article: str = ""
    verb: str = "is"
    synonyms: tuple[str, ...] = ()
    name: bool = False
    qualified: bool = False

    @property
    def nominal(self) -> bool:
        """A noun phrase: fit to follow both "refers to" and "is"."""
        return self.pattern != "action"

    @property
    def genus(self) -> str:
        """The noun that says what kind of thing it is: "a device that ..." -> device."""
        opening = re.split(
            r"\s(?:that|which|who|of|in|for|used|with|where|from|to|by|on|between|"
            r"made|consisting|containing|capable|whose|distinct|[\w-]+ed)\s",
            self.phrase,
            maxsplit=1,
        )[0]
        said = words(opening)
        return singular(said[-1]) if said else ""


_TERM = r"(?P<term>(?:(?:An?|The|an?|the)\s+)?[^\W_][^,;:!?]{0,60}?)"
_ASIDE = r"(?:\s+\((?P<aside>[^()]{1,40})\))?"
_LABEL = re.compile(r"^(?P<label>[^\W_][\w '’/-]{2,40}): (?=[A-Z])")
_LEAD = re.compile(
    r"^(?:(?:In|Within) [\w ]{3,30}, (?=[a-zA-Z])|(?:Technically|Formally|Generally|"
    r"Broadly|Simply put|Strictly speaking|In general|By definition|Informally), )"
    r"(?!there\b)"
)

_QUALIFIED = re.compile(r"(?:In|Within) (?!general\b)")

IS = re.compile(
    rf"^{_TERM}{_ASIDE} (?P<verb>is|are|was|were) (?P<phrase>(?:(?:an?|the|any|what)\b"
    r"|[^\W\d_][\w-]*).+)$"
)
_REFERS = re.compile(
    rf"^(?:The (?:term|word|concept|notion|phrase)(?: of)? )?[\"“‘']?{_TERM}[\"”’']?"
    rf"{_ASIDE} (?:refers? to|(?:is|are) (?:\w+ly )?defined as|means(?! that\b)|denotes?|"
    r"describes|(?:is|are) the (?:term|name|word) (?:for|given to)) (?P<phrase>.+)$"
)
_USE_TERM = re.compile(
    r"^[A-Z][\w ]{2,40} use the (?:term|word|phrase) [\"“‘']?(?P<term>[\w '’-]{3,50}?)"
    r"[\"”’']? (?:to (?:refer to|mean|describe|denote)|for) (?P<phrase>.+)$"
)
_TALK = re.compile(
    r"^When [\w ]{3,30} (?:talk|speak|write) (?:about|of) (?P<term>[\w '’-]{3,40}?), "
    r"they mean (?P<phrase>.+)$"
)
_CALLED = re.compile(
    r"^(?P<phrase>(?:An?|The|What|Any) .+?) (?:is|are) (?:\w+ly |also |often )?"
    r"(?:called|known as|termed|named|referred to as) (?P<term>(?:an? |the )?"
    r"[\"“‘']?[^,;:.]{3,60}?[\"”’']?(?:, [^,;:.]{3,40})*(?:,? or (?:an? |the )?"
    r"[^,;:.]{3,40})?)(?: and (?:is|are|has|have|can) [^.]+)?\.?$"
)
GLOSSARY = re.compile(
    r"^(?P<term>[^\W_][^:;.!?–—]{1,60}?)(?:\s+\((?P<aside>[^()]{1,40})\))?"
    r"(?::\s+|\s+[-–—]\s+)(?P<phrase>\S.+)$",
    re.DOTALL,
)
_GLOSSARY_HEADING = re.compile(
    r"glossary|key terms|terminology|vocabulary|definitions|glosario|glossaire|glossar",
    re.IGNORECASE,
)
_NOT_A_TERM = re.compile(
    r"^(?:ex|example|examples|note|notes|remark|hint|tip|warning|caution|recall|todo|"
    r"question|answer|solution|proof|source|figure|table|step \d+|step|input|output|"
    r"result|goal|aim|idea|problem|because|when|where|why|how|what|who|date|time|"
    r"pros?|cons?|advantages?|disadvantages?|summary|conclusion|theorem|lemma)$",
    re.IGNORECASE,
)
_ALSO = re.compile(
    r"(?:,|\()\s*(?:also|sometimes|often|commonly)?\s*(?:called|known as|referred to as|"
    r"abbreviated(?: as)?|or)\s+(?:an? |the )?[\"“‘']?([\w '’-]{2,40}?)[\"”’']?(?:,|\))"
)
_ARTICLED = re.compile(r"^(?:an?|the|any|one) ", re.IGNORECASE)
_POST = re.compile(
    r"^(?:[\w'’-]+,? ){0,5}?([\w'’-]+),? (?:that|which|who|whose|of|used|made|for|with|"
    r"consisting|containing|capable|in which|where|found|between|composed|designed|"
    r"responsible|distinct|from|across|along|around|inside|into|on|over|"
    r"under|within|without|[\w-]+ed (?:by|in|from|to|at|on|with|as|for)) "
)
_NO_GENUS = re.compile(r"(?:no|not|all|some|many|most|\d\S*|yes)\b", re.IGNORECASE)
_BAD_OPENING = re.compile(
    r"^(?:the|a|an) (?:\w+ )?(?:reason|same|only|most|best|way|fact|difference|"
    r"case|result|example|one|first|second|third|next|last)\b",
    re.IGNORECASE,
)


def find_definitions(
    sentences: Iterable[Sentence], capitals: Capitals
) -> Iterator[Definition]:
    """At most one definition of each sentence, most telling pattern first."""
    for sentence in sentences:
        if _is_a_rest(sentence):
            continue
        if found := _define(sentence, capitals):
            yield found


def _is_a_rest(sentence: Sentence) -> bool:
    """Whether it began on the page before: "spikes are structures that ..."."""
    first = sentence.text.split(" ", 1)[0]
    running = sentence.role is Role.PARAGRAPH and not sentence.on_slide
    return running and first.islower() and first.isalpha()


def defined_by(sentence: Sentence, said: str, capitals: Capitals) -> Definition | None:
    """The definition in `said`, "T is a G that ...", if it is one; told by `sentence`."""
    found = IS.match(said)
    return _made(sentence, found, "is", (), capitals) if found else None


def _define(sentence: Sentence, capitals: Capitals) -> Definition | None:
    text = _LEAD.sub("", _LABEL.sub("", sentence.text))
    synonyms = tuple(_ALSO.findall(text))
    plain = _ALSO.sub(" ", text)
    plain = re.sub(r"\s+", " ", plain)
    ended = text.endswith(".")
    if ended:
        for pattern, form in (
            (_USE_TERM, "means"),
            (_TALK, "means"),
            (_REFERS, "means"),
            (_CALLED, "called"),
            (IS, "is"),
        ):
            if (found := pattern.match(plain)) and (
                made := _made(sentence, found, form, synonyms, capitals)
            ):
                return made
    return _glossary(sentence, capitals)


def _glossary(sentence: Sentence, capitals: Capitals) -> Definition | None:
    """Read "Term: what it is", where the layout says that this is how to read it."""
    found = GLOSSARY.match(sentence.text)
    if found is None or _NOT_A_TERM.match(found["term"]):
        return None
    if found["term"].casefold() in IMPERATIVES:
        return None
    bold = any(text.rstrip(":") == found["term"] for text in sentence.bold)
    listed = (
        sentence.role is Role.BULLET
        or sentence.on_slide
        or bool(_GLOSSARY_HEADING.search(sentence.heading))
    )
    if not (bold or listed):
        return None
    return _made(sentence, found, "glossary", (), capitals)


# "The slow exchange of energy between the two masses": which masses?
_SPOKEN_OF = re.compile(
    r"\bthe (?:two|three|four|five|same|other) [a-z]+\b(?! (?:of|that|which|in)\b)"
)


def _made(
    sentence: Sentence,
    found: re.Match[str],
    pattern: str,
    synonyms: tuple[str, ...],
    capitals: Capitals,
) -> Definition | None:
    names = re.split(
        r",? or (?:an? |the )?|, (?:an? |the )?", found["term"].strip("\"“”‘’' ")
    )
    # Of several names the first that the definition does not give away.
    raw = next((n for n in names if not shared(n, found["phrase"])), names[0])
    others = [name for name in names if name is not raw]
    article, term = article_of(raw), without_article(raw)
    groups = found.groupdict()
    verb = groups.get("verb") or ("are" if is_plural(term) else "is")
    defined = pattern != "is" or article in {"a", "an"} or not article
    if not is_term(term, defined=defined):
        return None
    if not _subject_fits(term, article, pattern, verb):
        return None
    phrase = trim(found["phrase"])
    if pattern in {"is", "glossary"}:
        phrase = re.sub(r"^(?:is|are) ", "", phrase)
    if not phrase_fits(phrase, pattern, verb) or _SPOKEN_OF.search(phrase):
        return None
    if leaked := shared(phrase, term):
        phrase = cut_before(phrase, leaked[0])
        if not phrase_fits(phrase, pattern, verb) or shared(term, phrase):
            return None
    name = all(capitals.is_name(word) for word in term.split() if word[:1].isupper())
    name = name and any(sign.isupper() for sign in term)
    aside = groups.get("aside") or ""
    more = tuple(x for x in (*synonyms, *others, aside) if is_term(x))
    return Definition(
        term=capitals.as_in_sentence(term),
        phrase=_lowered(phrase, capitals),
        sentence=sentence,
        pattern=pattern if _is_nominal(phrase) else "action",
        plural=_is_many(term, phrase, verb, pattern),
        article=article,
        verb=verb,
        synonyms=more,
        name=name,
        qualified=bool(_QUALIFIED.match(sentence.text)),
    )


def _is_many(term: str, phrase: str, verb: str, pattern: str) -> bool:
    """By its verb; in a glossary by its ending, unless "rickets" is "a disease"."""
    if pattern == "is":
        return verb in {"are", "were"}
    return is_plural(term) and not (
        pattern == "glossary" and article_of(phrase) in {"a", "an"}
    )


def _subject_fits(term: str, article: str, pattern: str, verb: str) -> bool:
    first = words(term)[:1]
    if first and first[0].endswith("ing") and len(term.split()) > 1 and not article:
        # "Writing programs is ...": a clause, unless the phrase is a known compound.
        return pattern == "glossary"
    if pattern == "is":
        return is_plural(term) == (verb in {"are", "were"}) or is_code(term)
    return True


def phrase_fits(phrase: str, pattern: str, verb: str) -> bool:  # noqa: PLR0911 - one refusal a line
    """Whether a phrase says what something is, as far as its words tell."""
    said = words(phrase)
    if not said:
        return False
    minimum = _MIN_WORDS if pattern == "is" else _MIN_WORDS_NAMED
    if not minimum <= len(said) <= _MAX_WORDS:
        return False
    if any(word in LEANING_WORDS for word in said) or _ends_loosely(phrase, said):
        return False
    if _is_loose(said) or said[0] in {"not", "to", "also"}:
        return False
    if points_elsewhere(phrase) or not is_clean(phrase) or "?" in phrase:
        return False
    if pattern == "glossary" and (_NO_GENUS.match(phrase) or is_list(phrase)):
        return False
    if _BAD_OPENING.match(phrase) and pattern in {"is", "glossary"}:
        return False
    if pattern != "is":
        return not re.search(r"\.\s", phrase)
    return _is_predicate_noun(phrase, verb)


def _ends_loosely(phrase: str, said: list[str]) -> bool:
    """Whether a function word ends it; "vitamin D" ends with a name of its own."""
    return said[-1] in FUNCTION_WORDS and not phrase[-1:].isupper()


def _is_loose(said: list[str]) -> bool:
    """A pronoun with nothing before it, inside the definition, to stand for."""
    return any(
        word in PRONOUNS and (at < _SETTLED or word not in {"they", "them", "it"})
        for at, word in enumerate(said)
    )


def _is_predicate_noun(phrase: str, verb: str) -> bool:
    """Accept "a device that ...", "organelles of ...", "what a user enters ...".

    "steep", "found in plants", "used to ..." are refused: an adjective or a passive
    defines nothing.
    """
    if re.match(r"^what (?!if\b)", phrase):
        return True
    hypernym = _hypernym(phrase)
    if hypernym is None or singular(hypernym) in NO_HYPERNYM:
        return False
    if _ARTICLED.match(phrase):
        return True
    first = words(phrase)[0]
    plural = hypernym.endswith("s") and not hypernym.endswith("ss")
    return (
        verb in {"are", "were"}
        and plural
        and first not in IRREGULAR_PARTICIPLES
        and first not in FUNCTION_WORDS
        and not (first.endswith(("ed", "ing", "ly")) and "-" not in first)
    )


def _hypernym(phrase: str) -> str | None:
    body = _ARTICLED.sub("", phrase)
    found = _POST.match(f"{body} ")
    if found is None:
        return None
    noun = found.group(1).casefold()
    kind = re.match(r"^(?:[\w-]+ )*?(?:kind|type|form|sort|class|branch|group|set|"
                    r"collection|sequence|series|process)s? of ", body)  # fmt: skip
    if kind:
        return "kind"
    return None if noun in FUNCTION_WORDS else noun


def _is_nominal(phrase: str) -> bool:
    return bool(
        _ARTICLED.match(phrase)
        or phrase.startswith(("what ", "any ", "how "))
        or _POST.match(f"{phrase} ")
    ) and not phrase.startswith("to ")


def _lowered(phrase: str, capitals: Capitals) -> str:
    first, space, rest = phrase.partition(" ")
    of_a_name = rest[:1].isupper() and first not in {"A", "An", "The"}
    if not of_a_name and not capitals.is_name(first):
        first = first[:1].lower() + first[1:]
    return first + space + rest


def is_list(phrase: str) -> bool:
    """Whether names stand side by side: "glucose, fructose, galactose"."""
    parts = re.split(r",\s*(?:and |or )?", phrase)
    return len(parts) > _MOST_PARTS and all(
        len(part.split()) <= _MOST_PARTS + 1 for part in parts
    )


def defined_number(definition: Definition) -> str:
    """What must agree between two terms that stand side by side as options."""
    if is_code(definition.term):
        return "code"
    return "plural" if definition.plural else "singular"


def same_head(one: Definition, other: Definition) -> bool:
    return singular(head(one.term)) == singular(head(other.term))
