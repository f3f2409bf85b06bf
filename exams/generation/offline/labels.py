"""What sort of name a name is, by the majority of its mentions.

One mention alone the small model gets wrong too often: "Mitochondria" opens a sentence
with a capital and is taken for a person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from exams.gate.wording import fold
from exams.generation.offline.parsing import Name, Parse

PERSON = "PERSON"
_KINDS = frozenset({PERSON, "ORG", "GPE", "LOC", "NORP", "WORK_OF_ART", "EVENT", "LAW"})
MIN_MENTIONS = 2
_MAJORITY = 0.6


def full_persons(parse: Parse) -> Iterator[Name]:
    """First and last names together, which the small model seldom gets wrong.

    "The Mariana Trench" is none: persons take no article.
    """
    for name in parse.names:
        tokens = parse.tokens[name.first : name.last + 1]
        named = all(t.pos == "PROPN" and t.text[0].isupper() for t in tokens)
        article = name.first and parse.tokens[name.first - 1].pos == "DET"
        if name.label == PERSON and len(tokens) > 1 and named and not article:
            yield name


def label_names(
    parses: Iterable[Parse], *, at_least: int = MIN_MENTIONS
) -> Mapping[str, str]:
    """From a name, and from a person's last name, to its sort; only where it is sure."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    last_names: set[str] = set()
    for parse in parses:
        for name in parse.names:
            tokens = parse.tokens[name.first : name.last + 1]
            if name.label not in _KINDS or all(t.pos != "PROPN" for t in tokens):
                continue
            text = name.text.removesuffix("’s").removesuffix("'s")
            # A last name alone is one only where the full name was seen; the small
            # model takes every odd capital for a person.
            single = name.label == PERSON and len(tokens) == 1
            seen[fold(text)]["" if single else name.label] += 1
        for person in full_persons(parse):
            last_names.add(fold(person.text.rsplit(" ", 1)[-1]))
    sure = {
        text: label
        for text, counts in seen.items()
        for label, count in counts.most_common(1)
        if label and counts.total() >= at_least and count >= _MAJORITY * counts.total()
    }
    return {**sure, **dict.fromkeys(last_names, PERSON)}
