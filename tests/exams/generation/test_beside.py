from __future__ import annotations

from dataclasses import replace

from exams.content import Finding, Question
from exams.generation import Blueprint, Draft
from exams.generation.beside import Beside
from exams.generation.sections import cut_sections
from tests.exams.generation.test_pipeline import STONES, WORDS, stone
from tests.samples.engines import ScriptedEngine

WISH = Blueprint(questions=1)


def propose(drafts: list[Draft], **how) -> tuple[dict[str, float], tuple[Finding, ...]]:
    """Scores by topic, and what it says about what is missing."""
    engine = Beside(ScriptedEngine(drafts), **how)
    (section,) = cut_sections(STONES)
    made = {
        draft.question.topic: round(draft.score, 3)
        for draft in engine.propose(STONES, section, WISH)
    }
    assert (engine.name, engine.version) == ("scripted", "7")
    assert engine.estimate(section).free
    return made, engine.shortcomings(STONES, WISH)


def of(*questions: Question) -> list[Draft]:
    return [Draft(question, 0.9, "stones") for question in questions]


def test_what_was_asked_before_in_any_form_is_left_out_and_counted():
    amber, basalt, chalk = (stone(word) for word in WORDS[:3])
    # Cites a part of the sentence of the first, the others ask the same or for its key.
    (cited,) = basalt.evidence
    part = replace(cited, start=cited.start + 4, quote=cited.quote[4:])
    asked = [amber, replace(chalk, evidence=(part,), stem="And what else is there?")]
    made, reasons = propose(of(amber, basalt, chalk), others=asked)
    assert made == {"chalk": 0.9}
    assert Finding("already_asked", {"count": 2}) in reasons


def test_a_hint_keeps_what_uses_its_words_best_first():
    drafts = of(*(stone(word) for word in WORDS[:3]))
    made, reasons = propose(drafts, hint=" Basalts on layer or sort ")
    # A layer and a sort are in all of them, and a plural is the same word.
    assert made == {"amber": 3.567, "basalt": 4.9, "chalk": 3.567}
    assert reasons == ()
    made, reasons = propose(drafts, hint="chalk, harder please")
    assert made == {"chalk": 2.233}
    assert reasons == (Finding("hint_unmet", {"hint": "chalk, harder please"}),)
    # Words that say nothing are in no sentence in particular.
    assert propose(drafts, hint="of the")[0] == {}
    assert propose(drafts, hint=" ")[0] == dict.fromkeys(WORDS[:3], 0.9)


def test_what_stands_near_comes_first_but_nothing_weak_with_it():
    amber, basalt = stone("amber"), stone("basalt")
    weak = Draft(stone("chalk"), 0.2, "stones")
    made, reasons = propose([*of(amber, basalt), weak], near=basalt.evidence[0])
    assert made == {"amber": 1.9, "basalt": 2.9, "chalk": 0.2}
    assert "already_asked" not in {reason.code for reason in reasons}
