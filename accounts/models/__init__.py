"""People, and the courses that bring them together."""

from accounts.models.courses import Course, Enrolment, Invitation
from accounts.models.people import User, UserManager

__all__ = ["Course", "Enrolment", "Invitation", "User", "UserManager"]
