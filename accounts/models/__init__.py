"""People, and the courses that bring them together."""

from accounts.models.courses import Course, Enrolment, Invitation
from accounts.models.people import EducatorRequest, User, UserManager
from accounts.models.sessions import Session

__all__ = [
    "Course",
    "EducatorRequest",
    "Enrolment",
    "Invitation",
    "Session",
    "User",
    "UserManager",
]
