from __future__ import annotations

from django.urls import path

from scoring.views import (
    answers,
    grading,
    handing_in,
    joining,
    live,
    receipts,
    result_list,
    results,
    scoreboard,
    taking,
)

ATTEMPT = "attempts/<uuid:attempt_id>/"

urlpatterns = [
    path("receipts/", receipts.check_receipt, name="check_receipt"),
    path("grading/", grading.grading, name="grading"),
    path(
        "grading/<uuid:attempt_id>/<uuid:question>/",
        grading.grade_answer,
        name="grade_answer",
    ),
    path("exams/<uuid:exam_id>/live/", live.live_page, name="live"),
    path("exams/<uuid:exam_id>/live/extend/", live.extend, name="live_extend"),
    path("exams/<uuid:exam_id>/live/announce/", live.announce, name="live_announce"),
    path("exams/<uuid:exam_id>/scoreboard/", scoreboard.board, name="scoreboard"),
    path("join/", joining.type_code, name="join_code"),
    path("join/<str:code>/", joining.join, name="join"),
    path("results/", result_list.results, name="results"),
    path("take/<uuid:exam_id>/", taking.take, name="take"),
    path(ATTEMPT, taking.attempt_page, name="attempt"),
    path(f"{ATTEMPT}answers/", answers.attempt_answers, name="attempt_answers"),
    path(f"{ATTEMPT}submit/", handing_in.hand_in, name="hand_in"),
    path(f"{ATTEMPT}receipt/", handing_in.receipt, name="receipt"),
    path(f"{ATTEMPT}result/", results.result, name="result"),
    path(
        f"{ATTEMPT}result/pages/<int:number>.webp",
        results.result_page,
        name="result_page",
    ),
]
