"""Every address below /api/v1/. A new one needs its rows in tests/api/test_doors.py."""

from __future__ import annotations

from django.urls import path

from api.views import lectures, pages, people, schema

app_name = "api"

LECTURE = "lectures/<uuid:lecture_id>/"

urlpatterns = [
    path("schema/", schema.schema, name="schema"),
    path("me/", people.Me.as_view(), name="me"),
    path("tokens/", people.Tokens.as_view(), name="tokens"),
    path("tokens/<uuid:token_id>/", people.OneToken.as_view(), name="token"),
    path("lectures/", lectures.Lectures.as_view(), name="lectures"),
    path(LECTURE, lectures.OneLecture.as_view(), name="lecture"),
    path(f"{LECTURE}exams/", lectures.LectureExams.as_view(), name="lecture_exams"),
    path(f"{LECTURE}retry/", lectures.LectureRetry.as_view(), name="lecture_retry"),
    path(f"{LECTURE}cancel/", lectures.LectureCancel.as_view(), name="lecture_cancel"),
    path(f"{LECTURE}lecture.pdf", pages.LectureFile.as_view(), name="lecture_file"),
    path(f"{LECTURE}pages/", pages.Pages.as_view(), name="pages"),
    path(f"{LECTURE}pages/<int:number>/", pages.OnePage.as_view(), name="page"),
    path(
        f"{LECTURE}pages/<int:number>/<slug:size>.webp",
        pages.PagePicture.as_view(),
        name="page_picture",
    ),
]
