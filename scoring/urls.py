from __future__ import annotations

from django.urls import path

from scoring.views import answers, handing_in, joining, results, taking

ATTEMPT = "attempts/<uuid:attempt_id>/"

urlpatterns = [
    path("join/", joining.type_code, name="join_code"),
    path("join/<str:code>/", joining.join, name="join"),
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
