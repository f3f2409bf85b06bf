"""People in the admin: who they are, what they wish, how they sign in, their courses."""

from accounts.admin import courses, people, signing_in, wishes

__all__ = ["courses", "people", "signing_in", "wishes"]
