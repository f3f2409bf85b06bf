from __future__ import annotations

from django.urls import path

from exams.views import (
    doors,
    exams,
    lectures,
    pages,
    pictures,
    publishing,
    requests,
    review,
    writing,
)

urlpatterns = [
    path("lectures/", lectures.lecture_list, name="lectures"),
    path("lectures/<uuid:lecture_id>/", lectures.lecture_detail, name="lecture"),
    path(
        "lectures/<uuid:lecture_id>/progress/",
        lectures.lecture_progress,
        name="lecture_progress",
    ),
    path(
        "lectures/<uuid:lecture_id>/exams/",
        lectures.lecture_request_exam,
        name="lecture_request_exam",
    ),
    path(
        "lectures/<uuid:lecture_id>/retry/",
        lectures.lecture_retry,
        name="lecture_retry",
    ),
    path(
        "lectures/<uuid:lecture_id>/read-again/",
        lectures.lecture_read_again,
        name="lecture_read_again",
    ),
    path(
        "lectures/<uuid:lecture_id>/cancel/",
        lectures.lecture_cancel,
        name="lecture_cancel",
    ),
    path(
        "lectures/<uuid:lecture_id>/delete/",
        lectures.lecture_delete,
        name="lecture_delete",
    ),
    path(
        "lectures/<uuid:lecture_id>/lecture.pdf",
        pictures.lecture_file,
        name="lecture_file",
    ),
    path(
        "lectures/<uuid:lecture_id>/pages/<int:number>/",
        pages.lecture_page,
        name="lecture_page",
    ),
    path(
        "lectures/<uuid:lecture_id>/pages/<int:number>/draw/",
        pages.draw_page,
        name="draw_page",
    ),
    path(
        "lectures/<uuid:lecture_id>/pages/<int:number>/<slug:size>.webp",
        pictures.page_picture,
        name="page_picture",
    ),
    path("exams/", exams.exam_list, name="exams"),
    path("exams/<uuid:exam_id>/", exams.exam_detail, name="exam"),
    path("exams/<uuid:exam_id>/progress/", exams.exam_progress, name="exam_progress"),
    path("exams/<uuid:exam_id>/rename/", exams.exam_rename, name="exam_rename"),
    path("exams/<uuid:exam_id>/retry/", exams.exam_retry, name="exam_retry"),
    path("exams/<uuid:exam_id>/delete/", exams.exam_delete, name="exam_delete"),
    path("exams/<uuid:exam_id>/exam.json", exams.exam_document, name="exam_document"),
    path("exams/<uuid:exam_id>/publish/", publishing.publish, name="publish"),
    path("exams/<uuid:exam_id>/share/", publishing.share, name="share"),
    path("exams/<uuid:exam_id>/close/", doors.close, name="exam_close"),
    path("exams/<uuid:exam_id>/reopen/", doors.reopen, name="exam_reopen"),
    path("exams/<uuid:exam_id>/end/", doors.end, name="exam_end"),
    path("exams/<uuid:exam_id>/release/", doors.release, name="exam_release"),
    path("exams/<uuid:exam_id>/review/", review.review, name="review"),
    path(
        "exams/<uuid:exam_id>/review/<uuid:question_id>/",
        review.review,
        name="review_question",
    ),
    path(
        "exams/<uuid:exam_id>/review/<uuid:question_id>/decide/",
        review.decide,
        name="decide",
    ),
    path(
        "exams/<uuid:exam_id>/review/<uuid:question_id>/edit/",
        review.edit,
        name="edit_question",
    ),
    path("exams/<uuid:exam_id>/write/", writing.write, name="write_question"),
    path(
        "exams/<uuid:exam_id>/review/<uuid:question_id>/more/",
        requests.add,
        name="add_questions",
    ),
    path(
        "exams/<uuid:exam_id>/review/<uuid:question_id>/another/",
        requests.another,
        name="another_question",
    ),
    path(
        "exams/<uuid:exam_id>/review/<uuid:question_id>/kind/",
        requests.kind,
        name="another_kind",
    ),
    path(
        "exams/<uuid:exam_id>/requests/<uuid:request_id>/",
        requests.answer,
        name="request_answer",
    ),
    path(
        "exams/<uuid:exam_id>/requests/<uuid:request_id>/cancel/",
        requests.cancel,
        name="request_cancel",
    ),
    path(
        "exams/<uuid:exam_id>/requests/<uuid:request_id>/bring-back/",
        requests.bring_back,
        name="bring_back",
    ),
]
