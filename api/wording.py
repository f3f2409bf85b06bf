"""Codes of problems and scopes in words.

Programs go by the codes, which stay; the words may change. A code without a sentence
fails a test.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exams.request_wording import REQUEST_PROBLEMS

PROBLEMS: dict[str, Promise] = {
    # who asks
    "login_required": _("Sign in, or send a token."),
    "bad_token": _("This token is unknown, has run out or was revoked."),
    "csrf": _("A request with a session needs its CSRF token."),
    "scope_missing": _("This token has not the scope that is needed."),
    "educators_only": _("Only educators may do this."),
    "forbidden": _("This is not allowed."),
    # how it is asked
    "not_found": _("There is no such thing."),
    "method_not_allowed": _("This method does nothing here."),
    "malformed": _("This request cannot be read."),
    "unsupported_media_type": _("This type of content is not read here."),
    "too_large": _("This request is too large."),
    "invalid": _("Some fields are not as they should be."),
    "wrong_kind": _("This is of another kind than the schema says."),
    "throttled": _("Too many requests. Wait, then go on."),
    # the same again
    "if_match_required": _("Say in If-Match which version you have seen."),
    "not_compared": _("This does not go by versions: send it without If-Match."),
    "other_version": _("This is not the version that If-Match names."),
    "changed_meanwhile": _("Somebody else changed this since you have seen it."),
    "key_in_progress": _("The request with this Idempotency-Key is being done."),
    "key_reused": _("Another request was sent with this Idempotency-Key."),
    "bad_key": _("An Idempotency-Key has 1 to 100 visible ASCII characters."),
    # the store
    "store_away": _("The file store does not answer. Try again in a minute."),
    "store_full": _("There is no room left for files. Tell your administrator."),
    # lectures
    "not_a_lecture": _("This file is no lecture."),
    "deleted_meanwhile": _("It was deleted while it was uploading."),
    "published": _("What was once published is closed, never deleted."),
    "still_uploading": _("This lecture is still being uploaded."),
    "nothing_to_retry": _("Nothing to try again: it is already under way."),
    "not_read_again": _("This cannot be read again now."),
    "too_late": _("Too late to cancel: it is already done."),
    # exams
    "bad_body": _("This is no body of this question: kind and options stay."),
    "no_draft": _("This exam is no draft any more, or not yet."),
    "under_way": REQUEST_PROBLEMS["under_way"],
    "being_read": REQUEST_PROBLEMS["being_read"],
    "replaced_nothing": _("This request replaced no question."),
    "not_ready": _("Something stands in the way of publishing."),
    "doors": _("Somebody opened or closed this exam meanwhile."),
    "already_closed": _("This exam is closed already."),
    "already_open": _("This exam is open already."),
    "is_closed": _("This exam is closed. It can be reopened."),
    "refused": _("This cannot be done."),
    "no_more_time": _("No more time: it is over, or has no limit."),
    "nothing_to_grade": _("There is no answer to grade."),
    "unknown_receipt": _("No attempt at an exam of yours has this receipt and seal."),
    # attempts
    "cannot_start": _("This exam cannot be started now."),
    "attempt_over": _("This attempt is over."),
    "attempt_open": _("This attempt is still open."),
    "not_released": _("Results are not out yet."),
    "missing_versions": _("Some answers have not arrived yet."),
    # courses
    "educator_unknown": _("No educator has this address."),
    "educator_owner": _("The course belongs to this person already."),
    "educator_teaches": _("This person teaches the course already."),
    "sent_just_now": _("This invitation left minutes ago. Give it some time."),
    "wrong_code": _("No course and no exam has this code."),
    "too_many_codes": _("Too many wrong codes. Wait ten minutes."),
    "invitation_expired": _("This invitation has run out. Ask for another one."),
    "invitation_used": _("This invitation was accepted by somebody else."),
    "you_teach": _("You teach this course, so you cannot take it."),
    "joining_closed": _("The code of this course lets nobody in now."),
    # tokens
    "no_scope": _("A token needs at least one scope."),
    "unknown_scope": _("There is no such scope."),
    "too_long": _("A token is good for at most 366 days."),
    "too_many": _("You have 50 tokens. Revoke one first."),
    "too_wide": _("A token cannot make one that may do more."),
    "outlives": _("A token cannot make one that lives longer."),
}

SCOPES: dict[str, Promise] = {
    "me:read": _("See who you are"),
    "me:write": _("Change your name and settings"),
    "tokens:read": _("List your tokens"),
    "tokens:write": _("Make and revoke tokens"),
    "lectures:read": _("See your lectures"),
    "lectures:write": _("Upload and delete lectures, request exams"),
    "exams:read": _("See your exams, their questions, takers and results"),
    "exams:write": _("Review, publish, run and grade your exams"),
    "courses:read": _("See your courses and who is in them"),
    "courses:write": _("Change your courses, join and leave"),
    "attempts:read": _("See the exams that you take"),
    "attempts:write": _("Take exams"),
    "boards:read": _("See scoreboards"),
    "notifications:read": _("See your notifications"),
    "notifications:write": _("Mark notifications as read, choose what you are told"),
}
