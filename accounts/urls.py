from __future__ import annotations

from django.urls import path

from accounts.views import courses, invitations, preferences, students

COURSE = "courses/<uuid:course_id>/"
STUDENT = f"{COURSE}students/<uuid:enrolment_id>/"
INVITATION = f"{COURSE}invitations/<uuid:invitation_id>/"

urlpatterns = [
    path("settings/", preferences.preferences, name="preferences"),
    path("courses/", courses.course_list, name="courses"),
    path(COURSE, courses.course_detail, name="course"),
    path(f"{COURSE}change/", courses.course_change, name="course_change"),
    path(f"{COURSE}joining/", courses.course_joining, name="course_joining"),
    path(f"{COURSE}code/", courses.course_code, name="course_code"),
    path(f"{COURSE}leave/", students.course_leave, name="course_leave"),
    path(f"{COURSE}educators/", courses.educator_add, name="educator_add"),
    path(
        f"{COURSE}educators/<uuid:educator_id>/remove/",
        courses.educator_remove,
        name="educator_remove",
    ),
    path(STUDENT, students.student, name="student"),
    path(f"{STUDENT}remove/", students.student_remove, name="student_remove"),
    path(
        f"{COURSE}students/<uuid:former_id>/back/",
        students.student_bring_back,
        name="student_bring_back",
    ),
    path(f"{COURSE}invitations/", invitations.invitations, name="invitations"),
    path(
        f"{INVITATION}resend/", invitations.invitation_resend, name="invitation_resend"
    ),
    path(
        f"{INVITATION}withdraw/",
        invitations.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
]
