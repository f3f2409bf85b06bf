from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from exams.content import Finding, Kind, Question, ShortAnswer, SingleChoice
from exams.gate.codes import HARD
from exams.generation import (
    Blueprint,
    BlueprintError,
    Draft,
    EngineError,
    Estimate,
    generate_exam,
    load_engine,
)
from exams.generation.offline import OfflineEngine
from exams.generation.quotas import ceiling, quotas
from exams.generation.reasons import REJECTED_PREFIX, SHORTFALL
from tests.samples.documents import RIVERS, document, with_page
from tests.samples.engines import ScriptedEngine
from tests.samples.questions import choice, evidence_of, exam, question

SOURCE = exam().lecture
WORDS = ("amber", "basalt", "chalk", "dolomite", "emerald", "flint", "garnet", "halite")
STONES = document(" ".join(f"The stone of layer {word} is {word}." for word in WORDS))


def stone(word: str) -> Question:
    others = [other for other in WORDS if other != word][:3]
    return question(
        id="draft",
        stem=f"Which stone lies in the layer of sort number {WORDS.index(word)}?",
        body=choice(word, *others),
        evidence=(evidence_of(f"The stone of layer {word} is {word}.", STONES),),
        topic=word,
    )


def stones(number: int) -> list[Draft]:
    return [Draft(stone(word), 0.9, "stones", about=word) for word in WORDS[:number]]


def generate(engine: ScriptedEngine, whole=STONES, **wishes):
    return generate_exam(whole, Blueprint(**wishes), engine, source=SOURCE)


def test_an_exam_says_where_it_came_from():
    made = generate(ScriptedEngine(stones(2)), questions=2, seed=9)
    assert made.exam.title == "Rivers"
    assert (made.exam.engine_name, made.exam.engine_version) == ("scripted", "7")
    assert (made.exam.seed, made.exam.lecture) == (9, SOURCE)
    assert [q.id for q in made.exam.questions] == ["q1", "q2"]
    assert made.makers == {"q1": "stones", "q2": "stones"}
    assert all(made.reports[q.id].passed for q in made.exam.questions)


def test_what_breaks_a_hard_rule_never_enters_and_is_counted():
    bad = replace(stone("amber"), evidence=())
    drafts = [*stones(2), Draft(bad, 5.0, "bad")]
    made = generate(ScriptedEngine(drafts), questions=3)
    assert len(made.exam.questions) == 2
    assert made.drafts == 3
    assert made.rejections == {"no_evidence": 1}
    assert Finding("rejected_no_evidence", {"count": 1}) in made.exam.shortfall.reasons


def test_an_exam_is_never_padded():
    made = generate(ScriptedEngine(stones(3), why=(Finding("x"),)), questions=10)
    assert (made.exam.shortfall.asked, made.exam.shortfall.made) == (10, 3)
    assert made.exam.shortfall.reasons == (Finding("x"),)


def test_a_full_exam_has_no_reasons():
    made = generate(ScriptedEngine(stones(3), why=(Finding("x"),)), questions=3)
    assert made.exam.shortfall.reasons == ()


def test_one_sentence_is_asked_once():
    twice = [
        *stones(1),
        Draft(
            replace(stone("amber"), stem="Name what layer one is made of."), 0.8, "y"
        ),
    ]
    made = generate(ScriptedEngine(twice), questions=2)
    assert len(made.exam.questions) == 1
    assert made.exam.shortfall.reasons == (Finding("duplicates", {"count": 1}),)


def test_a_weak_draft_is_left_out_and_told():
    weak = [Draft(stone("amber"), 0.2, "stones")]
    made = generate(ScriptedEngine(weak), questions=1)
    assert made.exam.questions == ()
    assert made.exam.shortfall.reasons == (Finding("too_weak", {"count": 1}),)


def test_what_was_asked_before_is_avoided():
    before = stone("amber").evidence
    made = generate(ScriptedEngine(stones(2)), questions=2, avoid=before)
    assert [q.topic for q in made.exam.questions] == ["basalt"]
    assert made.exam.shortfall.reasons == (Finding("already_asked", {"count": 1}),)


def test_better_drafts_are_chosen_first():
    drafts = [replace(d, score=0.6 + n / 10) for n, d in enumerate(stones(4))]
    made = generate(ScriptedEngine(drafts), questions=2)
    assert [q.topic for q in made.exam.questions] == ["chalk", "dolomite"]


def test_explicit_counts_are_kept_and_what_lacks_is_told():
    made = generate(
        ScriptedEngine(stones(4)),
        counts={Kind.SINGLE_CHOICE: 2, Kind.ESSAY: 1},
    )
    assert [q.kind for q in made.exam.questions] == [Kind.SINGLE_CHOICE] * 2
    assert made.exam.shortfall.asked == 3
    assert made.exam.shortfall.reasons == (
        Finding("too_few_of_kind", {"kind": "essay", "asked": 1, "made": 0}),
    )


def test_right_answers_stand_evenly_and_letters_follow_the_places():
    made = generate(ScriptedEngine(stones(8)), questions=8, seed=5)
    places = []
    for each in made.exam.questions:
        assert isinstance(each.body, SingleChoice)
        assert [option.id for option in each.body.options] == ["a", "b", "c", "d"]
        places.append(each.body.key.id)
    assert sorted(places) == ["a", "a", "b", "b", "c", "c", "d", "d"]


def test_options_in_a_natural_order_stay_so():
    body = choice("basalt", "amber", "chalk", key=1)
    fixed = Draft(replace(stone("amber"), body=body), 0.9, "years", fixed_order=True)
    made = generate(ScriptedEngine([fixed]), questions=1)
    assert [option.text for option in made.exam.questions[0].body.options] == [
        "basalt",
        "amber",
        "chalk",
    ]


def test_progress_tells_sections_then_drafts():
    told = []
    generate_exam(
        STONES,
        Blueprint(questions=1),
        ScriptedEngine(stones(2)),
        source=SOURCE,
        progress=lambda *step: told.append(step),
    )
    assert told == [
        ("drafted", 0, 1),
        ("drafted", 1, 1),
        ("checked", 0, 2),
        ("checked", 2, 2),
    ]


def test_warnings_of_the_gate_and_of_the_whole_exam_come_with_the_question():
    negative = replace(stone("amber"), stem="Which stone is not far from the top?")
    made = generate(ScriptedEngine([Draft(negative, 0.9, "x")]), questions=1)
    assert made.exam.questions[0].warnings == (
        Finding("negative_stem", {"text": "not"}),
    )


LONG = document(
    "\n===\n".join(f"# Part {n}\n{'Water runs downhill. ' * 320}" for n in range(10))
)
COSTLY = Estimate(input_tokens=4000, output_tokens=900, cost=Decimal("0.02"))


def test_an_engine_that_costs_is_asked_for_a_share_of_some_sections():
    engine = ScriptedEngine(cost=COSTLY)
    generate(engine, LONG, questions=8)
    assert engine.asked == [(0, 6), (9, 6)]


def test_an_engine_that_is_free_is_asked_for_all():
    engine = ScriptedEngine()
    generate(engine, LONG, questions=8)
    assert engine.asked == [(index, 8) for index in range(10)]


def test_only_pages_in_range_are_asked():
    made = generate_exam(
        RIVERS, Blueprint(questions=30, pages=(2, 2)), OfflineEngine(), source=SOURCE
    )
    pages = {e.page for q in made.exam.questions for e in q.evidence}
    assert pages == {2}


def test_a_range_past_the_end_is_told():
    made = generate_exam(
        RIVERS, Blueprint(questions=1, pages=(7, 9)), OfflineEngine(), source=SOURCE
    )
    assert made.exam.questions == ()
    assert made.exam.shortfall.reasons[0] == Finding(
        "no_pages_in_range", {"first": 7, "last": 9}
    )


def test_scanned_pages_are_told():
    scanned = with_page(RIVERS, 1, scan=True)
    made = generate_exam(
        scanned, Blueprint(questions=60), OfflineEngine(), source=SOURCE
    )
    assert made.exam.shortfall.reasons[0] == Finding("scanned_pages", {"count": 1})
    assert all(e.page != 1 for q in made.exam.questions for e in q.evidence)


def test_a_slide_repeated_whole_by_a_later_one_is_not_asked():
    repeated = with_page(RIVERS, 1, shown_on=2)
    made = generate_exam(
        repeated, Blueprint(questions=60), OfflineEngine(), source=SOURCE
    )
    assert all(e.page != 1 for q in made.exam.questions for e in q.evidence)


def test_every_reason_is_listed_with_its_parameters():
    wishes = [
        Blueprint(questions=60, pages=(1, 2)),
        Blueprint(questions=4, kinds=(Kind.ORDERING,), pages=(8, 9)),
        Blueprint(counts={Kind.SINGLE_CHOICE: 30, Kind.TRUE_FALSE: 30}),
    ]
    for wish in wishes:
        made = generate_exam(RIVERS, wish, OfflineEngine(), source=SOURCE)
        assert made.exam.shortfall.reasons
        for reason in made.exam.shortfall.reasons:
            if reason.code.startswith(REJECTED_PREFIX):
                assert reason.code.removeprefix(REJECTED_PREFIX) in HARD
                assert tuple(reason.params) == ("count",)
            else:
                assert tuple(reason.params) == SHORTFALL[reason.code]


@pytest.mark.parametrize(
    ("questions", "shares"),
    [
        (1, [1, 0, 0, 0]),
        (5, [3, 1, 1, 0]),
        (10, [6, 2, 1, 1]),
        (20, [12, 3, 3, 2]),
    ],
)
def test_the_default_mix_is_mostly_choice(questions, shares):
    assert list(quotas(Blueprint(questions=questions)).values()) == shares


def test_true_or_false_never_fills_up_more_than_a_fifth():
    assert ceiling(Blueprint(questions=20), Kind.TRUE_FALSE) == 4
    assert (
        ceiling(Blueprint(questions=20, kinds=(Kind.TRUE_FALSE,)), Kind.TRUE_FALSE)
        == 20
    )
    assert ceiling(Blueprint(questions=20), Kind.ESSAY) == 0


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ({"questions": 0}, "too_few_questions"),
        ({"kinds": ()}, "no_kinds"),
        ({"options": 1}, "bad_options"),
        ({"options": 7}, "bad_options"),
        ({"pages": (3, 2)}, "bad_pages"),
        ({"pages": (0, 2)}, "bad_pages"),
        ({"counts": {}}, "bad_counts"),
        ({"counts": {Kind.ESSAY: -1}}, "bad_counts"),
    ],
)
def test_an_impossible_wish_is_refused(wishes, code):
    with pytest.raises(BlueprintError) as error:
        Blueprint(**wishes)
    assert error.value.code == code


def test_an_engine_is_loaded_by_its_dotted_path():
    engine = load_engine("exams.generation.offline.OfflineEngine")
    assert (engine.name, engine.version) == ("offline", "2")
    by_lists = load_engine(
        "exams.generation.offline.OfflineEngine", english_model="none"
    )
    assert by_lists.version == "2-lists"


@pytest.mark.parametrize(
    "path",
    [
        "offline",
        "exams.generation.nowhere.Engine",
        "exams.generation.offline.Nothing",
        "tests.samples.engines.NOT_AN_ENGINE",
    ],
)
def test_a_wrong_path_is_an_unknown_engine(path):
    with pytest.raises(EngineError) as error:
        load_engine(path)
    assert error.value.code == "engine_unknown"


def test_an_accepted_answer_is_no_choice():
    short = replace(stone("amber"), body=ShortAnswer(("amber",)))
    made = generate(ScriptedEngine([Draft(short, 0.9, "x")]), questions=1)
    assert made.exam.questions[0].body == ShortAnswer(("amber",))
