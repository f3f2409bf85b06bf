"""Turning a statement into a question: "did the town build ...", "was the dam closed ..."."""

from __future__ import annotations

from collections.abc import Collection

from exams.generation.offline.clauses import Clause
from exams.generation.offline.parsing import Parse
from exams.generation.offline.phrases import Capitals

_BE = frozenset({"is", "are", "was", "were"})
_DO = {"VBD": "did", "VBZ": "does", "VBP": "do"}


def inverted(
    clause: Clause, capitals: Capitals, leave_out: Collection[int] = ()
) -> str | None:
    """What follows a question word, or none where the verb cannot be turned surely.

    `leave_out` are the words of the parse that the question asks for.
    """
    parse, verb = clause.parse, clause.verb
    tokens = parse.tokens
    helpers = parse.children(verb, "aux", "auxpass")
    begin = clause.last + 1
    if clause.copular or helpers:
        first = min(helpers, default=verb)
        if first != begin:
            return None
        turned, rest = tokens[first].text, range(first + 1, clause.end + 1)
        before = ""
    elif tokens[verb].tag in _DO and begin == verb:
        turned, before = _DO[tokens[verb].tag], tokens[verb].lemma
        rest = range(verb + 1, clause.end + 1)
    else:
        return None
    said = _joined(parse, [at for at in rest if at not in leave_out])
    parts = (turned, subject_inside(clause, capitals), before, said)
    return " ".join(part for part in parts if part)


def subject_inside(clause: Clause, capitals: Capitals) -> str:
    """The subject as it stands inside a sentence; names keep their capital."""
    token = clause.parse.tokens[clause.first]
    text = clause.subject
    # The small model takes many a plural that opens a sentence for a name.
    follows = clause.parse.tokens[min(clause.first + 1, clause.last)]
    both = follows is not token and follows.pos == "PROPN" and follows.text[0].isupper()
    named = token.pos == "PROPN" and (bool(token.name) or both)
    if named or (len(token.text) > 1 and capitals.is_name(token.text)):
        return text
    return text[:1].lower() + text[1:]


def _joined(parse: Parse, kept: list[int]) -> str:
    text = ""
    for at in kept:
        token = parse.tokens[at]
        spaced = at > 0 and token.start > parse.tokens[at - 1].end
        text += (" " if spaced and text else "") + token.text
    return text.replace(" ,", ",").strip(" ,;:.")
