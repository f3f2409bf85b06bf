from __future__ import annotations

from django.urls import path

from scoring.views import grading, live, scoreboard

urlpatterns = [
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
]
