"""Every address below /api/v1/. A new one needs its rows in tests/api/test_doors.py."""

from __future__ import annotations

from django.urls import path

from api.views import (
    attending,
    boards,
    courses,
    exams,
    lectures,
    marking,
    outcomes,
    pages,
    people,
    publishing,
    questions,
    requests,
    results,
    rosters,
    running,
    schema,
    taking,
    telling,
)

app_name = "api"

LECTURE = "lectures/<uuid:lecture_id>/"
COURSE = "courses/<uuid:course_id>/"
STUDENT = f"{COURSE}students/<uuid:enrolment_id>/"
INVITATION = f"{COURSE}invitations/<uuid:invitation_id>/"
ATTEMPT = "attempts/<uuid:attempt_id>/"
EXAM = "exams/<uuid:exam_id>/"
REQUEST = f"{EXAM}requests/<uuid:request_id>/"
QUESTION = f"{EXAM}questions/<uuid:question_id>/"

urlpatterns = [
    path("schema/", schema.schema, name="schema"),
    path("me/", people.Me.as_view(), name="me"),
    path("tokens/", people.Tokens.as_view(), name="tokens"),
    path("tokens/<uuid:token_id>/", people.OneToken.as_view(), name="token"),
    path("lectures/", lectures.Lectures.as_view(), name="lectures"),
    path(LECTURE, lectures.OneLecture.as_view(), name="lecture"),
    path(f"{LECTURE}exams/", lectures.LectureExams.as_view(), name="lecture_exams"),
    path(f"{LECTURE}retry/", lectures.LectureRetry.as_view(), name="lecture_retry"),
    path(
        f"{LECTURE}read-again/",
        lectures.LectureReadAgain.as_view(),
        name="lecture_read_again",
    ),
    path(f"{LECTURE}cancel/", lectures.LectureCancel.as_view(), name="lecture_cancel"),
    path(f"{LECTURE}lecture.pdf", pages.LectureFile.as_view(), name="lecture_file"),
    path(f"{LECTURE}pages/", pages.Pages.as_view(), name="pages"),
    path(f"{LECTURE}pages/<int:number>/", pages.OnePage.as_view(), name="page"),
    path(
        f"{LECTURE}pages/<int:number>/draw/",
        pages.DrawPage.as_view(),
        name="page_draw",
    ),
    path(
        f"{LECTURE}pages/<int:number>/<slug:size>.webp",
        pages.PagePicture.as_view(),
        name="page_picture",
    ),
    path("exams/", exams.Exams.as_view(), name="exams"),
    path(EXAM, exams.OneExam.as_view(), name="exam"),
    path(f"{EXAM}progress/", exams.ExamProgress.as_view(), name="exam_progress"),
    path(f"{EXAM}retry/", exams.ExamRetry.as_view(), name="exam_retry"),
    path(f"{EXAM}document/", exams.ExamDocument.as_view(), name="exam_document"),
    path(f"{EXAM}questions/", questions.Questions.as_view(), name="questions"),
    path(QUESTION, questions.OneQuestion.as_view(), name="question"),
    path(f"{QUESTION}decision/", questions.Decision.as_view(), name="decision"),
    path(f"{QUESTION}another/", requests.Another.as_view(), name="another"),
    path(f"{QUESTION}kind/", requests.Kind.as_view(), name="kind"),
    path(f"{EXAM}requests/", requests.Requests.as_view(), name="requests"),
    path(REQUEST, requests.OneRequest.as_view(), name="request"),
    path(f"{REQUEST}cancel/", requests.RequestCancel.as_view(), name="request_cancel"),
    path(f"{REQUEST}bring-back/", requests.BringBack.as_view(), name="bring_back"),
    path(f"{EXAM}checklist/", publishing.Checklist.as_view(), name="checklist"),
    path(f"{EXAM}publish/", publishing.Publish.as_view(), name="publish"),
    path(f"{EXAM}close/", publishing.Close.as_view(), name="close"),
    path(f"{EXAM}reopen/", publishing.Reopen.as_view(), name="reopen"),
    path(f"{EXAM}end/", publishing.End.as_view(), name="end"),
    path(f"{EXAM}release/", publishing.Release.as_view(), name="release"),
    path(f"{EXAM}live/", running.Live.as_view(), name="live"),
    path(f"{EXAM}extend/", running.Extend.as_view(), name="extend"),
    path(
        f"{EXAM}announcements/", running.Announcements.as_view(), name="announcements"
    ),
    path(f"{EXAM}grading/", marking.Queue.as_view(), name="queue"),
    path("grading/", marking.ToGrade.as_view(), name="grading"),
    path(
        "grading/<uuid:attempt_id>/<uuid:question>/",
        marking.Mark.as_view(),
        name="mark",
    ),
    path("receipts/check/", marking.Receipts.as_view(), name="receipts"),
    path(f"{EXAM}results/", results.Results.as_view(), name="results"),
    path("courses/", courses.Courses.as_view(), name="courses"),
    path(COURSE, courses.OneCourse.as_view(), name="course"),
    path(f"{COURSE}code/", courses.CourseCode.as_view(), name="course_code"),
    path(f"{COURSE}educators/", courses.Educators.as_view(), name="educators"),
    path(
        f"{COURSE}educators/<uuid:educator_id>/",
        courses.OneEducator.as_view(),
        name="educator",
    ),
    path(f"{COURSE}students/", rosters.Students.as_view(), name="students"),
    path(STUDENT, rosters.OneStudent.as_view(), name="student"),
    path(
        f"{COURSE}students/<uuid:former_id>/back/",
        rosters.FormerStudent.as_view(),
        name="student_back",
    ),
    path(f"{COURSE}invitations/", rosters.Invitations.as_view(), name="invitations"),
    path(INVITATION, rosters.OneInvitation.as_view(), name="invitation"),
    path(f"{INVITATION}resend/", rosters.Resend.as_view(), name="invitation_resend"),
    path("me/courses/", attending.Attended.as_view(), name="attended"),
    path(
        "me/courses/<uuid:course_id>/",
        attending.OneAttended.as_view(),
        name="course_leave",
    ),
    path("join/", attending.Join.as_view(), name="join"),
    path("invitations/accept/", attending.Accept.as_view(), name="accept"),
    path("me/exams/", taking.OwnExams.as_view(), name="shelf"),
    path("take/<uuid:exam_id>/", taking.Take.as_view(), name="take"),
    path("attempts/", taking.Attempts.as_view(), name="attempts"),
    path(ATTEMPT, taking.OneAttempt.as_view(), name="attempt"),
    path(f"{ATTEMPT}paper/", taking.Paper.as_view(), name="paper"),
    path(f"{ATTEMPT}answers/", taking.Answers.as_view(), name="answers"),
    path(f"{ATTEMPT}submit/", taking.Submit.as_view(), name="submit"),
    path(f"{ATTEMPT}receipt/", taking.Receipt.as_view(), name="receipt"),
    path(f"{ATTEMPT}result/", outcomes.Result.as_view(), name="result"),
    path(
        f"{ATTEMPT}result/pages/<int:number>.webp",
        outcomes.ResultPage.as_view(),
        name="result_page",
    ),
    path("notifications/", telling.Notifications.as_view(), name="notifications"),
    path("notifications/read/", telling.ReadAll.as_view(), name="notifications_read"),
    path(
        "notifications/choices/", telling.Choices.as_view(), name="notification_choices"
    ),
    path(
        "notifications/<uuid:delivery_id>/read/",
        telling.OneNotification.as_view(),
        name="notification",
    ),
    path(f"{EXAM}scoreboard/", boards.Board.as_view(), name="scoreboard"),
]
