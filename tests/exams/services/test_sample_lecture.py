"""One real lecture from its upload to its draft; the tests look at what is left."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from examgen.jobs import claims, runner
from examgen.jobs.models import Event, Job
from examgen.jobs.states import JobState
from exams import gate, reading
from exams.content import Kind
from exams.formats import examgen_json
from exams.models import Block, Exam, Lecture, Question
from exams.services import documents, lectures, readings
from exams.services.wishes import Wish
from exams.states import ExamState, LectureState, QuestionState
from tests.factories import people, shared, stores
from tests.factories.lectures import pdf, run_jobs, uploaded

# Reading and drafting take seconds: both are done once for the whole module.

ASKED = 12


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of this module."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def drafted(django_db_setup, django_db_blocker, home: Path) -> Iterator[Exam]:
    with shared.rows(django_db_blocker, home):
        owner = people.educator("reader@example.org")
        lecture = uploaded(
            owner,
            content=pdf("plant-cells"),
            name="plant-cells.pdf",
            wish=Wish(questions=ASKED),
        )
        assert run_jobs() == 2
        yield lecture.exams.select_related("lecture", "owner").get()


@pytest.fixture(scope="module")
def lecture(drafted: Exam) -> Lecture:
    return drafted.lecture


# What was read


def test_a_read_lecture_knows_its_pages_language_and_reader(
    lecture: Lecture, db: None
) -> None:
    assert lecture.state == LectureState.READ
    assert lecture.page_count == 7
    assert lecture.language == "en"
    assert lecture.reader_version == reading.READER_VERSION
    assert (lecture.error_code, lecture.error_params) == ("", {})
    assert list(lecture.pages.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6, 7]


def test_pages_hold_the_words_of_the_lecture(lecture: Lecture, db: None) -> None:
    page = lecture.pages.get(number=4)
    assert "A chloroplast is an organelle that carries out photosynthesis." in page.text
    assert (page.kind, page.scan, page.shown_on) == ("prose", False, 0)
    assert (round(page.width), round(page.height)) == (595, 842)


def test_blocks_lie_inside_their_pages_in_order(lecture: Lecture, db: None) -> None:
    blocks = Block.objects.filter(page__lecture=lecture).select_related("page")
    assert {"title", "heading", "para", "furniture"} <= {b.role for b in blocks}
    for page in lecture.pages.prefetch_related("blocks"):
        orders = [block.order for block in page.blocks.all()]
        assert orders == list(range(len(orders)))
        for block in page.blocks.all():
            assert 0 <= block.start < block.end <= len(page.text)


def test_words_stand_inside_the_page(lecture: Lecture, db: None) -> None:
    for page in lecture.pages.all():
        assert len(page.words) > 50
        for start, end, left, top, right, bottom in page.words:
            assert 0 <= start < end <= len(page.text)
            assert not page.text[start:end].isspace()
            assert 0 <= left < right <= 10_000
            assert 0 <= top < bottom <= 10_000


def test_the_stored_reading_is_the_reading(
    lecture: Lecture, db: None, tmp_path: Path
) -> None:
    """What generation loads is what the reader gave, but for the rounding of boxes."""
    path = tmp_path / "lecture.pdf"
    path.write_bytes(pdf("plant-cells"))
    fresh = reading.read_lecture(path)
    stored = readings.load_document(lecture)

    assert stored.language == fresh.language
    assert stored.flags == fresh.flags
    for ours, theirs in zip(stored.pages, fresh.pages, strict=True):
        assert ours.text == theirs.text
        assert ours.blocks == theirs.blocks
        for mine, other in zip(ours.words, theirs.words, strict=True):
            assert (mine.start, mine.end) == (other.start, other.end)
            assert mine.box.left == pytest.approx(other.box.left, abs=1e-4)
            assert mine.box.bottom == pytest.approx(other.box.bottom, abs=1e-4)


# What lies in the store


def test_the_store_holds_file_pictures_and_document_under_the_owner(
    drafted: Exam, home: Path, db: None
) -> None:
    pages = drafted.lecture.pages
    cited = sorted({question.page or 0 for question in drafted.questions.all()})
    folder = f"u/{drafted.owner_id}/lectures/{drafted.lecture_id}"
    small = list(pages.values_list("thumbnail", flat=True))
    large = list(pages.exclude(image="").values_list("image", flat=True))

    def without_marks(names: list[str]) -> list[str]:
        """Every run marks the names of what it makes."""
        return [re.sub(r"-[0-9a-f]{12}\.webp$", "", name) for name in names]

    assert without_marks(small) == [
        f"{folder}/pages/{number:04d}-320" for number in range(1, 8)
    ]
    assert without_marks(large) == [
        f"{folder}/pages/{number:04d}-1024" for number in cited
    ]
    assert drafted.document.startswith(f"u/{drafted.owner_id}/exams/{drafted.id}/")
    assert stores.objects(home) == {
        f"{folder}/lecture.pdf",
        *small,
        *large,
        drafted.document,
    }
    for key in (*small, *large):
        picture = (home / key).read_bytes()
        assert (picture[:4], picture[8:12]) == (b"RIFF", b"WEBP")


def test_the_document_in_the_store_equals_the_rows(
    drafted: Exam, home: Path, db: None
) -> None:
    stored = (home / drafted.document).read_bytes()
    assert stored == examgen_json.to_bytes(documents.as_content(drafted))
    assert examgen_json.from_bytes(stored) == documents.as_content(drafted)
    assert hashlib.sha256(stored).hexdigest()[:12] in drafted.document


def test_the_document_names_lecture_engine_and_wish(
    drafted: Exam, home: Path, db: None
) -> None:
    document = json.loads((home / drafted.document).read_bytes())
    assert document["format"] == "examgen/1"
    assert document["title"] == drafted.title == "Plant cells"
    assert document["language"] == drafted.language == "en"
    assert document["engine"] == {
        "name": drafted.engine_name,
        "version": drafted.engine_version,
    }
    assert document["engine"]["name"] == "offline"
    assert document["seed"] == 1
    assert document["lecture"] == {
        "title": "Plant cells",
        "sha256": hashlib.sha256(pdf("plant-cells")).hexdigest(),
        "pages": 7,
    }
    assert [cell["page"] for cell in document["coverage"]] == [1, 2, 3, 4, 5, 6, 7]
    assert sum(cell["questions"] for cell in document["coverage"]) == ASKED


# What was drafted


def test_the_draft_has_exactly_the_asked_number_of_undecided_questions(
    drafted: Exam, db: None
) -> None:
    assert drafted.state == ExamState.DRAFT
    questions = list(drafted.questions.all())
    assert [question.position for question in questions] == list(range(1, ASKED + 1))
    assert {question.state for question in questions} == {QuestionState.PROPOSED}
    assert {question.revision for question in questions} == {1}
    assert drafted.shortfall == {"asked": ASKED, "made": ASKED, "reasons": []}
    assert drafted.error_code == ""
    for question in questions:
        maker = question.provenance["maker"]
        assert re.fullmatch("[a-z_]+", maker)
        assert question.provenance == {
            "engine": drafted.engine_name,
            "version": drafted.engine_version,
            "maker": maker,
        }


def test_every_question_quotes_its_page_word_for_word(drafted: Exam, db: None) -> None:
    texts = dict(drafted.lecture.pages.values_list("number", "text"))
    for question in drafted.questions.all():
        assert question.evidence
        for item in question.evidence:
            assert texts[item["page"]][item["start"] : item["end"]] == item["quote"]


def test_every_stored_question_passes_the_gate(drafted: Exam, db: None) -> None:
    document = readings.load_document(drafted.lecture)
    for question in drafted.questions.all():
        report = gate.check(question.as_content(), document)
        assert report.hard == ()
        # What the gate said softly is kept for the educator.
        said = [finding.code for finding in report.soft]
        assert [item["code"] for item in question.warnings][: len(said)] == said


def test_choice_questions_have_four_distinct_options_and_one_key(
    drafted: Exam, db: None
) -> None:
    choices = drafted.questions.filter(kind=Kind.SINGLE_CHOICE)
    assert choices
    for question in choices:
        options = question.as_content().body.options
        assert len({option.text for option in options}) == 4
        assert sum(option.correct for option in options) == 1


def test_each_step_of_the_way_is_told_once(drafted: Exam, db: None) -> None:
    names = Event.objects.values_list("name", "subject_id", "data")
    assert list(names) == [
        ("lecture.uploaded", drafted.lecture_id, {}),
        ("lecture.read", drafted.lecture_id, {}),
        ("exam.requested", drafted.id, {}),
        ("exam.ready", drafted.id, {"questions": ASKED}),
    ]
    for job in Job.objects.all():
        assert (job.state, job.errors, job.lost_leases) == (JobState.DONE, 0, 0)


def test_all_invariants_hold_afterwards(drafted: Exam, home: Path, db: None) -> None:
    with shared.store(home):
        call_command("verify_invariants")


# Running again


def _again(exam: Exam) -> None:
    """Run the drafting once more, as after a worker that died before its end."""
    Exam.objects.filter(id=exam.id).update(state=ExamState.GENERATING)
    Job.objects.filter(subject=exam.id).update(state=JobState.QUEUED)
    job = claims.claim(["heavy"])
    assert job is not None
    assert runner.run(job) == JobState.DONE


def test_a_second_run_gives_the_same_questions_with_the_same_ids(
    drafted: Exam, home: Path, db: None
) -> None:
    fields = ("id", "position", "stem", "body", "evidence", "warnings")
    before = list(drafted.questions.values(*fields))
    stored = (home / drafted.document).read_bytes()

    with shared.store(home):
        _again(drafted)

    assert list(Question.objects.filter(exam=drafted).values(*fields)) == before
    again = Exam.objects.get(id=drafted.id)
    # Only the mark of the run differs in the name.
    assert again.document.rpartition("-")[0] == drafted.document.rpartition("-")[0]
    assert again.document != drafted.document
    assert (home / again.document).read_bytes() == stored
    assert all(isinstance(row["id"], uuid.UUID) for row in before)


def test_a_run_for_an_exam_that_is_a_draft_already_changes_nothing(
    drafted: Exam, db: None
) -> None:
    before = list(drafted.questions.values())
    Job.objects.filter(subject=drafted.id).update(state=JobState.QUEUED)
    assert run_jobs() == 1
    assert list(drafted.questions.values()) == before
    assert Event.objects.filter(name="exam.ready").count() == 1


def test_another_seed_gives_another_exam(drafted: Exam, home: Path, db: None) -> None:
    with shared.store(home):
        other = lectures.request_exam(
            lecture=drafted.lecture,
            actor=drafted.owner,
            wish=Wish(questions=ASKED, seed=2),
        )
        run_jobs()
    assert other.questions.count() == ASKED
    bodies = list(drafted.questions.values_list("stem", "body"))
    assert list(other.questions.values_list("stem", "body")) != bodies
