"""What pages change, programs can change, and the other way round.

Which pages take a POST comes from the route matrix, and which operations change
something from the schema: a new one of either without a line here fails.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.api import test_doors as doors
from tests.api.test_doors import ALL
from tests.test_routes import (
    ADMIN,
    ALLAUTH,
    DEMO,
    HANDED_IN,
    OURS,
    PUBLISHED,
    ROLES,
    TAKING,
    Row,
)

# Of each page that changes something, the operations that do the same. Some pages do
# several things, and some operations belong to several pages.
PAGES: dict[str, set[str]] = {
    # oneself
    "preferences": {"me_change"},
    "tokens": {"token_make"},
    "token_revoke": {"token_revoke"},
    "tokens_revoke": {"tokens_revoke"},
    "notifications": {"choices_change"},
    "notifications_read": {"notifications_read"},
    "unsubscribe": {"choices_change"},
    # courses
    "courses": {"course_create"},
    "course_change": {"course_change"},
    "course_joining": {"course_change"},
    "course_code": {"course_renew_code"},
    "course_leave": {"course_leave"},
    "educator_add": {"educator_add"},
    "educator_remove": {"educator_remove"},
    "student": {"student_accommodate"},
    "student_remove": {"student_remove"},
    "student_bring_back": {"student_bring_back"},
    "invitations": {"invite"},
    "invitation_resend": {"invitation_resend"},
    "invitation_withdraw": {"invitation_withdraw"},
    "invitation": {"invitation_accept"},
    "join": {"join"},
    # lectures and exams
    "lectures": {"lecture_upload"},
    "lecture_request_exam": {"exam_request"},
    "lecture_retry": {"lecture_retry"},
    "lecture_cancel": {"lecture_cancel"},
    "lecture_read_again": {"lecture_read_again"},
    "draw_page": {"page_draw"},
    "lecture_delete": {"lecture_delete"},
    "exam_rename": {"exam_rename"},
    "exam_retry": {"exam_retry"},
    "exam_delete": {"exam_delete"},
    "decide": {"question_decide"},
    "edit_question": {"question_edit"},
    "write_question": {"question_write"},
    "add_questions": {"questions_add"},
    "another_question": {"question_another"},
    "another_kind": {"question_kind"},
    "request_cancel": {"request_cancel"},
    "bring_back": {"question_bring_back"},
    # A POST with `check` asks for the checklist alone.
    "publish": {"exam_publish", "exam_checklist"},
    "exam_close": {"exam_close"},
    "exam_reopen": {"exam_reopen"},
    "exam_end": {"exam_end"},
    "exam_release": {"exam_release"},
    # taking, running, grading
    "take": {"attempt_start"},
    "attempt": {"answers_save"},
    "attempt_answers": {"answers_save"},
    "hand_in": {"submit"},
    "live_extend": {"exam_extend"},
    "live_announce": {"announce"},
    "grade_answer": {"answer_grade"},
    "check_receipt": {"receipt_check"},
}
# A page that is only looked at changes this much: what was opened is read.
LOOKED_AT = {"notification": {"notification_read"}}

# Only pages: a token must not become an account, nor outlive its loss.
SIGNING_IN = "signing in and up, password, addresses, second factor, other accounts"
ONLY_PAGES: dict[str, str] = {
    **dict.fromkeys(ALLAUTH, SIGNING_IN),
    **dict.fromkeys(DEMO, "a demo has no strangers to keep out"),
}

# What these open depends on what is sent, and the two matrices send different things:
# a code, a receipt, a link that nobody need be signed in for.
BY_WHAT_IS_SENT = {"join", "check_receipt", "invitation", "unsubscribe"}

_REFUSED = {"login", 401, 403, 404, 405}


def pages_that_change() -> set[str]:
    """Pages that answer a POST of anybody with more than a refusal."""
    matrices = (OURS, PUBLISHED, TAKING, HANDED_IN)
    return {
        name
        for matrix in matrices
        for name, expect in matrix.items()
        if set(expect.post) - _REFUSED
    }


def open_to(rows: Iterable[Row]) -> set[str]:
    """The roles that get more than a refusal in any of these rows."""
    return {
        role
        for row in rows
        for role, status in zip(ROLES, row, strict=True)
        if status not in _REFUSED
    }


def operations_that_change() -> set[str]:
    return {name for name, one in ALL.items() if one.method != "get"}


def test_every_page_that_changes_something_has_its_operations() -> None:
    assert pages_that_change() - set(ONLY_PAGES) == set(PAGES)


def test_every_operation_that_changes_something_has_its_page() -> None:
    named = set().union(*PAGES.values(), *LOOKED_AT.values())
    assert named - set(ALL) == set()
    assert operations_that_change() - named == set()


@pytest.mark.parametrize("page", sorted(set(PAGES) - BY_WHAT_IS_SENT))
def test_both_doors_are_open_to_the_same_people(page: str) -> None:
    matrices = (OURS, PUBLISHED, TAKING, HANDED_IN)
    by_page = open_to(matrix[page].post for matrix in matrices if page in matrix)
    for operation in PAGES[page]:
        found = [d[operation] for d in (doors.DOORS, doors.PUBLISHED) if operation in d]
        assert open_to(door.row for door in found) == by_page


def test_what_only_pages_do_is_explained_and_no_page_of_ours() -> None:
    ours = set(OURS) | set(PUBLISHED) | set(TAKING) | set(HANDED_IN)
    assert set(ONLY_PAGES) & (ours | set(PAGES)) == set()
    assert all(len(why) > 20 for why in ONLY_PAGES.values())
    # The admin is for the rows of whoever runs the site; roles keep programs out.
    assert not any(one.path.startswith(ADMIN) for one in ALL.values())
