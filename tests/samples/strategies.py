"""Questions and exams as Hypothesis draws them: everything that a document can hold."""

from __future__ import annotations

from hypothesis import strategies as st

from exams.content import (
    Bloom,
    Body,
    Difficulty,
    Essay,
    Evidence,
    Exam,
    Finding,
    LectureSource,
    Matching,
    MultipleChoice,
    Numeric,
    Option,
    Ordering,
    Question,
    ShortAnswer,
    Shortfall,
    SingleChoice,
    TrueFalse,
    Version,
)

# Everything a keyboard, a font or a formula can put into a text, but no NUL and no
# half surrogate, which cannot be stored.
texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40
)
filled = texts.filter(lambda text: bool(text.strip()))
decimals = st.decimals(-(10**17), 10**17, allow_nan=False, places=3)
tolerances = st.decimals(0, 1000, allow_nan=False, places=2)


def several(
    element: st.SearchStrategy[str], least: int
) -> st.SearchStrategy[list[str]]:
    return st.lists(element, min_size=least, max_size=5, unique=True)


@st.composite
def options(draw: st.DrawFn, keys: int | None) -> tuple[Option, ...]:
    shown = draw(several(filled, 2))
    ids = draw(st.lists(filled, min_size=len(shown), max_size=len(shown), unique=True))
    wanted = keys or draw(st.integers(1, len(shown)))
    right = draw(st.permutations(range(len(shown))))[:wanted]
    return tuple(
        Option(key, text, number in right, draw(texts))
        for number, (key, text) in enumerate(zip(ids, shown, strict=True))
    )


@st.composite
def matchings(draw: st.DrawFn) -> Matching:
    left = draw(several(filled, 2))
    right = draw(st.lists(filled, min_size=len(left), max_size=len(left), unique=True))
    return Matching(tuple(zip(left, right, strict=True)))


bodies: st.SearchStrategy[Body] = st.one_of(
    st.builds(SingleChoice, options(1)),
    st.builds(MultipleChoice, options(None)),
    st.builds(TrueFalse, st.booleans()),
    st.builds(ShortAnswer, st.lists(filled, min_size=1, max_size=4).map(tuple)),
    st.builds(Numeric, decimals, tolerances, texts),
    matchings(),
    st.builds(Ordering, several(filled, 2).map(tuple)),
    st.builds(Essay, texts),
)
evidences = st.builds(
    lambda page, start, quote: Evidence(page, start, start + len(quote), quote),
    st.integers(1, 900),
    st.integers(0, 50_000),
    filled,
)
findings = st.builds(
    Finding,
    filled,
    st.dictionaries(texts, texts | st.integers(-(2**63) + 1, 2**63 - 1)),
)
questions = st.builds(
    Question,
    id=filled,
    stem=filled,
    body=bodies,
    points=st.decimals(0, 100, allow_nan=False, places=2),
    difficulty=st.sampled_from(Difficulty),
    bloom=st.sampled_from(Bloom),
    topic=texts,
    explanation=texts,
    evidence=st.lists(evidences, max_size=3).map(tuple),
    warnings=st.lists(findings, max_size=2).map(tuple),
)
exams = st.builds(
    Exam,
    title=texts,
    language=texts,
    engine_name=texts,
    engine_version=texts,
    seed=st.integers(-(2**63) + 1, 2**63 - 1),
    lecture=st.builds(
        LectureSource, title=texts, sha256=texts, pages=st.integers(0, 30)
    ),
    questions=st.lists(questions, max_size=4, unique_by=lambda q: q.id).map(tuple),
    shortfall=st.builds(
        Shortfall,
        st.integers(0, 99),
        st.integers(0, 99),
        st.lists(findings, max_size=2).map(tuple),
    ),
    version=st.none() | st.builds(Version, st.integers(1, 99), filled),
)
